#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/sheet.h"
#include "console/view.h"

#define ROWS	  1000u
#define HTML_ROWS 60u

/* A lead sees the own team: lead, deputies and the programs; nothing of the head's. */
static gboolean
own_team(const SgRequest *q, const char *actor)
{
	const SgAccount *a = sg_accounts_named(q->people, actor);

	if (q->who->role != SG_ROLE_LEAD || strcmp(actor, q->who->name) == 0)
		return TRUE;
	return a == NULL || (a->role & (SG_ROLE_LEAD | SG_ROLE_DEPUTY)) != 0;
}

/* Entries about mail of one's own are left out, or the list would tell that it is there. */
static gboolean
may_see_entry(const SgRequest *q, GHashTable *known, const char *ref)
{
	gpointer seen = NULL;
	g_autoptr(SgIncident) i = NULL;
	gboolean ok;

	if (ref == NULL || *ref == '\0')
		return TRUE;
	if (g_hash_table_lookup_extended(known, ref, NULL, &seen))
		return GPOINTER_TO_INT(seen);
	i = sg_store_get(q->console->store, ref, NULL);
	ok = i == NULL ? q->who->mail == NULL || q->who->mail[0] == NULL : sg_may_see(q->who, i);
	g_hash_table_insert(known, g_strdup(ref), GINT_TO_POINTER(ok));
	return ok;
}

/* For a web page: when it was, in words. */
static json_t *
entry(const SgRequest *q, const SgAuditEntry *e)
{
	g_autofree char *when = sg_view_words(e->when, q->now);
	json_t *row = sg_view_entry(e);

	if (q->html) {
		json_object_set_new(row, "when_words", json_string(when));
		json_object_set_new(row, "words", json_string(sg_trail_words(e) != NULL ? sg_trail_words(e) : ""));
	}
	return row;
}

static void
add_page(const SgRequest *q, json_t *m, gboolean more, guint64 limit)
{
	const json_t *rows = json_object_get(m, "rows");

	json_object_set_new(m, "any", json_boolean(json_array_size(rows) > 0));
	json_object_set_new(m, "typed", json_string(sg_field(q->query, "ref") != NULL ? sg_field(q->query, "ref") : ""));
	if (more && limit < ROWS)
		json_object_set_new(m, "later", json_pack("{s:I}", "limit", (json_int_t)MIN(limit * 2, ROWS)));
}

void
sg_p_audit(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *typed = sg_field(q->query, "ref");
	char ref[SG_REF_LEN + 1] = "";
	guint64 since = 0, limit = q->html ? HTML_ROWS : ROWS;
	json_t *rows;

	if (!sg_field_number(q->query, "since", G_MAXINT64, &since) ||
	    !sg_field_number(q->query, "limit", ROWS, &limit) ||
	    (typed != NULL && *typed != '\0' && !sg_ref_parse(typed, ref))) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The list cannot be made.",
		    "since, limit or ref is not understood", NULL);
		return;
	}
	list = sg_store_audit_list(
	    q->console->store, ref[0] != '\0' ? ref : NULL, (gint64)since, (guint)limit, &error);
	if (list == NULL) {
		sg_refuse_error(r, "The audit cannot be shown.", error);
		return;
	}
	rows = json_array();
	for (guint k = 0; k < list->len; k++) {
		const SgAuditEntry *e = g_ptr_array_index(list, k);

		if (own_team(q, e->actor) && may_see_entry(q, known, e->ref))
			json_array_append_new(rows, entry(q, e));
	}
	sg_reply(r, json_pack("{s:s s:o}", "title", "Audit", "rows", rows));
	if (q->html)
		add_page(q, r->body, list->len >= limit, limit);
}

void
sg_p_audit_verify(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	gint64 entries = 0;

	if (sg_store_audit_verify(q->console->store, &entries, &error)) {
		if (q->html) {
			sg_reply_see(r, "/audit?done=checked");
			return;
		}
		sg_reply(r, json_pack("{s:b s:s}", "unbroken", 1, "done",
				"Every entry of the audit is as it was written."));
		/* a number that grows unseen would tell somebody about mail of their own */
		if (q->who->role == SG_ROLE_IT)
			json_object_set_new(r->body, "entries", json_integer(entries));
	} else if (g_error_matches(error, SG_ERR, SG_ERR_PEER) && q->html)
		sg_refuse(r, MHD_HTTP_INTERNAL_SERVER_ERROR, "The audit was changed after it was written.",
		    error->message, "Tell the head teacher, and keep a copy of the machine as it is.");
	else if (g_error_matches(error, SG_ERR, SG_ERR_PEER))
		sg_reply(r, json_pack("{s:b s:s}", "unbroken", 0, "why", error->message));
	else
		sg_refuse_error(r, "The audit was not walked.", error);
}
