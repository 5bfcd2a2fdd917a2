/*
 * grams - a text as the models see it: tokens, and the features of each token.
 *
 * The only place that knows what a feature is: the trainer (contrib/train) and the
 * matcher use the same functions, so that a model means the same to both.
 *
 * Tokens are words (apostrophes dropped), numbers, single signs and emoji of canonical
 * text; addresses and links are one token each.  A feature is a hash of SG_GRAM_ID_BITS:
 * of a word, of 3 to 5 letters in a row of it, of two words beside each other or with one
 * between, and of the classes (SgGramWords) of words near each other.
 */
#ifndef SG_WEIGH_GRAMS_H
#define SG_WEIGH_GRAMS_H

#include <glib.h>

#define SG_GRAM_SLOT_BITS  17u	/* of an id: where its weights stand */
#define SG_GRAM_CHECK_BITS 8u	/* and by what they are known to be its own */
#define SG_GRAM_ID_BITS	   (SG_GRAM_SLOT_BITS + SG_GRAM_CHECK_BITS)
#define SG_GRAM_WORD_MAX   24u	/* letters of a word that are looked at */
#define SG_GRAM_OWN_MAX	   80u	/* features of a word alone */
#define SG_GRAM_NEAR_MAX   24u	/* and of it with what stands before */
#define SG_GRAM_CLASS_FAR  9u	/* tokens between words whose classes go together */
#define SG_GRAM_CLASSES	   4u	/* words with classes that are remembered */

typedef struct SgGramToken {
	gsize	from, to;	/* bytes of the text */
	guint64 hash;
	gboolean stop;		/* a sentence ended before it */
	gboolean lumped;	/* a link or an address: all such have one hash, whatever their letters */
} SgGramToken;

/* Words and their classes (1 to 255); made once, then only read. */
typedef struct SgGramWords {
	guint32 *hash;		/* open addressing; 0: free */
	guint8	*word_class;
	guint32	 mask;
} SgGramWords;

/* What stands before the next token. */
typedef struct SgGramsBefore {
	guint64 word[2];
	struct {
		guint32 at;
		guint8	word_class;
	} classes[SG_GRAM_CLASSES];	/* the nearest first */
	guint8	before;		/* class of the token before */
	guint32 n;		/* tokens so far */
} SgGramsBefore;

/* The next token that begins at or after *at, which moves behind it; FALSE at the end. */
gboolean sg_gram_token_next(const char *text, gsize len, gsize *at, SgGramToken *t);
/* The class of a token; 0: none. */
guint8	 sg_gram_words_class(const SgGramWords *x, guint64 hash);
/* Adds a word; FALSE when it has another class already or the table is full. */
gboolean sg_gram_words_add(SgGramWords *x, guint64 hash, guint8 word_class);

/* Features of the token alone: at most SG_GRAM_OWN_MAX into ids; returns how many. */
guint	 sg_grams_own(const char *text, const SgGramToken *t, guint8 word_class, guint32 *ids);
/* Features with what stands before it, at most SG_GRAM_NEAR_MAX; moves `before` on. */
guint	 sg_grams_near(SgGramsBefore *before, const SgGramToken *t, guint8 word_class, guint32 *ids);

#endif
