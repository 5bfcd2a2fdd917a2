#include <string.h>

#include "ctl/import.h"

#define HITS 4u	/* examples of one rule */

/* Rows that become one rule. */
typedef struct {
	const char  *category;
	guint	     severity;	/* 1: noted */
	SgImportWith with;
} Kind;

static const char *
area_of(const char *category)
{
	static const char *const contact[] = { "grooming", "sexual-imagery", "meeting", "disclosure", NULL };
	static const char *const content[] = { "hate", "sexual", "extremism", "self-harm", "eating-disorder", NULL };
	static const char *const commerce[] = { "gambling", "commerce", "private-business", NULL };

	if (g_strv_contains(contact, category))
		return "contact";
	if (g_strv_contains(content, category))
		return "content";
	return g_strv_contains(commerce, category) ? "commerce" : "conduct";
}

static guint
severity_of(const SgImported *i)
{
	return i->noted ? 1 : i->severity;
}

static gboolean
is_of(const SgImported *i, const Kind *k)
{
	return i->match != SG_IMPORT_LEFT_OUT && strcmp(i->category, k->category) == 0 && i->with == k->with &&
	    (k->with != SG_IMPORT_ALONE || severity_of(i) == k->severity);
}

/* In a comment nothing may end the line. */
static void
put_comment(GString *s, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		g_string_append_c(s, (guchar)*p < 0x20 ? ' ' : *p);
}

static void
put_text(GString *s, const char *text, const char *after)
{
	g_string_append_c(s, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(s, '\\');
		g_string_append_c(s, (guchar)*p < 0x20 ? ' ' : *p);
	}
	g_string_append_printf(s, "%s\"", after);
}

static void
put_words(GString *s, const SgImport *im, const Kind *k, const char *indent)
{
	gboolean any = FALSE;

	for (guint i = 0; i < im->rows->len; i++) {
		const SgImported *row = g_ptr_array_index(im->rows, i);

		if (!is_of(row, k))
			continue;
		g_string_append_printf(s, "%s\n%s", any ? "," : "", indent);
		put_text(s, row->phrase[0] == '@' ? row->phrase + 1 : row->phrase, row->match == SG_IMPORT_BEGINNING ? "*" : "");
		any = TRUE;
		if (row->note[0] == '\0')
			continue;
		g_string_append(s, "  /* ");
		for (const char *p = row->note; *p != '\0'; p++)
			g_string_append_c(s, (guchar)*p < 0x20 || *p == '*' ? ' ' : *p);
		g_string_append(s, " */");
	}
}

/* The first phrases alone; or two of them in one, for those that count together only. */
static void
put_hits(GString *s, const SgImport *im, const Kind *k)
{
	const gboolean together = k->with != SG_IMPORT_ALONE;
	g_autoptr(GString) both = g_string_new(NULL);
	guint n = 0, most = together ? 2 : HITS;

	g_string_append(s, "    hit  = [ ");
	for (guint i = 0; i < im->rows->len && n < most; i++) {
		const SgImported *row = g_ptr_array_index(im->rows, i);

		if (!is_of(row, k))
			continue;
		if (n++ > 0)
			g_string_append(together ? both : s, together ? " and " : ", ");
		if (together)
			g_string_append(both, row->phrase);
		else
			put_text(s, row->phrase, "");
	}
	if (together)
		put_text(s, both->str, "");
	g_string_append(s, " ];\n");
}

static gboolean
has_phrase(const SgImport *im, const char *text)
{
	g_autofree char *low = g_utf8_casefold(text, -1);

	for (guint i = 0; i < im->rows->len; i++) {
		g_autofree char *phrase =
		    g_utf8_casefold(((const SgImported *)g_ptr_array_index(im->rows, i))->phrase, -1);

		if (strstr(low, phrase) != NULL)
			return TRUE;
	}
	return FALSE;
}

/* Ordinary sentences with none of the phrases in them. */
static void
put_misses(GString *s, const SgImport *im)
{
	static const char *const plain[] = { "Dear parents, the minutes of the meeting are attached.",
		"Please bring a coat and a packed lunch on Friday.", "Year 8 have music in the hall today.",
		"The bus leaves at nine.", "Thank you for the form.", "See page 12." };
	gboolean any = FALSE;

	g_string_append(s, "    miss = [ ");
	for (gsize i = 0; i < G_N_ELEMENTS(plain); i++) {
		if (has_phrase(im, plain[i]))
			continue;
		g_string_append_printf(s, "%s\"%s\"", any ? ", " : "", plain[i]);
		any = TRUE;
	}
	g_string_append(s, any ? " ]; }" : "\"0\" ]; }");
}

static guint
count_of(const SgImport *im, const Kind *k)
{
	guint n = 0;

	for (guint i = 0; i < im->rows->len; i++)
		n += is_of(g_ptr_array_index(im->rows, i), k) != FALSE;
	return n;
}

static void
put_rule(GString *s, const SgImport *im, const Kind *k, const char *topic, gboolean *any)
{
	const gboolean together = k->with != SG_IMPORT_ALONE;
	const char *with = k->with == SG_IMPORT_SAMETYPE ? "sametype" : "anytype";
	guint n = count_of(im, k);

	if (n == 0)
		return;
	g_string_append(s, *any ? ",\n\n" : "\n");
	*any = TRUE;
	if (together)
		g_string_append_printf(s, "  # Each of these counts only together with another one.\n"
		    "  { id = \"%s.%s-%s\"; title = \"Several phrases of an imported list\";\n"
		    "    severity = %u; confidence = \"medium\";\n    count = { atleast = %u; words = [", topic, k->category,
		    with, k->severity, MIN(n, 2u));
	else
		g_string_append_printf(s, "%s  { id = \"%s.%s-%u\"; title = \"A phrase of an imported list\";\n"
		    "    severity = %u; confidence = \"%s\";\n    words = [", k->severity == 1 ?
		    "  # Only logged: harmless more often than not.  Put those that you mean into a rule with context.\n" :
		    "", topic, k->category, k->severity, k->severity, k->severity == 1 ? "low" : "medium");
	put_words(s, im, k, "      ");
	g_string_append(s, together ? " ]; };\n" : " ];\n");
	put_hits(s, im, k);
	put_misses(s, im);
}

static void
put_left_out(GString *s, const SgImport *im, const char *category)
{
	gboolean any = FALSE;

	for (guint i = 0; i < im->rows->len; i++) {
		const SgImported *row = g_ptr_array_index(im->rows, i);

		if (row->match != SG_IMPORT_LEFT_OUT || strcmp(row->category, category) != 0)
			continue;
		if (!any)
			g_string_append(s, "\n# Left out, see the warnings of the import:\n");
		any = TRUE;
		g_string_append_printf(s, "#   line %u: ", row->line);
		put_comment(s, row->phrase);
		g_string_append_c(s, '\n');
	}
}

char *
sg_import_rules(const SgImport *im, const char *category, const char *topic)
{
	GString *s = g_string_new("# Imported by schoolgatectl rules import from ");
	g_autofree char *base = g_path_get_basename(im->file);
	gboolean any = FALSE;
	guint worst = 1;

	put_comment(s, base);
	g_string_append_printf(s, ".\n# This file is yours: change it as you like, schoolgate-rules(5) says how.\n"
	    "category = \"%s\";  area = \"%s\";\nrules = (", category, area_of(category));
	for (guint i = 0; i < im->rows->len; i++) {
		const SgImported *row = g_ptr_array_index(im->rows, i);

		if (strcmp(row->category, category) == 0)
			worst = MAX(worst, row->severity);
	}
	for (guint severity = 5; severity > 0; severity--)
		put_rule(s, im, &(Kind){ category, severity, SG_IMPORT_ALONE }, topic, &any);
	put_rule(s, im, &(Kind){ category, worst, SG_IMPORT_SAMETYPE }, topic, &any);
	put_rule(s, im, &(Kind){ category, worst, SG_IMPORT_ANYTYPE }, topic, &any);
	g_string_append(s, "\n);\n");
	put_left_out(s, im, category);
	if (any)
		return g_string_free(s, FALSE);
	g_string_free(s, TRUE);
	return NULL;
}

GPtrArray *
sg_import_categories(const SgImport *im)
{
	GPtrArray *all = g_ptr_array_new();

	for (guint i = 0; i < im->rows->len; i++) {
		const SgImported *row = g_ptr_array_index(im->rows, i);
		guint k = 0;

		while (k < all->len && strcmp(g_ptr_array_index(all, k), row->category) != 0)
			k++;
		if (k == all->len && row->match != SG_IMPORT_LEFT_OUT)
			g_ptr_array_add(all, row->category);
	}
	return all;
}
