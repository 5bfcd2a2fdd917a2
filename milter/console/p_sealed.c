/* p_sealed - the page of a sealed message: whom to tell, and how two people lift a seal. */
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/decisions.h"
#include "console/ladder.h"
#include "console/plain.h"
#include "console/sheet.h"
#include "model/uitext.h"
#include "store/care.h"


/* Whom one can have told: codes, because the audit holds no prose. */
static const struct {
	const char *code, *label;
} bodies[] = {
	{ "head", "The head teacher" },
	{ "children", "Children’s services" },
	{ "police", "The police" },
	{ "parents", "Parents or carers" },
	{ "nspcc", "The NSPCC helpline" },
	{ "governors", "The chair of governors" },
	{ "lado", "The local authority’s designated officer" },
};

char *
sg_told_text(const char *detail)
{
	g_auto(GStrv) codes = g_strsplit(g_str_has_prefix(detail, "who=") ? detail + 4 : "", ",", 20);
	g_autoptr(GString) s = g_string_new(NULL);

	for (char **c = codes; *c != NULL; c++)
		for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++)
			if (strcmp(bodies[i].code, *c) == 0)
				g_string_append_printf(s, "%s%s", s->len > 0 ? "; " : "", bodies[i].label);
	return g_string_free(g_steal_pointer(&s), FALSE);
}

static gboolean
two_may(const SgRequest *q)
{
	return strcmp(q->setup->options->console.sealed_view, "two_person") == 0;
}

void
sg_sealed_add(const SgRequest *q, const SgIncident *i, json_t *m)
{
	const char *hash = i->origin.content_hash != NULL ? i->origin.content_hash : "";
	gsize n = strlen(hash);
	g_auto(SgUnseal) asked = { 0 };

	json_object_set_new(m, "fingerprint",
	    n >= 24 ? json_sprintf("%.8s … %s", hash, hash + n - 8) : json_string("in the record"));
	if (two_may(q) && sg_store_unseal_asked(q->console->store, i->ref, &asked, NULL))
		json_object_set_new(m, "unseal", json_pack("{s:b}", "asked", asked.actor != NULL));
}

/* --- whom was told ------------------------------------------------------------------ */

static json_t *
form_model(const SgRequest *q, const SgIncident *i, const char *title)
{
	json_t *m = sg_view_row(q, i, FALSE);
	g_autofree char *id = sg_ref_show(i->ref), *path = g_strdup_printf("message/%s", id);

	json_object_set_new(m, "title", json_string(title));
	json_object_set_new(m, "back", json_pack("{s:s s:s}", "path", path, "label", "Back to the message"));
	return m;
}

static SgIncident *
open_sealed(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);

	if (i == NULL || i->sealed)
		return g_steal_pointer(&i);
	sg_refuse(r, MHD_HTTP_CONFLICT, "This message is not sealed.", NULL, "Look at it again.");
	return NULL;
}

static void
show_told(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	json_t *m = form_model(q, i, "Whom have you told?"), *list = json_array();

	for (gsize k = 0; k < G_N_ELEMENTS(bodies); k++)
		json_array_append_new(list, json_pack("{s:s s:s}", "value", bodies[k].code, "label", bodies[k].label));
	json_object_set_new(m, "bodies", list);
	sg_reply(r, m);
	r->template = "told";
}

void
sg_p_told_form(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = open_sealed(q, r);

	if (i != NULL)
		show_told(q, i, r);
}

void
sg_p_told(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = open_sealed(q, r);
	g_autoptr(GString) who = g_string_new("who=");

	if (i == NULL)
		return;
	for (gsize k = 0; k < G_N_ELEMENTS(bodies); k++) {
		g_autofree char *name = g_strdup_printf("who-%s", bodies[k].code);

		if (sg_field_true(q->body, name))
			g_string_append_printf(who, "%s%s", who->len > 4 ? "," : "", bodies[k].code);
	}
	if (who->len == 4) {
		show_told(q, i, r);
		sg_form_error(r->body, "err_who", "who-head", "Choose whom you have told");
		r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
		return;
	}
	if (!sg_view_audit(q, "told", who->str, r))
		return;
	if (q->html)
		sg_reply_see(r, "/message/%s?done=told", q->ref);
	else
		sg_reply(r, json_pack("{s:s}", "done", "It is on record."));
}

/* --- lifting the seal ------------------------------------------------------------------ */

static gboolean
may_ask(const SgRequest *q, SgReply *r)
{
	if (two_may(q))
		return TRUE;
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "A seal is not lifted here.", "the school has set console.sealed_view to never",
	    "The police or children’s services decide what happens to the message.");
	return FALSE;
}

static void
show_unseal(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	g_auto(SgUnseal) asked = { 0 };
	g_autoptr(GError) error = NULL;
	const char *typed = sg_field(q->body, "reason");
	json_t *m, *hits = json_array();
	gboolean own;

	if (!sg_store_unseal_asked(q->console->store, i->ref, &asked, &error)) {
		json_decref(hits);
		sg_refuse_error(r, "This cannot be shown.", error);
		return;
	}
	own = g_strcmp0(asked.actor, q->who->name) == 0;
	m = form_model(q, i, "Lift the seal");
	for (guint k = 0; k < i->hits->len; k++) {
		const SgHit *h = g_ptr_array_index(i->hits, k);
		g_autofree char *title = sg_ui_line(h->title, 200);

		json_array_append_new(hits, json_pack("{s:s s:s s:s}", "rule", h->rule, "rule_text", title, "where_text",
		    sg_plain_where(h->where)));
	}
	json_object_set_new(m, "hits", hits);
	json_object_set_new(m, "form", json_boolean(!own));
	json_object_set_new(m, "typed", json_pack("{s:s}", "reason", typed != NULL ? typed : ""));
	if (asked.actor != NULL) {
		g_autofree char *name = sg_sheet_name(q, asked.actor), *when = sg_sheet_when(asked.when, q->now);
		g_autofree char *why = sg_ui_text(asked.reason, -1, SG_REASON_MAX, SG_UI_DROP);

		json_object_set_new(m, "asked", json_pack("{s:b s:s s:s s:s}", "you", own, "name", name, "when_text", when,
		    "reason", why));
	}
	sg_reply(r, m);
	r->template = "unseal";
}

void
sg_p_unseal_form(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = open_sealed(q, r);

	if (i != NULL && may_ask(q, r) && sg_view_audit(q, "looked", "unseal", r))
		show_unseal(q, i, r);
}

void
sg_p_unseal(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = open_sealed(q, r);
	g_autoptr(GError) error = NULL;
	const char *reason = sg_field(q->body, "reason");
	gboolean lifted = FALSE;

	if (i == NULL || !may_ask(q, r))
		return;
	if (reason == NULL || *reason == '\0' || g_utf8_strlen(reason, -1) > SG_REASON_MAX) {
		show_unseal(q, i, r);
		if (r->status != MHD_HTTP_OK)
			return;
		sg_form_error(r->body, "err_reason", "reason", "Say why the seal is wrong, in at most 2,000 characters");
		r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
		return;
	}
	if (!sg_store_unseal(q->console->store, q->ref, q->who->name, reason, q->now, &lifted, &error)) {
		if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
			sg_refuse(r, MHD_HTTP_CONFLICT, "The seal was not lifted.", error->message, "Look at it again.");
		else
			sg_refuse_error(r, "The seal was not lifted.", error);
	} else if (q->html)
		sg_reply_see(r, "/message/%s?done=%s", q->ref, lifted ? "unsealed" : "unseal-asked");
	else
		sg_reply(r, json_pack("{s:s s:b}", "done", lifted ? "The seal is lifted; the head teacher is told."
		    : "Asked for. Somebody else with a content role must agree.", "lifted", (int)lifted));
}
