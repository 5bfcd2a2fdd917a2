#include <string.h>

#include "word/run.h"
#include "word/slot.h"
#include "word/tokens.h"
#include "word/utf8.h"

#define MEMO 16384u	/* words remembered; a power of two */

typedef enum { NOTHING, LETTER, APOSTROPHE, SIGN, WIDE } Kind;

static Kind
kind_of(char c)
{
	static const guint8 kind[256] = {
		['0' ... '9'] = LETTER, ['a' ... 'z'] = LETTER, ['A' ... 'Z'] = LETTER,
		['\''] = APOSTROPHE,
		['.'] = SIGN, ['!'] = SIGN, ['?'] = SIGN, ['\n'] = SIGN,
		[0x80 ... 0xFF] = WIDE,
	};

	return kind[(guchar)c];
}

void
sg_tokens_init(SgTokens *t, const SgLexicon *lexicon)
{
	memset(t, 0, sizeof *t);
	t->lexicon = lexicon;
	t->memo = g_new0(SgTokenMemo, MEMO);
}

void
sg_tokens_clear(SgTokens *t)
{
	g_clear_pointer(&t->token, g_free);
	g_clear_pointer(&t->memo, g_free);
	t->n = 0;
	t->room = 0;
}

/* A sign between words: does it end a sentence? */
static gboolean
is_stop(const char *text, gsize len, gsize at)
{
	return text[at] == '\n' || at + 1 >= len ||
	    !(g_ascii_isalnum(text[at + 1]) || text[at + 1] == '/');
}

static void
stop(SgTokens *t, gsize at)
{
	if (t->n > 0 && t->token[t->n - 1].word != SG_WORD_STOP)
		t->token[t->n++] = (SgToken){ .word = SG_WORD_STOP, .from = (guint32)at,
			.to = (guint32)at + 1 };
}

/* Where the character at *at ends, when it is of a word beyond ASCII. */
static gboolean
is_wide_letter(const char *text, gsize len, gsize at, gsize *next)
{
	UChar32 c;

	*next = at;
	c = sg_utf8_next(text, next, len);
	return c >= 0 && (g_unichar_isalnum((gunichar)c) || g_unichar_ismark((gunichar)c));
}

/* The word at `at`; returns where it ends.  Its apostrophes do not count. */
static gsize
read_word(const char *text, gsize len, gsize at, guint64 *hash)
{
	gsize next = sg_run_end(text, len, at, TRUE, hash);
	guint64 h = 0xcbf29ce484222325u;	/* FNV-1a */
	Kind behind = next < len ? kind_of(text[next]) : NOTHING;

	if (behind == NOTHING || behind == SIGN)	/* as nearly all are */
		return next;

	for (; at < len; at++) {
		Kind kind = kind_of(text[at]);

		if (kind == LETTER)
			h = (h ^ (guchar)text[at]) * 0x100000001b3u;
		else if (kind == WIDE && is_wide_letter(text, len, at, &next))
			for (h = (h ^ (guchar)text[at]) * 0x100000001b3u; at + 1 < next; at++)
				h = (h ^ (guchar)text[at + 1]) * 0x100000001b3u;
		else if (kind != APOSTROPHE)
			break;
	}
	*hash = h;
	return at;
}

/* Most words of a text have been seen before. */
static void
look_up(SgTokens *t, const char *text, guint64 hash, SgToken *token)
{
	SgTokenMemo *m = &t->memo[sg_slot(hash, MEMO)];

	hash |= 1;	/* 0: nothing is remembered */
	if (m->hash != hash) {
		sg_lexicon_look_up(t->lexicon, text + token->from, token->to - token->from, token);
		*m = (SgTokenMemo){ hash, token->word, token->begin };
	}
	token->word = m->word;
	token->begin = m->begin;
}

void
sg_tokens_read(SgTokens *t, const char *text, gsize len)
{
	gsize at = 0;

	if (t->room < len + 1) {	/* no token is shorter than a byte */
		t->room = len + 1;
		t->token = g_renew(SgToken, t->token, t->room);
	}
	t->n = 0;
	while (at < len) {
		Kind kind = kind_of(text[at]);
		SgToken *token = &t->token[t->n];
		guint64 hash;
		gsize next;

		if (kind == SIGN && is_stop(text, len, at))
			stop(t, at);
		if (kind == NOTHING || kind == SIGN) {
			at++;
			continue;
		}
		if (kind == WIDE && !is_wide_letter(text, len, at, &next)) {
			at = next;
			continue;
		}
		next = read_word(text, len, at, &hash);
		*token = (SgToken){ .from = (guint32)at, .to = (guint32)next };
		at = next;
		while (token->from < token->to && text[token->from] == '\'')	/* a quotation mark */
			token->from++;
		while (token->to > token->from && text[token->to - 1] == '\'')
			token->to--;
		if (token->to == token->from)
			continue;
		look_up(t, text, hash, token);
		token->joined = at + 1 < len && text[at] == '-' &&
		    (g_ascii_isalnum(text[at + 1]) || (guchar)text[at + 1] >= 0x80);
		t->n++;
	}
}

gboolean
sg_tokens_piece(const SgTokens *t, gboolean whole, SgPiece *piece)
{
	guint low = piece->next, high;

	while (!whole && low < t->n && t->token[low].word == SG_WORD_STOP)
		low++;
	if (low >= t->n)
		return FALSE;
	for (high = low; high < t->n && high - low < SG_PIECE_WORDS; high++)
		if (!whole && t->token[high].word == SG_WORD_STOP)
			break;
	piece->low = low;
	piece->high = high;
	/* the rest begins in the next one */
	piece->begin = high - low < SG_PIECE_WORDS || high == t->n ? high : high - SG_PIECE_OVERLAP;
	piece->next = piece->begin;
	return TRUE;
}

guint
sg_tokens_at(const SgTokens *t, gsize at)
{
	guint low = 0, high = t->n;

	while (low < high) {
		guint mid = low + (high - low) / 2;

		if (t->token[mid].to <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
