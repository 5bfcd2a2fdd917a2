/*
 * guess - the plain words that letters and signs most plausibly stand for.
 *
 * Works on one piece of text that no list of words has: "k1ll", "f*ck", "womn",
 * "idiooot", "ihatemuslims".  Signs are weighed against what part numbers, prices,
 * postcodes and marks look like; a guess that would be a hit alone must be better
 * than others.  Time is bounded for each piece.
 */
#ifndef SG_DISGUISE_GUESS_H
#define SG_DISGUISE_GUESS_H

#include "disguise/vocab.h"

#define SG_GUESS_LONGEST 40u	/* letters and signs of a piece */
#define SG_GUESS_WORDS	 12u

typedef struct SgGuessWord {
	guint8 from, to;	/* in the piece    */
	guint8 at, len;		/* in SgGuess.text */
	guint8 weight;
} SgGuessWord;

typedef struct SgGuess {
	guint	    n;
	SgGuessWord word[SG_GUESS_WORDS];
	char	    text[SG_GUESS_LONGEST * 2];
	gboolean    name_like;	/* a proper name might look like this */
	const SgWord *second;	/* when n is 1: another reading, about as likely; or NULL */
} SgGuess;

/* s is letters, and signs that pass for letters or, as '*', for any.  FALSE: no idea. */
gboolean sg_guess_signs(const SgVocab *v, const char *s, gsize n, SgGuess *g);
/* s is letters that are no word.  strict: only what cannot be another language's word. */
gboolean sg_guess_letters(const SgVocab *v, const char *s, gsize n, gboolean strict, SgGuess *g);
/* s stood letter by letter, with something between each two. */
gboolean sg_guess_spaced(const SgVocab *v, const char *s, gsize n, SgGuess *g);
/* s is one word that stands for itself. */
void	 sg_guess_word(const SgVocab *v, const char *s, gsize n, SgGuess *g);

#endif
