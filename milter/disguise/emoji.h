/*
 * emoji - the word that a picture stands for in a sentence: "they are all <rat>".
 *
 * Only where a word must stand: behind one after which no sentence ends ("are", "the",
 * "will"), before a verb at the sentence's beginning, or beside another picture that stands
 * for a word.  Behind a whole sentence a picture is only a mood.  Skin tones, the signs of
 * man and woman behind a person, and two letters of a flag belong to it.
 *
 * The words are those of the Unicode names (CLDR 42), as the rules know them.  To add one:
 * a row in emoji.c, in order.
 */
#ifndef SG_DISGUISE_EMOJI_H
#define SG_DISGUISE_EMOJI_H

#include "disguise/edits.h"

typedef struct SgEmoji {
	const char *word, *second;	/* second: another reading, or NULL */
} SgEmoji;

/* The picture at byte `at` of canonical text, if it stands for a word: bytes it takes, or 0.
 * last: where the one before ended that did, or 0. */
gsize	 sg_emoji_at(const char *text, gsize len, gsize at, gsize last, SgEmoji *e);
/* It is read so from now on. */
void	 sg_emoji_put(SgEdits *edits, const SgVocab *v, gsize from, gsize to, const SgEmoji *e);

#endif
