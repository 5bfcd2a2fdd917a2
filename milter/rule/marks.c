#include "rule/marks.h"
#include "word/flat.h"

#define AROUND 12u	/* letters either side */

SgMarks *
sg_marks_new(const SgText *text, gsize len)
{
	SgMarks *m = g_new0(SgMarks, 1);

	m->flat = sg_flat(text->text, len);
	m->len = len;
	m->values = g_array_new(FALSE, FALSE, sizeof(SgValue));
	m->tables = g_array_new(FALSE, FALSE, sizeof(SgTable));
	m->full = !sg_tables_find(m->flat, len, text->columns > 0, SG_MARKS_VALUES, m->values, m->tables,
	    &m->wide);
	return m;
}

void
sg_marks_free(SgMarks *m)
{
	if (m == NULL)
		return;
	g_array_unref(m->values);
	g_array_unref(m->tables);
	g_free(m->flat);
	g_free(m);
}

static guint64
mix(guint64 h, char c)
{
	return (h ^ (guchar)g_ascii_tolower(c)) * 0x100000001b3u;	/* FNV-1a */
}

guint64
sg_marks_around(const SgMarks *m, gsize from, gsize to)
{
	guint64 h = 0xcbf29ce484222325u;
	gsize low = from > 200 ? from - 200 : 0, high = MIN(m->len, to + 200);

	for (guint n = 0; n < AROUND && from > low; from--)
		if (g_ascii_isalnum(m->flat[from - 1])) {
			h = mix(h, m->flat[from - 1]);
			n++;
		}
	h = mix(h, '|');
	for (guint n = 0; n < AROUND && to < high; to++)
		if (g_ascii_isalnum(m->flat[to])) {
			h = mix(h, m->flat[to]);
			n++;
		}
	return h;
}

gboolean
sg_marks_excepted(const SgMarks *m, gsize at, gsize len)
{
	guint low = 0, high = m->n_except;

	while (low < high) {	/* the first that begins behind at */
		guint mid = low + (high - low) / 2;

		if (m->except[mid].at <= at)
			low = mid + 1;
		else
			high = mid;
	}
	/* a phrase is short: one that reaches over the value is among the last few */
	for (guint i = low; i > 0 && low - i < 8; i--)
		if ((gsize)m->except[i - 1].at + m->except[i - 1].len >= at + len)
			return TRUE;
	return FALSE;
}
