/* fails-if: a text, part, limit or flaw of a message does not come out of the walk */
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "scan/walk.h"
#include "t/lib/fakematch.h"

#define MIXED "From: \"Ann Example\" <ann@x.example>\nTo: bob@y.example\nSubject: trip\n" \
	"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
#define PDF "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9U" \
	"eXBlL1BhZ2VzL0NvdW50IDEvS2lkc1szIDAgUl0+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVu" \
	"dCAyIDAgUi9NZWRpYUJveFswIDAgOSA5XT4+ZW5kb2JqCnRyYWlsZXI8PC9Sb290IDEgMCBSL1NpemUgND4+" \
	"Cg=="
#define ZIP "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="
#define PNG "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
#define JPEG "/9j/4AAQSkZJRgABAQAAAQ=="
#define EXE "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAA=="

static SgReading *
scan_with(const char *raw, gssize len, const char *settings, const char *word, const char *skip,
    SgTextsWanted texts)
{
	g_autoptr(SgOptions) options = fake_options(settings);
	g_autoptr(SgMatch) match = fake_match_new(word);
	g_autoptr(GBytes) bytes = g_bytes_new(raw, len < 0 ? strlen(raw) : (gsize)len);
	g_autoptr(GError) error = NULL;
	SgWalkJob job = { .options = options, .match = match, .raw = bytes, .facts = "",
		.skip = skip, .texts = texts };
	SgReading *r = sg_walk(&job, &error);

	g_assert_no_error(error);
	return r;
}

static SgReading *
scan(const char *raw)
{
	return scan_with(raw, -1, "", NULL, NULL, SG_TEXTS_ALWAYS);
}

/* "where:part:text|..." */
static char *
texts_of(const SgReading *r)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < r->texts->len; i++) {
		const SgText *t = g_ptr_array_index(r->texts, i);

		g_string_append_printf(s, "%s%s:%s:%s", i > 0 ? "|" : "", t->where, t->part, t->text);
	}
	return g_string_free(s, FALSE);
}

static void
expect_texts(const char *raw, const char *want)
{
	g_autoptr(SgReading) r = scan(raw);
	g_autofree char *got = texts_of(r);

	g_assert_cmpstr(got, ==, want);
}

static gboolean
has_finding(const SgReading *r, const char *rule)
{
	guint n = 0;

	for (guint i = 0; i < r->findings->len; i++)
		n += strcmp(((SgFinding *)g_ptr_array_index(r->findings, i))->rule, rule) == 0;
	/* of ours each once; a word may stand in several readings of the same bytes, of
	 * which the real matcher counts one */
	if (strcmp(rule, "test.word") != 0)
		g_assert_cmpuint(n, <=, 1);
	return n > 0;
}

static const SgPartInfo *
part(const SgReading *r, const char *id)
{
	for (guint i = 0; i < r->parts->len; i++)
		if (strcmp(((SgPartInfo *)g_ptr_array_index(r->parts, i))->part, id) == 0)
			return g_ptr_array_index(r->parts, i);
	g_error("no part %s", id);
}

static void
plain_mail(void)
{
	expect_texts("From: A Name <a@x.example>\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n\r\nhello\r\nyou\r\n",
	    "subject::caf\xc3\xa9|header::A Name|body:1:hello\nyou\n");
}

/* Trace fields are left out of what the parser gets: nothing else may go with them. */
static void
trace_fields_change_nothing(void)
{
	expect_texts("Received: from x\n by y\nX-A: 1\nSubject: s\nX-B: 2\n\t3\nFrom: N <a@x>\nX-C: 4\n\nhi\n",
	    "subject::s|header::N|body:1:hi\n");
	expect_texts("X-A: 1\nX-B: 2\n\nhi\n", "body:1:hi\n");
	expect_texts("Subject: s\nX-A: 1\nno field\nX-B: seen\n\nhi\n",
	    "subject::s|body::no field\n|body:1:hi\n");
	expect_texts("Subject: s\nX-A: 1\n--b\nX-B: seen\n\nhi\n",
	    "subject::s|body::--b\n|body:1:hi\n");
	expect_texts("Subject: s\nX-A: 1\n\nX-B: seen\n", "subject::s|body:1:X-B: seen\n");
	expect_texts("Subject: s\nX-A: 1", "subject::s");
	expect_texts("Content-Type: message/rfc822\n\nX-A: 1\nX-B: 2\nSubject: t\n\nhi\n",
	    "forwarded:1:t|forwarded:1.1:hi\n");
}

/* Some programs take a line of blanks for the end of the header. */
static void
header_that_fades(void)
{
	expect_texts("Subject: s\nX-A: 1\n \n two words\nX-B: three\n\nhi\n",
	    "subject::s|body:: two words\nX-B: three\n|body:1:hi\n");
	expect_texts("Subject: s\n\t\nX-B: three\n\nhi\n", "subject::s|body::X-B: three\n|body:1:hi\n");
	expect_texts("Subject: s\nX-A: 1\n \n\nhi\n", "subject::s|body:1:hi\n");
}

/* Programs go by the label or by the name, not by the first bytes: both are read. */
static void
bytes_label_and_name(void)
{
	g_autoptr(SgReading) r = NULL;

	expect_texts("Subject: s\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
	    "=89PNG=0D=0A=1A=0A=00=00=00=0DIHDR\nwords\n",
	    "subject::s|body:1:\xe2\x80\xb0PNG\n\x1a\n\nIHDR\nwords\n");
	r = scan("Subject: s\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" ZIP "\n");
	g_assert_nonnull(strstr(part(r, "1")->kinds, "archive"));
	g_assert_cmpstr(part(r, "1")->state, ==, "plain");
	expect_texts(MIXED "--b\n\nhi\n--b\nContent-Type: text/plain; name=x.html\n\nw<b>or</b>ds\n--b--\n",
	    "subject::trip|header::Ann Example|body:1:hi\n|name:2:x.html|attachment:2:words\n|"
	    "attachment:2:w<b>or</b>ds");
	expect_texts(MIXED "--b\n\nhi\n--b\nContent-Type: text/plain; name=x.csv\n\nName,UPN\nAmy,A1\n--b--\n",
	    "subject::trip|header::Ann Example|body:1:hi\n|name:2:x.csv|attachment:2:Name\tUPN\nAmy\tA1\n");
	expect_texts(MIXED "--b\n\nhi\n--b\nContent-Type: text/plain; name=x.eml\n\nSubject: s\n"
	    "Content-Transfer-Encoding: base64\n\nd29yZHM=\n--b--\n",
	    "subject::trip|header::Ann Example|body:1:hi\n|name:2:x.eml|forwarded:2:s|attachment:2:Subject: s\n"
	    "Content-Transfer-Encoding: base64\n\nd29yZHM=|forwarded:2.1:words");
	expect_texts(MIXED "--b\n\nhi\n--b\nContent-Type: text/plain; name=\"two words.txt\"\n"
	    "Content-Disposition: attachment; filename=x.txt\n\nyes\n--b--\n",
	    "subject::trip|header::Ann Example|body:1:hi\n|name:2:x.txt|header:2:two words.txt|attachment:2:yes");
}

/* Comments before the word are allowed; what is no word any more is told. */
static void
codings_with_comments(void)
{
	g_autoptr(SgReading) r = NULL;

	expect_texts("Subject: s\nContent-Transfer-Encoding: (a (b)) base64 (c)\n\nd29yZHM=\n",
	    "subject::s|body:1:words\n");
	expect_texts("Subject: s\nContent-Transfer-Encoding:\n\nwords\n", "subject::s|body:1:words\n");
	r = scan("Subject: s\nContent-Transfer-Encoding: (base64\n\nd29yZHM=\n");
	g_assert_true(has_finding(r, "mime.ambiguous"));
}

/* What is no address between angle brackets is shown. */
static void
names_without_address(void)
{
	expect_texts("From: A <two words>\nTo: <b@x.example>, <three words\nSubject: s\n\nhi\n",
	    "subject::s|header::two words, A\nthree words|body:1:hi\n");
}

static void
numbers_as_in_imap(void)
{
	expect_texts("Content-Type: multipart/mixed; boundary=o\n\n--o\n"
	    "Content-Type: multipart/alternative; boundary=i\n\n--i\n\nplain\n--i\n"
	    "Content-Type: text/html\n\n<b>rich</b>\n--i--\n--o\n"
	    "Content-Type: message/rfc822\n\nSubject: inner\n\ndeep\n--o\n"
	    "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=n\n\n--n\n\nlast\n"
	    "--n--\n--o--\n",
	    "body:1.1:plain\n|body:1.2:rich\n|forwarded:2:inner|forwarded:2.1:deep|forwarded:3.1:last");
}

static void
places(void)
{
	expect_texts(MIXED "--b\n\nI write\n> you wrote\n\n-- \nAnn\n--b\nContent-Type: text/plain;"
	    " name=\"note.txt\"\n\nfile\n--b--\n",
	    "subject::trip|header::Ann Example|body:1:I write\n\n\n|quoted:1:you wrote\n|"
	    "signature:1:-- \nAnn\n|name:2:note.txt|attachment:2:file");
}

static void
prologue_and_epilogue_are_read(void)
{
	expect_texts("Content-Type: multipart/mixed; boundary=b\n\nbefore\n--b\n\nbody\n--b--\nbehind\n",
	    "body::before\n|body:1:body\n|body::behind\n");
}

static void
nul_hides_nothing(void)
{
	static const char raw[] = "Content-Type: multipart/mixed; boundary=b\n\npro\0logue\n--b\n\n"
	    "be\0fore\0\n--b--\nepi\0logue\n";
	g_autoptr(SgReading) r = scan_with(raw, sizeof raw - 1, "", NULL, NULL, SG_TEXTS_ALWAYS);
	g_autofree char *got = texts_of(r);

	g_assert_cmpstr(got, ==, "body::prologue\n|body:1:before\n|body::epilogue\n");
}

static void
no_header_at_all(void)
{
	g_autoptr(SgReading) r = scan("just some words\nand more\n");
	g_autofree char *got = texts_of(r);

	g_assert_cmpstr(got, ==, "body:1:just some words\nand more\n");
	g_assert_cmpuint(r->flags, ==, SG_FLAG_MALFORMED);
	g_assert_true(has_finding(r, "mime.malformed"));
}

static void
nothing_at_all(void)
{
	g_autoptr(SgReading) r = scan("");

	g_assert_cmpuint(r->texts->len, ==, 0);
}

static void
multipart_without_parts_is_read(void)
{
	static const char *const raw[] = {
		"Content-Type: multipart/mixed\n\nwords\n",
		"Content-Type: multipart/mixed; boundary=a\n\nwords\n",
		"Content-Type: multipart/mixed; boundary=\"\"\n\nwords\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(raw); i++) {
		g_autoptr(SgReading) r = scan(raw[i]);
		g_autofree char *got = texts_of(r);

		g_assert_cmpstr(got, ==, "body:1:words\n");
		g_assert_cmpuint(r->flags & SG_FLAG_AMBIGUOUS, !=, 0);
		g_assert_true(has_finding(r, "mime.ambiguous"));
	}
}

static void
ambiguous_structures(void)
{
	static const char *const raw[] = {
		"Content-Type: text/plain\nContent-Type: text/html\n\nhi\n",
		"Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a\n\nx\n--a--\n",
		"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n"
		"Content-Transfer-Encoding: 7bit\n\naGk=\n",
		"Content-Type: text/plain\nContent-Transfer-Encoding: x-own\n\nhi\n",
		"Content-Type: multipart/mixed; boundary=a\nContent-Transfer-Encoding: base64\n\n"
		"--a\n\nx\n--a--\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(raw); i++) {
		g_autoptr(SgReading) r = scan(raw[i]);

		if ((r->flags & SG_FLAG_AMBIGUOUS) == 0)
			g_error("not ambiguous: %s", raw[i]);
	}
}

/* What lies in a file is no second reading of the mail: a mail client opens it, too. */
static void
ambiguous_inside_of_a_file(void)
{
	g_autoptr(SgReading) r = scan("Content-Type: application/mbox; name=old.mbox\n\n"
	    "From a@x.example Mon Mar  3 10:00:00 2026\n"
	    "From: a@x.example\nContent-Type: text/plain\nContent-Type: text/html\n\nhi\n");
	g_autofree char *got = texts_of(r);

	g_assert_nonnull(strstr(got, "hi"));
	g_assert_cmpuint(r->flags & SG_FLAG_AMBIGUOUS, !=, 0);
}

/* GMime 3.2 never comes back when such a boundary is asked for or a header written. */
static void
the_hang_is_avoided(void)
{
	alarm(20);
	for (int n = 60; n <= 80; n++)
		for (int form = 0; form < 3; form++) {
			g_autofree char *name = g_strnfill((gsize)n, 'p');
			g_autofree char *raw = g_strdup_printf(
			    "Content-Type: %s; %s=\xe9\xe9\n\n--b\n\nwords\n--b--\n",
			    form == 0 ? "multipart/mixed" : form == 1 ? "multipart/mixed; boundary=b" :
			    "text/plain", name);
			g_autoptr(SgReading) r = scan_with(raw, -1, "", "words", NULL, SG_TEXTS_NEVER);

			g_assert_true(has_finding(r, "test.word"));
		}
	alarm(0);
}

static char *
nested(int levels, const char *inside)
{
	GString *s = g_string_new(NULL);

	for (int i = 0; i < levels; i++)
		g_string_append_printf(s, "%sContent-Type: multipart/mixed; boundary=b%dx\n\n--b%dx\n",
		    "", i, i);
	g_string_append_printf(s, "\n%s\n", inside);
	return g_string_free(s, FALSE);
}

static void
depth_is_limited_and_read_on(void)
{
	g_autofree char *ok = nested(18, "needle"), *deep = nested(60, "needle");
	g_autoptr(SgReading) a = scan_with(ok, -1, "", "needle", NULL, SG_TEXTS_NEVER);
	g_autoptr(SgReading) b = scan_with(deep, -1, "", "needle", NULL, SG_TEXTS_NEVER);

	g_assert_cmpuint(a->flags & SG_FLAG_NOT_FULLY, ==, 0);
	g_assert_true(has_finding(a, "test.word"));
	g_assert_cmpuint(b->flags & SG_FLAG_NOT_FULLY, !=, 0);
	g_assert_true(has_finding(b, "limit.depth"));
	g_assert_true(has_finding(b, "test.word"));
}

/* So deep the parser would be slow; what is cut is swept. */
static void
very_deep_is_cut_and_read_on(void)
{
	g_autofree char *deep = nested(900, "needle");
	g_autoptr(SgReading) r = scan_with(deep, -1, "", "needle", NULL, SG_TEXTS_NEVER);

	g_assert_true(has_finding(r, "limit.depth"));
	g_assert_true(has_finding(r, "limit.parts"));
	g_assert_true(has_finding(r, "test.word"));
}

/* One behind the other, not one in the other: closed, or by the line of the outer one. */
static void
many_side_by_side_are_not_deep(void)
{
	for (int closed = 0; closed < 2; closed++) {
		g_autoptr(GString) s = g_string_new("Content-Type: multipart/mixed; boundary=o\n\n");
		g_autoptr(SgReading) r = NULL;

		for (int i = 0; i < 400; i++) {
			g_string_append_printf(s, "--o\nContent-Type: multipart/alternative; boundary=i%d\n\n"
			    "--i%d\n\n%s\n", i, i, i == 399 ? "needle" : "x");
			if (closed)
				g_string_append_printf(s, "--i%d--\n", i);
		}
		(void)g_string_append(s, "--o--\n");
		r = scan_with(s->str, -1, "", "needle", NULL, SG_TEXTS_NEVER);
		g_assert_true(has_finding(r, "test.word"));
		g_assert_false(has_finding(r, "limit.parts"));
	}
}

static void
many_parts_are_limited(void)
{
	g_autoptr(GString) s = g_string_new("Content-Type: multipart/mixed; boundary=b\n\n");
	g_autoptr(SgReading) r = NULL;
	gint64 began = g_get_monotonic_time();

	for (int i = 0; i < 200000; i++)
		g_string_append(s, "--b\n\nx\n");
	g_string_append(s, "--b\n\nneedle\n");
	r = scan_with(s->str, -1, "", "needle", NULL, SG_TEXTS_NEVER);
	g_assert_true(has_finding(r, "limit.parts"));
	g_assert_true(has_finding(r, "test.word"));
	g_assert_cmpuint(r->parts->len, <=, 2000);
	g_assert_cmpint(g_get_monotonic_time() - began, <, 10 * G_USEC_PER_SEC);
}

static void
many_headers_are_limited(void)
{
	g_autoptr(GString) s = g_string_new("Subject: x\n");
	g_autoptr(SgReading) r = NULL;

	for (int i = 0; i < 100000; i++)
		g_string_append(s, "X: n\n");
	g_string_append(s, "\nneedle\n");
	r = scan_with(s->str, -1, "", "needle", NULL, SG_TEXTS_ALWAYS);
	g_assert_true(has_finding(r, "limit.headers"));
	g_assert_cmpstr(((SgText *)g_ptr_array_index(r->texts, 1))->text, ==, "needle\n");
}

static void
text_is_limited(void)
{
	g_autoptr(GString) raw = g_string_new("Subject: y\n\n");
	g_autoptr(SgReading) r = NULL;

	while (raw->len < 70000)
		g_string_append(raw, "\xc3\xa9");
	r = scan_with(raw->str, -1, "text = 65536L;", "needle", NULL, SG_TEXTS_ALWAYS);

	g_assert_true(has_finding(r, "limit.text"));
	g_assert_cmpuint(r->flags & SG_FLAG_NOT_FULLY, !=, 0);
	g_assert_cmpstr(part(r, "1")->notes, ==, "limit:text");
	g_assert_cmpuint(part(r, "1")->text_bytes, ==, 65534);	/* no half character */
}

static void
what_is_unpacked_is_limited(void)
{
	g_autofree guchar *data = g_malloc0(1200000);
	g_autofree char *coded = g_base64_encode(data, 1200000);
	g_autofree char *raw = g_strdup_printf("Subject: y\nContent-Transfer-Encoding: base64\n\n%s\n",
	    coded);
	g_autoptr(SgReading) r = scan_with(raw, -1, "unpacked = 1048576L;", NULL, NULL, SG_TEXTS_ALWAYS);

	g_assert_true(has_finding(r, "limit.unpacked"));
	g_assert_true(sg_part_is(part(r, "1"), "unscannable"));
}

/* Small and large, with lines of 76 letters and of 75, which no group of four fits. */
static void
macros_in_zips(void)
{
	for (guint k = 0; k < 8; k++) {
		gsize n = 0;
		g_autofree guint8 *head = g_base64_decode(ZIP, &n);
		g_autoptr(GString) zip = g_string_new_len((const char *)head, (gssize)n);
		g_autoptr(GString) raw = g_string_new("Subject: y\nContent-Type: application/zip\n"
		    "Content-Transfer-Encoding: base64\n\n");
		g_autoptr(SgReading) r = NULL;
		g_autofree char *coded = NULL;

		for (guint i = 0; i < (k & 1 ? 400000u : 1000u); i++)
			g_string_append_c(zip, (char)(i * 7));
		if (k & 2)
			g_string_append(zip, "word/vbaProject.bin");
		g_string_append_len(zip, "PK\5\6end", 7);
		coded = g_base64_encode((const guint8 *)zip->str, zip->len);
		for (const char *c = coded; *c != '\0'; c += MIN(strlen(c), k & 4 ? 75 : 76))
			g_string_append_printf(raw, "%.*s\r\n", k & 4 ? 75 : 76, c);
		r = scan(raw->str);
		g_assert_cmpstr(part(r, "1")->detected, ==, "application/zip");
		if (sg_part_is(part(r, "1"), "macro") != ((k & 2) != 0))
			g_error("zip %u: %s", k, part(r, "1")->kinds);
		g_assert_cmpuint(part(r, "1")->bytes, ==, zip->len);
	}
}

static void
facts_of_files(void)
{
	static const struct {
		const char *head, *coded, *detected, *kinds;
	} files[] = {
		{ "application/pdf; name=a.pdf", PDF, "application/pdf", "document" },
		{ "application/zip; name=a.zip", ZIP, "application/zip", "archive" },
		{ "image/png; name=a.png", PNG, "image/png", "image" },
		{ "image/png; name=a.png", PDF, "application/pdf", "document mismatch" },
		{ "application/octet-stream; name=run.dat", EXE, "application/x-dosexec", "executable" },
		{ "image/png; name=cat.png", EXE, "application/x-dosexec", "executable mismatch" },
		{ "application/octet-stream; name=\"invoice.pdf.exe\"", EXE, "application/x-dosexec",
		    "executable double-extension" },
		{ "application/octet-stream; name=\"run.exe. \"", "eA==", "text/plain", "executable" },
		{ "text/plain; name=run.bat", "QGVjaG8gb2Zm", "text/plain", "script executable" },
		{ "text/plain; name=homework.py", "cHJpbnQoMSk=", "text/plain", "source" },
		{ "application/octet-stream; name=homework", "IyEvdXNyL2Jpbi9weXRob24zCnByaW50KDEp", "text/x-source", "source" },
		{ "application/octet-stream; name=run", "IyEvYmluL3NoCnJtIC1yZiB+", "text/x-shellscript", "script" },
		{ "application/octet-stream; name=game.js", "eA==", "text/plain", "script executable" },
		{ "application/x-msdownload; name=a.pdf", PDF, "application/pdf", "document" },
		{ "application/msword; name=scan.jpg", JPEG, "image/jpeg", "image" },
		{ "image/jpeg; name=scan.png", JPEG, "image/jpeg", "image" },
		{ "application/zip; name=a.docx", ZIP, "application/zip", "document archive" },
		{ "application/octet-stream; name=photo.jpg", ZIP, "application/zip", "archive mismatch" },
		{ "application/vnd.ms-excel; name=list.csv", "YSxiCjEsMgo=", "text/csv", "" },
		{ "application/octet-stream; name=\"invoice.pdf.html\"", "eA==", "text/html", "mismatch" },
		{ "application/octet-stream; name=\"AUX .txt\"", "eA==", "text/plain", "mismatch" },
		{ "application/octet-stream; name=com1", "eA==", "text/plain", "mismatch" },
		{ "application/octet-stream; name=community.txt", "eA==", "text/plain", "" },
		{ "application/octet-stream; name=open.iqy", "V0VCCjEKaHR0cA==", "text/plain", "shortcut macro" },
		{ "application/octet-stream; name=link", "W0ludGVybmV0U2hvcnRjdXRdClVSTD0=", "text/x-url", "shortcut" },
		{ "application/octet-stream; name=a", "TAAAAAEUAgAAAAAAwAAAAAAAAEY=", "application/x-ms-shortcut",
		    "shortcut executable" },
		{ "application/octet-stream; name=help.txt", "SVRTRgMAAAA=", "application/vnd.ms-htmlhelp",
		    "executable mismatch" },
		{ "application/octet-stream; name=holiday.img", "Y29uZWN0aXgAAAAC", "application/x-vhd", "archive disk-image" },
		{ "application/octet-stream; name=app.msi", "eA==", "text/plain", "executable installer" },
		{ "text/plain; name=note.txt", "d29yZHM=", "text/plain", "" },
		{ "application/octet-stream; name=note.txt", "d29yZHM=", "text/plain", "" },
		{ "text/plain; name=\"a\xe2\x80\xaetxt.exe\"", "d29yZHM=", "text/plain", "mismatch" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *raw = g_strdup_printf(MIXED "--b\n\nhi\n--b\nContent-Type: %s\n"
		    "Content-Transfer-Encoding: base64\n\n%s\n--b--\n", files[i].head, files[i].coded);
		g_autoptr(SgReading) r = scan(raw);
		const SgPartInfo *p = part(r, "2");
		g_auto(GStrv) kinds = g_strsplit(files[i].kinds, " ", -1);
		gsize n;

		g_free(g_base64_decode(files[i].coded, &n));
		g_assert_cmpstr(p->detected, ==, files[i].detected);
		for (char **k = kinds; *k != NULL; k++)
			if (**k != '\0' && !sg_part_is(p, *k))
				g_error("%s is not %s: %s (%s)", files[i].head, *k, p->kinds, p->detected);
		if (files[i].kinds[0] == '\0')
			g_assert_cmpstr(p->kinds, ==, "");
		g_assert_cmpuint(r->flags, ==, 0);
		g_assert_cmpuint(strlen(p->sha256), ==, 64);
		g_assert_cmpuint(p->bytes, ==, n);
	}
}

static void
unread_is_said(void)
{
	g_autoptr(SgReading) r = scan(MIXED "--b\nContent-Type: application/wordperfect\n\n\xffWPC\x01\x02\x03\x04\x01\x0a\n--b--\n");

	g_assert_cmpstr(part(r, "1")->notes, ==, "unread:application/vnd.wordperfect");
	g_assert_cmpstr(part(r, "1")->state, ==, "");
	g_assert_cmpuint(r->flags, ==, 0);
}

static void
pieces_and_pointers_are_not_read(void)
{
	g_autoptr(SgReading) r = scan("Content-Type: message/partial; id=1; number=1; total=2\n\nhalf\n");

	g_assert_true(sg_part_is(part(r, "1"), "unscannable"));
	g_assert_cmpuint(r->flags, ==, SG_FLAG_NOT_FULLY);
}

static void
extractor_that_is_off(void)
{
	g_autoptr(SgReading) r = scan_with("Content-Type: text/html\n\n<b>needle</b>\n", -1, "", "needle",
	    "html", SG_TEXTS_ALWAYS);
	g_autoptr(SgReading) all = scan_with("Subject: s\n\nneedle\n", -1, "", "needle", "mail", SG_TEXTS_ALWAYS);

	g_assert_true(sg_part_is(part(r, "1"), "unscannable"));
	g_assert_cmpuint(r->flags, ==, SG_FLAG_NOT_FULLY);
	g_assert_true(has_finding(r, "test.word"));	/* read as plain text instead */
	g_assert_true(has_finding(all, "part.unscannable"));
	g_assert_true(has_finding(all, "test.word"));
}

static void
mail_in_mail_that_is_encoded(void)
{
	g_autoptr(SgReading) r = scan(MIXED "--b\nContent-Type: message/rfc822\n"
	    "Content-Transfer-Encoding: base64\n\nU3ViamVjdDogaGkKCnllcwo=\n--b--\n");
	g_autofree char *got = texts_of(r);

	g_assert_cmpstr(got, ==,
	    "subject::trip|header::Ann Example|forwarded:1:hi|forwarded:1.1:yes\n");
}

static void
staged(gpointer data, const char *id, const char *extractor)
{
	g_string_append_printf(data, "%s=%s ", id, extractor);
}

static void
watchdog_is_told(void)
{
	static const char mail[] = MIXED "--b\n\nhi\n--b\nContent-Type: text/html\n\n<p>x\n--b\n"
	    "Content-Type: image/png\n\n\x89PNG\r\n\x1a\n\1\1\n--b--\n";
	g_autoptr(SgOptions) options = fake_options("");
	g_autoptr(SgMatch) match = fake_match_new(NULL);
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(GBytes) raw = g_bytes_new_static(mail, sizeof mail - 1);
	SgWalkJob job = { .options = options, .match = match, .raw = raw, .facts = "",
		.stage = staged, .data = seen };
	g_autoptr(SgReading) r = sg_walk(&job, NULL);

	g_assert_cmpstr(seen->str, ==, "=mail 1=plain 2=html 3=image ");
	g_assert_cmpuint(r->texts->len, ==, 0);		/* not asked for */
}

static void
our_findings_come_last(void)
{
	g_autoptr(SgReading) r = scan_with("needle\n", -1, "", "needle", NULL, SG_TEXTS_NEVER);

	g_assert_cmpuint(r->findings->len, ==, 2);
	g_assert_cmpstr(((SgFinding *)g_ptr_array_index(r->findings, 0))->rule, ==, "test.word");
	g_assert_cmpstr(((SgFinding *)g_ptr_array_index(r->findings, 1))->rule, ==, "mime.malformed");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/walk/plain-mail", plain_mail);
	g_test_add_func("/walk/trace-fields-change-nothing", trace_fields_change_nothing);
	g_test_add_func("/walk/header-that-fades", header_that_fades);
	g_test_add_func("/walk/bytes-label-and-name", bytes_label_and_name);
	g_test_add_func("/walk/codings-with-comments", codings_with_comments);
	g_test_add_func("/walk/names-without-address", names_without_address);
	g_test_add_func("/walk/numbers-as-in-imap", numbers_as_in_imap);
	g_test_add_func("/walk/places", places);
	g_test_add_func("/walk/prologue-and-epilogue-are-read", prologue_and_epilogue_are_read);
	g_test_add_func("/walk/nul-hides-nothing", nul_hides_nothing);
	g_test_add_func("/walk/no-header-at-all", no_header_at_all);
	g_test_add_func("/walk/nothing-at-all", nothing_at_all);
	g_test_add_func("/walk/multipart-without-parts-is-read", multipart_without_parts_is_read);
	g_test_add_func("/walk/ambiguous-structures", ambiguous_structures);
	g_test_add_func("/walk/ambiguous-inside-of-a-file", ambiguous_inside_of_a_file);
	g_test_add_func("/walk/the-hang-is-avoided", the_hang_is_avoided);
	g_test_add_func("/walk/depth-is-limited-and-read-on", depth_is_limited_and_read_on);
	g_test_add_func("/walk/very-deep-is-cut-and-read-on", very_deep_is_cut_and_read_on);
	g_test_add_func("/walk/many-side-by-side-are-not-deep", many_side_by_side_are_not_deep);
	g_test_add_func("/walk/many-parts-are-limited", many_parts_are_limited);
	g_test_add_func("/walk/many-headers-are-limited", many_headers_are_limited);
	g_test_add_func("/walk/text-is-limited", text_is_limited);
	g_test_add_func("/walk/what-is-unpacked-is-limited", what_is_unpacked_is_limited);
	g_test_add_func("/walk/facts-of-files", facts_of_files);
	g_test_add_func("/walk/unread-is-said", unread_is_said);
	g_test_add_func("/walk/pieces-and-pointers-are-not-read", pieces_and_pointers_are_not_read);
	g_test_add_func("/walk/extractor-that-is-off", extractor_that_is_off);
	g_test_add_func("/walk/mail-in-mail-that-is-encoded", mail_in_mail_that_is_encoded);
	g_test_add_func("/walk/macros-in-zips", macros_in_zips);
	g_test_add_func("/walk/watchdog-is-told", watchdog_is_told);
	g_test_add_func("/walk/our-findings-come-last", our_findings_come_last);
	return g_test_run();
}
