#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uspoof.h>

#include "rule/disguise.h"
#include "rule/utf8.h"

#define NEIGHBOURS 3u	/* words either side of a disguised one, for phrases */
#define SPACED	   3u	/* single letters in a row that make a spaced word */
#define WINDOW	   (NEIGHBOURS + SPACED + 1)	/* words before a window's first suspect, and it */
#define UNBOUND	   4u	/* letters of a skeleton that may stand inside spaced letters */
#define CACHE	   256u

typedef enum {		/* what the bytes of a word are */
	LETTER = 1 << 0,	/* a-z			    */
	SIGN = 1 << 1,		/* passes for a letter	    */
	DOT = 1 << 2,
	DASH = 1 << 3,		/* or star, tilde, underscore */
	WIDE = 1 << 4,		/* not ASCII */
	OTHER = 0,		/* ends a word, but for an apostrophe */
} Kind;

typedef struct {	/* one letter of the skeletal text */
	guint32 from, to;	/* of its run, in the canonical text */
	guint8	run, suspect, spaced;
	char	plain;
} Mark;

typedef struct {
	gsize	 from, to;
	gboolean suspect, single;
} Word;

typedef struct {
	UChar32 cp;
	char	like;
} Like;

struct SgDisguise {
	GArray	     *words;	/* Word: those of this text, as far as they are needed */
	GString	     *text;
	GArray	     *marks;	/* Mark, one for each byte of text */
	USpoofChecker *checker;	/* opened when first needed */
	Like	      like[CACHE];
};

SgDisguise *
sg_disguise_new(void)
{
	SgDisguise *d = g_new0(SgDisguise, 1);

	d->words = g_array_new(FALSE, FALSE, sizeof(Word));
	d->text = g_string_new(NULL);
	d->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
	return d;
}

void
sg_disguise_free(SgDisguise *d)
{
	if (d == NULL)
		return;
	g_array_unref(d->words);
	g_string_free(d->text, TRUE);
	g_array_unref(d->marks);
	if (d->checker != NULL)
		uspoof_close(d->checker);
	g_free(d);
}

static guint8
kind_of(guchar c)
{
	static const guint8 kind[256] = {
		['a' ... 'z'] = LETTER,
		['0' ... '9'] = SIGN, ['!'] = SIGN, ['$'] = SIGN, ['+'] = SIGN, ['@'] = SIGN,
		    ['|'] = SIGN,
		['.'] = DOT,
		['-'] = DASH, ['_'] = DASH, ['*'] = DASH, ['~'] = DASH,
		[0x80 ... 0xFF] = WIDE,
	};

	return kind[c];
}

/* The ASCII letter that a character of another script looks like; 0: none. */
static char
lookup(SgDisguise *d, UChar32 cp)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar in[2], out[8];
	int32_t n = 0, len;

	if (d->checker == NULL)
		d->checker = uspoof_open(&status);
	if (U_FAILURE(status))
		return 0;
	U16_APPEND_UNSAFE(in, n, cp);
	len = uspoof_getSkeleton(d->checker, 0, in, n, out, G_N_ELEMENTS(out), &status);
	if (U_FAILURE(status) || len != 1 || out[0] >= 128)
		return 0;
	return sg_skeleton_sign((guchar)g_ascii_tolower((gchar)out[0]));
}

static char
looks_like(SgDisguise *d, UChar32 cp)
{
	Like *l = &d->like[(guint32)cp % CACHE];

	if (l->cp != cp) {
		l->cp = cp;
		l->like = lookup(d, cp);
	}
	return l->like;
}

static gboolean
is_mark(UChar32 cp)
{
	return cp >= 0x300 && (U_GET_GC_MASK(cp) & U_GC_M_MASK) != 0;
}

/* Beside Latin letters, something that looks like one and is not, or marks strewn over. */
static gboolean
has_look_alike(SgDisguise *d, const char *text, gsize from, gsize to)
{
	guint marks = 0;

	while (from < to) {
		UChar32 cp = sg_utf8_next(text, &from, to);

		marks += cp >= 0x80 && is_mark(cp);
		if (marks > 1 || (cp >= 0x80 && looks_like(d, cp) != 0))
			return TRUE;
	}
	return FALSE;
}

/* Dots count only between single letters: "end.It" is a slip, "i.d.i.o.t" is not. */
static gboolean
only_single_letters(const char *text, gsize from, gsize to, guint8 between)
{
	guint letters = 0;

	for (gsize i = from; i < to; i++) {
		guint8 kind = kind_of((guchar)text[i]);
		gboolean letter = (kind & (LETTER | SIGN)) != 0;

		if (letter && i + 1 < to && (kind_of((guchar)text[i + 1]) & between) == 0)
			return FALSE;
		if (!letter && (kind & between) == 0)
			return FALSE;
		letters += letter;
	}
	return letters >= SPACED;
}

/* Punctuation around a word is not part of it. */
static void
trim(const char *text, Word *w)
{
	while (w->from < w->to && strchr(".-_*~", text[w->from]) != NULL)
		w->from++;
	while (w->to > w->from && strchr(".-_*~!|+", text[w->to - 1]) != NULL)
		w->to--;
}

static gboolean
is_suspect(SgDisguise *d, const char *text, const Word *w, guint8 kinds, gboolean long_run)
{
	if ((kinds & (LETTER | WIDE)) == 0 || w->to - w->from < 3)
		return FALSE;
	if (long_run || (kinds & (SIGN | DASH)) != 0)
		return TRUE;
	if ((kinds & DOT) != 0)
		return only_single_letters(text, w->from, w->to, DOT);
	return (kinds & WIDE) != 0 && (kinds & LETTER) != 0 &&
	    has_look_alike(d, text, w->from, w->to);
}

/* The next word at or after at; FALSE at the end.  Blanks and signs that never
 * belong to a word end one. */
static gboolean
next_word(SgDisguise *d, const char *text, gsize len, gsize *at, Word *w)
{
	guint8 kinds = 0, run = 1;
	gboolean long_run = FALSE;
	gsize i = *at;

	while (i < len && kind_of((guchar)text[i]) == OTHER)
		i++;
	w->from = i;
	for (; i < len; i++) {
		guint8 kind = kind_of((guchar)text[i]);

		if (kind == OTHER && text[i] != '\'')
			break;
		run = kind == LETTER && i > w->from && text[i] == text[i - 1] ? run + 1 : 1;
		long_run |= run >= 3;
		run = MIN(run, 3);
		kinds |= kind;
	}
	w->to = *at = i;
	if (w->from == i)
		return FALSE;
	w->suspect = FALSE;
	if (kinds != LETTER || long_run) {
		trim(text, w);
		/* trimming may have taken all that was unusual */
		if ((kinds & (DOT | DASH | SIGN)) != 0) {
			kinds &= (guint8)~(DOT | DASH | SIGN);
			for (gsize k = w->from; k < w->to; k++)
				kinds |= kind_of((guchar)text[k]);
		}
		w->suspect = is_suspect(d, text, w, kinds, long_run);
	}
	w->single = w->to - w->from == 1 && (kinds & (LETTER | SIGN)) != 0;
	return TRUE;
}

static void
put(SgDisguise *d, char letter, char plain, gsize from, gsize to, const Word *w, gboolean spaced)
{
	Mark m = { (guint32)from, (guint32)to, 1, w->suspect != 0, spaced != 0, plain };
	Mark *last = d->marks->len > 0 ? &g_array_index(d->marks, Mark, d->marks->len - 1) : NULL;

	if (last != NULL && g_ascii_islower(letter) && d->text->str[d->text->len - 1] == letter) {
		last->to = m.to;
		last->run += last->run < 255;
		last->suspect |= m.suspect;
		if (last->plain != plain)
			last->plain = 0;
		return;
	}
	g_string_append_c(d->text, letter);
	g_array_append_val(d->marks, m);
}

static void
put_gap(SgDisguise *d, char gap, const Word *w)
{
	if (d->text->len > 0)
		put(d, gap, 0, w->from, w->from, &(Word){ 0 }, FALSE);
}

/* The letter a character passes for, 0 for none. */
static char
like_of(SgDisguise *d, UChar32 cp)
{
	if (cp < 0)
		return 0;
	return cp < 0x80 ? sg_skeleton_sign((guchar)cp) : looks_like(d, cp);
}

static gboolean
leaves_no_trace(UChar32 cp)
{
	if (cp >= 0x80)
		return is_mark(cp);
	return cp == '\'' || (cp >= 0 && (kind_of((guchar)cp) & (DASH | DOT)) != 0);
}

/* A word's letters; what has no likeness among a-z is "#" and matches nothing. */
static void
put_word(SgDisguise *d, const char *text, const Word *w, gboolean spaced)
{
	gboolean dotted = w->suspect && only_single_letters(text, w->from, w->to, DOT);

	for (gsize i = w->from; i < w->to;) {
		gsize from = i;
		UChar32 cp = sg_utf8_next(text, &i, w->to);
		char like = like_of(d, cp), plain = cp >= 'a' && cp <= 'z' ? (char)cp : 0;

		if (like != 0)
			put(d, like, plain, from, i, w, spaced);
		else if (cp == '.' && !dotted)
			put_gap(d, ' ', w);
		else if (leaves_no_trace(cp))
			continue;
		else
			put(d, '#', 0, from, i, w, FALSE);
	}
}

/* Writes the words of the list; single letters in a row become one word. */
static void
put_words(SgDisguise *d, const char *text)
{
	const Word *words = (const Word *)(gpointer)d->words->data;
	gboolean joined = FALSE;

	for (guint i = 0; i < d->words->len; i++) {
		joined = joined && words[i].single && words[i].suspect;
		if (!joined)
			put_gap(d, i == 0 ? '\n' : ' ', &words[i]);
		joined = words[i].single && words[i].suspect;
		put_word(d, text, &words[i], joined);
	}
}

/* Where the last words began, so that reading can start again before the present one. */
typedef struct {
	gsize at[WINDOW - 1];
	guint n;
} Recent;

static void
recent_add(Recent *r, gsize at)
{
	r->at[r->n++ % G_N_ELEMENTS(r->at)] = at;
}

static gsize
recent_first(const Recent *r)
{
	return r->at[r->n > G_N_ELEMENTS(r->at) ? r->n % G_N_ELEMENTS(r->at) : 0];
}

/* The end of a word of small letters only, perhaps with a full stop, that begins
 * at i; i when it needs a closer look. */
static gsize
plain_word(const char *text, gsize len, gsize i)
{
	gsize from = i;
	guint run = 0;

	for (; i < len && kind_of((guchar)text[i]) == LETTER; i++) {
		run = i > from && text[i] == text[i - 1] ? run + 1 : 1;
		if (run >= 3)
			return from;
	}
	if (i - from < 2)
		return from;
	if (i < len && text[i] == '.')
		i++;
	return i == len || (kind_of((guchar)text[i]) == OTHER && text[i] != '\'') ? i : from;
}

/* Most of all text is plain: over it as fast as can be, to before the next word
 * that looks disguised, which ends at past.  FALSE: there is none. */
static gboolean
skip_plain(SgDisguise *d, const char *text, gsize len, gsize *at, gsize *past)
{
	Recent recent = { { *at }, 0 };
	guint single = 0;
	gsize i = *at;

	for (;;) {
		gsize end;
		Word w;

		while (i < len && kind_of((guchar)text[i]) == OTHER)
			i++;
		if (i == len)
			return FALSE;
		recent_add(&recent, i);
		if ((end = plain_word(text, len, i)) > i) {
			i = end;
			single = 0;
			continue;
		}
		if (!next_word(d, text, len, &i, &w))
			return FALSE;
		single = w.single ? single + 1 : 0;
		if (w.suspect || single >= SPACED)
			break;
	}
	*at = recent_first(&recent);
	*past = i;
	return TRUE;
}

/* The last n words, single letters all, are one word in disguise. */
static void
suspect_singles(SgDisguise *d, guint n)
{
	for (guint i = d->words->len - n; i < d->words->len; i++)
		g_array_index(d->words, Word, i).suspect = TRUE;
}

/* Reads words from at on, writes those that look disguised and their neighbours,
 * and stops where plain text begins again. */
static void
read_window(SgDisguise *d, const char *text, gsize len, gsize *at, gsize past)
{
	guint single = 0, after = WINDOW;	/* single letters in a row; words still wanted */
	Word w;

	while (after > 0 && next_word(d, text, len, at, &w)) {
		single = w.single ? single + 1 : 0;
		g_array_append_val(d->words, w);
		if (single >= SPACED)
			suspect_singles(d, single == SPACED ? SPACED : 1);
		after = w.suspect || single >= SPACED ? NEIGHBOURS : after - 1;
	}
	put_words(d, text);
	/* the last neighbours may be the first ones of the next window */
	if (after == 0)
		*at = MAX(past, g_array_index(d->words, Word, d->words->len - NEIGHBOURS).from);
	g_array_set_size(d->words, 0);
}

const char *
sg_disguise_read(SgDisguise *d, const char *canon, gsize len, gsize *skeletal_len)
{
	gsize at = 0, past = 0;

	g_array_set_size(d->marks, 0);
	g_string_truncate(d->text, 0);
	while (skip_plain(d, canon, len, &at, &past))
		read_window(d, canon, len, &at, past);
	*skeletal_len = d->text->len;
	return d->text->len > 0 ? d->text->str : NULL;
}

static gboolean
is_gap(const SgDisguise *d, gsize at)
{
	return at >= d->text->len || d->text->str[at] == ' ' || d->text->str[at] == '\n';
}

gboolean
sg_disguise_is(const SgDisguise *d, const SgSkeletonWord *w, const SgSkeletonForm *form,
    gboolean prefix, gsize to, gsize *from, gsize *end)
{
	gsize start = to - w->len;
	const Mark *marks = (const Mark *)(gpointer)d->marks->data + start;
	gboolean suspect = FALSE, spaced = w->len >= UNBOUND;

	for (guint32 i = 0; i < w->len; i++) {
		guint run = marks[i].run;

		if (run != form->run[i] && (run < 3 || run < form->run[i]))
			return FALSE;
		if (marks[i].plain != 0 && form->plain[i] != 0 && marks[i].plain != form->plain[i])
			return FALSE;
		suspect |= marks[i].suspect;
		spaced = spaced && marks[i].spaced;
	}
	*from = marks[0].from;
	*end = marks[w->len - 1].to;
	if (!suspect)
		return FALSE;
	return spaced || ((start == 0 || is_gap(d, start - 1)) && (prefix || is_gap(d, to)));
}
