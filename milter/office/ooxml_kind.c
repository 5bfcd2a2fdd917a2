#include <string.h>

#include "office/ooxml.h"

/* By content type, else by the end of the name.  The first row that fits decides. */
static const struct {
	const char *type, *name;	/* a piece of the one, the end of the other; NULL: not asked */
	SgOoxmlKind kind;
	guint rank;
} rows[] = {
	{ NULL, "[content_types].xml", SG_OOXML_TYPES, 0 },
	{ "relationships+xml", ".rels", SG_OOXML_RELATIONS, 1 },
	{ "presentation.main+xml", "/presentation.xml", SG_OOXML_SLIDES, 2 },
	{ "slideshow.main+xml", NULL, SG_OOXML_SLIDES, 2 },
	{ "presentationml.template.main+xml", NULL, SG_OOXML_SLIDES, 2 },
	{ "presentation.macroenabled.main+xml", NULL, SG_OOXML_SLIDES, 2 },
	{ "sheet.main+xml", "/workbook.xml", SG_OOXML_BOOK, 2 },
	{ "spreadsheetml.template.main+xml", NULL, SG_OOXML_BOOK, 2 },
	{ "ms-excel.sheet.macroenabled.main+xml", NULL, SG_OOXML_BOOK, 2 },
	{ "ms-excel.template.macroenabled.main+xml", NULL, SG_OOXML_BOOK, 2 },
	{ "ms-excel.addin.macroenabled.main+xml", NULL, SG_OOXML_BOOK, 2 },
	{ "spreadsheetml.sharedstrings+xml", "/sharedstrings.xml", SG_OOXML_BOOK, 3 },
	{ "spreadsheetml.styles+xml", "xl/styles.xml", SG_OOXML_BOOK, 3 },
	{ "numbering+xml", "/numbering.xml", SG_OOXML_LISTS, 3 },
	{ "wordprocessingml.styles+xml", "word/styles.xml", SG_OOXML_LISTS, 4 },
	{ NULL, "xl/workbook.bin", SG_OOXML_RECORDS, 2 },
	{ NULL, "xl/sharedstrings.bin", SG_OOXML_RECORDS, 3 },
	{ NULL, "xl/styles.bin", SG_OOXML_RECORDS, 3 },
	{ "theme+xml", NULL, SG_OOXML_NOTHING, 8 },
	{ "themeoverride+xml", NULL, SG_OOXML_NOTHING, 8 },
	{ "fonttable+xml", "/fonttable.xml", SG_OOXML_NOTHING, 8 },
	{ "websettings+xml", "/websettings.xml", SG_OOXML_NOTHING, 8 },
	{ "tablestyles+xml", "/tablestyles.xml", SG_OOXML_NOTHING, 8 },
	{ "calcchain+xml", "/calcchain.xml", SG_OOXML_NOTHING, 8 },
	{ "viewprops+xml", "/viewprops.xml", SG_OOXML_NOTHING, 8 },
	{ "presprops+xml", "/presprops.xml", SG_OOXML_NOTHING, 8 },
	{ "styleswitheffects+xml", "/styleswitheffects.xml", SG_OOXML_NOTHING, 8 },
	{ "chartstyle+xml", NULL, SG_OOXML_NOTHING, 8 },
	{ "chartcolorstyle+xml", NULL, SG_OOXML_NOTHING, 8 },
	{ "diagramcolors+xml", NULL, SG_OOXML_NOTHING, 8 },
	{ "diagramstyle+xml", NULL, SG_OOXML_NOTHING, 8 },
	{ "diagramlayout+xml", NULL, SG_OOXML_NOTHING, 8 },
	{ "worksheet+xml", NULL, SG_OOXML_SHEET, 6 },
	{ "dialogsheet+xml", NULL, SG_OOXML_SHEET, 6 },
	{ "macrosheet+xml", NULL, SG_OOXML_SHEET, 6 },
	{ "intlmacrosheet+xml", NULL, SG_OOXML_SHEET, 6 },
	{ "wordprocessingml.document.main+xml", "word/document.xml", SG_OOXML_TEXT, 5 },
	{ "slide+xml", NULL, SG_OOXML_TEXT, 6 },
};

/* Places of files that only a program needs. */
static const char *const nothing[] = { "theme/theme", "printersettings/", ".odttf", ".fntdata" };

static gboolean
is_sheet(const char *name)
{
	return strstr(name, "xl/") != NULL && g_str_has_suffix(name, ".xml") &&
	    (strstr(name, "worksheets/") != NULL || strstr(name, "macrosheets/") != NULL ||
	    strstr(name, "dialogsheets/") != NULL);
}

static gboolean
is_records(const char *name)
{
	return strstr(name, "xl/") != NULL && g_str_has_suffix(name, ".bin") &&
	    strstr(name, "vbaproject") == NULL && strstr(name, "embeddings/") == NULL &&
	    strstr(name, "activex/") == NULL && strstr(name, "media/") == NULL &&
	    strstr(name, "xl/ctrlprops/") == NULL;
}

SgOoxmlKind
sg_ooxml_kind(const char *name, const char *type, guint *rank)
{
	g_autofree char *low = g_ascii_strdown(name, -1), *kind = type != NULL ? g_ascii_strdown(type, -1) : NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (!(kind != NULL && rows[i].type != NULL && strstr(kind, rows[i].type) != NULL) &&
		    !(rows[i].name != NULL && g_str_has_suffix(low, rows[i].name)))
			continue;
		*rank = rows[i].rank;
		return rows[i].kind;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(nothing); i++) {
		if (strstr(low, nothing[i]) == NULL)
			continue;
		*rank = 8;
		return SG_OOXML_NOTHING;
	}
	*rank = 6;
	if (is_sheet(low))
		return SG_OOXML_SHEET;
	if (is_records(low))
		return SG_OOXML_RECORDS;
	*rank = 7;
	if (g_str_has_suffix(low, ".xml") || g_str_has_suffix(low, ".vml") ||
	    (kind != NULL && g_str_has_suffix(kind, "+xml")))
		return SG_OOXML_TEXT;
	*rank = 9;
	return SG_OOXML_FILE;
}
