#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "examples.h"
#include "word/canon.h"

#define TOKENS_MAX 20000u
#define HOP	   22u		/* tokens from one segment of a long text to the next */
#define ALONE	   4u		/* tokens of a sentence that is an example of its own */

typedef struct {
	GArray	*ids;		/* guint32, of all tokens */
	GArray	*start;		/* guint32: by token, where its ids begin; one more at the end */
	GArray	*stop;		/* guint8: by token */
} Text;

static int
by_value(const void *x, const void *y)
{
	guint32 a = *(const guint32 *)x, b = *(const guint32 *)y;

	return a < b ? -1 : a > b;
}

static void
tokens_of(Text *t, const SgGramWords *x, const char *s)
{
	SgGramsBefore before = { 0 };
	gsize at = 0, len = strlen(s);
	SgGramToken token;

	g_array_set_size(t->ids, 0);
	g_array_set_size(t->start, 0);
	g_array_set_size(t->stop, 0);
	while (t->start->len < TOKENS_MAX && sg_gram_token_next(s, len, &at, &token)) {
		guint32 ids[SG_GRAM_OWN_MAX + SG_GRAM_NEAR_MAX], start = t->ids->len;
		guint8 word_class = sg_gram_words_class(x, token.hash), stop = token.stop != 0;
		guint n = sg_grams_own(s, &token, word_class, ids);

		n += sg_grams_near(&before, &token, word_class, ids + n);
		g_array_append_val(t->start, start);
		g_array_append_val(t->stop, stop);
		g_array_append_vals(t->ids, ids, n);
	}
	g_array_append_val(t->start, t->ids->len);
}

static void
add(Examples *e, const Text *t, guint from, guint to, Example x)
{
	guint32 a = g_array_index(t->start, guint32, from), n = g_array_index(t->start, guint32, to) - a;
	g_autofree guint32 *ids = g_memdup2(&g_array_index(t->ids, guint32, a), MAX(n, 1) * sizeof(guint32));

	qsort(ids, n, sizeof *ids, by_value);
	x.first = e->id->len;
	x.tokens = (guint8)(to - from);
	x.length = (guint8)sg_linear_length(to - from);
	for (guint i = 0, k; i < n; i = k) {
		guint8 count;

		for (k = i + 1; k < n && ids[k] == ids[i]; k++)
			;
		count = (guint8)MIN(k - i, 255);
		g_array_append_val(e->id, ids[i]);
		g_array_append_val(e->count, count);
	}
	x.n = (guint32)(e->id->len - x.first);
	g_array_append_val(e->list, x);
}

static gboolean
is_bad(const Example *x)
{
	for (guint h = 0; h < SG_LINEAR_HEADS; h++)
		if (x->label[h] > 0)
			return TRUE;
	return FALSE;
}

/* What the matcher will judge of a text: segments, and of harmless ones sentences too. */
static void
cut(Examples *e, const Text *t, Example x)
{
	guint n = t->stop->len, begin = 0, pieces = n > SG_LINEAR_SEGMENT ? (n - SG_LINEAR_SEGMENT + HOP - 1) / HOP + 1 : 1;

	if (n == 0)
		return;
	if (is_bad(&x))
		x.weight /= (float)pieces;
	for (guint i = 0; i < pieces; i++)
		add(e, t, i * HOP, MIN(i * HOP + SG_LINEAR_SEGMENT, n), x);
	if (is_bad(&x) || pieces == 1)
		return;
	x.weight /= 2;
	for (guint i = 1; i <= n; i++) {
		if (i < n && !g_array_index(t->stop, guint8, i))
			continue;
		if (i - begin >= ALONE && i - begin <= SG_LINEAR_SEGMENT)
			add(e, t, begin, i, x);
		begin = i;
	}
}

/* labels, weight, fold, text; FALSE when the line is not of this form. */
static gboolean
parse(char *line, Example *x, char **text)
{
	char *end;

	for (guint h = 0; h < SG_LINEAR_HEADS; h++, line++) {
		if (*line != '+' && *line != '-' && *line != '0')
			return FALSE;
		x->label[h] = *line == '+' ? 1 : *line == '-' ? -1 : 0;
	}
	if (*line != '\t')
		return FALSE;
	x->weight = (float)g_ascii_strtod(line + 1, &end);
	if (*end != '\t')
		return FALSE;
	x->fold = (guint8)strtoul(end + 1, &end, 10);
	*text = end + 1;
	return *end == '\t';
}

static Examples *
examples_new(void)
{
	Examples *e = g_new0(Examples, 1);

	e->list = g_array_new(FALSE, FALSE, sizeof(Example));
	e->id = g_array_new(FALSE, FALSE, sizeof(guint32));
	e->count = g_array_new(FALSE, FALSE, sizeof(guint8));
	return e;
}

Examples *
examples_read(const char *file, const SgGramWords *x)
{
	Examples *e = examples_new();
	SgCanon *canon = sg_canon_new(NULL);
	Text t = { g_array_new(FALSE, FALSE, 4), g_array_new(FALSE, FALSE, 4), g_array_new(FALSE, FALSE, 1) };
	FILE *f = fopen(file, "r");
	char *line = NULL, *text = NULL;
	size_t room = 0;

	for (guint32 n = 0; f != NULL && canon != NULL && getline(&line, &room, f) > 0; n++) {
		Example one = { .text = n };
		g_autofree char *folded = NULL;

		if (!parse(line, &one, &text)) {
			fprintf(stderr, "%s:%u: not labels, weight, fold and text; make it with prepare.py\n", file, n + 1);
			continue;
		}
		folded = sg_canon_string(canon, text);
		tokens_of(&t, x, folded);
		cut(e, &t, one);
	}
	if (f == NULL)
		perror(file);
	else
		fclose(f);
	free(line);
	sg_canon_free(canon);
	g_array_unref(t.ids);
	g_array_unref(t.start);
	g_array_unref(t.stop);
	if (e->list->len > 0)
		return e;
	examples_free(e);
	return NULL;
}

void
examples_free(Examples *e)
{
	g_array_unref(e->list);
	g_array_unref(e->id);
	g_array_unref(e->count);
	g_free(e->feature);
	g_free(e->seen);
	g_free(e);
}

/* Keeps of each example what number gives a number to; G_MAXUINT32: dropped. */
static void
renumber(Examples *e, const guint32 *number)
{
	guint64 to = 0;

	for (guint i = 0; i < e->list->len; i++) {
		Example *x = &g_array_index(e->list, Example, i);
		guint64 first = to;

		for (guint64 k = x->first; k < x->first + x->n; k++) {
			guint32 n = number[g_array_index(e->id, guint32, k)];

			if (n == G_MAXUINT32)
				continue;
			g_array_index(e->id, guint32, to) = n;
			g_array_index(e->count, guint8, to++) = g_array_index(e->count, guint8, k);
		}
		x->first = first;
		x->n = (guint32)(to - first);
	}
	g_array_set_size(e->id, (guint)to);
	g_array_set_size(e->count, (guint)to);
}

void
examples_number(Examples *e)
{
	g_autofree guint32 *number = g_new0(guint32, 1u << SG_GRAM_ID_BITS);
	GArray *feature = g_array_new(FALSE, FALSE, 4), *seen = g_array_new(FALSE, FALSE, 4);

	for (guint64 k = 0; k < e->id->len; k++)
		number[g_array_index(e->id, guint32, k)]++;
	for (guint32 id = 0; id < 1u << SG_GRAM_ID_BITS; id++) {
		if (number[id] >= 2) {
			g_array_append_val(seen, number[id]);
			number[id] = feature->len;
			g_array_append_val(feature, id);
		} else
			number[id] = G_MAXUINT32;
	}
	e->features = feature->len;
	e->feature = (guint32 *)(gpointer)g_array_free(feature, FALSE);
	e->seen = (guint32 *)(gpointer)g_array_free(seen, FALSE);
	renumber(e, number);
}

void
examples_drop(Examples *e, const guint8 *keep)
{
	g_autofree guint32 *number = g_new(guint32, MAX(e->features, 1));

	for (guint32 i = 0; i < e->features; i++)
		number[i] = keep[i] ? i : G_MAXUINT32;
	renumber(e, number);
}

static void
lexicon_line(SgGramWords *x, const char *file, guint n, const char *line, guint8 word_class)
{
	gsize at = 0, len = strlen(line);
	SgGramToken t;

	while (sg_gram_token_next(line, len, &at, &t))
		if (!sg_gram_words_add(x, t.hash, word_class))
			fprintf(stderr, "%s:%u: \"%.*s\" has a class already, or there are too many words; remove it\n", file, n,
			    (int)(t.to - t.from), line + t.from);
}

SgGramWords *
lexicon_read(const char *file)
{
	g_autofree char *all = NULL;
	g_auto(GStrv) lines = NULL;
	SgGramWords *x;
	SgCanon *canon;
	guint8 word_class = 0;

	if (!g_file_get_contents(file, &all, NULL, NULL)) {
		perror(file);
		return NULL;
	}
	lines = g_strsplit(all, "\n", -1);
	canon = sg_canon_new(NULL);
	x = g_new0(SgGramWords, 1);
	x->hash = g_new0(guint32, SG_LINEAR_WORDS);
	x->word_class = g_new0(guint8, SG_LINEAR_WORDS);
	x->mask = SG_LINEAR_WORDS - 1;
	for (guint i = 0; canon != NULL && lines[i] != NULL; i++) {
		g_autofree char *folded = sg_canon_string(canon, lines[i]);
		gboolean goes_on = g_ascii_isspace(lines[i][0]);
		const char *words = goes_on ? folded : strchr(folded, ':');

		if (lines[i][0] == '#' || words == NULL)
			continue;
		word_class = (guint8)(word_class + (goes_on ? 0 : 1));
		lexicon_line(x, file, i + 1, goes_on ? words : words + 1, word_class);
	}
	sg_canon_free(canon);
	return x;
}

void
lexicon_free(SgGramWords *x)
{
	g_free(x->hash);
	g_free(x->word_class);
	g_free(x);
}
