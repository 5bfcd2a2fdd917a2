/* deliver - the message goes on; it says that it was checked, and no more where it leaves. */
#include "act/kind.h"

static void
deliver_line(SgPlan *p, const SgLine *line)
{
	sg_plan_copy(p, line, SG_COPY_PASSED, SG_DO_DELIVER);
}

const SgActionKind sg_a_deliver = { "deliver", SG_DO_DELIVER, deliver_line, NULL };
