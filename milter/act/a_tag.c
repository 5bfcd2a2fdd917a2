/* tag - the message goes on, and its Schoolgate-Status says "tag". */
#include "act/kind.h"

static void
tag_line(SgPlan *p, const SgLine *line)
{
	sg_plan_copy(p, line, SG_COPY_PASSED, SG_DO_TAG);
}

const SgActionKind sg_a_tag = { "tag", SG_DO_TAG, tag_line, NULL };
