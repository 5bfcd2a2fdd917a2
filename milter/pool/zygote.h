/*
 * zygote - loads everything once, forks workers that share it, watches them.
 *
 * A single-threaded process.  It reads the rules and warms up the libraries,
 * then keeps each lane at its number of workers: replaces those that leave or
 * die (with a growing pause when they cannot even start), kills those that are
 * late, and writes down in the blame table what a message did to its worker.
 * It never looks at a message itself.
 *
 * It runs as a child of the keeper (pool/keeper.h), which owns the sockets.
 */
#ifndef SG_POOL_ZYGOTE_H
#define SG_POOL_ZYGOTE_H

#include "base/log.h"
#include "base/options.h"
#include "base/trouble.h"
#include "base/signatures.h"
#include "pool/blame.h"

typedef enum { SG_LANE_SMALL, SG_LANE_BULK, SG_LANES } SgLane;

/* What a zygote says when its workers wait; or, before it ends because of the signatures,
 * with an empty hash: why. */
typedef struct SgReady {
	char	     rules[65];		/* hash */
	SgSignatures signatures;	/* in use; files 0: none */
	char	     why[SG_TROUBLE_WHY + 1];
	/* settings as it read them, of signatures */
	char	     setting[512];
	guint	     check, age_alarm;
} SgReady;

/* sg_log(), handed in by the program: rooms do not log by themselves. */
typedef void (*SgLogFunc)(SgLogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

typedef struct SgZygoteSetup {
	SgOptions *options;
	SgBlames  *blames;
	int	   listeners[SG_LANES];
	int	   ready_fd;	/* an SgReady is written here once workers wait; taken */
	gboolean   need_signatures;	/* there were some: without any, fail */
	gboolean   test_hook;
	SgTrouble *trouble;	/* START and WORKER are the zygote's to tell */
	SgLogFunc  log;
} SgZygoteSetup;

/* Until SIGTERM; workers then finish what they have in hand.  Whoever wants it
 * at once kills the zygote: its workers die with it.  FALSE with SG_ERR_SETUP
 * when rules, libraries or the lock-down fail. */
gboolean sg_zygote_run(const SgZygoteSetup *setup, GError **error);

#endif
