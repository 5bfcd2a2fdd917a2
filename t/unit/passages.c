/* fails-if: quoted, forwarded or signature text is taken for the sender's words, or the other way */
#include <glib.h>
#include <string.h>

#include "text/passages.h"

static void
collect(gpointer data, const char *where, const char *text, gsize len)
{
	g_assert_cmpuint(strlen(text), ==, len);
	g_string_append_printf(data, "[%s]%s", where, text);
}

static void
table(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "hello\n", "[body]hello\n" },
		{ "hello", "[body]hello\n" },
		{ "", "" },
		{ "\n \n", "" },
		{ "no\n> you said\n> that\nyes\n", "[body]no\n\nyes\n[quoted]you said\nthat\n" },
		{ ">> deep\n", "[quoted]deep\n" },
		{ ">From here on\n", "[body]>From here on\n" },
		{ "hi\n-- \nAnn\nTel 1\n", "[body]hi\n[signature]-- \nAnn\nTel 1\n" },
		{ "hi\n--\nAnn\n> old\n", "[body]hi\n[quoted]old\n[signature]--\nAnn\n" },
		{ "hi\n--- \nnot a signature\n", "[body]hi\n--- \nnot a signature\n" },
		{ "top\n\nOn Mon, 1 Jan 2024, Ann wrote:\n> old\nbottom\n",
		    "[body]top\n\n\nbottom\n[quoted]On Mon, 1 Jan 2024, Ann wrote:\nold\n" },
		{ "top\nOn Mon, 1 Jan 2024 at 10:00, Ann Example\n<ann@x.example> wrote:\n\nold\nolder\n",
		    "[body]top\n[quoted]On Mon, 1 Jan 2024 at 10:00, Ann Example\n<ann@x.example> wrote:\n"
		    "\nold\nolder\n" },
		{ "On time\n", "[body]On time\n" },
		{ "ok\n-----Original Message-----\nFrom: a\nold\n",
		    "[body]ok\n[quoted]-----Original Message-----\nFrom: a\nold\n" },
		{ "ok\n________________________________\nFrom: Ann <a@x.example>\nSent: Monday\nTo: Bob\n"
		    "Subject: x\n\nold\n",
		    "[body]ok\n________________________________\n[quoted]From: Ann <a@x.example>\n"
		    "Sent: Monday\nTo: Bob\nSubject: x\n\nold\n" },
		{ "*From:* Ann\n*Sent:* Monday\n*To:* Bob\nold\n",
		    "[quoted]*From:* Ann\n*Sent:* Monday\n*To:* Bob\nold\n" },
		{ "From: here to there\nwe walked\n", "[body]From: here to there\nwe walked\n" },
		{ "see\n---------- Forwarded message ---------\nFrom: x\nbad\n",
		    "[body]see\n[forwarded]---------- Forwarded message ---------\nFrom: x\nbad\n" },
		{ "see\n\nBegin forwarded message:\n\n> bad\n",
		    "[body]see\n\n[forwarded]Begin forwarded message:\n\nbad\n" },
		{ "Forwarded message systems are slow these days, are they not? We think so.\n",
		    "[body]Forwarded message systems are slow these days, are they not? We think so.\n" },
		{ "Am 1. Januar schrieb Ann:\n> alt\n", "[quoted]Am 1. Januar schrieb Ann:\nalt\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) got = g_string_new(NULL);

		sg_passages(rows[i].text, strlen(rows[i].text), collect, got);
		g_assert_cmpstr(got->str, ==, rows[i].want);
	}
}

static void
time_grows_with_size(void)
{
	static const char *const lines[] = { "On \n", "From: x\n", "> >\n", "-- \n", "--\n\n", "\n", "On a:\n",
		"-----Original\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(GString) s = g_string_new(NULL), got = g_string_new(NULL);
		gint64 began = g_get_monotonic_time();

		while (s->len < 4 << 20)
			g_string_append(s, lines[i]);
		sg_passages(s->str, s->len, collect, got);
		g_assert_cmpint(g_get_monotonic_time() - began, <, 5 * G_USEC_PER_SEC);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/passages/table", table);
	g_test_add_func("/passages/time-grows-with-size", time_grows_with_size);
	return g_test_run();
}
