#include <string.h>

#include "act/kind.h"
#include "base/ref.h"
#include "decide/subject.h"

#define MAX_HITS 200	/* in the facts; the reading in the vault has all */

/* In the order they are planned: what happens to lines, then what is added. */
#define LINES X(deliver) X(tag) X(detach) X(reject) X(hold) X(approve) X(seal)
#define ACTIONS LINES X(bcc) X(notify) X(log) X(disclaim)

#define X(n) extern const SgActionKind sg_a_##n;
ACTIONS
#undef X

const SgActionKind *const sg_actions[] = {
#define X(n) &sg_a_##n,
	ACTIONS
#undef X
	NULL
};

static void
edit_free(gpointer data)
{
	SgEdit *e = data;

	g_free(e->name);
	g_free(e->value);
	g_free(e);
}

static void
mail_free(gpointer data)
{
	SgOutboxNew *o = data;

	g_free(o->kind);
	g_free(o->template);
	g_free(o->role);
	g_free(o->address);
	g_free(o);
}

void
sg_effects_free(SgEffects *e)
{
	if (e == NULL)
		return;
	g_ptr_array_unref(e->edits);
	g_ptr_array_unref(e->outbox);
	sg_incident_free(e->incident);
	sg_disclaimers_free(e->disclaimers);
	g_free(e->status);
	g_free(e->text);
	g_free(e);
}

guint
sg_plan_passing(const SgPlan *p)
{
	return p->n[SG_DO_DELIVER] + p->n[SG_DO_TAG] + p->n[SG_DO_DETACH];
}

SgEffects *
sg_effects_new(void)
{
	SgEffects *e = g_new0(SgEffects, 1);

	e->edits = g_ptr_array_new_with_free_func(edit_free);
	e->outbox = g_ptr_array_new_with_free_func(mail_free);
	return e;
}

void
sg_effects_edit(SgEffects *effects, SgEditKind kind, const char *name, const char *value)
{
	SgEdit *e = g_new0(SgEdit, 1);

	e->kind = kind;
	e->name = g_strdup(name);
	e->value = g_strdup(value);
	g_ptr_array_add(effects->edits, e);
}

void
sg_plan_edit(SgPlan *p, SgEditKind kind, const char *name, const char *value)
{
	sg_effects_edit(p->effects, kind, name, value);
}

void
sg_plan_mail(
    SgPlan *p, const char *kind, const char *template, const char *role, const char *address)
{
	SgOutboxNew *o = g_new0(SgOutboxNew, 1);

	o->kind = g_strdup(kind);
	o->template = g_strdup(template);
	o->role = g_strdup(role);
	o->address = g_strdup(address);
	o->not_before = p->now;
	g_ptr_array_add(p->effects->outbox, o);
}

void
sg_plan_copy(SgPlan *p, const SgLine *line, SgCopyState state, SgDo what)
{
	sg_incident_add_copy(p->incident, line->address, line->klass, state, sg_do_name(what));
}

void
sg_plan_keep(SgPlan *p, const SgLine *line, SgDo what)
{
	sg_plan_copy(p, line, SG_COPY_WAITING, what);
	if (sg_plan_passing(p) > 0)	/* with nobody left the message is discarded whole */
		sg_plan_edit(p, SG_EDIT_DEL_RCPT, NULL, line->address);
}

/* Each line's action as it can be carried out.  A refusal is one answer for all
 * recipients, and a part taken out is gone for all: where either is meant for
 * some only, those are held. */
static void
settle(SgPlan *p)
{
	const SgVerdict *v = p->verdict;
	guint lines = v->lines->len;
	gboolean all_reject = sg_verdict_count(v, SG_DO_REJECT) == lines;
	guint passing = sg_verdict_count(v, SG_DO_DELIVER) + sg_verdict_count(v, SG_DO_TAG);
	gboolean may_detach = passing == 0 && v->detach->len > 0;

	for (guint i = 0; i < lines; i++) {
		SgDo what = ((const SgLine *)g_ptr_array_index(v->lines, i))->what;

		if ((what == SG_DO_REJECT && !all_reject) || (what == SG_DO_DETACH && !may_detach))
			what = SG_DO_HOLD;
		p->what[i] = what;
		p->n[what]++;
	}
}

static const SgFinding **
worst_first(const SgReading *r, guint *n)
{
	guint all = r != NULL ? r->findings->len : 0;
	const SgFinding **list = g_new0(const SgFinding *, all + 1);

	*n = 0;
	for (guint severity = 6; severity-- > 0;)
		for (guint i = 0; i < all; i++) {
			const SgFinding *f = g_ptr_array_index(r->findings, i);

			if (MIN(f->severity, 5) == severity)
				list[(*n)++] = f;
		}
	return list;
}

static void
add_hits(SgIncident *incident, const SgReading *r)
{
	guint n;
	g_autofree const SgFinding **list = worst_first(r, &n);

	for (guint i = 0; i < MIN(n, MAX_HITS); i++) {
		SgHit *h = sg_incident_add_hit(incident);

		h->rule = g_strdup(list[i]->rule);
		h->title = g_strdup(list[i]->title);
		h->category = g_strdup(list[i]->category);
		h->area = g_strdup(list[i]->area);
		h->where = g_strdup(list[i]->where);
		h->part = g_strdup(list[i]->part);
		h->severity = list[i]->severity;
		h->confidence = list[i]->confidence;
		h->count = list[i]->count;
		h->disguised = list[i]->disguised;
	}
}

static char *
or_empty(const char *s)
{
	return g_strdup(s != NULL ? s : "");
}

static SgIncident *
start_incident(const SgPlan *p)
{
	const SgVerdict *v = p->verdict;
	const SgMessage *m = p->message;
	SgIncident *i = sg_incident_new();

	i->ref = g_strdup(p->ref);
	i->created = p->now;
	i->origin.dedupe = or_empty(m->dedupe);
	i->origin.content_hash = or_empty(m->content_hash);
	i->origin.sender = or_empty(m->sender);
	i->origin.sender_class = or_empty(v->sender_class);
	i->origin.client = or_empty(m->client);
	i->origin.queue_id = or_empty(m->queue_id);
	i->origin.message_id = or_empty(m->message_id);
	i->origin.mail_args = or_empty(m->mail_args);
	i->origin.authenticated = m->authenticated;
	i->origin.own_id = sg_message_has_own_id(m);
	i->origin.size = m->bytes != NULL ? g_bytes_get_size(m->bytes) : 0;
	i->route = g_strdup(sg_route_name(v->route));
	i->category = or_empty(v->category);
	i->area = or_empty(v->area);
	i->severity = v->severity;
	i->urgency = g_strdup(sg_urgency_for(v->severity, i->category));
	i->rows = or_empty(v->rows);
	i->flags = v->flags;
	i->failure = or_empty(v->failure);
	i->disclosure = v->disclosure;
	i->privileged = v->privileged;
	i->version = 1;
	i->taken_by = or_empty(NULL);
	i->decision = or_empty(NULL);
	i->decided_by = or_empty(NULL);
	/* nobody needs to look at what nobody holds, but for a child who asks for help */
	if (p->n[SG_DO_HOLD] + p->n[SG_DO_APPROVE] + p->n[SG_DO_SEAL] > 0 || v->disclosure)
		i->look_by = sg_hours_look_by(sg_policy_hours(p->policy), i->urgency, p->now);
	add_hits(i, p->reading);
	sg_subjects_find(p->policy, p->reading, i->subjects);
	return i;
}

static void
run_actions(SgPlan *p)
{
	for (guint k = 0; sg_actions[k] != NULL; k++) {
		const SgActionKind *a = sg_actions[k];

		for (guint i = 0; a->line != NULL && i < p->verdict->lines->len; i++)
			if (p->what[i] == a->what)
				a->line(p, g_ptr_array_index(p->verdict->lines, i));
		if (a->message != NULL && (a->what == SG_DO_N || p->n[a->what] > 0))
			a->message(p);
	}
}

/* An answer other than "yes": from the verdict, with the reference filled in. */
static void
set_reply(SgPlan *p)
{
	const SgVerdict *v = p->verdict;
	g_autofree char *shown = sg_ref_show(p->ref);
	GString *text =
	    g_string_new(v->reply_text != NULL ? v->reply_text : "Not accepted. ref {ref}");

	g_string_replace(text, "{ref}", shown, 1);
	p->effects->end = SG_END_REPLY;
	p->effects->code = v->reply_code != 0 ? v->reply_code : 550;
	p->effects->status = g_strdup(v->reply_status != NULL ? v->reply_status : "5.7.1");
	p->effects->text = g_string_free(text, FALSE);
}

SgEffects *
sg_act_plan(const SgVerdict *v, const SgPolicy *policy, const SgMessage *m, const SgReading *r,
    const char *ref, gint64 now)
{
	SgEffects *e = sg_effects_new();
	g_autofree SgDo *what = g_new0(SgDo, v->lines->len + 1);
	SgPlan p = { v, policy, m, r, ref, now, what, { 0 }, NULL, e };

	settle(&p);
	p.incident = start_incident(&p);
	if (v->reply_code != 0 && p.n[SG_DO_REJECT] == 0)
		set_reply(&p);		/* something broke: nothing but the answer */
	else {
		run_actions(&p);
		if (v->lines->len > 0 && p.n[SG_DO_REJECT] == v->lines->len)
			set_reply(&p);
		else if (v->lines->len > 0 && sg_plan_passing(&p) == 0)
			e->end = SG_END_DISCARD;
	}
	if (e->incident == NULL)
		sg_incident_free(p.incident);
	return e;
}

void
sg_act_without_detach(SgVerdict *v)
{
	for (guint i = 0; i < v->lines->len; i++) {
		SgLine *line = g_ptr_array_index(v->lines, i);

		if (line->what == SG_DO_DETACH)
			line->what = SG_DO_HOLD;
	}
	g_ptr_array_set_size(v->detach, 0);
	if (v->strongest == SG_DO_DETACH)
		v->strongest = SG_DO_HOLD;
}

void
sg_act_without_disclaimers(SgVerdict *v)
{
	v->untouched = TRUE;
}
