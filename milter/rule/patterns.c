#include <string.h>

#include "rule/patterns.h"

typedef struct {
	const SgEntry *entry;
	SgUse	       use;
} Row;

static int
by_entry(gconstpointer x, gconstpointer y)
{
	const Row *a = x, *b = y;
	int d = strcmp(a->entry->text, b->entry->text);

	if (d == 0)
		d = (a->entry->regex - b->entry->regex) * 2 + a->entry->prefix - b->entry->prefix;
	return d;
}

static int
by_entry_and_use(gconstpointer x, gconstpointer y)
{
	const Row *a = x, *b = y;
	int d = by_entry(x, y);

	if (d == 0)
		d = a->use.rule < b->use.rule ? -1 : a->use.rule > b->use.rule;
	return d != 0 ? d : a->use.slot - b->use.slot;
}

static GArray *
all_rows(const GPtrArray *rules)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));

	for (guint i = 0; i < rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(rules, i);

		for (guint k = 0; k < rule->entries->len; k++) {
			Row row = { &g_array_index(rule->entries, SgEntry, k), { i, 0 } };

			row.use.slot = (guint8)row.entry->slot;
			g_array_append_val(rows, row);
		}
	}
	return rows;
}

/* A hit of a shared one is kept once for all rules: it matters only where one of them has
 * another, or looks at more than words. */
static void
set_shared(const GPtrArray *rules, const SgPatterns *patterns, SgPattern *p)
{
	p->shared = p->uses > 1;
	for (guint i = 0; i < p->uses; i++) {
		const SgUse *use = &patterns->use[p->use + i];
		const SgRule *rule = g_ptr_array_index(rules, use->rule);

		if (use->slot == 0 || (rule->quoted > 0 && use->slot != SG_SLOT_EXCEPT))
			p->shared = FALSE;
		p->looked |= rule->matcher->look != NULL;
	}
}

SgPatterns *
sg_patterns_new(const GPtrArray *rules)
{
	g_autoptr(GArray) rows = all_rows(rules);
	SgPatterns *p = g_new0(SgPatterns, 1);

	g_array_sort(rows, by_entry_and_use);
	p->pattern = g_new0(SgPattern, MAX(rows->len, 1));
	p->use = g_new0(SgUse, MAX(rows->len, 1));
	for (guint i = 0; i < rows->len; i++) {
		const Row *row = &g_array_index(rows, Row, i);
		gboolean same = i > 0 && by_entry(row - 1, row) == 0;

		if (same && by_entry_and_use(row - 1, row) == 0)
			continue;
		if (!same)
			p->pattern[p->n++] = (SgPattern){ .text = row->entry->text,
				.len = (guint32)strlen(row->entry->text),
				.regex = row->entry->regex != 0,
				.prefix = row->entry->prefix != 0, .use = p->n_use };
		p->pattern[p->n - 1].uses++;
		p->use[p->n_use++] = row->use;
	}
	for (guint i = 0; i < p->n; i++)
		set_shared(rules, p, &p->pattern[i]);
	return p;
}

static SgWeight
weight_of(const GPtrArray *rules, const SgPatterns *patterns, const SgPattern *p)
{
	for (guint i = 0; i < p->uses; i++) {
		const SgUse *use = &patterns->use[p->use + i];
		const SgRule *rule = g_ptr_array_index(rules, use->rule);

		if (rule->matcher->settle == NULL && rule->atleast == 0 && rule->say == NULL &&
		    use->slot != SG_SLOT_EXCEPT)
			return SG_WEIGHT_ALONE;
	}
	return SG_WEIGHT_PART;
}

GArray *
sg_patterns_sought(const SgPatterns *p, const GPtrArray *rules)
{
	GArray *sought = g_array_sized_new(FALSE, FALSE, sizeof(SgSought), p->n);

	for (guint i = 0; i < p->n; i++) {
		const SgPattern *pattern = &p->pattern[i];
		SgSought s = { pattern->text, pattern->regex, pattern->prefix,
			weight_of(rules, p, pattern) };

		g_array_append_val(sought, s);
	}
	return sought;
}

void
sg_patterns_free(SgPatterns *p)
{
	if (p == NULL)
		return;
	g_free(p->pattern);
	g_free(p->use);
	g_free(p);
}
