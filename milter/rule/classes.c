/* classes - the word lists that phrases name, read into the lexicon. */
#include <string.h>

#include "rule/rule.h"
#include "word/phrase.h"

#define NAME_FORM    "^[a-z][a-z0-9-]*$"
#define CLASSES_DEEP 8u		/* lists that name lists */

typedef struct {
	SgRuleReader	       *reader;
	const config_setting_t *at;
	guint			deep;
} Wanted;

static guint class_for(gpointer data, const char *name);

/* Words between blanks, hyphens and the like; how many, or 0 for too many. */
static guint
split(SgLexicon *l, const char *line, guint32 *words)
{
	g_auto(GStrv) parts = g_strsplit_set(line, " -,/", -1);
	guint n = 0;

	for (char **p = parts; *p != NULL; p++) {
		if ((*p)[0] == '\0')
			continue;
		if (n == SG_CLASS_WORDS - 1)
			return 0;
		words[n++] = sg_lexicon_add(l, *p);
	}
	return n;
}

static void
put_line(Wanted *w, guint class, const char *path, guint number, const char *line)
{
	SgRuleReader *r = w->reader;
	g_autofree char *text = sg_canon_string(r->canon, line);
	guint32 words[SG_CLASS_WORDS];
	guint n;

	if (text[0] == '<' && g_str_has_suffix(text, ">")) {
		g_autofree char *name = g_strndup(text + 1, strlen(text) - 2);
		guint other = class_for(w, name);

		if (other != G_MAXUINT)
			sg_lexicon_put_class(r->lexicon, class, other);
		return;
	}
	n = split(r->lexicon, text, words);
	if (n > 0)
		sg_lexicon_put(r->lexicon, class, words, n);
	else
		sg_rule_tell(r->problems, "%s:%u: a phrase of a list has 1 to %u words; shorten it",
		    path, number, SG_CLASS_WORDS - 1);
}

static guint
class_for(gpointer data, const char *name)
{
	Wanted *w = data;
	SgRuleReader *r = w->reader;
	g_autofree char *file = g_strdup_printf("words/%s.txt", name);
	g_autofree char *path = NULL;
	g_auto(GStrv) lines = NULL;
	gboolean fresh = FALSE;
	GBytes *bytes;
	guint class;

	if (!g_regex_match_simple(NAME_FORM, name, G_REGEX_DOLLAR_ENDONLY, 0) ||
	    w->deep >= CLASSES_DEEP) {
		sg_rule_problem(r, w->at, "<%s> names no list; write <name> for words/name.txt, a "
		    "name of small letters, digits and -", name);
		return G_MAXUINT;
	}
	bytes = sg_rule_list_bytes(r, w->at, file, &path);
	if (bytes == NULL)
		return G_MAXUINT;
	class = sg_lexicon_class(r->lexicon, path, &fresh);
	if (!fresh)
		return class;
	w->deep++;
	lines = g_strsplit(g_bytes_get_data(bytes, NULL), "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		const char *line = g_strstrip(lines[i]);

		if (line[0] != '\0' && line[0] != '#')
			put_line(w, class, path, i + 1, line);
	}
	w->deep--;
	if (sg_lexicon_phrases(r->lexicon, class)->len == 0)
		sg_rule_problem(r, w->at, "the list \"%s\" has no words; add some, one a line",
		    file);
	return class;
}

static void
each_phrase(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text,
    gpointer data)
{
	g_autofree char *why = NULL, *canon = sg_canon_string(r->canon, text);
	guint before = r->problems->len;
	Wanted w = { r, at, 0 };
	SgPhrase *p = sg_phrase_new(r->lexicon, canon, class_for, &w, &why);

	(void)rule;
	if (p != NULL)
		g_ptr_array_add(data, p);
	else if (r->problems->len == before)
		sg_rule_problem(r, at, "\"%s\": %s", text, why);
}

GPtrArray *
sg_rule_read_phrases(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	GPtrArray *phrases = g_ptr_array_new_with_free_func((GDestroyNotify)sg_phrase_free);

	sg_rule_each_string(r, rule, s, each_phrase, phrases);
	return phrases;
}

void
sg_rule_read_spellings(SgRuleReader *r)
{
	g_autofree char *there = g_build_filename(r->dir, "words", "spellings.txt", NULL);
	g_autofree char *path = NULL;
	g_auto(GStrv) lines = NULL;
	GBytes *bytes = NULL;

	if (g_file_test(there, G_FILE_TEST_EXISTS)) {
		r->file = there;
		bytes = sg_rule_list_bytes(r, NULL, "words/spellings.txt", &path);
		r->file = NULL;
	}
	if (bytes == NULL)
		return;
	lines = g_strsplit(g_bytes_get_data(bytes, NULL), "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) two = NULL;
		g_autofree char *line = sg_canon_string(r->canon, lines[i]);

		if (line[0] == '\0' || line[0] == '#')
			continue;
		two = g_strsplit(line, " = ", -1);
		if (g_strv_length(two) == 2 && strchr(two[0], ' ') == NULL &&
		    strchr(two[1], ' ') == NULL) {
			if (!sg_lexicon_alias(r->lexicon, two[0], two[1]))
				sg_rule_tell(r->problems, "%s:%u: \"%s\" is a word already, in a "
				    "rule or a line above; remove the line", path, i + 1, two[0]);
		} else
			sg_rule_tell(r->problems, "%s:%u: a spelling is \"u = you\", one word for "
			    "another; correct the line", path, i + 1);
	}
}
