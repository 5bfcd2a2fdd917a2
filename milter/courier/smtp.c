#include <string.h>

#include "base/err.h"
#include "base/fault.h"
#include "courier/smtp.h"
#include "courier/talk.h"

#define ADDRESS_MAX 254u	/* RFC 5321 4.5.3.1.3: a path has 256 with its brackets */
#define BLOCK	    65536u

enum { EXT_8BIT = 1, EXT_UTF8 = 2, EXT_SIZE = 4, EXT_DSN = 8 };

typedef struct Job {
	const SgSmtpAsk *ask;
	SgTalk	*talk;
	guint	 ext;
	gboolean eight, utf8;	/* what the message needs */
	char	*why;		/* end of the conversation, in words */
} Job;

/* ---- what can be said at all --------------------------------------------- */

const char *
sg_smtp_bad_address(const char *address)
{
	if (!g_utf8_validate(address, -1, NULL))
		return "the address is not UTF-8";
	if (strlen(address) > ADDRESS_MAX)
		return "the address is too long";
	for (const char *p = address; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_iscntrl(c) || g_unichar_isspace(c) || c == '<' || c == '>')
			return "the address holds a blank, a bracket or a control character";
	}
	return NULL;
}

/*
 * A dot after a bare CR or LF: to a server that takes these for line ends the message
 * would end here, or lose the dot.  We cannot change it (the bytes are the sender's) and
 * must not send it.  Other bare CR and LF are harmless and pass.
 */
const char *
sg_smtp_bad_message(GBytes *message)
{
	gsize n;
	const char *p = g_bytes_get_data(message, &n);

	if (n > 0 && (p[0] == ' ' || p[0] == '\t'))
		return "the message begins with a blank and cannot be marked as released";
	for (gsize i = 1; i < n; i++)
		if (p[i] == '.' &&
		    (p[i - 1] == '\r' || (p[i - 1] == '\n' && (i < 2 || p[i - 2] != '\r'))))
			return "the message holds a line end that some servers take for its end";
	return NULL;
}

static gboolean
has_high(const char *p, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if ((guchar)p[i] >= 0x80)
			return TRUE;
	return FALSE;
}

static gsize
header_size(const char *p, gsize n)
{
	const char *end =
	    n >= 2 && memcmp(p, "\r\n", 2) == 0 ? p : g_strstr_len(p, (gssize)n, "\r\n\r\n");

	return end != NULL ? (gsize)(end - p) : n;
}

/* ---- the conversation ------------------------------------------------------ */

static gboolean
begins_with_word(const char *line, const char *word)
{
	return g_ascii_strncasecmp(line, word, strlen(word)) == 0 &&
	       strchr(" =", line[strlen(word)]) != NULL;
}

/* Each line of the EHLO answer but the first begins with an extension's name. */
static void
read_extensions(Job *j)
{
	static const struct {
		const char *name;
		guint	    bit;
	} known[] = {
		{ "8BITMIME", EXT_8BIT },
		{ "SMTPUTF8", EXT_UTF8 },
		{ "SIZE", EXT_SIZE },
		{ "DSN", EXT_DSN },
	};
	g_auto(GStrv) lines = g_strsplit(j->talk->text->str, "\n", -1);

	for (guint i = 1; lines[i - 1] != NULL && lines[i] != NULL; i++)
		for (guint k = 0; k < G_N_ELEMENTS(known); k++)
			if (begins_with_word(lines[i], known[k].name))
				j->ext |= known[k].bit;
}

/* What to do with the last answer: 2xx or the wanted code goes on (SENT). */
static SgSent
judge(Job *j, guint wanted)
{
	guint code = j->talk->code;

	g_free(j->why);
	j->why = g_strdelimit(g_strdup(j->talk->text->str), "\n", ' ');
	if (code == wanted || (wanted == 250 && code / 100 == 2))
		return SG_SENT;
	return code / 100 == 5 ? SG_SENT_REFUSED : SG_SENT_LATER;
}

static SgSent
lost(Job *j, SgSent how, GError *error)
{
	g_free(j->why);
	j->why = g_strdup(error->message);
	g_error_free(error);
	return how;
}

static SgSent
refuse(Job *j, const char *why)
{
	g_free(j->why);
	j->why = g_strdup(why);
	return SG_SENT_REFUSED;
}

/* A server that does not want to talk says nothing about this message: always LATER. */
static SgSent
greet(Job *j)
{
	const char *host = g_get_host_name();
	GError *error = NULL;

	for (const char *p = host; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && *p != '-' && *p != '.')
			host = "localhost";
	if (!sg_talk_answer(j->talk, &error))
		return lost(j, SG_SENT_LATER, error);
	if (judge(j, 220) != SG_SENT)
		return SG_SENT_LATER;
	if (!sg_talk_say(j->talk, &error, "EHLO %s", host))
		return lost(j, SG_SENT_LATER, error);
	if (judge(j, 250) == SG_SENT) {
		read_extensions(j);
		return SG_SENT;
	}
	if (!sg_talk_say(j->talk, &error, "HELO %s", host))	/* RFC 5321 3.2 */
		return lost(j, SG_SENT_LATER, error);
	return judge(j, 250) == SG_SENT ? SG_SENT : SG_SENT_LATER;
}

/* RET and ENVID of the original (RFC 3461 4.3, 4.4), when they are well formed. */
static void
keep_dsn_args(GString *out, const char *mail_args)
{
	g_auto(GStrv) args = g_strsplit_set(mail_args != NULL ? mail_args : "", " \t", -1);

	for (guint i = 0; args[i] != NULL; i++) {
		gboolean ok = g_ascii_strcasecmp(args[i], "RET=FULL") == 0
		    || g_ascii_strcasecmp(args[i], "RET=HDRS") == 0;

		if (g_ascii_strncasecmp(args[i], "ENVID=", 6) == 0 && strlen(args[i]) <= 106) {
			ok = args[i][6] != '\0';
			for (const char *p = args[i]; ok && *p != '\0'; p++)
				ok = g_ascii_isgraph(*p);
		}
		if (ok)
			g_string_append_printf(out, " %s", args[i]);
	}
}

static SgSent
envelope(Job *j)
{
	const SgSmtpAsk *a = j->ask;
	g_autoptr(GString) args = g_string_new(NULL);
	GError *error = NULL;
	SgSent how;

	if (j->utf8 && (j->ext & EXT_UTF8) == 0)
		return refuse(
		    j, "the mail server does not take addresses or headers in UTF-8 (SMTPUTF8)");
	if (j->eight && (j->ext & EXT_8BIT) == 0)
		return refuse(j, "the mail server does not take 8-bit text (8BITMIME)");
	if (j->ext & EXT_SIZE)
		g_string_append_printf(args, " SIZE=%" G_GSIZE_FORMAT,
		    g_bytes_get_size(a->message) + (a->first != NULL ? strlen(a->first) + 2 : 0));
	if (j->eight)
		g_string_append(args, " BODY=8BITMIME");
	if (j->utf8)
		g_string_append(args, " SMTPUTF8");
	if (j->ext & EXT_DSN)
		keep_dsn_args(args, a->mail_args);
	if (!sg_talk_say(j->talk, &error, "MAIL FROM:<%s>%s", a->sender, args->str))
		return lost(j, SG_SENT_LATER, error);
	how = judge(j, 250);
	if (how != SG_SENT)
		return how;
	if (!sg_talk_say(j->talk, &error, "RCPT TO:<%s>%s", a->recipient,
	    a->no_report && (j->ext & EXT_DSN) ? " NOTIFY=NEVER" : ""))
		return lost(j, SG_SENT_LATER, error);
	return judge(j, 250);
}

/* RFC 5321 4.5.2: a dot at the beginning of a line is sent twice. */
static gboolean
put_body(Job *j, GError **error)
{
	gsize n;
	const char *p = g_bytes_get_data(j->ask->message, &n);
	g_autoptr(GByteArray) block = g_byte_array_new();
	guint line = 2;		/* 2: at its beginning, 1: after CR */

	if (j->ask->first != NULL) {
		g_byte_array_append(
		    block, (const guint8 *)j->ask->first, (guint)strlen(j->ask->first));
		g_byte_array_append(block, (const guint8 *)"\r\n", 2);
	}
	for (gsize i = 0; i < n; i++) {
		if (line == 2 && p[i] == '.')
			g_byte_array_append(block, (const guint8 *)".", 1);
		g_byte_array_append(block, (const guint8 *)p + i, 1);
		line = p[i] == '\r' ? 1 : (line == 1 && p[i] == '\n') ? 2 : 0;
		if (block->len >= BLOCK) {
			if (!sg_talk_put(j->talk, (const char *)block->data, block->len, error))
				return FALSE;
			g_byte_array_set_size(block, 0);
		}
	}
	if (line != 2)
		g_byte_array_append(block, (const guint8 *)"\r\n", 2);
	return sg_talk_put(j->talk, (const char *)block->data, block->len, error);
}

static SgSent
data(Job *j)
{
	GError *error = NULL;
	SgSent how;

	if (j->ask->before_data != NULL && !j->ask->before_data(j->ask->data, &error))
		return lost(j, SG_SENT_LATER, error);
	if (!sg_talk_say(j->talk, &error, "DATA"))
		return lost(j, SG_SENT_LATER, error);
	how = judge(j, 354);
	if (how != SG_SENT)
		return how;
	/* The dot goes alone: when sending it fails, the server has not seen the end. */
	if (!put_body(j, &error) || !sg_talk_put(j->talk, ".\r\n", 3, &error))
		return lost(j, SG_SENT_LATER, error);
	if (sg_fault("courier.dot")) {
		g_set_error(&error, SG_ERR, SG_ERR_LATER, "connection lost (test)");
		return lost(j, SG_SENT_UNCLEAR, error);
	}
	if (!sg_talk_answer(j->talk, &error))
		return lost(j, SG_SENT_UNCLEAR, error);
	how = judge(j, 250);
	return j->talk->code / 100 == 3 ? SG_SENT_UNCLEAR : how;
}

static SgSent
converse(Job *j)
{
	GError *error = NULL;
	SgSent how;

	if (!sg_talk_open(j->talk, j->ask->server, j->ask->timeout, j->ask->cancel, &error))
		return lost(j, SG_SENT_LATER, error);
	how = greet(j);
	if (how == SG_SENT)
		how = envelope(j);
	if (how == SG_SENT)
		how = data(j);
	if (how == SG_SENT) /* politeness only: RFC 5321 4.1.1.10 wants QUIT, nothing hangs on it */
		(void)sg_talk_put(j->talk, "QUIT\r\n", 6, NULL);
	return how;
}

SgSent
sg_smtp_send(const SgSmtpAsk *ask, char **answer)
{
	g_auto(SgTalk) talk = { 0 };
	gsize n;
	const char *p = g_bytes_get_data(ask->message, &n);
	gboolean high = has_high(ask->sender, strlen(ask->sender)) ||
			has_high(ask->recipient, strlen(ask->recipient));
	g_autofree char *args = g_ascii_strup(ask->mail_args != NULL ? ask->mail_args : "", -1);
	Job j = { .ask = ask, .talk = &talk, .eight = has_high(p, n) };
	const char *bad = sg_smtp_bad_address(ask->sender);
	SgSent how = SG_SENT_REFUSED;

	j.utf8 = high || (g_strrstr(args, "SMTPUTF8") != NULL && has_high(p, header_size(p, n)));
	if (bad == NULL)
		bad = *ask->recipient == '\0' ? "there is no recipient"
					      : sg_smtp_bad_address(ask->recipient);
	if (bad == NULL)
		bad = sg_smtp_bad_message(ask->message);
	if (bad != NULL)
		j.why = g_strdup(bad);
	else
		how = converse(&j);
	*answer = j.why;
	return how;
}

char *
sg_smtp_queue_id(const char *answer)
{
	g_autoptr(GRegex) re = g_regex_new(
	    "queued as ([A-Za-z0-9]{4,40})|^250 2\\.0\\.0 ([A-Za-z0-9]{8,40}) Message accepted", 0,
	    0, NULL);
	g_autoptr(GMatchInfo) m = NULL;

	if (!g_regex_match(re, answer, 0, &m))
		return NULL;
	for (int i = 1; i <= 2; i++) {
		g_autofree char *id = g_match_info_fetch(m, i);

		if (id != NULL && *id != '\0')
			return g_steal_pointer(&id);
	}
	return NULL;
}
