/*
 * decide - findings, envelope, people and a clock value in; verdict out.
 *
 * Pure: nothing is read, written or remembered here; the verdict is the caller's.
 * To add a condition or an action of policy rows: inner.h.  What a failure means
 * stands in failure.c alone.
 */
#ifndef SG_DECIDE_DECIDE_H
#define SG_DECIDE_DECIDE_H

#include "decide/policy.h"
#include "model/message.h"
#include "model/reading.h"
#include "model/relation.h"
#include "model/verdict.h"

SgVerdict *sg_decide(const SgPolicy *p, const SgMessage *m, const SgReading *r, gint64 now);
/* The same, with what is remembered of the people (decide/relate.h); without, nothing is. */
SgVerdict *sg_decide_related(const SgPolicy *p, const SgMessage *m, const SgReading *r,
	       const SgRelations *relations, gint64 now);

/* The class facts that rules may use, for SCAN: "from=pupil to=staff,outside route=out". */
char	  *sg_decide_facts(const SgPolicy *p, const SgMessage *m);

/* Whose message it is, in the spelling of sg_policy_mailbox(): whom the mail server vouches
 * for, else the envelope's sender; "" = nobody.  *ours: the mail server vouches.  Caller frees. */
char	  *sg_decide_writer(const SgPolicy *p, const SgMessage *m, gint64 now, gboolean *ours);

/* When something broke: the one place that decides.  times = how often this very
 * content has failed, this time included; the third time it is held. */
typedef enum {
	SG_FAIL_SCANNER,	/* not there, busy or late          */
	SG_FAIL_CONTENT,	/* the scanner died of this message */
	SG_FAIL_STORE,		/* nothing can be filed             */
	SG_FAIL_TOO_LARGE,	/* above milter.max_size            */
	SG_FAIL_INTERNAL,	/* memory, descriptors, our own bug */
} SgFailure;
SgVerdict *sg_decide_failure(const SgPolicy *p, const SgMessage *m, SgFailure what, guint times);

#endif
