/*
 * job - one message between its end and its answer; shared by judge.c and its helpers.
 *
 *   judge.c	what happens, in order		detach.c   parts taken out
 *   recall.c	what is remembered of people	disclaim.c texts put in
 *   filing.c	store first			report.c   one log line, one trace row
 *
 * It lives on sg_judge()'s stack and in one thread.  The session owns the message and
 * lends it; reading, verdict, effects and body are the job's own.  A new step: a
 * function here, called from judge.c in its place.
 */
#ifndef SG_FRONT_JOB_H
#define SG_FRONT_JOB_H

#include "act/act.h"
#include "base/ref.h"
#include "client/scanclient.h"
#include "decide/decide.h"
#include "front/session.h"

typedef struct SgJob {
	SgSession  *s;
	SgMessage  *m;
	SgStore	   *store;
	gint64	    now, began;	/* seconds; monotonic microseconds */
	char	    ref[SG_REF_LEN + 1];
	gboolean    filed;	/* ref names an incident on file */
	gboolean    misfit;	/* carries a ticket that is not good */
	SgReading  *reading;
	SgRelations *relations;	/* of the people; NULL before the message was read */
	SgVerdict  *verdict;
	SgEffects  *effects;
	GBytes	   *body;	/* takes the place of the message's, or NULL */
	gboolean    stripped;	/* parts were taken out of body */
	gboolean    marked;	/* has been through here: its mark stays on it */
	char	   *disclaimer;	/* "added", why not, or NULL: none was due */
	const char *word;	/* in log and trace, when it is not the verdict's */
} SgJob;

/* judge.c: verdict to effects; anew after the verdict or the ref has changed. */
void	  sg_job_plan(SgJob *j);
/* judge.c: what to ask the scanner; facts stay the caller's. */
SgScanAsk sg_job_question(const SgJob *j, const char *facts);
/* judge.c: something broke; decide/ says what that means, and it is planned. */
void	  sg_job_fail(SgJob *j, SgFailure what, guint times);

/* detach.c: has the planned parts taken out, or plans something safer. */
void	  sg_job_detach(SgJob *j);

gsize	  sg_job_header_length(GBytes *message);	/* with the empty line behind it */

/* disclaim.c: puts the planned texts in, or leaves the message as it is. */
void	  sg_job_disclaim(SgJob *j);

/* recall.c: asks the memory about the people of a message that was read, and adds what
 * follows to the reading's findings. */
gboolean  sg_job_recall(SgJob *j, GError **error);
/* recall.c: SgMeeting for each copy that goes on; caller unrefs. */
GPtrArray *sg_job_met(const SgJob *j, SgReply reply);

/* filing.c: hashes, made only for what is filed or has failed. */
void	  sg_job_hash(SgMessage *m);
/* filing.c: files what the plan says, or finds what was filed before. */
gboolean  sg_job_file(SgJob *j, GError **error);

/* report.c */
void	  sg_job_log_failure(const SgJob *j, const char *event, const GError *error);
const char *sg_job_name(const SgJob *j);	/* in log lines: reference or queue id */
void	  sg_job_report(const SgJob *j, SgReply reply);

#endif
