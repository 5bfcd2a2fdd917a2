/* fails-if: a byte of a release changes, an answer is misread, or an address adds a command */
#include <gio/gio.h>
#include <string.h>

#include "base/err.h"
#include "courier/smtp.h"

/*
 * A server in a thread that answers from a script.  An answer of NULL is the usual one;
 * "" closes the connection instead; "~text" sends one byte every 50 ms.
 */
typedef struct Script {
	const char *greet, *ehlo, *helo, *mail, *rcpt, *data, *dot;
	gsize	    close_after;	/* bytes of the body, 0 = never */
	/* what came */
	GSocketListener *listener;
	GThread	 *thread;
	guint16	  port;
	GString	 *commands;
	GString	 *body;
} Script;

static gboolean
answer(GOutputStream *out, const char *text, const char *usual)
{
	if (text == NULL)
		text = usual;
	if (*text == '\0')
		return FALSE;
	if (*text != '~')
		return g_output_stream_write_all(out, text, strlen(text), NULL, NULL, NULL);
	for (text++; *text != '\0'; text++) {
		if (!g_output_stream_write_all(out, text, 1, NULL, NULL, NULL))
			return FALSE;
		g_usleep(50000);
	}
	return TRUE;
}

/* Undoes dot-stuffing as a strict server does; FALSE when the client went away. */
static gboolean
read_body(Script *s, GBufferedInputStream *in)
{
	g_autoptr(GString) raw = g_string_new(NULL);

	while (raw->len < 5 || memcmp(raw->str + raw->len - 5, "\r\n.\r\n", 5) != 0) {
		int c = g_buffered_input_stream_read_byte(in, NULL, NULL);

		if (c < 0 || (s->close_after != 0 && raw->len >= s->close_after))
			return FALSE;
		g_string_append_c(raw, (char)c);
	}
	g_string_truncate(raw, raw->len - 3);
	for (gsize i = 0; i < raw->len; i++)
		if (raw->str[i] != '.' ||
		    !(i == 0 || (i >= 2 && raw->str[i - 2] == '\r' && raw->str[i - 1] == '\n')))
			g_string_append_c(s->body, raw->str[i]);
	return TRUE;
}

static gboolean
one_command(Script *s, const char *line, GBufferedInputStream *in, GOutputStream *out)
{
	if (g_str_has_prefix(line, "EHLO"))
		return answer(out, s->ehlo,
		    "250-fake\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8\r\n");
	if (g_str_has_prefix(line, "HELO"))
		return answer(out, s->helo, "250 fake\r\n");
	if (g_str_has_prefix(line, "MAIL"))
		return answer(out, s->mail, "250 ok\r\n");
	if (g_str_has_prefix(line, "RCPT"))
		return answer(out, s->rcpt, "250 ok\r\n");
	if (g_str_has_prefix(line, "DATA"))
		return answer(out, s->data, "354 go on\r\n") &&
		       (s->data != NULL || read_body(s, in)) &&
		       answer(out, s->data != NULL ? "250 x\r\n" : s->dot,
			   "250 2.0.0 Ok: queued as 4ABCdef1\r\n");
	return FALSE;
}

static gpointer
serve(gpointer data)
{
	Script *s = data;
	g_autoptr(GSocketConnection) c = g_socket_listener_accept(s->listener, NULL, NULL, NULL);
	GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(c));
	g_autoptr(GDataInputStream) in =
	    g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(c)));
	gboolean on = answer(out, s->greet, "220 fake ESMTP\r\n");

	g_data_input_stream_set_newline_type(in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
	while (on) {
		g_autofree char *line = g_data_input_stream_read_line(in, NULL, NULL, NULL);

		if (line == NULL)
			break;
		g_string_append_printf(s->commands, "%s\n", line);
		on = one_command(s, line, G_BUFFERED_INPUT_STREAM(in), out);
	}
	return NULL;
}

static void
start(Script *s)
{
	s->commands = g_string_new(NULL);
	s->body = g_string_new(NULL);
	s->listener = g_socket_listener_new();
	s->port = g_socket_listener_add_any_inet_port(s->listener, NULL, NULL);
	s->thread = g_thread_new("server", serve, s);
}

static void
stop(Script *s)
{
	g_thread_join(s->thread);
	g_object_unref(s->listener);
}

static void
done(Script *s)
{
	g_string_free(s->commands, TRUE);
	g_string_free(s->body, TRUE);
}

static SgSent
send_bytes(Script *s, SgSmtpAsk a, const char *message, gsize n, char **why)
{
	g_autoptr(GBytes) b = g_bytes_new(message, n);
	g_autofree char *server = NULL;
	SgSent how;

	start(s);
	server = g_strdup_printf("smtp://127.0.0.1:%u", s->port);
	a.server = server;
	a.message = b;
	if (a.timeout == 0)
		a.timeout = 1;
	if (a.sender == NULL)
		a.sender = "a@school.example";
	if (a.recipient == NULL)
		a.recipient = "b@x.example";
	how = sg_smtp_send(&a, why);
	stop(s);
	g_assert_nonnull(*why);
	g_assert_true(g_utf8_validate(*why, -1, NULL));
	g_assert_null(strpbrk(*why, "\r\n"));
	return how;
}

#define TEXT "Subject: x\r\n\r\nhello\r\n"

static const char *const names[] = { "sent", "later", "refused", "unclear" };

static void
answers(void)
{
	static const struct {
		const char *what;
		Script s;
		SgSent how;
		const char *says;
	} cases[] = {
		{ "taken", { 0 }, SG_SENT, "250 2.0.0 Ok: queued as 4ABCdef1" },
		{ "several lines", { .dot = "250-2.0.0 one\r\n250-two\r\n250 three\r\n" }, SG_SENT,
		    "250 2.0.0 one two three" },
		{ "greeting 554", { .greet = "554 not now\r\n" }, SG_SENT_LATER, "554" },
		{ "greeting 421", { .greet = "421 busy\r\n" }, SG_SENT_LATER, "421" },
		{ "closed at once", { .greet = "" }, SG_SENT_LATER, "closed" },
		{ "no EHLO, but HELO", { .ehlo = "502 what\r\n" }, SG_SENT, "250" },
		{ "neither", { .ehlo = "502 what\r\n", .helo = "550 no\r\n" }, SG_SENT_LATER,
		    "550" },
		{ "MAIL 451", { .mail = "451 4.3.0 later\r\n" }, SG_SENT_LATER, "451 4.3.0 later" },
		{ "MAIL 550", { .mail = "550 5.7.1 no\r\n" }, SG_SENT_REFUSED, "550 5.7.1 no" },
		{ "MAIL closed", { .mail = "" }, SG_SENT_LATER, "closed" },
		{ "RCPT 450", { .rcpt = "450 4.2.0 grey\r\n" }, SG_SENT_LATER, "450" },
		{ "RCPT 550", { .rcpt = "550 5.1.1 nobody\r\n" }, SG_SENT_REFUSED, "5.1.1 nobody" },
		{ "RCPT 251", { .rcpt = "251 will forward\r\n" }, SG_SENT, "250" },
		{ "DATA 452", { .data = "452 full\r\n" }, SG_SENT_LATER, "452" },
		{ "DATA 554", { .data = "554 no valid recipients\r\n" }, SG_SENT_REFUSED, "554" },
		{ "DATA 250", { .data = "250 hm\r\n" }, SG_SENT_LATER, "250 hm" },
		{ "DATA closed", { .data = "" }, SG_SENT_LATER, "closed" },
		{ "dot 451", { .dot = "451 4.7.1 later\r\n" }, SG_SENT_LATER, "451" },
		{ "dot 554", { .dot = "554 5.7.1 refused\r\n" }, SG_SENT_REFUSED, "554" },
		{ "closed after the dot", { .dot = "" }, SG_SENT_UNCLEAR, "closed" },
		{ "half an answer to the dot", { .dot = "250 2.0" }, SG_SENT_UNCLEAR, "in time" },
		{ "garbage after the dot", { .dot = "\xff\xfe OK\r\n" }, SG_SENT_UNCLEAR,
		    "not SMTP" },
		{ "354 after the dot", { .dot = "354 again\r\n" }, SG_SENT_UNCLEAR, "354" },
		{ "two codes", { .rcpt = "250-a\r\n550 b\r\n" }, SG_SENT_LATER, "not SMTP" },
		{ "code 999", { .rcpt = "999 b\r\n" }, SG_SENT_LATER, "not SMTP" },
		{ "answer before the question", { .mail = "250 ok\r\n250 ok\r\n" }, SG_SENT_LATER,
		    "before the question" },
		{ "control characters", { .dot = "250 a\tb\x1b[31m\x80\r\n" }, SG_SENT,
		    "250 a?b?[31m" },
		{ "a byte at a time",
		    { .greet = "~220 very slow server, it speaks a byte at a time\r\n" },
		    SG_SENT_LATER, "in time" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Script s = cases[i].s;
		g_autofree char *why = NULL;
		SgSent how = send_bytes(&s, (SgSmtpAsk){ 0 }, TEXT, strlen(TEXT), &why);

		g_test_message("%s: %s, %s", cases[i].what, names[how], why);
		g_assert_cmpstr(names[how], ==, names[cases[i].how]);
		g_assert_nonnull(strstr(why, cases[i].says));
		done(&s);
	}
}

static void
endless_answers(void)
{
	g_autoptr(GString) lines = g_string_new(NULL), line = g_string_new("250 ");
	g_autofree char *why = NULL, *why2 = NULL;
	Script s = { 0 }, s2 = { 0 };

	for (guint i = 0; i < 1000; i++)
		g_string_append(lines, "250-more\r\n");
	for (guint i = 0; i < 100000; i++)
		g_string_append_c(line, 'x');
	s.mail = lines->str;
	g_assert_cmpint(
	    send_bytes(&s, (SgSmtpAsk){ 0 }, TEXT, strlen(TEXT), &why), ==, SG_SENT_LATER);
	g_assert_nonnull(strstr(why, "endless"));
	s2.dot = line->str;
	g_assert_cmpint(
	    send_bytes(&s2, (SgSmtpAsk){ 0 }, TEXT, strlen(TEXT), &why2), ==, SG_SENT_UNCLEAR);
	done(&s);
	done(&s2);
}

static void
bytes_stay(void)
{
	static const struct { const char *bytes; gsize n; } cases[] = {
#define B(s) { s, sizeof s - 1 }
		B("Subject: x\r\n\r\n.\r\n..\r\n.a\r\n"),
		B(".\r\n"), B("\r\nno header\r\n"), B("\r\n"), B("A:b"),
		B("X-No-Blank:a\r\nX-Fold: a\r\n\tb\r\n   c\r\n\r\nend without line end"),
		B("Subject: \xe9\xff\r\n\r\n\x80\x00\x01 nul and bare 8-bit\r\n"),
		B("S: x\r\n\r\nbare \r here and \n there\r\nend\r"),
		B("S: x\r\n\r\ntail\r\n\r\n\r\n"),
		B("not a header\r\nDate: bad\r\nmessage-id:<x>\r\n\r\n"),
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *why = NULL;
		Script s = { 0 };
		gsize n = cases[i].n;

		g_assert_cmpint(send_bytes(&s, (SgSmtpAsk){ .first = "Schoolgate-Release: v=1" },
				    cases[i].bytes, n, &why),
		    ==, SG_SENT);
		g_assert_true(g_str_has_prefix(s.body->str, "Schoolgate-Release: v=1\r\n"));
		g_string_erase(s.body, 0, 25);
		if (n < 2 || memcmp(cases[i].bytes + n - 2, "\r\n", 2) !=
				 0) { /* the one thing that is added */
			g_assert_cmpuint(s.body->len, ==, n + 2);
			g_string_truncate(s.body, n);
		}
		g_assert_cmpmem(s.body->str, s.body->len, cases[i].bytes, n);
		done(&s);
	}
}

static void
long_lines_and_large(void)
{
	g_autoptr(GString) m = g_string_new("S: x\r\n\r\n");
	g_autofree char *why = NULL;
	Script s = { 0 };

	for (guint i = 0; i < 300000; i++)
		g_string_append_c(m, i % 997 == 0 ? '.' : 'x');
	g_string_append(m, "\r\n");
	for (guint i = 0; i < 200000; i++)
		g_string_append(m, ".\r\n");
	g_assert_cmpint(
	    send_bytes(&s, (SgSmtpAsk){ .timeout = 10 }, m->str, m->len, &why), ==, SG_SENT);
	g_assert_cmpmem(s.body->str, s.body->len, m->str, m->len);
	done(&s);
}

static void
lost_in_the_body(void)
{
	g_autofree char *big = g_strnfill(8u << 20, 'x'), *why = NULL;
	Script s = { .close_after = 1000 };

	g_assert_cmpint(
	    send_bytes(&s, (SgSmtpAsk){ .timeout = 10 }, big, 8u << 20, &why), ==, SG_SENT_LATER);
	done(&s);
}

static void
smuggling_is_refused(void)
{
	static const struct { const char *bytes; gboolean bad;
	} cases[] = {
		{ "a\r\n\r\nx\n.\n", TRUE },
		{ "a\r\n\r\nx\n.\r\nMAIL", TRUE },
		{ "a\r\n\r\nx\r.\r", TRUE },
		{ "a\r\n\r\nx\r.\r\n", TRUE },
		{ "\n.", TRUE },
		{ "\r.", TRUE },
		{ " folded\r\n", TRUE },
		{ "a\r\n\r\nx\r\n.\nMAIL", FALSE },
		{ "a\r\n\r\nx\r\n.\r", FALSE },
		{ "a\r\n\r\nx\r\r\n.\r\r\n", FALSE },
		{ "a\n b\r c", FALSE },
		{ "", FALSE },
		{ ".", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) b = g_bytes_new_static(cases[i].bytes, strlen(cases[i].bytes));

		g_assert_true((sg_smtp_bad_message(b) != NULL) == cases[i].bad);
	}
}

static void
addresses(void)
{
	static const char *const bad[] = {
		"a@x.example>\r\nRCPT TO:<c@x.example",
		"a\n@x",
		"a\r@x",
		"a b@x",
		"<a@x>",
		"a\t@x",
		"a\x7f@x",
		"a@x\xc2\x85y",
		"a\xe2\x80\xa8@x",
		"a\xc2\xa0@x",
		"\xff@x",
		"a>@x",
		"",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *why = NULL;
		g_autoptr(GBytes) b = g_bytes_new_static(TEXT, strlen(TEXT));
		SgSmtpAsk a = { .server = "smtp://127.0.0.1:1",
			.timeout = 1,
			.sender = "",
			.recipient = bad[i],
			.message = b };

		/* port 1 would be LATER: refused means that nobody was asked */
		g_assert_cmpint(sg_smtp_send(&a, &why), ==, SG_SENT_REFUSED);
		g_clear_pointer(&why, g_free);
		a.recipient = "b@x.example";
		a.sender = bad[i];
		g_assert_cmpint(
		    sg_smtp_send(&a, &why), ==, *bad[i] == '\0' ? SG_SENT_LATER : SG_SENT_REFUSED);
	}
	g_assert_null(sg_smtp_bad_address("o'brien+x=\"y\"@x.example"));
	g_assert_null(sg_smtp_bad_address("j\xc3\xb6rg@b\xc3\xbc" "cher.example"));
}

static void
arguments(void)
{
	g_autofree char *why = NULL;
	Script s = { 0 }, none = { .ehlo = "250 fake\r\n" };

	send_bytes(&s,
	    (SgSmtpAsk){ .sender = "",
		.no_report = TRUE,
		.recipient = "b@x.example",
		.mail_args = "BODY=7BIT RET=HDRS ENVID=abc+2B SIZE=1 AUTH=<> RET=x" },
	    "S: \xc3\xa9\r\n\r\nx\r\n", 13, &why);
	g_assert_nonnull(
	    strstr(s.commands->str, "MAIL FROM:<> SIZE=13 BODY=8BITMIME RET=HDRS ENVID=abc+2B\n"));
	g_assert_nonnull(strstr(s.commands->str, "RCPT TO:<b@x.example> NOTIFY=NEVER\n"));
	g_clear_pointer(&why, g_free);
	done(&s);
	send_bytes(&none, (SgSmtpAsk){ .no_report = TRUE, .mail_args = "RET=HDRS" }, TEXT,
	    strlen(TEXT), &why);
	g_assert_nonnull(
	    strstr(none.commands->str, "MAIL FROM:<a@school.example>\nRCPT TO:<b@x.example>\n"));
	done(&none);
}

static void
utf8(void)
{
	static const char mail[] = "Subject: Gr\xc3\xbc\xc3\x9f" "e\r\n\r\nx\r\n";
	static const char *const old = "250-fake\r\n250 8BITMIME\r\n";
	static const struct {
		SgSmtpAsk a;
		const char *ehlo;
		SgSent how;
		const char *command;
	} cases[] = {
		{ { .recipient = "j\xc3\xb6@x.example" }, NULL, SG_SENT, " SMTPUTF8\n" },
		{ { .recipient = "j\xc3\xb6@x.example" }, "old", SG_SENT_REFUSED, NULL },
		{ { .sender = "j\xc3\xb6@x.example" }, "old", SG_SENT_REFUSED, NULL },
		{ { .mail_args = "SMTPUTF8" }, NULL, SG_SENT, " SMTPUTF8\n" },
		{ { .mail_args = "body=8bitmime smtputf8" }, NULL, SG_SENT, " SMTPUTF8\n" },
		{ { .mail_args = "SMTPUTF8" }, "old", SG_SENT_REFUSED, NULL },
		{ { .mail_args = "" }, "old", SG_SENT, "BODY=8BITMIME\n" },
		{ { .mail_args = NULL }, "250 nothing\r\n", SG_SENT_REFUSED,
		    NULL }, /* 8 bits, no 8BITMIME */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Script s = { .ehlo = g_strcmp0(cases[i].ehlo, "old") == 0 ? old : cases[i].ehlo };
		g_autofree char *why = NULL;

		g_test_message("case %" G_GSIZE_FORMAT, i);
		g_assert_cmpint(
		    send_bytes(&s, cases[i].a, mail, sizeof mail - 1, &why), ==, cases[i].how);
		if (cases[i].command != NULL)
			g_assert_nonnull(strstr(s.commands->str, cases[i].command));
		else
			g_assert_null(strstr(s.commands->str, "DATA"));
		done(&s);
	}
}

static gboolean
not_yet(gpointer data, GError **error)
{
	(*(guint *)data)++;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "store is away");
	return FALSE;
}

static void
asks_before_data(void)
{
	guint times = 0;
	g_autofree char *why = NULL;
	Script s = { 0 };

	g_assert_cmpint(send_bytes(&s, (SgSmtpAsk){ .before_data = not_yet, .data = &times }, TEXT,
			    strlen(TEXT), &why),
	    ==, SG_SENT_LATER);
	g_assert_cmpuint(times, ==, 1);
	g_assert_cmpstr(why, ==, "store is away");
	g_assert_nonnull(strstr(s.commands->str, "RCPT"));
	g_assert_null(strstr(s.commands->str, "DATA"));
	done(&s);
}

static void
nobody_there(void)
{
	static const char *const servers[] = { "smtp://127.0.0.1:1", "http://127.0.0.1", "",
		"smtp://" };

	for (gsize i = 0; i < G_N_ELEMENTS(servers); i++) {
		g_autofree char *why = NULL;
		g_autoptr(GBytes) b = g_bytes_new_static(TEXT, strlen(TEXT));
		SgSmtpAsk a = { .server = servers[i],
			.timeout = 1,
			.sender = "",
			.recipient = "b@x.example",
			.message = b };

		g_assert_cmpint(sg_smtp_send(&a, &why), ==, SG_SENT_LATER);
	}
}

static void
queue_ids(void)
{
	g_autofree char *postfix = sg_smtp_queue_id("250 2.0.0 Ok: queued as 4Xk2Lm1z");
	g_autofree char *sendmail =
	    sg_smtp_queue_id("250 2.0.0 5AB0CDE1002345 Message accepted for delivery");

	g_assert_cmpstr(postfix, ==, "4Xk2Lm1z");
	g_assert_cmpstr(sendmail, ==, "5AB0CDE1002345");
	g_assert_null(sg_smtp_queue_id("250 ok"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/smtp/answers", answers);
	g_test_add_func("/smtp/endless-answers", endless_answers);
	g_test_add_func("/smtp/bytes-stay", bytes_stay);
	g_test_add_func("/smtp/long-lines-and-large", long_lines_and_large);
	g_test_add_func("/smtp/lost-in-the-body", lost_in_the_body);
	g_test_add_func("/smtp/smuggling-is-refused", smuggling_is_refused);
	g_test_add_func("/smtp/addresses", addresses);
	g_test_add_func("/smtp/arguments", arguments);
	g_test_add_func("/smtp/utf8", utf8);
	g_test_add_func("/smtp/asks-before-data", asks_before_data);
	g_test_add_func("/smtp/nobody-there", nobody_there);
	g_test_add_func("/smtp/queue-ids", queue_ids);
	return g_test_run();
}
