/*
 * office - what the parts of the courier share.
 *
 *   main.c     start, signals, reload         outbox.c   which mail is due, and how it ended
 *   chores.c   retention, audit head          batch.c    which alerts and notices go as one
 *                                             release.c  a held message to its recipient
 *   letter.c   what a mail says, and to whom  texts.c    templates
 *   compose.c  letter to bytes                smtp.c talk.c  bytes to the mail server
 *
 * SgOffice lives as long as the program and is used by all threads; SgSetup is one
 * snapshot of the configuration, taken by each piece of work when it begins.
 */
#ifndef SG_COURIER_OFFICE_H
#define SG_COURIER_OFFICE_H

#include <gio/gio.h>

#include "base/trouble.h"
#include "courier/texts.h"
#include "decide/policy.h"
#include "store/store.h"

typedef struct SgSetup {
	gatomicrefcount refs;
	SgOptions *options;
	SgPolicy  *policy;
	SgTexts	  *texts;
} SgSetup;

/* Policy and texts for these options; problems as in sg_texts_load. */
SgSetup *sg_setup_load(SgOptions *o, GPtrArray *problems, GError **error);
SgSetup *sg_setup_ref(SgSetup *s);
void	 sg_setup_unref(SgSetup *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSetup, sg_setup_unref)

typedef struct SgOffice {
	SgStore	     *store;
	SgKeys	     *keys;
	SgTrouble    *trouble;
	GCancellable *cancel;		/* set when told twice to stop */
	gint	      past_milter;	/* atomic: a release was taken whose ticket was never
					 * answered: mta.submit leads past the milter */
} SgOffice;

/* What a piece of work came to. */
typedef struct SgOutcome {
	gboolean known;	/* FALSE: nothing to record; look at it again at `when` */
	SgSent	 how;
	gint64	 when;	/* LATER, or not known: seconds since 1970 */
	char	*answer;	/* one line */
	const char *alert;	/* template of an alert that reviewers get with this end, or NULL */
} SgOutcome;

void sg_outcome_set(SgOutcome *out, SgSent how, gint64 when, const char *answer);
void sg_outcome_again(SgOutcome *out, gint64 when);

/* Seconds to wait after so many attempts: courier.retry, doubled each time, at most an hour. */
gint64 sg_office_backoff(const SgOptions *o, guint attempts);

#endif
