#include <string.h>

#include "scan/filename.h"

#define KINDS 2

static const struct {
	const char *ending;
	SgFamily    family;
	const char *kinds[KINDS];
} endings[] = {
	/* what is read, seen or heard */
	{ "txt", SG_FILE_TEXT, { NULL } }, { "csv", SG_FILE_TEXT, { NULL } },
	{ "tsv", SG_FILE_TEXT, { NULL } }, { "htm", SG_FILE_TEXT, { NULL } },
	{ "html", SG_FILE_TEXT, { NULL } }, { "xhtml", SG_FILE_TEXT, { NULL } },
	{ "shtml", SG_FILE_TEXT, { NULL } }, { "xml", SG_FILE_TEXT, { NULL } },
	{ "json", SG_FILE_TEXT, { NULL } }, { "log", SG_FILE_TEXT, { NULL } },
	{ "md", SG_FILE_TEXT, { NULL } }, { "ini", SG_FILE_TEXT, { NULL } },
	{ "ics", SG_FILE_TEXT, { NULL } }, { "vcf", SG_FILE_TEXT, { NULL } },
	{ "srt", SG_FILE_TEXT, { NULL } }, { "tex", SG_FILE_TEXT, { NULL } },
	{ "css", SG_FILE_TEXT, { NULL } }, { "svg", SG_FILE_TEXT, { NULL } },
	{ "eml", SG_FILE_MAIL, { NULL } }, { "mbox", SG_FILE_MAIL, { NULL } },
	{ "mht", SG_FILE_MAIL, { NULL } }, { "mhtml", SG_FILE_MAIL, { NULL } },
	{ "png", SG_FILE_IMAGE, { NULL } }, { "jpg", SG_FILE_IMAGE, { NULL } },
	{ "jpeg", SG_FILE_IMAGE, { NULL } }, { "jpe", SG_FILE_IMAGE, { NULL } },
	{ "jfif", SG_FILE_IMAGE, { NULL } }, { "gif", SG_FILE_IMAGE, { NULL } },
	{ "bmp", SG_FILE_IMAGE, { NULL } }, { "tif", SG_FILE_IMAGE, { NULL } },
	{ "tiff", SG_FILE_IMAGE, { NULL } }, { "webp", SG_FILE_IMAGE, { NULL } },
	{ "heic", SG_FILE_IMAGE, { NULL } }, { "heif", SG_FILE_IMAGE, { NULL } },
	{ "avif", SG_FILE_IMAGE, { NULL } }, { "ico", SG_FILE_IMAGE, { NULL } },
	{ "psd", SG_FILE_IMAGE, { NULL } },
	{ "mp3", SG_FILE_MEDIA, { NULL } }, { "wav", SG_FILE_MEDIA, { NULL } },
	{ "m4a", SG_FILE_MEDIA, { NULL } }, { "aac", SG_FILE_MEDIA, { NULL } },
	{ "ogg", SG_FILE_MEDIA, { NULL } }, { "flac", SG_FILE_MEDIA, { NULL } },
	{ "wma", SG_FILE_MEDIA, { NULL } }, { "mp4", SG_FILE_MEDIA, { NULL } },
	{ "m4v", SG_FILE_MEDIA, { NULL } }, { "mov", SG_FILE_MEDIA, { NULL } },
	{ "avi", SG_FILE_MEDIA, { NULL } }, { "mkv", SG_FILE_MEDIA, { NULL } },
	{ "webm", SG_FILE_MEDIA, { NULL } }, { "wmv", SG_FILE_MEDIA, { NULL } },
	{ "3gp", SG_FILE_MEDIA, { NULL } }, { "mpg", SG_FILE_MEDIA, { NULL } },
	{ "mpeg", SG_FILE_MEDIA, { NULL } },
	{ "pdf", SG_FILE_DOCUMENT, { "document" } }, { "doc", SG_FILE_DOCUMENT, { "document" } },
	{ "docx", SG_FILE_DOCUMENT, { "document" } }, { "dot", SG_FILE_DOCUMENT, { "document" } },
	{ "dotx", SG_FILE_DOCUMENT, { "document" } }, { "xls", SG_FILE_DOCUMENT, { "document" } },
	{ "xlsx", SG_FILE_DOCUMENT, { "document" } },
	{ "xlsb", SG_FILE_DOCUMENT, { "document" } }, { "xlt", SG_FILE_DOCUMENT, { "document" } },
	{ "xltx", SG_FILE_DOCUMENT, { "document" } }, { "ppt", SG_FILE_DOCUMENT, { "document" } },
	{ "pptx", SG_FILE_DOCUMENT, { "document" } }, { "pps", SG_FILE_DOCUMENT, { "document" } },
	{ "ppsx", SG_FILE_DOCUMENT, { "document" } }, { "pot", SG_FILE_DOCUMENT, { "document" } },
	{ "potx", SG_FILE_DOCUMENT, { "document" } }, { "rtf", SG_FILE_DOCUMENT, { "document" } },
	{ "odt", SG_FILE_DOCUMENT, { "document" } }, { "ods", SG_FILE_DOCUMENT, { "document" } },
	{ "odp", SG_FILE_DOCUMENT, { "document" } }, { "odg", SG_FILE_DOCUMENT, { "document" } },
	{ "pub", SG_FILE_DOCUMENT, { "document" } }, { "vsd", SG_FILE_DOCUMENT, { "document" } },
	{ "vsdx", SG_FILE_DOCUMENT, { "document" } }, { "one", SG_FILE_DOCUMENT, { "document" } },
	{ "pages", SG_FILE_DOCUMENT, { "document" } },
	{ "numbers", SG_FILE_DOCUMENT, { "document" } },
	{ "key", SG_FILE_DOCUMENT, { "document" } }, { "epub", SG_FILE_DOCUMENT, { "document" } },
	{ "wps", SG_FILE_DOCUMENT, { "document" } },
	/* with programs in them */
	{ "docm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "dotm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "xlsm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "xltm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "xlam", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "xla", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "xlm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "pptm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "potm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "ppsm", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "ppam", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "slk", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "accde", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "accdr", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "mde", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "ade", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "adp", SG_FILE_DOCUMENT, { "document", "macro" } },
	{ "mam", SG_FILE_DOCUMENT, { "document", "macro" } },
	/* queries that fetch from elsewhere when they are opened */
	{ "iqy", SG_FILE_PROGRAM, { "shortcut", "macro" } },
	{ "oqy", SG_FILE_PROGRAM, { "shortcut", "macro" } },
	{ "rqy", SG_FILE_PROGRAM, { "shortcut", "macro" } },
	{ "dqy", SG_FILE_PROGRAM, { "shortcut", "macro" } },
	{ "zip", SG_FILE_ARCHIVE, { "archive" } }, { "zipx", SG_FILE_ARCHIVE, { "archive" } },
	{ "rar", SG_FILE_ARCHIVE, { "archive" } }, { "7z", SG_FILE_ARCHIVE, { "archive" } },
	{ "gz", SG_FILE_ARCHIVE, { "archive" } }, { "tgz", SG_FILE_ARCHIVE, { "archive" } },
	{ "bz2", SG_FILE_ARCHIVE, { "archive" } }, { "tbz", SG_FILE_ARCHIVE, { "archive" } },
	{ "xz", SG_FILE_ARCHIVE, { "archive" } }, { "txz", SG_FILE_ARCHIVE, { "archive" } },
	{ "zst", SG_FILE_ARCHIVE, { "archive" } }, { "tar", SG_FILE_ARCHIVE, { "archive" } },
	{ "cab", SG_FILE_ARCHIVE, { "archive" } }, { "arj", SG_FILE_ARCHIVE, { "archive" } },
	{ "lzh", SG_FILE_ARCHIVE, { "archive" } }, { "lha", SG_FILE_ARCHIVE, { "archive" } },
	{ "ace", SG_FILE_ARCHIVE, { "archive" } }, { "alz", SG_FILE_ARCHIVE, { "archive" } },
	{ "arc", SG_FILE_ARCHIVE, { "archive" } }, { "z", SG_FILE_ARCHIVE, { "archive" } },
	{ "cpio", SG_FILE_ARCHIVE, { "archive" } }, { "sit", SG_FILE_ARCHIVE, { "archive" } },
	{ "sitx", SG_FILE_ARCHIVE, { "archive" } },
	/* disks, which open at a double click and take the mark of the web from what is in them */
	{ "iso", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "img", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "vhd", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "vhdx", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "vmdk", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "vdi", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "udf", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "wim", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "nrg", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "daa", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	{ "toast", SG_FILE_ARCHIVE, { "archive", "disk-image" } },
	/* programs */
	{ "exe", SG_FILE_PROGRAM, { "executable" } },
	{ "dll", SG_FILE_PROGRAM, { "executable" } },
	{ "com", SG_FILE_PROGRAM, { "executable" } },
	{ "scr", SG_FILE_PROGRAM, { "executable" } },
	{ "pif", SG_FILE_PROGRAM, { "executable" } },
	{ "cpl", SG_FILE_PROGRAM, { "executable" } },
	{ "sys", SG_FILE_PROGRAM, { "executable" } },
	{ "ocx", SG_FILE_PROGRAM, { "executable" } },
	{ "drv", SG_FILE_PROGRAM, { "executable" } },
	{ "jar", SG_FILE_PROGRAM, { "executable" } },
	{ "apk", SG_FILE_PROGRAM, { "executable" } },
	{ "xll", SG_FILE_PROGRAM, { "executable" } },
	{ "wll", SG_FILE_PROGRAM, { "executable" } },
	{ "chm", SG_FILE_PROGRAM, { "executable" } },
	{ "hlp", SG_FILE_PROGRAM, { "executable" } },
	{ "reg", SG_FILE_PROGRAM, { "executable" } },
	{ "msc", SG_FILE_PROGRAM, { "executable" } },
	{ "gadget", SG_FILE_PROGRAM, { "executable" } },
	{ "class", SG_FILE_PROGRAM, { "executable" } },
	{ "xbap", SG_FILE_PROGRAM, { "executable" } },
	{ "elf", SG_FILE_PROGRAM, { "executable" } },
	{ "run", SG_FILE_PROGRAM, { "executable" } },
	{ "appimage", SG_FILE_PROGRAM, { "executable" } },
	{ "air", SG_FILE_PROGRAM, { "executable" } },
	{ "app", SG_FILE_PROGRAM, { "executable" } },
	{ "command", SG_FILE_PROGRAM, { "executable" } },
	{ "workflow", SG_FILE_PROGRAM, { "executable" } },
	{ "dex", SG_FILE_PROGRAM, { "executable" } },
	{ "xap", SG_FILE_PROGRAM, { "executable" } },
	{ "crx", SG_FILE_PROGRAM, { "executable" } },
	{ "xpi", SG_FILE_PROGRAM, { "executable" } },
	{ "vsto", SG_FILE_PROGRAM, { "executable" } },
	{ "inf", SG_FILE_PROGRAM, { "executable" } },
	{ "ins", SG_FILE_PROGRAM, { "executable" } },
	{ "isp", SG_FILE_PROGRAM, { "executable" } },
	{ "theme", SG_FILE_PROGRAM, { "executable" } },
	{ "themepack", SG_FILE_PROGRAM, { "executable" } },
	{ "msh", SG_FILE_PROGRAM, { "executable" } },
	{ "msh1", SG_FILE_PROGRAM, { "executable" } },
	{ "shb", SG_FILE_PROGRAM, { "executable" } },
	{ "shs", SG_FILE_PROGRAM, { "executable" } },
	{ "sct", SG_FILE_PROGRAM, { "executable" } },
	{ "prf", SG_FILE_PROGRAM, { "executable" } },
	{ "grp", SG_FILE_PROGRAM, { "executable" } },
	{ "job", SG_FILE_PROGRAM, { "executable" } },
	{ "diagcab", SG_FILE_PROGRAM, { "executable" } },
	{ "settingcontent-ms", SG_FILE_PROGRAM, { "executable" } },
	{ "prg", SG_FILE_PROGRAM, { "executable" } },
	{ "prc", SG_FILE_PROGRAM, { "executable" } },
	/* programs that put programs in place */
	{ "msi", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "msp", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "mst", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "msu", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "msix", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "msixbundle", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "appx", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "appxbundle", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "appinstaller", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "application", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "appref-ms", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "jnlp", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "dmg", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "pkg", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "mpkg", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "deb", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "rpm", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "ipa", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "flatpak", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "snap", SG_FILE_PROGRAM, { "executable", "installer" } },
	{ "lnk", SG_FILE_PROGRAM, { "shortcut", "executable" } },
	{ "desktop", SG_FILE_PROGRAM, { "shortcut", "executable" } },
	{ "scf", SG_FILE_PROGRAM, { "shortcut", "executable" } },
	{ "library-ms", SG_FILE_PROGRAM, { "shortcut", "executable" } },
	{ "search-ms", SG_FILE_PROGRAM, { "shortcut", "executable" } },
	{ "searchconnector-ms", SG_FILE_PROGRAM, { "shortcut", "executable" } },
	{ "url", SG_FILE_PROGRAM, { "shortcut" } }, { "webloc", SG_FILE_PROGRAM, { "shortcut" } },
	{ "website", SG_FILE_PROGRAM, { "shortcut" } },
	/* scripts that a double click runs */
	{ "bat", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "cmd", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "btm", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "js", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "jse", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "vbs", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "vbe", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "vb", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "ws", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "wsf", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "wsh", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "wsc", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "hta", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "htc", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "ps1", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "ps1xml", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "ps2", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "ps2xml", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "psm1", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "psd1", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "psc1", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "psc2", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "cdxml", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "pssc", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "bas", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "au3", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "ahk", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "scpt", SG_FILE_PROGRAM, { "script", "executable" } },
	{ "applescript", SG_FILE_PROGRAM, { "script", "executable" } },
	/* scripts of other systems */
	{ "sh", SG_FILE_TEXT, { "script" } }, { "bash", SG_FILE_TEXT, { "script" } },
	{ "zsh", SG_FILE_TEXT, { "script" } }, { "ksh", SG_FILE_TEXT, { "script" } },
	{ "csh", SG_FILE_TEXT, { "script" } }, { "fish", SG_FILE_TEXT, { "script" } },
	/* what a pupil hands in after a lesson of computing: nothing that a double click runs */
	{ "py", SG_FILE_TEXT, { "source" } }, { "ipynb", SG_FILE_TEXT, { "source" } },
	{ "rb", SG_FILE_TEXT, { "source" } }, { "pl", SG_FILE_TEXT, { "source" } },
	{ "php", SG_FILE_TEXT, { "source" } }, { "lua", SG_FILE_TEXT, { "source" } },
	{ "java", SG_FILE_TEXT, { "source" } }, { "c", SG_FILE_TEXT, { "source" } },
	{ "h", SG_FILE_TEXT, { "source" } }, { "cpp", SG_FILE_TEXT, { "source" } },
	{ "cs", SG_FILE_TEXT, { "source" } }, { "go", SG_FILE_TEXT, { "source" } },
	{ "rs", SG_FILE_TEXT, { "source" } }, { "swift", SG_FILE_TEXT, { "source" } },
	{ "kt", SG_FILE_TEXT, { "source" } }, { "ts", SG_FILE_TEXT, { "source" } },
	{ "r", SG_FILE_TEXT, { "source" } }, { "m", SG_FILE_TEXT, { "source" } },
	{ "sql", SG_FILE_TEXT, { "source" } }, { "asm", SG_FILE_TEXT, { "source" } },
	{ "scratch", SG_FILE_TEXT, { "source" } }, { "sb2", SG_FILE_TEXT, { "source" } },
	{ "sb3", SG_FILE_TEXT, { "source" } },
};

static SgFamily
family_of(const char *ending, SgPart *mark)
{
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		if (g_ascii_strcasecmp(ending, endings[i].ending) != 0)
			continue;
		for (gsize k = 0; k < KINDS && endings[i].kinds[k] != NULL && mark != NULL; k++)
			sg_part_kind(mark, endings[i].kinds[k]);
		return endings[i].family;
	}
	return SG_FILE_NONE;
}

/* Characters that turn the direction of reading: overrides and isolates.  Marks of
 * direction (U+200E, U+200F) are honest company of Hebrew and Arabic names. */
static gboolean
is_turned(const char *name)
{
	static const char *const turns[] = { "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7",
		"\xe2\x81\xa8" };

	for (gsize i = 0; i < G_N_ELEMENTS(turns); i++)
		if (strstr(name, turns[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* CON, NUL.txt, COM1.doc: Windows opens a device, whatever the ending. */
static gboolean
is_device(const char *name)
{
	static const char *const devices[] = { "con", "prn", "aux", "nul" };
	gsize n = strcspn(name, ".");

	while (n > 0 && name[n - 1] == ' ')
		n--;
	for (gsize i = 0; n == 3 && i < G_N_ELEMENTS(devices); i++)
		if (g_ascii_strncasecmp(name, devices[i], 3) == 0)
			return TRUE;
	return n == 4 && g_ascii_isdigit(name[3]) && name[3] != '0' &&
	    (g_ascii_strncasecmp(name, "com", 3) == 0 || g_ascii_strncasecmp(name, "lpt", 3) == 0);
}

/* A page or a drawing that calls itself a document: "invoice.pdf.html". */
static gboolean
is_page(const char *ending)
{
	static const char *const pages[] = { "htm", "html", "xhtml", "shtml", "svg", NULL };
	g_autofree char *low = g_ascii_strdown(ending, -1);

	return g_strv_contains(pages, low);
}

SgFamily
sg_filename_read(SgPart *p)
{
	g_autofree char *name = g_strdup(p->name), *before = NULL;
	gsize n = strlen(name);
	SgFamily f, first;
	gboolean page;
	char *dot;

	while (n > 0 && (name[n - 1] == '.' || g_ascii_isspace(name[n - 1])))
		name[--n] = '\0';
	if (is_turned(name) || is_device(name))
		sg_part_kind(p, "mismatch");
	if ((dot = strrchr(name, '.')) == NULL)
		return SG_FILE_NONE;
	f = family_of(dot + 1, p);
	page = is_page(dot + 1);
	if (f != SG_FILE_PROGRAM && !page)
		return f;
	*dot = '\0';
	before = g_strchomp(g_strdup(name));
	dot = strrchr(before, '.');
	first = dot != NULL ? family_of(dot + 1, NULL) : SG_FILE_NONE;
	if (page && (first == SG_FILE_DOCUMENT || first == SG_FILE_IMAGE))
		sg_part_kind(p, "mismatch");
	else if (!page && first != SG_FILE_NONE)
		sg_part_kind(p, "double-extension");
	return f;
}
