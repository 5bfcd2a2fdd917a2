/* approve - waits like a held copy; asking a teacher comes with the approvals. */
#include "act/kind.h"

static void
approve_line(SgPlan *p, const SgLine *line)
{
	sg_plan_keep(p, line, SG_DO_APPROVE);
}

static void
approve_message(SgPlan *p)
{
	p->effects->content = TRUE;
}

const SgActionKind sg_a_approve = { "approve", SG_DO_APPROVE, approve_line, approve_message };
