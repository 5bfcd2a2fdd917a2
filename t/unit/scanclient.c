/* fails-if: a wrong, hostile, dead or silent scanner is believed, or not told from a busy one */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/listen.h"
#include "base/seqpacket.h"
#include "client/check.h"
#include "client/scanclient.h"

#define CONF "school: { name = \"Hill\"; domains = [ \"hill.example\" ]; };\n" \
	     "courier: { from = \"sg@hill.example\"; };\n" \
	     "milter: { max_size = 65536; };\n" \
	     "scan: { deadline = 2; text = 65536; bulk_size = 65536; listen = \"%s\"; };\n"

/* One conversation of the false scanner. */
typedef struct {
	int	sock, out;
	guint64 id;
	guint	n;	/* which connection of the test, from 0 */
	GByteArray *bundle;	/* of frames that go together, or NULL */
} Talk;

typedef void (*Behave)(Talk *t);

typedef struct {
	char	  *dir, *path;
	SgOptions *options;
	SgListen   listener;
	GThread	  *thread;
	Behave	   behave;
	gint	   connections, stop;
} Scanner;

static gint64
soon(void)
{
	return g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
}

static GByteArray *
frame_of(const GByteArray *b)
{
	GByteArray *framed = g_byte_array_new();
	gsize frame = sg_wire_open_frame(framed);

	g_byte_array_append(framed, b->data, b->len);
	sg_wire_close_frame(framed, frame);
	return framed;
}

static void
send_bytes(Talk *t, const GByteArray *b)
{
	g_autoptr(GByteArray) framed = frame_of(b);

	if (t->bundle != NULL)
		g_byte_array_append(t->bundle, framed->data, framed->len);
	else
		(void)sg_seq_put(t->sock, framed, NULL, 0, soon(), NULL);
}

static SgFinding
a_finding(const Talk *t)
{
	return (SgFinding){ .id = t->id, .severity = 3, .confidence = 2, .count = 1,
		.rule = (char *)(guintptr)"r.one", .title = (char *)(guintptr)"One",
		.category = (char *)(guintptr)"bullying", .area = (char *)(guintptr)"conduct",
		.where = (char *)(guintptr)"body", .part = (char *)(guintptr)"1",
		.excerpt = (char *)(guintptr)"caf\xc3\xa9 idiot", .hit_at = 6, .hit_len = 5, .text_at = 6, .text_len = 5 };
}

static void
send_finding(Talk *t, const SgFinding *f)
{
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_true(sg_wire_put_FINDING(b, f, NULL));
	send_bytes(t, b);
}

static void
send_part(Talk *t, const char *state, const char *sha)
{
	const SgPartInfo p = { .id = t->id, .part = (char *)(guintptr)"1", .state = (char *)(guintptr)state,
		.sha256 = (char *)(guintptr)sha };
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_true(sg_wire_put_PART(b, &p, NULL));
	send_bytes(t, b);
}

static void
send_done(Talk *t, guint findings, guint parts, guint64 written, guint flags, const char *why)
{
	const SgWireDONE d = { .id = t->id, .findings = findings, .parts = parts, .written = written,
		.flags = flags, .error = (char *)(guintptr)why, .rules = (char *)(guintptr)"abc" };
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_true(sg_wire_put_DONE(b, &d, NULL));
	send_bytes(t, b);
}

static guint64
write_text(Talk *t, const char *text, guint32 surplus)
{
	const SgText x = { (char *)(guintptr)"body", (char *)(guintptr)"1", NULL, 0, (char *)(guintptr)text, NULL };
	g_autoptr(GByteArray) b = g_byte_array_new();
	guint32 len = 0;

	g_byte_array_append(b, (const guint8 *)&len, sizeof len);
	g_assert_true(sg_wire_put_TEXT(b, &x, NULL));
	len = b->len - 4 + surplus;
	memcpy(b->data, &len, sizeof len);
	g_assert_cmpint(write(t->out, b->data, b->len), ==, b->len);
	return b->len;
}

static void
good(Talk *t)
{
	SgFinding f = a_finding(t);
	guint64 n = write_text(t, "caf\xc3\xa9 idiot", 0);

	send_finding(t, &f);
	f.text_at = 4;		/* the second byte of the e with its accent: not a place */
	send_finding(t, &f);
	send_part(t, "plain", "");
	send_done(t, 2, 1, n, SG_FLAG_MALFORMED, "");
}

static void
good_at_once(Talk *t)
{
	g_autoptr(GByteArray) bundle = t->bundle = g_byte_array_new();

	good(t);
	(void)sg_seq_put(t->sock, bundle, NULL, 0, soon(), NULL);
}

static void dies(Talk *t) { (void)t; }

static void
dies_once(Talk *t)
{
	if (t->n > 0)
		good(t);
}

static void
dies_before_done(Talk *t)
{
	const SgFinding f = a_finding(t);

	send_finding(t, &f);
}

static void
other_id(Talk *t)
{
	SgFinding f = a_finding(t);

	f.id++;
	send_finding(t, &f);
	send_done(t, 1, 0, 0, 0, "");
}

static void
done_of_another(Talk *t)
{
	t->id++;
	send_done(t, 0, 0, 0, 0, "");
}

static void
bad_severity(Talk *t)
{
	SgFinding f = a_finding(t);

	f.severity = 6;
	send_finding(t, &f);
	send_done(t, 1, 0, 0, 0, "");
}

static void
hit_outside(Talk *t)
{
	SgFinding f = a_finding(t);

	f.hit_len = 0xffffffff;
	send_finding(t, &f);
	send_done(t, 1, 0, 0, 0, "");
}

static void
hit_in_character(Talk *t)
{
	SgFinding f = a_finding(t);

	f.hit_at = 4;
	send_finding(t, &f);
	send_done(t, 1, 0, 0, 0, "");
}

static void
bad_part(Talk *t)
{
	send_part(t, "perhaps", "");
	send_done(t, 0, 1, 0, 0, "");
}

static void
bad_hash(Talk *t)
{
	send_part(t, "plain", "../../etc/passwd");
	send_done(t, 0, 1, 0, 0, "");
}

static void count_short(Talk *t) { send_done(t, 1, 0, 0, 0, ""); }
static void unknown_flag(Talk *t) { send_done(t, 0, 0, 0, 8, ""); }
static void said_too_much(Talk *t) { send_done(t, 0, 0, 99, 0, ""); }

static void
said_too_little(Talk *t)
{
	guint64 n = write_text(t, "hello", 0);

	send_done(t, 0, 0, n - 1, 0, "");
}

static void
wrote_too_much(Talk *t)
{
	g_assert_cmpint(ftruncate(t->out, 16 << 20), ==, 0);
	send_done(t, 0, 0, 16 << 20, 0, "");
}

static void
frame_too_long(Talk *t)
{
	send_done(t, 0, 0, write_text(t, "hello", 1), 0, "");
}

static void
frame_is_rubbish(Talk *t)
{
	g_assert_cmpint(write(t->out, "\x04\0\0\0rubb", 8), ==, 8);
	send_done(t, 0, 0, 8, 0, "");
}

static void
frame_is_cut(Talk *t)
{
	g_assert_cmpint(write(t->out, "\x04\0", 2), ==, 2);
	send_done(t, 0, 0, 2, 0, "");
}

static void
request_back(Talk *t)
{
	const SgWireSCAN s = { .id = t->id };
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_true(sg_wire_put_SCAN(b, &s, NULL));
	send_bytes(t, b);
}

static void
cut_message(Talk *t)
{
	const SgFinding f = a_finding(t);
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_true(sg_wire_put_FINDING(b, &f, NULL));
	g_byte_array_set_size(b, b->len - 1);
	send_bytes(t, b);
}

static void
without_frame(Talk *t)
{
	const SgWireDONE d = { .id = t->id };
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_true(sg_wire_put_DONE(b, &d, NULL));
	(void)sg_seq_put(t->sock, b, NULL, 0, soon(), NULL);
}

/* DONE with nothing behind it, or with what it did not count */
static void
done_and(Talk *t, const char *behind, gsize n)
{
	const SgWireDONE d = { .id = t->id };
	g_autoptr(GByteArray) b = g_byte_array_new(), all = NULL;

	g_assert_true(sg_wire_put_DONE(b, &d, NULL));
	all = frame_of(b);
	g_byte_array_append(all, (const guint8 *)behind, (guint)n);
	(void)sg_seq_put(t->sock, all, NULL, 0, soon(), NULL);
}

static void rubbish_behind(Talk *t) { done_and(t, "xx", 2); }
static void frame_behind(Talk *t) { done_and(t, "\4\0\0\0done", 8); }

static void
huge_message(Talk *t)
{
	g_autofree char *big = g_malloc0(100000);

	(void)!send(t->sock, big, 100000, MSG_NOSIGNAL);
}

static void
descriptors_too(Talk *t)
{
	const SgWireDONE d = { .id = t->id };
	g_autoptr(GByteArray) b = g_byte_array_new(), framed = NULL;

	g_assert_true(sg_wire_put_DONE(b, &d, NULL));
	framed = frame_of(b);
	(void)sg_seq_put(t->sock, framed, &t->out, 1, soon(), NULL);
}

static void
flood(Talk *t)
{
	const SgFinding f = a_finding(t);
	g_autoptr(GByteArray) b = g_byte_array_new(), framed = NULL;

	g_assert_true(sg_wire_put_FINDING(b, &f, NULL));
	framed = frame_of(b);
	for (guint i = 0; i < SG_READING_FINDINGS + 10; i++)
		if (!sg_seq_put(t->sock, framed, NULL, 0, soon(), NULL))
			return;
}

/* fewer parts than are too many, but each as long as can be */
static void
long_winded(Talk *t)
{
	g_autofree char *full = g_strnfill(SG_WIRE_STR, 'x');
	const SgPartInfo p = { .id = t->id, .part = full, .name = full, .declared = full, .detected = full,
		.method = full, .kinds = full, .notes = full };
	g_autoptr(GByteArray) b = g_byte_array_new(), framed = NULL;

	g_assert_true(sg_wire_put_PART(b, &p, NULL));
	framed = frame_of(b);
	for (guint i = 0; i < SG_CHECK_BYTES / b->len + 1000; i++)	/* some wait in the socket */
		if (!sg_seq_put(t->sock, framed, NULL, 0, soon(), NULL))
			return;
	g_assert_not_reached();		/* it was all listened to */
}

static void
huge_numbers(Talk *t)
{
	const SgPartInfo p = { .id = t->id, .part = (char *)(guintptr)"1", .bytes = G_MAXUINT64 };
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_true(sg_wire_put_PART(b, &p, NULL));
	send_bytes(t, b);
	send_done(t, 0, 1, 0, 0, "");
}

static void
huge_count(Talk *t)
{
	SgFinding f = a_finding(t);

	f.count = G_MAXUINT32;
	send_finding(t, &f);
	send_done(t, 1, 0, 0, 0, "");
}

/* keeps the memfd mapped writable: what the client reads could change */
static void
holds_output(Talk *t)
{
	guint64 n = write_text(t, "hello", 0);
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, t->out, 0);

	send_done(t, 0, 0, n, 0, "");
	(void)sg_seq_wait(t->sock, POLLIN, soon());	/* the client hangs up before it looks */
	g_usleep(200000);
	munmap(p, n);
}

static void
silent(Talk *t)
{
	(void)sg_seq_wait(t->sock, POLLIN, g_get_monotonic_time() + 20 * G_USEC_PER_SEC);
}

static void refuses_change(Talk *t) { send_done(t, 0, 0, 0, 0, "part 2 is signed"); }
static void changes_nothing(Talk *t) { send_done(t, 0, 0, 0, 0, ""); }

static void
changes(Talk *t)
{
	g_assert_cmpint(write(t->out, "new", 3), ==, 3);
	send_done(t, 0, 0, 3, 0, "");
}

static void
converse(Scanner *s, int sock)
{
	g_autofree SgSeqIn *in = g_new0(SgSeqIn, 1);
	Talk t = { .sock = sock, .out = -1, .n = (guint)g_atomic_int_add(&s->connections, 1) };

	if (sg_seq_wait(sock, POLLIN, soon()) && sg_seq_get(sock, in, NULL) == SG_SEQ_GOT) {
		memcpy(&t.id, in->buf + 4, sizeof t.id);
		t.out = sg_seq_take_fd(in, 1);
		s->behave(&t);
	}
	if (t.out != -1)
		close(t.out);
	sg_seq_clear(in);
	close(sock);
}

static gpointer
serve(gpointer data)
{
	Scanner *s = data;

	while (!g_atomic_int_get(&s->stop)) {
		int sock;

		if (!sg_seq_wait(s->listener.fd, POLLIN, g_get_monotonic_time() + 50000))
			continue;
		sock = accept4(s->listener.fd, NULL, NULL, SOCK_CLOEXEC);
		if (sock != -1)
			converse(s, sock);
	}
	return NULL;
}

static Scanner *
scanner_new(Behave behave)
{
	Scanner *s = g_new0(Scanner, 1);
	g_autofree char *conf = NULL, *text = NULL;

	s->dir = g_dir_make_tmp("sg-client-XXXXXX", NULL);
	s->path = g_build_filename(s->dir, "scan.sock", NULL);
	conf = g_build_filename(s->dir, "c.conf", NULL);
	text = g_strdup_printf(CONF, s->path);
	g_assert_true(g_file_set_contents(conf, text, -1, NULL));
	s->options = sg_options_load(conf, NULL, NULL);
	g_assert_nonnull(s->options);
	g_unlink(conf);
	s->behave = behave;
	if (behave != NULL) {
		g_assert_true(sg_listen_unix(&s->listener, s->path, SOCK_SEQPACKET, NULL));
		s->thread = g_thread_new("scanner", serve, s);
	}
	return s;
}

static void
scanner_free(Scanner *s)
{
	g_atomic_int_set(&s->stop, TRUE);
	if (s->thread != NULL)
		g_thread_join(s->thread);
	sg_listen_close(&s->listener);
	g_rmdir(s->dir);
	sg_options_unref(s->options);
	g_free(s->dir);
	g_free(s->path);
	g_free(s);
}

static SgReading *
ask(Scanner *s, gboolean (*progress)(gpointer), GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("Subject: x\r\n\r\nhello\r\n", 21);
	const SgScanAsk a = { .options = s->options, .bytes = bytes, .fd = -1, .texts = SG_TEXTS_ALWAYS,
		.facts = "", .progress = progress };

	return sg_scan(&a, error);
}

static guint
open_fds(void)
{
	guint n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

/* the scanner's ends close a little later */
static void
assert_none_leaked(guint before)
{
	for (guint i = 0; i < 200 && open_fds() != before; i++)
		g_usleep(10000);
	g_assert_cmpuint(open_fds(), ==, before);
}

static void
believes_a_good_one(void)
{
	static const Behave all[] = { good, good_at_once, dies_once };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		Scanner *s = scanner_new(all[i]);
		guint before = open_fds();
		g_autoptr(GError) error = NULL;
		g_autoptr(SgReading) r = ask(s, NULL, &error);
		const SgFinding *f;

		g_assert_no_error(error);
		g_assert_cmpuint(r->findings->len, ==, 2);
		g_assert_cmpuint(r->parts->len, ==, 1);
		g_assert_cmpuint(r->texts->len, ==, 1);
		g_assert_cmpuint(r->flags, ==, SG_FLAG_MALFORMED);
		g_assert_cmpstr(r->rules, ==, "abc");
		f = g_ptr_array_index(r->findings, 0);
		g_assert_cmpuint(f->text_len, ==, 5);
		f = g_ptr_array_index(r->findings, 1);
		g_assert_cmpuint(f->text_len, ==, 0);
		g_assert_cmpint(g_atomic_int_get(&s->connections), ==, all[i] == dies_once ? 2 : 1);
		assert_none_leaked(before);
		scanner_free(s);
	}
}

static void
believes_no_other(void)
{
	static const struct {
		const char *what;
		Behave behave;
	} cases[] = {
		{ "dies", dies }, { "dies before DONE", dies_before_done }, { "other id", other_id },
		{ "DONE of another", done_of_another }, { "severity", bad_severity },
		{ "hit outside", hit_outside }, { "hit inside a character", hit_in_character },
		{ "part state", bad_part }, { "part hash", bad_hash }, { "count", count_short },
		{ "flag", unknown_flag }, { "wrote less than it said", said_too_much },
		{ "wrote more than it said", said_too_little }, { "wrote too much", wrote_too_much },
		{ "frame too long", frame_too_long }, { "frame rubbish", frame_is_rubbish },
		{ "frame cut", frame_is_cut }, { "a request back", request_back },
		{ "cut", cut_message }, { "huge", huge_message }, { "no frame", without_frame },
		{ "rubbish behind", rubbish_behind }, { "a frame behind", frame_behind }, { "descriptors", descriptors_too },
		{ "flood", flood }, { "long-winded", long_winded },
		{ "huge numbers", huge_numbers }, { "huge count", huge_count }, { "holds its output", holds_output },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Scanner *s = scanner_new(cases[i].behave);
		guint before = open_fds();
		g_autoptr(GError) error = NULL;

		g_assert_null(ask(s, NULL, &error));
		g_test_message("%s: %s", cases[i].what, error->message);
		g_assert_error(error, SG_ERR, SG_ERR_PEER);
		assert_none_leaked(before);
		scanner_free(s);
	}
}

static gboolean
no_patience(gpointer data)
{
	(void)data;
	return FALSE;
}

static void
waits_no_longer_than_it_should(void)
{
	static const struct {
		Behave behave;
		gboolean (*progress)(gpointer);
		double least, most;
	} cases[] = {
		{ NULL, NULL, 0, 10 },		/* nobody there: as long as a restart takes */
		{ silent, no_patience, 4.5, 10 }, /* the caller gives up at the first call    */
		{ silent, NULL, 5.5, 15 },	/* three deadlines of two seconds           */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Scanner *s = scanner_new(cases[i].behave);
		g_autoptr(GError) error = NULL;
		gint64 began = g_get_monotonic_time();
		double took;

		g_assert_null(ask(s, cases[i].progress, &error));
		took = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
		g_test_message("%.1f s: %s", took, error->message);
		g_assert_error(error, SG_ERR, SG_ERR_LATER);
		g_assert_cmpfloat(took, >=, cases[i].least);
		g_assert_cmpfloat(took, <=, cases[i].most);
		scanner_free(s);
	}
}

static void
too_large(void)
{
	Scanner *s = scanner_new(good);
	g_autofree char *data = g_malloc0(65537);
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, 65537);
	const SgScanAsk a = { .options = s->options, .bytes = bytes, .fd = -1, .facts = "" };
	g_autoptr(GError) error = NULL;

	g_assert_null(sg_scan(&a, &error));
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
	scanner_free(s);
}

static void
detach(void)
{
	static const struct {
		Behave behave;
		int code;
		const char *result;
	} cases[] = {
		{ changes, 0, "new" },
		{ refuses_change, SG_ERR_INPUT, NULL },
		{ changes_nothing, SG_ERR_PEER, NULL },
		{ said_too_much, SG_ERR_PEER, NULL },
		{ holds_output, SG_ERR_PEER, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Scanner *s = scanner_new(cases[i].behave);
		g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1), b = NULL;
		const SgScanAsk a = { .options = s->options, .bytes = bytes, .fd = -1 };
		g_autoptr(GError) error = NULL;

		b = sg_scan_detach(&a, "2", "removed", &error);
		g_test_message("%" G_GSIZE_FORMAT ": %s", i, error != NULL ? error->message : "done");
		if (cases[i].result != NULL)
			g_assert_cmpmem(g_bytes_get_data(b, NULL), g_bytes_get_size(b), cases[i].result,
			    strlen(cases[i].result));
		else
			g_assert_error(error, SG_ERR, cases[i].code);
		scanner_free(s);
	}
}

/* what the false scanner says that it added and left out, next */
static const char *says_added, *says_skipped, *says_written;

static void
says(Talk *t)
{
	const gsize n = strlen(says_written);
	const SgWireDONE d = { .id = t->id, .written = n, .error = (char *)(guintptr)"",
		.rules = (char *)(guintptr)"", .added = (char *)(guintptr)says_added,
		.skipped = (char *)(guintptr)says_skipped };
	g_autoptr(GByteArray) b = g_byte_array_new();

	g_assert_cmpint(write(t->out, says_written, n), ==, (gssize)n);
	g_assert_true(sg_wire_put_DONE(b, &d, NULL));
	send_bytes(t, b);
}

/* The names go into a signed header field, the reasons into the log. */
static void
disclaim(void)
{
	static const struct {
		const char *added, *skipped, *written;
		gboolean good;
	} cases[] = {
		{ "one", "two=there", "new", TRUE }, { "one two", "", "new", TRUE }, { "", "one=no-text two=reply", "", TRUE },
		{ "three", "", "new", FALSE }, { "one\r\nBcc: x", "", "new", FALSE }, { "one one one", "", "new", FALSE },
		{ "one", "", "", FALSE }, { "", "", "new", FALSE }, { "one", "", "longer than may be", FALSE },
		{ "", "one=x\nmsg=y", "", FALSE }, { "", "one", "", FALSE }, { "", "three=there", "", FALSE },
	};
	char one[] = "one", two[] = "two", place[] = "bottom", x[] = "x";
	SgWireDISCLAIM first = { .name = one, .place = place, .repeat = place, .plain = x, .html = x, .known = x };
	SgWireDISCLAIM second = first;
	g_autoptr(GPtrArray) texts = g_ptr_array_new();

	second.name = two;
	g_ptr_array_add(texts, &first);
	g_ptr_array_add(texts, &second);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Scanner *s = scanner_new(says);
		g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
		const SgScanAsk a = { .options = s->options, .bytes = bytes, .fd = -1 };
		g_autoptr(GError) error = NULL;
		g_auto(SgScanDisclaimed) done = { 0 };

		says_added = cases[i].added;
		says_skipped = cases[i].skipped;
		says_written = cases[i].written;
		g_test_message("%" G_GSIZE_FORMAT, i);
		g_assert_cmpint(sg_scan_disclaim(&a, texts, 10, &done, &error), ==, cases[i].good);
		if (!cases[i].good)
			g_assert_error(error, SG_ERR, SG_ERR_PEER);
		g_assert_cmpint(done.bytes != NULL, ==, cases[i].good && cases[i].written[0] != '\0');
		scanner_free(s);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scanclient/believes-a-good-one", believes_a_good_one);
	g_test_add_func("/scanclient/believes-no-other", believes_no_other);
	g_test_add_func("/scanclient/waits-no-longer-than-it-should", waits_no_longer_than_it_should);
	g_test_add_func("/scanclient/too-large", too_large);
	g_test_add_func("/scanclient/detach", detach);
	g_test_add_func("/scanclient/disclaim", disclaim);
	return g_test_run();
}
