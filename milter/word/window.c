#include <string.h>

#include "word/window.h"

static gboolean
is_letter(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

void
sg_window_init(SgWindow *w, const SgTokens *tokens)
{
	memset(w, 0, sizeof *w);
	w->tokens = tokens;
	w->classes = g_new0(guint64, MAX(sg_lexicon_row(tokens->lexicon), 1));
}

void
sg_window_clear(SgWindow *w)
{
	g_clear_pointer(&w->classes, g_free);
}

static const SgToken *
nth(const SgWindow *w, guint i)
{
	return &w->tokens->token[i];
}

static void
note_word(SgWindow *w, guint32 word)
{
	const guint64 *row = sg_lexicon_begun(w->tokens->lexicon, word);
	gsize n = sg_lexicon_row(w->tokens->lexicon);

	if (word <= SG_WORD_STOP)
		return;
	w->words[word / 64 % SG_WINDOW_BLOOM] |= G_GUINT64_CONSTANT(1) << word % 64;
	for (gsize i = 0; i < n; i++)
		w->classes[i] |= row[i];
}

/* The ends of the sentence of tokens [first, last), and what can be in it. */
static void
find_sentence(SgWindow *w, guint first, guint last)
{
	w->begin = first;
	while (w->begin > w->low && nth(w, w->begin - 1)->word != SG_WORD_STOP)
		w->begin--;
	w->end = last;
	while (w->end < w->high && nth(w, w->end)->word != SG_WORD_STOP)
		w->end++;
	if (w->known_end > 0 && w->known_begin == w->begin && w->known_end == w->end)
		return;
	w->known_begin = w->begin;
	w->known_end = w->end;
	memset(w->words, 0, sizeof w->words);
	memset(w->classes, 0, sg_lexicon_row(w->tokens->lexicon) * sizeof *w->classes);
	for (guint i = w->begin; i < w->end; i++) {
		note_word(w, nth(w, i)->word);
		note_word(w, nth(w, i)->begin);
	}
}

void
sg_window_read(SgWindow *w, gsize from, gsize to)
{
	guint first, last, words = 0, n = w->tokens->n;

	if (w->known && w->from == from && w->to == to)
		return;
	w->from = from;
	w->to = to;
	w->known = TRUE;
	first = sg_tokens_at(w->tokens, from);
	for (last = first; last < n && nth(w, last)->from < to;)
		last++;
	last = MIN(last, first + SG_WINDOW_TOKENS / 2);
	for (w->low = first; w->low > 0 && words < SG_WINDOW_WORDS &&
	    first - w->low < SG_WINDOW_TOKENS / 4 &&
	    nth(w, w->low - 1)->from + SG_WINDOW_BYTES >= from; w->low--)
		words += nth(w, w->low - 1)->word != SG_WORD_STOP;
	for (w->high = last, words = 0; w->high < n && words < SG_WINDOW_WORDS &&
	    w->high - last < SG_WINDOW_TOKENS / 4 &&
	    nth(w, w->high)->from < to + SG_WINDOW_BYTES; w->high++)
		words += nth(w, w->high)->word != SG_WORD_STOP;
	find_sentence(w, first, last);
}

gboolean
sg_window_may_have_word(const SgWindow *w, guint32 word)
{
	return (w->words[word / 64 % SG_WINDOW_BLOOM] >> word % 64 & 1) != 0;
}

gboolean
sg_window_may_have_class(const SgWindow *w, guint class)
{
	return (w->classes[class / 64] >> class % 64 & 1) != 0;
}

void
sg_window_forget(SgWindow *w)
{
	w->known = FALSE;
	w->known_end = 0;
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
		const char *before = memrchr(text + least, mark, at - least);

		if (before == NULL)
			return FALSE;
		at = (gsize)(before - text) + 1;
		if (opens(text, len, at - 1))
			break;
		if (closes(text, len, at - 1))
			return FALSE;	/* or an apostrophe: boys' */
	}
	if (at <= least)
		return FALSE;
	for (at = to; at < most; at++) {
		const char *behind = memchr(text + at, mark, most - at);

		if (behind == NULL)
			return FALSE;
		at = (gsize)(behind - text);
		if (closes(text, len, at))
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_window_quoted(const char *text, gsize len, gsize from, gsize to)
{
	return between(text, len, from, to, '"') || between(text, len, from, to, '\'');
}
