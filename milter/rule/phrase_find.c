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
	for (guint i = r->low; i <= r->high; i++) {
		if (i < r->begin)
			reach(r, i, 0, i);
		for (guint pc = 0; i < r->high && pc < steps; pc++)
			if (r->at[i][pc] != ABSENT)
				step(r, i, pc);
	}
	return r->found_to > 0;
}

gboolean
sg_phrase_find(const SgPhrase *p, const SgWindow *w, gsize *from, gsize *to)
{
	Run r = { .p = p, .tokens = w->token, .n = w->n, .low = p->crosses ? 0 : w->begin,
		.high = p->crosses ? w->n : w->end, .begin = w->last, .end = w->first };

	if (w->last <= w->first || !run(&r))
		return FALSE;
	*from = w->token[r.found_from].from;
	*to = w->token[r.found_to - 1].to;
	return TRUE;
}

gboolean
sg_phrase_near(const SgPhrase *p, const SgWindow *w)
{
	Run r = { .p = p, .tokens = w->token, .n = w->n, .low = p->crosses ? 0 : w->begin,
		.high = p->crosses ? w->n : w->end };

	r.begin = r.high + 1;
	return run(&r);
}
