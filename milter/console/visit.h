/*
 * visit - who a browser is: its cookies, its session, its account; and may it ask this.
 *
 * On TCP nobody is known by the connection.  The cookie __Host-sg leads to a
 * session and that to an account of the store; without one a browser is a
 * visitor, whose own cookie its forms before sign-in belong to.  What is sent
 * must come from a page of ours: Origin, Sec-Fetch-Site and the token of the
 * session say so, all of them.
 */
#ifndef SG_CONSOLE_VISIT_H
#define SG_CONSOLE_VISIT_H

#include "console/page.h"
#include "login/session.h"
#include "store/accounts.h"

typedef struct SgVisit {
	SgSession *session;	/* NULL: none, or it has ended		*/
	SgPerson  *person;	/* whose, when the session gives rights */
	SgAccount  account;	/* the same, for rights; borrowed from it */
	char	   visitor[SG_TOKEN_LEN + 1], csrf[SG_TOKEN_LEN + 1];
	gboolean   fresh;	/* the visitor's cookie is new: give it */
} SgVisit;

/* What the browser says of where a request comes from; NULL = nothing. */
typedef struct SgOrigin {
	const char *host, *origin, *site, *token;
} SgOrigin;

/* cookies: the Cookie header or NULL.  quiet: no person asked, so the session is not kept alive.
 * FALSE with the store's error. */
gboolean sg_visit_read(SgVisit *v, SgConsole *c, const SgOptions *o, const char *cookies, gboolean quiet,
	     gint64 now, GError **error);
void	 sg_visit_clear(SgVisit *v);

/* Is this Host one of ours: console.url's, or where we listen?  tcp: "localhost" alone is not. */
gboolean sg_visit_host(const SgOptions *o, const char *host, gboolean tcp);
/* For a POST.  FALSE: it was not sent from a page of ours, of this session.  field: "csrf" of the
 * form, or NULL. */
gboolean sg_visit_own(const SgVisit *v, const SgOptions *o, const SgOrigin *from, const char *field);

#endif
