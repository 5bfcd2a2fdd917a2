/*
 * password - Argon2id, and how many of them at once.
 *
 * libsodium's crypto_pwhash_str with 3 passes over 64 MiB (about 0.15 s): twice what
 * OWASP asks for at least, and small enough for the box of a school, whose scanner
 * needs its memory for mail.  MODERATE (256 MiB) was not chosen: two people who sign
 * in at once would take half a gigabyte, and every account has a second factor.
 *
 * One SgHasher a program: SG_HASHES_AT_ONCE hashes are made at the same time, the
 * next few wait, more are told to come again (SG_ERR_LATER): guesses take 128 MiB
 * at most, whoever makes them.  Never call it inside a transaction of the store.
 */
#ifndef SG_LOGIN_PASSWORD_H
#define SG_LOGIN_PASSWORD_H

#include <glib.h>

#define SG_HASHES_AT_ONCE 2u
#define SG_HASHES_WAITING 2u	/* a thread of the console each: others must be left */
#define SG_PASSWORD_LEAST 12u	/* characters */
#define SG_PASSWORD_MOST  200u	/* characters; nobody types more, and hashing is not for free */

typedef struct SgHasher SgHasher;
SgHasher *sg_hasher_new(void);
void	  sg_hasher_free(SgHasher *h);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgHasher, sg_hasher_free)

/* A string to keep.  NULL with SG_ERR_LATER.  Caller frees. */
char	*sg_password_hash(SgHasher *h, const char *password, GError **error);
/* *right: it is this one.  kept "" or NULL (no such account): takes as long, and is wrong. */
gboolean sg_password_check(SgHasher *h, const char *kept, const char *password, gboolean *right, GError **error);

/* Why it may not be chosen, as a sentence for its owner (static); NULL = it may.  own: words that are
 * easy to guess for this person (names, school), NULL-terminated.  common.c has the list. */
const char *sg_password_refused(const char *password, const char *const *own);

#endif
