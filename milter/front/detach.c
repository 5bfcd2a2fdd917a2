/* detach - the scanner writes the message anew without the parts a row named. */
#include <string.h>

#include "base/err.h"
#include "front/job.h"

gsize
sg_job_header_length(GBytes *message)
{
	gsize len;
	const char *p = g_bytes_get_data(message, &len);
	const char *end = len >= 2 && memcmp(p, "\r\n", 2) == 0 ? p : memmem(p, len, "\r\n\r\n", 4);

	if (end == NULL)
		return len;
	return (gsize)(end - p) + (end == p ? 2 : 4);
}

/* Only the body can be replaced, so the header must have stayed as it was. */
static gboolean
take_body(SgJob *j, GBytes *changed, GError **error)
{
	gsize head = sg_job_header_length(j->m->bytes), len = g_bytes_get_size(changed);

	if (len < head || sg_job_header_length(changed) != head ||
	    memcmp(g_bytes_get_data(changed, NULL), g_bytes_get_data(j->m->bytes, NULL), head) != 0) {
		g_set_error_literal(error, SG_ERR, SG_ERR_PEER, "the header changed with the body");
		return FALSE;
	}
	j->body = g_bytes_new_from_bytes(changed, head, len - head);
	return TRUE;
}

static const SgEdit *
detach_edit(const SgEffects *e)
{
	for (guint i = 0; i < e->edits->len; i++) {
		const SgEdit *edit = g_ptr_array_index(e->edits, i);

		if (edit->kind == SG_EDIT_DETACH)
			return edit;
	}
	return NULL;
}

/* What cannot be taken out safely is not let through with it. */
static void
hold_instead(SgJob *j)
{
	sg_act_without_detach(j->verdict);
	sg_job_plan(j);
}

void
sg_job_detach(SgJob *j)
{
	const SgEdit *edit = detach_edit(j->effects);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) changed = NULL;
	SgScanAsk ask = sg_job_question(j, "");

	j->stripped = FALSE;
	if (edit == NULL || j->effects->end != SG_END_ACCEPT)
		return;
	changed = sg_scan_detach(&ask, edit->value, edit->name, &error);
	j->stripped = changed != NULL && take_body(j, changed, &error);
	if (j->stripped)
		return;
	sg_job_log_failure(j, "detach-failed", error);
	if (g_error_matches(error, SG_ERR, SG_ERR_LATER))
		sg_job_fail(j, SG_FAIL_SCANNER, 1);
	else
		hold_instead(j);
}
