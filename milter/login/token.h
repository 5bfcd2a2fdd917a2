/*
 * token - random values that prove something, and the hashes by which they are known.
 *
 * A token is 256 bits of the system's random source in base64url (43 characters).
 * The store knows it by a hash only; the purpose is part of the hash, so a token
 * of one kind never passes as another.  Keys for sealing and for short codes are
 * made from vault.key, which never stands in the store.
 */
#ifndef SG_LOGIN_TOKEN_H
#define SG_LOGIN_TOKEN_H

#include "base/keys.h"

#define SG_TOKEN_LEN 43
#define SG_HASH_LEN  64	/* hexadecimal digits */

typedef enum { SG_TOKEN_SESSION, SG_TOKEN_VISITOR, SG_TOKEN_FIRST_USE } SgTokenKind;

void	 sg_token_new(char out[SG_TOKEN_LEN + 1]);
/* FALSE when text is no token: whatever else it is, nobody will look for it. */
gboolean sg_token_hash(SgTokenKind kind, const char *text, char out[SG_HASH_LEN + 1]);
/* The CSRF token that belongs to a cookie of this kind; only who has the cookie can be given it. */
gboolean sg_token_csrf(SgTokenKind kind, const char *cookie, char out[SG_TOKEN_LEN + 1]);
/* In a time that tells nothing; NULL and "" are never the same as anything. */
gboolean sg_token_same(const char *a, const char *b);
/* Keyed hash of something short (a recovery code, a typed name), for one purpose. */
void	 sg_keyed_hash(const SgKeys *keys, const char *purpose, const char *a, const char *b,
	     char out[SG_HASH_LEN + 1]);

/* Sealed for one purpose and owner; hexadecimal.  keys needs vault.key.  Caller frees. */
char	*sg_secret_seal(const SgKeys *keys, const char *purpose, const char *owner, const char *plain);
/* NULL when it was made with another key or for another owner, or changed. Caller wipes and frees. */
char	*sg_secret_open(const SgKeys *keys, const char *purpose, const char *owner, const char *sealed);
void	 sg_secret_free(char *plain);	/* wipes; NULL is fine */

#endif
