#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "decide/reader.h"

static void G_GNUC_PRINTF(4, 0)
note(
    SgPolicyReader *r, const config_setting_t *at, const char *mark, const char *format, va_list ap)
{
	g_autofree char *text = g_strdup_vprintf(format, ap);
	const char *file = at != NULL ? config_setting_source_file(at) : NULL;

	g_ptr_array_add(r->problems, g_strdup_printf("%s:%u: %s%s", file != NULL ? file : r->file,
	    at != NULL ? (guint)config_setting_source_line(at) : 1u, mark, text));
}

void
sg_policy_error(SgPolicyReader *r, const config_setting_t *at, const char *format, ...)
{
	va_list ap;

	r->errors++;
	va_start(ap, format);
	note(r, at, "", format, ap);
	va_end(ap);
}

void
sg_policy_warn(SgPolicyReader *r, const config_setting_t *at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	note(r, at, "warning: ", format, ap);
	va_end(ap);
}

static void
policy_clear(gpointer data)
{
	SgPolicy *p = data;

	sg_options_unref(p->options);
	g_ptr_array_unref(p->classes);
	g_ptr_array_unref(p->rows);
	g_ptr_array_unref(p->disclaimers);
	g_hash_table_unref(p->contacts);
	g_hash_table_unref(p->people);
	g_hash_table_unref(p->own);
	g_strfreev(p->categories);
	sg_hours_free(p->hours);
}

static void
contacts_free(gpointer list)
{
	g_strfreev(list);
}

static void
person_free(gpointer data)
{
	SgPerson *person = data;

	g_free(person->klass);
	g_free(person->main);
	g_free(person->name);
	g_free(person->role);
	g_free(person->phone);
	g_free(person);
}

/* A domain of ours whose people are "outside" is a slip in the classes that no
 * mail would ever show. */
static void
check_domains(SgPolicyReader *r)
{
	for (char **d = r->policy->options->school.domains; *d != NULL; d++) {
		g_autofree char *somebody = g_strconcat("somebody@", *d, NULL);

		if (strcmp(sg_policy_class(r->policy, somebody), SG_OUTSIDE) == 0)
			sg_policy_warn(r, NULL, "people at %s get the class \"outside\"; "
			    "add \"@%s\" to the match of a class", *d, *d);
	}
	for (char **k = r->policy->options->memory.children; *k != NULL; k++)
		if (!sg_policy_has_class(r->policy, *k))
			sg_policy_warn(r, NULL, "memory.children in schoolgate.conf names \"%s\", and no class is "
			    "called that; write the class of the pupils there", *k);
}

/* mode = "shadow" in schoolgate.conf: all rows are as if each said so. */
static void
apply_mode(SgPolicyReader *r)
{
	const SgPolicy *p = r->policy;
	const char *mode = p->options->files.mode;

	if (mode != NULL && strcmp(mode, "enforce") != 0 && strcmp(mode, "shadow") != 0) {
		r->errors++;
		g_ptr_array_add(r->problems, g_strdup_printf("%s:1: mode: \"%s\" is not known; write \"enforce\" or "
		    "\"shadow\"", p->options->file, mode));
	}
	if (sg_policy_enforces(p))
		return;
	for (guint i = 0; i < p->rows->len; i++)
		((SgRow *)g_ptr_array_index(p->rows, i))->shadow = TRUE;
	for (guint i = 0; i < p->disclaimers->len; i++)
		((SgDisclaimer *)g_ptr_array_index(p->disclaimers, i))->shadow = TRUE;
}

SgPolicy *
sg_policy_load(SgOptions *o, GPtrArray *problems, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgPolicy) p = g_atomic_rc_box_new0(SgPolicy);
	SgPolicyReader r = { p, o->files.policy, problems != NULL ? problems : own, 0 };
	guint before = r.problems->len;

	p->options = sg_options_ref(o);
	p->classes = g_ptr_array_new_with_free_func(sg_class_free);
	p->rows = g_ptr_array_new_with_free_func(sg_row_free);
	p->disclaimers = g_ptr_array_new_with_free_func(sg_disclaimer_free);
	p->contacts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, contacts_free);
	p->people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, person_free);
	p->own = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	p->hours = sg_hours_load(o, r.problems);
	r.errors += p->hours == NULL;
	sg_policy_read(&r);
	apply_mode(&r);
	if (o->files.people[0] != '\0' && !sg_people_read(&r, o->files.people))
		r.errors++;
	if (r.errors == 0) {
		check_domains(&r);
		return g_steal_pointer(&p);
	}
	for (guint i = before; i < r.problems->len; i++) {
		const char *text = g_ptr_array_index(r.problems, i);

		if (strstr(text, ": warning: ") != NULL)
			continue;
		g_set_error(
		    error, SG_ERR, SG_ERR_SETUP, "%s%s", text, r.errors > 1 ? " (and more)" : "");
		return NULL;
	}
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: cannot be used", r.file);
	return NULL;
}

SgPolicy *
sg_policy_ref(SgPolicy *p)
{
	return g_atomic_rc_box_acquire(p);
}

void
sg_policy_unref(SgPolicy *p)
{
	if (p != NULL)
		g_atomic_rc_box_release_full(p, policy_clear);
}

const SgOptions *
sg_policy_options(const SgPolicy *p)
{
	return p->options;
}

gboolean
sg_policy_own_domain(const SgPolicy *p, const char *address)
{
	const char *domain = sg_address_domain(address);

	if (domain[0] == '\0')
		return FALSE;
	for (char **d = p->options->school.domains; *d != NULL; d++)
		if (g_ascii_strcasecmp(*d, domain) == 0)
			return TRUE;
	return FALSE;
}

/* "friend%far.example@school.example", "far.example!friend@school.example": many mail servers
 * read such a local part as the way to go on, and send the message out. */
static gboolean
leads_on(const SgPolicy *p, const char *address)
{
	gsize local = strlen(address) - strlen(sg_address_domain(address));

	return local > 0 && strcspn(address, "%!@") < local - 1 && sg_policy_own_domain(p, address);
}

gboolean
sg_policy_inside(const SgPolicy *p, const char *address)
{
	return sg_policy_own_domain(p, address) && !leads_on(p, address);
}

static gboolean
class_matches(const SgClass *c, const char *address)
{
	for (char **m = c->match; *m != NULL; m++) {
		gsize at = (*m)[0] == '@' ? strlen(address) : 0;

		if (strpbrk(*m, "*?") != NULL) {
			g_autofree char *any = g_strconcat((*m)[0] == '@' ? "*" : "", *m, NULL);

			if (g_pattern_match_simple(any, address))
				return TRUE;
		} else if (at > 0 ? g_str_has_suffix(address, *m) : strcmp(address, *m) == 0)
			return TRUE;
	}
	return FALSE;
}

const char *
sg_policy_class_at(const SgPolicy *p, const char *address, gint64 now)
{
	g_autofree char *low = g_utf8_strdown(address, -1);
	const char *known = sg_people_class(p, low, now);

	if (known == NULL && leads_on(p, low))
		return SG_OUTSIDE;
	for (guint i = 0; known == NULL && i < p->classes->len; i++) {
		const SgClass *c = g_ptr_array_index(p->classes, i);

		if (class_matches(c, low))
			known = c->name;
	}
	return known != NULL ? known : SG_OUTSIDE;
}

const char *
sg_policy_class(const SgPolicy *p, const char *address)
{
	return sg_policy_class_at(p, address, sg_clock_now());
}

const char *const *
sg_policy_contacts(const SgPolicy *p, const char *role)
{
	static const char *const nobody[] = { NULL };
	gconstpointer list = g_hash_table_lookup(p->contacts, role);

	return list != NULL ? list : nobody;
}

GPtrArray *
sg_policy_told(const SgPolicy *p)
{
	static const char *const roles[] = { "lead", "deputy", "head", "chair", "out-of-hours" };
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		for (const char *const *a = sg_policy_contacts(p, roles[i]); *a != NULL; a++) {
			g_autofree char *low = g_utf8_strdown(*a, -1);

			if (!g_ptr_array_find_with_equal_func(list, low, g_str_equal, NULL))
				g_ptr_array_add(list, g_steal_pointer(&low));
		}
	return list;
}

gboolean
sg_policy_enforces(const SgPolicy *p)
{
	return g_strcmp0(p->options->files.mode, "shadow") != 0;
}

const SgHours *
sg_policy_hours(const SgPolicy *p)
{
	return p->hours;
}

guint
sg_policy_rows(const SgPolicy *p)
{
	return p->rows->len;
}

const char *
sg_policy_row_id(const SgPolicy *p, guint i)
{
	return i < p->rows->len ? ((const SgRow *)g_ptr_array_index(p->rows, i))->id : NULL;
}
