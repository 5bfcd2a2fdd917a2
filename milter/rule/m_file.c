/* m_file - facts of a part: its name, what it really is, its kinds. */
#include <string.h>

#include "rule/rule.h"

typedef enum { BY_NAME, BY_TYPE, BY_KIND } By;

typedef struct {
	By	      by;
	char	     *kind;
	GPatternSpec *glob;
} Wanted;

static void
wanted_clear(gpointer p)
{
	Wanted *w = p;

	g_free(w->kind);
	g_clear_pointer(&w->glob, g_pattern_spec_free);
}

static void
each(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text, gpointer data)
{
	g_autofree char *folded = sg_canon_string(r->canon, text);
	Wanted w = { BY_KIND, NULL, NULL };

	(void)data;
	if (strchr(text, '/') != NULL)
		w.by = BY_TYPE;
	else if (strpbrk(text, ".*?") != NULL)
		w.by = BY_NAME;
	if (folded[0] == '\0') {
		sg_rule_problem(r, at, "an entry of file is empty; write a glob like \"*.exe\", a "
		    "type like \"application/x-dosexec\" or a kind like \"executable\"");
		return;
	}
	if (w.by == BY_KIND)
		w.kind = g_steal_pointer(&folded);
	else
		w.glob = g_pattern_spec_new(folded);
	g_array_append_val(rule->data, w);
}

static void
read_file(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	rule->data = g_array_new(FALSE, FALSE, sizeof(Wanted));
	g_array_set_clear_func(rule->data, wanted_clear);
	sg_rule_each_string(r, rule, s, each, NULL);
}

static gboolean
glob(const Wanted *w, const char *s)
{
	g_autofree char *folded = NULL;

	if (s == NULL || s[0] == '\0')
		return FALSE;
	folded = g_utf8_casefold(s, -1);
	return g_pattern_spec_match_string(w->glob, folded);
}

static gboolean
match_part(const SgRule *rule, const SgPartInfo *p)
{
	const GArray *wanted = rule->data;

	for (guint i = 0; i < wanted->len; i++) {
		const Wanted *w = &g_array_index(wanted, Wanted, i);

		if (w->by == BY_NAME ? glob(w, p->name) : w->by == BY_TYPE ? glob(w, p->detected) :
		    p->kinds != NULL && sg_part_is(p, w->kind))
			return TRUE;
	}
	return FALSE;
}

static void
free_wanted(gpointer data)
{
	g_array_unref(data);
}

const SgMatcher sg_m_file = { .name = "file", .read = read_file, .part = match_part,
    .free = free_wanted };
