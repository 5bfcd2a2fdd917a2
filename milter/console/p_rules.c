/* p_rules - what reviewers suggest about rules, and a second person's answer. */
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/mistakes.h"
#include "console/sheet.h"
#include "model/uitext.h"

char *
sg_mistake_rule(const SgMistake *m)
{
	if (strcmp(m->asks, "phrase") == 0)
		return *m->phrase != '\0' ? g_strdup_printf("allow = ( { words = [ \"%s\" ]; rules = [ \"%s\" ]; } );",
		    m->phrase, m->rule) : g_strdup("");
	if (m->severity <= 1)
		return g_strdup_printf("rules = ( { override = \"%s\"; off = true; } );", m->rule);
	return g_strdup_printf("rules = ( { override = \"%s\"; severity = %u; } );", m->rule, m->severity - 1);
}

static json_t *
row_of(const SgRequest *q, const SgMistake *m)
{
	g_autofree char *text = sg_mistake_rule(m), *by = sg_sheet_name(q, m->actor), *made = sg_view_words(m->made, q->now);
	g_autofree char *note = sg_ui_text(m->note, -1, 2000, SG_UI_DROP), *phrase = sg_ui_line(m->phrase, 200);
	gboolean mine = strcmp(m->actor, q->who->name) == 0, open = *m->state == '\0', words = strcmp(m->asks, "phrase") == 0;
	json_t *o = json_pack("{s:o s:s s:b s:b s:s s:s s:s s:s s:s s:s s:s s:o}", "id",
	    json_sprintf("%" G_GINT64_FORMAT, m->id), "rule", m->rule, "is_phrase", words, "is_rule", !words, "asks", m->asks,
	    "phrase", phrase, "why", m->why, "why_text", sg_mistake_why(m->why), "note", note, "by", by, "made_text", made,
	    "made", sg_view_time(m->made));

	json_object_set_new(o, "state", json_string(open ? "open" : m->state));
	json_object_set_new(o, "text", json_string(strcmp(m->state, "declined") != 0 ? text : ""));
	json_object_set_new(o, "may_accept", json_boolean(open && !mine));
	json_object_set_new(o, "mine", json_boolean(open && mine));
	if (!open) {
		g_autofree char *name = sg_sheet_name(q, m->answered_by), *when = sg_view_words(m->answered, q->now);

		json_object_set_new(o, "answer", json_pack("{s:s s:s s:b s:b}", "name", name, "when_text", when, "accepted",
		    strcmp(m->state, "accepted") == 0, "declined", strcmp(m->state, "declined") == 0));
	}
	return o;
}

/* What somebody said about a message of one's own is not for one to see, nor that there is one. */
static gboolean
may_know(const SgRequest *q, const SgMistake *m)
{
	g_autoptr(SgIncident) i = sg_store_get(q->console->store, m->ref, NULL);

	return i != NULL && sg_may_see(q->who, i);
}

/* NULL: r is a refusal. */
static GPtrArray *
visible(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *list = sg_store_mistakes(q->console->store, &error);

	if (list == NULL)
		sg_refuse_error(r, "The suggestions cannot be shown.", error);
	for (guint k = list != NULL ? list->len : 0; k-- > 0;)
		if (!may_know(q, g_ptr_array_index(list, k)))
			g_ptr_array_remove_index(list, k);
	return list;
}

void
sg_p_rules(const SgRequest *q, SgReply *r)
{
	g_autoptr(GPtrArray) list = visible(q, r);
	json_t *rows;

	if (list == NULL || !sg_view_audit(q, "suggestions", "", r))
		return;
	rows = json_array();
	for (guint k = 0; k < list->len; k++)
		json_array_append_new(rows, row_of(q, g_ptr_array_index(list, k)));
	sg_reply(r, json_pack("{s:s s:b s:o}", "title", "Suggestions about rules", "any", (int)(list->len > 0), "rows", rows));
}

/* The one of q->id; NULL: there is none that this account may know of. */
static const SgMistake *
find(const SgRequest *q, const GPtrArray *list)
{
	guint64 id = 0;

	if (!g_ascii_string_to_unsigned(q->id, 10, 1, G_MAXINT64, &id, NULL))
		return NULL;
	for (guint k = 0; k < list->len; k++)
		if (((const SgMistake *)g_ptr_array_index(list, k))->id == (gint64)id)
			return g_ptr_array_index(list, k);
	return NULL;
}

void
sg_p_rules_answer(const SgRequest *q, SgReply *r)
{
	g_autoptr(GPtrArray) list = visible(q, r);
	const SgMistake *m = list != NULL ? find(q, list) : NULL;
	gboolean yes = sg_field_true(q->body, "accept");
	g_autofree char *text = m != NULL ? sg_mistake_rule(m) : NULL;
	g_autoptr(GError) error = NULL;

	if (list == NULL)
		return;
	if (m == NULL)
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no such suggestion.", NULL, "See: schoolgatectl rules suggestions");
	else if (sg_field(q->body, "accept") == NULL)
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "Say whether it is accepted.", NULL, "accept: true or false.");
	else if (!sg_store_mistake_answer(q->console->store, m->id, yes, q->who->name, q->now, &error)) {
		if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
			sg_refuse(r, MHD_HTTP_CONFLICT, "Nothing was changed.", error->message, NULL);
		else
			sg_refuse_error(r, "Nothing was changed.", error);
	} else if (q->html)
		sg_reply_see(r, "/rules?done=%s", yes ? "accepted" : "declined");
	else
		sg_reply(r, json_pack("{s:s s:s}", "done", yes ? "Accepted. Put the text into a file of your own rules; "
		    "nothing has changed yet." : "Declined. Nothing is changed.", "text", yes ? text : ""));
}
