/*
 * totp - the codes of six digits that a telephone shows (RFC 6238: SHA-1, 30 seconds).
 *
 * liboath makes them.  The code of this time step, of the one before and of the one
 * after is right: clocks differ.  A code that was used, and every earlier one, is not.
 */
#ifndef SG_LOGIN_TOTP_H
#define SG_LOGIN_TOTP_H

#include <glib.h>

#define SG_TOTP_STEP   30
#define SG_TOTP_DIGITS 6

/* A new secret, 160 bits in base32, as people type it.  Caller wipes and frees. */
char	*sg_totp_secret(void);
/* Which time step this code is of, 0 when it is none of those that are right now. */
gint64	 sg_totp_check(const char *secret, const char *code, gint64 now);
/* The code of a time; for tests and samples.  FALSE: no secret. */
gboolean sg_totp_code(const char *secret, gint64 when, char out[SG_TOTP_DIGITS + 1]);
/* "JBSW Y3DP ...": for typing.  Caller wipes and frees. */
char	*sg_totp_show(const char *secret);
/* otpauth://totp/..., which a telephone reads from a picture.  Caller wipes and frees. */
char	*sg_totp_uri(const char *secret, const char *school, const char *account);
/* The picture: SVG, black on white, with its quiet zone.  NULL: too long.  Caller unrefs. */
GBytes	*sg_totp_picture(const char *uri);

/* Recovery codes: "7F3K9-QXD2M", 50 bits.  A NULL-terminated list; caller wipes and frees. */
#define SG_RECOVERY_CODES 10u
char   **sg_recovery_new(void);
/* What a person typed: case, blanks, dashes, look-alikes forgiven.  FALSE: it is none. */
gboolean sg_recovery_parse(const char *typed, char out[12]);
void	 sg_codes_free(char **codes);	/* wipes */

#endif
