/*
 * keys - the secrets of one installation, and who may hold which.
 *
 *   vault.pub   everyone who files               vault.key   courier, console
 *   audit.key   everyone who writes the audit    mail.key    front, courier
 *
 * "schoolgatectl key init" makes them; a key that others can read is refused.
 * The X25519 pair seals held messages, the two others are keys of 32 bytes for
 * keyed BLAKE2b (the audit chain; release and notice headers, look-ups).
 */
#ifndef SG_BASE_KEYS_H
#define SG_BASE_KEYS_H

#include <glib.h>

#define SG_KEY_LEN 32

typedef enum {
	SG_KEY_VAULT_PUBLIC = 1 << 0,
	SG_KEY_VAULT_SECRET = 1 << 1,
	SG_KEY_AUDIT = 1 << 2,
	SG_KEY_MAIL = 1 << 3,
} SgKeyWanted;

typedef struct SgKeys {
	guint  have;				/* SgKeyWanted bits */
	guint8 vault_public[SG_KEY_LEN];
	guint8 vault_secret[SG_KEY_LEN];
	guint8 audit[SG_KEY_LEN];
	guint8 mail[SG_KEY_LEN];
} SgKeys;

/* Reads the wanted keys of dir; all or nothing.  SG_ERR_SETUP says which file
 * is missing, of the wrong length or open to others, and the remedy. */
SgKeys	*sg_keys_load(const char *dir, guint wanted, GError **error);
/* Makes whatever is missing; never overwrites.  Returns how many were made, -1 on failure. */
int	 sg_keys_init(const char *dir, GError **error);
void	 sg_keys_free(SgKeys *k);		/* wipes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgKeys, sg_keys_free)

#endif
