#include <string.h>

#include "rule/utf8.h"
#include "rule/window.h"

#define MEMO 4096u	/* words remembered; a power of two */

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

void
sg_window_init(SgWindow *w, const SgLexicon *lexicon)
{
	memset(w, 0, sizeof *w);
	w->lexicon = lexicon;
	w->all = g_array_new(FALSE, FALSE, sizeof(SgToken));
	w->memo = g_new0(SgWindowMemo, MEMO);
	w->classes = g_new0(guint64, MAX(sg_lexicon_row(lexicon), 1));
}

void
sg_window_clear(SgWindow *w)
{
	g_clear_pointer(&w->all, g_array_unref);
	g_clear_pointer(&w->memo, g_free);
	g_clear_pointer(&w->classes, g_free);
}

/* A sign between words: does it end a sentence? */
static gboolean
is_stop(const char *text, gsize len, gsize at)
{
	char c = text[at];

	return c == '\n' || ((c == '.' || c == '!' || c == '?') &&
	    (at + 1 >= len || !(g_ascii_isalnum(text[at + 1]) || text[at + 1] == '/')));
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

/* Most words of a text have been seen in it before. */
static void
look_up(SgWindow *w, const char *word, SgToken *t)
{
	gsize len = t->to - t->from;
	guint64 hash = 0xcbf29ce484222325u;
	SgWindowMemo *m;

	for (gsize i = 0; i < len; i++)
		hash = (hash ^ (guchar)word[i]) * 0x100000001b3u;	/* FNV-1a */
	hash |= 1;	/* 0: nothing is remembered */
	m = &w->memo[(hash >> 20) & (MEMO - 1)];
	if (m->hash != hash) {
		sg_lexicon_look_up(w->lexicon, word, len, t);
		*m = (SgWindowMemo){ hash, t->word, t->begin };
	}
	t->word = m->word;
	t->begin = m->begin;
}

static gboolean
ends_with_stop(const SgWindow *w)
{
	return w->all->len == 0 ||
	    g_array_index(w->all, SgToken, w->all->len - 1).word == SG_WORD_STOP;
}

static void
read_all(SgWindow *w, const char *text, gsize len)
{
	g_array_set_size(w->all, 0);
	for (gsize at = 0; at < len;) {
		SgToken t = { .from = (guint32)at };
		gsize next = at;

		if (!is_word_char(sg_utf8_next(text, &next, len))) {
			t.word = SG_WORD_STOP;
			t.to = (guint32)next;
			if (is_stop(text, len, at) && !ends_with_stop(w))
				g_array_append_val(w->all, t);
			at = next;
			continue;
		}
		at = next = word_end(text, len, at);
		t.to = (guint32)next;
		while (t.from < t.to && text[t.from] == '\'')	/* a quotation mark */
			t.from++;
		while (t.to > t.from && text[t.to - 1] == '\'')
			t.to--;
		if (t.to == t.from)
			continue;
		look_up(w, text + t.from, &t);
		t.joined = next + 1 < len && text[next] == '-' && is_letter(text[next + 1]);
		g_array_append_val(w->all, t);
	}
	w->read = TRUE;
}

/* The first token that ends behind byte at. */
static guint
token_at(const SgWindow *w, gsize at)
{
	guint low = 0, high = w->all->len;

	while (low < high) {
		guint mid = low + (high - low) / 2;

		if (g_array_index(w->all, SgToken, mid).to <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const SgToken *
nth(const SgWindow *w, guint i)
{
	return &g_array_index(w->all, SgToken, i);
}

static void
note_word(SgWindow *w, guint32 word)
{
	const guint64 *row = sg_lexicon_begun(w->lexicon, word);
	gsize n = sg_lexicon_row(w->lexicon);

	if (word <= SG_WORD_STOP)
		return;
	w->words[word / 64 % SG_WINDOW_BLOOM] |= G_GUINT64_CONSTANT(1) << word % 64;
	for (gsize i = 0; i < n; i++)
		w->classes[i] |= row[i];
}

/* Its ends, and what can be in it. */
static void
find_sentence(SgWindow *w)
{
	w->begin = w->first;
	while (w->begin > 0 && w->token[w->begin - 1].word != SG_WORD_STOP)
		w->begin--;
	w->end = w->last;
	while (w->end < w->n && w->token[w->end].word != SG_WORD_STOP)
		w->end++;
	if (w->sentence == w->token + w->begin && w->sentence_n == w->end - w->begin)
		return;
	w->sentence = w->token + w->begin;
	w->sentence_n = w->end - w->begin;
	memset(w->words, 0, sizeof w->words);
	memset(w->classes, 0, sg_lexicon_row(w->lexicon) * sizeof *w->classes);
	for (guint i = w->begin; i < w->end; i++) {
		note_word(w, w->token[i].word);
		note_word(w, w->token[i].begin);
	}
}

void
sg_window_read(SgWindow *w, const char *text, gsize len, gsize from, gsize to)
{
	guint first, last, low, high, words = 0;

	if (w->known && w->from == from && w->to == to)
		return;
	if (!w->read)
		read_all(w, text, len);
	w->from = from;
	w->to = to;
	w->known = TRUE;
	first = token_at(w, from);
	for (last = first; last < w->all->len && nth(w, last)->from < to;)
		last++;
	last = MIN(last, first + SG_WINDOW_TOKENS / 2);
	for (low = first; low > 0 && words < SG_WINDOW_WORDS && first - low < SG_WINDOW_TOKENS / 4 &&
	    nth(w, low - 1)->from + SG_WINDOW_BYTES >= from; low--)
		words += nth(w, low - 1)->word != SG_WORD_STOP;
	for (high = last, words = 0; high < w->all->len && words < SG_WINDOW_WORDS &&
	    high - last < SG_WINDOW_TOKENS / 4 && nth(w, high)->from < to + SG_WINDOW_BYTES; high++)
		words += nth(w, high)->word != SG_WORD_STOP;
	w->token = (const SgToken *)(gconstpointer)w->all->data + low;
	w->n = high - low;
	w->first = first - low;
	w->last = last - low;
	find_sentence(w);
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
	w->known = w->read = FALSE;
	w->sentence = NULL;
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
