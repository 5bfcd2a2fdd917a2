#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "base/log.h"
#include "console/reply.h"

void
sg_reply_clear(SgReply *r)
{
	json_decref(r->body);
	r->body = NULL;
	g_clear_pointer(&r->bytes, g_bytes_unref);
	g_clear_pointer(&r->location, g_free);
	g_clear_pointer(&r->cookie, g_free);
	r->type = r->template = NULL;
	r->sandboxed = FALSE;
}

void
sg_reply(SgReply *r, json_t *body)
{
	json_decref(r->body);
	r->status = MHD_HTTP_OK;
	json_object_set_new(body, "schema", json_integer(1));
	r->body = body;
}

void
sg_reply_bytes(SgReply *r, GBytes *bytes, const char *type)
{
	if (r->bytes != NULL)
		g_bytes_unref(r->bytes);
	r->status = MHD_HTTP_OK;
	r->bytes = bytes;
	r->type = type;
}

static gboolean
is_plain_path(const char *path)
{
	if (path[0] != '/' || path[1] == '/')
		return FALSE;
	for (const char *p = path; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("/?&=#-_.%~", *p) == NULL)
			return FALSE;
	return TRUE;
}

void
sg_reply_see(SgReply *r, const char *format, ...)
{
	va_list args;

	g_free(r->location);
	va_start(args, format);
	r->location = g_strdup_vprintf(format, args);
	va_end(args);
	if (!is_plain_path(r->location)) {
		g_free(r->location);
		r->location = g_strdup("/");
	}
	r->status = MHD_HTTP_SEE_OTHER;
}

void
sg_form_error(json_t *model, const char *field, const char *id, const char *text)
{
	json_t *error = json_object_get(model, "error");

	if (error == NULL) {
		error = json_pack("{s:[]}", "list");
		json_object_set_new(model, "error", error);
	}
	json_array_append_new(json_object_get(error, "list"), json_pack("{s:s s:s}", "id", id, "text", text));
	json_object_set_new(model, field, json_string(text));
}

void
sg_refuse(SgReply *r, guint status, const char *what, const char *why, const char *todo)
{
	json_t *e = json_pack("{s:i s:s}", "status", (int)status, "what", what);

	if (why != NULL)
		json_object_set_new(e, "why", json_string(why));
	if (todo != NULL)
		json_object_set_new(e, "do", json_string(todo));
	sg_reply(r, json_pack("{s:s s:o}", "title", what, "error", e));
	r->status = status;
}

void
sg_refuse_error(SgReply *r, const char *what, const GError *error)
{
	char ref[SG_REF_LEN + 1];
	g_autofree char *shown = NULL, *todo = NULL;
	gboolean later = g_error_matches(error, SG_ERR, SG_ERR_LATER) ||
			 g_error_matches(error, SG_ERR, SG_ERR_LIMIT);

	sg_ref_new(ref);
	shown = sg_ref_show(ref);
	sg_log(SG_LOG_ERROR, "failed", "error", shown, "remedy", sg_err_name(error->code), "why",
	    error->message, NULL);
	todo = g_strdup_printf("%s Reference %s.",
	    later ? "Try again in a minute; schoolgatectl status says more."
		  : "Tell the technician.",
	    shown);
	sg_refuse(r, later ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_INTERNAL_SERVER_ERROR, what,
	    "Something went wrong on our side. Nothing was released or deleted.", todo);
}

#define POLICY                                                                                 \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "            \
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "    \
	"require-trusted-types-for 'script'; trusted-types 'none'"
#define POLICY_OF_BYTES "sandbox; default-src 'none'"

static const char *const headers[][2] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
};

static void
security(struct MHD_Response *m, const SgWire *w, const char *policy)
{
	(void)MHD_add_response_header(m, "Content-Security-Policy", policy);
	for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
		(void)MHD_add_response_header(m, headers[i][0], headers[i][1]);
	if (w->https)
		(void)MHD_add_response_header(m, "Strict-Transport-Security", "max-age=31536000");
}

static void
add_headers(struct MHD_Response *m, const SgWire *w, const SgReply *r)
{
	security(m, w, r->sandboxed ? POLICY_OF_BYTES : POLICY);
	(void)MHD_add_response_header(m, "Cache-Control", "no-store");
	(void)MHD_add_response_header(m, "Vary", "Accept");
	if (r->location != NULL)
		(void)MHD_add_response_header(m, "Location", r->location);
	if (r->cookie != NULL)
		(void)MHD_add_response_header(m, "Set-Cookie", r->cookie);
	if (w->cookie != NULL)
		(void)MHD_add_response_header(m, "Set-Cookie", w->cookie);
	if (w->allow != NULL)
		(void)MHD_add_response_header(m, "Allow", w->allow);
}

static struct MHD_Response *
from_text(char *text)
{
	return text == NULL ? NULL
	     : MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
}

static struct MHD_Response *
from_bytes(GBytes *bytes)
{
	gsize n;
	const void *data = g_bytes_get_data(bytes, &n);

	return MHD_create_response_from_buffer(n, (void *)(gsize)data, MHD_RESPMEM_MUST_COPY);
}

enum MHD_Result
sg_reply_send(const SgWire *w, const SgReply *r)
{
	struct MHD_Response *m;
	const char *type = "application/json";
	enum MHD_Result ok;

	if (r->location != NULL)
		m = MHD_create_response_from_buffer(0, (void *)(gsize) "", MHD_RESPMEM_PERSISTENT);
	else if (r->bytes != NULL)
		m = from_bytes(r->bytes);
	else
		m = from_text(json_dumps(r->body, JSON_COMPACT));
	if (m == NULL)
		return MHD_NO;
	if (r->location != NULL)
		type = NULL;
	else if (r->bytes != NULL)
		type = r->type;
	add_headers(m, w, r);
	if (type != NULL)
		(void)MHD_add_response_header(m, "Content-Type", type);
	ok = MHD_queue_response(w->connection, r->status, m);
	MHD_destroy_response(m);
	return ok;
}

enum MHD_Result
sg_reply_file(const SgWire *w, const SgAsset *f, gboolean gzip)
{
	gboolean packed = gzip && f->gz != NULL;
	struct MHD_Response *m = from_bytes(packed ? f->gz : f->bytes);
	enum MHD_Result ok;

	if (m == NULL)
		return MHD_NO;
	security(m, w, POLICY);
	(void)MHD_add_response_header(m, "Cache-Control", "public, max-age=31536000, immutable");
	(void)MHD_add_response_header(m, "Vary", "Accept-Encoding");
	(void)MHD_add_response_header(m, "Content-Type", f->type);
	if (packed)
		(void)MHD_add_response_header(m, "Content-Encoding", "gzip");
	ok = MHD_queue_response(w->connection, MHD_HTTP_OK, m);
	MHD_destroy_response(m);
	return ok;
}

#define LATE	"The request took too long to arrive."
#define LATE_DO "Nothing was changed. Please send it again."

char *
sg_reply_late(gboolean json)
{
	SgReply r = { 0 };
	g_autofree char *body = NULL;
	GString *s = g_string_new("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nCache-Control: no-store\r\n");

	sg_refuse(&r, MHD_HTTP_REQUEST_TIMEOUT, LATE, NULL, LATE_DO);
	body = json ? json_dumps(r.body, JSON_COMPACT) : g_strdup(LATE " " LATE_DO "\n");
	sg_reply_clear(&r);
	for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
		g_string_append_printf(s, "%s: %s\r\n", headers[i][0], headers[i][1]);
	g_string_append_printf(s, "Content-Security-Policy: " POLICY_OF_BYTES "\r\nContent-Type: %s\r\n"
	    "Content-Length: %zu\r\n\r\n%s", json ? "application/json" : "text/plain; charset=utf-8", strlen(body), body);
	return g_string_free(s, FALSE);
}
