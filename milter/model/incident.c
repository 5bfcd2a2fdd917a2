#include "model/incident.h"

static const char *const state_names[SG_COPY_N] = {
	[SG_COPY_PASSED] = "passed", [SG_COPY_REJECTED] = "rejected", [SG_COPY_WAITING] = "waiting",
	[SG_COPY_RELEASING] = "releasing", [SG_COPY_SENDING] = "sending",
	[SG_COPY_RELEASED] = "released", [SG_COPY_REFUSED] = "refused",
	[SG_COPY_UNCLEAR] = "unclear", [SG_COPY_WITHHELD] = "withheld",
	[SG_COPY_RETURNED] = "returned",
};

/* One row a category: what people call it (console.md 8), and whether it cannot wait. */
static const struct {
	const char *category, *label;
	gboolean    urgent;
} categories[] = {
	{ "bullying", "Bullying or insults", FALSE },
	{ "report-of-bullying", "Somebody reports bullying", FALSE },
	{ "threat", "Threat", FALSE },
	{ "violence", "Threat", FALSE },
	{ "hate", "Racism or hate", FALSE },
	{ "sexual", "Sexual content", FALSE },
	{ "sexual-imagery", "Request for pictures", TRUE },
	{ "grooming", "Possible unsafe contact with an adult", TRUE },
	{ "meeting", "Arranging to meet", FALSE },
	{ "extremism", "Extremism", FALSE },
	{ "self-harm", "Self-harm or suicide", TRUE },
	{ "eating-disorder", "Eating disorder", FALSE },
	{ "disclosure", "Somebody asks for help", TRUE },
	{ "drugs", "Drugs or alcohol", FALSE },
	{ "weapons", "Weapons", FALSE },
	{ "crime", "Crime", FALSE },
	{ "gambling", "Gambling", FALSE },
	{ "profanity", "Strong language", FALSE },
	{ "unprofessional", "Unprofessional tone", FALSE },
	{ "commerce", "Selling or advertising", FALSE },
	{ "private-business", "Private business", FALSE },
	{ "bypass", "Getting round the filter", FALSE },
	{ "chain-letter", "Chain letter", FALSE },
	{ "personal-data", "Personal data", FALSE },
	{ "secrets", "Password or access code", FALSE },
	{ "recipients", "Perhaps the wrong recipients", FALSE },
	{ "malware", "Harmful file", FALSE },
	{ "protection", "File with a weak lock", FALSE },
	{ "file", "File that is not allowed", FALSE },
	{ "structure", "Could not be read safely", FALSE },
	{ "limit", "Could not be checked in full", FALSE },
	{ "sealed", "Possible indecent picture", TRUE },
};

static void
copy_free(gpointer p)
{
	SgCopy *c = p;

	g_free(c->address);
	g_free(c->klass);
	g_free(c->action);
	g_free(c->answer);
	g_free(c);
}

static void
hit_free(gpointer p)
{
	SgHit *h = p;

	g_free(h->rule);
	g_free(h->title);
	g_free(h->category);
	g_free(h->area);
	g_free(h->where);
	g_free(h->part);
	g_free(h);
}

SgIncident *
sg_incident_new(void)
{
	SgIncident *i = g_new0(SgIncident, 1);

	i->copies = g_ptr_array_new_with_free_func(copy_free);
	i->hits = g_ptr_array_new_with_free_func(hit_free);
	i->subjects = g_ptr_array_new_with_free_func(g_free);
	return i;
}

void
sg_incident_free(SgIncident *i)
{
	if (i == NULL)
		return;
	g_ptr_array_unref(i->copies);
	g_ptr_array_unref(i->hits);
	g_ptr_array_unref(i->subjects);
	g_free(i->ref);
	g_free(i->origin.dedupe);
	g_free(i->origin.content_hash);
	g_free(i->origin.sender);
	g_free(i->origin.sender_class);
	g_free(i->origin.client);
	g_free(i->origin.queue_id);
	g_free(i->origin.message_id);
	g_free(i->origin.mail_args);
	g_free(i->route);
	g_free(i->category);
	g_free(i->area);
	g_free(i->urgency);
	g_free(i->rows);
	g_free(i->failure);
	g_free(i->taken_by);
	g_free(i->decision);
	g_free(i->decided_by);
	g_free(i);
}

SgCopy *
sg_incident_add_copy(SgIncident *i, const char *address, const char *klass, SgCopyState state, const char *action)
{
	SgCopy *c = g_new0(SgCopy, 1);

	c->address = g_strdup(address);
	c->klass = g_strdup(klass);
	c->state = state;
	c->action = g_strdup(action);
	c->answer = g_strdup("");
	g_ptr_array_add(i->copies, c);
	return c;
}

SgHit *
sg_incident_add_hit(SgIncident *i)
{
	SgHit *h = g_new0(SgHit, 1);

	g_ptr_array_add(i->hits, h);
	return h;
}

guint
sg_incident_count(const SgIncident *i, SgCopyState s)
{
	guint n = 0;

	for (guint k = 0; k < i->copies->len; k++)
		n += ((const SgCopy *)g_ptr_array_index(i->copies, k))->state == s;
	return n;
}

const char *
sg_copy_state_name(SgCopyState s)
{
	return s < SG_COPY_N ? state_names[s] : "?";
}

gboolean
sg_copy_state_parse(const char *s, SgCopyState *out)
{
	for (guint i = 0; i < SG_COPY_N; i++)
		if (g_strcmp0(s, state_names[i]) == 0) {
			*out = (SgCopyState)i;
			return TRUE;
		}
	return FALSE;
}

const char *
sg_category_label(const char *category)
{
	for (gsize i = 0; i < G_N_ELEMENTS(categories); i++)
		if (g_strcmp0(category, categories[i].category) == 0)
			return categories[i].label;
	return "Other";
}

const char *
sg_urgency_for(guint severity, const char *category)
{
	if (severity >= 5)
		return "urgent";
	for (gsize i = 0; i < G_N_ELEMENTS(categories); i++)
		if (severity >= 4 && categories[i].urgent && g_strcmp0(category, categories[i].category) == 0)
			return "urgent";
	if (severity >= 4)
		return "high";
	return severity >= 3 ? "medium" : "low";
}
