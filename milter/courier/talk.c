#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/err.h"
#include "courier/talk.h"

#define LINE_MAX_BYTES 2048u	/* RFC 5321 4.5.3.1.5 says 512; be generous, not endless */
#define ANSWER_LINES   64u	/* an EHLO answer of Exchange has about 20 */
#define TEXT_MAX       8192u

gboolean
sg_talk_open(SgTalk *t, const char *server, guint timeout, GCancellable *cancel, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GSocketConnectable) where = NULL;
	g_autoptr(GSocketClient) client = g_socket_client_new();

	*t = (SgTalk){ .timeout = timeout, .cancel = cancel, .text = g_string_new(NULL),
	    .end = g_get_monotonic_time() + (gint64)timeout * 5 * G_USEC_PER_SEC };
	if (g_str_has_prefix(server, "smtp://"))
		where = g_network_address_parse_uri(server, 25, NULL);
	if (where == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "mta.submit: \"%s\" is not smtp://host:port", server);
		return FALSE;
	}
	g_socket_client_set_enable_proxy(client, FALSE);
	g_socket_client_set_timeout(client, MIN(timeout, 60));
	t->connection = g_socket_client_connect(client, where, cancel, &why);
	if (t->connection == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "mail server: %s", why->message);
		return FALSE;
	}
	g_socket_set_blocking(g_socket_connection_get_socket(t->connection), FALSE);
	/* The final dot goes alone: it must not wait for the block before it. */
	(void)g_socket_set_option(
	    g_socket_connection_get_socket(t->connection), IPPROTO_TCP, TCP_NODELAY, 1, NULL);
	return TRUE;
}

void
sg_talk_close(SgTalk *t)
{
	g_clear_object(&t->connection);
	if (t->text != NULL)
		g_string_free(g_steal_pointer(&t->text), TRUE);
}

/* Waits for the socket until the given time, at most until the end of it all. */
static gboolean
ready(SgTalk *t, GIOCondition what, gint64 until, GError **error)
{
	g_autoptr(GError) why = NULL;
	gint64 left = MIN(until, t->end) - g_get_monotonic_time();

	if (left > 0 && g_socket_condition_timed_wait(g_socket_connection_get_socket(t->connection),
			    what, left, t->cancel, &why))
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "mail server: %s",
	    why != NULL && !g_error_matches(why, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
		? why->message
		: "no answer in time");
	return FALSE;
}

static gint64
soon(const SgTalk *t)
{
	return g_get_monotonic_time() + (gint64)t->timeout * G_USEC_PER_SEC;
}

gboolean
sg_talk_put(SgTalk *t, const char *bytes, gsize n, GError **error)
{
	GSocket *s = g_socket_connection_get_socket(t->connection);
	gint64 until = soon(t);

	while (n > 0) {
		g_autoptr(GError) why = NULL;
		gssize sent;

		if (!ready(t, G_IO_OUT, until, error))
			return FALSE;
		sent = g_socket_send(s, bytes, n, t->cancel, &why);
		if (sent < 0 && g_error_matches(why, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
			continue;
		if (sent < 0) {
			g_set_error(error, SG_ERR, SG_ERR_LATER, "mail server: %s", why->message);
			return FALSE;
		}
		bytes += sent;
		n -= (gsize)sent;
	}
	return TRUE;
}

static gboolean
fill(SgTalk *t, gint64 until, GError **error)
{
	g_autoptr(GError) why = NULL;
	gssize got;

	if (!ready(t, G_IO_IN, until, error))
		return FALSE;
	got = g_socket_receive(g_socket_connection_get_socket(t->connection), t->buffer + t->have,
	    sizeof t->buffer - t->have, t->cancel, &why);
	if (got < 0 && g_error_matches(why, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		return TRUE;
	if (got <= 0) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "mail server: %s",
		    why != NULL ? why->message : "closed the connection");
		return FALSE;
	}
	t->have += (gsize)got;
	return TRUE;
}

/* The next line without its end; caller frees. */
static char *
next_line(SgTalk *t, gint64 until, GError **error)
{
	const char *nl;
	char *line;
	gsize n;

	while ((nl = memchr(t->buffer, '\n', t->have)) == NULL) {
		if (t->have >= LINE_MAX_BYTES) {
			g_set_error(
			    error, SG_ERR, SG_ERR_PEER, "mail server: endless line in an answer");
			return NULL;
		}
		if (!fill(t, until, error))
			return NULL;
	}
	n = (gsize)(nl - t->buffer);
	line = g_strndup(t->buffer, n > 0 && nl[-1] == '\r' ? n - 1 : n);
	t->have -= n + 1;
	memmove(t->buffer, nl + 1, t->have);
	return line;
}

/* What may be stored and shown: UTF-8, and no control character but the line ends we put. */
static void
keep_words(SgTalk *t, const char *line)
{
	g_autofree char *clean = g_utf8_make_valid(line, -1);

	if (t->text->len > TEXT_MAX)
		return;
	if (t->text->len > 0)
		g_string_append_c(t->text, '\n');
	for (const char *p = clean; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(t->text, g_unichar_isprint(c) ? c : '?');
	}
}

/* RFC 5321 4.2: "250-text" goes on, "250 text" or "250" ends. */
static gboolean
is_reply_line(const char *s)
{
	return s[0] >= '2' && s[0] <= '5' && g_ascii_isdigit(s[1]) && g_ascii_isdigit(s[2])
	    && (s[3] == ' ' || s[3] == '-' || s[3] == '\0');
}

gboolean
sg_talk_answer(SgTalk *t, GError **error)
{
	gint64 until = soon(t);

	t->code = 0;
	g_string_truncate(t->text, 0);
	for (guint n = 0; n < ANSWER_LINES; n++) {
		g_autofree char *line = next_line(t, until, error);
		gboolean more;
		guint code;

		if (line == NULL)
			return FALSE;
		code = is_reply_line(line) ? (guint)g_ascii_strtoull(line, NULL, 10) : 0;
		if (code == 0 || (t->code != 0 && code != t->code)) {
			g_set_error(
			    error, SG_ERR, SG_ERR_PEER, "mail server: an answer that is not SMTP");
			return FALSE;
		}
		t->code = code;
		more = line[3] == '-';
		if (more)
			line[3] = ' ';
		keep_words(t, n == 0 || line[3] == '\0' ? line : line + 4);
		if (!more)
			return TRUE;
	}
	g_set_error(error, SG_ERR, SG_ERR_PEER, "mail server: an endless answer");
	return FALSE;
}

gboolean
sg_talk_say(SgTalk *t, GError **error, const char *format, ...)
{
	g_autoptr(GString) line = g_string_new(NULL);
	va_list ap;

	/* An answer nobody asked for: the two sides no longer mean the same thing. */
	if (t->have > 0) {
		g_set_error(
		    error, SG_ERR, SG_ERR_PEER, "mail server: an answer before the question");
		return FALSE;
	}
	va_start(ap, format);
	g_string_append_vprintf(line, format, ap);
	va_end(ap);
	g_string_append(line, "\r\n");
	return sg_talk_put(t, line->str, line->len, error) && sg_talk_answer(t, error);
}
