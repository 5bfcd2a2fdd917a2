#include <string.h>

#include "console/visit.h"

void
sg_visit_clear(SgVisit *v)
{
	sg_session_free(v->session);
	sg_person_free(v->person);
	memset(v, 0, sizeof *v);
}

/* The value of the first cookie of this name; FALSE: there is none, or it is no token. */
static gboolean
cookie(const char *cookies, const char *name, char out[SG_TOKEN_LEN + 1])
{
	gsize n = strlen(name);

	for (const char *p = cookies; p != NULL && *p != '\0'; p = strchr(p, ';')) {
		p += strspn(p, "; ");
		if (strncmp(p, name, n) != 0 || p[n] != '=')
			continue;
		p += n + 1;
		if (strcspn(p, "; ") != SG_TOKEN_LEN)
			return FALSE;
		memcpy(out, p, SG_TOKEN_LEN);
		out[SG_TOKEN_LEN] = '\0';
		return TRUE;
	}
	return FALSE;
}

/* A session that is locked, or half begun, gives no rights. */
static gboolean
read_person(SgVisit *v, SgConsole *c, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (v->session == NULL || v->session->locked)
		return TRUE;
	v->person = sg_store_person(c->store, v->session->account, &why);
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (v->person != NULL && v->person->state != SG_ACCOUNT_ACTIVE)
		g_clear_pointer(&v->person, sg_person_free);
	if (v->person != NULL)
		v->account = (SgAccount){ (uid_t)-1, v->person->name, v->person->role, v->person->mail };
	return TRUE;
}

gboolean
sg_visit_read(SgVisit *v, SgConsole *c, const SgOptions *o, const char *cookies, gboolean quiet, gint64 now,
    GError **error)
{
	g_autoptr(GError) why = NULL;
	char token[SG_TOKEN_LEN + 1] = "";

	if (cookie(cookies, SG_COOKIE, token))
		v->session = quiet ? sg_session_look(c->store, token, now, o, &why)
				   : sg_session_find(c->store, token, now, o, &why);
	explicit_bzero(token, sizeof token);
	if (why != NULL) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (!cookie(cookies, SG_COOKIE_VISITOR, v->visitor) || !sg_visitor_csrf(v->visitor, v->csrf)) {
		v->fresh = TRUE;
		sg_token_new(v->visitor);
		(void)sg_visitor_csrf(v->visitor, v->csrf);
	}
	if (v->session != NULL)
		(void)g_strlcpy(v->csrf, v->session->csrf, sizeof v->csrf);
	return read_person(v, c, error);
}

/* --- from where --------------------------------------------------------------------- */

/* "http://host:port" of console.url; NULL when it is not set. */
static char *
own_origin(const SgOptions *o)
{
	g_autoptr(GUri) url = g_uri_parse(o->console.url, G_URI_FLAGS_NONE, NULL);
	const char *scheme;
	int port;

	if (url == NULL || g_uri_get_host(url) == NULL)
		return NULL;
	scheme = g_uri_get_scheme(url);
	port = g_uri_get_port(url);
	if (port == -1 || (port == 80 && strcmp(scheme, "http") == 0) ||
	    (port == 443 && strcmp(scheme, "https") == 0))
		return g_strdup_printf("%s://%s", scheme, g_uri_get_host(url));
	return g_strdup_printf("%s://%s:%d", scheme, g_uri_get_host(url), port);
}

/* Where we listen, by its number or as localhost. */
static gboolean
is_here(const SgOptions *o, const char *host)
{
	const char *colon = strrchr(o->console.listen, ':');
	g_autofree char *local = colon != NULL ? g_strconcat("localhost", colon, NULL) : NULL;

	return local != NULL && (g_ascii_strcasecmp(host, local) == 0 ||
	    g_ascii_strcasecmp(host, o->console.listen) == 0);
}

gboolean
sg_visit_host(const SgOptions *o, const char *host, gboolean tcp)
{
	g_autofree char *own = own_origin(o);

	if (host == NULL)
		return FALSE;
	if (!tcp && g_ascii_strcasecmp(host, "localhost") == 0)
		return TRUE;
	return is_here(o, host) || (own != NULL && g_ascii_strcasecmp(host, strstr(own, "://") + 3) == 0);
}

/* The page was ours: the origin is that of the host that was asked. */
static gboolean
same_origin(const SgOptions *o, const SgOrigin *from)
{
	g_autofree char *own = own_origin(o);
	g_autofree char *here = g_strconcat("http://", from->host, NULL);

	if (from->origin == NULL || from->host == NULL)
		return FALSE;
	if (own != NULL && g_ascii_strcasecmp(from->host, strstr(own, "://") + 3) == 0)
		return g_ascii_strcasecmp(from->origin, own) == 0;
	return is_here(o, from->host) && g_ascii_strcasecmp(from->origin, here) == 0;
}

gboolean
sg_visit_own(const SgVisit *v, const SgOptions *o, const SgOrigin *from, const char *field)
{
	if (!same_origin(o, from))
		return FALSE;
	if (from->site != NULL && strcmp(from->site, "same-origin") != 0)
		return FALSE;
	return sg_token_same(v->csrf, field) || sg_token_same(v->csrf, from->token);
}
