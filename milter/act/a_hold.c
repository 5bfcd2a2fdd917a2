/* hold - the copy waits for a person; a sender inside may be told, nobody else is. */

#include "act/kind.h"

static void
hold_line(SgPlan *p, const SgLine *line)
{
	sg_plan_keep(p, line, SG_DO_HOLD);
}

static void
hold_message(SgPlan *p)
{
	p->effects->content = TRUE;
}

const SgActionKind sg_a_hold = { "hold", SG_DO_HOLD, hold_line, hold_message };
