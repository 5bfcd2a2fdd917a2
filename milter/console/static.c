#include <string.h>

#include "base/err.h"
#include "console/static.h"

#define VERSION_LEN 12u
#define PREFIX	    "/static/"

static const char *const files[][2] = {
	{ "console.css", "text/css; charset=utf-8" },
	{ "app.js", "text/javascript; charset=utf-8" },
	{ "govuk-frontend.min.js", "text/javascript; charset=utf-8" },
	{ "icon.svg", "image/svg+xml" },
};

#define FILES G_N_ELEMENTS(files)

struct SgAssets {
	char	version[VERSION_LEN + 1];
	SgAsset list[FILES + 1];	/* the last: the logo, or nothing */
};

void
sg_assets_free(SgAssets *a)
{
	if (a == NULL)
		return;
	for (gsize i = 0; i <= FILES; i++) {
		g_clear_pointer(&a->list[i].bytes, g_bytes_unref);
		g_clear_pointer(&a->list[i].gz, g_bytes_unref);
	}
	g_free(a);
}

static GBytes *
take(const char *dir, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL), *text = NULL;
	g_autoptr(GError) why = NULL;
	gsize len;

	if (g_file_get_contents(path, &text, &len, &why))
		return g_bytes_new_take(g_steal_pointer(&text), len);
	g_set_error(error, SG_ERR, SG_ERR_SETUP,
	    "%s; make builds these files: is console.assets right?", why->message);
	return NULL;
}

SgAssets *
sg_assets_load(const char *dir, GBytes *logo, GError **error)
{
	g_autoptr(SgAssets) a = g_new0(SgAssets, 1);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (gsize i = 0; i < FILES; i++) {
		g_autofree char *twin = g_strconcat(files[i][0], ".gz", NULL);
		SgAsset *f = &a->list[i];

		f->name = files[i][0];
		f->type = files[i][1];
		f->bytes = take(dir, f->name, error);
		f->gz = f->bytes != NULL ? take(dir, twin, error) : NULL;
		if (f->gz == NULL)
			return NULL;
		g_checksum_update(sum, g_bytes_get_data(f->bytes, NULL),
		    (gssize)g_bytes_get_size(f->bytes));
	}
	if (logo != NULL) {
		a->list[FILES] = (SgAsset){ "logo.png", "image/png", g_bytes_ref(logo), NULL };
		g_checksum_update(sum, g_bytes_get_data(logo, NULL), (gssize)g_bytes_get_size(logo));
	}
	(void)g_strlcpy(a->version, g_checksum_get_string(sum), sizeof a->version);
	return g_steal_pointer(&a);
}

const char *
sg_assets_version(const SgAssets *a)
{
	return a->version;
}

const SgAsset *
sg_assets_find(const SgAssets *a, const char *path)
{
	const char *at = path + strlen(PREFIX);

	if (!g_str_has_prefix(path, PREFIX) || strncmp(at, a->version, VERSION_LEN) != 0 ||
	    at[VERSION_LEN] != '/')
		return NULL;
	for (gsize i = 0; i <= FILES && a->list[i].name != NULL; i++)
		if (strcmp(at + VERSION_LEN + 1, a->list[i].name) == 0)
			return &a->list[i];
	return NULL;
}
