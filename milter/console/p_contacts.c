/* p_contacts - who is told about messages, and whether mail to them is known to arrive. */
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/view.h"
#include "store/post.h"

static json_t *
row(const SgRequest *q, const char *role, const char *address, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	SgContactState c;

	if (!sg_store_contact(q->console->store, address, &c, &error)) {
		sg_refuse_error(r, "The contacts cannot be read just now.", error);
		return NULL;
	}
	return json_pack("{s:s s:s s:s s:o s:o}", "role", role, "address", address, "state",
	    c.confirmed > 0 ? "confirmed" : c.asked > 0 ? "asked" : "not asked", "asked", sg_view_time(c.asked),
	    "confirmed", sg_view_time(c.confirmed));
}

void
sg_p_contacts(const SgRequest *q, SgReply *r)
{
	static const char *const roles[] = { "lead", "deputy", "head", "chair", "out-of-hours", "dpo", "it" };
	json_t *rows = json_array();

	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		for (const char *const *a = sg_policy_contacts(q->setup->policy, roles[i]); *a != NULL; a++) {
			json_t *one = row(q, roles[i], *a, r);

			if (one == NULL) {
				json_decref(rows);
				return;
			}
			json_array_append_new(rows, one);
		}
	sg_reply(r, json_pack("{s:s s:o}", "title", "Contacts", "rows", rows));
}

/* What the link in the mail opens: a page with a button, and nothing more.  Mail systems open links
 * by themselves, so only the button confirms; the page does not tell whether the code is right. */
void
sg_p_confirm_form(const SgRequest *q, SgReply *r)
{
	sg_reply(r, json_pack("{s:s s:s s:b}", "title", "Confirm that our mail reaches you", "code", q->id, "is_done", 0));
}

void
sg_p_confirm(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *address = sg_store_contact_confirm(q->console->store, q->id,
	    q->who != NULL ? q->who->name : "contact", q->now, &error);

	if (address == NULL && error->code != SG_ERR_INPUT)
		sg_refuse_error(r, "This cannot be written down just now.", error);
	else if (address == NULL)
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "Nothing waits for this code.", error->message,
		    "Use the newest mail; Schoolgate sends another one after a week.");
	else	/* the page again, changed: the link is good for nothing else, so a reload does no harm */
		sg_reply(r, json_pack("{s:s s:s s:b}", "title", "Thank you", "code", q->id, "is_done", 1));
}
