/* notify - alerts to roles, and the held-notice to a sender inside.  The outbox
 * holds a template's name and to whom; never a word of the message. */
#include <string.h>

#include "act/kind.h"

static void
alert_roles(SgPlan *p)
{
	const char *template =
	    strcmp(p->incident->urgency, "urgent") == 0 ? "alert-urgent" : "alert";

	for (guint i = 0; i < p->verdict->notify->len; i++)
		sg_plan_mail(p, "alert", template, g_ptr_array_index(p->verdict->notify, i), "");
	/* whoever is told must be able to read; a refused message is still with its sender */
	if (p->verdict->notify->len > 0 && p->n[SG_DO_REJECT] == 0)
		p->effects->content = TRUE;
}

static const char *
notice_for(const char *category)
{
	if (strcmp(category, "personal-data") == 0)
		return "held-personal-data";
	if (strcmp(category, "protection") == 0)
		return "held-weak-lock";
	return strcmp(category, "recipients") == 0 ? "held-recipients" : "held-general";
}

static void
tell_sender(SgPlan *p)
{
	/* a program that answers by itself would be answered for ever (RFC 3834, 2) */
	if (!p->verdict->tell_sender || p->message->sender[0] == '\0' || p->message->automatic ||
	    p->n[SG_DO_HOLD] + p->n[SG_DO_APPROVE] == 0)
		return;
	sg_plan_mail(p, "notice", notice_for(p->incident->category), "", p->message->sender);
}

static void
notify_message(SgPlan *p)
{
	alert_roles(p);
	tell_sender(p);
}

const SgActionKind sg_a_notify = { "notify", SG_DO_N, NULL, notify_message };
