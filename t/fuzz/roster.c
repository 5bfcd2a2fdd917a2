/*
 * roster - the files of a roster, as a disk or somebody may have changed them, and texts searched with it.
 * First byte: 0 an export (CSV), 1 a table under a good code, else a text.
 */
#include <string.h>

#include "ctl/rostercsv.h"
#include "roster/pupils.h"
#include "roster/rosterfile.h"
#include "roster/rostersample.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static const guint8 key[SG_ROSTER_KEY];

static void
export(const guint8 *data, gsize n)
{
	g_autoptr(SgRosterMaker) m = sg_roster_maker_new(key, NULL);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_auto(SgRosterCount) count = { 0 };
	gboolean ok = sg_roster_csv("x", (const char *)data, n, m, problems, &count);
	g_autoptr(GBytes) bytes = sg_roster_maker_bytes(m, 1);
	g_autoptr(SgRoster) r = NULL;

	if (!ok && problems->len == 0)
		g_error("refused without a reason");
	r = ok ? sg_roster_parse(bytes, key, NULL) : NULL;
	if (ok && r == NULL)
		g_error("an import made what cannot be read");
}

static void
search(SgRoster *r, const guint8 *data, gsize n)
{
	g_autoptr(SgPupils) p = sg_pupils_new(r);
	g_autofree char *text = g_strndup((const char *)data, n);
	gsize len = strlen(text);
	gboolean over;

	for (guint form = SG_TEXT_PROSE; form <= SG_TEXT_NAME; form++) {
		const GArray *found = sg_pupils_find(p, text, len, form, &over);

		for (guint i = 0; i < found->len; i++) {
			const SgPupilAt *f = &g_array_index(found, SgPupilAt, i);

			if ((gsize)f->at + f->len > len || f->to > len || f->pupil == 0)
				g_error("found outside the text");
		}
	}
}

static void
table(const guint8 *data, gsize n)
{
	g_autofree guint8 *copy = g_malloc0(n + SG_ROSTER_CODE);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(SgRoster) r = NULL;

	memcpy(copy, data, n);
	sg_roster_code(key, copy, n, copy + n);
	bytes = g_bytes_new(copy, n + SG_ROSTER_CODE);
	r = sg_roster_parse(bytes, key, NULL);
	if (r != NULL)
		search(r, (const guint8 *)"Mia Chen 4/3/2012", 17);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static SgRoster *sample;

	if (size < 1)
		return 0;
	if (sample == NULL)
		sample = sg_roster_sample(NULL);
	if (data[0] == 0)
		export(data + 1, size - 1);
	else if (data[0] == 1)
		table(data + 1, size - 1);
	else
		search(sample, data + 1, size - 1);
	return 0;
}
