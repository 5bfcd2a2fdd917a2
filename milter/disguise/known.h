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
		guint64 hash;
		SgKnown known;
	} word[SG_KNOWN_WORDS];
} SgKnownWords;

static inline SgKnown
sg_known_word(SgKnownWords *k, const SgVocab *v, guint64 hash)
{
	gsize at = sg_slot(hash, SG_KNOWN_WORDS);

	if (k->word[at].hash != hash) {
		k->word[at].known = sg_vocab_known(v, hash);
		k->word[at].hash = hash;
	}
	return k->word[at].known;
}

#endif
