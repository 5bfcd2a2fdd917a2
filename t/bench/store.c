/*
 * What the store costs: filings and traces a second, CPU of the calls on the mail path,
 * of a long queue, and of the nightly rebuild.  Prints a table; judges nothing.
 *   make t/bench/store && t/bench/store [DIRECTORY]
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "../lib/store_fixture.h"

static double
cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

typedef struct Meter {
	gint64 wall;
	double cpu;
} Meter;

static Meter
begin(void)
{
	return (Meter){ g_get_monotonic_time(), cpu() };
}

static void
say(const char *what, guint n, Meter m)
{
	double wall = (double)(g_get_monotonic_time() - m.wall) / 1e6, used = cpu() - m.cpu;

	printf("%-44s %7u  %9.0f/s  wall %9.1f us  cpu %9.1f us\n", what, n, n / wall, wall * 1e6 / n, used * 1e6 / n);
}

typedef struct Load {
	SgStore *s;
	GBytes	*message;
	gint	 next, until;
} Load;

static void
file_nr(const Load *l, gint n)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *ref = g_strdup_printf("%08d", n);
	g_autoptr(SgIncident) i = incident_make(ref, ref, "a@x.example b@x.example");
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(SgReading) r = l->message != NULL ? reading_make("x") : NULL;

	i->look_by += n * 37 % 10000;
	g_assert_true(sg_store_file(l->s, i, l->message, r, NULL, &known, &error));
}

static gpointer
filer(gpointer data)
{
	Load *l = data;
	gint n;

	while ((n = g_atomic_int_add(&l->next, 1)) < l->until)
		file_nr(l, n);
	return NULL;
}

static void
bench_filing(Load *l)
{
	static const gsize sizes[] = { 0, 10240, 1048576 };
	static const char *const names[] = { "file, facts alone", "file, message of 10 KB", "file, message of 1 MB" };
	GThread *threads[8];
	Meter m;

	for (gsize k = 0; k < G_N_ELEMENTS(sizes); k++) {
		guint n = sizes[k] > 100000 ? 200 : 2000;

		l->message = sizes[k] > 0 ? g_bytes_new_take(g_malloc0(sizes[k]), sizes[k]) : NULL;
		l->until = l->next + (gint)n;
		m = begin();
		filer(l);
		say(names[k], n, m);
		l->next = l->until;
		g_clear_pointer(&l->message, g_bytes_unref);
	}
	l->message = g_bytes_new_take(g_malloc0(10240), 10240);
	l->until = l->next + 2000;
	m = begin();
	for (gsize k = 0; k < G_N_ELEMENTS(threads); k++)
		threads[k] = g_thread_new("file", filer, l);
	for (gsize k = 0; k < G_N_ELEMENTS(threads); k++)
		g_thread_join(threads[k]);
	say("file, message of 10 KB, 8 threads", 2000, m);
	l->next = l->until;
	g_clear_pointer(&l->message, g_bytes_unref);
}

static void
bench_traces(SgStore *s)
{
	const guint n = 50000;
	g_autoptr(GError) error = NULL;
	Meter m = begin();

	for (guint k = 0; k < n; k++) {
		g_autofree char *id = g_strdup_printf("%x.%u@hillview.example", k * 2654435761u, k);
		g_autofree char *sender = g_strdup_printf("pupil%u@hillview.example", k * 7919 % 1500);
		g_autofree char *to = g_strdup_printf("person%u@x.example", k * 104729 % 4000);
		g_autofree char *queue = g_strdup_printf("4%08X", k * 40503);
		g_autofree char *route = g_strdup("in");
		g_autofree char *verdict = g_strdup("deliver");
		SgTrace t = { .when = NOW + k, .queue_id = queue, .message_id = id, .sender = sender, .recipients = to,
			.route = route, .verdict = verdict, .micros = 900, .size = 5000 };

		sg_store_trace(s, &t);
	}
	say("trace, handed over", n, m);
	g_assert_true(sg_store_trace_flush(s, &error));
	say("trace, on disk", n, m);
}

static void
bench_looking(SgStore *s)
{
	static const char *const me[] = { "lead@hillview.example", NULL };
	const SgFilter ten = { .limit = 10000, .waiting = TRUE, .not_party = me };
	const SgFilter page = { .limit = 50, .waiting = TRUE, .not_party = me };
	const SgTraceFilter from = { .from = "pupil7@hillview.example", .limit = 100 };
	g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);
	SgStoreStatus st;
	Meter m = begin();

	g_ptr_array_add(to, g_strdup("a@x.example"));
	for (guint k = 0; k < 5000; k++)
		g_assert_null(sg_store_find_same(s, "no such message", to, TRUE, NOW, NULL));
	say("find_same", 5000, m);
	m = begin();
	for (guint k = 0; k < 5; k++) {
		g_autoptr(GPtrArray) list = sg_store_list(s, &ten, NULL);

		g_assert_cmpuint(list->len, ==, 10000);
	}
	say("list 10,000 incidents", 5, m);
	m = begin();
	for (guint k = 0; k < 20; k++)
		g_ptr_array_unref(sg_store_list(s, &page, NULL));
	say("list the first 50 of 10,000", 20, m);
	m = begin();
	for (guint k = 0; k < 20; k++)
		g_ptr_array_unref(sg_store_traces(s, &from, NULL));
	say("trace by sender", 20, m);
	m = begin();
	for (guint k = 0; k < 20; k++)
		g_assert_true(sg_store_status(s, NOW, &st, NULL));
	say("status", 20, m);
	m = begin();
	g_assert_true(sg_store_audit_verify(s, NULL, NULL));
	say("audit verify, an entry", (guint)st.audit_seq, m);
}

int
main(int argc, char **argv)
{
	Place p = { 0 };
	Load l = { .next = 1 };
	SgExpired e;
	Meter m;

	if (argc > 1)
		g_setenv("TMPDIR", argv[1], TRUE);
	place_make(&p);
	l.s = place_open(&p);
	bench_filing(&l);
	while (l.next < 10001)
		file_nr(&l, l.next++);
	bench_traces(l.s);
	bench_looking(l.s);
	m = begin();
	g_assert_true(sg_store_expire(l.s, NOW + 100 * 86400, FALSE, &e, NULL));
	say("expire and rebuild, a trace", e.traces, m);
	sg_store_close(l.s);
	place_clear(&p);
	return 0;
}
