/* fails-if: a request that drips keeps its place, is not told, or its descriptor is touched after it went; one in time is ended */
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "console/patience.h"

#define LATE "HTTP/1.1 408 late\r\n\r\n"

typedef struct {
	int	ours, theirs;
	SgWait *wait;
} Visitor;

static Visitor
come(SgPatience *p)
{
	int ends[2];
	Visitor v;

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
	v = (Visitor){ ends[0], ends[1], sg_patience_come(p, ends[0]) };
	return v;
}

static void
go(SgPatience *p, Visitor *v)
{
	sg_patience_go(p, v->wait);
	(void)close(v->ours);
	(void)close(v->theirs);
}

/* What the visitor has been told; NULL: the connection lives. */
static char *
told(const Visitor *v)
{
	char got[100];
	gssize n = recv(v->theirs, got, sizeof got - 1, MSG_DONTWAIT);

	return n < 0 ? NULL : g_strndup(got, (gsize)n);
}

static gint64
after(guint seconds)
{
	return g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
}

static void
each_step(void)
{
	static const struct {
		SgArrival   what;
		guint	    seconds;
		const char *told;
	} steps[] = {
		{ SG_ARRIVAL_NOTHING, 20, LATE },
		{ SG_ARRIVAL_HEAD, 40, LATE },
		{ SG_ARRIVAL_WHOLE, 80, "" },
		{ SG_ARRIVAL_ANSWERED, 50, LATE },
	};
	g_autoptr(SgPatience) p = sg_patience_new(100, 20, 30, LATE);

	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		Visitor v = come(p);
		g_autofree char *before = NULL, *words = NULL;

		sg_patience_note(p, v.wait, steps[i].what);
		g_assert_cmpuint(sg_patience_look(p, after(steps[i].seconds - 2)), ==, 0);
		g_assert_null(before = told(&v));
		g_assert_cmpuint(sg_patience_look(p, after(steps[i].seconds + 1)), ==, 1);
		words = told(&v);
		g_assert_cmpstr(words, ==, steps[i].told);
		g_assert_cmpuint(sg_patience_look(p, after(1000)), ==, 0);
		go(p, &v);
	}
}

static void
crowd(void)
{
	g_autoptr(SgPatience) p = sg_patience_new(10, 20, 30, LATE);
	Visitor v[6];

	for (guint i = 0; i < 5; i++)
		v[i] = come(p);
	g_assert_cmpuint(sg_patience_look(p, after(6)), ==, 0);
	v[5] = come(p);
	sg_patience_note(p, v[5].wait, SG_ARRIVAL_HEAD);
	g_assert_cmpuint(sg_patience_look(p, after(6)), ==, 5);
	for (guint i = 0; i < 6; i++) {
		g_autofree char *words = told(&v[i]);

		g_assert_cmpstr(words, ==, i < 5 ? LATE : NULL);
		go(p, &v[i]);
	}
	g_assert_cmpuint(sg_patience_look(p, after(1000)), ==, 0);
}

/* The number of a descriptor that was closed is another one's at once. */
static void
gone(void)
{
	g_autoptr(SgPatience) p = sg_patience_new(10, 20, 30, LATE);
	Visitor v = come(p);
	int ends[2];
	char c;

	go(p, &v);
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
	g_assert_cmpuint(sg_patience_look(p, after(1000)), ==, 0);
	g_assert_cmpint(recv(ends[0], &c, 1, MSG_DONTWAIT), ==, -1);
	g_assert_cmpint(recv(ends[1], &c, 1, MSG_DONTWAIT), ==, -1);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/patience/each-step", each_step);
	g_test_add_func("/patience/crowd", crowd);
	g_test_add_func("/patience/gone", gone);
	return g_test_run();
}
