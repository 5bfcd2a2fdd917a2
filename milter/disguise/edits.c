#include <string.h>

#include "disguise/edits.h"

#define AROUND	240u	/* canonical bytes either side of an edit that a window holds at most */
#define NEAREST 64u	/* ... and at least, when its sentence is short */

typedef struct {	/* of the restored text, to where the next begins */
	guint32 at;
	guint32 canon, canon_end;	/* edits: all of it; else canon_end 0, byte for byte */
} Span;

void
sg_edits_init(SgEdits *e)
{
	e->edit = g_array_new(FALSE, FALSE, sizeof(SgEdit));
	e->span = g_array_new(FALSE, FALSE, sizeof(Span));
	e->words = g_string_new(NULL);
	e->text = g_string_new(NULL);
}

void
sg_edits_clear(SgEdits *e)
{
	g_array_unref(e->edit);
	g_array_unref(e->span);
	g_string_free(e->words, TRUE);
	g_string_free(e->text, TRUE);
}

void
sg_edits_empty(SgEdits *e)
{
	g_array_set_size(e->edit, 0);
	g_array_set_size(e->span, 0);
	g_string_truncate(e->words, 0);
	g_string_truncate(e->text, 0);
}

static const SgEdit *
nth(const SgEdits *e, guint i)
{
	return &g_array_index(e->edit, SgEdit, i);
}

gsize
sg_edits_end(const SgEdits *e)
{
	return e->edit->len > 0 ? nth(e, e->edit->len - 1)->to : 0;
}

gboolean
sg_edits_add(SgEdits *e, gsize from, gsize to, const char *word, gsize len, SgWeight weight,
    gboolean matters)
{
	SgEdit edit = { (guint32)from, (guint32)to, (guint32)e->words->len, (guint8)len, 0,
		(guint8)weight, matters != 0 };

	if (from < sg_edits_end(e) || to <= from)
		return FALSE;
	g_string_append_len(e->words, word, (gssize)len);
	g_array_append_val(e->edit, edit);
	return TRUE;
}

void
sg_edits_second(SgEdits *e, const SgWord *word)
{
	SgEdit *last = &g_array_index(e->edit, SgEdit, e->edit->len - 1);

	g_string_append_len(e->words, word->text, word->len);
	last->second = word->len;
	last->weight = MAX(last->weight, word->weight);
}

/* How an edit is read. */
static const char *
reading(const SgEdits *e, const SgEdit *edit, gboolean second, gsize *len)
{
	second = second && edit->second > 0;
	*len = second ? edit->second : edit->len;
	return e->words->str + edit->at + (second ? edit->len : 0);
}

static void
span(SgEdits *e, gsize canon, gsize canon_end)
{
	Span s = { (guint32)e->text->len, (guint32)canon, (guint32)canon_end };

	g_array_append_val(e->span, s);
}

static void
copy(SgEdits *e, const char *canon, gsize from, gsize to)
{
	if (to <= from)
		return;
	span(e, from, 0);
	g_string_append_len(e->text, canon + from, (gssize)(to - from));
}

/* Words that met without a blank are parted; two edits that meet are such words. */
static gboolean
needs_blank(const SgEdits *e, guint i)
{
	return i > 0 && nth(e, i - 1)->to == nth(e, i)->from;
}

/* Edits [i, end), with what is between them, and from from to to around. */
static void
write_window(SgEdits *e, const char *canon, guint i, guint end, gsize from, gsize to, gboolean second)
{
	if (e->text->len > 0) {
		span(e, from, 0);
		g_string_append_c(e->text, '\n');	/* nothing reaches from window to window */
	}
	for (; i < end; i++) {
		gsize n;
		const char *word = reading(e, nth(e, i), second, &n);

		copy(e, canon, from, nth(e, i)->from);
		if (needs_blank(e, i))
			g_string_append_c(e->text, ' ');
		span(e, nth(e, i)->from, nth(e, i)->to);
		g_string_append_len(e->text, word, (gssize)n);
		from = nth(e, i)->to;
	}
	copy(e, canon, from, to);
}

static gboolean
ends_sentence(char c)
{
	return c == '.' || c == '!' || c == '?';
}

/* Where the window of what begins at `at` begins: its sentence, and some bytes at least. */
static gsize
begin_of(const char *canon, gsize at, gsize least)
{
	gsize from = at;

	least = MAX(least, at > AROUND ? at - AROUND : 0);
	while (from > least && (at - from < NEAREST || canon[from] != ' ' ||
	    !ends_sentence(canon[from - 1])))
		from--;
	while (from > 0 && from == least && from < at && canon[from - 1] != ' ')
		from++;
	return from;
}

static gsize
end_of(const char *canon, gsize len, gsize at)
{
	gsize to = at, most = MIN(len, at + AROUND);

	while (to < most && (to - at < NEAREST || canon[to] != ' ' || !ends_sentence(canon[to - 1])))
		to++;
	while (to < len && to > at && canon[to] != ' ')
		to--;
	return to;
}

/* From edit i on: the window from `from` on that holds it and those whose windows
 * meet its own.  Returns where it ends. */
static gsize
window(SgEdits *e, const char *canon, gsize len, guint i, gsize from)
{
	gsize to = end_of(canon, len, nth(e, i)->to);
	gboolean two = FALSE;
	guint end = i + 1;

	for (; end < e->edit->len; end++) {
		const SgEdit *next = nth(e, end);

		if (next->matters && begin_of(canon, next->from, MIN(to, next->from)) <= to)
			to = end_of(canon, len, next->to);
		else if (next->from >= to)
			break;
		to = MAX(to, next->to);
	}
	while (i > 0 && nth(e, i - 1)->from >= from)
		i--;
	if (i > 0)
		from = MAX(from, nth(e, i - 1)->to);
	write_window(e, canon, i, end, from, to, FALSE);
	for (guint k = i; k < end; k++)
		two |= nth(e, k)->second > 0;
	if (two)
		write_window(e, canon, i, end, from, to, TRUE);
	return to;
}

void
sg_edits_restore(SgEdits *e, const char *canon, gsize len)
{
	gsize done = 0;

	for (guint i = 0; i < e->edit->len; i++)
		if (nth(e, i)->matters && nth(e, i)->from >= done)
			done = window(e, canon, len, i, begin_of(canon, nth(e, i)->from, done));
}

static guint
span_of(const SgEdits *e, gsize at)
{
	guint low = 0, high = e->span->len;

	while (high - low > 1) {
		guint mid = low + (high - low) / 2;

		if (g_array_index(e->span, Span, mid).at <= at)
			low = mid;
		else
			high = mid;
	}
	return low;
}

gboolean
sg_edits_place(const SgEdits *e, gsize from, gsize to, gsize *canon_from, gsize *canon_to)
{
	guint a, b;
	const Span *first, *last;
	gboolean changed = FALSE;

	if (to <= from || to > e->text->len || e->span->len == 0)
		return FALSE;
	a = span_of(e, from);
	b = span_of(e, to - 1);
	for (guint i = a; i <= b; i++)
		changed |= g_array_index(e->span, Span, i).canon_end != 0;
	first = &g_array_index(e->span, Span, a);
	last = &g_array_index(e->span, Span, b);
	*canon_from = first->canon_end != 0 ? first->canon : first->canon + (from - first->at);
	*canon_to = last->canon_end != 0 ? last->canon_end : last->canon + (to - last->at);
	return changed && *canon_to > *canon_from;
}

/* The first edit that ends behind at. */
static guint
edit_behind(const SgEdits *e, gsize at)
{
	guint low = 0, high = e->edit->len;

	while (low < high) {
		guint mid = low + (high - low) / 2;

		if (nth(e, mid)->to <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

gboolean
sg_edits_read(const SgEdits *e, const char *canon, gsize from, gsize to, gboolean second,
    GString *out)
{
	gboolean two = FALSE;

	for (guint i = edit_behind(e, from); i < e->edit->len && nth(e, i)->from < to; i++) {
		const SgEdit *edit = nth(e, i);
		gsize n;
		const char *word = reading(e, edit, second, &n);

		two |= edit->second > 0;
		if (edit->from > from)
			g_string_append_len(out, canon + from, (gssize)(edit->from - from));
		if (needs_blank(e, i))
			g_string_append_c(out, ' ');
		g_string_append_len(out, word, (gssize)n);
		from = edit->to;
	}
	if (from < to)
		g_string_append_len(out, canon + from, (gssize)(to - from));
	return two;
}

typedef struct {
	guint64 h;
	guint	left;
} Sum;

static gboolean
sum_up(Sum *s, char c)
{
	if ((guchar)c < 0x80 && !g_ascii_isalnum(c))
		return TRUE;
	s->h = sg_vocab_hash(s->h, c);
	return --s->left > 0;
}

guint64
sg_edits_around(const SgEdits *e, const char *canon, gsize len, gsize from, gsize to, guint n)
{
	Sum s = { SG_VOCAB_HASH, n };
	guint i = edit_behind(e, from);

	while (from > 0 && s.left > 0) {	/* backwards */
		const SgEdit *edit = i > 0 ? nth(e, i - 1) : NULL;

		if (edit == NULL || edit->to < from) {
			(void)sum_up(&s, canon[--from]);
			continue;
		}
		for (guint k = edit->len; k > 0 && sum_up(&s, e->words->str[edit->at + k - 1]); k--)
			;
		from = edit->from;
		i--;
	}
	s.h = sg_vocab_hash(s.h, '|');
	s.left = n;
	i = edit_behind(e, to);
	while (to < len && s.left > 0) {
		const SgEdit *edit = i < e->edit->len ? nth(e, i) : NULL;

		if (edit == NULL || edit->from > to) {
			(void)sum_up(&s, canon[to++]);
			continue;
		}
		for (guint k = 0; k < edit->len && sum_up(&s, e->words->str[edit->at + k]); k++)
			;
		to = edit->to;
		i++;
	}
	return s.h;
}
