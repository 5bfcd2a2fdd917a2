/* phrase_find - runs a phrase's program over the words of a window, all its ways at once. */
#include <string.h>

#include "rule/phrase_inner.h"

#define ABSENT 0xFFu

typedef struct {
	const SgPhrase *p;
	const SgToken  *tokens;
	guint		n, low, high;	/* tokens [low, high) of n are looked at */
	guint		begin, end;	/* the match must begin before `begin` is over ... */
	guint		found_from, found_to;
	guint8		at[SG_WINDOW_TOKENS + SG_CLASS_WORDS + 1][SG_PHRASE_STEPS];
	/* the steps that wait for token i */
	guint8		waits[SG_WINDOW_TOKENS + SG_CLASS_WORDS + 1][SG_PHRASE_STEPS];
	guint8		n_waits[SG_WINDOW_TOKENS + SG_CLASS_WORDS + 1];
} Run;

gboolean
sg_phrase_has_mark(const SgPhrase *p, const SgToken *t)
{
	return g_hash_table_contains(p->marks, GUINT_TO_POINTER(t->word)) ||
	    (t->begin != SG_WORD_NONE &&
		g_hash_table_contains(p->marks, GUINT_TO_POINTER(t->begin)));
}

/* At token i, step pc is reached by a match that began at token start. */
static void
reach(Run *r, guint i, guint pc, guint start)
{
	for (;;) {
		const SgStep *s = &g_array_index(r->p->steps, SgStep, pc);
		gboolean first = r->at[i][pc] == ABSENT;

		if (r->at[i][pc] <= start)
			return;
		r->at[i][pc] = (guint8)start;
		if (s->kind == SG_STEP_BEGIN && i > 0 && r->tokens[i - 1].word != SG_WORD_STOP)
			return;
		if (s->kind == SG_STEP_END && i < r->n && r->tokens[i].word != SG_WORD_STOP)
			return;
		switch (s->kind) {
		case SG_STEP_FORK:
			reach(r, i, s->arg, start);
			pc++;
			break;
		case SG_STEP_JUMP:
			pc = s->arg;
			break;
		case SG_STEP_BEGIN:
		case SG_STEP_END:
			pc++;
			break;
		case SG_STEP_FOUND:
			if (start < r->begin && i > r->end && !r->tokens[i - 1].joined &&
			    (r->found_to == 0 || start <= r->found_from)) {
				r->found_from = start;
				r->found_to = i;
			}
			return;
		case SG_STEP_WORD:
		case SG_STEP_CLASS:
		case SG_STEP_ANY:
		default:
			if (first)
				r->waits[i][r->n_waits[i]++] = (guint8)pc;
			return;
		}
	}
}

static void
step(Run *r, guint i, guint pc)
{
	const SgStep *s = &g_array_index(r->p->steps, SgStep, pc);
	const SgToken *t = &r->tokens[i];
	guint start = r->at[i][pc], bits = 0;

	if (s->kind == SG_STEP_WORD)
		bits = t->word == s->arg || t->begin == s->arg ? 2 : 0;
	else if (s->kind == SG_STEP_ANY)
		bits = t->word != SG_WORD_STOP ? 2 : 0;
	else if (s->kind == SG_STEP_CLASS)
		bits = sg_lexicon_match(r->p->lexicon, s->arg, t, r->high - i);
	for (guint k = 1; bits >> k != 0; k++)
		if ((bits >> k & 1) != 0)
			reach(r, i + k, pc + 1, start);
}

static gboolean
run(Run *r)
{
	guint steps = r->p->steps->len;

	for (guint i = r->low; i <= r->high; i++)
		memset(r->at[i], ABSENT, steps);
	memset(&r->n_waits[r->low], 0, r->high - r->low + 1);
	for (guint i = r->low; i <= r->high; i++) {
		if (i < r->begin)
			reach(r, i, 0, i);
		for (guint k = 0; i < r->high && k < r->n_waits[i]; k++)
			step(r, i, r->waits[i][k]);
	}
	return r->found_to > 0;
}

/* A phrase that crosses sentences may always be. */
gboolean
sg_phrase_may_be(const SgPhrase *p, const SgWindow *w)
{
	for (guint i = 0; !p->crosses && i < p->needs->len; i++) {
		const SgStep *s = &g_array_index(p->needs, SgStep, i);

		if (s->kind == SG_STEP_CLASS ? !sg_window_may_have_class(w, s->arg)
					     : !sg_window_may_have_word(w, s->arg))
			return FALSE;
	}
	return TRUE;
}

static void
prepare(Run *r, const SgPhrase *p, const SgWindow *w)
{
	r->p = p;
	r->tokens = w->token;
	r->n = w->n;
	r->low = p->crosses ? 0 : w->begin;
	r->high = p->crosses ? w->n : w->end;
	r->found_from = r->found_to = 0;
}

gboolean
sg_phrase_find(const SgPhrase *p, const SgWindow *w, gsize *from, gsize *to)
{
	Run r;	/* large, so not all of it is cleared */

	if (w->last <= w->first)
		return FALSE;
	prepare(&r, p, w);
	r.begin = w->last;
	r.end = w->first;
	if (!run(&r))
		return FALSE;
	*from = w->token[r.found_from].from;
	*to = w->token[r.found_to - 1].to;
	return TRUE;
}

gboolean
sg_phrase_near(const SgPhrase *p, const SgWindow *w)
{
	Run r;

	if (!sg_phrase_may_be(p, w))
		return FALSE;
	prepare(&r, p, w);
	r.begin = r.high + 1;
	r.end = 0;
	return run(&r);
}
