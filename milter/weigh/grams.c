#include <string.h>

#include "weigh/grams.h"

/* Odd numbers without a pattern: the fractional parts of square roots of primes. */
#define MIX_OWN	  0x6a09e667f3bcc909u
#define MIX_LETTER 0xbb67ae8584caa73bu
#define MIX_PAIR  0x3c6ef372fe94f82bu
#define MIX_SKIP  0xa54ff53a5f1d36f1u
#define MIX_CLASS 0x510e527fade682d1u
#define MIX_WORD  0x9b05688c2b3e6c1fu

enum { BLANK, LETTER, DIGIT, SIGN, AT, QUOTE, STOP, HIGH };

static const guint8 kinds[256] = {
	['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER, ['d'] = LETTER, ['e'] = LETTER, ['f'] = LETTER, ['g'] = LETTER,
	['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER, ['k'] = LETTER, ['l'] = LETTER, ['m'] = LETTER, ['n'] = LETTER,
	['o'] = LETTER, ['p'] = LETTER, ['q'] = LETTER, ['r'] = LETTER, ['s'] = LETTER, ['t'] = LETTER, ['u'] = LETTER,
	['v'] = LETTER, ['w'] = LETTER, ['x'] = LETTER, ['y'] = LETTER, ['z'] = LETTER,
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT,
	['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
	['!'] = STOP, ['?'] = STOP, ['.'] = STOP, ['"'] = SIGN, ['*'] = SIGN, ['>'] = SIGN, ['$'] = SIGN, ['%'] = SIGN,
	['@'] = AT, ['\''] = QUOTE,
	[0x80 ... 0xff] = HIGH,
};

static guint64
mix(guint64 x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x ^ (x >> 32);
}

static guint32
id_of(guint64 x)
{
	return (guint32)(mix(x) >> (64 - SG_GRAM_ID_BITS));
}

static guint64
hash_of(const char *s, gsize n)
{
	guint64 h = 0xcbf29ce484222325u;

	for (gsize i = 0; i < n; i++)
		if (s[i] != '\'')
			h = (h ^ (guchar)s[i]) * 0x100000001b3u;
	return h;
}

/* Bytes of the character at text when it is a sign of its own: emoji, arrows and their like. */
static gsize
picture(const char *text, gsize len)
{
	const guchar *s = (const guchar *)text;

	if (len >= 4 && s[0] == 0xf0 && s[1] == 0x9f)
		return 4;
	return len >= 3 && s[0] == 0xe2 ? 3 : 0;
}

static gboolean
in_word(const char *text, gsize len, gsize at)
{
	guint8 kind = kinds[(guchar)text[at]];

	if (kind == LETTER || kind == DIGIT)
		return TRUE;
	if (kind == HIGH)
		return picture(text + at, len - at) == 0;
	return kind == QUOTE && at + 1 < len && kinds[(guchar)text[at + 1]] == LETTER;
}

/* The end of what stands without a blank: a link, an address. */
static gsize
run_end(const char *text, gsize len, gsize at)
{
	while (at < len && text[at] != ' ' && text[at] != '>' && text[at] != '"' && text[at] != ')')
		at++;
	return at;
}

static void
word(const char *text, gsize len, SgGramToken *t)
{
	gboolean digits = TRUE;
	gsize at = t->from;

	for (; at < len && in_word(text, len, at); at++)
		digits = digits && kinds[(guchar)text[at]] == DIGIT;
	t->to = at;
	t->hash = hash_of(text + t->from, MIN(at - t->from, SG_GRAM_WORD_MAX));
	if (digits && at - t->from > 2 && at - t->from != 4)
		t->hash = hash_of("#", 1) + MIN(at - t->from, 9);
	if (at + 3 < len && text[at] == ':' && text[at + 1] == '/' && text[at + 2] == '/') {
		t->to = run_end(text, len, at);
		t->hash = hash_of("://", 3);
		t->lumped = TRUE;
	} else if (at + 1 < len && text[at] == '@' && text[at + 1] != ' ') {
		t->to = run_end(text, len, at);
		t->hash = hash_of("a@b", 3);
		t->lumped = TRUE;
	}
}

gboolean
sg_gram_token_next(const char *text, gsize len, gsize *at, SgGramToken *t)
{
	gsize i = *at;
	gboolean quote = FALSE;

	t->stop = t->lumped = FALSE;
	for (; i < len; i++) {
		guint8 kind = kinds[(guchar)text[i]];

		if (kind == QUOTE)	/* within a word it was part of it */
			quote = i == 0 || text[i - 1] == ' ' || i + 1 == len || text[i + 1] == ' ';
		if (kind == STOP)
			t->stop = TRUE;
		if (kind == BLANK || (kind == STOP && text[i] == '.') || (kind == QUOTE && !quote))
			continue;
		break;
	}
	if (i >= len) {
		*at = i;
		return FALSE;
	}
	t->from = i;
	if (in_word(text, len, i) && !quote)
		word(text, len, t);
	else if (kinds[(guchar)text[i]] == AT) {
		t->to = run_end(text, len, i);
		t->hash = hash_of("@", 1);
	} else if (kinds[(guchar)text[i]] == HIGH) {
		t->to = i + picture(text + i, len - i);
		t->hash = hash_of(text + i, t->to - i);
	} else {
		t->hash = quote ? hash_of("\"", 1) : hash_of(text + i, 1);
		for (t->to = i + 1; t->to < len && text[t->to] == text[i]; t->to++)
			;
	}
	*at = t->to;
	return TRUE;
}

guint8
sg_gram_words_class(const SgGramWords *x, guint64 hash)
{
	guint32 key = (guint32)mix(hash) | 1, i = key >> 8;

	for (guint n = 0; n <= x->mask; n++, i++) {
		if (x->hash[i & x->mask] == key)
			return x->word_class[i & x->mask];
		if (x->hash[i & x->mask] == 0)
			return 0;
	}
	return 0;
}

gboolean
sg_gram_words_add(SgGramWords *x, guint64 hash, guint8 word_class)
{
	guint32 key = (guint32)mix(hash) | 1, i = key >> 8;

	for (guint n = 0; n < x->mask; n++, i++) {
		if (x->hash[i & x->mask] == key)
			return x->word_class[i & x->mask] == word_class;
		if (x->hash[i & x->mask] != 0)
			continue;
		x->hash[i & x->mask] = key;
		x->word_class[i & x->mask] = word_class;
		return TRUE;
	}
	return FALSE;
}

/* Three to five letters in a row, with a blank for the word's ends. */
static guint
letters(const char *text, gsize n, guint32 *ids)
{
	guint8 b[SG_GRAM_WORD_MAX + 2];
	guint len = 0, made = 0;

	b[len++] = ' ';
	for (gsize i = 0; i < n && len < sizeof b - 1; i++)
		if (text[i] != '\'')
			b[len++] = (guint8)text[i];
	b[len++] = ' ';
	for (guint i = 0; i + 3 <= len; i++) {
		guint64 gram = b[i] | (guint64)b[i + 1] << 8 | (guint64)b[i + 2] << 16;

		ids[made++] = id_of((gram ^ 3) * MIX_LETTER);
		if (i + 4 <= len) {
			gram |= (guint64)b[i + 3] << 24;
			ids[made++] = id_of((gram ^ 4) * MIX_LETTER);
		}
		if (i + 5 <= len) {
			gram |= (guint64)b[i + 4] << 32;
			ids[made++] = id_of((gram ^ 5) * MIX_LETTER);
		}
	}
	return made;
}

guint
sg_grams_own(const char *text, const SgGramToken *t, guint8 word_class, guint32 *ids)
{
	guint n = 0;

	ids[n++] = id_of(t->hash * MIX_OWN);
	if (word_class != 0)
		ids[n++] = id_of(word_class * MIX_CLASS);
	if (in_word(text, t->to, t->from) && kinds[(guchar)text[t->from]] != DIGIT && t->to - t->from > 2)
		n += letters(text + t->from, MIN(t->to - t->from, SG_GRAM_WORD_MAX), ids + n);
	return n;
}

/* The classes of the word and of those before it, in order: two by two, and three. */
static guint
class_ids(const SgGramsBefore *b, guint8 word_class, guint32 *ids)
{
	guint64 chain = word_class;
	guint n = 0;

	for (guint k = 0; k < SG_GRAM_CLASSES; k++) {
		guint64 other = b->classes[k].word_class;

		if (other == 0 || b->n - b->classes[k].at > SG_GRAM_CLASS_FAR)
			break;
		ids[n++] = id_of((word_class | other << 8 | (guint64)(k == 0 ? 1 : 2) << 32) * MIX_CLASS);
		if (k < 3) {
			chain = chain << 8 | other;
			if (k > 0)
				ids[n++] = id_of((chain | (guint64)3 << 40) * MIX_CLASS);
		}
	}
	return n;
}

guint
sg_grams_near(SgGramsBefore *b, const SgGramToken *t, guint8 word_class, guint32 *ids)
{
	guint n = 0;

	if (b->n > 0) {
		ids[n++] = id_of((b->word[0] * 3 + t->hash) * MIX_PAIR);
		if (b->before != 0)
			ids[n++] = id_of((b->before * MIX_WORD + t->hash) * MIX_PAIR);
		if (word_class != 0)
			ids[n++] = id_of((word_class * MIX_WORD + b->word[0]) * MIX_SKIP);
	}
	if (b->n > 1)
		ids[n++] = id_of((b->word[1] * 5 + t->hash) * MIX_SKIP);
	if (word_class != 0) {
		n += class_ids(b, word_class, ids + n);
		memmove(b->classes + 1, b->classes, sizeof b->classes - sizeof b->classes[0]);
		b->classes[0].at = b->n;
		b->classes[0].word_class = word_class;
	}
	b->word[1] = b->word[0];
	b->word[0] = t->hash;
	b->before = word_class;
	b->n++;
	return n;
}
