#include <stdarg.h>
#include <string.h>

#include "base/err.h"
#include "ctl/csv.h"
#include "ctl/import.h"
#include "ctl/mailfile.h"

#define ROWS_MOST 100000u

enum { PHRASE, CATEGORY, SEVERITY, MATCH, TYPE, NOTE, N_COLUMNS };

/* Words of headers, small letters only, without blanks and signs. */
static const struct {
	const char *word;
	int	    column;
} headers[] = {
	{ "phrase", PHRASE }, { "keyword", PHRASE }, { "keywords", PHRASE }, { "word", PHRASE },
	{ "words", PHRASE }, { "term", PHRASE }, { "text", PHRASE }, { "wordorphrase", PHRASE },
	{ "keyphrase", PHRASE }, { "expression", PHRASE }, { "category", CATEGORY }, { "library", CATEGORY },
	{ "group", CATEGORY }, { "theme", CATEGORY }, { "topic", CATEGORY }, { "severity", SEVERITY },
	{ "level", SEVERITY }, { "rating", SEVERITY }, { "risk", SEVERITY }, { "risklevel", SEVERITY },
	{ "priority", SEVERITY }, { "score", SEVERITY }, { "match", MATCH }, { "matchtype", MATCH },
	{ "matching", MATCH }, { "matchmode", MATCH }, { "mode", MATCH }, { "type", TYPE },
	{ "combination", TYPE }, { "trigger", TYPE }, { "note", NOTE }, { "notes", NOTE },
	{ "comment", NOTE }, { "comments", NOTE }, { "description", NOTE }, { "meaning", NOTE },
};

/* What others call our categories. */
static const struct {
	const char *word, *category;
} categories[] = {
	{ "abuse", "bullying" }, { "bullying", "bullying" }, { "cyberbullying", "bullying" },
	{ "insults", "bullying" }, { "threat", "threat" }, { "threats", "threat" }, { "violence", "threat" },
	{ "racism", "hate" }, { "racist", "hate" }, { "homophobia", "hate" }, { "homophobic", "hate" },
	{ "discrimination", "hate" }, { "hate", "hate" }, { "hatespeech", "hate" }, { "sexism", "hate" },
	{ "sexual", "sexual" }, { "sex", "sexual" }, { "adult", "sexual" }, { "adultcontent", "sexual" },
	{ "pornography", "sexual" }, { "porn", "sexual" }, { "sexting", "sexual-imagery" },
	{ "sexualimagery", "sexual-imagery" }, { "grooming", "grooming" }, { "cse", "grooming" },
	{ "extremism", "extremism" }, { "radicalisation", "extremism" }, { "radicalization", "extremism" },
	{ "terrorism", "extremism" }, { "prevent", "extremism" }, { "selfharm", "self-harm" },
	{ "suicide", "self-harm" }, { "selfharmandsuicide", "self-harm" }, { "eatingdisorder", "eating-disorder" },
	{ "eatingdisorders", "eating-disorder" }, { "drugs", "drugs" }, { "alcohol", "drugs" },
	{ "drugsandalcohol", "drugs" }, { "substanceabuse", "drugs" }, { "weapons", "weapons" },
	{ "crime", "crime" }, { "gangs", "crime" }, { "gambling", "gambling" }, { "profanity", "profanity" },
	{ "swearing", "profanity" }, { "badlanguage", "profanity" }, { "vulgarity", "profanity" },
	{ "offensivelanguage", "profanity" }, { "bypass", "bypass" }, { "proxy", "bypass" },
	{ "commerce", "commerce" }, { "meeting", "meeting" }, { "unprofessional", "unprofessional" },
	{ "chainletter", "chain-letter" }, { "privatebusiness", "private-business" }, { "secrets", "secrets" },
	{ "personaldata", "personal-data" },
};

static const struct {
	const char *word;
	guint	    severity;
} severities[] = {
	{ "info", 1 }, { "information", 1 }, { "none", 1 }, { "log", 1 }, { "low", 2 }, { "minor", 2 },
	{ "mild", 2 }, { "green", 2 }, { "medium", 3 }, { "moderate", 3 }, { "amber", 3 }, { "high", 4 },
	{ "strong", 4 }, { "severe", 4 }, { "red", 4 }, { "critical", 5 }, { "urgent", 5 }, { "extreme", 5 },
};

void
sg_import_warn(SgImport *im, guint line, const char *format, ...)
{
	va_list ap;
	g_autofree char *text = NULL;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	im->warnings++;
	sg_ctl_say(im->ctl, "%s:%u: warning: %s", im->file, line, text);
}

static void
imported_free(gpointer p)
{
	SgImported *i = p;

	g_free(i->phrase);
	g_free(i->category);
	g_free(i->note);
	g_free(i);
}

void
sg_import_clear(SgImport *im)
{
	g_clear_pointer(&im->rows, g_ptr_array_unref);
}

/* Small letters and digits only: "Match Type" is "matchtype". */
static char *
bare(const char *text)
{
	GString *s = g_string_new(NULL);

	for (; *text != '\0'; text++)
		if (g_ascii_isalnum(*text))
			g_string_append_c(s, g_ascii_tolower(*text));
	return g_string_free(s, FALSE);
}

/* Which column is which; FALSE when the first row is no heading. */
static gboolean
find_columns(const GPtrArray *cells, int *at)
{
	for (guint i = 0; i < cells->len; i++) {
		g_autofree char *name = bare(g_ptr_array_index(cells, i));

		for (gsize k = 0; k < G_N_ELEMENTS(headers); k++)
			if (strcmp(headers[k].word, name) == 0 && at[headers[k].column] == -1)
				at[headers[k].column] = (int)i;
	}
	return at[PHRASE] != -1;
}

static const char *
cell(const SgCsv *csv, const int *at, int column)
{
	if (at[column] == -1 || at[column] >= (int)csv->cells->len)
		return "";
	return g_ptr_array_index(csv->cells, (guint)at[column]);
}

static guint
severity_of(SgImport *im, guint line, const char *text)
{
	g_autofree char *word = bare(text);
	guint64 n;

	for (gsize i = 0; i < G_N_ELEMENTS(severities); i++)
		if (strcmp(severities[i].word, word) == 0)
			return severities[i].severity;
	if (word[0] != '\0' && g_ascii_string_to_unsigned(word, 10, 0, 100, &n, NULL))
		return n <= 5 ? (guint)MAX(n, 1) : n <= 10 ? (guint)(n + 1) / 2 : (guint)(n + 19) / 20;
	if (word[0] != '\0')
		sg_import_warn(im, line, "the severity \"%s\" is not known; it is taken as 3", text);
	return 3;
}

static const char *
category_of(const char *text)
{
	g_autofree char *word = bare(text);

	for (gsize i = 0; i < G_N_ELEMENTS(categories); i++)
		if (strcmp(categories[i].word, word) == 0)
			return categories[i].category;
	return NULL;
}

/* "exact", "partial", "wildcard"; FALSE when the word says nothing of the kind. */
static gboolean
set_match(SgImport *im, SgImported *i, const char *text)
{
	g_autofree char *word = bare(text);

	if (g_str_has_prefix(word, "partial") || g_str_has_prefix(word, "contain") ||
	    g_str_has_prefix(word, "substring") || strcmp(word, "anywhere") == 0)
		i->partial = TRUE;
	else if (g_str_has_prefix(word, "regex") || g_str_has_prefix(word, "regular")) {
		i->match = SG_IMPORT_LEFT_OUT;
		sg_import_warn(im, i->line, "a regular expression is not imported; write it as a rule of your own, "
		    "schoolgate-rules(5)");
	} else if (!g_str_has_prefix(word, "exact") && !g_str_has_prefix(word, "whole") &&
	    !g_str_has_prefix(word, "full") && strcmp(word, "word") != 0 && strcmp(word, "wildcard") != 0)
		return FALSE;
	return TRUE;
}

static gboolean
set_with(SgImported *i, const char *text)
{
	g_autofree char *word = bare(text);

	if (strcmp(word, "sametype") == 0)
		i->with = SG_IMPORT_SAMETYPE;
	else if (strcmp(word, "anytype") == 0)
		i->with = SG_IMPORT_ANYTYPE;
	else if (strcmp(word, "alone") != 0)
		return FALSE;
	return TRUE;
}

/* Stars: at the end they mean a beginning; anywhere else nothing here does the same. */
static void
take_stars(SgImport *im, SgImported *i)
{
	gsize n = strlen(i->phrase);

	if (n > 1 && i->phrase[n - 1] == '*') {
		i->match = i->match == SG_IMPORT_WORD ? SG_IMPORT_BEGINNING : i->match;
		i->phrase[n - 1] = '\0';
	}
	if (i->phrase[0] == '*') {
		sg_import_warn(im, i->line, "a star at the beginning is left away: \"%s\" is matched as a whole "
		    "word", i->phrase + 1);
		memmove(i->phrase, i->phrase + 1, strlen(i->phrase));
	}
	if (strpbrk(i->phrase, "*?") != NULL && strchr(i->phrase, '*') != NULL) {
		sg_import_warn(im, i->line, "\"%s\" has a star inside and is not imported; write the words "
		    "it stands for", i->phrase);
		i->match = SG_IMPORT_LEFT_OUT;
	}
	g_strstrip(i->phrase);
}

static gboolean
take_row(SgImport *im, const SgCsv *csv, const int *at, const char *fallback, GError **error)
{
	const char *phrase = cell(csv, at, PHRASE), *type = cell(csv, at, TYPE);
	const char *named = cell(csv, at, CATEGORY), *category;
	SgImported *i;

	if (phrase[0] == '\0' || phrase[0] == '#')
		return TRUE;
	i = g_new0(SgImported, 1);
	g_ptr_array_add(im->rows, i);
	i->line = csv->line;
	i->phrase = g_strdup(phrase);
	i->note = g_strdelimit(g_strdup(cell(csv, at, NOTE)), "\r\n", ' ');
	i->severity = severity_of(im, csv->line, cell(csv, at, SEVERITY));
	if (cell(csv, at, MATCH)[0] != '\0' && !set_match(im, i, cell(csv, at, MATCH)))
		sg_import_warn(im, csv->line, "the match \"%s\" is not known; the phrase is matched as a whole word",
		    cell(csv, at, MATCH));
	if (type[0] != '\0' && !set_with(i, type) && !set_match(im, i, type) && named[0] == '\0')
		named = type;
	take_stars(im, i);
	category = category_of(named);
	if (category == NULL && fallback == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s:%u: %s%s%s; say it with --category=bullying, for instance",
		    im->file, csv->line, named[0] != '\0' ? "the category \"" : "there is no category", named,
		    named[0] != '\0' ? "\" is none of ours" : "");
		return FALSE;
	}
	if (category == NULL && named[0] != '\0')
		sg_import_warn(im, csv->line, "the category \"%s\" is none of ours; %s is taken", named, fallback);
	i->category = g_strdup(category != NULL ? category : fallback);
	return TRUE;
}

/* A table with a heading, or a plain list: a phrase a line. */
static gboolean
take_rows(SgImport *im, SgCsv *csv, const char *fallback, GError **error)
{
	int at[N_COLUMNS] = { -1, -1, -1, -1, -1, -1 };
	const char *why;

	for (guint rows = 0; sg_csv_next(csv, &why); rows++) {
		if (why != NULL || rows > ROWS_MOST) {
			g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s:%u: %s", im->file, csv->line, why != NULL ? why :
			    "there are more than 100,000 rows; split the file");
			return FALSE;
		}
		if (rows == 0 && find_columns(csv->cells, at))
			continue;
		if (rows == 0 && csv->cells->len > 1) {
			g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s:%u: no column is called phrase, keyword or word; "
			    "give the table a heading: phrase,category,severity,match,type,notes", im->file, csv->line);
			return FALSE;
		}
		if (rows == 0)
			at[PHRASE] = 0;
		if (!take_row(im, csv, at, fallback, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_import_read(SgImport *im, const char *fallback, GError **error)
{
	g_autoptr(GBytes) file = sg_mailfile_read(im->file, FALSE, error);
	g_auto(SgCsv) csv = { 0 };
	g_autofree char *text = NULL;
	gboolean guessed;
	gsize n;

	if (file == NULL)
		return FALSE;
	text = sg_csv_utf8(g_bytes_get_data(file, NULL), g_bytes_get_size(file), &n, &guessed, error);
	if (text == NULL) {
		g_prefix_error(error, "%s: ", im->file);
		return FALSE;
	}
	im->rows = g_ptr_array_new_with_free_func(imported_free);
	sg_csv_begin(&csv, text, n);
	if (!take_rows(im, &csv, fallback, error))
		return FALSE;
	if (im->rows->len > 0)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s:1: there is no phrase in it", im->file);
	return FALSE;
}
