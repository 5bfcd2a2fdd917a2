#include <string.h>

#include "disguise/alike.h"
#include "disguise/guess.h"
#include "disguise/segment.h"

#define UNBOUND 4u	/* letters of a word that is found within spaced letters */
#define TRIES 32u	/* combinations of what the signs of a piece may be */

static gboolean
add(SgGuess *g, gsize from, gsize to, const char *word, gsize len, SgWeight weight)
{
	gsize at = g->n > 0 ? g->word[g->n - 1].at + (gsize)g->word[g->n - 1].len : 0;

	if (g->n == SG_GUESS_WORDS || at + len > sizeof g->text)
		return FALSE;
	memcpy(g->text + at, word, len);
	g->word[g->n++] = (SgGuessWord){ (guint8)from, (guint8)to, (guint8)at, (guint8)len,
		(guint8)weight };
	return TRUE;
}

static gboolean
one_word(SgGuess *g, gsize n, const char *word, gsize len, SgWeight weight)
{
	g->n = 0;
	g->name_like = FALSE;
	g->second = NULL;
	return add(g, 0, n, word, len, weight);
}

void
sg_guess_word(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	(void)one_word(g, n, s, n, sg_vocab_weight(v, s, n));
}

/* How good s is as a word; 0: it is none. */
static guint
worth(const SgVocab *v, const char *s, gsize n, SgWeight *weight)
{
	const SgWord *w = sg_vocab_find(v, s, n);

	*weight = n > SG_VOCAB_LONGEST ? SG_WEIGHT_NONE : sg_vocab_weight(v, s, n);
	if (*weight > SG_WEIGHT_NONE)
		return 8u * *weight + (w != NULL ? w->known + 1u : 0);
	return w != NULL ? w->known : 0;
}

/* "sooo", "fuuuck", "aaahh": each run of three and more is one letter, or two. */
static gboolean
repeats(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	guint best = 0, runs = 0;

	for (gsize i = 2; i < n; i++)
		runs += s[i] == s[i - 1] && s[i] == s[i - 2] && (i < 3 || s[i] != s[i - 3]);
	for (guint choice = 0; runs > 0 && choice < 1u << MIN(runs, 3); choice++) {
		char t[SG_GUESS_LONGEST];
		gsize len = 0, run;
		guint nth = 0, found;
		SgWeight weight;

		for (gsize i = 0; i < n; i += run) {
			gsize keep;

			for (run = 1; i + run < n && s[i + run] == s[i];)
				run++;
			keep = run < 3 ? run : (choice >> MIN(nth, 2) & 1) + 1;
			nth += run >= 3;
			for (gsize k = 0; k < keep; k++)
				t[len++] = s[i];
		}
		found = worth(v, t, len, &weight);
		if (found > best && one_word(g, n, t, len, weight))
			best = found;
	}
	return best > 0;
}

static const char *
pair_in(const char *s, gsize n, const char *pair)
{
	for (gsize i = 0; i + 1 < n; i++)
		if (s[i] == pair[0] && s[i + 1] == pair[1])
			return s + i;
	return NULL;
}

/* "phuck", "vvanker": letters that sound or look like others.  Only what is a hit alone. */
static gboolean
sounds(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	static const char *const like[][2] = { { "ph", "f" }, { "vv", "w" }, { "kk", "ck" }, { "cc", "ck" } };

	for (guint i = 0; i < G_N_ELEMENTS(like); i++) {
		const char *at = n < 4 ? NULL : pair_in(s, n, like[i][0]);
		gsize before, len = strlen(like[i][1]);
		char t[SG_GUESS_LONGEST];

		if (at == NULL)
			continue;
		before = (gsize)(at - s);
		memcpy(t, s, before);
		memcpy(t + before, like[i][1], len);
		memcpy(t + before + len, at + 2, n - before - 2);
		len += n - 2;
		if (len <= SG_VOCAB_LONGEST && sg_vocab_weight(v, t, len) == SG_WEIGHT_ALONE)
			return one_word(g, n, t, len, SG_WEIGHT_ALONE);
	}
	return FALSE;
}

static gboolean
backwards(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	char t[SG_VOCAB_LONGEST];
	SgWeight weight;

	if (n < 4 || n > sizeof t)
		return FALSE;
	for (gsize i = 0; i < n; i++)
		t[i] = s[n - 1 - i];
	weight = sg_vocab_find(v, t, n) != NULL ? sg_vocab_weight(v, t, n) : SG_WEIGHT_NONE;
	return weight >= (n > 4 ? SG_WEIGHT_PART : SG_WEIGHT_ALONE) && one_word(g, n, t, n, weight);
}

/* "ihatewomen": words without a blank between them. */
static gboolean
in_a_row(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	SgSegments parts;

	if (!sg_segments(v, s, n, &parts))
		return FALSE;
	g->n = 0;
	g->second = NULL;
	g->name_like = parts.n == 2;
	for (guint i = 0; i < parts.n; i++) {
		gsize from = i > 0 ? parts.end[i - 1] : 0, len = parts.end[i] - from;

		if (!add(g, from, parts.end[i], s + from, len, sg_vocab_weight(v, s + from, len)))
			return FALSE;
	}
	return TRUE;
}

/* Two letters are rather an abbreviation ("ta", "cd") than a word with one missing. */
static gboolean
is_slip(gsize n, const SgWord *word)
{
	return n > 2 || word->weight == SG_WEIGHT_ALONE;
}

gboolean
sg_guess_letters(const SgVocab *v, const char *s, gsize n, gboolean strict, SgGuess *g)
{
	const SgWord *w[2];
	guint found;

	if (n > SG_GUESS_LONGEST)
		return FALSE;
	if (repeats(v, s, n, g) || sounds(v, s, n, g))
		return TRUE;
	if (strict || !sg_vocab_is_full(v))
		return FALSE;
	if (n > 4 && backwards(v, s, n, g))	/* "tihs" is rather "this" */
		return TRUE;
	if ((found = sg_vocab_near(v, s, n, w)) > 0 && is_slip(n, w[0]) &&
	    one_word(g, n, w[0]->text, w[0]->len, w[0]->weight)) {
		g->name_like = TRUE;
		g->second = found > 1 ? w[1] : NULL;
		return TRUE;
	}
	return in_a_row(v, s, n, g) || backwards(v, s, n, g);
}

/* A word of the rules somewhere among spaced letters: the longest. */
static gboolean
within(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	gsize best = 0, at = 0;

	for (gsize i = 0; i + UNBOUND <= n; i++) {
		guint64 h = SG_VOCAB_HASH;

		for (gsize k = i; k < MIN(n, i + SG_VOCAB_LONGEST); k++) {
			h = sg_vocab_hash(h, s[k]);
			if (k + 1 - i < MAX(UNBOUND, best + 1) || sg_vocab_known(v, h) == SG_KNOWN_NOT ||
			    sg_vocab_find(v, s + i, k + 1 - i) == NULL ||
			    sg_vocab_weight(v, s + i, k + 1 - i) == SG_WEIGHT_NONE)
				continue;
			best = k + 1 - i;
			at = i;
		}
	}
	g->n = 0;
	g->name_like = FALSE;
	g->second = NULL;
	return best > 0 &&
	    add(g, at, at + best, s + at, best, sg_vocab_weight(v, s + at, best));
}

gboolean
sg_guess_spaced(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	SgWeight weight;

	if (n < 3 || n > SG_GUESS_LONGEST)
		return FALSE;
	for (gsize i = 0; i < n; i++)
		if (!g_ascii_islower(s[i]))
			return sg_guess_signs(v, s, n, g);
	if (worth(v, s, n, &weight) > 0)
		return one_word(g, n, s, n, weight);
	return repeats(v, s, n, g) || in_a_row(v, s, n, g) || within(v, s, n, g);
}

typedef struct {	/* what signs are in a piece */
	guint letters, digits, stars, before, behind;	/* digits at its ends */
} Shape;

static Shape
shape_of(const char *s, gsize n)
{
	Shape h = { 0 };

	for (gsize i = 0; i < n; i++) {
		h.letters += g_ascii_islower(s[i]);
		h.digits += g_ascii_isdigit(s[i]);
		h.stars += s[i] == '*';
	}
	while (h.before < n && g_ascii_isdigit(s[h.before]))
		h.before++;
	while (h.behind < n && g_ascii_isdigit(s[n - 1 - h.behind]))
		h.behind++;
	if (h.behind == 2 && s[n - 1] == s[n - 2])
		h.behind = 1;	/* "ki11": for two of the same letter */
	return h;
}

/* Road A55, postcode SO14 5EX, class 4B, 10k, 2nd: signs that are only what they are. */
static gboolean
is_code(const Shape *h, gsize n)
{
	if (h->before > 1 || h->behind > 1 || (h->letters == 0 && h->digits > 0))
		return TRUE;
	if (n <= 3)
		return h->before > 0 || h->behind > 0;
	if (n == 4)
		return h->digits > 0 && h->letters < 2;
	return h->letters * 3 < n && h->digits * 2 >= n;
}

/* The n-th combination of what the signs may be; FALSE when there are no more. */
static gboolean
combine(const char *s, gsize n, guint nth, char *t)
{
	for (gsize i = 0; i < n; i++) {
		const char *letters = sg_alike_letters(s[i]);
		guint choices = (guint)strlen(letters);

		if (choices == 0) {
			t[i] = s[i];
			continue;
		}
		t[i] = letters[nth % choices];
		nth /= choices;
	}
	return nth == 0;
}

/* Some signs stand for any letter: "f*ck", "sh#t"; or were only put between: "f**uck". */
static gboolean
starred(const SgVocab *v, const char *s, gsize n, const Shape *h, SgGuess *g)
{
	char t[SG_GUESS_LONGEST], bare[SG_GUESS_LONGEST];
	gsize len = 0;

	(void)combine(s, n, 0, t);
	for (gsize i = 0; i < n; i++)
		if (t[i] != '*')
			bare[len++] = t[i];
	if (len >= 3 && len <= SG_VOCAB_LONGEST &&
	    sg_vocab_weight(v, bare, len) == SG_WEIGHT_ALONE)
		return one_word(g, n, bare, len, SG_WEIGHT_ALONE);
	if (h->letters < 2 || h->digits > h->letters)
		return FALSE;
	for (guint nth = 0; nth < 4 && combine(s, n, nth, t); nth++) {
		const SgWord *w[2];
		guint found = sg_vocab_starred(v, t, n, w);

		if (found == 0 || !one_word(g, n, w[0]->text, w[0]->len, w[0]->weight))
			continue;
		g->second = found > 1 ? w[1] : NULL;
		return TRUE;
	}
	return FALSE;
}

/* One word, whichever of their letters the signs are; the most likely one. */
static gboolean
combined(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	const SgWord *second = NULL;
	char t[SG_GUESS_LONGEST];
	guint best = 0;

	for (guint nth = 0; nth < TRIES && combine(s, n, nth, t); nth++) {
		SgWeight weight;
		guint found = worth(v, t, n, &weight);

		if (found > 0 && best > 0 && weight > SG_WEIGHT_NONE)
			second = sg_vocab_find(v, found > best ? g->text : t, n);
		if (found > best && one_word(g, n, t, n, weight))
			best = found;
	}
	g->second = second;
	return best > 0;
}

/* "h8", "h8rs": for what its name sounds like. */
static gboolean
eight(const SgVocab *v, const char *s, gsize n, const Shape *h, SgGuess *g)
{
	const char *at = memchr(s, '8', n);
	char t[SG_GUESS_LONGEST + 2];
	gsize before;

	if (at == NULL || at == s || h->digits != 1 || n + 2 > SG_VOCAB_LONGEST)
		return FALSE;
	before = (gsize)(at - s);
	memcpy(t, s, before);
	memcpy(t + before, "ate", 3);
	memcpy(t + before + 3, at + 1, n - before - 1);
	return sg_vocab_find(v, t, n + 2) != NULL &&
	    sg_vocab_weight(v, t, n + 2) > SG_WEIGHT_NONE &&
	    one_word(g, n, t, n + 2, sg_vocab_weight(v, t, n + 2));
}

gboolean
sg_guess_signs(const SgVocab *v, const char *s, gsize n, SgGuess *g)
{
	Shape h = shape_of(s, n);
	char first[SG_GUESS_LONGEST];
	gboolean code;

	if (n < 2 || n > SG_GUESS_LONGEST)
		return FALSE;
	if (h.stars > 0)
		return starred(v, s, n, &h, g);
	code = n < 3 || is_code(&h, n);
	if ((!code && combined(v, s, n, g)) || eight(v, s, n, &h, g))
		return TRUE;
	(void)combine(s, n, 0, first);
	if (code || h.letters * 2 < n || n < 4 || !sg_guess_letters(v, first, n, FALSE, g))
		return FALSE;
	for (guint i = 0; i < g->n; i++)
		if (g->word[i].weight > SG_WEIGHT_NONE)
			return TRUE;
	return FALSE;
}
