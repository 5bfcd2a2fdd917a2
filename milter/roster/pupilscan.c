#include <string.h>

#include <unicode/uchar.h>

#include "roster/pupilscan.h"
#include "word/utf8.h"

#define GAP_MOST   4u	/* bytes between two words of a name */
#define WRAPPED	   45u	/* bytes of a line that may have been broken between two words */
#define WORD_MOST  64u

typedef enum { C_OTHER, C_BLANK, C_LOWER, C_UPPER, C_DIGIT, C_HIGH } Class;

static Class
class_of(guchar c)
{
	if (c >= 0x80)
		return C_HIGH;
	if (g_ascii_islower(c))
		return C_LOWER;
	if (g_ascii_isupper(c))
		return C_UPPER;
	return g_ascii_isdigit(c) ? C_DIGIT : C_OTHER;
}

/* A letter or mark at *at: TRUE, and behind it; upper: whether it is a capital. */
static gboolean
letter(const char *text, gsize *at, gsize end, gboolean *upper)
{
	guchar c = (guchar)text[*at];
	gsize next = *at;
	UChar32 cp;

	if (c < 0x80) {
		*upper = g_ascii_isupper(c);
		*at += g_ascii_isalpha(c) != 0;
		return g_ascii_isalpha(c);
	}
	cp = sg_utf8_next(text, &next, end);
	if (cp < 0 || (!u_isalpha(cp) && (U_GET_GC_MASK(cp) & U_GC_M_MASK) == 0))
		return FALSE;
	*upper = !u_islower(cp);	/* scripts without case have no small letters to tell apart */
	*at = next;
	return TRUE;
}

/* "O'Neill": an apostrophe between letters is part of the word. */
static gsize
apostrophe(const char *text, gsize at, gsize end)
{
	if (text[at] == '\'')
		return at + 1;
	return at + 3 < end && memcmp(text + at, "\xe2\x80\x99", 3) == 0 ? at + 3 : at;
}

typedef struct {
	gsize	 at, end;
	guint	 letters, capitals;
	gboolean begin;		/* with a capital */
} Word;

static void
read_word(const char *text, gsize at, gsize to, gboolean camel, Word *w)
{
	gboolean upper = FALSE, small = FALSE;

	*w = (Word){ .at = at, .end = at };
	while (at < to) {
		gsize next = at;

		if (!letter(text, &next, to, &upper)) {
			next = apostrophe(text, at, to);
			if (next == at || w->letters == 0 || next >= to || !letter(text, &next, to, &upper))
				break;
		}
		if (camel && upper && small)
			break;
		small = !upper;
		w->begin = w->letters == 0 ? upper : w->begin;
		w->letters++;
		w->capitals += upper;
		w->end = at = next;
	}
}

static gboolean
is_particle(const char *s, gsize n)
{
	static const char *const all[] = { "al", "ap", "bin", "da", "de", "del", "den", "der", "di", "dos", "du",
		"el", "ibn", "la", "le", "mac", "ten", "ter", "van", "von", "y" };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (strlen(all[i]) == n && memcmp(all[i], s, n) == 0)
			return TRUE;
	return FALSE;
}

static guint
traits_of(const SgPupilScan *s, const Word *w, guint how)
{
	guint traits = 0;

	if (w->letters == 1)
		return SG_WORD_INITIAL;
	if (w->begin || (how & SG_SCAN_SMALL) != 0)
		traits |= SG_WORD_BEGIN;
	else if (is_particle(s->text + w->at, w->end - w->at))
		traits |= SG_WORD_INNER;
	if (w->capitals == w->letters)
		traits |= SG_WORD_CAPITALS;
	return traits;
}

/* What stands between two words: traits for the second, or -1 when no name goes on across it. */
static gint
gap(const char *text, gsize at, gsize to, gboolean wrapped)
{
	guint traits = 0;
	gsize n = to - at;

	if (n > GAP_MOST)
		return -1;
	for (gsize i = at; i < to; i++) {
		char c = text[i];

		if (c == '\t' || c == '|' || c == ';' || (c == ',' && text[i + 1] != ' ' && text[i + 1] != '\n'))
			traits |= SG_WORD_CELL;
		else if (c == ',')
			traits |= SG_WORD_COMMA;
		else if (c == '\n' && (!wrapped || traits != 0))
			return -1;
		else if (c == '-' ? n > 1 : strchr(" \n\r\"_'.", c) == NULL)
			return memcmp(text + at, "\xc2\xa0", MIN(n, 2)) == 0 && n == 2 ? 0 : -1;
	}
	return (gint)traits;
}

static gboolean
full_stop(const SgPupilScan *s, gsize at, gsize to)
{
	const SgRunWord *last = &s->run.words[s->run.n - 1];

	return (last->traits & SG_WORD_INITIAL) == 0 && memchr(s->text + at, '.', to - at) != NULL;
}

void
sg_pupil_add(SgPupilScan *s, const SgRosterHit *who, guint n, gsize at, gsize end, guint by)
{
	SgPupilAt found = { .pupil = who[0].pupil, .by = by, .at = (guint32)at, .len = (guint32)(end - at),
		.from = s->row, .to = s->row_end, .others = s->others->len, .n_others = n - 1 };

	if (s->found->len >= SG_PUPILS_MOST) {
		s->over = TRUE;
		return;
	}
	for (guint i = 1; i < n; i++)
		g_array_append_val(s->others, who[i].pupil);
	g_array_append_val(s->found, found);
}

static gboolean
take_word(SgPupilScan *s, const Word *w, guint how, gboolean wrapped)
{
	guint traits = traits_of(s, w, how);
	SgRunHit hit;

	if (s->run.n > 0) {
		gsize before = s->run.words[s->run.n - 1].end;
		gint between = gap(s->text, before, w->at, wrapped);

		if (between < 0 || ((how & SG_SCAN_FILE) == 0 && full_stop(s, before, w->at)))
			sg_run_end(&s->run);
		else
			traits |= (guint)between;
	}
	if ((traits & SG_WORD_BEGIN) == 0 && s->run.n == 0)
		return FALSE;
	if ((traits & (SG_WORD_BEGIN | SG_WORD_INNER | SG_WORD_INITIAL)) == 0) {
		sg_run_end(&s->run);
		return FALSE;
	}
	sg_run_word(&s->run, s->text, w->at, w->end, traits);
	if (!sg_run_look(&s->run, (how & SG_SCAN_CELL) != 0, &hit))
		return FALSE;
	sg_pupil_add(s, hit.who, hit.n, hit.at, hit.end,
	    hit.words && (how & SG_SCAN_PEOPLE) == 0 ? 0 : SG_PUPIL_NAME);
	sg_run_end(&s->run);
	return TRUE;
}

/* Words in small letters, while no name has begun: most of all prose. */
static gsize
pass_small(const char *text, gsize at, gsize to)
{
	while (at < to && g_ascii_isalpha(text[at]))
		at++;
	return at;
}

static gsize
pass_token(const char *text, gsize at, gsize to)
{
	while (at < to && (g_ascii_isalnum(text[at]) || (guchar)text[at] >= 0x80))
		at++;
	return at;
}

guint
sg_pupil_scan(SgPupilScan *s, gsize at, gsize to, guint how)
{
	const guint idle = how & SG_SCAN_SMALL;
	const char *text = s->text;
	gsize line = at, begin;
	gboolean wrapped = FALSE;	/* the line before may have been broken inside a name */
	guint names = 0;
	Word w = { 0 };

	sg_run_end(&s->run);
	while (at < to) {
		Class c = class_of((guchar)text[at]);

		if (c == C_OTHER || c == C_BLANK) {
			if (text[at] == '\n') {
				wrapped = at >= line + WRAPPED;
				line = at + 1;
			} else if (text[at] == '@')
				sg_pupil_email(s, at);
			at++;
			continue;
		}
		begin = at;
		if (c == C_LOWER && s->run.n == 0 && !idle)
			at = pass_small(text, at, to);
		else if (c != C_DIGIT) {
			read_word(text, at, to, (how & SG_SCAN_FILE) != 0, &w);
			at = w.end;
		}
		if (c == C_DIGIT || (at < to && at > begin && g_ascii_isdigit(text[at]) &&
		    (how & SG_SCAN_FILE) == 0)) {
			gsize used = sg_pupil_value(s, begin);

			at = used > 0 ? begin + used : pass_token(text, begin, to);
			sg_run_end(&s->run);
		} else if (at == begin) {	/* not a letter after all */
			(void)sg_utf8_next(text, &at, to);
		} else if (c != C_LOWER || s->run.n > 0 || idle) {
			names += take_word(s, &w, how, wrapped);
		}
	}
	return names;
}
