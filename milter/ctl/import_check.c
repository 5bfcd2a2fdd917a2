#include <string.h>

#include "base/err.h"
#include "ctl/import.h"

#define LIST_BYTES   (16u << 20)
#define SHOWN	     4u		/* words named in one warning */
#define SHORTEST     3u		/* letters of a partial match that is worth a look */

/* The word lists beside the rules. */
typedef struct {
	GHashTable *common, *names, *identity;	/* words */
	GPtrArray  *all;			/* common and usual words, for parts of them */
	gboolean    found;
} Lists;

static void
lists_clear(Lists *l)
{
	g_hash_table_unref(l->common);
	g_hash_table_unref(l->names);
	g_hash_table_unref(l->identity);
	g_ptr_array_unref(l->all);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lists, lists_clear)

/* A line is a word and endings with which it is a word too; set also gets it. */
static void
add_line(Lists *l, char *line, GHashTable *set)
{
	g_auto(GStrv) parts = g_strsplit(g_strstrip(line), " ", -1);

	for (char **end = parts; *end != NULL; end++) {
		char *word = end == parts ? g_strdup(*end) : g_strconcat(parts[0], *end, NULL);

		g_ptr_array_add(l->all, word);
		if (set != NULL)
			g_hash_table_add(set, word);
	}
}

static void
read_words(Lists *l, const char *path, gboolean names)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	gsize len = 0;
	GHashTable *set = names ? l->names : NULL;

	if (!g_file_get_contents(path, &text, &len, NULL) || len > LIST_BYTES)
		return;
	l->found = TRUE;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		if (strcmp(*line, "[rare]") == 0)
			return;	/* such a word is in nobody's mail */
		if (**line == '[')
			set = names ? l->names : strcmp(*line, "[common]") == 0 ? l->common : NULL;
		else if (**line != '#' && **line != '\0')
			add_line(l, *line, set);
	}
}

/* A line a term, blanks in it belong to it. */
static void
read_terms(Lists *l, const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	gsize len = 0;

	if (!g_file_get_contents(path, &text, &len, NULL) || len > LIST_BYTES)
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (**line != '#' && **line != '\0')
			g_hash_table_add(l->identity, g_strdup(g_strstrip(*line)));
}

static void
read_lists(Lists *l, char *const *dirs)
{
	static const char *const files[] = { "words/ordinary.txt", "words/ordinary-names.txt",
		"words/ordinary-school.txt" };

	*l = (Lists){ .common = g_hash_table_new(g_str_hash, g_str_equal),
		.names = g_hash_table_new(g_str_hash, g_str_equal),
		.identity = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.all = g_ptr_array_new_with_free_func(g_free) };
	for (; dirs != NULL && *dirs != NULL; dirs++) {
		g_autofree char *terms = g_build_filename(*dirs, "words/identity.txt", NULL);

		read_terms(l, terms);
		for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
			g_autofree char *path = g_build_filename(*dirs, files[i], NULL);

			read_words(l, path, i > 0);
		}
	}
}

static char *
folded(const char *phrase)
{
	g_autofree char *low = g_utf8_casefold(phrase, -1);
	GString *s = g_string_new(NULL);

	for (const char *p = low; *p != '\0'; p++) {
		gboolean blank = g_ascii_isspace(*p);

		if (blank && s->len > 0 && s->str[s->len - 1] != ' ')
			g_string_append_c(s, ' ');
		if (!blank)
			g_string_append_c(s, *p);
	}
	return g_string_free(s, FALSE);
}

/* A term for who somebody is, or its plural. */
static gboolean
is_identity(const Lists *l, const char *word)
{
	g_autofree char *one = g_str_has_suffix(word, "s") ? g_strndup(word, strlen(word) - 1) : NULL;

	return g_hash_table_contains(l->identity, word) || (one != NULL && g_hash_table_contains(l->identity, one));
}

/* Ordinary words that have this in them (begin with it), the first few; NULL for none. */
static char *
inside(const Lists *l, const char *part, gboolean beginning)
{
	g_autoptr(GString) s = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < l->all->len && n < SHOWN; i++) {
		const char *word = g_ptr_array_index(l->all, i), *at = strstr(word, part);

		if (at == NULL || (beginning && at != word) || strcmp(word, part) == 0)
			continue;
		if (g_str_has_prefix(word + (at - word), part) && strcmp(at, part) == 0 && at == word)
			continue;
		g_string_append_printf(s, "%s%s", n++ > 0 ? ", " : "", word);
	}
	return n > 0 ? g_strdup(s->str) : NULL;
}

static void
check_part(SgImport *im, const Lists *l, SgImported *i, const char *word)
{
	gboolean beginning = i->match == SG_IMPORT_BEGINNING;
	g_autofree char *hits = i->partial || beginning ? inside(l, word, !i->partial) : NULL;

	if (hits != NULL) {
		sg_import_warn(im, i->line, "\"%s\" is part of ordinary words or names (%s); it is matched as a whole "
		    "word only", i->phrase, hits);
		i->match = SG_IMPORT_WORD;
		return;
	}
	if (i->partial && strlen(word) < SHORTEST) {
		sg_import_warn(im, i->line, "\"%s\" is too short to be looked for inside words; it is matched as a "
		    "whole word only", i->phrase);
		i->match = SG_IMPORT_WORD;
	} else if (i->partial)
		i->match = SG_IMPORT_BEGINNING;
}

static void
check_word(SgImport *im, const Lists *l, SgImported *i, const char *word)
{
	if (is_identity(l, word)) {
		sg_import_warn(im, i->line, "\"%s\" says who somebody is; alone it holds mail of and about people "
		    "who did nothing: it is only logged", i->phrase);
		i->noted = TRUE;
	} else if (strchr(word, ' ') != NULL)
		return;
	else if (g_hash_table_contains(l->common, word)) {
		sg_import_warn(im, i->line, "\"%s\" is an everyday word; alone it is only logged", i->phrase);
		i->noted = TRUE;
	} else if (g_hash_table_contains(l->names, word)) {
		sg_import_warn(im, i->line, "\"%s\" is also a name; alone it is only logged", i->phrase);
		i->noted = TRUE;
	}
}

/* The shipped rule that finds the phrase alone, at this severity or above; NULL for none. */
static char *
found_already(SgMatch *m, const SgImported *i, GError **error)
{
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	char where[] = "body", none[] = "";
	SgText t = { .where = where, .part = none, .name = none, .text = i->phrase };

	sg_match_begin(m, "");
	if (!sg_match_text(m, &t, error))
		return NULL;
	sg_match_end(m, findings);
	for (guint k = 0; k < findings->len; k++) {
		const SgFinding *f = g_ptr_array_index(findings, k);

		if (f->severity >= i->severity && f->confidence >= SG_CONF_MEDIUM)
			return g_strdup(f->rule);
	}
	return NULL;
}

static gboolean
check(SgImport *im, const Lists *l, SgMatch *m, GHashTable *seen, SgImported *i, GError **error)
{
	g_autofree char *word = folded(i->phrase);
	SgImported *first = g_hash_table_lookup(seen, word);
	g_autofree char *rule = NULL;
	GError *inner = NULL;

	if (i->match == SG_IMPORT_LEFT_OUT)
		return TRUE;
	if (strlen(word) > 400 || g_utf8_strlen(word, -1) < 2) {
		sg_import_warn(im, i->line, "a phrase of %s is not imported", strlen(word) > 400 ? "more than 400 bytes" :
		    "less than two characters");
		i->match = SG_IMPORT_LEFT_OUT;
		return TRUE;
	}
	if (first != NULL) {
		sg_import_warn(im, i->line, "\"%s\" is in line %u already; the graver of both stays", i->phrase, first->line);
		first->severity = MAX(first->severity, i->severity);
		i->match = SG_IMPORT_LEFT_OUT;
		return TRUE;
	}
	g_hash_table_insert(seen, g_steal_pointer(&word), i);
	word = folded(i->phrase);
	check_part(im, l, i, word);
	if (i->with == SG_IMPORT_ALONE)
		check_word(im, l, i, word);
	rule = found_already(m, i, &inner);
	if (inner != NULL) {
		g_propagate_error(error, inner);
		return FALSE;
	}
	if (rule == NULL || i->with != SG_IMPORT_ALONE)
		return TRUE;
	sg_import_warn(im, i->line, "\"%s\" is found by the rule %s already; it is left out", i->phrase, rule);
	i->match = SG_IMPORT_LEFT_OUT;
	return TRUE;
}

gboolean
sg_import_check(SgImport *im, SgRuleset *shipped, char *const *dirs, GError **error)
{
	g_autoptr(SgMatch) m = sg_match_new(shipped, 100, error);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(Lists) l = { 0 };

	read_lists(&l, dirs);
	if (!l.found)
		sg_import_warn(im, 1, "there is no words/ordinary.txt beside the rules; nobody looks whether a phrase "
		    "is an ordinary word");
	for (guint i = 0; m != NULL && i < im->rows->len; i++)
		if (!check(im, &l, m, seen, g_ptr_array_index(im->rows, i), error))
			return FALSE;
	return m != NULL;
}
