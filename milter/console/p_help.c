#include <string.h>

#include "console/sheet.h"

/* Where somebody's day begins. */
static const struct {
	guint	    roles;
	const char *path;
} homes[] = {
	{ SG_ROLE_CONTENT, "/queue" },
	{ SG_ROLE_GOVERNOR, "/reports" },
	{ SG_ROLE_IT, "/health" },
};

void
sg_p_home(const SgRequest *q, SgReply *r)
{
	const char *path = "/me";

	for (gsize i = 0; i < G_N_ELEMENTS(homes); i++)
		if (((guint)q->who->role & homes[i].roles) != 0)
			path = homes[i].path;
	if (q->html)
		sg_reply_see(r, "%s", path);
	else
		sg_reply(r, json_pack("{s:s s:s}", "title", "Home", "path", path));
}

/* The texts are the templates'; whom to call is the school's. */
static void
text_page(const SgRequest *q, SgReply *r, const char *title)
{
	const SgOptions *o = q->setup->options;
	json_t *contact = json_pack("{s:s s:s s:s}", "name", o->school.help_name, "address",
	    o->school.help_address, "phone", o->school.help_phone);

	sg_reply(r, json_pack("{s:s s:o s:I s:I s:I}", "title", title, "contact", contact, "keep_days",
	    (json_int_t)o->store.keep_days, "trace_days", (json_int_t)o->store.trace_days,
	    "undo_seconds", (json_int_t)o->courier.undo));
}

void
sg_p_help(const SgRequest *q, SgReply *r)
{
	text_page(q, r, "Help and who to call");
}

void
sg_p_wellbeing(const SgRequest *q, SgReply *r)
{
	text_page(q, r, "Support for reviewers");
	if (q->who != NULL && r->body != NULL)
		sg_sheet_week(q, r->body);
}

void
sg_p_accessibility(const SgRequest *q, SgReply *r)
{
	text_page(q, r, "Accessibility");
}

void
sg_p_privacy(const SgRequest *q, SgReply *r)
{
	text_page(q, r, "Privacy notice");
}
