/* log - the status header of mail that goes on, and the facts on file. */
#include "act/kind.h"
#include "base/ref.h"

/* Mail that leaves says nothing about why, not even to its inside recipients:
 * all of them get the same bytes. */
static gboolean
leaves(const SgPlan *p)
{
	for (guint i = 0; i < p->verdict->lines->len; i++) {
		const SgLine *line = g_ptr_array_index(p->verdict->lines, i);

		if (p->what[i] <= SG_DO_DETACH && !sg_policy_inside(p->policy, line->address))
			return TRUE;
	}
	return FALSE;
}

static void
status_header(SgPlan *p)
{
	g_autofree char *shown = sg_ref_show(p->ref);
	g_autofree char *value = NULL;
	SgDo what = SG_DO_DETACH;

	while (what > SG_DO_DELIVER && p->n[what] == 0)
		what--;
	value = leaves(p) ? g_strdup_printf("checked; ref=%s", shown)
			  : g_strdup_printf("%s; ref=%s; v=1", sg_do_name(what), shown);
	sg_plan_edit(p, SG_EDIT_ADD_HEADER, "Schoolgate-Status", value);
}

static void
log_message(SgPlan *p)
{
	if (sg_plan_passing(p) > 0)
		status_header(p);
	/* a copy that is kept without a record would be a message lost */
	if (p->verdict->file || sg_plan_passing(p) < p->verdict->lines->len)
		p->effects->incident = p->incident;
}

const SgActionKind sg_a_log = { "log", SG_DO_N, NULL, log_message };
