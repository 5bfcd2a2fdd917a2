#include <string.h>

#include "console/plain.h"

typedef struct Pair {
	const char *key, *text;
} Pair;

static const Pair places[] = {
	{ "subject", "the subject" },
	{ "body", "the text" },
	{ "quoted", "the quoted text" },
	{ "forwarded", "a forwarded message" },
	{ "signature", "the signature" },
	{ "attachment", "an attachment" },
	{ "name", "the name of a file" },
	{ "header", "the header" },
	{ "part", "a file" },
	{ "correspondence", "several messages" },
};

/* The first row whose key begins the type. */
static const Pair types[] = {
	{ "image/png", "PNG picture" },
	{ "image/jpeg", "JPEG picture" },
	{ "image/webp", "WebP picture" },
	{ "image/gif", "GIF picture, may move" },
	{ "image/svg", "SVG drawing" },
	{ "image/", "Picture" },
	{ "video/", "Film" },
	{ "audio/", "Sound" },
	{ "application/pdf", "PDF document" },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml", "Word document" },
	{ "application/vnd.ms-word", "Word document" },
	{ "application/msword", "Word document" },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml", "Excel sheet" },
	{ "application/vnd.ms-excel", "Excel sheet" },
	{ "application/vnd.openxmlformats-officedocument.presentationml", "PowerPoint slides" },
	{ "application/vnd.ms-powerpoint", "PowerPoint slides" },
	{ "application/vnd.oasis.opendocument.text", "OpenDocument text" },
	{ "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument sheet" },
	{ "application/vnd.oasis.opendocument", "OpenDocument file" },
	{ "application/rtf", "RTF document" },
	{ "text/rtf", "RTF document" },
	{ "application/zip", "ZIP archive" },
	{ "application/x-7z", "7z archive" },
	{ "application/x-rar", "RAR archive" },
	{ "application/vnd.rar", "RAR archive" },
	{ "application/x-tar", "TAR archive" },
	{ "application/gzip", "Packed file" },
	{ "application/x-dosexec", "Program" },
	{ "application/vnd.microsoft.portable-executable", "Program" },
	{ "application/x-executable", "Program" },
	{ "text/html", "Web page" },
	{ "text/csv", "List (CSV)" },
	{ "text/calendar", "Calendar entry" },
	{ "text/vcard", "Contact card" },
	{ "text/", "Text" },
	{ "message/", "Message" },
};

static const Pair remarks[] = {
	{ "executable", "A program." },
	{ "script", "A program in text form." },
	{ "macro", "Can carry a program (macros)." },
	{ "double-extension", "Its name has two endings." },
	{ "mismatch", "It is not what its name says." },
	{ "unscannable", "It could not be read." },
	{ "unread", "It was not read: Schoolgate does not know this type." },
	{ "encrypted-weak", "Its lock is weak." },
	{ "position", "It tells where it was taken." },
};

const char *
sg_plain_where(const char *where)
{
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
		if (g_strcmp0(places[i].key, where) == 0)
			return places[i].text;
	return "the message";
}

const char *
sg_plain_type(const char *mime)
{
	for (gsize i = 0; mime != NULL && i < G_N_ELEMENTS(types); i++)
		if (g_str_has_prefix(mime, types[i].key))
			return types[i].text;
	return "File";
}

const char *
sg_plain_protection(const SgPartInfo *p)
{
	if (g_strcmp0(p->state, "protected") == 0)
		return g_strcmp0(p->strength, "strong") == 0 ? "Encrypted, strong" : "Encrypted, weak";
	return g_strcmp0(p->state, "partial") == 0 ? "Partly encrypted" : "Not encrypted";
}

char *
sg_plain_size(guint64 bytes)
{
	if (bytes < 1000)
		return g_strdup_printf("%" G_GUINT64_FORMAT " bytes", bytes);
	if (bytes < 1000000)
		return g_strdup_printf("%" G_GUINT64_FORMAT " KB", (bytes + 500) / 1000);
	return g_strdup_printf("%.1f MB", (double)bytes / 1e6);
}

char *
sg_plain_remarks(const SgPartInfo *p)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(remarks); i++)
		if (sg_part_is(p, remarks[i].key))
			g_string_append_printf(s, "%s%s", s->len > 0 ? " " : "", remarks[i].text);
	return g_string_free(g_steal_pointer(&s), FALSE);
}

/* "2.1" is inside "2"; what is inside a message is part of the mail all the same. */
static gboolean
inside_file(const SgReading *r, const char *id)
{
	const char *dot = strrchr(id, '.');

	for (guint i = 0; dot != NULL && i < r->parts->len; i++) {
		const SgPartInfo *p = g_ptr_array_index(r->parts, i);

		if (strlen(p->part) == (gsize)(dot - id) && strncmp(p->part, id, (gsize)(dot - id)) == 0)
			return !g_str_has_prefix(p->detected, "message/") && !g_str_has_prefix(p->detected, "multipart/");
	}
	return FALSE;
}

gboolean
sg_plain_is_picture(const SgReading *r, const SgPartInfo *p)
{
	return (strcmp(p->detected, "image/png") == 0 || strcmp(p->detected, "image/jpeg") == 0 ||
		strcmp(p->detected, "image/webp") == 0) &&
	    *p->part != '\0' && p->part[strspn(p->part, "0123456789.")] == '\0' &&
	    !g_str_has_prefix(p->part, "0.") && !inside_file(r, p->part);
}

gboolean
sg_plain_is_imagery(const SgPartInfo *p)
{
	return g_str_has_prefix(p->detected, "image/") || g_str_has_prefix(p->detected, "video/") ||
	    sg_part_is(p, "image") || sg_part_is(p, "video");
}
