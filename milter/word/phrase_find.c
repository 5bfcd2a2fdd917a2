/* phrase_find - runs a phrase's program over the words of a window, all its ways at once. */
#include <string.h>

#include "word/phrase_inner.h"

#define ABSENT 0xFFu

#define TOKENS MAX(SG_WINDOW_TOKENS, SG_PIECE_WORDS)

typedef struct {
	const SgPhrase *p;
	const SgToken  *tokens;	/* all of the text */
	guint		all;
	guint		low, n;	/* tokens [low, low + n) are looked at; i counts from low on */
	guint		begin;	/* a match begins before this one */
	guint		found_from, found_to;
	/* the steps that wait for token i, and where a match that came there began */
	guint8		at[TOKENS + SG_CLASS_WORDS + 1][SG_PHRASE_STEPS];
	guint8		waits[TOKENS + SG_CLASS_WORDS + 1][SG_PHRASE_STEPS];
	guint8		n_waits[TOKENS + SG_CLASS_WORDS + 1];
} Run;

static gboolean
is_stop_at(const Run *r, guint i)
{
	return r->low + i >= r->all || r->tokens[r->low + i].word == SG_WORD_STOP;
}

static gboolean
begins_sentence(const Run *r, guint i)
{
	return r->low + i == 0 || is_stop_at(r, i - 1);
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
		switch (s->kind) {
		case SG_STEP_FORK:
			reach(r, i, s->arg, start);
			pc++;
			break;
		case SG_STEP_JUMP:
			pc = s->arg;
			break;
		case SG_STEP_BEGIN:
			if (!begins_sentence(r, i))
				return;
			pc++;
			break;
		case SG_STEP_END:
			if (!is_stop_at(r, i))
				return;
			pc++;
			break;
		case SG_STEP_FOUND:
			if (i > start && !r->tokens[r->low + i - 1].joined &&
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
	const SgToken *t = &r->tokens[r->low + i];
	guint start = r->at[i][pc], bits = 0;

	if (r->found_to > 0 && start > r->found_from)
		return;		/* it cannot be the first */
	if (s->kind == SG_STEP_WORD)
		bits = t->word == s->arg || t->begin == s->arg ? 2 : 0;
	else if (s->kind == SG_STEP_ANY)
		bits = t->word != SG_WORD_STOP ? 2 : 0;
	else if (s->kind == SG_STEP_CLASS)
		bits = sg_lexicon_match(r->p->lexicon, s->arg, t, r->n - i);
	for (guint k = 1; bits >> k != 0; k++)
		if ((bits >> k & 1) != 0)
			reach(r, i + k, pc + 1, start);
}

static gboolean
run(Run *r, const SgPhrase *p, const SgToken *tokens, guint all)
{
	guint steps = p->steps->len;

	r->p = p;
	r->tokens = tokens;
	r->all = all;
	r->found_from = r->found_to = 0;
	for (guint i = 0; i <= r->n; i++)
		memset(r->at[i], ABSENT, steps);
	memset(r->n_waits, 0, r->n + 1);
	for (guint i = 0; i <= r->n; i++) {
		if (i < r->begin && r->found_to == 0)
			reach(r, i, 0, i);
		for (guint k = 0; i < r->n && k < r->n_waits[i]; k++)
			step(r, i, r->waits[i][k]);
	}
	return r->found_to > 0;
}

gboolean
sg_phrase_find(const SgPhrase *p, const SgTokens *t, SgPiece *piece, guint *from, guint *to)
{
	Run r;	/* large, so not all of it is cleared */

	if (piece->low >= piece->begin)
		return FALSE;
	r.low = piece->low;
	r.n = piece->high - piece->low;
	r.begin = piece->begin - piece->low;
	if (!run(&r, p, t->token, t->n))
		return FALSE;
	*from = r.low + r.found_from;
	piece->low = *to = r.low + r.found_to;
	return TRUE;
}

/* A phrase that crosses sentences may always be. */
static gboolean
may_be(const SgPhrase *p, const SgWindow *w)
{
	for (guint i = 0; !p->crosses && i < p->needs->len; i++) {
		const SgNeed *need = &g_array_index(p->needs, SgNeed, i);

		if ((need->kind == SG_NEED_CLASS && !sg_window_may_have_class(w, need->arg)) ||
		    (need->kind == SG_NEED_WORD && !sg_window_may_have_word(w, need->arg)))
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_phrase_near(const SgPhrase *p, const SgWindow *w)
{
	Run r;

	if (!may_be(p, w))
		return FALSE;
	r.low = p->crosses ? w->low : w->begin;
	r.n = (p->crosses ? w->high : w->end) - r.low;
	r.begin = r.n + 1;
	return run(&r, p, w->tokens->token, w->tokens->n);
}
