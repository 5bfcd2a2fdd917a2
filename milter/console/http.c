#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "console/html.h"
#include "console/http.h"
#include "console/login.h"
#include "console/pages.h"
#include "console/reply.h"
#include "console/rights.h"

#define URI_MAX 4096u

struct SgExchange {
	char	   *uri;
	GByteArray *body;
	gboolean    begun;
};

SgExchange *
sg_exchange_new(const char *uri)
{
	SgExchange *x = g_new0(SgExchange, 1);

	x->uri = g_strdup(uri);
	x->body = g_byte_array_new();
	return x;
}

void
sg_exchange_free(SgExchange *x)
{
	if (x == NULL)
		return;
	/* a reason somebody typed: not for the next user of this memory */
	if (x->body->len > 0)
		memset(x->body->data, 0, x->body->len);
	g_byte_array_unref(x->body);
	g_free(x->uri);
	g_free(x);
}

/* --- what the request claims ----------------------------------------------------- */

typedef struct Claims {
	guint	    hosts, lengths, encodings;
	const char *host, *length, *accept, *type;
	gboolean    gzip;
} Claims;

static enum MHD_Result
claim(void *to, enum MHD_ValueKind kind, const char *name, const char *value)
{
	Claims *k = to;

	(void)kind;
	if (g_ascii_strcasecmp(name, "Host") == 0) {
		k->hosts++;
		k->host = value;
	} else if (g_ascii_strcasecmp(name, "Content-Length") == 0) {
		k->lengths++;
		k->length = value;
	} else if (g_ascii_strcasecmp(name, "Transfer-Encoding") == 0)
		k->encodings++;
	else if (g_ascii_strcasecmp(name, "Accept") == 0)
		k->accept = value;
	else if (g_ascii_strcasecmp(name, "Accept-Encoding") == 0)
		k->gzip = value != NULL && strstr(value, "gzip") != NULL &&
			  strstr(value, "gzip;q=0") == NULL;
	else if (g_ascii_strcasecmp(name, "Content-Type") == 0)
		k->type = value;
	return MHD_YES;
}

/* "localhost" on the Unix socket; the console's own name elsewhere. */
static gboolean
host_is_ours(const SgSetup *setup, const char *host)
{
	g_autoptr(GUri) url = g_uri_parse(setup->options->console.url, G_URI_FLAGS_NONE, NULL);
	g_autofree char *own =
	    url == NULL ? NULL
	    : g_uri_get_port(url) == -1
		? g_strdup(g_uri_get_host(url))
		: g_strdup_printf("%s:%d", g_uri_get_host(url), g_uri_get_port(url));

	return host != NULL && (g_ascii_strcasecmp(host, "localhost") == 0 ||
	    (own != NULL && g_ascii_strcasecmp(host, own) == 0));
}

/* FALSE: r is a refusal. */
static gboolean
check_claims(
    const SgExchange *x, const SgSetup *setup, const Claims *k, const char *method, SgReply *r)
{
	gboolean get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0, post = strcmp(method, "POST") == 0;
	guint64 length = 0;

	if (k->hosts != 1 || !host_is_ours(setup, k->host))
		sg_refuse(r, MHD_HTTP_MISDIRECTED_REQUEST, "This is not the server you asked for.",
		    NULL, "Ask for \"localhost\" on the Unix socket.");
	else if (k->encodings > 0 || k->lengths > 1)
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The request cannot be understood.",
		    "it does not say plainly how long its body is",
		    "Send one Content-Length, and no Transfer-Encoding.");
	else if (k->length != NULL &&
		 !g_ascii_string_to_unsigned(k->length, 10, 0, G_MAXINT64, &length, NULL))
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The request cannot be understood.",
		    "its length is no number", NULL);
	else if (length > SG_BODY_MAX)
		sg_refuse(r, MHD_HTTP_CONTENT_TOO_LARGE, "That is too much at once.",
		    "the limit is 64 kB", "Send less.");
	else if (get && length > 0)
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The request cannot be understood.",
		    "it asks, and has a body", NULL);
	else if (post && k->length == NULL)
		sg_refuse(r, MHD_HTTP_LENGTH_REQUIRED, "The request cannot be understood.",
		    "it has no length", "Send Content-Length.");
	else if (strlen(x->uri) > URI_MAX)
		sg_refuse(r, MHD_HTTP_URI_TOO_LONG, "That is too much at once.",
		    "the address is too long", NULL);
	else
		return TRUE;
	return FALSE;
}

/* A program says so, or says nothing in particular. */
static gboolean
wants_html(const char *accept)
{
	return accept != NULL && strstr(accept, "text/html") != NULL &&
	       strstr(accept, "application/json") == NULL;
}

/* --- from request to handler -------------------------------------------------------- */

static gboolean
is_type(const char *type, const char *wanted)
{
	gsize n = strlen(wanted);

	return type != NULL && g_ascii_strncasecmp(type, wanted, n) == 0 &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static gboolean
read_fields(const SgExchange *x, const Claims *k, const char *query, SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	const char *data = (const char *)x->body->data;
	gboolean ok = query == NULL || sg_fields_form(q->query, query, strlen(query), &error);

	if (ok && x->body->len > 0 && is_type(k->type, "application/json"))
		ok = sg_fields_json(q->body, data, x->body->len, &error);
	else if (ok && x->body->len > 0 && is_type(k->type, "application/x-www-form-urlencoded"))
		ok = sg_fields_form(q->body, data, x->body->len, &error);
	else if (ok && x->body->len > 0) {
		sg_refuse(r, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "The request cannot be understood.",
		    "its body is neither a form nor JSON", "Send application/json.");
		return FALSE;
	}
	if (!ok)
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The request cannot be understood.",
		    error->message, NULL);
	return ok;
}

/* Who asks?  FALSE: r is a refusal. */
static gboolean
identify(struct MHD_Connection *c, SgRequest *q, SgReply *r)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	g_autoptr(GError) error = NULL;
	g_autofree char *todo = NULL;
	uid_t uid = (uid_t)-1;

	q->who = sg_login_peer(q->setup, info != NULL ? info->connect_fd : -1, &uid, &error);
	if (q->who != NULL)
		return TRUE;
	todo = g_strdup_printf("Ask the administrator for a row in cli.accounts of schoolgate.conf: "
			       "\"%u:account:role:mail-address\".",
	    (guint)uid);
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "You have no Schoolgate account.", error->message, todo);
	return FALSE;
}

/* May they?  FALSE: r is a refusal. */
static gboolean
may(const SgRequest *q, const SgPage *page, SgReply *r)
{
	guint roles = sg_rights(page->pattern, page->method);
	g_autofree char *todo = NULL;

	if ((roles & (q->who != NULL ? q->who->role : SG_ROLE_STRANGER)) != 0)
		return TRUE;
	todo = g_strdup_printf("Ask %s.", sg_rights_ask(page->pattern, page->method));
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "Your role does not include this page.", NULL, todo);
	sg_log(SG_LOG_NOTICE, "refused", "page", page->pattern, "role",
	    q->who != NULL ? sg_role_name(q->who->role) : "stranger", NULL);
	return FALSE;
}

/* The page, when there is one for who asks.  NULL: r is a refusal. */
static const SgPage *
admit(struct MHD_Connection *c, const char *path, const char *method, SgRequest *q, SgReply *r,
    const char **allow)
{
	const SgPage *page;

	if (!identify(c, q, r))
		return NULL;
	page = sg_page_find(path, method, q->ref, q->id, allow);
	if (page == NULL && *allow != NULL)
		sg_refuse(
		    r, MHD_HTTP_METHOD_NOT_ALLOWED, "This page is not used that way.", NULL, NULL);
	else if (page == NULL)
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "Page not found.", NULL, NULL);
	else if (q->html && page->template == NULL && strcmp(page->method, "GET") == 0) {
		sg_refuse(r, MHD_HTTP_NOT_ACCEPTABLE, "This page is for programs only.", NULL,
		    "Ask with Accept: application/json, or use schoolgatectl.");
		return NULL;
	}
	return page != NULL && may(q, page, r) ? page : NULL;
}

static enum MHD_Result
finish(const SgExchange *x, SgConsole *console, struct MHD_Connection *c, const Claims *k,
    const char *method)
{
	g_autoptr(SgSetup) setup = sg_console_setup(console);
	g_autoptr(SgFields) query = sg_fields_new(), body = sg_fields_new();
	SgRequest q = { .console = console,
	    .setup = setup,
	    .html = wants_html(k->accept),
	    .query = query,
	    .body = body,
	    .address = "unix",
	    .now = sg_clock_now() };
	SgReply r = { 0 };
	const char *mark = strchr(x->uri, '?'), *allow = NULL;
	g_autofree char *path =
	    mark != NULL ? g_strndup(x->uri, (gsize)(mark - x->uri)) : g_strdup(x->uri);
	const SgAsset *file = sg_assets_find(setup->assets, path);
	const SgPage *page;
	enum MHD_Result ok;

	if (file != NULL && strcmp(method, "POST") != 0)
		return sg_reply_file(c, file, k->gzip);
	page = admit(c, path, method, &q, &r, &allow);
	if (page != NULL && read_fields(x, k, mark != NULL ? mark + 1 : NULL, &q, &r))
		page->handler(&q, &r);
	if (q.html && r.body != NULL && r.bytes == NULL && r.location == NULL)
		sg_html_make(&q, page, &r);
	ok = sg_reply_send(c, &r, allow);
	sg_reply_clear(&r);
	return ok;
}

enum MHD_Result
sg_exchange_step(SgExchange *x, SgConsole *console, struct MHD_Connection *c, const char *method,
    const char *data, size_t *len)
{
	Claims k = { 0 };
	SgReply r = { 0 };
	enum MHD_Result ok;

	(void)MHD_get_connection_values(c, MHD_HEADER_KIND, claim, &k);
	if (!x->begun) {
		g_autoptr(SgSetup) setup = sg_console_setup(console);

		x->begun = TRUE;
		if (check_claims(x, setup, &k, method, &r))
			return MHD_YES;
		ok = sg_reply_send(c, &r, NULL);
		sg_reply_clear(&r);
		return ok;
	}
	if (*len == 0)
		return finish(x, console, c, &k, method);
	/* the length was announced and checked; this is for a parser that believes more */
	if (x->body->len + *len > SG_BODY_MAX)
		return MHD_NO;
	g_byte_array_append(x->body, (const guint8 *)data, (guint)*len);
	*len = 0;
	return MHD_YES;
}
