/* fails-if: what a forgiving reader would decode is not decoded, a structure that readers
 * differ about is not flagged, or one that they do not differ about is */
#include <glib.h>
#include <string.h>

#include "mail/params.h"
#include "mail/structure.h"
#include "mail/sweep.h"
#include "scan/walk.h"
#include "t/lib/catch.h"
#include "text/lenient.h"

static void
expect_bytes(GBytes *bytes, const char *want)
{
	gsize n;
	const char *p = g_bytes_get_data(bytes, &n);
	g_autofree char *got = g_strndup(p != NULL ? p : "", n);

	g_assert_cmpstr(got, ==, want);
	g_bytes_unref(bytes);
}

static void
expect_base64(const char *in, SgPad pad, guint skip, const char *want)
{
	expect_bytes(sg_lenient_base64(in, strlen(in), pad, skip), want);
}

static void
base64(void)
{
	expect_base64("d29y\r\nZHM=\r\n", SG_PAD_RESTARTS, 0, "words");
	expect_base64("d!2*9 y.Z\tHM", SG_PAD_RESTARTS, 0, "words");
	expect_base64("d28=cmRz", SG_PAD_RESTARTS, 0, "words");
	expect_base64("d=2=9=yZHM", SG_PAD_FOREIGN, 0, "words");
	expect_base64("xxd29yZHM", SG_PAD_RESTARTS, 2, "words");
	expect_base64("--d29y--ZHM", SG_PAD_RESTARTS, 0, "words");
	expect_base64("Pz8_", SG_PAD_ADDRESS, 0, "???");
	g_assert_true(sg_strict_base64("d29y\r\nZHM=\r\n", 12));
	g_assert_true(sg_strict_base64("", 0));
	g_assert_false(sg_strict_base64("d29y=ZHM", 8));
	g_assert_false(sg_strict_base64("d29 yZHM", 8));
}

static void
expect_quoted(const char *in, const char *want, gboolean strict)
{
	expect_bytes(sg_lenient_quoted(in, strlen(in)), want);
	g_assert_cmpint(sg_strict_quoted(in, strlen(in)), ==, strict);
}

static void
quoted(void)
{
	expect_quoted("w=6Frds=\r\n here", "words here", TRUE);
	expect_quoted("w=6frds= \t\r\n here", "words here", FALSE);
	expect_quoted("wo=\rrds=", "words", FALSE);
	expect_quoted("a = b =ZZ =4", "a = b =ZZ =4", FALSE);
}

static void
expect_uu(const char *in, const char *name, const char *want, const char *rest)
{
	SgLines l = sg_lines(in, strlen(in));
	g_autofree char *got = NULL;
	GBytes *bytes;

	g_assert_true(sg_lines_next(&l));
	bytes = sg_lenient_uu(&l, &got);
	if (want == NULL) {
		g_assert_null(bytes);
		return;
	}
	expect_bytes(bytes, want);
	g_assert_cmpstr(got, ==, name);
	g_assert_cmpstr(l.next, ==, rest);
}

static void
files_in_text(void)
{
	static const char yenc[] = "=ybegin line=128 size=3 name=a b\r\n\x8b\x8c\x8d\r\n=yend size=3\r\n";
	SgLines l = sg_lines(yenc, sizeof yenc - 1);
	g_autofree char *name = NULL;

	expect_uu("begin 644 a.txt\n#0V%T\n`\nend\n", "a.txt", "Cat", "end\n");
	expect_uu("begin 0644 a b\r\n#0V%T\r\nend\r\n", "a b", "Cat", "end\r\n");
	expect_uu("BEGIN 644\r#0V%T\r", "", "Cat", "");
	expect_uu("begin-base64 644 a\nQ2F0\n====\nx", "a", "Cat", "====\nx");
	expect_uu("begin with this\n#0V%T\n", NULL, NULL, NULL);
	expect_uu("begin 644 times\nand again\n", NULL, NULL, NULL);
	g_assert_true(sg_lines_next(&l));
	expect_bytes(sg_lenient_yenc(&l, &name), "abc");
	g_assert_cmpstr(name, ==, "a b");
}

/* "value|value"; a "!" in front when programs may not agree */
static void
expect_params(const char *value, const char *name, const char *want)
{
	g_auto(SgParams) p = { 0 };
	g_autofree char *got = NULL;

	sg_params_read(value, name, &p);
	g_ptr_array_add(p.values, NULL);
	got = g_strjoinv("|", (char **)p.values->pdata);
	g_assert_cmpstr(got, ==, want + (want[0] == '!'));
	g_assert_cmpint(p.odd, ==, want[0] == '!');
}

static void
parameters(void)
{
	expect_params("a/b; name=x; size=1", "name", "x");
	expect_params("a/b; name=\"x; y\"", "name", "x; y");
	expect_params("a/b; filename=x", "name", "");
	expect_params("a/b;\r\n name*=utf-8''caf%C3%A9", "name", "caf\xc3\xa9");
	expect_params("a/b; name*0=a; name*1=b; name=c", "name", "c|ab");
	expect_params("a/b; name*1*=%62; name*0*=us-ascii''%61", "name", "ab");
	expect_params("a/b; name*1=b", "name", "!b");
	expect_params("a/b; name=\"=?utf-8?q?=61?= =?utf-8?q?=62?=\"", "name", "ab");
	expect_params("a/b; name=%61", "name", "%61|a");
	expect_params("a/b; name=\"x", "name", "!x");
	expect_params("a/b; name=x y", "name", "!x y");
	expect_params("a/b; (name=y) name=x", "name", "!x");
	expect_params("a/b; name=x; name=y", "name", "x|y");
}

typedef struct Judged {
	const char *header;
	gboolean multipart;
	const char *want;	/* of "amo": ambiguous, malformed; odd without these */
} Judged;

static void
structures(void)
{
	static const Judged rows[] = {
		{ "From: a\nContent-Type: text/plain; charset=x\nContent-Transfer-Encoding: 8BIT\n", FALSE, "" },
		{ "From a@b Mon\nSubject: x\nContent-Type: text/plain\n", FALSE, "" },
		{ "Content-Type: text/plain\nContent-Type: text/plain; charset=x\n", FALSE, "" },
		{ "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: 8bit\n", FALSE, "" },
		{ "Content-Transfer-Encoding: quoted-printable;\n", FALSE, "" },
		{ "Content-Type: multipart/mixed; boundary=\"a b\"\n", TRUE, "" },
		{ "Content-Type: multipart/mixed;\n boundary=----=_a\n", TRUE, "" },
		{ "DKIM-Signature: h=From:\n Content-Type:To; b=a\nContent-Type: text/plain\n", FALSE, "o" },
		{ "Subject: x\n \nContent-Type: text/plain\n", FALSE, "o" },
		{ "Content-Transfer-Encoding: 7bits\n", FALSE, "o" },
		{ "Content-Type: multipart/mixed; boundary=a\nContent-Transfer-Encoding: quoted-printable\n", TRUE, "o" },
		{ "Content-Type: text\n", FALSE, "o" },
		{ "Content-Type: a/b;\nname=x\n", FALSE, "o" },
		{ "Content-Type: text/plain\nContent-Type: text/html\n", FALSE, "am" },
		{ "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n", FALSE, "am" },
		{ "Content-Disposition: inline\nContent-Disposition: attachment\n", FALSE, "am" },
		{ "no field\nContent-Type: text/plain\n", FALSE, "am" },
		{ "Subject: x\rContent-Type: text/plain\n", FALSE, "am" },
		{ "Content-Type: text/plain\001\n", FALSE, "am" },
		{ "Content-Type : text/plain\n", FALSE, "a" },
		{ "Content_Type: text/plain\n", FALSE, "a" },
		{ "Content-Transfer-Encoding: base64 (x)\n", FALSE, "a" },
		{ "Content-Transfer-Encoding: x-own\n", FALSE, "a" },
		{ "Content-Type: multipart/mixed; boundary=a; boundary=b\n", TRUE, "a" },
		{ "Content-Type: multipart/mixed; boundary*=us-ascii''a\n", TRUE, "a" },
		{ "Content-Type: multipart/mixed; boundary=\"a \"\n", TRUE, "a" },
		{ "Content-Type: multipart/mixed; boundary=\"a\n", TRUE, "a" },
		{ "Content-Type: multipart/mixed, boundary=a\n", TRUE, "a" },
		{ "Content-Disposition: attachment; filename=a.txt; filename=b.exe\n", FALSE, "a" },
		{ "From: a\nFrom: b\n", FALSE, "a" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		SgStructure found = { 0, FALSE };
		char got[4] = "";

		sg_structure_judge(rows[i].header, strlen(rows[i].header), rows[i].multipart, &found);
		g_strlcat(got, (found.flags & SG_FLAG_AMBIGUOUS) != 0 ? "a" : "", sizeof got);
		g_strlcat(got, (found.flags & SG_FLAG_MALFORMED) != 0 ? "m" : "", sizeof got);
		g_strlcat(got, found.odd && found.flags == 0 ? "o" : "", sizeof got);
		g_test_message("%s", rows[i].header);
		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

/* What the second reading of a mail gives: texts, and parts as "id type bytes". */
static void
expect_sweep(const char *mail, const char *texts, const char *parts)
{
	g_autoptr(Catch) c = catch_new("");
	const SgTreeLimits limits = { .depth = 20, .parts = 50, .headers = 50, .lean = TRUE };
	g_autoptr(GBytes) raw = g_bytes_new(mail, strlen(mail));
	g_autoptr(SgPart) message = sg_part_new("", "message/rfc822", raw, SG_AS_IS);
	g_autoptr(SgTree) t = sg_tree_read(raw, &limits, 1, "");
	g_autoptr(GError) error = NULL;

	g_assert_true(sg_sweep(t, message, &c->sink, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(c->text->str, ==, texts);
	g_assert_cmpstr(c->parts->str, ==, parts);
	for (guint i = 0; i < c->inside->len; i++)
		g_assert_cmpuint(((SgPart *)g_ptr_array_index(c->inside, i))->traits & SG_PART_SWEPT, !=, 0);
}

static void
second_reading(void)
{
	expect_sweep("Subject: s\n\nwords, and a=20 http://x/?id=4512\n<td width=50>\n", "", "");
	expect_sweep("Subject: s\nContent-Transfer-Encoding: base64\n\naGVsbG8gdG8gYWxsIG9mIHlvdQ==\n", "", "");
	expect_sweep("Subject: s\n\naGVsbG8gdG8gYWxsIG9mIHlvdQ==\n", "[] hello to all of you\n", "");
	expect_sweep("Subject: s\n\naGVsbG8gd\n\nG8gYWxsI\nG9mIHlvdQ==\n", "[] hello to all of you\n", "");
	expect_sweep("Subject: s\n\n=68=65=6C=6C=6F\n", "[] hello\n\n", "");
	expect_sweep("Subject: s\n\nbegin 644 a.txt\n#0V%T\n`\nend\n", "", "0.1 a.txt 3\n");
	expect_sweep("Subject: s\n\n--b\nContent-Type: text/html\n\n<b>hi\n--b--\n", "", "0.1  31\n");
	expect_sweep("Subject: s\n\nUEsDBBQAAAAIAAAAIQAAAAAAAAAAAAA=\n", "", "0.1  23\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/sweep/base64", base64);
	g_test_add_func("/sweep/quoted", quoted);
	g_test_add_func("/sweep/files in text", files_in_text);
	g_test_add_func("/sweep/parameters", parameters);
	g_test_add_func("/sweep/structures", structures);
	g_test_add_func("/sweep/second reading", second_reading);
	return g_test_run();
}
