/*
 * known - what the vocabulary said of the last words: it is large, and far away in memory.
 */
#ifndef SG_DISGUISE_KNOWN_H
#define SG_DISGUISE_KNOWN_H

#include "disguise/vocab.h"
#include "word/slot.h"

#define SG_KNOWN_WORDS 2048u	/* a power of two */

typedef struct SgKnownWords {	/* all 0 at first */
	struct {
		guint64 key;
		SgKnown known;
	} word[SG_KNOWN_WORDS];
} SgKnownWords;

/* key: of the n letters at s (run.h). */
static inline SgKnown
sg_known_word(SgKnownWords *k, const SgVocab *v, guint64 key, const char *s, gsize n)
{
	gsize at = sg_slot(key, SG_KNOWN_WORDS);

	if (k->word[at].key != key) {
		guint64 hash = SG_VOCAB_HASH;

		for (gsize i = 0; i < n; i++)
			hash = sg_vocab_hash(hash, s[i]);
		k->word[at].known = sg_vocab_known(v, hash);
		k->word[at].key = key;
	}
	return k->word[at].known;
}

#endif
