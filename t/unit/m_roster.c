/* fails-if: a pupil of the roster is missed in a common spelling or found in ordinary prose, or a broken roster is used */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "roster/pupils.h"
#include "roster/rosterfile.h"
#include "roster/rostermake.h"
#include "roster/rostersample.h"

static const SgPupilAt *
first(SgPupils *p, SgTextForm form, const char *text, guint *n)
{
	gboolean over;
	const GArray *found = sg_pupils_find(p, text, strlen(text), form, &over);
	const SgPupilAt *one = NULL;

	*n = 0;
	for (guint i = 0; i < found->len; i++) {
		const SgPupilAt *f = &g_array_index(found, SgPupilAt, i);

		g_assert_cmpuint(f->at + f->len, <=, strlen(text));
		*n += f->by != 0;
		if (one == NULL && f->by != 0)
			one = f;
	}
	g_assert_false(over);
	return one;
}

static SgPupils *
pupils(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgRoster) r = sg_roster_sample(&error);

	g_assert_no_error(error);
	return sg_pupils_new(r);
}

static void
names_in_prose(void)
{
	static const struct {
		const char *text;
		guint pupil;	/* 0: nobody */
	} cases[] = {
		{ "We met Mia Chen's mother today.", 1 }, { "Chen, Mia (7C) was late.", 1 }, { "CHEN Mia", 1 },
		{ "MIA CHEN", 1 }, { "CHEN MIA", 0 }, { "Mia\nChen", 0 }, { "thanks for the long letter that you wrote about Mia\nChen", 1 },
		{ "Mia J. Chen", 1 }, { "mia chen", 0 }, { "Mia. Chen", 0 }, { "Mia and Chen", 0 },
		{ "Mia, Chen and Tom", 0 }, { "Forename,Surname\nMia,Chen,7C", 1 }, { "\"Chen\",\"Mia\"", 1 },
		{ "Chen | Mia | 7C", 1 }, { "Chen|Mia|7C", 1 },
		{ "Zoe Kowalczyk", 3 }, { "Zoë Kowalczyk", 3 }, { "ZOË KOWALCZYK", 3 }, { "Zoe\xcc\x88 Kowalczyk", 3 },
		{ "Finn O'Neill", 4 }, { "Finn O\xe2\x80\x99Neill", 4 }, { "Finn ONeill", 4 },
		{ "Anne-Marie Smith-Jones", 5 }, { "Anne Marie Smith Jones", 5 }, { "Annemarie Jones", 5 },
		{ "Anne Smith", 5 }, { "Mohammed al-Rashid", 6 }, { "Mohammed Al Rashid", 6 },
		{ "Jakub Wisniewski", 11 }, { "Sofia van der Berg", 18 }, { "Sofia Van Der Berg", 18 },
		{ "Will Young people be heard?", 0 }, { "On a Summer Day", 0 }, { "Summer Day, 4 July", 0 },
		{ "Chenille Mia", 0 }, { "Mia Cheng", 0 }, { "", 0 }, { "Mia", 0 }, { "\xff\xfeMia Chen", 1 },
	};
	g_autoptr(SgPupils) p = pupils();

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint n;
		const SgPupilAt *f = first(p, SG_TEXT_PROSE, cases[i].text, &n);

		g_test_message("%s", cases[i].text);
		g_assert_cmpuint(n, ==, cases[i].pupil != 0);
		g_assert_cmpuint(f != NULL ? f->pupil : 0, ==, cases[i].pupil);
	}
}

static void
second_fields(void)
{
	static const struct {
		const char *text;
		guint pupil, by;
	} cases[] = {
		{ "Mia Chen, born 4 March 2012", 1, SG_PUPIL_NAME | SG_PUPIL_DOB },
		{ "DOB 04/03/12: Mia Chen", 1, SG_PUPIL_NAME | SG_PUPIL_DOB },
		{ "Mia Chen 2012-03-04", 1, SG_PUPIL_NAME | SG_PUPIL_DOB },
		{ "Mia Chen, born 5 March 2012", 1, SG_PUPIL_NAME },
		{ "Will Young (19.05.2012)", 7, SG_PUPIL_NAME | SG_PUPIL_DOB },
		{ "Mia Chen, HV1 2AB", 1, SG_PUPIL_NAME | SG_PUPIL_ADDRESS },
		{ "14 Tannery Row, Hillview, HV1 2AB", 1, SG_PUPIL_ADDRESS },
		{ "15 Tannery Row, Hillview, HV1 2AB", 0, 0 },
		{ "her UPN is H801200001001.", 1, SG_PUPIL_UPN }, { "upn h801200001001", 1, SG_PUPIL_UPN },
		{ "H8012000010012", 0, 0 }, { "XH801200001001", 0, 0 },
	};
	g_autoptr(SgPupils) p = pupils();

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint n;
		const SgPupilAt *f = first(p, SG_TEXT_PROSE, cases[i].text, &n);

		g_test_message("%s", cases[i].text);
		g_assert_cmpuint(f != NULL ? f->pupil : 0, ==, cases[i].pupil);
		g_assert_cmpuint(f != NULL ? f->by : 0, ==, cases[i].by);
	}
}

static void
tables_and_file_names(void)
{
	static const struct {
		SgTextForm form;
		const char *text;
		guint n;
	} cases[] = {
		{ SG_TEXT_TABLE, "Surname\tForename\tForm\nChen\tMia\t7C\nAdeyemi\tOluwaseun\t7R", 2 },
		{ SG_TEXT_TABLE, "Form\tForename\tHouse\tSurname\n7C\tmia\tRowan\tchen", 1 },
		{ SG_TEXT_TABLE, "\t\t\nMia\t7C\tChen", 1 },
		/* behind other words, and behind more columns than one cares to count */
		{ SG_TEXT_TABLE, "a\tb\tc\td\te\tf\tg\tSurname\tx\ty\tz\tForename\nElm\tOak\tAsh\tFir\tBox\tYew\tFig\t"
			"Chen\tHolly\tIvy\tRue\tMia", 1 },
		{ SG_TEXT_TABLE, "\nElm\tOak\tAsh\tFir\tBox\tYew\tFig\tChen\tMia", 1 },
		{ SG_TEXT_TABLE, "Name\tScore\nmia chen\t4\nChen, Mia\t5", 2 },
		{ SG_TEXT_TABLE, "Name\tScore\nWill Young\t4", 1 },
		{ SG_TEXT_TABLE, "Event\tPlace\nSummer Day\tField", 0 },
		{ SG_TEXT_TABLE, "Forename\tSurname\nSummer\tDay", 1 },
		{ SG_TEXT_TABLE, "Mia\tChen", 0 },		/* a header only */
		{ SG_TEXT_NAME, "Mia_Chen_sports.jpg", 1 }, { SG_TEXT_NAME, "MiaChen.jpg", 1 },
		{ SG_TEXT_NAME, "chen-mia (2).JPG", 1 }, { SG_TEXT_NAME, "mia.chen.png", 1 },
		{ SG_TEXT_NAME, "IMG_2012.jpg", 0 }, { SG_TEXT_NAME, "summer-day.jpg", 0 },
	};
	g_autoptr(SgPupils) p = pupils();
	g_autofree char *tabs = g_strnfill(1000, '\t');
	g_autofree char *wide = g_strconcat(tabs, "Surname\tForename\n", tabs, "Day\tSummer\n", NULL);
	guint n;

	/* ordinary words are names by their columns' headers, however far to the right */
	(void)first(p, SG_TEXT_TABLE, wide, &n);
	g_assert_cmpuint(n, ==, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].text);
		(void)first(p, cases[i].form, cases[i].text, &n);
		g_assert_cmpuint(n, ==, cases[i].n);
	}
}

/* Two pupils of one name are one until something tells them apart. */
static void
same_names(void)
{
	static const guint8 key[SG_ROSTER_KEY] = { 1 };
	g_autoptr(SgRosterMaker) m = sg_roster_maker_new(key, NULL);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(SgRoster) r = NULL;
	g_autoptr(SgPupils) p = NULL;
	guint n;

	for (guint i = 0; i < 2; i++) {
		guint32 number = sg_roster_maker_pupil(m);

		g_assert_true(sg_roster_maker_name(m, number, "Amy", "Walker"));
		g_assert_true(sg_roster_maker_value(m, number, SG_ROSTER_DOB, i == 0 ? "1/2/2010" : "3/4/2012"));
	}
	bytes = sg_roster_maker_bytes(m, 7);
	r = sg_roster_parse(bytes, key, NULL);
	p = sg_pupils_new(r);
	g_assert_cmpuint(first(p, SG_TEXT_PROSE, "Amy Walker", &n)->pupil, ==, 1);
	g_assert_cmpuint(first(p, SG_TEXT_PROSE, "Amy Walker 3/4/2012", &n)->pupil, ==, 2);
	g_assert_cmpuint(n, ==, 1);
	g_assert_cmpint(sg_roster_made(r), ==, 7);
}

static void
refuses(const guint8 *p, gsize n, const guint8 *key)
{
	g_autoptr(GBytes) bytes = g_bytes_new(p, n);
	g_autoptr(GError) error = NULL;

	g_assert_null(sg_roster_parse(bytes, key, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
}

static void
broken_files(void)
{
	static const guint8 key[SG_ROSTER_KEY] = { 1 }, other[SG_ROSTER_KEY] = { 2 };
	g_autoptr(SgRosterMaker) m = sg_roster_maker_new(key, NULL);
	g_autoptr(GBytes) bytes = NULL;
	gsize n;
	const guint8 *p;

	g_assert_true(sg_roster_maker_name(m, sg_roster_maker_pupil(m), "Amy", "Walker"));
	bytes = sg_roster_maker_bytes(m, 7);
	p = g_bytes_get_data(bytes, &n);
	refuses(p, n, other);
	for (gsize cut = 0; cut < n; cut++)
		refuses(p, cut, key);
	for (gsize i = 0; i < n; i++) {
		g_autofree guint8 *copy = g_memdup2(p, n);

		copy[i] ^= 1;
		refuses(copy, n, key);
	}
}

/* With the right code, but a table that no import writes. */
static void
false_tables(void)
{
	static const guint8 key[SG_ROSTER_KEY] = { 1 };
	gsize n = sizeof(SgRosterHead) + 16 * sizeof(SgRosterSlot);
	g_autofree guint8 *p = g_malloc0(n + SG_ROSTER_CODE);
	SgRosterHead head = { .pupils = 1, .log2_slots = 4 };

	memcpy(head.magic, SG_ROSTER_MAGIC, 8);
	for (guint full = 1; full <= 16; full++) {
		SgRosterSlot slot = { full, full % 2, 0 };	/* a pupil 0 among them */

		head.entries = full;
		memcpy(p, &head, sizeof head);
		memcpy(p + sizeof head + (full - 1) * sizeof slot, &slot, sizeof slot);
		sg_roster_code(key, p, n, p + n);
		if (full > 1)
			refuses(p, n + SG_ROSTER_CODE, key);
	}
	head = (SgRosterHead){ .pupils = 1, .log2_slots = 60 };
	memcpy(head.magic, SG_ROSTER_MAGIC, 8);
	memcpy(p, &head, sizeof head);
	sg_roster_code(key, p, n, p + n);
	refuses(p, n + SG_ROSTER_CODE, key);
}

static void
files_and_rights(void)
{
	g_autofree char *dir = g_dir_make_tmp("sg-roster-XXXXXX", NULL);
	g_autofree char *key_file = g_build_filename(dir, SG_ROSTER_KEYS, NULL);
	g_autofree char *file = g_build_filename(dir, SG_ROSTER_FILE, NULL), *data = NULL;
	g_autoptr(SgRosterMaker) m = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) error = NULL;
	SgRoster *r = NULL;
	guint8 key[SG_ROSTER_KEY], again[SG_ROSTER_KEY];
	guint64 stamp;
	gboolean was;
	struct stat st;
	gsize n;

	g_assert_true(sg_roster_load(dir, &r, &error));
	g_assert_null(r);
	g_assert_true(sg_roster_key(dir, key, &error));
	g_assert_true(sg_roster_key(dir, again, &error));
	g_assert_cmpmem(key, sizeof key, again, sizeof again);
	m = sg_roster_maker_new(key, NULL);
	g_assert_true(sg_roster_maker_name(m, sg_roster_maker_pupil(m), "Amy", "Walker"));
	bytes = sg_roster_maker_bytes(m, 7);
	g_assert_true(sg_roster_put(dir, bytes, &error));
	stamp = sg_roster_stamp(dir);
	g_assert_cmpuint(stamp, !=, 0);
	g_assert_true(sg_roster_put(dir, bytes, &error));
	g_assert_cmpuint(stamp, !=, sg_roster_stamp(dir));
	g_assert_true(stat(file, &st) == 0 && (st.st_mode & 07777) == 0640);
	g_assert_true(stat(key_file, &st) == 0 && (st.st_mode & 07777) == 0640);
	g_assert_true(g_file_get_contents(file, &data, &n, NULL));
	g_assert_null(memmem(data, n, "alker", 5));
	g_assert_true(sg_roster_load(dir, &r, &error));
	g_assert_nonnull(r);
	g_clear_pointer(&r, sg_roster_unref);
	g_assert_true(chmod(key_file, 0644) == 0);
	g_assert_false(sg_roster_load(dir, &r, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_clear_error(&error);
	g_assert_true(sg_roster_remove(dir, &was, &error) && was);
	g_assert_true(sg_roster_remove(dir, &was, &error) && !was);
	g_assert_cmpuint(sg_roster_stamp(dir), ==, 0);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void
plain_values(void)
{
	static const struct {
		SgRosterKind kind;
		const char *text, *plain;
	} cases[] = {
		{ SG_ROSTER_DOB, "4/3/2012", "20120304" }, { SG_ROSTER_DOB, "04/03/2012 00:00:00", "20120304" },
		{ SG_ROSTER_DOB, "2012-03-04T00:00:00", "20120304" }, { SG_ROSTER_DOB, "4th March 2012", "20120304" },
		{ SG_ROSTER_DOB, "04-Mar-2012", "20120304" }, { SG_ROSTER_DOB, "31/13/2012", NULL },
		{ SG_ROSTER_DOB, "40972", NULL }, { SG_ROSTER_DOB, "", NULL },
		{ SG_ROSTER_PHONE, "07700 900123", "07700900123" }, { SG_ROSTER_PHONE, "+44 (0)7700 900123", "07700900123" },
		{ SG_ROSTER_PHONE, "+447700900123", "07700900123" }, { SG_ROSTER_PHONE, "(01632) 960000", "01632960000" },
		{ SG_ROSTER_PHONE, "01632 960000", "01632960000" }, { SG_ROSTER_PHONE, "n/a", NULL },
		{ SG_ROSTER_POSTCODE, "hv12ab", "HV12AB" }, { SG_ROSTER_POSTCODE, "W1A 0AX", "W1A0AX" },
		{ SG_ROSTER_POSTCODE, "HV12 3CD", "HV123CD" }, { SG_ROSTER_POSTCODE, "HV1", NULL },
		{ SG_ROSTER_EMAIL, "Mia@Pupils.Example", "mia@pupils.example" }, { SG_ROSTER_EMAIL, "Mia", NULL },
		{ SG_ROSTER_UPN, " h801200001001 ", "H801200001001" }, { SG_ROSTER_UPN, "12", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *plain = sg_roster_plain(cases[i].kind, cases[i].text);

		g_test_message("%s", cases[i].text);
		g_assert_cmpstr(plain, ==, cases[i].plain);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/roster/names-in-prose", names_in_prose);
	g_test_add_func("/roster/second-fields", second_fields);
	g_test_add_func("/roster/tables-and-file-names", tables_and_file_names);
	g_test_add_func("/roster/same-names", same_names);
	g_test_add_func("/roster/broken-files", broken_files);
	g_test_add_func("/roster/false-tables", false_tables);
	g_test_add_func("/roster/files-and-rights", files_and_rights);
	g_test_add_func("/roster/plain-values", plain_values);
	return g_test_run();
}
