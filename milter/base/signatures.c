#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/signatures.h"

#define FILES_MOST 4096u	/* in one directory */
#define HEADER	   512u		/* of a container (.cvd, .cld) */
#define HEADER_TIME 8u		/* which of its fields, counted from 0 */

/* What the engine loads that tells harmful files from others. */
static gboolean
is_signatures(const char *name)
{
	static const char *const endings[] = { ".cvd", ".cld", ".cud", ".hdb", ".hsb", ".hdu", ".hsu",
		".mdb", ".msb", ".mdu", ".msu", ".ndb", ".ndu", ".ldb", ".ldu", ".sdb", ".cdb", ".db",
		".cbc", ".yar", ".yara", ".imp" };

	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(name, endings[i]))
			return TRUE;
	return FALSE;
}

/* "ClamAV-VDB:date:version:count:level:sum:signature:builder:SECONDS    ..." */
static gint64
time_in_header(const char *path)
{
	char head[HEADER + 1];
	FILE *f = fopen(path, "re");
	gsize n = f != NULL ? fread(head, 1, HEADER, f) : 0;
	const char *p = head;

	if (f != NULL)
		(void)fclose(f);
	head[n] = '\0';
	if (!g_str_has_prefix(head, "ClamAV-VDB:"))
		return 0;
	for (guint i = 0; i < HEADER_TIME && p != NULL; i++)
		p = (p = strchr(p, ':')) != NULL ? p + 1 : NULL;
	return p != NULL ? g_ascii_strtoll(p, NULL, 10) : 0;
}

static void
add(SgSignatures *s, gint64 *daily, const char *path, const char *name)
{
	gboolean packed = g_str_has_suffix(name, ".cvd") || g_str_has_suffix(name, ".cld");
	gint64 made = packed ? time_in_header(path) : 0;
	struct stat st;
	g_autofree char *facts = NULL;
	guint64 mixed = 0;

	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return;
	if (made == 0)
		made = st.st_mtime;
	facts = g_strdup_printf("%s/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT ".%ld/%" G_GUINT64_FORMAT, name,
	    (gint64)st.st_size, (gint64)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (guint64)st.st_ino);
	for (const char *c = facts; *c != '\0'; c++)	/* FNV-1a; the sum does not depend on the order */
		mixed = ((mixed == 0 ? 14695981039346656037u : mixed) ^ (guint8)*c) * 1099511628211u;
	s->stamp += mixed;
	s->files++;
	s->made = MAX(s->made, made);
	if (g_str_has_prefix(name, "daily."))
		*daily = MAX(*daily, made);
}

void
sg_signatures_look(const char *dir, SgSignatures *out)
{
	g_autoptr(GDir) d = dir != NULL ? g_dir_open(dir, 0, NULL) : NULL;
	gint64 daily = 0;
	const char *name;

	*out = (SgSignatures){ 0 };
	while (d != NULL && out->files < FILES_MOST && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);

		if (is_signatures(name))
			add(out, &daily, path, name);
	}
	if (daily > 0)
		out->made = daily;
}

char *
sg_signatures_dir(const char *setting)
{
	SgSignatures usual;

	if (strcmp(setting, "off") == 0 || setting[0] == '\0')
		return NULL;
	if (strcmp(setting, "auto") != 0)
		return g_strdup(setting);
	sg_signatures_look(SG_SIGNATURES_USUAL, &usual);
	return usual.files > 0 ? g_strdup(SG_SIGNATURES_USUAL) : NULL;
}
