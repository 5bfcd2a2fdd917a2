#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "base/log.h"
#include "console/entrance.h"
#include "console/html.h"
#include "console/static.h"
#include "console/view.h"
#include "model/logo.h"
#include "store/accounts.h"

#define LANGUAGE "en-GB"

static const char *const done_codes[] = { "released", "released-stripped", "released-advised",
    "returned", "withheld", "reassigned", "taken", "undone", "hidden", "sealed", "settled", "bulk",
    "told", "unseal-asked", "unsealed",
    "saved", "checked", "signed-out", "proposed", "said", "accepted", "declined", NULL };
/* Of these the decision can be taken back for a while. */
static const char *const undoable[] = { "released", "released-stripped", "released-advised", NULL };

/* "the safeguarding lead" -> "Safeguarding lead" */
static char *
title_of(SgRole role)
{
	const char *label = sg_role_label(role);
	char *t = g_strdup(g_str_has_prefix(label, "the ") ? label + 4 : label);

	t[0] = g_ascii_toupper(t[0]);
	return t;
}

/* In the order of the menu; an item is there when the role may, and the page is. */
static const struct {
	const char *path, *pattern;
	guint	    roles;	/* who has it in the menu: others get there by links */
} menu[] = {
	{ "queue", "/queue", SG_ROLE_ALL },
	{ "incidents", "/incidents", SG_ROLE_ALL },
	{ "search", "/search", SG_ROLE_ALL },
	{ "reports", "/reports", SG_ROLE_ALL },
	{ "exemptions", "/exemptions", SG_ROLE_ALL },
	{ "rules", "/rules", SG_ROLE_ALL },
	{ "audit", "/audit", SG_ROLE_ALL },
	{ "health", "/health", SG_ROLE_IT },
	{ "users", "/users", SG_ROLE_IT | SG_ROLE_HEAD },
};

const char *const *
sg_html_done(void)
{
	return done_codes;
}

gboolean
sg_html_check(const SgTpl *tpl, GError **error)
{
	gsize n;
	const SgPage *pages = sg_pages(&n);
	const char *missing = sg_tpl_has(tpl, "error") ? NULL : "error";

	for (gsize i = 0; i < n && missing == NULL; i++)
		if (pages[i].template != NULL && !sg_tpl_has(tpl, pages[i].template))
			missing = pages[i].template;
	if (missing == NULL)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP,
	    "console.templates: there is no %s.html; install the templates of this version", missing);
	return FALSE;
}

/* --- what every page has ------------------------------------------------------- */

/* Of the queue, for its reader. */
static guint
waiting(const SgRequest *q)
{
	SgFilter f = sg_view_filter(q);
	guint n = 0;

	f.waiting = TRUE;
	(void)sg_store_count(q->console->store, &f, &n, NULL);
	return n;
}

static json_t *
navigation(const SgRequest *q, const SgPage *page, const json_t *m)
{
	/* the queue has counted already; on other pages the word means something else */
	const json_t *known = page != NULL && strcmp(page->pattern, "/queue") == 0 ? json_object_get(m, "waiting") : NULL;
	json_t *nav = json_array();

	for (gsize i = 0; i < G_N_ELEMENTS(menu); i++) {
		guint may = sg_pages_roles(menu[i].pattern, "GET") & menu[i].roles;
		g_autofree char *is = g_strconcat("is_", menu[i].path, NULL);
		gboolean on = page != NULL && (strcmp(page->pattern, menu[i].pattern) == 0 ||
		    (i == 0 && g_str_has_prefix(page->pattern, "/message/")));
		json_t *item;

		if ((may & q->who->role) == 0)
			continue;
		item = json_pack("{s:s s:b s:b}", "path", menu[i].path, is, 1, "on", (int)on);
		json_object_set_new(item, "count", json_integer(i > 0 ? 0
		    : json_is_integer(known) ? json_integer_value(known) : (json_int_t)waiting(q)));
		json_array_append_new(nav, item);
	}
	return nav;
}

/* The one-time banner: a word of the table above, never text. */
static json_t *
banner(const SgRequest *q)
{
	const char *code = sg_field(q->query, "done");
	const char *typed = sg_field(q->query, "ref");
	char ref[SG_REF_LEN + 1];
	json_t *done;

	if (code == NULL || !g_strv_contains(done_codes, code))
		return NULL;
	(void)g_strlcpy(ref, q->ref, sizeof ref);
	if (ref[0] == '\0' && (typed == NULL || !sg_ref_parse(typed, ref)))
		ref[0] = '\0';
	{
		g_autofree char *key = g_strdelimit(g_strdup(code), "-", '_');
		g_autofree char *id = ref[0] != '\0' ? sg_ref_show(ref) : g_strdup("");

		done = json_pack("{s:b s:s}", key, 1, "message", id);
		if (id[0] != '\0' && g_strv_contains(undoable, code))
			json_object_set_new(done, "undo", json_pack("{s:s s:I}", "ref", ref, "seconds",
			    (json_int_t)q->setup->options->courier.undo));
	}
	return done;
}

static void
set_base(const SgRequest *q, const SgPage *page, const char *template, json_t *m)
{
	const json_t *list = json_object_get(json_object_get(m, "error"), "list");
	g_autofree char *role = q->who != NULL ? title_of(q->who->role) : NULL;
	gboolean pictures = json_array_size(json_object_get(m, "pictures")) > 0 || strcmp(template, "first-use-code") == 0;
	json_t *nav;

	json_object_set_new(m, "lang", json_string(LANGUAGE));
	json_object_set_new(m, "school", json_string(q->setup->options->school.name));
	json_object_set_new(m, "assets", json_string(sg_assets_version(q->setup->assets)));
	/* not beside other pictures: six requests are enough for a page */
	json_object_set_new(m, "logo", q->setup->logo_width > 0 && !pictures
	    ? json_pack("{s:i s:i}", "width", (int)q->setup->logo_width, "height", (int)SG_LOGO_HEIGHT) : json_null());
	json_object_set_new(m, "csrf", json_string(q->csrf != NULL ? q->csrf : ""));
	json_object_set_new(m, "page", json_string(template));
	json_object_set_new(m, "problem", json_boolean(json_array_size(list) > 0));
	json_object_set_new(m, "status", json_null());
	if (sg_field(q->query, "done") != NULL && json_object_get(m, "error") == NULL) {
		json_t *done = banner(q);

		json_object_set_new(m, "done", done != NULL ? done : json_null());
	}
	if (q->who == NULL)
		return;
	json_object_set_new(m, "user", json_pack("{s:s s:s}", "name",
	    q->person != NULL ? q->person->shown : q->who->name, "role_label", role));
	/* who must choose a new password first is shown nothing else, the count of the queue included */
	nav = sg_password_due(q) ? json_array() : navigation(q, page, m);
	json_object_set_new(m, "menu", json_boolean(json_array_size(nav) > 0));
	json_object_set_new(m, "nav", nav);
	json_object_set_new(m, "keys_off", json_boolean(q->person != NULL && !q->person->single_keys));
	if (q->session != NULL)
		json_object_set_new(m, "idle", json_integer(q->setup->options->console.idle_minutes));
}

/* --- the page ------------------------------------------------------------------ */

/* Which words error.html says: "is_404". */
static void
mark_refusal(json_t *m, guint status)
{
	g_autofree char *is = g_strdup_printf("is_%u", status);

	json_object_set_new(m, is, json_true());
	json_object_set_new(m, "is_ours", json_boolean(status >= 500));
}

static void
plain(SgReply *r)
{
	static const char text[] =
	    "Something went wrong on our side. Nothing was released or deleted.\n";

	sg_reply_bytes(r, g_bytes_new_static(text, sizeof text - 1), "text/plain; charset=utf-8");
	r->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
}

void
sg_html_make(const SgRequest *q, const SgPage *page, SgReply *r, gboolean model)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) out = g_string_sized_new(16384);
	gboolean form = json_object_get(json_object_get(r->body, "error"), "list") != NULL;
	gboolean refused = json_object_get(r->body, "error") != NULL && !form;
	const char *name = r->template;
	guint status = r->status;

	if (name == NULL)
		name = refused || page == NULL || page->template == NULL ? "error" : page->template;
	if (refused)
		mark_refusal(r->body, r->status);
	set_base(q, page, name, r->body);
	if (model)
		return;
	if (!sg_tpl_render(q->setup->tpl, name, r->body, out, &error)) {
		sg_log(SG_LOG_ERROR, "no-page", "template", name, "why", error->message, NULL);
		plain(r);
		return;
	}
	sg_reply_bytes(r, g_string_free_to_bytes(g_steal_pointer(&out)), "text/html; charset=utf-8");
	r->status = status;
}
