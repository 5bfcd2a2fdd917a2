/*
 * vault - sealed objects as files: <place>/content/7F/7F3K9QXD.message.
 *
 * A file is written beside its place, synced, renamed without ever replacing
 * another one, and the directory is synced: after a crash there is the whole
 * object or none (or an unfinished one whose name starts with a dot, which
 * the sweep removes).  It knows nothing of keys: what comes in is sealed.
 * Fault points: store.content.write, store.content.sync, store.content.rename.
 */
#ifndef SG_STORE_VAULT_H
#define SG_STORE_VAULT_H

#include <sys/types.h>

#include "store/engine.h"

typedef struct SgVault SgVault;

/* mode: of directories, 0700 or 02770; files lose the x bits. */
SgVault	*sg_vault_open(const char *place, mode_t mode, GError **error);
void	 sg_vault_close(SgVault *v);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgVault, sg_vault_close)

/* As in SgStoreEngine. */
gboolean sg_vault_put(SgVault *v, const char *ref, const char *object, SgSeal *seal, GError **error);
GBytes	*sg_vault_get(SgVault *v, const char *ref, const char *object, GError **error);
gboolean sg_vault_has(SgVault *v, const char *ref, const char *object);
gboolean sg_vault_drop(SgVault *v, const char *ref, const char *object, GError **error);
gboolean sg_vault_each(SgVault *v, SgObjectFn fn, gpointer data, GError **error);

#endif
