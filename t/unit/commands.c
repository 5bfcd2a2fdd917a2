/* fails-if: a verb has no help or example, names an option that is not there, an ambiguous or
 * unknown word runs something, the nearest is not suggested, or a time or envelope is misread */
#include <string.h>

#include "ctl/commands.h"
#include "ctl/doctor.h"
#include "ctl/envelope.h"

static void
rows(void)
{
	gsize n;
	const SgCommand *c = sg_commands(&n);

	for (gsize i = 0; i < n; i++) {
		g_auto(GStrv) names = g_strsplit(c[i].options, " ", -1);

		g_assert_true(strlen(c[i].help) > 10 &&
			      strchr(".?", c[i].help[strlen(c[i].help) - 1]) != NULL);
		g_assert_true(g_str_has_prefix(c[i].example, c[i].noun));
		g_assert_nonnull(c[i].run);
		g_assert_true(c[i].min <= c[i].max);
		for (char **o = names; *o != NULL; o++)
			if (**o != '\0')
				g_assert_nonnull(sg_cli_option(*o));
		for (gsize k = i + 1; k < n; k++)
			g_assert_false(strcmp(c[i].noun, c[k].noun) == 0 &&
				       g_strcmp0(c[i].verb, c[k].verb) == 0);
	}
}

static void
every_option_is_used(void)
{
	gsize n, m;
	const SgCliOption *o = sg_cli_options(&n);
	const SgCommand *c = sg_commands(&m);

	for (gsize i = 0; i < n; i++) {
		gboolean used = FALSE;

		for (gsize k = 0; k < m; k++)
			used = used || sg_command_takes(&c[k], &o[i]);
		g_assert_true(used);
	}
}

static const SgCommand *
find(const char *noun, const char *verb, gboolean prefixes, char **why)
{
	char *words[] = { g_strdup(noun), g_strdup(verb), NULL };
	char *const *walk = words;
	const SgCommand *c = sg_command_find(&walk, prefixes, why);

	g_free(words[0]);
	g_free(words[1]);
	return c;
}

static void
words(void)
{
	static const struct {
		const char *noun, *verb, *why;	/* why: part of the sentence, NULL = found */
		gboolean    prefixes;
	} cases[] = {
		{ "held", "list", NULL, FALSE },
		{ "hel", "list", "did you mean \"held\"", FALSE },
		{ "hel", "list", "can mean held, help", TRUE },
		{ "held", "rele", NULL, TRUE },
		{ "held", "rele", "did you mean \"held release\"", FALSE },
		{ "held", "re", "can mean read, release, return", TRUE },
		{ "held", "relaese", "did you mean \"held release\"", TRUE },
		{ "statsu", NULL, "did you mean \"status\"", TRUE },
		{ "xyzzy", NULL, "there are: status", TRUE },
		{ "held", NULL, "needs a verb: list", TRUE },
		{ "", NULL, "there is no command \"\"", TRUE },
		{ "_", NULL, "there is no command", TRUE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *why = NULL;
		const SgCommand *c = find(cases[i].noun, cases[i].verb, cases[i].prefixes, &why);

		g_assert_true((c != NULL) == (cases[i].why == NULL));
		if (cases[i].why != NULL && strstr(why, cases[i].why) == NULL)
			g_error("\"%s\" is not in \"%s\"", cases[i].why, why);
	}
}

static void
times(void)
{
	const gint64 now = 1772620800;	/* 2026-03-04 10:40 UTC */
	gint64 t = 0;

	g_assert_true(sg_ctl_since("2h", now, &t) && t == now - 7200);
	g_assert_true(sg_ctl_since("3d", now, &t) && t == now - 3 * 86400);
	g_assert_true(sg_ctl_since("2026-03-04T10:00:00Z", now, &t) && t == now - 2400);
	g_assert_true(
	    sg_ctl_since("2026-03-04", now, &t) && t > now - 2 * 86400 && t < now + 86400);
	g_assert_true(sg_ctl_since("today", now, &t) && t <= now && t > now - 86400 - 3600);
	for (const char *const *s = (const char *const[]){"", "h", "2", "2x", "-2h", "2hh", "soon",
		 "99999999999d", "2026-13-01", NULL };
	     *s != NULL; s++)
		g_assert_false(sg_ctl_since(*s, now, &t));
}

static GBytes *
mail(const char *text)
{
	return g_bytes_new_static(text, strlen(text));
}

static void
envelopes(void)
{
	g_autoptr(GBytes) m =
	    mail("Received: from a@b.c\r\nFROM: \"Hale, <x@y.z>\" <Hale@Hillview.example>\r\n"
		 "To: a@x.example (c@d.e),\r\n\tB <b@x.example>; c@x.example\r\nCc: team: "
		 "d@x.example;\r\nTo: e@x.example\r\n\r\nFrom: no@no.no\r\n");
	g_autofree char *from = sg_envelope_from(m);
	g_autoptr(GPtrArray) to = sg_envelope_to(m);

	g_assert_cmpstr(from, ==, "Hale@hillview.example");
	g_assert_cmpuint(to->len, >=, 5);
	g_assert_cmpstr(g_ptr_array_index(to, 0), ==, "a@x.example");
}

static void
line_ends(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "A: b\n\nc\n", "A: b\r\n\r\nc\r\n" },
		{ "A: b\r\n\r\nc\nd", "A: b\r\n\r\nc\nd" },
		{ "From x y\nA: b\n\nc", "A: b\r\n\r\nc" },
		{ "", "" },
		{ "From ", "" },
		{ "x", "x" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) in = mail(cases[i].in);
		g_autoptr(GBytes) out = sg_envelope_wire(in);
		g_autoptr(GBytes) want = mail(cases[i].out);

		g_assert_true(g_bytes_equal(out, want));
	}
}

static void
doors(void)
{
	g_auto(SgDoor) u = { 0 }, i = { 0 }, bad = { 0 };

	g_assert_true(sg_door_parse("unix:/run/a.sock", &u) && !u.inet);
	g_assert_true(sg_door_parse("inet:7357@127.0.0.1", &i) && i.inet && i.port == 7357);
	g_assert_false(sg_door_parse("inet:x@y", &bad));
	g_assert_false(sg_door_parse("ftp:1", &bad));
	g_assert_true(sg_door_is(&u, "unix:/run/a.sock", NULL));
	g_assert_true(sg_door_is(&u, "unix:a.sock", "/run"));
	g_assert_false(sg_door_is(&u, "unix:/run/b.sock", "/run"));
	g_assert_false(sg_door_is(&u, "inet:7357", NULL));
	g_assert_true(sg_door_is(&i, "inet:127.0.0.1:7357", NULL));
	g_assert_true(sg_door_is(&i, "inet:7357@127.0.0.1", NULL));
	g_assert_false(sg_door_is(&i, "inet:127.0.0.1:7358", NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/commands/rows", rows);
	g_test_add_func("/commands/every option is used", every_option_is_used);
	g_test_add_func("/commands/words", words);
	g_test_add_func("/commands/times", times);
	g_test_add_func("/commands/envelopes", envelopes);
	g_test_add_func("/commands/line ends", line_ends);
	g_test_add_func("/commands/doors", doors);
	return g_test_run();
}
