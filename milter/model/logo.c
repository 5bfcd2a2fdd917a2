#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "model/logo.h"

enum {
	MAGIC = 8,
	CHUNK = 12,	/* length, name and sum around its data */
	HEAD = 13,	/* data of IHDR */
	CHUNKS_MAX = 4096,
};

static const char sizes[] = "save it as a PNG 40, 80, 120 or 160 pixels high, and no wider than six times its height";

void
sg_logo_free(SgLogo *l)
{
	if (l == NULL)
		return;
	g_bytes_unref(l->png);
	g_free(l);
}

static guint32
number(const guint8 *p)
{
	return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

/* NULL, or what is wrong with the chunks after the magic: they end with IEND and the file. */
static const char *
walk(const guint8 *p, gsize n)
{
	gboolean data = FALSE;
	gsize at = MAGIC;

	for (guint k = 0; k < CHUNKS_MAX && n - at >= CHUNK; k++) {
		guint32 len = number(p + at);
		const char *name = (const char *)p + at + 4;

		if (len > n - at - CHUNK)
			break;
		if ((k == 0) != (strncmp(name, "IHDR", 4) == 0) || (k == 0 && len != HEAD))
			break;
		if (strncmp(name, "acTL", 4) == 0)
			return "the picture moves; save it as one that does not";
		data = data || strncmp(name, "IDAT", 4) == 0;
		at += CHUNK + len;
		if (strncmp(name, "IEND", 4) != 0)
			continue;
		if (at != n)
			return "something follows the picture in the file; save it again as a PNG";
		return data ? NULL : "the file has no picture in it; save it again as a PNG";
	}
	return "the file is cut off or damaged; save it again as a PNG";
}

SgLogo *
sg_logo_parse(GBytes *bytes, const char **why)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(bytes, &n);
	guint32 width, height;
	SgLogo *l;

	*why = NULL;
	if (n > SG_LOGO_BYTES_MAX)
		*why = "the file is larger than 64 kB; save it with fewer colours, or smaller";
	else if (n < MAGIC || memcmp(p, "\x89PNG\r\n\x1a\n", MAGIC) != 0)
		*why = "the file is no PNG; save the picture as one (another ending is not enough)";
	else
		*why = walk(p, n);
	if (*why != NULL)
		return NULL;
	width = number(p + MAGIC + 8);
	height = number(p + MAGIC + 12);
	if (height < SG_LOGO_HEIGHT || height > SG_LOGO_SCALE_MAX * SG_LOGO_HEIGHT || height % SG_LOGO_HEIGHT != 0 ||
	    width == 0 || width > height / SG_LOGO_HEIGHT * SG_LOGO_WIDTH_MAX) {
		*why = sizes;
		return NULL;
	}
	l = g_new0(SgLogo, 1);
	l->png = g_bytes_ref(bytes);
	l->width = MAX(width / (height / SG_LOGO_HEIGHT), 1);
	return l;
}

static void
fail(const SgOptions *o, const char *what, GError **error)
{
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s:%u: school.logo: %s: %s, or leave the setting out", o->file,
	    sg_options_line(o, "school.logo"), o->school.logo, what);
}

/* One byte more than may be read tells that there is more.  NULL: *why. */
static GBytes *
take(const char *path, char **why)
{
	g_autofree char *text = g_malloc(SG_LOGO_BYTES_MAX + 1);
	FILE *f = fopen(path, "rbe");
	gsize n = f != NULL ? fread(text, 1, SG_LOGO_BYTES_MAX + 1, f) : 0;
	gboolean bad = f == NULL || ferror(f);

	if (bad)
		*why = g_strdup_printf("%s; give a PNG file that schoolgate-console may read", g_strerror(errno));
	if (f != NULL)
		(void)fclose(f);
	return bad ? NULL : g_bytes_new(text, n);
}

gboolean
sg_logo_load(const SgOptions *o, SgLogo **out, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *unread = NULL;
	const char *why = NULL;

	*out = NULL;
	if (o->school.logo == NULL || *o->school.logo == '\0')
		return TRUE;
	if (!g_file_test(o->school.logo, G_FILE_TEST_EXISTS))
		unread = g_strdup("there is no such file, or it may not be looked at; give the path of a PNG file");
	else if (!g_file_test(o->school.logo, G_FILE_TEST_IS_REGULAR))
		unread = g_strdup("it is no file; give the path of a PNG file");
	else
		bytes = take(o->school.logo, &unread);
	if (bytes != NULL)
		*out = sg_logo_parse(bytes, &why);
	if (*out != NULL)
		return TRUE;
	fail(o, unread != NULL ? unread : why, error);
	return FALSE;
}
