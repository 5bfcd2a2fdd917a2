#include <string.h>

#include "decide/inner.h"
#include "decide/told.h"

static gboolean
named(char **rules, const char *id)
{
	for (char **w = rules; *w != NULL; w++) {
		gsize n = strlen(*w);

		if (n > 0 && (*w)[n - 1] == '*' ? strncmp(*w, id, n - 1) == 0 : strcmp(*w, id) == 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_policy_row_takes(const SgPolicy *p, guint i, const SgToldAsk *ask)
{
	const SgRow *row = g_ptr_array_index(p->rows, i);

	if (row->categories == NULL && row->rules == NULL)
		return FALSE;
	if (row->categories != NULL &&
	    !g_strv_contains((const char *const *)row->categories, ask->category))
		return FALSE;
	return ask->severity >= row->severity && ask->confidence >= row->confidence &&
	    (row->rules == NULL || named(row->rules, ask->rule));
}

char *
sg_policy_row_told(const SgPolicy *p, guint i)
{
	const SgRow *row = g_ptr_array_index(p->rows, i);
	g_autofree char *roles = row->notify != NULL ? g_strjoinv(" ", row->notify) : NULL;
	GString *s = g_string_new(row->what == SG_DO_DELIVER && row->log ? "log" :
	    sg_do_name(row->what));

	if (row->shadow)
		g_string_append(s, " (shadow)");
	if (roles != NULL && roles[0] != '\0')
		g_string_append_printf(s, ", tells %s", roles);
	return g_string_free(s, FALSE);
}
