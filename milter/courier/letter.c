#include <string.h>

#include "base/err.h"
#include "base/ref.h"
#include "courier/compose.h"
#include "courier/letter.h"
#include "courier/smtp.h"
#include "courier/watch.h"
#include "model/message.h"
#include "store/care.h"

#define KINDS_MOST 8u

/* ---- which, and to whom ------------------------------------------------------ */

const char *
sg_letter_template(const SgSetup *s, const SgMailJob *j, const SgIncident *i)
{
	const char *name = j->template;

	if (strcmp(name, "returned") == 0)
		name = g_strcmp0(i->origin.sender_class, "pupil") == 0 ? "returned-pupil"
								       : "returned-staff";
	if (!sg_texts_has(s->texts, name))
		name = strcmp(j->kind, "alert") == 0 ? "alert" : NULL;
	return name;
}

gboolean
sg_letter_is_held_notice(const char *template)
{
	return g_str_has_prefix(template, "held-");
}

gboolean
sg_letter_is_alert(const char *template)
{
	return g_str_has_prefix(template, "alert");
}

gboolean
sg_letter_is_urgent(const char *template)
{
	return g_str_has_prefix(template, "alert-urgent");
}

gboolean
sg_letter_is_first(const char *template)
{
	return sg_letter_is_alert(template) && !g_str_has_suffix(template, "-again");
}

/* One person, whichever of their addresses it is. */
static gboolean
same_person(const SgSetup *s, const char *a, const char *b)
{
	g_autofree char *x = sg_policy_mailbox(s->policy, a), *y = sg_policy_mailbox(s->policy, b);

	return sg_address_same(a, b) || strcmp(x, y) == 0;
}

static gboolean
is_party(const SgSetup *s, const SgIncident *i, const char *address)
{
	if (i == NULL)
		return FALSE;
	if (same_person(s, i->origin.sender, address))
		return TRUE;
	for (guint k = 0; k < i->copies->len; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);

		if (same_person(s, c->address, address))
			return TRUE;
	}
	for (guint k = 0; k < i->subjects->len; k++)
		if (same_person(s, g_ptr_array_index(i->subjects, k), address))
			return TRUE;
	return FALSE;
}

GPtrArray *
sg_letter_contacts(const SgSetup *s, const char *role, const SgIncident *i)
{
	const char *const roles[] = { role, "lead", "deputy", "head", "chair" };
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);

	for (gsize r = 0; r < G_N_ELEMENTS(roles) && found->len == 0; r++) {
		const char *const *list = sg_policy_contacts(s->policy, roles[r]);

		for (; list != NULL && *list != NULL; list++)
			if (!is_party(s, i, *list) && sg_smtp_bad_address(*list) == NULL &&
			    **list != '\0')
				g_ptr_array_add(found, g_strdup(*list));
	}
	return found;
}

static gboolean
is_covered(SgStore *store, gint64 now)
{
	g_autoptr(GPtrArray) covers = sg_store_covers(store, now, NULL);

	for (guint k = 0; covers != NULL && k < covers->len; k++)
		if (((const SgCover *)g_ptr_array_index(covers, k))->since <= now)
			return TRUE;
	return FALSE;
}

void
sg_letter_cover(const SgSetup *s, SgStore *store, const char *role, const SgIncident *i, gint64 now,
    GPtrArray *addresses)
{
	g_autoptr(GPtrArray) deputies = NULL;

	if (strcmp(role, "lead") != 0 || !is_covered(store, now))
		return;
	deputies = sg_letter_contacts(s, "deputy", i);
	for (guint k = 0; k < deputies->len; k++)
		if (!g_ptr_array_find_with_equal_func(addresses, deputies->pdata[k], g_str_equal, NULL))
			g_ptr_array_add(addresses, g_strdup(deputies->pdata[k]));
}

/* ---- may it go? ---------------------------------------------------------------- */

static SgLetterFate
drop(const char **why, const char *words)
{
	*why = words;
	return SG_LETTER_DROP;
}

/* "Your message was sent" must be true when it arrives. */
static SgLetterFate
fate_of_released(const SgIncident *i, const char **why)
{
	if (sg_incident_count(i, SG_COPY_RELEASING) + sg_incident_count(i, SG_COPY_SENDING)
	    + sg_incident_count(i, SG_COPY_UNCLEAR) > 0) {
		*why = "waits for the message itself";
		return SG_LETTER_WAIT;
	}
	if (sg_incident_count(i, SG_COPY_RELEASED) == 0)
		return drop(why, "not sent: the message was not delivered");
	return SG_LETTER_GO;
}

/* To nobody outside, to nobody whose address may be forged, never about a sealed message. */
static SgLetterFate
fate_of_notice(const SgSetup *s, const SgMailJob *j, const SgIncident *i, const char **why)
{
	if (*j->address == '\0' || sg_smtp_bad_address(j->address) != NULL)
		return drop(why, "not sent: there is no usable address");
	if (g_ascii_strcasecmp(j->address, i->origin.sender) != 0)
		return drop(why, "not sent: a notice goes only to the sender");
	if (!i->origin.authenticated || !sg_policy_inside(s->policy, j->address))
		return drop(why, "not sent: the sender is not known to be inside the school");
	if (i->sealed)
		return drop(why, "not sent: the message is sealed");
	if (i->disclosure || i->privileged)
		return drop(why, "not sent: nobody is told about such a message");
	if (sg_letter_is_held_notice(j->template) && sg_incident_count(i, SG_COPY_WAITING) == 0)
		return drop(why, "not sent: the message is no longer held");
	if (g_str_has_prefix(j->template, "released"))
		return fate_of_released(i, why);
	return SG_LETTER_GO;
}

SgLetterFate
sg_letter_fate(const SgSetup *s, const SgMailJob *j, const SgIncident *i, const char **why)
{
	if (strcmp(j->kind, "notice") == 0)
		return fate_of_notice(s, j, i, why);
	/* About what is decided already nobody is called; about a delivery that failed, always. */
	if ((sg_letter_is_alert(j->template) || strcmp(j->template, "passed") == 0) && *i->decision != '\0')
		return drop(why, "not sent: the message was decided before");
	return SG_LETTER_GO;
}

/* ---- values -------------------------------------------------------------------- */

static const char *
class_word(const SgSetup *s, const char *klass)
{
	g_autofree char *key = g_strconcat("class.", klass, NULL);
	const char *word = sg_texts_word(s->texts, key);

	return *word != '\0' ? word : sg_texts_word(s->texts, "class.other");
}

static const char *
fate_word(const SgSetup *s, const SgIncident *i)
{
	guint passed =
	    sg_incident_count(i, SG_COPY_PASSED) + sg_incident_count(i, SG_COPY_RELEASED);
	guint rejected = sg_incident_count(i, SG_COPY_REJECTED);

	if (passed == i->copies->len)
		return sg_texts_word(s->texts, "fate.passed");
	if (rejected == i->copies->len)
		return sg_texts_word(s->texts, "fate.rejected");
	return sg_texts_word(s->texts, passed > 0 ? "fate.part" : "fate.held");
}

/* Titles of the rules that saw personal data, one a line: words of the rule packs. */
static char *
kinds(const SgIncident *i)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GString *out = g_string_new(NULL);

	for (guint k = 0; k < i->hits->len && g_hash_table_size(seen) < KINDS_MOST; k++) {
		const SgHit *h = g_ptr_array_index(i->hits, k);

		if (g_strcmp0(h->category, "personal-data") == 0 &&
		    g_hash_table_add(seen, h->title))
			g_string_append_printf(out, "%s  %s", out->len > 0 ? "\n" : "", h->title);
	}
	return g_string_free(out, FALSE);
}

static char *
help(const SgOptions *o)
{
	return *o->school.help_phone != '\0'
		   ? g_strdup_printf("%s (%s)", o->school.help_name, o->school.help_phone)
		   : g_strdup(o->school.help_name);
}

static char *
page(const SgOptions *o, const char *path, const char *ref)
{
	return *o->console.url != '\0' ? g_strdup_printf("%s%s%s%s", o->console.url,
	    g_str_has_suffix(o->console.url, "/") ? "" : "/", path, ref) : g_strdup("");
}

static void
school_values(const SgSetup *s, SgValues *v)
{
	const SgOptions *o = s->options;

	v->school = g_strdup(o->school.name);
	v->help = help(o);
	v->help_name = g_strdup(o->school.help_name);
	v->help_address = g_strdup(o->school.help_address);
	v->encryption_help = g_strdup(o->school.encryption_help);
	v->rules_link = g_strdup(o->school.rules_link);
}

void
sg_letter_school(const SgSetup *s, const char *path, SgValues *v)
{
	school_values(s, v);
	v->link = page(s->options, path, "");
}

/* Who is asked when nobody looks, and when. */
static void
next_values(const SgSetup *s, const SgIncident *i, gint64 now, SgValues *v)
{
	gint64 when = 0;
	const char *role = sg_watch_next_role(s, i->urgency, i->created, &when);
	g_autofree char *key = role != NULL ? g_strconcat("role.", role, NULL) : NULL;

	if (role == NULL || when <= now || sg_policy_contacts(s->policy, role)[0] == NULL)
		return;
	v->next_name = g_strdup(sg_texts_word(s->texts, key));
	v->next_time = sg_texts_when(s->texts, when, now, TRUE);
}

static char *
span(gint64 seconds)
{
	if (seconds >= 2 * 86400)
		return g_strdup_printf("%" G_GINT64_FORMAT " days", seconds / 86400);
	if (seconds >= 2 * 3600)
		return g_strdup_printf("%" G_GINT64_FORMAT " hours", seconds / 3600);
	return g_strdup_printf("%" G_GINT64_FORMAT " minutes", MAX(seconds / 60, 1));
}

void
sg_letter_values(const SgSetup *s, const SgIncident *i, gint64 now, SgValues *v)
{
	const char *label = sg_category_label(i->category);
	g_autofree char *route = g_strconcat("route.", i->route, NULL);
	char *at = sg_texts_full_time(s->texts, i->created);
	gboolean delivered = sg_incident_count(i, SG_COPY_PASSED) == i->copies->len;

	school_values(s, v);
	v->link = page(s->options, "message/", i->ref);
	v->ref = sg_ref_show(i->ref);
	v->reason = g_strdup(s->options->courier.alert_reason && *i->category != '\0' ? label : "");
	v->category = g_strdup(label);
	v->kinds = kinds(i);
	v->sender = g_strdup(class_word(s, i->origin.sender_class));
	v->route = g_strdup(sg_texts_word(s->texts, route));
	v->fate = g_strdup(fate_word(s, i));
	*(delivered ? &v->arrived : &v->held) = at;
	if (i->look_by != 0)
		v->look_by = sg_texts_when(s->texts, i->look_by, now, TRUE);
	v->when = sg_texts_when(s->texts, i->created, now, FALSE);
	v->time = sg_texts_when(s->texts, i->created, now, TRUE);
	next_values(s, i, now, v);
	if (i->decided_at != 0) {
		v->decided = sg_texts_full_time(s->texts, i->decided_at);
		v->span = span(now - i->decided_at);
	}
}

static gint
by_count(gconstpointer a, gconstpointer b, gpointer counts)
{
	gint x = GPOINTER_TO_INT(g_hash_table_lookup(counts, *(const char *const *)a));
	gint y = GPOINTER_TO_INT(g_hash_table_lookup(counts, *(const char *const *)b));

	return x != y ? y - x : strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "   3  Bullying or insults", most first. */
static char *
reasons(GPtrArray *incidents)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) labels = g_ptr_array_new();
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < incidents->len; i++) {
		const SgIncident *one = g_ptr_array_index(incidents, i);
		const char *label = sg_category_label(one->category);
		gpointer key = (gpointer)(gintptr)label;
		gint n = GPOINTER_TO_INT(g_hash_table_lookup(counts, label));

		if (n == 0)
			g_ptr_array_add(labels, key);
		g_hash_table_insert(counts, key, GINT_TO_POINTER(n + 1));
	}
	g_ptr_array_sort_with_data(labels, by_count, counts);
	for (guint i = 0; i < labels->len; i++)
		g_string_append_printf(out, "%s  %4d  %s", i > 0 ? "\n" : "",
		    GPOINTER_TO_INT(g_hash_table_lookup(counts, labels->pdata[i])),
		    (const char *)labels->pdata[i]);
	return g_string_free(out, FALSE);
}

gboolean
sg_letter_note(const SgSetup *s, SgStore *store, const SgIncident *i, const char *template, SgValues *v,
    GError **error)
{
	g_autofree char *key = g_strconcat("note.", template, NULL), *said = sg_store_note(store, i->ref, error);

	if (said == NULL)
		return FALSE;
	v->note = *said != '\0' ? g_steal_pointer(&said)
				: sg_texts_pattern(s->texts, key, "category", sg_category_label(i->category), NULL);
	return TRUE;
}

void
sg_letter_several(const SgSetup *s, GPtrArray *incidents, gint64 now, SgValues *v)
{
	const SgIncident *last = NULL;
	gint64 look_by = 0;

	for (guint i = 0; i < incidents->len; i++) {
		const SgIncident *one = g_ptr_array_index(incidents, i);

		if (one->look_by != 0 && (look_by == 0 || one->look_by < look_by))
			look_by = one->look_by;
		if (last == NULL || one->created >= last->created)
			last = one;
	}
	school_values(s, v);
	v->link = page(s->options, "queue", "");
	v->ref = last != NULL ? sg_ref_show(last->ref) : NULL;
	v->when = last != NULL ? sg_texts_when(s->texts, last->created, now, FALSE) : NULL;
	v->count = g_strdup_printf("%u", incidents->len);
	v->reasons = s->options->courier.alert_reason ? reasons(incidents) : NULL;
	v->look_by = look_by != 0 ? sg_texts_when(s->texts, look_by, now, TRUE) : NULL;
}

/* ---- the mail -------------------------------------------------------------------- */

GBytes *
sg_letter_write(const SgSetup *s, const char *template, const char *kind, const char *to,
    const SgValues *v, const char *ref, gint64 now, GError **error)
{
	const SgOptions *o = s->options;
	g_autofree char *subject = NULL;
	g_autofree char *text = sg_texts_fill(s->texts, template, v, &subject);
	g_autofree char *from = sg_texts_pattern(s->texts, "from", "school", o->school.name, NULL);
	SgLetter l = { .from_name = from,
		.from = o->courier.from,
		.to = to,
		.reply_to = "",
		.subject = subject,
		.text = text,
		.language = sg_texts_language(s->texts),
		.kind = kind,
		.ref = ref,
		.now = now };

	if (text == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "there is no text \"%s\" in courier.notices", template);
		return NULL;
	}
	if (strcmp(kind, "notice") == 0 && sg_smtp_bad_address(o->school.help_address) == NULL)
		l.reply_to = o->school.help_address;
	return sg_compose(&l);
}

char *
sg_letter_kept_back(const SgSetup *s, const char *ref, const char *parts)
{
	g_auto(GStrv) ids = g_strsplit(parts, ",", -1);
	g_autofree char *count = g_strdup_printf("%u", g_strv_length(ids));
	g_autofree char *shown = sg_ref_show(ref);

	return sg_texts_pattern(s->texts, g_strv_length(ids) == 1 ? "kept.one" : "kept.many",
	    "school", s->options->school.name, "count", count, "help_address",
	    s->options->school.help_address, "number", shown, "ref", shown, NULL);
}
