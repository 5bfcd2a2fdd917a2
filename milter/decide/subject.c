#include <string.h>

#include "decide/subject.h"

#define FINDINGS_MOST 1000u	/* of one message; more say nothing new about people */
#define SEVERE	      3u

/* What is about data or files is about nobody's conduct. */
static gboolean
about_people(const SgFinding *f)
{
	static const char *const not[] = { "personal-data", "secrets", "recipients", "malware", "file", "protection",
		"structure", "limit", "chain-letter", NULL };

	return f->severity >= SEVERE && f->excerpt != NULL && !g_strv_contains(not, f->category != NULL ? f->category : "");
}

static gboolean
is_title(const char *word)
{
	static const char *const titles[] = { "mr", "mrs", "ms", "miss", "mx", "dr", "sir", "madam", "prof", NULL };

	return g_strv_contains(titles, word);
}

/* Words in small letters, without what stands between them. */
static char **
words_of(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1), *small = g_utf8_strdown(valid, -1);
	g_autoptr(GString) s = g_string_new(" ");

	for (const char *p = small; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isalnum(c))
			g_string_append_unichar(s, c);
		else if (c != '\'' && c != 0x2019 && s->str[s->len - 1] != ' ')
			g_string_append_c(s, ' ');
	}
	g_strstrip(s->str);
	return g_strsplit(s->str, " ", -1);
}

/* "okafor" and "okafors": an apostrophe that was left out. */
static gboolean
same_name(const char *word, const char *name)
{
	gsize n = strlen(name);

	return strncmp(word, name, n) == 0 && (word[n] == '\0' || strcmp(word + n, "s") == 0);
}

/* Is this person named in these words? */
static gboolean
named(char **words, char **name)
{
	guint n = g_strv_length(name);
	const char *last = name[n - 1], *first = n > 1 && !is_title(name[0]) ? name[0] : NULL;

	for (guint i = 1; words[0] != NULL && words[i] != NULL; i++)
		if (same_name(words[i], last) &&
		    (is_title(words[i - 1]) || (first != NULL && strcmp(words[i - 1], first) == 0)))
			return TRUE;
	return FALSE;
}

static gboolean
is_about(const SgReading *r, const char *full_name)
{
	g_auto(GStrv) name = words_of(full_name);

	if (name[0] == NULL || strlen(name[g_strv_length(name) - 1]) < 2)
		return FALSE;
	for (guint i = 0; i < r->findings->len && i < FINDINGS_MOST; i++) {
		const SgFinding *f = g_ptr_array_index(r->findings, i);
		g_auto(GStrv) words = about_people(f) ? words_of(f->excerpt) : NULL;

		if (words != NULL && named(words, name))
			return TRUE;
	}
	return FALSE;
}

static gboolean
known(const GPtrArray *addresses, const char *address)
{
	for (guint i = 0; i < addresses->len; i++)
		if (strcmp(g_ptr_array_index(addresses, i), address) == 0)
			return TRUE;
	return FALSE;
}

void
sg_subjects_find(const SgPolicy *p, const SgReading *r, GPtrArray *addresses)
{
	static const char *const roles[] = { "lead", "deputy", "head", "dpo" };

	for (gsize k = 0; k < G_N_ELEMENTS(roles); k++) {
		const char *const *list = sg_policy_contacts(p, roles[k]);

		for (; *list != NULL; list++) {
			const char *name = sg_policy_name(p, *list);
			g_autofree char *address = g_utf8_strdown(*list, -1);

			if (name != NULL && !known(addresses, address) && is_about(r, name))
				g_ptr_array_add(addresses, g_steal_pointer(&address));
		}
	}
}
