#include <string.h>

#include "rule/utf8.h"
#include "rule/window.h"

static gboolean
is_word_char(UChar32 c)
{
	if (c < 0x80)
		return c > 0 && (g_ascii_isalnum((char)c) || c == '\'');
	return g_unichar_isalnum((gunichar)c) || g_unichar_ismark((gunichar)c);
}

static gboolean
is_letter(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

/* Where to begin so that there are words enough before `from`. */
static gsize
begin_of(const char *text, gsize from)
{
	gsize least = from > SG_WINDOW_BYTES ? from - SG_WINDOW_BYTES : 0, at = from;
	guint words = 0;

	while (at > least && words <= SG_WINDOW_WORDS) {
		at--;
		words += text[at] == ' ';
	}
	while (at > 0 && at < from && ((guchar)text[at] & 0xC0) == 0x80)
		at++;
	if (at == 0 || text[at] == ' ')
		return at;
	while (at < from && text[at] != ' ')	/* half a word is none */
		at++;
	return at;
}

static void
put(SgWindow *w, const SgToken *t)
{
	if (t->from < w->from)
		w->first = w->n + 1;
	if (t->from < w->to)
		w->last = w->n + 1;
	w->token[w->n++] = *t;
}

/* A sign between words: does it end a sentence? */
static gboolean
is_stop(const char *text, gsize len, gsize at)
{
	char c = text[at];

	return (c == '.' || c == '!' || c == '?') &&
	    (at + 1 >= len || !(g_ascii_isalnum(text[at + 1]) || text[at + 1] == '/'));
}

static void
find_sentence(SgWindow *w)
{
	w->begin = MIN(w->first, w->n);
	while (w->begin > 0 && w->token[w->begin - 1].word != SG_WORD_STOP)
		w->begin--;
	w->end = MIN(w->last, w->n);
	while (w->end < w->n && w->token[w->end].word != SG_WORD_STOP)
		w->end++;
}

/* The word that begins at `at`; where it ends. */
static gsize
word_end(const char *text, gsize len, gsize at)
{
	gsize next = at;

	while (next < len) {
		at = next;
		if (!is_word_char(sg_utf8_next(text, &next, len)))
			return at;
	}
	return len;
}

void
sg_window_read(SgWindow *w, const char *text, gsize len, gsize from, gsize to)
{
	gsize at, most = MIN(len, to + SG_WINDOW_BYTES);
	guint after = 0;

	if (w->known && w->from == from && w->to == to)
		return;
	w->from = from;
	w->to = to;
	w->known = TRUE;
	w->n = w->first = w->last = 0;
	for (at = begin_of(text, from); at < most && after < SG_WINDOW_WORDS &&
	    w->n + 1 < SG_WINDOW_TOKENS;) {
		SgToken t = { .from = (guint32)at };
		gsize next = at;

		if (!is_word_char(sg_utf8_next(text, &next, len))) {
			t.word = SG_WORD_STOP;
			t.to = (guint32)next;
			if (is_stop(text, len, at) &&
			    (w->n == 0 || w->token[w->n - 1].word != SG_WORD_STOP))
				put(w, &t);
			at = next;
			continue;
		}
		next = word_end(text, len, at);
		t.to = (guint32)next;
		while (t.from < t.to && text[t.from] == '\'')	/* a quotation mark */
			t.from++;
		while (t.to > t.from && text[t.to - 1] == '\'')
			t.to--;
		sg_lexicon_look_up(w->lexicon, text + t.from, t.to - t.from, &t);
		t.joined = next + 1 < len && text[next] == '-' && is_letter(text[next + 1]);
		if (t.to > t.from)
			put(w, &t);
		after += at >= to;
		at = next;
	}
	w->last = MAX(w->last, w->first);
	find_sentence(w);
}

void
sg_window_forget(SgWindow *w)
{
	w->known = FALSE;
}

/* A mark that opens a quotation stands before a word and not behind one. */
static gboolean
opens(const char *text, gsize len, gsize at)
{
	return (at == 0 || !is_letter(text[at - 1])) && at + 1 < len && text[at + 1] != ' ' &&
	    (at == 0 || strchr(" ([-:,", text[at - 1]) != NULL);
}

static gboolean
closes(const char *text, gsize len, gsize at)
{
	return at > 0 && text[at - 1] != ' ' && (at + 1 >= len || !is_letter(text[at + 1]));
}

static gboolean
between(const char *text, gsize len, gsize from, gsize to, char mark)
{
	gsize least = from > SG_WINDOW_QUOTE ? from - SG_WINDOW_QUOTE : 0;
	gsize most = MIN(len, to + SG_WINDOW_QUOTE), at;

	for (at = from; at > least; at--) {
		if (text[at - 1] != mark)
			continue;
		if (opens(text, len, at - 1))
			break;
		if (closes(text, len, at - 1))
			return FALSE;	/* or an apostrophe: boys' */
	}
	if (at <= least)
		return FALSE;
	for (at = to; at < most; at++)
		if (text[at] == mark && closes(text, len, at))
			return TRUE;
	return FALSE;
}

gboolean
sg_window_quoted(const char *text, gsize len, gsize from, gsize to)
{
	return between(text, len, from, to, '"') || between(text, len, from, to, '\'');
}
