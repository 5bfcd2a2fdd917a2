/* failure - the one place that decides when something broke. */
#include <string.h>

#include "decide/inner.h"

#define POISON 3	/* failures of one content after which a person is asked */

static void
add_lines(SgVerdict *v, const SgPolicy *p, const SgMessage *m, SgDo what, gint64 now)
{
	for (guint i = 0; i < m->recipients->len; i++) {
		const char *to = g_ptr_array_index(m->recipients, i);
		SgLine *line = sg_verdict_add(v, to, sg_policy_class_at(p, to, now));

		line->what = what;
	}
	v->strongest = what;
}

static void
ask_people(SgVerdict *v, const SgPolicy *p)
{
	static const char *const roles[] = { "lead", "it" };

	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		if (sg_policy_contacts(p, roles[i])[0] != NULL)
			g_ptr_array_add(v->notify, g_strdup(roles[i]));
}

SgVerdict *
sg_decide_failure(const SgPolicy *p, const SgMessage *m, SgFailure what, guint times)
{
	SgVerdict *v = sg_verdict_new();
	gboolean held = what == SG_FAIL_CONTENT && times >= POISON;
	SgParties w;

	sg_parties_init(&w, p, m, m->arrived);
	v->route = sg_route_whole(&w, m);
	v->sender_class = g_strdup(w.klass);
	v->category = g_strdup(held ? "structure" : "");
	v->area = g_strdup(held ? "system" : "");
	v->rows = g_strdup("");
	v->shadow = g_strdup("");
	add_lines(v, p, m, held ? SG_DO_HOLD : SG_DO_DELIVER, m->arrived);
	if (held) {
		v->failure = g_strdup("could not be scanned");
		v->severity = 3;
		v->file = TRUE;
		v->flags = SG_FLAG_NOT_FULLY;
		ask_people(v, p);
	} else
		sg_reply_set(v, p, what == SG_FAIL_TOO_LARGE ? SG_SAY_TOO_LARGE : SG_SAY_LATER,
		    w.identity != NULL);
	sg_parties_clear(&w);
	return v;
}
