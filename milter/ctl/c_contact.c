/* c_contact - whether mail reaches those who are told about messages. */
#include "ctl/ask.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

SgExit
sg_c_contact_list(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "ROLE", "role", SG_COL_TEXT, 0 }, { "ADDRESS", "address", SG_COL_TEXT, 9 },
		{ "STATE", "state", SG_COL_TEXT, 0 }, { "CONFIRMED", "confirmed", SG_COL_TIME, 5 },
	};
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = sg_ask(c, "/contacts", NULL, "the contacts are not known", &a);

	if (code != SG_EXIT_OK)
		return code;
	return sg_out_rows(c, json_object_get(a.body, "rows"), columns, G_N_ELEMENTS(columns))
	    ? SG_EXIT_OK : SG_EXIT_USAGE;
}

SgExit
sg_c_contact_verify(SgCtl *c)
{
	g_auto(SgAnswer) a = { 0, NULL };
	g_autofree char *typed = g_strdup(sg_ctl_arg(c, 0)), *path = NULL;
	SgExit code;

	for (char *p = typed; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p))
			*p = '-';
	path = g_strconcat("/confirm/", typed, NULL);
	code = sg_ask(c, path, json_object(), "nothing was confirmed", &a);
	if (code == SG_EXIT_OK)
		sg_ctl_say(c, "Confirmed: mail reaches this contact.");
	return code;
}
