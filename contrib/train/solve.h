/*
 * solve - a linear L2-loss support vector machine by coordinate descent in its dual.
 *
 * Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", ICML 2008,
 * algorithm 1, without shrinking: a fixed number of rounds in an order drawn from a fixed
 * sequence, and only + - * / and square roots, so that the same examples give the same bits.
 */
#ifndef SG_TRAIN_SOLVE_H
#define SG_TRAIN_SOLVE_H

#include "examples.h"

#define FOLD_NONE 255

typedef struct Solved {
	float *w;			/* by feature's number */
	double bias[SG_LINEAR_LENGTHS];
} Solved;

/* Leaves out the examples of a fold.  c: what a mistake costs. */
Solved *solve(const Examples *e, guint head, double c, guint rounds, guint fold);
void	solved_free(Solved *s);
double	solved_margin(const Solved *s, const Examples *e, const Example *x);

#endif
