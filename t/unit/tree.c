/* fails-if: what the parser need not see changes what it says of a message */
#include <glib.h>
#include <string.h>

#include "mail/tree.h"
#include "t/lib/fakematch.h"

#define ROUNDS	  4000u
/* GMime reads pieces of this size, and what is broken at the edge of one it reads
 * differently from what is broken elsewhere: leaving something out moves the edges. */
#define ONE_PIECE 4096u

static const char *const lines[] = {
	"--a", "--a--", "--b", "--b--", "--b ", "--c", "--", "---", "--bb", "-b", "From x", "", "", "", " ", "\t", "\r",
	"--a\r", "--b\r", "a: b", "Subject: s", "no field", ">From x", "begin 644 x", "=", "\xff\xfe",
	"Content-Type: text/plain", "Content-Type: image/png; name=x", "Content-type:text/html",
	"Content-Type: text/plain; boundary=b", "Content-Type: text /plain", "Content-Type:", "Content-Type: text",
	"Content-Type: message/rfc822", "Content-Type: message (x) /rfc822", "Content-Type:", " message/rfc822",
	"Content-Type: multipart/mixed; boundary=a", "Content-Type: multipart/mixed; boundary=\"b\"",
	"Content-Type: multipart/digest;", " boundary=c", "Content-Type: multipart/signed; boundary*=utf-8''b",
	"Content-Type: multipart/mixed; x=\"boundary=a\"; boundary=b", "Content-Type : text/plain",
	"Content-Type: application/x", "Content-Transfer-Encoding: base64", "X-A: 1", "Received: x",
};

static void
add_node(GString *s, const SgNode *n)
{
	g_autofree char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(n->object));

	g_string_append_printf(s, "%s type=%d depth=%u top=%d fwd=%d sealed=%d %zu %zu %zu %s message=%d\n", n->id,
	    (int)n->type, n->depth, n->toplevel, n->forwarded, n->sealed, n->start, n->body, n->end,
	    type, n->message != NULL);
}

static char *
reading(GBytes *raw, gboolean lean)
{
	const SgTreeLimits limits = { 20, 200, 200, lean, FALSE };
	g_autoptr(SgTree) t = sg_tree_read(raw, &limits, 0, "");
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < t->nodes->len; i++)
		add_node(s, &g_array_index(t->nodes, SgNode, i));
	for (guint i = 0; i < t->gaps->len; i++) {
		const SgGap *g = &g_array_index(t->gaps, SgGap, i);

		g_string_append_printf(s, "gap %zu %zu of %d\n", g->at, g->len, g->node);
	}
	g_string_append_printf(s, "flags=%u over=%d%d%d message=%d raw=%zu rest=%zu stray=%s", t->flags, t->over_depth,
	    t->over_parts, t->over_headers, t->message != NULL, g_bytes_get_size(t->raw),
	    t->rest != NULL ? g_bytes_get_size(t->rest) : 0, t->stray->str);
	return g_string_free(s, FALSE);
}

/* TRUE when something was left out. */
static gboolean
same_when_lean(GBytes *raw, const char *what)
{
	const SgTreeLimits limits = { 20, 200, 200, TRUE, FALSE };
	g_autofree char *whole = reading(raw, FALSE), *lean = reading(raw, TRUE);
	g_autoptr(SgTree) t = sg_tree_read(raw, &limits, 0, "");

	if (strcmp(whole, lean) != 0) {
		g_test_message("%s\n-- whole\n%s\n-- lean\n%s", what, whole, lean);
		g_test_fail();
	}
	return t->lean.gone > 0;
}

static void
add_words(GString *s, GRand *r)
{
	guint n = (guint)g_rand_int_range(r, 8, 14);

	for (guint i = 0; i < n; i++)
		g_string_append(s, "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKKKLLLLMMMMNNNNOOOOPPPPQQQQRRRRSSS=\n");
}

static GBytes *
invent(GRand *r)
{
	GString *s = g_string_new(g_rand_boolean(r) ? "" : "Content-Type: multipart/mixed; boundary=b\n\n");
	guint n = (guint)g_rand_int_range(r, 2, 40);
	gboolean crlf = g_rand_boolean(r);

	for (guint i = 0; i < n && s->len < ONE_PIECE - 2000; i++) {
		guint kind = (guint)g_rand_int_range(r, 0, 8);

		if (kind == 0)
			g_string_append_printf(s, "--%c\nContent-Type: %s\n\n", "abc"[g_rand_int_range(r, 0, 3)],
			    g_rand_boolean(r) ? "text/plain; charset=utf-8" : "image/png");
		if (kind < 3)
			add_words(s, r);
		else
			g_string_append_printf(s, "%s\n", lines[g_rand_int_range(r, 0, G_N_ELEMENTS(lines))]);
		if (g_rand_int_range(r, 0, 60) == 0)
			g_string_append_c(s, '\0');
	}
	if (g_rand_boolean(r))
		g_string_truncate(s, s->len - 1);
	if (crlf)
		g_string_replace(s, "\n", "\r\n", 0);
	return g_string_free_to_bytes(s);
}

static void
invented(void)
{
	g_autoptr(GRand) r = g_rand_new_with_seed(1);
	guint leaner = 0;

	for (guint i = 0; i < ROUNDS; i++) {
		g_autofree char *what = g_strdup_printf("message %u", i);
		g_autoptr(GBytes) raw = invent(r);

		g_assert_cmpuint(g_bytes_get_size(raw), <, ONE_PIECE);
		leaner += same_when_lean(raw, what);
	}
	g_test_message("%u of %u were made leaner", leaner, ROUNDS);
	g_assert_cmpuint(leaner, >, ROUNDS / 20);
}

/* Every mail below the directory. */
static guint
real_mails(const char *path, guint *leaner)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL), *text = NULL;
		g_autoptr(GBytes) raw = NULL;
		gsize len;

		if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
			n += real_mails(file, leaner);
		} else if (g_str_has_suffix(name, ".eml") && g_file_get_contents(file, &text, &len, NULL)) {
			raw = g_bytes_new_static(text, len);
			*leaner += same_when_lean(raw, file);
			n++;
		}
	}
	return n;
}

static void
corpus(void)
{
	g_autofree char *path = g_build_filename(g_getenv("top_srcdir") != NULL ? g_getenv("top_srcdir") : ".",
	    "..", "shared", "corpora", "mail", NULL);
	guint leaner = 0, n = real_mails(path, &leaner);

	if (n == 0) {
		g_test_skip("no corpus here");
		return;
	}
	g_test_message("%u of %u were made leaner", leaner, n);
	g_assert_cmpuint(leaner, >, n / 10);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/tree/invented", invented);
	g_test_add_func("/tree/corpus", corpus);
	return g_test_run();
}
