/*
 * roster - how fast texts are searched for pupils: t/bench/roster [PUPILS] [FILE...]
 *
 * Without files: made-up prose, a list of names in prose, and a table, 8 MiB each.  Says the
 * time to build, to load, and MB/s for each text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "roster/pupils.h"
#include "roster/rostermake.h"

#define SIZE (8u << 20)

static const guint8 key[SG_ROSTER_KEY] = { 7 };

/* Names of two to four syllables: as many different ones as are wanted. */
static void
word(GString *s, guint32 n, gboolean capital)
{
	static const char *const syllables[] = { "ma", "ri", "lo", "ten", "da", "ker", "sha", "vi", "bro", "nel", "ju", "pat",
		"wen", "os", "fi", "gra" };
	gsize at = s->len;

	for (guint i = 0; i < 3; i++, n /= 16)
		g_string_append(s, syllables[n % 16]);
	if (capital)
		s->str[at] = g_ascii_toupper(s->str[at]);
}

static SgRoster *
make(guint pupils)
{
	g_autoptr(SgRosterMaker) m = sg_roster_maker_new(key, NULL);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GTimer) timer = g_timer_new();
	SgRoster *r;
	double built;

	for (guint i = 0; i < pupils; i++) {
		g_autoptr(GString) given = g_string_new(NULL), family = g_string_new(NULL);
		g_autofree char *dob = g_strdup_printf("%u/%u/%u", i % 28 + 1, i % 12 + 1, 2008 + i % 10);
		g_autofree char *upn = g_strdup_printf("H8%010uA", i);
		g_autofree char *address = g_strdup_printf("%u High Street", i % 300 + 1);
		g_autofree char *post = g_strdup_printf("HV%u %u%c%c", i % 90 + 1, i % 10, 'A' + i % 26, 'A' + i / 26 % 26);
		guint32 n = sg_roster_maker_pupil(m);

		word(given, i * 2654435761u >> 7, TRUE);
		word(family, i * 40503u >> 3, TRUE);
		(void)sg_roster_maker_name(m, n, given->str, family->str);
		(void)sg_roster_maker_value(m, n, SG_ROSTER_DOB, dob);
		(void)sg_roster_maker_value(m, n, SG_ROSTER_UPN, upn);
		(void)sg_roster_maker_value(m, n, SG_ROSTER_POSTCODE, post);
		(void)sg_roster_maker_address(m, n, address, post);
	}
	bytes = sg_roster_maker_bytes(m, 0);
	built = g_timer_elapsed(timer, NULL);
	g_timer_start(timer);
	r = sg_roster_parse(bytes, key, &error);
	if (r == NULL)
		g_error("%s", error->message);
	printf("%u pupils: %.1f MiB, built in %.0f ms, loaded in %.0f ms\n", pupils,
	    (double)g_bytes_get_size(bytes) / (1 << 20), built * 1000, g_timer_elapsed(timer, NULL) * 1000);
	return r;
}

static void
run(SgPupils *p, const char *what, const char *text, gsize len, SgTextForm form)
{
	clock_t begin = clock();	/* of the processor: others may be busy too */
	guint rounds = 0, found = 0;
	gboolean over = FALSE;

	do {
		found = sg_pupils_find(p, text, len, form, &over)->len;
		rounds++;
	} while (clock() - begin < CLOCKS_PER_SEC);
	printf("%-14s %8.1f MB/s   %u found%s\n", what,
	    (double)len * rounds * CLOCKS_PER_SEC / (double)(clock() - begin) / 1e6, found, over ? " (limit)" : "");
}

static void
made_up(SgPupils *p)
{
	g_autoptr(GString) prose = g_string_new(NULL), names = g_string_new(NULL), table = g_string_new("Surname\tForename\tForm\tDOB\tNote\n");

	for (guint32 i = 0, r = 1; prose->len < SIZE; i++, r = r * 1664525u + 1013904223u) {
		word(prose, r >> 8, i % 9 == 0 || r % 40 == 0);
		g_string_append(prose, i % 9 == 8 ? ". " : i % 14 == 13 ? "\n" : " ");
	}
	for (guint32 r = 1; names->len < SIZE; r = r * 1664525u + 1013904223u) {
		word(names, r >> 8, TRUE);
		g_string_append_c(names, ' ');
		word(names, r >> 13, TRUE);
		g_string_append(names, ", ");
	}
	for (guint32 r = 1; table->len < SIZE; r = r * 1664525u + 1013904223u) {
		word(table, r >> 8, TRUE);
		g_string_append_c(table, '\t');
		word(table, r >> 13, TRUE);
		g_string_append_printf(table, "\t7C\t%u/%u/2012\tgood work\n", r % 28 + 1, r % 12 + 1);
	}
	run(p, "prose", prose->str, prose->len, SG_TEXT_PROSE);
	run(p, "names", names->str, names->len, SG_TEXT_PROSE);
	run(p, "table", table->str, table->len, SG_TEXT_TABLE);
}

int
main(int argc, char **argv)
{
	guint pupils = argc > 1 ? (guint)strtoul(argv[1], NULL, 10) : 50000;
	g_autoptr(SgRoster) r = make(MAX(pupils, 1));
	g_autoptr(SgPupils) p = sg_pupils_new(r);

	if (argc < 3)
		made_up(p);
	for (int i = 2; i < argc; i++) {
		g_autofree char *text = NULL;
		gsize len;

		if (g_file_get_contents(argv[i], &text, &len, NULL))
			run(p, argv[i], text, len, SG_TEXT_PROSE);
	}
	return 0;
}
