/*
 * vocab - the words a text is expected to hold: the rules' and ordinary ones.
 *
 * Which plain word stands behind "sh1t", "womn" or "ihatemuslims" is a matter of
 * the words there are.  The rules' own come from phrases and expressions; ordinary
 * ones from words/ordinary*.txt below the rule directories (the shipped one is made
 * from SCOWL, see THIRD-PARTY): sections [common], [usual] and [rare], a line a word
 * and endings with which it is a word too.  Without such a list nothing is called
 * misspelt.  Words are of the letters a to z; apostrophes are left out.  Made once
 * for a set of rules, never changed.  Looking a word up takes constant time.
 */
#ifndef SG_DISGUISE_VOCAB_H
#define SG_DISGUISE_VOCAB_H

#include "word/lexicon.h"

#define SG_VOCAB_LONGEST 24u	/* letters of a word that can be restored */

typedef enum {
	SG_KNOWN_NOT,
	SG_KNOWN_RARE,
	SG_KNOWN_USUAL,
	SG_KNOWN_COMMON,
} SgKnown;

typedef enum {		/* what the rules make of a word */
	SG_WEIGHT_NONE,
	SG_WEIGHT_PART,		/* they have it in a phrase, an expression or a near */
	SG_WEIGHT_ALONE,	/* it is a hit by itself: a wrong guess costs most */
} SgWeight;

typedef struct SgWord {
	const char *text;
	guint8	    len, known, weight;
} SgWord;

typedef struct SgSought {	/* what the rules look for: a phrase or an expression */
	const char *text;
	gboolean    regex, prefix;	/* prefix: the phrase's last word is a beginning */
	SgWeight    weight;	/* of a phrase of one word */
} SgSought;

typedef struct SgVocab SgVocab;

/* sought: SgSought; lists: GBytes of ordinary words.  Everything is copied. */
SgVocab	 *sg_vocab_new(const GArray *sought, const SgLexicon *lexicon, const GPtrArray *lists);
void	  sg_vocab_free(SgVocab *v);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgVocab, sg_vocab_free)

/* Are there ordinary words at all? */
gboolean  sg_vocab_is_full(const SgVocab *v);

/* The hash of a word, letter by letter from SG_VOCAB_HASH on. */
#define SG_VOCAB_HASH 0xcbf29ce484222325u
static inline guint64
sg_vocab_hash(guint64 h, char letter)
{
	return (h ^ (guchar)letter) * 0x100000001b3u;
}
SgKnown	  sg_vocab_known(const SgVocab *v, guint64 hash);
/* The same; is it of SG_WEIGHT_PART? */
SgKnown	  sg_vocab_known_part(const SgVocab *v, guint64 hash, gboolean *part);

/* The word itself: one of the rules', or a common or usual one.  NULL: none. */
const SgWord *sg_vocab_find(const SgVocab *v, const char *s, gsize n);
/* The weight of any letters: also of such as begin like "stupid*". */
SgWeight  sg_vocab_weight(const SgVocab *v, const char *s, gsize n);
/* The one or two most plausible words that s is a slip of the pen of: one letter too
 * many or too few, two that changed places, one that sounds or looks alike.  Returns
 * how many there are. */
guint	  sg_vocab_near(const SgVocab *v, const char *s, gsize n, const SgWord *out[2]);
/* Up to two words of the rules that s is when each '*' stands for any letter; its
 * first letter must be there. */
guint	  sg_vocab_starred(const SgVocab *v, const char *s, gsize n, const SgWord *out[2]);

#endif
