/* bcc - one more recipient in the envelope; in no header, notice or copy list. */
#include "act/kind.h"

static void
bcc_message(SgPlan *p)
{
	for (guint i = 0; sg_plan_passing(p) > 0 && i < p->verdict->bcc->len; i++)
		sg_plan_edit(p, SG_EDIT_ADD_RCPT, NULL, g_ptr_array_index(p->verdict->bcc, i));
}

const SgActionKind sg_a_bcc = { "bcc", SG_DO_N, NULL, bcc_message };
