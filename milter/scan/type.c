#include <magic.h>
#include <string.h>

#include "base/err.h"
#include "scan/archivetype.h"
#include "scan/charset.h"
#include "scan/office_type.h"
#include "scan/ole.h"
#include "scan/type.h"

#define GLANCE 2048u	/* enough to believe a label that says text */
#define ZIP_END (160u << 10)	/* a comment of 64 KB and the directory before it */
#define HEAD   32768u	/* enough for every signature but that of disk images */

typedef enum {
	F_NONE, F_TEXT, F_IMAGE, F_MEDIA, F_DOCUMENT, F_ARCHIVE, F_PROGRAM, F_MAIL,
} Family;

/* One libmagic handle a process: the zygote fills it, its children only read. */
static magic_t *
magic_handle(void)
{
	static magic_t magic;

	return &magic;
}

static const struct {
	const char *mime;	/* a prefix */
	Family family;
	const char *kinds[2];
} types[] = {
	{ "text/x-msdos-batch", F_PROGRAM, { "script", "executable" } },
	{ "text/x-shellscript", F_PROGRAM, { "script" } },
	{ "text/rtf", F_DOCUMENT, { "document" } },
	{ "text/", F_TEXT, { NULL } },
	{ "application/mbox", F_MAIL, { NULL } },
	{ "message/rfc822", F_MAIL, { NULL } },
	{ "message/global", F_MAIL, { NULL } },
	{ "image/svg", F_TEXT, { "image" } },
	{ "image/", F_IMAGE, { "image" } },
	{ "audio/", F_MEDIA, { "audio" } },
	{ "video/", F_MEDIA, { "video" } },
	{ "application/ogg", F_MEDIA, { "audio" } },
	{ "application/pdf", F_DOCUMENT, { "document" } },
	{ "application/rtf", F_DOCUMENT, { "document" } },
	{ "application/msword", F_DOCUMENT, { "document" } },
	{ "application/cdfv2", F_DOCUMENT, { "document" } },
	{ "application/x-ole-storage", F_DOCUMENT, { "document" } },
	{ "application/encrypted", F_DOCUMENT, { "document" } },
	{ "application/vnd.ms-cab-compressed", F_ARCHIVE, { "archive" } },
	{ "application/vnd.ms-tnef", F_ARCHIVE, { "archive" } },
	{ "application/ms-tnef", F_ARCHIVE, { "archive" } },
	{ "application/vnd.microsoft.portable-executable", F_PROGRAM, { "executable" } },
	{ "application/vnd.ms-excel.sheet.macroenabled", F_DOCUMENT, { "document", "macro" } },
	{ "application/vnd.ms-word.document.macroenabled", F_DOCUMENT, { "document", "macro" } },
	{ "application/vnd.ms-powerpoint.presentation.macroenabled", F_DOCUMENT,
	    { "document", "macro" } },
	{ "application/vnd.ms-office.vbaproject", F_DOCUMENT, { "document", "macro" } },
	{ "application/vnd.ms-", F_DOCUMENT, { "document" } },
	{ "application/vnd.visio", F_DOCUMENT, { "document" } },
	{ "application/x-mspublisher", F_DOCUMENT, { "document" } },
	{ "application/vnd.openxmlformats", F_DOCUMENT, { "document" } },
	{ "application/vnd.oasis.opendocument", F_DOCUMENT, { "document" } },
	{ "application/epub+zip", F_DOCUMENT, { "document" } },
	{ "application/vnd.apple.iwork", F_DOCUMENT, { "document" } },
	{ "application/onenote", F_DOCUMENT, { "document" } },
	{ "application/x-office-xml", F_DOCUMENT, { "document" } },
	{ "application/postscript", F_DOCUMENT, { "document" } },
	{ "application/zip", F_ARCHIVE, { "archive" } },
	{ "application/x-zip", F_ARCHIVE, { "archive" } },
	{ "application/x-7z", F_ARCHIVE, { "archive" } },
	{ "application/x-rar", F_ARCHIVE, { "archive" } },
	{ "application/vnd.rar", F_ARCHIVE, { "archive" } },
	{ "application/gzip", F_ARCHIVE, { "archive" } },
	{ "application/x-gzip", F_ARCHIVE, { "archive" } },
	{ "application/x-bzip", F_ARCHIVE, { "archive" } },
	{ "application/x-xz", F_ARCHIVE, { "archive" } },
	{ "application/x-lzma", F_ARCHIVE, { "archive" } },
	{ "application/zstd", F_ARCHIVE, { "archive" } },
	{ "application/x-lz", F_ARCHIVE, { "archive" } },
	{ "application/x-tar", F_ARCHIVE, { "archive" } },
	{ "application/x-gtar", F_ARCHIVE, { "archive" } },
	{ "application/x-cpio", F_ARCHIVE, { "archive" } },
	{ "application/x-arc", F_ARCHIVE, { "archive" } },
	{ "application/x-arj", F_ARCHIVE, { "archive" } },
	{ "application/x-iso9660-image", F_ARCHIVE, { "archive" } },
	{ "application/x-ace", F_ARCHIVE, { "archive" } },
	{ "application/x-alz", F_ARCHIVE, { "archive" } },
	{ "application/x-archive", F_ARCHIVE, { "archive" } },
	{ "application/vnd.debian.binary-package", F_ARCHIVE, { "archive" } },
	{ "application/x-compress", F_ARCHIVE, { "archive" } },
	{ "application/x-lha", F_ARCHIVE, { "archive" } },
	{ "application/x-rpm", F_ARCHIVE, { "archive" } },
	{ "application/x-stuffit", F_ARCHIVE, { "archive" } },
	{ "application/x-xar", F_ARCHIVE, { "archive" } },
	{ "application/x-dosexec", F_PROGRAM, { "executable" } },
	{ "application/x-msdownload", F_PROGRAM, { "executable" } },
	{ "application/x-msdos-program", F_PROGRAM, { "executable" } },
	{ "application/x-msi", F_PROGRAM, { "executable" } },
	{ "application/x-executable", F_PROGRAM, { "executable" } },
	{ "application/x-pie-executable", F_PROGRAM, { "executable" } },
	{ "application/x-sharedlib", F_PROGRAM, { "executable" } },
	{ "application/x-object", F_PROGRAM, { "executable" } },
	{ "application/x-mach-binary", F_PROGRAM, { "executable" } },
	{ "application/java-archive", F_PROGRAM, { "executable", "archive" } },
	{ "application/x-java-applet", F_PROGRAM, { "executable" } },
	{ "application/vnd.android.package-archive", F_PROGRAM, { "executable", "archive" } },
	{ "application/x-ms-shortcut", F_PROGRAM, { "shortcut", "executable" } },
};

static const struct {
	const char *ending;
	Family family;
	const char *kinds[2];
} endings[] = {
	{ "txt", F_TEXT, { NULL } }, { "csv", F_TEXT, { NULL } }, { "htm", F_TEXT, { NULL } },
	{ "html", F_TEXT, { NULL } }, { "eml", F_MAIL, { NULL } },
	{ "png", F_IMAGE, { NULL } }, { "jpg", F_IMAGE, { NULL } }, { "jpeg", F_IMAGE, { NULL } },
	{ "gif", F_IMAGE, { NULL } }, { "bmp", F_IMAGE, { NULL } }, { "tif", F_IMAGE, { NULL } },
	{ "tiff", F_IMAGE, { NULL } }, { "webp", F_IMAGE, { NULL } }, { "heic", F_IMAGE, { NULL } },
	{ "mp3", F_MEDIA, { NULL } }, { "wav", F_MEDIA, { NULL } }, { "m4a", F_MEDIA, { NULL } },
	{ "mp4", F_MEDIA, { NULL } }, { "mov", F_MEDIA, { NULL } }, { "avi", F_MEDIA, { NULL } },
	{ "pdf", F_DOCUMENT, { "document" } }, { "doc", F_DOCUMENT, { "document" } },
	{ "docx", F_DOCUMENT, { "document" } }, { "xls", F_DOCUMENT, { "document" } },
	{ "xlsx", F_DOCUMENT, { "document" } }, { "ppt", F_DOCUMENT, { "document" } },
	{ "pptx", F_DOCUMENT, { "document" } }, { "rtf", F_DOCUMENT, { "document" } },
	{ "odt", F_DOCUMENT, { "document" } }, { "ods", F_DOCUMENT, { "document" } },
	{ "odp", F_DOCUMENT, { "document" } }, { "pub", F_DOCUMENT, { "document" } },
	{ "docm", F_DOCUMENT, { "document", "macro" } },
	{ "dotm", F_DOCUMENT, { "document", "macro" } },
	{ "xlsm", F_DOCUMENT, { "document", "macro" } },
	{ "xltm", F_DOCUMENT, { "document", "macro" } },
	{ "xlam", F_DOCUMENT, { "document", "macro" } },
	{ "pptm", F_DOCUMENT, { "document", "macro" } },
	{ "potm", F_DOCUMENT, { "document", "macro" } },
	{ "ppsm", F_DOCUMENT, { "document", "macro" } },
	{ "ppam", F_DOCUMENT, { "document", "macro" } },
	{ "zip", F_ARCHIVE, { "archive" } }, { "rar", F_ARCHIVE, { "archive" } },
	{ "7z", F_ARCHIVE, { "archive" } }, { "gz", F_ARCHIVE, { "archive" } },
	{ "tgz", F_ARCHIVE, { "archive" } }, { "bz2", F_ARCHIVE, { "archive" } },
	{ "xz", F_ARCHIVE, { "archive" } }, { "zst", F_ARCHIVE, { "archive" } },
	{ "tar", F_ARCHIVE, { "archive" } }, { "cab", F_ARCHIVE, { "archive" } },
	{ "iso", F_ARCHIVE, { "archive" } }, { "img", F_ARCHIVE, { "archive" } },
	{ "vhd", F_ARCHIVE, { "archive" } }, { "vhdx", F_ARCHIVE, { "archive" } },
	{ "arj", F_ARCHIVE, { "archive" } }, { "lzh", F_ARCHIVE, { "archive" } },
	{ "ace", F_ARCHIVE, { "archive" } },
	{ "exe", F_PROGRAM, { "executable" } }, { "dll", F_PROGRAM, { "executable" } },
	{ "com", F_PROGRAM, { "executable" } }, { "scr", F_PROGRAM, { "executable" } },
	{ "pif", F_PROGRAM, { "executable" } }, { "msi", F_PROGRAM, { "executable" } },
	{ "msp", F_PROGRAM, { "executable" } }, { "msix", F_PROGRAM, { "executable" } },
	{ "appx", F_PROGRAM, { "executable" } }, { "cpl", F_PROGRAM, { "executable" } },
	{ "sys", F_PROGRAM, { "executable" } }, { "ocx", F_PROGRAM, { "executable" } },
	{ "jar", F_PROGRAM, { "executable" } }, { "apk", F_PROGRAM, { "executable" } },
	{ "xll", F_PROGRAM, { "executable" } }, { "chm", F_PROGRAM, { "executable" } },
	{ "reg", F_PROGRAM, { "executable" } }, { "msc", F_PROGRAM, { "executable" } },
	{ "application", F_PROGRAM, { "executable" } }, { "dmg", F_PROGRAM, { "executable" } },
	{ "lnk", F_PROGRAM, { "shortcut", "executable" } },
	{ "url", F_PROGRAM, { "shortcut" } }, { "webloc", F_PROGRAM, { "shortcut" } },
	{ "desktop", F_PROGRAM, { "shortcut", "executable" } },
	{ "scf", F_PROGRAM, { "shortcut", "executable" } },
	{ "bat", F_PROGRAM, { "script", "executable" } },
	{ "cmd", F_PROGRAM, { "script", "executable" } },
	{ "vbs", F_PROGRAM, { "script", "executable" } },
	{ "vbe", F_PROGRAM, { "script", "executable" } },
	{ "jse", F_PROGRAM, { "script", "executable" } },
	{ "wsf", F_PROGRAM, { "script", "executable" } },
	{ "wsh", F_PROGRAM, { "script", "executable" } },
	{ "wsc", F_PROGRAM, { "script", "executable" } },
	{ "hta", F_PROGRAM, { "script", "executable" } },
	{ "ps1", F_PROGRAM, { "script", "executable" } },
	{ "psm1", F_PROGRAM, { "script", "executable" } },
	/* what a pupil hands in after a computing lesson: a script, but nothing that a
	 * double click would run */
	{ "js", F_TEXT, { "script" } }, { "py", F_TEXT, { "script" } },
	{ "sh", F_TEXT, { "script" } }, { "pl", F_TEXT, { "script" } },
	{ "rb", F_TEXT, { "script" } }, { "php", F_TEXT, { "script" } },
};

gboolean
sg_type_warm_up(GError **error)
{
	magic_t *handle = magic_handle(), magic;

	if (*handle != NULL)
		return TRUE;
	magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TEXT |
	    MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_APPTYPE |
	    MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON);
	if (magic == NULL || magic_load(magic, NULL) != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "libmagic cannot load its database: %s",
		    magic != NULL && magic_error(magic) != NULL ? magic_error(magic) : "?");
		if (magic != NULL)
			magic_close(magic);
		return FALSE;
	}
	magic_buffer(magic, "%PDF-1.4\n", 9);
	*handle = magic;
	return TRUE;
}

static Family
family_of_type(const char *mime, SgPart *mark)
{
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		if (!g_str_has_prefix(mime, types[i].mime))
			continue;
		for (gsize k = 0; k < 2 && types[i].kinds[k] != NULL && mark != NULL; k++)
			sg_part_kind(mark, types[i].kinds[k]);
		return types[i].family;
	}
	return F_NONE;
}

static Family
family_of_ending(const char *ending, SgPart *mark)
{
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		if (g_ascii_strcasecmp(ending, endings[i].ending) != 0)
			continue;
		for (gsize k = 0; k < 2 && endings[i].kinds[k] != NULL && mark != NULL; k++)
			sg_part_kind(mark, endings[i].kinds[k]);
		return endings[i].family;
	}
	return F_NONE;
}

/* Windows drops blanks and dots at the end of a name, so "a.exe. " is a program.
 * A character that turns the direction of reading has no business in a file name. */
static Family
read_name(SgPart *p)
{
	g_autofree char *name = g_strdup(p->name), *before = NULL;
	gsize n = strlen(name);
	char *dot;
	Family f;

	while (n > 0 && (name[n - 1] == '.' || g_ascii_isspace(name[n - 1])))
		name[--n] = '\0';
	if (strstr(name, "\xe2\x80\xae") != NULL || strstr(name, "\xe2\x81\xa6") != NULL ||
	    strstr(name, "\xe2\x81\xa7") != NULL)
		sg_part_kind(p, "mismatch");
	if ((dot = strrchr(name, '.')) == NULL)
		return F_NONE;
	f = family_of_ending(dot + 1, p);
	if (f != F_PROGRAM)
		return f;
	*dot = '\0';
	before = g_strchomp(g_strdup(name));
	if ((dot = strrchr(before, '.')) != NULL && family_of_ending(dot + 1, NULL) != F_NONE)
		sg_part_kind(p, "double-extension");
	return f;
}

static gboolean
differ(Family seen, Family claimed)
{
	if (seen == claimed || seen == F_NONE || claimed == F_NONE || seen == F_TEXT)
		return FALSE;
	/* A zip may be any of the documents that are zips; spreadsheets and web pages
	 * are sent under each other's names all the time. */
	if ((seen == F_ARCHIVE && claimed == F_DOCUMENT) || claimed == F_MAIL || seen == F_MAIL)
		return FALSE;
	return TRUE;
}

/* What a double click on a file of text opens it as, whatever its label; or NULL. */
static const char *
text_by_name(const SgPart *p)
{
	static const char *const opened[][2] = { { ".eml", "message/rfc822" }, { ".htm", "text/html" },
		{ ".html", "text/html" }, { ".xhtml", "text/html" }, { ".shtml", "text/html" },
		{ ".csv", "text/csv" }, { ".tsv", "text/tab-separated-values" }, { ".ics", "text/calendar" },
		{ ".vcs", "text/calendar" }, { ".vcf", "text/vcard" }, { ".mbox", "application/mbox" },
		{ ".mbx", "application/mbox" }, { ".svg", "image/svg+xml" }, { ".xml", "text/xml" } };
	const char *dot = strrchr(p->name, '.');

	for (gsize i = 0; dot != NULL && i < G_N_ELEMENTS(opened); i++)
		if (g_ascii_strcasecmp(dot, opened[i][0]) == 0)
			return opened[i][1];
	return NULL;
}

/* By its first element, where that is one of a web page or a drawing. */
static const char *
kind_of_xml(const char *head, gsize n)
{
	if (g_strstr_len(head, (gssize)n, "<svg") != NULL)
		return "image/svg+xml";
	return g_strstr_len(head, (gssize)n, "<html") != NULL ? "text/html" : "text/xml";
}

/* "From a@b.example Mon Nov ...", then a header field */
static const char *
maybe_mbox(const char *head)
{
	const char *line = strchr(head, '\n'), *colon = line != NULL ? strchr(line, ':') : NULL;

	if (colon == NULL || colon - line < 3 || colon - line > 40)
		return "text/plain";
	for (const char *s = line + 1; s < colon; s++)
		if (!g_ascii_isalnum(*s) && *s != '-')
			return "text/plain";
	return "application/mbox";
}

static const char *
sniff_text(const SgPart *p, const char *head, gsize n)
{
	static const char *const starts[][2] = { { "<!doctype html", "text/html" }, { "<html", "text/html" },
		{ "<head", "text/html" }, { "<body", "text/html" }, { "<svg", "image/svg+xml" },
		{ "<?xml", "text/xml" }, { "BEGIN:VCALENDAR", "text/calendar" }, { "BEGIN:VCARD", "text/vcard" } };
	const char *named = text_by_name(p);

	if (g_str_has_prefix(head, "#!"))
		return "text/x-shellscript";
	if (named != NULL)
		return named;
	while (n > 0 && g_ascii_isspace(*head)) {
		head++;
		n--;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
		if (g_ascii_strncasecmp(head, starts[i][0], strlen(starts[i][0])) == 0)
			return strcmp(starts[i][1], "text/xml") == 0 ? kind_of_xml(head, n) : starts[i][1];
	return g_str_has_prefix(head, "From ") ? maybe_mbox(head) : "text/plain";
}

/* A claim that a reader of text exists for, and that text may well make. */
static gboolean
claims_text(const char *mime)
{
	return g_str_has_prefix(mime, "text/") || g_str_has_prefix(mime, "message/") ||
	    g_str_has_prefix(mime, "image/svg") || g_str_has_suffix(mime, "+xml") ||
	    g_str_has_suffix(mime, "+json") || strcmp(mime, "application/json") == 0 ||
	    strcmp(mime, "application/xml") == 0 || strcmp(mime, "application/csv") == 0 ||
	    strcmp(mime, "application/mbox") == 0 || strcmp(mime, "application/ics") == 0;
}

/* Readers of PDF take one that begins within the first KB. */
static gboolean
holds_pdf(const guint8 *head, gsize n)
{
	const char *at = memmem(head, MIN(n, 1024), "%PDF-", 5);
	gsize left = at != NULL ? n - (gsize)((const guint8 *)at - head) : 0;

	return at != NULL && (at == (const char *)head || memmem(at, left, " obj", 4) != NULL);
}

/* Bytes in which libmagic saw nothing. */
static const char *
of_unknown(const SgPart *p, const guint8 *head, gsize n)
{
	/* Windows tries to run whatever begins so; libmagic wants to see more of it. */
	if (n >= 2 && memcmp(head, "MZ", 2) == 0)
		return "application/x-dosexec";
	if (sg_archive_mime(head, n) != NULL)
		return sg_archive_mime(head, n);
	if (holds_pdf(head, n))
		return "application/pdf";
	/* what claims to be text is read as text all the same */
	return claims_text(p->declared) ? p->declared : "application/octet-stream";
}

/* What needs no library: the file begins so, and nothing else does. */
static const char *
surely(const guint8 *head, gsize n)
{
	static const struct {
		const char *begin, *mime;
		gsize n;
	} sure[] = {
		{ "%PDF-", "application/pdf", 5 }, { "\xff\xd8\xff", "image/jpeg", 3 },
		{ "\x89PNG\r\n\x1a\n", "image/png", 8 },
		{ "GIF87a", "image/gif", 6 }, { "GIF89a", "image/gif", 6 },
		{ "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "application/onenote", 16 },
		{ "\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f", "application/onenote", 16 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(sure); i++)
		if (n >= sure[i].n && memcmp(head, sure[i].begin, sure[i].n) == 0)
			return sure[i].mime;
	return NULL;
}

/* Old Office files, Outlook messages and installers differ by what they hold, and its
 * names may stand anywhere. */
static const char *
by_content(SgPart *p, const guint8 *head, gsize n)
{
	magic_t magic = *magic_handle();
	const char *seen = sg_ole_is(head, n) ? sg_ole_mime(sg_part_bytes(p)) : surely(head, n);

	if (seen == NULL && magic != NULL)
		seen = magic_buffer(magic, head, n);
	return seen == NULL || strcmp(seen, "application/octet-stream") == 0 ? of_unknown(p, head, n) : seen;
}

/* Word wants no more than this, whatever stands behind and what the label says. */
static gboolean
is_rtf(const guint8 *head, gsize n)
{
	while (n > 0 && g_ascii_isspace(*head)) {
		head++;
		n--;
	}
	return n >= 4 && memcmp(head, "{\\rt", 4) == 0;
}

static char *
detected_type(SgPart *p, const guint8 *head, gsize n, gboolean text)
{
	gboolean wide = g_ascii_strncasecmp(p->charset, "utf-16", 6) == 0 ||
	    g_ascii_strncasecmp(p->charset, "utf-32", 6) == 0 ||
	    g_ascii_strncasecmp(p->charset, "cp", 2) == 0 ||
	    g_ascii_strncasecmp(p->charset, "ibm", 3) == 0;

	if (is_rtf(head, n))
		return g_strdup("text/rtf");
	if (g_str_has_prefix(p->declared, "text/") && text && text_by_name(p) != NULL)
		return g_strdup(text_by_name(p));
	if (claims_text(p->declared) && (text || wide))
		return g_strdup(p->declared);
	/* PDF begins like text */
	if (text && !holds_pdf(head, n))
		return g_strdup(sniff_text(p, (const char *)head, n));
	return g_ascii_strdown(by_content(p, head, n), -1);
}

/* Macros stand under a plain name in zips and in old Office files alike.  A zip's
 * directory of names is its end, which is enough when the directory's own end is there. */
static void
look_for_macros(SgPart *p)
{
	static const char wide[] = "V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T";
	gboolean zip = g_str_has_prefix(p->detected, "application/vnd.openxml") ||
	    strcmp(p->detected, "application/zip") == 0;
	const char *bytes;
	gsize n, end;

	if (!zip && family_of_type(p->detected, NULL) != F_DOCUMENT)
		return;
	if (strcmp(p->detected, "application/pdf") == 0 || strcmp(p->detected, "text/rtf") == 0)
		return;
	bytes = g_bytes_get_data(sg_part_bytes(p), &n);
	end = n > ZIP_END ? n - ZIP_END : 0;
	if (zip && memmem(bytes + end, n - end, "PK\005\006", 4) == NULL)
		end = 0;
	if (zip ? memmem(bytes + end, n - end, "vbaProject.bin", 14) != NULL :
	    memmem(bytes, n, wide, sizeof wide - 1) != NULL)
		sg_part_kind(p, "macro");
}

/* What somebody will open is decoded once, as a whole. */
static gboolean
is_opened(const guint8 *head, gsize n)
{
	return sg_ole_is(head, n) || (n >= 4 && memcmp(head, "PK\003\004", 4) == 0) || holds_pdf(head, n);
}

/* Office files that are zips or XML differ by what they hold as well. */
static void
look_into_office(SgPart *p, const guint8 *head, gsize n, gboolean text)
{
	const char *mime = NULL;
	gsize len;

	if (text) {
		mime = sg_office_xml_mime((const char *)head, n);
	} else if (n > 4 && memcmp(head, "PK\003\004", 4) == 0 &&
	    !g_str_has_prefix(p->detected, "application/vnd.o")) {
		const guint8 *bytes = g_bytes_get_data(sg_part_bytes(p), &len);

		mime = sg_office_zip_mime(bytes, len);
	}
	if (mime == NULL)
		return;
	g_free(p->detected);
	p->detected = g_strdup(mime);
}

void
sg_type_detect(SgPart *p)
{
	guint8 head[HEAD + 1];
	gsize n = sg_part_head(p, head, GLANCE);
	gboolean text = sg_charset_looks_text(head, n) && sg_archive_mime(head, n) == NULL;
	Family seen, named, claimed;

	if (is_opened(head, n))
		(void)sg_part_bytes(p);
	if (!text || !claims_text(p->declared))
		n = sg_part_head(p, head, HEAD);
	head[n] = '\0';
	g_free(p->detected);
	p->detected = detected_type(p, head, n, text);
	look_into_office(p, head, n, text);
	seen = family_of_type(p->detected, p);
	named = p->name[0] != '\0' ? read_name(p) : F_NONE;
	claimed = family_of_type(p->declared, NULL);
	if (seen != F_PROGRAM && claimed == F_PROGRAM)
		family_of_type(p->declared, p);
	if (differ(seen, named) || differ(seen, claimed) ||
	    (named == F_PROGRAM && claimed != F_NONE && claimed != F_PROGRAM && claimed != F_TEXT))
		sg_part_kind(p, "mismatch");
	look_for_macros(p);
}

gboolean
sg_type_is_media(const char *mime)
{
	Family f = family_of_type(mime, NULL);

	return f == F_IMAGE || f == F_MEDIA;
}
