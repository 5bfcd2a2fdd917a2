#include <string.h>

#include "disguise/spelling.h"

#define NEVER	99u
#define SWAPPED 10u	/* neighbours that changed places */
#define DOUBLED 8u	/* a letter once for twice, or twice for once */
#define VOWEL	10u	/* left out */
#define SOUND	6u	/* "c" of "ck" left out: nothing is heard */
#define ALIKE	9u	/* one letter for another that looks or sounds like it */
#define LETTER	13u	/* any other letter left out */
#define EXTRA	12u	/* a vowel too many */
#define STRAY	14u	/* any other letter too many */
#define FIRST	5u	/* more, when it is the first letter: people get that right */
#define MOST	14u
#define CLOSE	5u	/* a second word is about as likely */

static gboolean
is_vowel(char c)
{
	return c != '\0' && strchr("aeiouy", c) != NULL;
}

static gboolean
alike(char a, char b)
{
	static const char *const pairs[] = { "uv", "kc", "zs", "yi", "kq", "cq", "xk", "oq" };

	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
		if ((a == pairs[i][0] && b == pairs[i][1]) || (a == pairs[i][1] && b == pairs[i][0]))
			return TRUE;
	return FALSE;
}

static guint
same_length(const char *s, gsize n, const char *w, gsize i)
{
	if (i + 1 < n && s[i] == w[i + 1] && s[i + 1] == w[i] &&
	    memcmp(s + i + 2, w + i + 2, n - i - 2) == 0)
		return SWAPPED + (i == 0 ? FIRST : 0);
	if (memcmp(s + i + 1, w + i + 1, n - i - 1) != 0 || !alike(s[i], w[i]))
		return NEVER;
	return ALIKE;
}

/* The letter at i of w is not in s. */
static guint
left_out(const char *s, gsize n, const char *w, gsize i)
{
	char c = w[i];

	if (memcmp(s + i, w + i + 1, n - i) != 0)
		return NEVER;
	if ((i > 0 && w[i - 1] == c) || w[i + 1] == c)
		return DOUBLED;
	if (c == 'c' && w[i + 1] == 'k' && i > 0)
		return SOUND;
	/* the last letter may be the ending of another form of the word */
	return (is_vowel(c) ? VOWEL : LETTER) + (i == 0 || i == n ? FIRST : 0);
}

/* The letter at i of s is not in w. */
static guint
put_in(const char *s, gsize n, const char *w, gsize i)
{
	if (memcmp(s + i + 1, w + i, n - i - 1) != 0)
		return NEVER;
	if ((i > 0 && s[i - 1] == s[i]) || (i + 1 < n && s[i + 1] == s[i]))
		return DOUBLED;
	/* as above */
	if (i + 1 == n || i == 0)
		return NEVER;
	return is_vowel(s[i]) ? EXTRA : STRAY;
}

static guint
cost_of(const char *s, gsize n, const SgWord *w)
{
	gsize i = 0, shorter = MIN(n, w->len);

	while (i < shorter && s[i] == w->text[i])
		i++;
	if (n == w->len)
		return i == n ? 0 : same_length(s, n, w->text, i);
	if (n + 1 == w->len)
		return left_out(s, n, w->text, i);
	return n == w->len + 1u ? put_in(s, n, w->text, i) : NEVER;
}

void
sg_spelling_weigh(SgSpelling *best, const char *s, gsize n, const SgWord *w)
{
	guint cost = cost_of(s, n, w), rank;

	if (cost > MOST)
		return;
	if (w->weight == SG_WEIGHT_ALONE) {
		if (best->alone == NULL || cost < best->alone_cost) {
			best->alone = w;
			best->alone_cost = cost;
		}
		return;
	}
	/* what the rules have is what disguise is for; it cannot be a hit by itself */
	rank = cost + 6 - w->known - (w->weight == SG_WEIGHT_PART ? 3 : 0);
	if (w == best->other || w == best->second)
		return;
	if (best->other == NULL || rank < best->other_rank) {
		best->second = best->other;
		best->second_rank = best->other_rank;
		best->other = w;
		best->other_cost = cost;
		best->other_rank = rank;
	} else if (best->second == NULL || rank < best->second_rank) {
		best->second = w;
		best->second_rank = rank;
	}
}

/* May the word that is a hit alone be meant? */
static gboolean
is_sure(const SgSpelling *best, const char *s, gsize n)
{
	const SgWord *w = best->alone;
	gboolean vowels = FALSE;
	guint most;

	if (w == NULL)
		return FALSE;
	for (gsize i = 0; i < n; i++)
		vowels = vowels || is_vowel(s[i]);
	most = w->len >= 6 ? MOST : w->len == 5 ? EXTRA : w->len == 4 ? VOWEL : 0;
	if (best->alone_cost > most || (n <= 3 && vowels && best->alone_cost >= VOWEL))
		return FALSE;
	return best->other == NULL || best->alone_cost < best->other_cost || (!vowels && n >= 4);
}

guint
sg_spelling_best(const SgSpelling *best, const char *s, gsize n, const SgWord *out[2])
{
	const SgWord *w = best->other;

	if (is_sure(best, s, n)) {
		out[0] = best->alone;
		return 1;
	}
	if (w == NULL || (n < 4 && (w->weight == SG_WEIGHT_NONE || best->other_cost > VOWEL)))
		return 0;
	out[0] = w;
	out[1] = best->second;
	return best->second != NULL && best->second->weight == SG_WEIGHT_PART &&
	    best->second_rank < best->other_rank + CLOSE ? 2 : 1;
}
