#include <string.h>

#include <curl/curl.h>

#include "base/err.h"
#include "ctl/ask.h"

#define ANSWER_MAX (64u << 20)

void
sg_answer_clear(SgAnswer *a)
{
	json_decref(a->body);
	a->body = NULL;
	a->status = 0;
}

char *
sg_ask_path(const char *path, ...)
{
	GString *s = g_string_new(path);
	const char *name;
	char join = '?';
	va_list ap;

	va_start(ap, path);
	while ((name = va_arg(ap, const char *)) != NULL) {
		const char *value = va_arg(ap, const char *);

		if (value == NULL)
			continue;
		g_string_append_printf(s, "%c%s=", join, name);
		g_string_append_uri_escaped(s, value, NULL, FALSE);
		join = '&';
	}
	va_end(ap);
	return g_string_free(s, FALSE);
}

static size_t
take(char *data, size_t size, size_t n, void *to)
{
	GByteArray *all = to;

	if (all->len + size * n > ANSWER_MAX)
		return 0;
	g_byte_array_append(all, (const guint8 *)data, (guint)(size * n));
	return size * n;
}

/* A signal ends the transfer at once instead of at its time-out. */
static int
stopped(void *data, curl_off_t a, curl_off_t b, curl_off_t d, curl_off_t e)
{
	const SgCtl *c = data;

	(void)a, (void)b, (void)d, (void)e;
	return c->interrupted() ? 1 : 0;
}

static const char *
socket_path(SgCtl *c)
{
	const char *named = sg_ctl_value(c, "socket");
	const SgOptions *o = named == NULL ? sg_ctl_options(c) : NULL;

	return named != NULL ? named : o != NULL ? o->console.socket : NULL;
}

static void
set_up(CURL *h, SgCtl *c, const char *socket, const char *url, long timeout_ms, GByteArray *got)
{
	(void)curl_easy_setopt(h, CURLOPT_UNIX_SOCKET_PATH, socket);
	(void)curl_easy_setopt(h, CURLOPT_URL, url);
	(void)curl_easy_setopt(h, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http");
	(void)curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, timeout_ms);
	(void)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(h, CURLOPT_WRITEDATA, got);
	(void)curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, stopped);
	(void)curl_easy_setopt(h, CURLOPT_XFERINFODATA, c);
}

static SgExit
exit_for(long status)
{
	switch (status) {
	case 200:
		return SG_EXIT_OK;
	case 400:
	case 413:
		return SG_EXIT_USAGE;
	case 404:
	case 410:
		return SG_EXIT_NONE;
	case 403:
	case 409:
		return SG_EXIT_REFUSED;
	default:
		return SG_EXIT_AWAY;
	}
}

SgExit
sg_ask_quietly(
    SgCtl *c, const char *path, json_t *body, long timeout_ms, SgAnswer *answer, GError **error)
{
	const char *socket = socket_path(c);
	g_autofree char *url = g_strconcat("http://localhost", path, NULL);
	g_autoptr(GByteArray) got = g_byte_array_new();
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
	CURL *h = socket != NULL ? curl_easy_init() : NULL;
	CURLcode r = CURLE_FAILED_INIT;

	json_decref(body);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	if (h != NULL) {
		set_up(h, c, socket, url, timeout_ms, got);
		(void)curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
		if (text != NULL)
			(void)curl_easy_setopt(h, CURLOPT_POSTFIELDS, text);
		r = curl_easy_perform(h);
		(void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &answer->status);
		curl_easy_cleanup(h);
	}
	curl_slist_free_all(headers);
	free(text);
	if (r != CURLE_OK) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "%s: %s",
		    socket != NULL ? socket : "the console's socket",
		    socket == NULL                  ? "is not known"
		    : r == CURLE_OPERATION_TIMEDOUT ? "no answer in time"
						    : curl_easy_strerror(r));
		answer->status = 0;
		return socket == NULL ? SG_EXIT_USAGE : SG_EXIT_AWAY;
	}
	answer->body = json_loadb((const char *)got->data, got->len, 0, NULL);
	return exit_for(answer->status);
}

static SgExit
say_refusal(const SgCtl *c, SgExit code, const char *what, const SgAnswer *answer)
{
	const json_t *e = json_object_get(answer->body, "error");
	const char *w = json_string_value(json_object_get(e, "what"));

	if (w == NULL)
		return sg_ctl_fail(c, code, what,
		    "the console gave an answer that is not understood",
		    "Is it of the same version? See: schoolgatectl status");
	return sg_ctl_fail(c, code, w, json_string_value(json_object_get(e, "why")),
	    json_string_value(json_object_get(e, "do")));
}

SgExit
sg_ask(SgCtl *c, const char *path, json_t *body, const char *what, SgAnswer *answer)
{
	g_autoptr(GError) error = NULL;
	const char *seconds = sg_ctl_value(c, "timeout");
	long ms = seconds != NULL ? (long)g_ascii_strtoll(seconds, NULL, 10) * 1000L : 30000L;
	SgExit code = sg_ask_quietly(c, path, body, ms, answer, &error);

	if (code == SG_EXIT_OK && answer->body != NULL)
		return SG_EXIT_OK;
	if (c->interrupted())
		return SG_EXIT_INTERRUPTED;
	if (code == SG_EXIT_USAGE && answer->status == 0)
		return code;	/* the configuration's problems have been printed */
	if (error != NULL)
		return sg_ctl_fail(c, SG_EXIT_AWAY, what, error->message,
		    "Is the console running? See: schoolgatectl doctor");
	return say_refusal(c, code == SG_EXIT_OK ? SG_EXIT_AWAY : code, what, answer);
}
