/* reject - the whole message is refused; its sender's own server tells them.  The
 * message stays with the sender: we keep facts, and no content. */
#include "act/kind.h"

static void
reject_line(SgPlan *p, const SgLine *line)
{
	sg_plan_copy(p, line, SG_COPY_REJECTED, SG_DO_REJECT);
}

const SgActionKind sg_a_reject = { "reject", SG_DO_REJECT, reject_line, NULL };
