/* m_say - ways to say something: phrases of words and word classes (phrase.h). */
#include "rule/phrase.h"
#include "rule/rule.h"

/* The words a phrase is looked for by, in every spelling, into the rule. */
static void
add_marks(SgRuleReader *r, SgRule *rule, const SgPhrase *p, guint line)
{
	GHashTableIter it;
	gpointer key;

	g_hash_table_iter_init(&it, sg_phrase_marks(p));
	while (g_hash_table_iter_next(&it, &key, NULL)) {
		guint32 word = GPOINTER_TO_UINT(key);
		const GPtrArray *forms = sg_lexicon_forms(r->lexicon, word);

		for (guint i = 0; i < forms->len; i++) {
			SgEntry e = { .line = line, .prefix = sg_lexicon_is_begin(r->lexicon, word) };

			e.text = g_strdup(g_ptr_array_index(forms, i));
			g_array_append_val(rule->entries, e);
		}
	}
}

static void
read_say(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	rule->say = sg_rule_read_phrases(r, rule, s);
	for (guint i = 0; i < rule->say->len; i++)
		add_marks(r, rule, g_ptr_array_index(rule->say, i),
		    (guint)config_setting_source_line(s));
}

const SgMatcher sg_m_say = { .name = "say", .read = read_say };
