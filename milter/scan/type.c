#include <magic.h>
#include <string.h>

#include "base/err.h"
#include "office/office_type.h"
#include "pack/archivetype.h"
#include "pack/ole.h"
#include "scan/filename.h"
#include "scan/type.h"
#include "text/charset.h"
#include "text/span.h"

#define GLANCE 2048u	/* enough to believe a label that says text */
#define ZIP_END (160u << 10)	/* a comment of 64 KB and the directory before it */
#define HEAD   33024u	/* enough for every signature, also that of disk images */

/* short, for the tables */
#define F(x) SG_FILE_##x

/* One libmagic handle a process: the zygote fills it, its children only read. */
static magic_t *
magic_handle(void)
{
	static magic_t magic;

	return &magic;
}

static const struct {
	const char *mime;	/* a prefix */
	SgFamily family;
	const char *kinds[2];
} types[] = {
	{ "text/x-msdos-batch", F(PROGRAM), { "script", "executable" } },
	{ "text/x-shellscript", F(PROGRAM), { "script" } },
	{ "text/x-source", F(TEXT), { "source" } },
	{ "text/x-url", F(TEXT), { "shortcut" } },
	{ "text/rtf", F(DOCUMENT), { "document" } },
	{ "text/", F(TEXT), { NULL } },
	{ "application/mbox", F(MAIL), { NULL } },
	{ "message/rfc822", F(MAIL), { NULL } },
	{ "message/global", F(MAIL), { NULL } },
	{ "image/svg", F(TEXT), { "image" } },
	{ "image/", F(IMAGE), { "image" } },
	{ "audio/", F(MEDIA), { "audio" } },
	{ "video/", F(MEDIA), { "video" } },
	{ "application/ogg", F(MEDIA), { "audio" } },
	{ "application/pdf", F(DOCUMENT), { "document" } },
	{ "application/rtf", F(DOCUMENT), { "document" } },
	{ "application/msword", F(DOCUMENT), { "document" } },
	{ "application/cdfv2", F(DOCUMENT), { "document" } },
	{ "application/x-ole-storage", F(DOCUMENT), { "document" } },
	{ "application/encrypted", F(DOCUMENT), { "document" } },
	{ "application/vnd.ms-cab-compressed", F(ARCHIVE), { "archive" } },
	{ "application/vnd.ms-tnef", F(ARCHIVE), { "archive" } },
	{ "application/ms-tnef", F(ARCHIVE), { "archive" } },
	{ "application/vnd.microsoft.portable-executable", F(PROGRAM), { "executable" } },
	{ "application/vnd.ms-excel.sheet.macroenabled", F(DOCUMENT), { "document", "macro" } },
	{ "application/vnd.ms-word.document.macroenabled", F(DOCUMENT), { "document", "macro" } },
	{ "application/vnd.ms-powerpoint.presentation.macroenabled", F(DOCUMENT),
	    { "document", "macro" } },
	{ "application/vnd.ms-office.vbaproject", F(DOCUMENT), { "document", "macro" } },
	{ "application/vnd.ms-htmlhelp", F(PROGRAM), { "executable" } },
	{ "application/vnd.ms-", F(DOCUMENT), { "document" } },
	{ "application/onenote", F(DOCUMENT), { "document" } },
	{ "application/vnd.visio", F(DOCUMENT), { "document" } },
	{ "application/x-mspublisher", F(DOCUMENT), { "document" } },
	{ "application/vnd.openxmlformats", F(DOCUMENT), { "document" } },
	{ "application/vnd.oasis.opendocument", F(DOCUMENT), { "document" } },
	{ "application/epub+zip", F(DOCUMENT), { "document" } },
	{ "application/vnd.apple.iwork", F(DOCUMENT), { "document" } },
	{ "application/x-office-xml", F(DOCUMENT), { "document" } },
	{ "application/postscript", F(DOCUMENT), { "document" } },
	{ "application/zip", F(ARCHIVE), { "archive" } },
	{ "application/x-zip", F(ARCHIVE), { "archive" } },
	{ "application/x-7z", F(ARCHIVE), { "archive" } },
	{ "application/x-rar", F(ARCHIVE), { "archive" } },
	{ "application/vnd.rar", F(ARCHIVE), { "archive" } },
	{ "application/gzip", F(ARCHIVE), { "archive" } },
	{ "application/x-gzip", F(ARCHIVE), { "archive" } },
	{ "application/x-bzip", F(ARCHIVE), { "archive" } },
	{ "application/x-xz", F(ARCHIVE), { "archive" } },
	{ "application/x-lzma", F(ARCHIVE), { "archive" } },
	{ "application/zstd", F(ARCHIVE), { "archive" } },
	{ "application/x-lz", F(ARCHIVE), { "archive" } },
	{ "application/x-tar", F(ARCHIVE), { "archive" } },
	{ "application/x-gtar", F(ARCHIVE), { "archive" } },
	{ "application/x-cpio", F(ARCHIVE), { "archive" } },
	{ "application/x-arc", F(ARCHIVE), { "archive" } },
	{ "application/x-arj", F(ARCHIVE), { "archive" } },
	{ "application/x-iso9660-image", F(ARCHIVE), { "archive", "disk-image" } },
	{ "application/x-vhd", F(ARCHIVE), { "archive", "disk-image" } },
	{ "application/x-ms-wim", F(ARCHIVE), { "archive", "disk-image" } },
	{ "application/x-apple-diskimage", F(ARCHIVE), { "archive", "disk-image" } },
	{ "application/x-ace", F(ARCHIVE), { "archive" } },
	{ "application/x-alz", F(ARCHIVE), { "archive" } },
	{ "application/x-archive", F(ARCHIVE), { "archive" } },
	{ "application/vnd.debian.binary-package", F(ARCHIVE), { "archive" } },
	{ "application/x-compress", F(ARCHIVE), { "archive" } },
	{ "application/x-lha", F(ARCHIVE), { "archive" } },
	{ "application/x-rpm", F(ARCHIVE), { "archive" } },
	{ "application/x-stuffit", F(ARCHIVE), { "archive" } },
	{ "application/x-xar", F(ARCHIVE), { "archive" } },
	{ "application/x-dosexec", F(PROGRAM), { "executable" } },
	{ "application/x-msdownload", F(PROGRAM), { "executable" } },
	{ "application/x-msdos-program", F(PROGRAM), { "executable" } },
	{ "application/x-msi", F(PROGRAM), { "executable", "installer" } },
	{ "application/x-executable", F(PROGRAM), { "executable" } },
	{ "application/x-pie-executable", F(PROGRAM), { "executable" } },
	{ "application/x-sharedlib", F(PROGRAM), { "executable" } },
	{ "application/x-object", F(PROGRAM), { "executable" } },
	{ "application/x-mach-binary", F(PROGRAM), { "executable" } },
	{ "application/java-archive", F(PROGRAM), { "executable", "archive" } },
	{ "application/x-java-applet", F(PROGRAM), { "executable" } },
	{ "application/vnd.android.package-archive", F(PROGRAM), { "executable", "archive" } },
	{ "application/x-ms-shortcut", F(PROGRAM), { "shortcut", "executable" } },
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

static SgFamily
family_of_type(const char *mime, SgPart *mark)
{
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		if (!g_str_has_prefix(mime, types[i].mime))
			continue;
		for (gsize k = 0; k < 2 && types[i].kinds[k] != NULL && mark != NULL; k++)
			sg_part_kind(mark, types[i].kinds[k]);
		return types[i].family;
	}
	return F(NONE);
}

/* Does the name hide what the file is?  Mail programs and people mislabel all the time:
 * pictures under each other's names, a zip that is a document, a table as Excel, anything
 * as a text.  What counts is a program or an archive that passes for something to look
 * at, and a document for a picture. */
static gboolean
is_hidden(SgFamily seen, SgFamily named, gboolean zip)
{
	if (seen == named || named == F(NONE))
		return FALSE;
	if (seen == F(PROGRAM))
		return TRUE;
	if (seen == F(ARCHIVE))
		return named == F(IMAGE) || named == F(MEDIA) || named == F(TEXT) ||
		    (named == F(DOCUMENT) && !zip);
	if (seen == F(DOCUMENT))
		return named == F(IMAGE) || named == F(MEDIA) || named == F(PROGRAM);
	return (seen == F(IMAGE) || seen == F(MEDIA)) && (named == F(DOCUMENT) || named == F(PROGRAM));
}

/* A label is only a label: it counts when the bytes are a program, and when the name is. */
static gboolean
is_mislabelled(SgFamily seen, SgFamily named, SgFamily claimed)
{
	if (claimed == F(NONE) || claimed == F(PROGRAM))
		return FALSE;
	return seen == F(PROGRAM) || (named == F(PROGRAM) && claimed != F(TEXT));
}

/* What a double click on a file of text opens it as, whatever its label; or NULL. */
static const char *
text_by_name(const SgPart *p)
{
	static const char *const opened[][2] = { { ".eml", "message/rfc822" },
		{ ".mht", "message/rfc822" }, { ".mhtml", "message/rfc822" }, { ".htm", "text/html" },
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

/* Languages that are taught at school: the first line of what was handed in. */
static gboolean
is_lesson(const char *head, gsize n)
{
	static const char *const taught[] = { "python", "perl", "ruby", "node", "php", "lua", "Rscript" };
	gsize line = strcspn(head, "\r\n");

	for (gsize i = 0; i < G_N_ELEMENTS(taught); i++)
		if (g_strstr_len(head, (gssize)MIN(line, n), taught[i]) != NULL)
			return TRUE;
	return FALSE;
}

static const char *
sniff_text(const SgPart *p, const char *head, gsize n)
{
	static const char *const starts[][2] = { { "<!doctype html", "text/html" }, { "<html", "text/html" },
		{ "<head", "text/html" }, { "<body", "text/html" }, { "<svg", "image/svg+xml" },
		/* a document of Word or Excel saved as "single file web page" keeps its name */
		{ "MIME-Version:", "message/rfc822" },
		{ "<?xml", "text/xml" }, { "[InternetShortcut]", "text/x-url" }, { "BEGIN:VCALENDAR", "text/calendar" }, { "BEGIN:VCARD", "text/vcard" } };
	const char *named = text_by_name(p);

	if (g_str_has_prefix(head, "#!"))
		return is_lesson(head, n) ? "text/x-source" : "text/x-shellscript";
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
		{ "ITSF\3\0\0\0", "application/vnd.ms-htmlhelp", 8 },
		{ "L\0\0\0\1\x14\2\0", "application/x-ms-shortcut", 8 },
		{ "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "application/onenote", 16 },
		{ "\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f", "application/onenote", 16 },
		{ "vhdxfile", "application/x-vhd", 8 }, { "conectix", "application/x-vhd", 8 },
		{ "MSWIM\0\0\0", "application/x-ms-wim", 8 },
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

/* Said to be a calendar or a card, but none begins in it: people are shown the text. */
static gboolean
is_false_object(const char *mime, const guint8 *head, gsize n)
{
	static const char *const objects[] = { "text/calendar", "text/vcard", "text/x-vcard", "text/directory",
		"text/x-vcalendar", NULL };

	return g_strv_contains(objects, mime) &&
	    memmem(head, n, "BEGIN:V", 7) == NULL && memmem(head, n, "begin:v", 7) == NULL;
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
		return g_strdup(text && is_false_object(p->declared, head, n) ? "text/plain" : p->declared);
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
	SgSpan all;
	gsize end, at;

	if (!zip && family_of_type(p->detected, NULL) != F(DOCUMENT))
		return;
	if (strcmp(p->detected, "application/pdf") == 0 || strcmp(p->detected, "text/rtf") == 0)
		return;
	all = sg_span_of(sg_part_bytes(p));
	end = all.n > ZIP_END ? all.n - ZIP_END : 0;
	if (zip && !sg_span_find(all, end, "PK\005\006", 4, &at))
		end = 0;
	if (zip ? sg_span_find(all, end, "vbaProject.bin", 14, &at) :
	    sg_span_find(all, 0, wide, sizeof wide - 1, &at))
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

/* Disk images begin with nothing. */
static gboolean
is_blank(const guint8 *head, gsize n)
{
	return n >= 512 && head[0] == '\0' && memcmp(head, head + 1, 511) == 0;
}

void
sg_type_detect(SgPart *p)
{
	guint8 head[HEAD + 1];
	gsize n = sg_part_head(p, head, GLANCE);
	gboolean text = sg_charset_looks_text(head, n) && !is_blank(head, n) &&
	    sg_archive_mime(head, n) == NULL;
	SgFamily seen, named, claimed;

	if (is_opened(head, n))
		(void)sg_part_bytes(p);
	if (!text || !claims_text(p->declared))
		n = sg_part_head(p, head, HEAD);
	head[n] = '\0';
	g_free(p->detected);
	p->detected = detected_type(p, head, n, text);
	look_into_office(p, head, n, text);
	seen = family_of_type(p->detected, p);
	named = p->name[0] != '\0' ? sg_filename_read(p) : F(NONE);
	claimed = family_of_type(p->declared, NULL);
	/* some mailers call every file a download: believed when nothing else is known */
	if (seen == F(NONE) && claimed == F(PROGRAM) && (named == F(NONE) || named == F(PROGRAM)))
		family_of_type(p->declared, p);
	if (is_hidden(seen, named, strstr(p->detected, "zip") != NULL) || is_mislabelled(seen, named, claimed))
		sg_part_kind(p, "mismatch");
	look_for_macros(p);
}

gboolean
sg_type_is_media(const char *mime)
{
	SgFamily f = family_of_type(mime, NULL);

	return f == F(IMAGE) || f == F(MEDIA);
}
