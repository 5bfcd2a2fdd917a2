/*
 * keeper - owns the sockets of the scanner and keeps one zygote behind them.
 *
 * The process that was started and whose pid everybody knows.  It loads
 * nothing, so that a zygote always starts from a clean sheet:
 *
 *   reload   a second zygote is started beside the first; once its workers
 *            wait, the first is told to finish and leave.  When it cannot be
 *            made ready (a bad rule, a wrong setting), nothing changes.
 *   death    a zygote that dies is replaced, with a growing pause.
 *   news     other virus signatures than those in use: a reload by itself, as
 *            soon as two looks in a row see the same files.  When they cannot be
 *            loaded (broken, half there, gone) the old ones stay in use and it is
 *            an alarm; so it is when nobody renews them.
 *   roster   another file than the one in use: a reload by itself, as with signatures.
 *   stop     the sockets go first, then the zygote finishes what is in hand.
 */
#ifndef SG_POOL_KEEPER_H
#define SG_POOL_KEEPER_H

#include "base/options.h"
#include "pool/zygote.h"

/* SIGTERM: stop; again: at once.  SIGHUP: reload.  FALSE with SG_ERR_SETUP when
 * the sockets cannot be had or the first zygote does not become ready. */
gboolean sg_keeper_run(SgOptions *options, SgLogFunc log, GError **error);

#endif
