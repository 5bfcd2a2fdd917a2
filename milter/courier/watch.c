#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "courier/smtp.h"
#include "courier/watch.h"
#include "store/post.h"

enum {
	SOME = 200,		/* rungs of one transaction: mail must go on meanwhile */
	DIGEST_LATE = 6 * 3600,	/* seconds; one that is later says nothing new */
	ASK_AGAIN = 7 * 86400,	/* seconds between two requests to confirm */
};

/* console.md 6.2.  The last row of an urgency comes again and again, one without roles ends it. */
typedef struct Step {
	const char *urgency;
	gint64	    after;		/* seconds since the step before	*/
	const char *roles[4];		/* at school			*/
	const char *template;		/* NULL: nobody is told here	*/
} Step;

static const Step steps[] = {
	{ "urgent", 0, { "deputy" }, "alert-urgent" },
	{ "urgent", 30 * 60, { "head" }, "alert-urgent-again" },
	{ "urgent", 30 * 60, { "lead", "deputy", "head" }, "alert-urgent-again" },
	{ "high", 0, { NULL }, NULL },
	{ "high", 2 * 3600, { "deputy" }, "alert-again" },
};

#define OUT_OF_HOURS "out-of-hours"

/* The nth step of this urgency, the last one for ever when it is urgent; NULL: no more. */
static const Step *
step_of(const char *urgency, guint n)
{
	const Step *last = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		if (strcmp(steps[i].urgency, urgency) != 0)
			continue;
		if (n-- == 0)
			return &steps[i];
		last = &steps[i];
	}
	return strcmp(urgency, "urgent") == 0 ? last : NULL;
}

gboolean
sg_watch_out_of_hours(const SgSetup *s, gint64 now)
{
	return !sg_hours_open(sg_policy_hours(s->policy), now) &&
	    sg_policy_contacts(s->policy, OUT_OF_HOURS)[0] != NULL;
}

/* Time for a step counts in school hours, unless somebody is there out of them. */
static gint64
later(const SgSetup *s, const char *urgency, gint64 now, gint64 seconds)
{
	gboolean any = strcmp(urgency, "urgent") == 0 && sg_policy_contacts(s->policy, OUT_OF_HOURS)[0] != NULL;

	return any ? now + seconds : sg_hours_add(sg_policy_hours(s->policy), now, seconds);
}

const char *
sg_watch_next_role(const SgSetup *s, const char *urgency, gint64 now, gint64 *when)
{
	const Step *next = step_of(urgency, 1);

	if (next == NULL)
		return NULL;
	*when = later(s, urgency, now, next->after);
	return strcmp(urgency, "urgent") == 0 && sg_watch_out_of_hours(s, *when) ? OUT_OF_HOURS : next->roles[0];
}

static void
job_free(gpointer j)
{
	sg_mail_job_free(j);
}

static SgMailJob *
job(const char *kind, const char *template, const char *role, const char *address, gint64 now)
{
	SgMailJob *j = g_new0(SgMailJob, 1);

	j->kind = g_strdup(kind);
	j->template = g_strdup(template);
	j->role = g_strdup(role);
	j->address = g_strdup(address);
	j->not_before = now;
	return j;
}

/* ---- the ladder ------------------------------------------------------------------ */

static void
plan_rung(const SgSetup *s, SgCall *r, gint64 now)
{
	const Step *this = step_of(r->urgency, r->step), *next = step_of(r->urgency, r->step + 1);
	gboolean out = strcmp(r->urgency, "urgent") == 0 && sg_watch_out_of_hours(s, now);

	r->mails = g_ptr_array_new_with_free_func(job_free);
	/* a high message that came while the courier was away has used up some of its two hours */
	r->next = next == NULL ? 0 : later(s, r->urgency, r->step == 0 ? r->created : now, next->after);
	if (this == NULL || this->template == NULL)
		return;
	r->next = next == NULL ? 0 : later(s, r->urgency, now, next->after);
	for (guint i = 0; !out && i < G_N_ELEMENTS(this->roles) && this->roles[i] != NULL; i++)
		g_ptr_array_add(r->mails, job("alert", this->template, this->roles[i], "", now));
	if (out)
		g_ptr_array_add(r->mails, job("alert", this->template, OUT_OF_HOURS, "", now));
}

static gboolean
climb(SgOffice *office, const SgSetup *s, gint64 now, GError **error)
{
	guint n = SOME;

	while (n == SOME) {
		g_autoptr(GPtrArray) rungs = sg_store_ladder_due(office->store, now, SOME, error);

		if (rungs == NULL)
			return FALSE;
		n = rungs->len;
		for (guint i = 0; i < n; i++) {
			SgCall *r = g_ptr_array_index(rungs, i);
			g_autofree char *step = g_strdup_printf("%u", r->step);

			plan_rung(s, r, now);
			if (r->step > 0)
				sg_log(SG_LOG_NOTICE, "nobody-looked", "ref", r->ref, "urgency", r->urgency, "step",
				    step, NULL);
		}
		if (n > 0 && !sg_store_ladder_climb(office->store, rungs, now, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- the digest -------------------------------------------------------------------- */

/* Addresses of these roles, each once. */
static GPtrArray *
people(const SgSetup *s, char *const *roles)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	for (; roles != NULL && *roles != NULL; roles++)
		for (const char *const *a = sg_policy_contacts(s->policy, *roles); *a != NULL; a++)
			if (**a != '\0' && sg_smtp_bad_address(*a) == NULL &&
			    !g_ptr_array_find_with_equal_func(list, *a, g_str_equal, NULL))
				g_ptr_array_add(list, g_strdup(*a));
	return list;
}

gboolean
sg_watch_reads_digest(const SgSetup *s, const char *address)
{
	g_autoptr(GPtrArray) list = people(s, s->options->courier.digest_roles);

	return g_ptr_array_find_with_equal_func(list, address, g_str_equal, NULL);
}

gint64
sg_watch_alert_time(const SgSetup *s, const char *urgency, gint64 made, gint64 now)
{
	static const char *const words[] = { "urgent", "high", "medium", "low" };
	gint64 digest = sg_hours_digest_after(sg_policy_hours(s->policy), made);

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i], urgency) == 0)
			return now;
		if (strcmp(words[i], s->options->courier.alert_from) == 0)
			break;
	}
	return digest > 0 ? MAX(digest, now) : now;
}

static gboolean
digest(SgOffice *office, const SgSetup *s, gint64 now, GError **error)
{
	gint64 slot = sg_hours_digest_before(sg_policy_hours(s->policy), now), mark = 0;
	g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(job_free);
	g_autoptr(GPtrArray) list = NULL;

	if (slot == 0 || !sg_store_mark(office->store, "digest", &mark, error))
		return slot == 0;
	if (mark >= slot)
		return TRUE;
	list = people(s, s->options->courier.digest_roles);
	/* a new store has nothing to tell of a time before it was there */
	for (guint i = 0; mark > 0 && now - slot < DIGEST_LATE && i < list->len; i++) {
		SgMailJob *j = job("digest", "digest", "", list->pdata[i], now);

		j->about = g_strdup_printf("since=%" G_GINT64_FORMAT "\nslot=%" G_GINT64_FORMAT, mark, slot);
		g_ptr_array_add(mails, j);
	}
	return sg_store_post(office->store, "digest", slot, mails, now, error);
}

/* ---- contacts ------------------------------------------------------------------------ */

static gboolean
ask(SgOffice *office, const SgSetup *s, gint64 now, GError **error)
{
	static const char *const roles[] = { "lead", "deputy", "head", "chair", "dpo", "it", OUT_OF_HOURS, NULL };
	g_autoptr(GPtrArray) list = people(s, (char *const *)(gintptr)roles);

	for (guint i = 0; i < list->len; i++) {
		g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(job_free);
		char code[SG_CODE_LEN + 1];
		SgContactState c;

		if (!sg_store_contact(office->store, list->pdata[i], &c, error))
			return FALSE;
		if (c.confirmed > 0 || (c.asked > 0 && c.asked + ASK_AGAIN > now && c.asked <= now))
			continue;
		/* the code that goes out is made when the mail is; until then nobody knows one */
		sg_contact_code(code);
		g_ptr_array_add(mails, job("contact", "contact-confirm", "", list->pdata[i], now));
		if (!sg_store_contact_ask(office->store, list->pdata[i], code, now, error) ||
		    !sg_store_post(office->store, NULL, 0, mails, now, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_watch_tick(SgOffice *office, const SgSetup *s, gint64 now, GError **error)
{
	return climb(office, s, now, error) && digest(office, s, now, error) && ask(office, s, now, error);
}
