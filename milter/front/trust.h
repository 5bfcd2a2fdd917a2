/*
 * trust - who vouches for the sender: the mail server, or nobody.
 *
 * A message counts as authenticated when the mail server says who logged in
 * (the {auth_authen} macro), or when it came from an address inside
 * milter.trusted_networks.  Headers and the envelope never count: anybody can
 * write them.  An SgTrust never changes once it is made.
 */
#ifndef SG_FRONT_TRUST_H
#define SG_FRONT_TRUST_H

#include <glib.h>

typedef struct SgTrust SgTrust;

/* networks: NULL-terminated, "192.0.2.0/24", "2001:db8::/32" or one address.
 * SG_ERR_SETUP names the first that is none; all go to problems when not NULL. */
SgTrust *sg_trust_new(char *const *networks, GPtrArray *problems, GError **error);
void	 sg_trust_free(SgTrust *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTrust, sg_trust_free)

/* auth: the login, NULL or "" for none; client: address of the SMTP client in
 * numbers, NULL when it has none (mail handed in on the server itself). */
gboolean sg_trust_vouched(const SgTrust *t, const char *auth, const char *client);

#endif
