/*
 * answer - a reading, put on the wire by the worker that made it.
 *
 * Strings are cut to what the wire takes and made UTF-8 here, once, so that no
 * name in a mail can make its answer unreadable.  A client that does not read
 * is given up at the deadline.
 */
#ifndef SG_POOL_ANSWER_H
#define SG_POOL_ANSWER_H

#include "model/reading.h"
#include "pool/blame.h"

typedef struct SgAnswer {
	int	    sock, out;	/* the connection; the client's memfd           */
	guint64	    id;
	gint64	    began;	/* monotonic microseconds                       */
	gint64	    deadline;	/* for all of the answer                        */
	const char *rules;
	guint64	    text_most;	/* bytes that go into the memfd                 */
	guint	    texts;	/* SgTextsWanted                                */
} SgAnswer;

gboolean sg_answer_reading(const SgAnswer *a, SgReading *r, GError **error);
/* changed NULL: why (the client's SG_ERR_INPUT) is told instead. */
gboolean sg_answer_rewrite(const SgAnswer *a, GBytes *changed, const char *why, GError **error);
/* changed NULL: nothing was added. */
gboolean sg_answer_disclaimed(const SgAnswer *a, GBytes *changed, const char *added,
	const char *skipped, GError **error);

/* picture NULL: why is told instead. */
gboolean sg_answer_picture(const SgAnswer *a, GBytes *picture, const char *type, const char *why,
	GError **error);

/* TRUE when a limit was reached or it read something harmful: the worker may have grown,
 * or worse, and is replaced. */
gboolean sg_answer_is_unusual(const SgReading *r);
/* For content that keeps breaking its worker: one part, unscannable, not read. */
SgReading *sg_answer_unscannable(GBytes *raw);
/* Says in the reading what was left out: finding "scan.extractor-failed", the
 * flag, and "unscannable" at the part. */
void	 sg_answer_mark_skipped(SgReading *r, const SgBlame *blame);

#endif
