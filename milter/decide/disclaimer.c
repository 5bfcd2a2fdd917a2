#include <string.h>

#include "decide/disclaimer.h"
#include "decide/markup.h"
#include "decide/reader.h"

/* What a value is looked up in. */
typedef struct Values {
	const SgPolicy	   *policy;
	const SgDisclaimer *row;
	const SgPerson	   *sender;
} Values;

/* The values that every text may use; "values" of a row comes before them. */
static const struct {
	const char *name;
	gsize	    offset;		/* in options->school, of a char * */
} school_values[] = {
	{ "school", G_STRUCT_OFFSET(SgOptions, school.name) },
	{ "postal_address", G_STRUCT_OFFSET(SgOptions, school.postal_address) },
	{ "phone", G_STRUCT_OFFSET(SgOptions, school.phone) },
	{ "help_name", G_STRUCT_OFFSET(SgOptions, school.help_name) },
	{ "help_address", G_STRUCT_OFFSET(SgOptions, school.help_address) },
	{ "help_phone", G_STRUCT_OFFSET(SgOptions, school.help_phone) },
	{ "policy_url", G_STRUCT_OFFSET(SgOptions, school.rules_link) },
};

static const struct {
	const char *name;
	gsize	    offset;		/* in SgPerson, of a char * */
} person_values[] = {
	{ "sender_name", G_STRUCT_OFFSET(SgPerson, name) },
	{ "sender_role", G_STRUCT_OFFSET(SgPerson, role) },
	{ "sender_phone", G_STRUCT_OFFSET(SgPerson, phone) },
};

static const char *
value_of(gpointer data, const char *name, gboolean *personal)
{
	const Values *v = data;

	for (guint i = 0; v->row->values != NULL && v->row->values[i] != NULL; i += 2)
		if (strcmp(v->row->values[i], name) == 0)
			return v->row->values[i + 1];
	for (gsize i = 0; i < G_N_ELEMENTS(school_values); i++)
		if (strcmp(school_values[i].name, name) == 0)
			return G_STRUCT_MEMBER(char *, v->policy->options, school_values[i].offset);
	for (gsize i = 0; i < G_N_ELEMENTS(person_values) && v->sender != NULL; i++)
		if (strcmp(person_values[i].name, name) == 0) {
			*personal = TRUE;
			return G_STRUCT_MEMBER(char *, v->sender, person_values[i].offset);
		}
	return NULL;
}

gboolean
sg_disclaimer_knows(const SgDisclaimer *row, const char *name)
{
	for (guint i = 0; row->values != NULL && row->values[i] != NULL; i += 2)
		if (strcmp(row->values[i], name) == 0)
			return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(school_values); i++)
		if (strcmp(school_values[i].name, name) == 0)
			return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(person_values); i++)
		if (strcmp(person_values[i].name, name) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
has(char **list, const char *word)
{
	return list == NULL || g_strv_contains((const char *const *)list, word);
}

/* Does the row's text belong on this recipient's copy? */
static gboolean
is_for(const SgPolicy *p, const SgDisclaimer *d, const SgParties *w, const char *recipient, gint64 now)
{
	SgRoute route = sg_route_of(w, sg_policy_inside(p, recipient));

	return has(d->from, w->klass) && has(d->to, sg_policy_class_at(p, recipient, now)) &&
	    (d->routes == 0 || (d->routes & 1u << route) != 0) &&
	    (d->domains == NULL || (w->identity != NULL && has(d->domains, sg_address_domain(w->identity))));
}

static void
add_known(GString *known, const char *source, Values *v)
{
	g_auto(SgMarkup) m = { 0 };

	sg_markup_render(source, value_of, v, &m);
	if (m.known[0] != '\0')
		g_string_append_printf(known, "\n%s", m.known);
}

static void
free_text(gpointer p)
{
	sg_wire_clear_DISCLAIM(p);
	g_free(p);
}

static SgWireDISCLAIM *
render(const SgPolicy *p, const SgDisclaimer *row, const char *sender)
{
	g_autofree char *key = sender != NULL ? g_utf8_strdown(sender, -1) : NULL;
	Values v = { p, row, key != NULL ? g_hash_table_lookup(p->people, key) : NULL };
	g_auto(SgMarkup) m = { 0 };
	g_autoptr(GString) known = NULL;
	SgWireDISCLAIM *d;

	sg_markup_render(row->source, value_of, &v, &m);
	if (m.plain[0] == '\0')
		return NULL;
	known = g_string_new(m.known);
	for (char **past = row->past; past != NULL && *past != NULL; past++)
		add_known(known, *past, &v);
	d = g_new0(SgWireDISCLAIM, 1);
	d->name = g_strdup(row->id);
	d->place = g_strdup(row->place);
	d->repeat = g_strdup(row->repeat);
	d->plain = g_steal_pointer(&m.plain);
	d->html = g_steal_pointer(&m.html);
	d->known = g_strdup(known->str);
	return d;
}

static gboolean
is_listed(const GPtrArray *list, const char *word)
{
	for (guint i = 0; i < list->len; i++)
		if (strcmp(g_ptr_array_index(list, i), word) == 0)
			return TRUE;
	return FALSE;
}

static void
add_row(SgDisclaimers *t, const SgPolicy *p, const SgDisclaimer *d, const SgParties *w,
    const GPtrArray *recipients, gint64 now)
{
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	SgWireDISCLAIM *text;
	guint n = 0;

	for (guint i = 0; i < recipients->len; i++) {
		char *to = g_ptr_array_index(recipients, i);

		if (is_for(p, d, w, to, now))
			n++;
		else
			g_ptr_array_add(others, to);
	}
	if (n == 0)
		return;
	if (d->shadow) {
		g_ptr_array_add(t->shadow, g_strdup(d->id));
		return;
	}
	text = render(p, d, w->identity);
	if (text == NULL)
		return;
	g_ptr_array_add(t->texts, text);
	for (guint i = 0; d->split && i < others->len; i++)
		if (!is_listed(t->apart, g_ptr_array_index(others, i)))
			g_ptr_array_add(t->apart, g_strdup(g_ptr_array_index(others, i)));
}

SgDisclaimers *
sg_disclaimers_for(const SgPolicy *p, const SgMessage *m, const GPtrArray *recipients, gint64 now)
{
	g_autoptr(SgDisclaimers) t = g_new0(SgDisclaimers, 1);
	SgParties w;

	t->texts = g_ptr_array_new_with_free_func(free_text);
	t->shadow = g_ptr_array_new_with_free_func(g_free);
	t->apart = g_ptr_array_new_with_free_func(g_free);
	sg_parties_init(&w, p, m, now);
	for (guint i = 0; i < p->disclaimers->len; i++) {
		const SgDisclaimer *d = g_ptr_array_index(p->disclaimers, i);

		if (now >= d->since && now < d->until)
			add_row(t, p, d, &w, recipients, now);
	}
	sg_parties_clear(&w);
	return t->texts->len + t->shadow->len > 0 ? g_steal_pointer(&t) : NULL;
}

void
sg_disclaimers_free(SgDisclaimers *t)
{
	if (t == NULL)
		return;
	g_ptr_array_unref(t->texts);
	g_ptr_array_unref(t->shadow);
	g_ptr_array_unref(t->apart);
	g_free(t);
}

guint
sg_policy_disclaimers(const SgPolicy *p)
{
	guint n = 0;

	for (guint i = 0; i < p->disclaimers->len; i++)
		n += !((const SgDisclaimer *)g_ptr_array_index(p->disclaimers, i))->shadow;
	return n;
}
