/* fails-if: taking a part out changes another byte, or happens where it must not */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "rewrite/rewrite.h"
#include "scan/walk.h"

#define NOTE "The file was removed by the school\xe2\x80\x99s mail gate."
#define CODED "The file was removed by the school=E2=80=99s mail gate."
#define HEAD "From: a@x.example\r\nSubject: trip\r\nMIME-Version: 1.0\r\n"
#define TEXT "--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n"
#define FILE_PART "--b\r\nContent-Type: application/zip; name=a.zip\r\n" \
	"Content-Disposition: attachment; filename=a.zip\r\n" \
	"Content-Transfer-Encoding: base64\r\n\r\nUEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==\r\n"
#define NOTE_PART "--b\r\nContent-Type: text/plain; charset=utf-8\r\n" \
	"Content-Transfer-Encoding: quoted-printable\r\n\r\n" CODED "\r\n"

static char *
detach(const char *raw, const char *parts)
{
	g_autoptr(GBytes) in = g_bytes_new_static(raw, strlen(raw));
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) out = sg_rewrite_detach(in, parts, NOTE, &error);
	gsize n;
	const char *p;

	if (out == NULL) {
		g_assert_error(error, SG_ERR, SG_ERR_INPUT);
		return NULL;
	}
	g_assert_no_error(error);
	p = g_bytes_get_data(out, &n);
	return g_strndup(p, n);
}

static void
expect(const char *raw, const char *parts, const char *want)
{
	g_autofree char *got = detach(raw, parts);

	g_assert_cmpstr(got, ==, want);
}

static void
one_part_goes(void)
{
	expect(HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\nprologue\r\n" TEXT FILE_PART
	    "--b--\r\nepilogue\r\n", "2",
	    HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\nprologue\r\n" TEXT NOTE_PART
	    "--b--\r\nepilogue\r\n");
}

static void
the_one_in_the_middle(void)
{
	expect(HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT FILE_PART TEXT
	    "--b--\r\n", "2",
	    HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT NOTE_PART TEXT "--b--\r\n");
}

static void
two_at_once(void)
{
	expect(HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" FILE_PART TEXT FILE_PART
	    "--b--\r\n", "3, 1",
	    HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" NOTE_PART TEXT NOTE_PART
	    "--b--\r\n");
}

static void
unix_line_ends_stay(void)
{
	expect("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: image/png\n\n"
	    "x\n--b--\n", "2",
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n" CODED "\n--b--\n");
}

static void
part_without_headers(void)
{
	expect("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n\nthere\n--b--\n", "2",
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n" CODED "\n--b--\n");
}

static void
a_whole_attached_message(void)
{
	expect(HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT
	    "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed;"
	    " boundary=c\r\n\r\n--c\r\n\r\none\r\n--c--\r\nepi\r\n" TEXT "--b--\r\n", "2",
	    HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT NOTE_PART TEXT "--b--\r\n");
}

static void
a_part_inside_an_attached_message(void)
{
	expect(HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
	    "Content-Type: message/rfc822\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed;"
	    " boundary=b\r\n\r\n" TEXT FILE_PART "--b--\r\n--o--\r\n", "1.2",
	    HEAD "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
	    "Content-Type: message/rfc822\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed;"
	    " boundary=b\r\n\r\n" TEXT NOTE_PART "--b--\r\n--o--\r\n");
}

static void
refused(void)
{
	static const struct {
		const char *why, *raw, *parts;
	} bad[] = {
		{ "no such part", HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT
		    "--b--\r\n", "2" },
		{ "none named", HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT
		    "--b--\r\n", "" },
		{ "the whole message", HEAD "\r\nhi\r\n", "1" },
		{ "the body of an attached message", HEAD "Content-Type: multipart/mixed; boundary=b\r\n"
		    "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nhi\r\n--b--\r\n",
		    "1.1" },
		{ "signed", HEAD "Content-Type: multipart/signed; boundary=b\r\n\r\n" TEXT FILE_PART
		    "--b--\r\n", "2" },
		{ "below signed", HEAD "Content-Type: multipart/signed; boundary=o\r\n\r\n--o\r\n"
		    "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT FILE_PART
		    "--b--\r\n--o\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--o--\r\n",
		    "1.2" },
		{ "encrypted", HEAD "Content-Type: multipart/encrypted; boundary=b\r\n\r\n" TEXT
		    FILE_PART "--b--\r\n", "2" },
		{ "two boundaries", HEAD "Content-Type: multipart/mixed; boundary=b; boundary=c\r\n\r\n"
		    TEXT FILE_PART "--b--\r\n", "2" },
		{ "two types", HEAD "Content-Type: text/plain\r\n"
		    "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT FILE_PART "--b--\r\n", "2" },
		{ "cut off", HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT
		    "--b\r\nContent-Type: image/png\r\n\r\nabc", "2" },
		{ "not a message", "hello\r\n", "1" },
		{ "nothing", "", "1" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *got = detach(bad[i].raw, bad[i].parts);

		if (got != NULL)
			g_error("\"%s\" was rewritten: %s", bad[i].why, got);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/rewrite/one-part-goes", one_part_goes);
	g_test_add_func("/rewrite/the-one-in-the-middle", the_one_in_the_middle);
	g_test_add_func("/rewrite/two-at-once", two_at_once);
	g_test_add_func("/rewrite/unix-line-ends-stay", unix_line_ends_stay);
	g_test_add_func("/rewrite/part-without-headers", part_without_headers);
	g_test_add_func("/rewrite/a-whole-attached-message", a_whole_attached_message);
	g_test_add_func("/rewrite/a-part-inside-an-attached-message", a_part_inside_an_attached_message);
	g_test_add_func("/rewrite/refused", refused);
	return g_test_run();
}
