/*
 * replay - what the parts of "schoolgatectl replay" share.
 *
 *   c_replay.c      options, rights, the checkpoint, the end
 *   replay_walk.c   the walk over the mailbox: threads, signals, order
 *   replay_one.c    one message: scanned and decided once or twice
 *   replay_sum.c    the sums: counted, kept in the checkpoint, printed
 *   replay_show.c   the line that shows how far it is
 *
 * Results carry numbers and names of rules; text only, masked, with --excerpts.
 */
#ifndef SG_CTL_REPLAY_H
#define SG_CTL_REPLAY_H

#include <stdio.h>

#include <jansson.h>

#include "ctl/mailbox.h"
#include "ctl/mailfile.h"

#define SG_REPLAY_TIMES 128u	/* steps of the times, four to a doubling */

/* One message under one set of rules. */
typedef struct SgReplayed {
	SgDo	   what;
	char	  *category;	/* of the verdict; "" for none */
	GPtrArray *rules;	/* char *: those of that category, each once */
} SgReplayed;

typedef struct SgReplayJob {	/* made by the walk, filled by a thread */
	SgMail	   mail;
	gint64	   seq;		/* among those that are scanned, from 0 on */
	SgReplayed is, was;	/* with the rules asked for; with those compared with */
	gboolean   compared;
	guint64	   micros;
	char	  *error;	/* not scanned; NULL: it was */
	gboolean   away;	/* because the scanner was not there */
	json_t	  *line;	/* for --out; NULL: nothing to say */
	char	  *hash;	/* of the rules */
} SgReplayJob;

typedef struct SgReplayShop {	/* never changes while threads run */
	const SgCtl *ctl;
	SgWorkshop   now, other;	/* other.scanner NULL: no comparison */
	gboolean     excerpts;
	gint	     give_up;	/* atomic: stop at once */
} SgReplayShop;

void	 sg_replay_job_free(SgReplayJob *j);
/* Thread-safe.  Takes the bytes of the job's mail. */
void	 sg_replay_one(SgReplayShop *shop, SgReplayJob *j);
/* Would such a message be kept from somebody? */
gboolean sg_replay_stops(const SgReplayed *r);

typedef struct SgReplaySum {
	guint64	    next;	/* number of the message to go on with	*/
	guint64	    seen, held, refused, errors;
	guint64	    was_held, newly, no_longer;
	guint64	    seconds_ms;	/* of work, over all runs		*/
	guint64	    times[SG_REPLAY_TIMES];
	GHashTable *categories;	/* name -> SgReplayCategory		*/
	guint64	    out_at;	/* bytes of --out			*/
	gint64	    since;	/* seconds; older messages are passed over; 0: none */
	char	   *hash;	/* of the rules, "" before the first    */
	gboolean    done;
} SgReplaySum;

SgReplaySum *sg_replay_sum_new(void);
void	     sg_replay_sum_free(SgReplaySum *s);
void	     sg_replay_sum_add(SgReplaySum *s, const SgReplayJob *j);
/* The checkpoint; plan says what the sums are of.  load: NULL without an error when there is no
 * such file; SG_ERR_INPUT when it is of something else. */
gboolean     sg_replay_sum_save(const SgReplaySum *s, const char *file, const char *plan, GError **error);
SgReplaySum *sg_replay_sum_load(const char *file, const char *plan, GError **error);
/* To stdout; against: "the rules in use now" or NULL; out: --out or NULL. */
void	     sg_replay_sum_print(const SgCtl *c, const SgReplaySum *s, const char *against, const char *out);

typedef struct SgReplayWalk {
	SgReplayShop *shop;
	SgReplaySum  *sum;
	SgMailbox    *box;
	FILE	     *out;	/* or NULL */
	const char   *resume, *plan;	/* resume NULL: no checkpoint */
	guint64	      total, limit, sample;	/* limit 0: all; sample 1: each one */
	guint	      jobs;
} SgReplayWalk;

/* SG_EXIT_OK at the end of the mailbox, SG_EXIT_INTERRUPTED, or SG_EXIT_AWAY (said so):
 * whatever was finished is in sum. */
SgExit	 sg_replay_walk(SgReplayWalk *w);

typedef struct SgReplayLine {
	guint64	done, total, held, errors;	/* total 0: not known */
	gint64	elapsed_ms;		/* of this run */
	guint64	done_now;		/* in this run */
} SgReplayLine;

/* The line for so many columns; "utf8" decides how the bar looks.  Caller frees. */
char	*sg_replay_line(const SgReplayLine *l, guint width, gboolean utf8);
/* "38,214"; caller frees. */
char	*sg_replay_number(guint64 n);

#endif
