#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "console/entrance.h"
#include "console/html.h"
#include "console/http.h"
#include "console/login.h"
#include "console/pages.h"
#include "console/reply.h"
#include "console/visit.h"

#define URI_MAX 4096u

struct SgExchange {
	char	   *uri;
	GByteArray *body;
	gboolean    begun, tcp;
};

SgExchange *
sg_exchange_new(const char *uri, gboolean tcp)
{
	SgExchange *x = g_new0(SgExchange, 1);

	x->uri = g_strdup(uri);
	x->tcp = tcp;
	x->body = g_byte_array_new();
	return x;
}

void
sg_exchange_free(SgExchange *x)
{
	if (x == NULL)
		return;
	/* a reason or a password somebody typed: not for the next user of this memory */
	if (x->body->len > 0)
		explicit_bzero(x->body->data, x->body->len);
	g_byte_array_unref(x->body);
	g_free(x->uri);
	g_free(x);
}

gboolean
sg_exchange_has_begun(const SgExchange *x)
{
	return x->begun;
}

/* --- what the request claims ----------------------------------------------------- */

typedef struct Claims {
	guint	    hosts, lengths, encodings, cookies;
	const char *length, *accept, *type, *cookie;
	SgOrigin    from;
	gboolean    gzip;
} Claims;

static enum MHD_Result
claim(void *to, enum MHD_ValueKind kind, const char *name, const char *value)
{
	Claims *k = to;
	const struct {
		const char  *name;
		guint	    *times;
		const char **value;
	} known[] = {
		{ "Host", &k->hosts, &k->from.host },
		{ "Content-Length", &k->lengths, &k->length },
		{ "Transfer-Encoding", &k->encodings, NULL },
		{ "Cookie", &k->cookies, &k->cookie },
		{ "Accept", NULL, &k->accept },
		{ "Content-Type", NULL, &k->type },
		{ "Origin", NULL, &k->from.origin },
		{ "Sec-Fetch-Site", NULL, &k->from.site },
		{ "X-CSRF-Token", NULL, &k->from.token },
	};

	(void)kind;
	for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
		if (g_ascii_strcasecmp(name, known[i].name) != 0)
			continue;
		if (known[i].times != NULL)
			++*known[i].times;
		if (known[i].value != NULL)
			*known[i].value = value;
	}
	if (g_ascii_strcasecmp(name, "Accept-Encoding") == 0)
		k->gzip = value != NULL && strstr(value, "gzip") != NULL && strstr(value, "gzip;q=0") == NULL;
	return MHD_YES;
}

/* FALSE: r is a refusal. */
static gboolean
check_claims(
    const SgExchange *x, const SgSetup *setup, const Claims *k, const char *method, SgReply *r)
{
	gboolean get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0, post = strcmp(method, "POST") == 0;
	guint64 length = 0;

	if (k->hosts != 1 || !sg_visit_host(setup->options, k->from.host, x->tcp))
		sg_refuse(r, MHD_HTTP_MISDIRECTED_REQUEST, "This is not the server you asked for.", NULL,
		    x->tcp ? "Use the address in console.url of schoolgate.conf."
			   : "Ask for \"localhost\" on the Unix socket.");
	else if (k->encodings > 0 || k->lengths > 1 || k->cookies > 1)
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
	return accept != NULL && strstr(accept, "application/json") == NULL &&
	       (strstr(accept, "text/html") != NULL || strstr(accept, SG_PAGE_MODEL) != NULL);
}

/* All that a page's template is given, as JSON: for tests. */
static gboolean
wants_model(const char *accept)
{
	return accept != NULL && strstr(accept, "text/html") == NULL && strstr(accept, SG_PAGE_MODEL) != NULL;
}

/* --- from request to handler -------------------------------------------------------- */

/* What one request needs from its first look to its answer. */
typedef struct Turn {
	struct MHD_Connection *connection;
	const Claims	      *claims;
	const char	      *path, *method, *allow;
	gboolean	       tcp;
	char		       address[INET6_ADDRSTRLEN];
	SgVisit		       visit;
	GPtrArray	      *people;
} Turn;

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

/* The Unix user at the other end.  FALSE: r is a refusal. */
static gboolean
identify_peer(Turn *t, SgRequest *q, SgReply *r)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(t->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	g_autoptr(GError) error = NULL;
	g_autofree char *todo = NULL;
	uid_t uid = (uid_t)-1;

	if (sg_login_peer(q->console, q->setup, info != NULL ? info->connect_fd : -1, &t->visit, &uid, &error)) {
		q->who = &t->visit.account;
		q->person = t->visit.person;
		return TRUE;
	}
	todo = g_strdup_printf("Ask the administrator for a row in cli.accounts of schoolgate.conf: "
			       "\"%u:account:role:mail-address\".",
	    (guint)uid);
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "You have no Schoolgate account.", error->message, todo);
	return FALSE;
}

static void
note_address(struct MHD_Connection *c, char address[INET6_ADDRSTRLEN])
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info != NULL ? info->client_addr : NULL;

	(void)g_strlcpy(address, "unknown", INET6_ADDRSTRLEN);
	if (a != NULL && a->sa_family == AF_INET)
		(void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(gconstpointer)a)->sin_addr, address, INET6_ADDRSTRLEN);
	else if (a != NULL && a->sa_family == AF_INET6)
		(void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(gconstpointer)a)->sin6_addr, address, INET6_ADDRSTRLEN);
}

/* The session of the cookie.  FALSE: r is a refusal. */
static gboolean
identify_browser(Turn *t, SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	/* asked by a script of ours: nobody is there because of it */
	gboolean quiet = strcmp(t->path, "/queue/count") == 0;

	if (!sg_visit_read(&t->visit, q->console, q->setup->options, t->claims->cookie, quiet, q->now, &error)) {
		sg_refuse_error(r, "It cannot be known who you are.", error);
		return FALSE;
	}
	note_address(t->connection, t->address);
	q->address = t->address;
	q->session = t->visit.session;
	q->person = t->visit.person;
	q->who = t->visit.person != NULL ? &t->visit.account : NULL;
	q->csrf = t->visit.csrf;
	q->visitor = t->visit.visitor;
	return TRUE;
}

/* Somebody who has to sign in first. */
static void
send_to_door(const Turn *t, const SgRequest *q, SgReply *r)
{
	if (!q->html)
		sg_refuse(r, MHD_HTTP_UNAUTHORIZED, "Sign in first.", NULL, "Nothing was changed.");
	else if (strcmp(t->method, "GET") == 0 && strcmp(t->path, "/") != 0)
		sg_reply_see(r, "/sign-in?to=%s", t->path);
	else
		sg_reply_see(r, "/sign-in");
}

/* Somebody whose password is too old: only pages that anybody may see, and the one for a new one.
 * FALSE: r leads there. */
static gboolean
check_age(const Turn *t, const SgRequest *q, const SgPage *page, guint roles, SgReply *r)
{
	if (!sg_password_due(q) || (roles & SG_ROLE_STRANGER) != 0 || strcmp(page->pattern, "/me/password") == 0)
		return TRUE;
	if (!q->html)
		sg_refuse(r, MHD_HTTP_FORBIDDEN, "Choose a new password first.", NULL, "Nothing was changed.");
	else if (strcmp(t->method, "GET") == 0 && strcmp(t->path, "/") != 0)
		sg_reply_see(r, "/me/password?to=%s", t->path);
	else
		sg_reply_see(r, "/me/password");
	return FALSE;
}

/* May they?  FALSE: r is a refusal. */
static gboolean
may(const Turn *t, const SgRequest *q, const SgPage *page, SgReply *r)
{
	guint roles = page->roles;
	g_autofree char *todo = NULL;

	if ((roles & (guint)(q->who != NULL ? q->who->role : SG_ROLE_STRANGER)) != 0)
		return check_age(t, q, page, roles, r);
	/* signed in, and the page is for those who are not: such as the sign-in page itself */
	if (q->who != NULL && (roles & SG_ROLE_STRANGER) != 0)
		return TRUE;
	if (q->who == NULL) {
		send_to_door(t, q, r);
		return FALSE;
	}
	todo = g_strdup_printf("Ask %s.", sg_page_ask(page));
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "Your role does not include this page.", NULL, todo);
	sg_log(SG_LOG_NOTICE, "refused", "page", page->pattern, "role", sg_role_name(q->who->role), NULL);
	return FALSE;
}

/* The page, when there is one for who asks.  NULL: r is a refusal. */
static const SgPage *
admit(Turn *t, SgRequest *q, SgReply *r)
{
	const SgPage *page;

	if (t->tcp ? !identify_browser(t, q, r) : !identify_peer(t, q, r))
		return NULL;
	page = sg_page_find(t->path, t->method, q->ref, q->id, &t->allow);
	if (page == NULL && t->allow != NULL)
		sg_refuse(
		    r, MHD_HTTP_METHOD_NOT_ALLOWED, "This page is not used that way.", NULL, NULL);
	else if (page == NULL)
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "Page not found.", NULL, NULL);
	else if (q->html && page->template == NULL && strcmp(page->method, "GET") == 0) {
		sg_refuse(r, MHD_HTTP_NOT_ACCEPTABLE, "This page is for programs only.", NULL,
		    "Ask with Accept: application/json, or use schoolgatectl.");
		return NULL;
	}
	return page != NULL && may(t, q, page, r) ? page : NULL;
}

/* A POST over TCP: was it sent from a page of ours?  FALSE: r is a refusal. */
static gboolean
is_own(const Turn *t, const SgRequest *q, SgReply *r)
{
	if (!t->tcp || strcmp(t->method, "POST") != 0 ||
	    sg_visit_own(&t->visit, q->setup->options, &t->claims->from, sg_field(q->body, "csrf")))
		return TRUE;
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "This form is out of date.", "Nothing was changed.",
	    "Open the page again and repeat the step.");
	sg_log(SG_LOG_NOTICE, "foreign-form", "account", q->who != NULL ? q->who->name : "", NULL);
	return FALSE;
}

/* What is sent besides the page: a browser that comes first gets its visitor's cookie. */
static enum MHD_Result
answer(Turn *t, const SgRequest *q, const SgPage *page, SgReply *r)
{
	g_autofree char *visitor = t->tcp && t->visit.fresh && page != NULL && q->html
				       ? sg_cookie_line(SG_COOKIE_VISITOR, t->visit.visitor) : NULL;
	SgWire wire = { t->connection, t->allow, visitor, g_str_has_prefix(q->setup->options->console.url, "https:") };

	if (q->html && r->body != NULL && r->bytes == NULL && r->location == NULL)
		sg_html_make(q, page, r, wants_model(t->claims->accept));
	return sg_reply_send(&wire, r);
}

static enum MHD_Result
finish(const SgExchange *x, SgConsole *console, struct MHD_Connection *c, const Claims *k,
    const char *method)
{
	g_autoptr(SgSetup) setup = sg_console_setup(console);
	g_autoptr(SgFields) query = sg_fields_new(), body = sg_fields_new();
	const char *mark = strchr(x->uri, '?');
	g_autofree char *path =
	    mark != NULL ? g_strndup(x->uri, (gsize)(mark - x->uri)) : g_strdup(x->uri);
	const SgAsset *file = sg_assets_find(setup->assets, path);
	Turn t = { .connection = c, .claims = k, .path = path, .method = method, .tcp = x->tcp };
	SgRequest q = { .console = console,
	    .setup = setup,
	    .html = wants_html(k->accept),
	    .query = query,
	    .body = body,
	    .address = "unix",
	    .now = sg_clock_now() };
	SgWire wire = { c, NULL, NULL, g_str_has_prefix(setup->options->console.url, "https:") };
	SgReply r = { 0 };
	const SgPage *page;
	enum MHD_Result ok;

	if (file != NULL && strcmp(method, "POST") != 0)
		return sg_reply_file(&wire, file, k->gzip);
	page = admit(&t, &q, &r);
	if (page != NULL && q.who != NULL)
		t.people = sg_login_accounts(console, setup, NULL);
	/* the store is away: then the page will say so, if it needs it */
	q.people = t.people != NULL ? t.people : setup->accounts;
	if (page != NULL && read_fields(x, k, mark != NULL ? mark + 1 : NULL, &q, &r) && is_own(&t, &q, &r))
		page->handler(&q, &r);
	ok = answer(&t, &q, page, &r);
	sg_reply_clear(&r);
	sg_visit_clear(&t.visit);
	if (t.people != NULL)
		g_ptr_array_unref(t.people);
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
		ok = sg_reply_send(&(SgWire){ c, NULL, NULL, FALSE }, &r);
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
