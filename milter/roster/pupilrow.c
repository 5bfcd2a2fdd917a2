/* pupilrow - the rows of a table: names in one cell, or forename and surname in two. */
#include <string.h>

#include "roster/pupilscan.h"
#include "value/tables.h"
#include "word/fold.h"

#define CELL_MOST 60u	/* bytes of a cell that may be a name */
#define PAIRED	  6u	/* cells of a row that are tried with one another: the first ones, */
#define BESIDE	  2u	/* then each with those before it, and those whose headers say name */

typedef struct {
	guint32 at, end;
	gboolean people;	/* by the header of its column */
} Cell;

/* Cells of a row that may be half a name, the last few of them. */
typedef struct {
	Cell  cell[PAIRED];
	guint n;
} Halves;

/* "Name", "Pupil's forename", "Student surname" */
static gboolean
heads_people(const char *s, gsize n)
{
	static const char *const words[] = { "name", "pupil", "student", "child", "learner", "candidate", "given",
		"family", "preferred", "first", "last" };
	g_autoptr(GString) fold = g_string_new(NULL);

	sg_fold_word(s, n, fold);
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(fold->str, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* By column: does its header say that names stand in it? */
static void
read_heads(const char *text, gsize end, GByteArray *heads)
{
	for (gsize at = 0; at < end && heads->len < SG_TABLE_COLUMNS;) {
		const char *tab = memchr(text + at, '\t', end - at);
		gsize to = tab != NULL ? (gsize)(tab - text) : end;
		guint8 people = heads_people(text + at, to - at);

		g_byte_array_append(heads, &people, 1);
		at = to + 1;
	}
}

/* Letters, blanks, hyphens and apostrophes only. */
static gboolean
like_a_name(const char *s, gsize n)
{
	guint words = 1;

	if (n == 0 || n > CELL_MOST)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		if (!g_ascii_isalpha(s[i]) && (guchar)s[i] < 0x80 && strchr(" -'.,", s[i]) == NULL)
			return FALSE;
		words += s[i] == ' ';
	}
	return words <= 5;
}

static void
try_pair(SgPupilScan *s, const Cell *a, const Cell *b)
{
	SgRosterHit who[SG_ROSTER_SAME];
	gboolean people = a->people && b->people, words = TRUE;
	guint n;

	g_string_truncate(s->run.fold, 0);
	for (const Cell *c = a; c != NULL; c = c == a ? b : NULL)
		for (gsize at = c->at; at < c->end;) {
			gsize len = strcspn(s->text + at, " -\t\n");

			sg_fold_word(s->text + at, MIN(len, c->end - at), s->run.fold);
			at += len + 1;
		}
	n = sg_roster_look(s->roster, SG_ROSTER_NAME, 0, s->run.fold->str, s->run.fold->len, who);
	for (guint i = 0; i < n; i++)
		words = words && (who[i].flags & SG_ROSTER_WORDS) != 0;
	if (n > 0)
		sg_pupil_add(s, who, n, a->at, b->end, words && !people ? 0 : SG_PUPIL_NAME);
}

static void
try_last(SgPupilScan *s, const Halves *h, guint near, const Cell *half)
{
	for (guint i = MIN(MIN(h->n, near), PAIRED); i > 0; i--)
		try_pair(s, &h->cell[(h->n - i) % PAIRED], half);
}

static void
keep_half(Halves *h, const Cell *half)
{
	h->cell[h->n++ % PAIRED] = *half;
}

static void
scan_row(SgPupilScan *s, gsize from, gsize end, const GByteArray *heads)
{
	Halves all = { .n = 0 }, people = { .n = 0 };
	guint column = 0;

	s->row = (guint32)from;
	s->row_end = (guint32)end;
	for (gsize at = from; at < end; column++) {
		const char *tab = memchr(s->text + at, '\t', end - at);
		gsize to = tab != NULL ? (gsize)(tab - s->text) : end;
		gboolean name = like_a_name(s->text + at, to - at);
		Cell half = { (guint32)at, (guint32)to, column < heads->len && heads->data[column] };
		guint how = (name ? SG_SCAN_SMALL | SG_SCAN_CELL : 0) | (half.people ? SG_SCAN_PEOPLE : 0);

		if (sg_pupil_scan(s, at, to, how) == 0 && name) {
			if (all.n >= PAIRED && half.people)
				try_last(s, &people, PAIRED, &half);
			else
				try_last(s, &all, all.n < PAIRED ? PAIRED : BESIDE, &half);
			keep_half(&all, &half);
			if (half.people)
				keep_half(&people, &half);
		}
		at = to + 1;
	}
}

void
sg_pupil_rows(SgPupilScan *s)
{
	g_autoptr(GByteArray) heads = g_byte_array_new();
	gsize at = 0;

	for (gboolean first = TRUE; at < s->len; first = FALSE) {
		const char *line = memchr(s->text + at, '\n', s->len - at);
		gsize end = line != NULL ? (gsize)(line - s->text) : s->len;

		if (first)
			read_heads(s->text, end, heads);
		else
			scan_row(s, at, end, heads);
		at = end + 1;
	}
	s->row = s->row_end = 0;
}
