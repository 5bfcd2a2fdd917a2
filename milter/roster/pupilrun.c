#include <string.h>

#include "roster/pupilrun.h"
#include "word/fold.h"

#define FOLD_MOST 2048u
#define NAME_MOST 96u	/* bytes of a folded name */

void
sg_run_end(SgRun *run)
{
	run->n = 0;
	g_string_truncate(run->fold, 0);
}

static void
drop_first(SgRun *run)
{
	run->n--;
	memmove(run->words, run->words + 1, run->n * sizeof run->words[0]);
	if (run->fold->len < FOLD_MOST)
		return;
	g_string_erase(run->fold, 0, (gssize)run->words[0].from);
	for (guint i = run->n; i-- > 0;) {
		run->words[i].to -= run->words[0].from;
		run->words[i].from -= run->words[0].from;
	}
}

void
sg_run_word(SgRun *run, const char *text, gsize at, gsize end, guint traits)
{
	SgRunWord *w;

	if (run->n == SG_RUN_WORDS)
		drop_first(run);
	w = &run->words[run->n++];
	*w = (SgRunWord){ (guint32)at, (guint32)end, (guint32)run->fold->len, 0, traits };
	if ((traits & SG_WORD_INITIAL) == 0)
		sg_fold_word(text + at, end - at, run->fold);
	w->to = (guint32)run->fold->len;
}

/* Does the way it is written allow the surname to stand first, or the fields of a list? */
static void
written(const SgRun *run, guint first, gboolean *swapped, gboolean *straight)
{
	guint commas = 0, cells = 0;

	for (guint i = first + 1; i < run->n; i++) {
		commas += (run->words[i].traits & SG_WORD_COMMA) != 0;
		cells += (run->words[i].traits & SG_WORD_CELL) != 0;
	}
	/* "CHEN Mia", but not "KING HENRY" */
	*swapped = commas + cells == 1 || ((run->words[first].traits & SG_WORD_CAPITALS) != 0 &&
	    (run->words[run->n - 1].traits & SG_WORD_CAPITALS) == 0);
	*straight = commas == 0 && cells <= 1;
}

static gboolean
accepts(SgRunHit *out, gboolean swapped, gboolean straight)
{
	guint kept = 0;

	out->words = TRUE;
	for (guint i = 0; i < out->n; i++) {
		gboolean is_swapped = (out->who[i].flags & SG_ROSTER_SWAPPED) != 0;

		if (is_swapped ? !swapped : !straight)
			continue;
		out->words = out->words && (out->who[i].flags & SG_ROSTER_WORDS) != 0;
		out->who[kept++] = out->who[i];
	}
	out->n = kept;
	return kept > 0;
}

gboolean
sg_run_look(SgRun *run, gboolean cell, SgRunHit *out)
{
	const SgRunWord *last = run->n > 0 ? &run->words[run->n - 1] : NULL;

	if (last == NULL || (last->traits & SG_WORD_BEGIN) == 0)
		return FALSE;
	for (guint first = 0; first + 1 < run->n; first++) {
		const SgRunWord *w = &run->words[first];
		gboolean swapped, straight;

		if ((w->traits & SG_WORD_BEGIN) == 0 || last->to - w->from > NAME_MOST)
			continue;
		out->n = sg_roster_look(run->roster, SG_ROSTER_NAME, 0, run->fold->str + w->from,
		    last->to - w->from, out->who);
		if (out->n == 0)
			continue;
		written(run, first, &swapped, &straight);
		if (!accepts(out, swapped || cell, straight || cell))
			continue;
		out->at = w->at;
		out->end = last->end;
		return TRUE;
	}
	return FALSE;
}
