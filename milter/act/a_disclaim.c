/* disclaim - the school's texts for those who get the message now. */
#include "act/kind.h"

/* A release hands in the whole message without a mark: not where a part was taken out or the
 * copy is tagged, and of what is sealed nothing is released at all.  Nor without a Message-ID:
 * the same words sent once more within the hour would be taken for a retry, and vanish for
 * those whose copy was handed in.  Then all get the text. */
static gboolean
may_keep_apart(const SgPlan *p, guint now)
{
	const guint n = p->effects->disclaimers->apart->len;

	return n > 0 && n < now && p->message->sender[0] != '\0' && sg_message_has_own_id(p->message) &&
	    p->n[SG_DO_TAG] + p->n[SG_DO_DETACH] + p->n[SG_DO_SEAL] == 0;
}

/* "split": the others' copies stay as they are, so these leave the envelope and are kept
 * as decided already; the courier hands them in at once. */
static void
keep_apart(SgPlan *p)
{
	const GPtrArray *apart = p->effects->disclaimers->apart;

	for (guint i = 0; i < apart->len; i++) {
		const char *address = g_ptr_array_index(apart, i);

		for (guint k = 0; k < p->incident->copies->len; k++) {
			SgCopy *c = g_ptr_array_index(p->incident->copies, k);

			if (c->state == SG_COPY_PASSED && g_strcmp0(c->address, address) == 0)
				c->state = SG_COPY_RELEASING;
		}
		sg_plan_edit(p, SG_EDIT_DEL_RCPT, NULL, address);
	}
	p->effects->content = TRUE;
	p->effects->incident = p->incident;
}

static void
disclaim_message(SgPlan *p)
{
	g_autoptr(GPtrArray) now = g_ptr_array_new();
	SgDisclaimers *d;

	for (guint i = 0; i < p->verdict->lines->len; i++)
		if (p->what[i] <= SG_DO_DETACH)
			g_ptr_array_add(now, ((const SgLine *)g_ptr_array_index(p->verdict->lines, i))->address);
	if (now->len == 0 || p->verdict->untouched)
		return;
	d = p->effects->disclaimers = sg_disclaimers_for(p->policy, p->message, now, p->now);
	if (d != NULL && may_keep_apart(p, now->len))
		keep_apart(p);
	else if (d != NULL)
		g_ptr_array_set_size(d->apart, 0);
}

const SgActionKind sg_a_disclaim = { "disclaim", SG_DO_N, NULL, disclaim_message };
