/* reply - the words the mail server answers with.  They end up in a bounce that
 * somebody else's server writes, so each must make sense alone; no rule names. */
#include <string.h>

#include "decide/inner.h"

static const struct {
	guint	    code;
	const char *status;
	const char *inside, *outside;
} replies[] = {
	[SG_SAY_REFUSED] = { 550, "5.7.1",
	    "Not sent: our mail rules do not allow this content. Ask {help}, ref {ref}",
	    "{school}: message not accepted by our mail rules. Help: {help} ref {ref}" },
	[SG_SAY_MALWARE] = { 550, "5.7.1",
	    "{school}: attachment refused as harmful. Help: {help} ref {ref}",
	    "{school}: attachment refused as harmful. Help: {help} ref {ref}" },
	[SG_SAY_ENCRYPT] = { 550, "5.7.1",
	    "Not sent: please encrypt the attached file. Ask {help}, ref {ref}",
	    "{school}: message not accepted by our mail rules. Help: {help} ref {ref}" },
	[SG_SAY_TOO_LARGE] = { 552, "5.3.4",
	    "{school}: message too large to check. Help: {help} ref {ref}",
	    "{school}: message too large to check. Help: {help} ref {ref}" },
	[SG_SAY_LATER] = { 451, "4.7.1",
	    "{school}: mail checks busy, please try again later. ref {ref}",
	    "{school}: mail checks busy, please try again later. ref {ref}" },
};

/* Printable ASCII without braces, at most max characters. */
static char *
plain(const char *text, gsize max)
{
	g_autofree char *ascii = g_str_to_ascii(text, "C");
	GString *out = g_string_new(NULL);

	for (const char *p = ascii; *p != '\0' && out->len < max; p++)
		if (g_ascii_isprint(*p) && *p != '{' && *p != '}')
			g_string_append_c(out, *p);
	return g_string_free(out, FALSE);
}

void
sg_reply_set(SgVerdict *v, const SgPolicy *p, SgSay what, gboolean inside)
{
	const SgOptions *o = p->options;
	gboolean address = o->school.help_address[0] != '\0';
	g_autofree char *school = plain(o->school.name, 50);
	g_autofree char *help = plain(address ? o->school.help_address : o->school.help_name, 70);
	GString *text = g_string_new(inside ? replies[what].inside : replies[what].outside);

	g_string_replace(text, "{school}", school, 1);
	g_string_replace(text, "{help}", help, 1);
	g_free(v->reply_status);
	g_free(v->reply_text);
	v->reply_code = replies[what].code;
	v->reply_status = g_strdup(replies[what].status);
	v->reply_text = g_string_free(text, FALSE);
}
