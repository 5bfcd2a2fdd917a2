/*
 * guessed - the last guesses (guess.h): the same odd words come again and again.
 *
 * A guess depends on the letters and the vocabulary alone, so one that has been made
 * holds until another takes its place.  One a thread; memory does not grow.
 */
#ifndef SG_DISGUISE_GUESSED_H
#define SG_DISGUISE_GUESSED_H

#include "disguise/guess.h"

typedef struct SgGuessed SgGuessed;

typedef enum { SG_GUESS_SIGNS, SG_GUESS_LETTERS, SG_GUESS_STRICT } SgGuessHow;

SgGuessed *sg_guessed_new(const SgVocab *vocab);	/* which must live longer */
void	   sg_guessed_free(SgGuessed *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgGuessed, sg_guessed_free)

/* What sg_guess_signs(), or sg_guess_letters() (strict or not), says of s. */
gboolean   sg_guessed(SgGuessed *m, SgGuessHow how, const char *s, gsize n, SgGuess *g);

#endif
