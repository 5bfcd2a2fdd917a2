/*
 * disclaim - puts the school's texts into a message, by splicing.
 *
 * Only the leaves that are the message's own words change (rewrite/bodies.h); every
 * other byte stays.  All readings of a message get a text or none does, each text
 * at most once.  What cannot be done safely is left alone, with the reason.
 *
 *   place   bottom, top, above-quote (bottom when there is no quotation)
 *   repeat  always           unless the sender's own words have it
 *           once-per-thread  nor what is quoted or forwarded below them
 *           never            nor in a reply at all
 */
#ifndef SG_REWRITE_DISCLAIM_H
#define SG_REWRITE_DISCLAIM_H

#include "base/wire.h"
#include "rewrite/bodies.h"

typedef struct SgDisclaimed {
	GBytes	*bytes;		/* the new message, or NULL: it stays as it is */
	GString *added;		/* ids, blank-separated */
	GString *skipped;	/* "id=reason", blank-separated */
} SgDisclaimed;

/* raw NULL: a message that must not be read; it stays, "unclear".  texts: SgWireDISCLAIM, in the order in which they are to stand.  most: bytes that the
 * new message may have.  Never fails because of the mail. */
void sg_disclaim(GBytes *raw, const GPtrArray *texts, guint64 most, SgDisclaimed *out);
/* Reads DISCLAIM frames; SG_ERR_PEER.  Freed with g_ptr_array_unref(). */
GPtrArray *sg_disclaim_texts(GBytes *frames, GError **error);
void sg_disclaimed_clear(SgDisclaimed *d);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgDisclaimed, sg_disclaimed_clear)

#endif
