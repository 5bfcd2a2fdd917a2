/* m_list - tables that tell something private of several people. */
#include "rule/marks.h"
#include "rule/rule.h"
#include "rule/tally.h"

#define PEOPLE_MAX 1000

typedef struct {
	guint people;	/* different ones, at least */
	guint columns;	/* SG_COLUMN_ bits, one of which must be there */
	guint several;	/* of them, at least so many columns to reach somebody; 0: does not matter */
} Wanted;

static void
each_column(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text, gpointer data)
{
	Wanted *w = data;
	guint bit = sg_column_named(text);

	(void)rule;
	if (bit == 0)
		sg_rule_problem(r, at, "\"%s\" is no sort of column; choose from identity, birth, status, "
		    "contact, health, results, behaviour, pay", text);
	w->columns |= bit;
}

static void
read_list(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	static const char *const known[] = { "people", "columns", "contacts", NULL };
	const config_setting_t *people, *columns, *contacts;
	Wanted *w = g_new0(Wanted, 1);

	rule->data = w;
	if (!config_setting_is_group(s)) {
		sg_rule_problem(r, s, "list is not a group; write list = { people = 3; columns = [ "
		    "\"birth\" ]; }");
		return;
	}
	sg_rule_check_fields(r, s, known);
	people = config_setting_get_member(s, "people");
	columns = config_setting_get_member(s, "columns");
	contacts = config_setting_get_member(s, "contacts");
	if (people == NULL)
		sg_rule_problem(r, s, "people is missing in list; say of how many different people it must be");
	else
		(void)sg_rule_read_int(r, people, 2, PEOPLE_MAX, &w->people);
	if (columns == NULL)
		sg_rule_problem(r, s, "columns is missing in list; say what one of its columns must tell");
	else
		sg_rule_each_string(r, rule, columns, each_column, w);
	if (contacts != NULL)
		(void)sg_rule_read_int(r, contacts, 1, 10, &w->several);
}

static void
look(const SgRule *rule, guint index, const SgMarks *marks, SgTally *tally)
{
	const Wanted *w = rule->data;

	for (guint i = 0; i < marks->tables->len; i++) {
		const SgTable *t = &g_array_index(marks->tables, SgTable, i);
		SgHitAt hit;

		if (t->people < w->people || (t->columns & w->columns) == 0 || t->contacts < w->several)
			continue;
		hit = (SgHitAt){ .rule = index, .at = (guint32)t->at, .len = (guint32)t->len, .from = t->at,
			.to = t->at + t->len, .words = t->words, .more = t->people - 1 };
		sg_tally_hit(tally, &hit);
	}
}

const SgMatcher sg_m_list = { .name = "list", .read = read_list, .look = look, .free = g_free };
