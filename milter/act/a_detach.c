/* detach - the message goes on without the parts a row named; a line says so in their place. */
#include "act/kind.h"
#include "base/ref.h"

static void
detach_line(SgPlan *p, const SgLine *line)
{
	sg_plan_copy(p, line, SG_COPY_PASSED, SG_DO_DETACH);
}

static void
detach_message(SgPlan *p)
{
	const SgOptions *o = sg_policy_options(p->policy);
	guint n = p->verdict->detach->len;
	const char *help =
	    o->school.help_address[0] != '\0' ? o->school.help_address : o->school.help_name;
	g_autofree char *shown = sg_ref_show(p->ref);
	g_autofree char *note =
	    g_strdup_printf("[%s: %u attachment%s kept back. Questions: %s, number %s]",
		o->school.name, n, n == 1 ? " was" : "s were", help, shown);
	g_autoptr(GString) parts = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		g_string_append_printf(parts, "%s%s", i > 0 ? "," : "",
		    (const char *)g_ptr_array_index(p->verdict->detach, i));
	sg_plan_edit(p, SG_EDIT_DETACH, note, parts->str);
	p->effects->content = TRUE;	/* the original, so that the part can be had */
}

const SgActionKind sg_a_detach = { "detach", SG_DO_DETACH, detach_line, detach_message };
