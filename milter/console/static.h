/*
 * static - the files that do not change while the console runs: style, scripts, icon.
 *
 * Read once at start and on reload, each with its .gz twin (the school's logo has none); their address holds a
 * version made from their contents, so browsers may keep them for a year.
 */
#ifndef SG_CONSOLE_STATIC_H
#define SG_CONSOLE_STATIC_H

#include <glib.h>

typedef struct SgAssets SgAssets;

typedef struct SgAsset {
	const char *name, *type;
	GBytes	   *bytes, *gz;	/* gz is never longer than bytes; NULL: none */
} SgAsset;

/* logo: a PNG that was checked (model/logo.h), or NULL.  NULL with SG_ERR_SETUP: one is missing. */
SgAssets      *sg_assets_load(const char *dir, GBytes *logo, GError **error);
void	       sg_assets_free(SgAssets *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgAssets, sg_assets_free)

const char    *sg_assets_version(const SgAssets *a);	/* twelve letters and digits */
/* path: "/static/VERSION/NAME"; NULL when it is none of ours, or of another version. */
const SgAsset *sg_assets_find(const SgAssets *a, const char *path);

#endif
