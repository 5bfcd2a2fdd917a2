#include <string.h>

#include "courier/letter.h"
#include "courier/other.h"
#include "store/post.h"

enum { FACT_MOST = 200, QUEUE_MOST = 10000 };

/* ---- about -------------------------------------------------------------------------- */

char *
sg_other_fact(const SgMailJob *j, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(j->about != NULL ? j->about : "", "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		const char *eq = strchr(lines[i], '=');

		if (eq == NULL || strlen(name) != (gsize)(eq - lines[i]) || !g_str_has_prefix(lines[i], name))
			continue;
		return strlen(eq + 1) <= FACT_MOST && g_utf8_validate(eq + 1, -1, NULL) ? g_strdup(eq + 1) : NULL;
	}
	return NULL;
}

static gint64
number(const SgMailJob *j, const char *name)
{
	g_autofree char *text = sg_other_fact(j, name);

	return text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
}

/* A page of ours, and nothing that could lead elsewhere. */
static gboolean
is_path(const char *p)
{
	for (; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("/-_", *p) == NULL)
			return FALSE;
	return TRUE;
}

/* ---- the digest ---------------------------------------------------------------------- */

/* "1 high, 3 medium"; words of the texts, most urgent first. */
static char *
by_urgency(const SgSetup *s, const GPtrArray *list)
{
	static const char *const words[] = { "urgent", "high", "medium", "low" };
	GString *out = g_string_new(NULL);

	for (gsize k = 0; k < G_N_ELEMENTS(words); k++) {
		g_autofree char *key = g_strconcat("urgency.", words[k], NULL);
		guint n = 0;

		for (guint i = 0; i < list->len; i++)
			n += strcmp(((const SgIncident *)g_ptr_array_index(list, i))->urgency, words[k]) == 0;
		if (n > 0)
			g_string_append_printf(
			    out, "%s%u %s", out->len > 0 ? ", " : "", n, sg_texts_word(s->texts, key));
	}
	return g_string_free(out, FALSE);
}

static char *
counted(const SgSetup *s, const char *key, guint n)
{
	g_autofree char *count = g_strdup_printf("%u", n);

	return sg_texts_pattern(s->texts, key, "count", count, NULL);
}

static char *
what_became(const SgSetup *s, const SgTallies *t)
{
	g_autofree char *held = g_strdup_printf("%u", t->held), *released = g_strdup_printf("%u", t->released),
			*kept = g_strdup_printf("%u", t->kept);

	return sg_texts_pattern(
	    s->texts, "digest.done", "held", held, "released", released, "kept", kept, NULL);
}

static char *
service(const SgSetup *s, const SgStoreStatus *st)
{
	if (st->outbox_failed > 0)
		return counted(s, "service.stuck", st->outbox_failed);
	return counted(s, st->today > 0 ? "service.working" : "service.quiet", (guint)MIN(st->today, G_MAXUINT));
}

static void
digest_subject(const SgSetup *s, guint waiting, guint late, SgValues *v)
{
	g_autofree char *n = counted(s, waiting > 0 ? "digest.waiting" : "digest.nothing", waiting);
	g_autofree char *l = late > 0 ? counted(s, "digest.late", late) : NULL;

	v->count = l != NULL ? g_strdup_printf("%s, %s", n, l) : g_strdup(n);
}

/* FALSE: the store failed, or (no error) nothing has happened and it is not the week's first. */
static gboolean
digest_values(SgOffice *office, const SgSetup *s, const SgMailJob *j, gint64 now, SgValues *v, GError **error)
{
	const SgHours *hours = sg_policy_hours(s->policy);
	const char *const party[] = { j->address, NULL };
	SgFilter f = { .waiting = TRUE, .now = now, .not_party = party, .limit = QUEUE_MOST };
	g_autoptr(GPtrArray) list = sg_store_list(office->store, &f, error);
	gint64 since = number(j, "since"), slot = number(j, "slot");
	SgStoreStatus st;
	SgTallies t;
	guint late = 0;

	if (list == NULL || !sg_store_tallies(office->store, since, now, party, &t, error) ||
	    !sg_store_status(office->store, now, &st, error))
		return FALSE;
	for (guint i = 0; i < list->len; i++) {
		const SgIncident *one = g_ptr_array_index(list, i);

		late += one->look_by > 0 && one->look_by < now;
	}
	/* the first of the week goes all the same: so people know that it still comes */
	if (list->len + t.held + t.released + t.kept == 0 && (!sg_hours_week_begins(hours, slot) ||
	    sg_hours_week_begins(hours, sg_hours_digest_before(hours, slot - 1))))
		return FALSE;
	v->waiting = list->len > 0 ? by_urgency(s, list) : g_strdup(sg_texts_word(s->texts, "digest.nothing"));
	v->late = late > 0 ? counted(s, "digest.past", late) : NULL;
	v->since = sg_texts_full_time(s->texts, since);
	v->what = what_became(s, &t);
	v->service = service(s, &st);
	digest_subject(s, list->len, late, v);
	return TRUE;
}

/* ---- the others ------------------------------------------------------------------------ */

/* The code is made now: until its mail goes nobody has one, and only its hash stays. */
static gboolean
contact_values(SgOffice *office, const SgSetup *s, const SgMailJob *j, gint64 now, SgValues *v, GError **error)
{
	char code[SG_CODE_LEN + 1];
	g_autofree char *path = NULL;
	SgContactState c;

	if (!sg_store_contact(office->store, j->address, &c, error) || c.confirmed > 0)
		return FALSE;
	sg_contact_code(code);
	if (!sg_store_contact_ask(office->store, j->address, code, now, error))
		return FALSE;
	v->code = g_strdup_printf("%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
	path = g_strconcat("confirm/", code, NULL);
	sg_letter_school(s, path, v);
	v->until = sg_texts_full_time(s->texts, now + SG_CONTACT_DAYS * 86400);
	return TRUE;
}

static void
account_values(const SgSetup *s, const SgMailJob *j, gint64 now, SgValues *v)
{
	g_autofree char *path = sg_other_fact(j, "path");

	sg_letter_school(s, path != NULL && is_path(path) ? path : "", v);
	v->account = sg_other_fact(j, "account");
	v->what = sg_other_fact(j, "what");
	v->by = sg_other_fact(j, "by");
	v->until = sg_other_fact(j, "until");
	v->role = sg_other_fact(j, "role");
	v->when = sg_texts_when(s->texts, j->made, now, FALSE);
}

GBytes *
sg_other_write(SgOffice *office, const SgSetup *s, const SgMailJob *j, gint64 now, GError **error)
{
	g_auto(SgValues) v = { 0 };

	if (strcmp(j->kind, "digest") == 0) {
		if (!digest_values(office, s, j, now, &v, error))
			return NULL;
		sg_letter_school(s, "queue", &v);
	} else if (strcmp(j->kind, "contact") == 0) {
		if (!contact_values(office, s, j, now, &v, error))
			return NULL;
	} else {
		account_values(s, j, now, &v);
	}
	return sg_letter_write(s, j->template, j->kind, j->address, &v, "", now, error);
}
