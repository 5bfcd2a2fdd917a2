/*
 * What remembering people costs a message: CPU of each call, with a memory of many pairs.
 * Prints a table; judges nothing.
 *   make t/bench/memory && t/bench/memory [PAIRS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "../lib/store_fixture.h"
#include "model/heading.h"
#include "store/memory.h"

#define DAY ((gint64)86400)

static double
cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void
fill(SgStore *s, guint pairs)
{
	g_autoptr(GError) error = NULL;
	char none[] = "";

	for (guint n = 0; n < pairs; n += 100) {
		g_autoptr(GPtrArray) met = g_ptr_array_new_with_free_func((GDestroyNotify)sg_meeting_free);
		const SgTrace t = { .when = NOW, .queue_id = none, .message_id = none, .sender = none, .recipients = none,
			.route = none, .verdict = none, .ref = none, .disclaimer = none, .met = met };

		for (guint k = n; k < n + 100; k++) {
			g_autofree char *to = g_strdup_printf("person%u@domain%u.example", k, k % 2000);

			g_ptr_array_add(met, sg_meeting_new(k % 300 == 0 ? "hale@hill.example" : "other@hill.example", to,
			    strchr(to, '@') + 1, "jones"));
		}
		sg_store_trace(s, &t);
		if (n % 10000 == 0)
			g_assert_true(sg_store_trace_flush(s, &error));
	}
	g_assert_true(sg_store_trace_flush(s, &error));
}

/* "#" in to becomes the number of the call. */
static void
relations(SgStore *s, const char *what, const char *to, gboolean alike, guint times)
{
	g_autoptr(GError) error = NULL;
	double before = cpu();
	guint facts = 0;

	for (guint n = 0; n < times; n++) {
		g_autoptr(SgRelations) r = sg_relations_new();
		SgRelation *one = g_new0(SgRelation, 1);
		g_autofree char *number = g_strdup_printf("%u", n);
		g_auto(GStrv) pieces = g_strsplit(to, "#", -1);

		r->from = g_strdup("hale@hill.example");
		r->home = g_strdup("");
		one->address = g_strjoinv(number, pieces);
		one->domain = g_strdup(strchr(one->address, '@') + 1);
		one->surname = g_strdup("smith");
		one->home = g_strdup("");
		g_ptr_array_add(r->to, one);
		g_assert_true(sg_store_relations(s, r, alike, NOW + 30 * DAY, 0, &error));
		facts = one->facts;
	}
	printf("%-52s %8.1f us  (facts %u)\n", what, (cpu() - before) / times, facts);
}

static void
worries(SgStore *s, guint times)
{
	g_autoptr(GError) error = NULL;
	gint64 wall = g_get_monotonic_time();
	double before = cpu();

	for (guint n = 0; n < times; n++) {
		g_autofree char *dedupe = g_strdup_printf("message %u", n), *other = g_strdup_printf("p%u@x.example", n / 8);
		g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func((GDestroyNotify)sg_contact_free);
		const SgWorry w = { dedupe, TRUE, 3, NOW + n, NOW - DAY };

		g_ptr_array_add(pairs, sg_contact_new("ann@pupils.hill.example", other));
		g_assert_true(sg_store_worry(s, &w, pairs, &error));
	}
	printf("%-52s %8.1f us  (wall %.1f us, on disk)\n", "a message with signs to a child", (cpu() - before) / times,
	    (double)(g_get_monotonic_time() - wall) / times);
}

static void
headings(guint times)
{
	static const char text[] = "From: a@x.example\r\nTo: \"Marsh, Ann\" <ann@x.example>, bo@y.example\r\nSubject: x\r\n"
	    "Message-ID: <1@x>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nbody\r\n";
	g_autoptr(GBytes) b = g_bytes_new_static(text, strlen(text));
	double before = cpu();

	for (guint n = 0; n < times; n++)
		sg_heading_free(sg_heading_read(b));
	printf("%-52s %8.1f us\n", "reading To and Cc", (cpu() - before) / times);
}

int
main(int argc, char **argv)
{
	g_auto(Place) p = { 0 };
	guint pairs = argc > 1 ? (guint)atoi(argv[1]) : 100000;
	SgStore *s;

	place_make(&p);
	s = place_open(&p);
	fill(s, pairs);
	printf("%u pairs, 2,000 domains\n", pairs);
	relations(s, "a recipient who is known", "person0@domain0.example", TRUE, 20000);
	relations(s, "a new one, and nothing was found", "somebody#@domain7.example", FALSE, 20000);
	relations(s, "a new one at a known domain", "somebody#@domain7.example", TRUE, 500);
	relations(s, "a new one at a new domain", "somebody@newdomain#-primary.example", TRUE, 500);
	headings(100000);
	worries(s, 500);
	sg_store_close(s);
	return 0;
}
