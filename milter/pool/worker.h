/*
 * worker - answers one client after the other, behind locked doors.
 *
 * By the time sg_worker_run() is called the process is locked in
 * (base/sandbox.h).  It takes a connection from the shared listener, one
 * request, reads the message and answers FINDING..., PART..., DONE; TEXT
 * frames and rewritten bytes go into the client's memfd, each TEXT as a u32
 * length and the message.  Nothing of one message is kept for the next.
 *
 * It leaves by itself after messages_per_worker messages, when the zygote asks
 * (slot->leave and SIGTERM), and after anything unusual: a limit reached, more
 * memory than usual, a client that broke the contract.
 */
#ifndef SG_POOL_WORKER_H
#define SG_POOL_WORKER_H

#include "base/options.h"
#include "base/seqpacket.h"
#include "pool/scoreboard.h"
#include "rule/ruleset.h"
#include "scan/virus.h"

typedef struct SgWorker {	/* all of it belongs to the zygote's copy in this process */
	const SgOptions *options;
	SgMatch		*match;
	SgVirus		*virus;		/* or NULL                                   */
	const char	*rules;		/* hash, for DONE                            */
	const SgBlames	*blames;
	SgSlot		*slot;
	int		 listener;
	gboolean	 test_hook;	/* obey X-Schoolgate-Test (pool/testhook.h)  */
	SgSeqIn		*in;		/* where requests arrive; zeroed             */
} SgWorker;

/* Returns when the worker should leave; slot->why says why. */
void sg_worker_run(SgWorker *w);

#endif
