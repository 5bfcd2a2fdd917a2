/* fails-if: a header line of a part loses more than its charset or encoding, or gets two of one */
#include <glib.h>
#include <string.h>

#include "rewrite/leaf.h"

#define Q "quoted-printable"

static void
table(void)
{
	static const struct {
		const char *head, *charset, *encoding, *want;	/* want NULL: refused */
	} rows[] = {
		{ "Content-Type: text/plain\n\n", "utf-8", NULL, "Content-Type: text/plain; charset=utf-8\n\n" },
		{ "Content-Type: text/plain; charset=us-ascii\n\n", "utf-8", NULL,
		    "Content-Type: text/plain; charset=utf-8\n\n" },
		{ "content-TYPE : text/plain;\n\tcharset=\"us-ascii\";\n format=flowed; delsp=yes\nX: y\n\n", "utf-8",
		    NULL, "content-TYPE : text/plain;\n\tcharset=utf-8;\n format=flowed; delsp=yes\nX: y\n\n" },
		{ "Content-Type: text/plain; x=\"a; charset=b\"; charset = latin1 ; y=z\n\n", "utf-8", NULL,
		    "Content-Type: text/plain; x=\"a; charset=b\"; charset = utf-8 ; y=z\n\n" },
		{ "Content-Type: text/plain (a; charset=b (c) \\) ); charset=us-ascii (Plain)\n\n", "utf-8", NULL,
		    "Content-Type: text/plain (a; charset=b (c) \\) ); charset=utf-8\n\n" },
		{ "Content-Type: text/plain; charset2=x; charset=\n\n", "utf-8", NULL,
		    "Content-Type: text/plain; charset2=x; charset=utf-8\n\n" },
		{ "Content-Type: text/plain; charset=; x=y\n\n", "utf-8", NULL,
		    "Content-Type: text/plain; charset=utf-8; x=y\n\n" },
		{ "Content-Type: text/plain; \n\n", "utf-8", NULL, "Content-Type: text/plain; charset=utf-8\n\n" },
		{ "Content-Type:\n\n", "utf-8", NULL, "Content-Type: text/plain; charset=utf-8\n\n" },
		{ "Content-Type: text/plain; charset*=us-ascii'en'x\n\n", "utf-8", NULL, NULL },
		{ "Content-Type: text/plain; charset*0=us; charset*1=-ascii\n\n", "utf-8", NULL, NULL },
		{ "Content-Type: text/plain; charset=a; charset=b\n\n", "utf-8", NULL, NULL },
		{ "Content-Type: text/plain; charset\n\n", "utf-8", NULL, NULL },
		{ "Content-Type: text/plain\nContent-Type: text/html\n\n", "utf-8", NULL, NULL },
		{ "A: b\nContent-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: 7bit\n\n", NULL, Q, NULL },
		{ "A: b\nContent-Transfer-Encoding:\n 7bit\nC: d\n\n", NULL, Q,
		    "A: b\nContent-Transfer-Encoding: quoted-printable\nC: d\n\n" },
		{ "Content-Transfer-Encoding: 7bit\nContent-Type: text/html\n\n", "utf-8", Q,
		    "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/html; charset=utf-8\n\n" },
		{ "Content-Typed: x\n Content-Type: no\n\n", "utf-8", NULL,
		    "Content-Typed: x\n Content-Type: no\nContent-Type: text/plain; charset=utf-8\n\n" },
		{ "\n", "utf-8", Q, "Content-Type: text/plain; charset=utf-8\n"
		    "Content-Transfer-Encoding: quoted-printable\n\n" },
		{ "A: b\n", "utf-8", NULL, NULL },
		{ "", "utf-8", NULL, NULL },
		{ "Content-Type: text/plain; x=\"never ends\n\n", "utf-8", NULL, NULL },
		{ "Content-Type: text/plain; charset=\"never ends\n\n", "utf-8", NULL, NULL },
		{ "Content-Type: text/plain; charset=a (never ends\n\n", "utf-8", NULL, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		gboolean done = sg_leaf_header(rows[i].head, strlen(rows[i].head), rows[i].charset, rows[i].encoding,
		    FALSE, "\n", out);

		if (rows[i].want != NULL)
			g_assert_cmpstr(out->str, ==, rows[i].want);
		g_assert_cmpint(done, ==, rows[i].want != NULL);
	}
}

static void
root(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	static const char head[] = "From: a\r\nSubject: b\r\n c\r\n\r\n";

	g_assert_true(sg_leaf_header(head, strlen(head), "utf-8", Q, TRUE, "\r\n", out));
	g_assert_cmpstr(out->str, ==, "From: a\r\nSubject: b\r\n c\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/leaf/table", table);
	g_test_add_func("/leaf/root", root);
	return g_test_run();
}
