#include <string.h>

#include "roster/pupilscan.h"

#define BESIDE_MOST 64u	/* dates and postcodes beside one name that are looked at */

struct SgPupils {
	SgPupilScan scan;
};

SgPupils *
sg_pupils_new(SgRoster *r)
{
	SgPupils *p = g_new0(SgPupils, 1);

	p->scan.roster = sg_roster_ref(r);
	p->scan.kinds = sg_roster_kinds(r);
	p->scan.run.roster = r;
	p->scan.run.fold = g_string_new(NULL);
	p->scan.found = g_array_new(FALSE, FALSE, sizeof(SgPupilAt));
	p->scan.values = g_array_new(FALSE, FALSE, sizeof(SgPupilValue));
	p->scan.others = g_array_new(FALSE, FALSE, sizeof(guint32));
	return p;
}

void
sg_pupils_free(SgPupils *p)
{
	if (p == NULL)
		return;
	g_string_free(p->scan.run.fold, TRUE);
	g_array_unref(p->scan.found);
	g_array_unref(p->scan.values);
	g_array_unref(p->scan.others);
	sg_roster_unref(p->scan.roster);
	g_free(p);
}

/* Is the value this pupil's, or that of one of the same name?  Then it was that one. */
static gboolean
is_theirs(const SgPupilScan *s, SgPupilAt *f, const SgPupilValue *v)
{
	SgRosterHit who[SG_ROSTER_SAME];

	if (sg_roster_look(s->roster, v->kind, f->pupil, v->text, strlen(v->text), who) > 0)
		return TRUE;
	for (guint i = 0; i < f->n_others; i++) {
		guint32 other = g_array_index(s->others, guint32, f->others + i);

		if (sg_roster_look(s->roster, v->kind, other, v->text, strlen(v->text), who) > 0) {
			f->pupil = other;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean
beside(const SgPupilAt *f, const SgPupilValue *v)
{
	if (f->to > 0)
		return v->from == f->from;
	return v->at + SG_PUPILS_NEAR >= f->at && v->at <= (guint64)f->at + f->len + SG_PUPILS_NEAR;
}

static int
by_place(gconstpointer x, gconstpointer y)
{
	const SgPupilAt *a = x, *b = y;

	return a->at < b->at ? -1 : a->at > b->at;
}

/* Both are in order of place, so what is behind once is behind for good. */
static void
join_values(SgPupilScan *s)
{
	guint low = 0;

	for (guint i = 0; i < s->found->len; i++) {
		SgPupilAt *f = &g_array_index(s->found, SgPupilAt, i);
		guint32 least = f->to > 0 ? f->from : f->at > SG_PUPILS_NEAR ? f->at - SG_PUPILS_NEAR : 0;
		guint32 most = f->to > 0 ? f->to : f->at + f->len + SG_PUPILS_NEAR;

		if ((f->by & ~(guint)SG_PUPIL_NAME) != 0)
			continue;	/* it was a number of theirs already */
		while (low < s->values->len && g_array_index(s->values, SgPupilValue, low).at < least)
			low++;
		for (guint k = low; k < s->values->len; k++) {
			const SgPupilValue *v = &g_array_index(s->values, SgPupilValue, k);

			if (v->at > most)
				break;
			if (k - low >= BESIDE_MOST) {
				s->over = TRUE;
				break;
			}
			if (beside(f, v) && is_theirs(s, f, v))
				f->by |= SG_PUPIL_NAME | (v->kind == SG_ROSTER_DOB ? SG_PUPIL_DOB : SG_PUPIL_ADDRESS);
		}
	}
}

const GArray *
sg_pupils_find(SgPupils *p, const char *text, gsize len, SgTextForm form, gboolean *over)
{
	SgPupilScan *s = &p->scan;

	g_array_set_size(s->found, 0);
	g_array_set_size(s->values, 0);
	g_array_set_size(s->others, 0);
	s->text = text;
	s->len = MIN(len, G_MAXUINT32 - 2 * SG_PUPILS_NEAR);
	s->over = len != s->len;
	s->row = s->row_end = 0;
	if (form == SG_TEXT_TABLE)
		sg_pupil_rows(s);
	else
		(void)sg_pupil_scan(s, 0, s->len, form == SG_TEXT_NAME ?
		    SG_SCAN_SMALL | SG_SCAN_FILE | SG_SCAN_CELL : 0);
	g_array_sort(s->found, by_place);
	if (s->values->len > 0)
		join_values(s);
	*over = s->over;
	return s->found;
}
