/* fails-if: an address of To or Cc is missed, one that is not there is seen, or a limit is passed */
#include <string.h>

#include <glib.h>

#include "model/heading.h"

static SgHeading *
read_text(const char *text)
{
	g_autoptr(GBytes) b = g_bytes_new_static(text, strlen(text));

	return sg_heading_read(b);
}

/* "name=address|..." */
static char *
shown(const SgHeading *h)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < h->visible->len; i++) {
		const SgMailbox *m = g_ptr_array_index(h->visible, i);

		g_string_append_printf(s, "%s%s=%s", i > 0 ? "|" : "", m->name, m->address);
	}
	return g_string_free(s, FALSE);
}

static const struct {
	const char *header, *want;
	gboolean    reply;
} cases[] = {
	{ "To: a@x.example\r\n", "=a@x.example", FALSE },
	{ "TO : Ann Marsh <A@X.Example>, b@y.example\r\nCC:c@z.example\r\n", "Ann Marsh=A@x.example|=b@y.example|=c@z.example", FALSE },
	{ "To: \"Marsh, Ann (7C)\" <a@x.example>,\r\n\t\"b, c\" <b@y.example>\r\n", "Marsh, Ann (7C)=a@x.example|b, c=b@y.example", FALSE },
	{ "To: a@x.example (the, first), (b@no.example) c@y.example\r\n", "=a@x.example|=c@y.example", FALSE },
	{ "To: Year 9: a@x.example, Bo <b@x.example>; , c@x.example\r\n", "=a@x.example|Bo=b@x.example|=c@x.example", FALSE },
	{ "To: undisclosed-recipients:;\r\nIn-Reply-To: <1@x>\r\n", "", TRUE },
	{ "To: =?utf-8?q?Si=C3=A2n?= Rees <s@x.example>\r\nReferences: <1@x>\r\n", "=s@x.example", TRUE },
	{ "Bcc: hidden@x.example\r\nTo: a@x.example\r\nX-To: no@x.example\r\nTo: b@x.example\r\n", "=a@x.example|=b@x.example", FALSE },
	{ "To: nobody, @, <>, <@x.example>, a b@x.example, \"\r\n", "", FALSE },
	{ "To: \"a \\\" b\" <a@x.example>\r\n", "a \" b=a@x.example", FALSE },
	{ "To: a@x.example\r\n\r\nTo: body@x.example\r\n", "=a@x.example", FALSE },
	{ "Subject: x\n To: fold@x.example\nTo: a@x.example\n", "=a@x.example", FALSE },
	{ "To: <<a@x.example>>, (((b@x.example\r\nCc: c@x.example", "=a@x.example|=c@x.example", FALSE },
	{ "no colon at all\r\nTo: a@x.example\r\n", "=a@x.example", FALSE },
	{ "\r\nTo: a@x.example\r\n", "", FALSE },
	{ "", "", FALSE },
};

static void
lists(void)
{
	g_autoptr(SgHeading) none = sg_heading_read(NULL);

	g_assert_cmpuint(none->visible->len, ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(SgHeading) h = read_text(cases[i].header);
		g_autofree char *got = shown(h);

		g_assert_cmpstr(got, ==, cases[i].want);
		g_assert_cmpint(h->reply, ==, cases[i].reply);
		g_assert_false(h->more);
	}
}

static void
limits(void)
{
	g_autoptr(GString) many = g_string_new("To: "), deep = g_string_new("To: "), long_one = g_string_new("X: ");
	g_autoptr(SgHeading) a = NULL, b = NULL, c = NULL;

	for (guint i = 0; i < SG_HEADING_MOST + 5; i++)
		g_string_append_printf(many, "a%u@x.example,", i);
	a = read_text(many->str);
	g_assert_cmpuint(a->visible->len, ==, SG_HEADING_MOST);
	g_assert_true(a->more);
	for (guint i = 0; i < 300000; i++)
		g_string_append_c(deep, '(');
	b = read_text(deep->str);
	g_assert_cmpuint(b->visible->len, ==, 0);
	for (guint i = 0; i < SG_HEADING_BYTES; i++)
		g_string_append_c(long_one, 'x');
	g_string_append(long_one, "\r\nTo: late@x.example\r\n\r\n");
	c = read_text(long_one->str);
	g_assert_cmpuint(c->visible->len, ==, 0);
	g_assert_true(c->more);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/heading/lists", lists);
	g_test_add_func("/heading/limits", limits);
	return g_test_run();
}
