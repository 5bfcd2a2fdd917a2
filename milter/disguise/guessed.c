#include <string.h>

#include "disguise/guessed.h"
#include "word/slot.h"

#define GUESSES 2048u	/* remembered; a power of two */

typedef struct {
	guint8	n, how, found;	/* n 0: free */
	char	s[SG_GUESS_LONGEST];
	SgGuess guess;
} Guess;

struct SgGuessed {
	const SgVocab *vocab;
	Guess	       guess[GUESSES];
};

SgGuessed *
sg_guessed_new(const SgVocab *vocab)
{
	SgGuessed *m = g_new0(SgGuessed, 1);

	m->vocab = vocab;
	return m;
}

void
sg_guessed_free(SgGuessed *m)
{
	g_free(m);
}

static gboolean
make(const SgVocab *v, SgGuessHow how, const char *s, gsize n, SgGuess *g)
{
	return how == SG_GUESS_SIGNS ? sg_guess_signs(v, s, n, g) :
	    sg_guess_letters(v, s, n, how == SG_GUESS_STRICT, g);
}

gboolean
sg_guessed(SgGuessed *m, SgGuessHow how, const char *s, gsize n, SgGuess *g)
{
	guint64 h = SG_VOCAB_HASH + how;
	Guess *at;

	if (n == 0 || n > SG_GUESS_LONGEST)
		return make(m->vocab, how, s, n, g);
	for (gsize i = 0; i < n; i++)
		h = sg_vocab_hash(h, s[i]);
	at = &m->guess[sg_slot(h, GUESSES)];
	if (at->n != n || at->how != how || memcmp(at->s, s, n) != 0) {
		at->found = make(m->vocab, how, s, n, &at->guess) != 0;
		at->n = (guint8)n;
		at->how = (guint8)how;
		memcpy(at->s, s, n);
	}
	if (at->found)
		*g = at->guess;
	return at->found;
}
