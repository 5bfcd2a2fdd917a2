/* seal - a possible indecent picture: goes to nobody, and nobody may look.  The
 * message is filed as evidence, sealed; store and console show facts only. */
#include "act/kind.h"

static void
seal_line(SgPlan *p, const SgLine *line)
{
	sg_plan_keep(p, line, SG_DO_SEAL);
}

static void
seal_message(SgPlan *p)
{
	p->incident->sealed = TRUE;
	p->effects->content = TRUE;
}

const SgActionKind sg_a_seal = { "seal", SG_DO_SEAL, seal_line, seal_message };
