#include <string.h>

#include "decide/inner.h"
#include "decide/relate.h"

typedef struct {
	const SgPolicy	*p;
	const SgMessage *m;
	const SgReading *r;
	const SgRelations *relations;
	SgVerdict	*v;
	SgParties	 who;
	SgEvidence	*evidence[SG_PRIV_N];	/* of each row            */
	GPtrArray	*parts;		/* to take out for the line in hand      */
	gboolean	*applied;	/* each row: to anybody at all           */
	const SgFinding *worst;
	const char	*nature;	/* category when no finding was asked for */
	guint		 nature_severity;
	gboolean	 tell;
} Judge;

static const SgRow *
row_at(const Judge *j, guint i)
{
	return g_ptr_array_index(j->p->rows, i);
}

/* mails.md 1: who may be told at once.  A list of what may, so that a category
 * nobody thought of stays silent. */
gboolean
sg_category_is_told(const char *category)
{
	static const char *const told[] = { "personal-data", "secrets", "profanity", "chain-letter",
		"commerce", "private-business", "unprofessional", "recipients", "protection", "file", "structure",
		"limit", NULL };

	return category != NULL && g_strv_contains(told, category);
}

static void
gather(Judge *j)
{
	guint n = j->p->rows->len;

	j->applied = g_new0(gboolean, n + 1);
	for (guint k = 0; k < SG_PRIV_N; k++) {
		j->evidence[k] = g_new0(SgEvidence, n + 1);
		for (guint i = 0; i < n; i++)
			j->evidence[k][i] = sg_row_evidence(
			    row_at(j, i), &j->who, j->m, j->r, (SgPrivilege)k);
	}
}

static void
add_once(GPtrArray *list, char *const *words)
{
	for (char *const *w = words; w != NULL && *w != NULL; w++)
		if (!g_ptr_array_find_with_equal_func(list, *w, g_str_equal, NULL))
			g_ptr_array_add(list, g_strdup(*w));
}

/* Parts to take out; when the row means something else too, the message is held instead. */
static SgDo
plan_detach(Judge *j, const SgRow *row)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

	if (!sg_row_parts(row, &j->who, j->m, j->r, parts) || parts->len == 0)
		return SG_DO_HOLD;
	g_ptr_array_add(parts, NULL);
	add_once(j->parts, (char *const *)parts->pdata);
	return SG_DO_DETACH;
}

/* What is taken out is gone for all who get the message: a line that asks for other parts
 * than the first one cannot have its own, and is held. */
static void
settle_parts(Judge *j, SgLine *line)
{
	gboolean same = j->v->detach->len == j->parts->len;

	if (line->what != SG_DO_DETACH)
		return;
	if (j->v->detach->len == 0) {
		g_ptr_array_add(j->parts, NULL);
		add_once(j->v->detach, (char *const *)j->parts->pdata);
		return;
	}
	for (guint i = 0; same && i < j->parts->len; i++)
		same = g_ptr_array_find_with_equal_func(j->v->detach,
		    g_ptr_array_index(j->parts, i), g_str_equal, NULL);
	if (!same)
		line->what = SG_DO_HOLD;
}

static const char *
nature_of(const SgRow *row)
{
	if (row->files != NULL)
		return "file";
	if ((row->flags & SG_FLAG_NOT_FULLY) != 0)
		return "limit";
	if (row->flags != 0)
		return "structure";
	return sg_relating_asks(&row->relation) ? "recipients" : "";
}

static void
note_cause(Judge *j, const SgRow *row, const SgEvidence *e, SgDo what)
{
	const SgFinding *f = e->worst;
	guint severity = what >= SG_DO_DETACH ? 3 : 1;

	if (f == NULL && severity > j->nature_severity) {
		j->nature = nature_of(row);
		j->nature_severity = severity;
	}
	if (f != NULL && (j->worst == NULL || f->severity > j->worst->severity ||
	    (f->severity == j->worst->severity && f->confidence > j->worst->confidence)))
		j->worst = f;
}

/* What a row does to one line.  A child who asks for help is not made to wait
 * because of the words it uses. */
static SgDo
effect_of(Judge *j, const SgRow *row, const SgEvidence *e, gboolean disclosure)
{
	if (disclosure && row->what < SG_DO_SEAL && e->worst != NULL &&
	    sg_finding_is_words(e->worst))
		return SG_DO_DELIVER;
	return row->what == SG_DO_DETACH ? plan_detach(j, row) : row->what;
}

static void
apply_row(Judge *j, SgLine *line, GString *ids, guint i, const SgEvidence *e, gboolean disclosure)
{
	const SgRow *row = row_at(j, i);
	SgDo what = effect_of(j, row, e, disclosure);

	g_string_append_printf(ids, "%s%s", ids->len > 0 ? "," : "", row->id);
	line->what = MAX(line->what, what);
	add_once(j->v->notify, row->notify);
	add_once(j->v->bcc, row->bcc);
	j->tell = j->tell || (row->tell_sender && what >= SG_DO_APPROVE);
	j->v->file = j->v->file || what >= SG_DO_DETACH || row->notify != NULL || row->log;
	note_cause(j, row, e, what);
}

static gboolean
is_disclosure(const SgRow *row, const SgEvidence *e)
{
	return !row->shadow && e->disclosure;
}

static SgPrivilege
privilege_of(const Judge *j, const char *recipient_class)
{
	if (strcmp(recipient_class, SG_PRIVILEGED) == 0)
		return SG_PRIV_SURE;
	if (strcmp(j->who.klass, SG_PRIVILEGED) != 0)
		return SG_PRIV_NO;
	return j->who.identity != NULL ? SG_PRIV_SURE : SG_PRIV_CLAIMED;
}

static gboolean
is_for_line(const Judge *j, guint row, const SgEvidence *e, const SgLine *line, SgRoute route, guint n)
{
	const SgRowRelation *people = &row_at(j, row)->relation;

	return e->holds && sg_row_for_line(row_at(j, row), line->klass, route) &&
	    sg_relating_message(people, j->relations) && sg_relating_line(people, j->relations, n);
}

static void
judge_line(Judge *j, guint n, gint64 now)
{
	const char *to = g_ptr_array_index(j->m->recipients, n);
	const char *klass = sg_policy_class_at(j->p, to, now);
	SgRoute route = sg_route_of(&j->who, sg_policy_inside(j->p, to));
	SgPrivilege privileged = privilege_of(j, klass);
	const SgEvidence *evidence = j->evidence[privileged];
	SgLine *line = sg_verdict_add(j->v, to, klass);
	g_autoptr(GString) ids = g_string_new(NULL);
	g_autofree gboolean *here = g_new0(gboolean, j->p->rows->len + 1);
	gboolean disclosure = FALSE;

	g_ptr_array_set_size(j->parts, 0);
	j->v->privileged = j->v->privileged || privileged != SG_PRIV_NO;
	for (guint i = 0; i < j->p->rows->len; i++) {
		here[i] = is_for_line(j, i, &evidence[i], line, route, n);
		disclosure = disclosure || (here[i] && is_disclosure(row_at(j, i), &evidence[i]));
		j->applied[i] = j->applied[i] || here[i];
	}
	for (guint i = 0; i < j->p->rows->len; i++)
		if (here[i] && !row_at(j, i)->shadow)
			apply_row(j, line, ids, i, &evidence[i], disclosure);
	settle_parts(j, line);
	j->v->disclosure = j->v->disclosure || disclosure;
	g_free(line->rows);
	line->rows = g_strdup(ids->str);
}

static char *
ids_of(const Judge *j, gboolean shadow)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < j->p->rows->len; i++)
		if (j->applied[i] && row_at(j, i)->shadow == shadow)
			g_string_append_printf(s, "%s%s", s->len > 0 ? "," : "", row_at(j, i)->id);
	return g_string_free(s, FALSE);
}

/* A possible indecent picture goes to nobody, whoever the row named. */
static void
settle_lines(SgVerdict *v)
{
	for (guint i = 0; i < v->lines->len; i++)
		v->strongest =
		    MAX(v->strongest, ((const SgLine *)g_ptr_array_index(v->lines, i))->what);
	for (guint i = 0; v->strongest == SG_DO_SEAL && i < v->lines->len; i++)
		((SgLine *)g_ptr_array_index(v->lines, i))->what = SG_DO_SEAL;
}

static void
name_cause(SgVerdict *v, const char *category, const char *area, guint severity)
{
	v->category = g_strdup(category);
	v->area = g_strdup(area);
	v->severity = severity;
}

static void
set_cause(Judge *j)
{
	SgVerdict *v = j->v;
	guint severity = MAX(j->worst != NULL ? j->worst->severity : 0, j->nature_severity);

	if (v->strongest == SG_DO_SEAL)
		name_cause(v, "sealed", "contact", 5);
	else if (v->disclosure)
		name_cause(v, "disclosure", "contact", MAX(severity, 4));
	else if (j->worst != NULL)
		name_cause(v, j->worst->category, j->worst->area, severity);
	else
		name_cause(v, j->nature, j->nature[0] != '\0' ? "system" : "", severity);
}

static gboolean
same_person(const char *a, const char *b)
{
	return a != NULL && b != NULL && sg_address_same(a, b);
}

static gboolean
is_party(const Judge *j, const char *address)
{
	if (same_person(address, j->m->sender) || same_person(address, j->who.identity))
		return TRUE;
	for (guint i = 0; i < j->m->recipients->len; i++)
		if (same_person(address, g_ptr_array_index(j->m->recipients, i)))
			return TRUE;
	return FALSE;
}

/* Is there somebody with this role who has no part in the message? */
static gboolean
role_is_free(const Judge *j, const char *role)
{
	for (const char *const *a = sg_policy_contacts(j->p, role); *a != NULL; a++)
		if (!is_party(j, *a))
			return TRUE;
	return FALSE;
}

/* The subject never hears: a role whose every holder has a part in the message is
 * replaced by the next one up.  When nobody is left the role stays: better told
 * than unseen. */
static void
climb(Judge *j)
{
	static const char *const up[] = { "head", "chair", NULL };
	g_autoptr(GPtrArray) asked = g_steal_pointer(&j->v->notify);

	j->v->notify = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < asked->len; i++) {
		const char *role = g_ptr_array_index(asked, i);
		const char *one[] = { role, NULL };

		for (guint k = 0; !role_is_free(j, one[0]) && up[k] != NULL; k++)
			if (role_is_free(j, up[k]))
				one[0] = up[k];
		add_once(j->v->notify, (char *const *)one);
	}
}

/* Nothing may be told when anything in the message is of a kind that is never told. */
static gboolean
may_tell(const Judge *j)
{
	if (!j->tell || j->who.identity == NULL || !sg_policy_inside(j->p, j->m->sender) ||
	    !sg_category_is_told(j->v->category))
		return FALSE;
	for (guint i = 0; i < j->r->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(j->r->findings, i);

		if (f->severity >= 2 && g_strcmp0(f->area, "system") != 0 &&
		    !sg_category_is_told(f->category))
			return FALSE;
	}
	return TRUE;
}

static void
set_reply(Judge *j)
{
	SgVerdict *v = j->v;
	gboolean inside = j->who.identity != NULL;
	SgSay say = SG_SAY_REFUSED;

	if (v->lines->len == 0 || sg_verdict_count(v, SG_DO_REJECT) != v->lines->len)
		return;
	if (strcmp(v->category, "malware") == 0)
		say = SG_SAY_MALWARE;
	else if (strcmp(v->category, "personal-data") == 0 &&
		 (g_strcmp0(j->worst->where, "attachment") == 0 ||
		     g_strcmp0(j->worst->where, "name") == 0))
		say = SG_SAY_ENCRYPT;
	sg_reply_set(v, j->p, say, inside);
}

SgVerdict *
sg_decide(const SgPolicy *p, const SgMessage *m, const SgReading *r, gint64 now)
{
	g_autoptr(SgRelations) relations = sg_relate(p, m, now);

	return sg_decide_related(p, m, r, relations, now);
}

SgVerdict *
sg_decide_related(const SgPolicy *p, const SgMessage *m, const SgReading *r, const SgRelations *relations,
    gint64 now)
{
	Judge j = { .p = p, .m = m, .r = r, .relations = relations, .v = sg_verdict_new(), .nature = "" };

	j.parts = g_ptr_array_new_with_free_func(g_free);
	sg_parties_init(&j.who, p, m, now);
	gather(&j);
	j.v->route = sg_route_whole(&j.who, m);
	j.v->sender_class = g_strdup(j.who.klass);
	j.v->flags = r->flags;
	for (guint i = 0; i < m->recipients->len; i++)
		judge_line(&j, i, now);
	settle_lines(j.v);
	set_cause(&j);
	climb(&j);
	j.v->rows = ids_of(&j, FALSE);
	j.v->shadow = ids_of(&j, TRUE);
	j.v->tell_sender = may_tell(&j);
	set_reply(&j);
	sg_parties_clear(&j.who);
	g_ptr_array_unref(j.parts);
	for (guint k = 0; k < SG_PRIV_N; k++)
		g_free(j.evidence[k]);
	g_free(j.applied);
	return j.v;
}
