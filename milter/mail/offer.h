/*
 * offer - is what the second reading decoded anything, and is it new?
 *
 * Bytes decoded on suspicion are mostly noise.  Text of which nearly all is readable,
 * longer stretches of text in noise, and files that begin like one are given to the
 * sink; the rest is dropped without a word.  Nothing is given twice.
 *
 * FALSE means stop reading, as with the sink; the error is then set.
 */
#ifndef SG_MAIL_OFFER_H
#define SG_MAIL_OFFER_H

#include "part/extractor.h"

typedef struct SgOffer {
	SgSink	     *sink;
	const SgPart *message;	/* whose second reading this is */
	GHashTable   *seen;	/* sums of what was given before */
	guint	      given;	/* parts */
	gboolean      deep;	/* the structure is suspicious: everything is tried */
	guint	      least;	/* per cent of text that noise must hold to be worth giving */
	GError	    **error;
} SgOffer;

SgOffer	 sg_offer_begin(const SgPart *message, SgSink *sink, GError **error);
void	 sg_offer_clear(SgOffer *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgOffer, sg_offer_clear)

/* name: this is a file of that name ("" without one), whatever it holds; or NULL. */
gboolean sg_offer(SgOffer *s, GBytes *bytes, const char *name, gboolean *taken);
gboolean sg_offer_text(SgOffer *s, GBytes *bytes);
gboolean sg_offer_part(SgOffer *s, GBytes *bytes, const char *name, const char *declared);
gboolean sg_offer_is_new(SgOffer *s, GBytes *bytes);

/* Elements of HTML, not just "<" as people write it. */
gboolean sg_offer_has_markup(const char *p, gsize n);
/* Header fields, and among them some of a mail. */
gboolean sg_offer_is_mail(const char *p, gsize n);

#endif
