/* p_mistake - "this should not have been held": why, and what is suggested for the rule. */
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/content.h"
#include "console/mistakes.h"
#include "console/plain.h"
#include "console/view.h"
#include "model/uitext.h"
#include "store/mistake.h"

enum {
	RULES_MOST = 20,	/* of one message that can be chosen from, and hits that are shown */
	NOTE_MAX = 2000,
	PHRASE_LEAST = 3,
	PHRASE_MAX = 100,
	DIGITS_MOST = 3,	/* more of them are a number of somebody */
};

static const SgCodeText whys[] = {
	{ "quote", "It is quoted from a book, a play or a lesson", NULL },
	{ "name", "It is a name: of a person, a place or a thing", NULL },
	{ "meaning", "The word means something else here", NULL },
	{ "friendly", "Friendly words between people who know each other", NULL },
	{ "report", "Somebody reports it, or works with it for the school", NULL },
	{ "known", "The receiver may have it, and it was sent safely", NULL },
	{ "other", "Something else (please add a note)", NULL },
};

static const SgCodeText asks[] = {
	{ "once", "Nothing: ignore it this time only", "It still helps: we count how often a rule is wrong." },
	{ "phrase", "Let these words pass", "The rule no longer counts the words below. For words that are always harmless here." },
	{ "rule", "Take this rule less seriously",
	    "For a rule that often holds harmless messages. It counts one step less, everywhere." },
};

static const SgCodeText *
code_of(const SgCodeText *list, gsize n, const char *code)
{
	for (gsize i = 0; i < n; i++)
		if (g_strcmp0(list[i].code, code) == 0)
			return &list[i];
	return NULL;
}

const char *
sg_mistake_why(const char *code)
{
	const SgCodeText *t = code_of(whys, G_N_ELEMENTS(whys), code);

	return t != NULL ? t->label : code;
}

/* --- the form -------------------------------------------------------------------------- */

static json_t *
choices(const SgCodeText *list, gsize n, const char *typed)
{
	json_t *out = json_array();

	for (gsize i = 0; i < n; i++)
		json_array_append_new(out, json_pack("{s:i s:s s:s s:s? s:b}", "n", (int)i + 1, "value", list[i].code, "label",
		    list[i].label, "hint", list[i].hint, "on", g_strcmp0(list[i].code, typed) == 0));
	return out;
}

/* The hit of this rule that weighs most; NULL: the rule found nothing here. */
static const SgHit *
hit_of(const SgIncident *i, const char *rule)
{
	const SgHit *best = NULL;

	for (guint k = 0; rule != NULL && k < i->hits->len; k++) {
		const SgHit *h = g_ptr_array_index(i->hits, k);

		if (strcmp(h->rule, rule) == 0 && (best == NULL || h->severity > best->severity))
			best = h;
	}
	return best;
}

static json_t *
rule_choices(const SgIncident *i, const char *typed)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	json_t *out = json_array();

	for (guint k = 0; k < i->hits->len && json_array_size(out) < RULES_MOST; k++) {
		const SgHit *h = g_ptr_array_index(i->hits, k);
		g_autofree char *title = sg_ui_line(h->title, 200);

		if (g_hash_table_add(seen, h->rule))
			json_array_append_new(out, json_pack("{s:i s:s s:s s:b}", "n", (int)json_array_size(out) + 1, "value",
			    h->rule, "label", title, "on", g_strcmp0(h->rule, typed) == 0));
	}
	return out;
}

/* What was found, masked as on the first rung; nothing when the message is not kept any more. */
static json_t *
shown_hits(const SgRequest *q)
{
	g_autoptr(SgReading) reading = sg_store_reading(q->console->store, q->ref, NULL);
	g_autoptr(SgContent) c = reading != NULL ? sg_content_new(reading) : NULL;
	json_t *list = c != NULL ? sg_content_hits(c, SG_RUNG_MASKED) : json_array();

	while (json_array_size(list) > RULES_MOST)
		(void)json_array_remove(list, json_array_size(list) - 1);
	return list;
}

static const char *
typed(const SgRequest *q, const char *name)
{
	const char *value = sg_field(q->body, name);

	return value != NULL ? value : "";
}

static json_t *
model_of(const SgRequest *q, const SgIncident *i)
{
	json_t *m = sg_view_row(q, i, FALSE), *rules = rule_choices(i, typed(q, "rule"));
	g_autofree char *id = sg_ref_show(i->ref), *path = g_strdup_printf("message/%s", id);

	json_object_set_new(m, "title", json_string("This should not have been held"));
	json_object_set_new(m, "back", json_pack("{s:s s:s}", "path", path, "label", "Back to the message"));
	json_object_set_new(m, "rules", shown_hits(q));
	json_object_set_new(m, "form", json_boolean(json_array_size(rules) > 0));
	json_object_set_new(m, "one_rule", json_array_size(rules) == 1
	    ? json_incref(json_object_get(json_array_get(rules, 0), "value")) : json_null());
	json_object_set_new(m, "rule_choices", rules);
	json_object_set_new(m, "whys", choices(whys, G_N_ELEMENTS(whys), typed(q, "why")));
	json_object_set_new(m, "asks", choices(asks, G_N_ELEMENTS(asks), typed(q, "asks")));
	json_object_set_new(m, "typed", json_pack("{s:s s:s}", "note", typed(q, "note"), "phrase", typed(q, "phrase")));
	return m;
}

/* The message, once it is decided.  NULL: r is the answer. */
static SgIncident *
open_decided(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	g_autofree char *id = i != NULL ? sg_ref_show(i->ref) : NULL;

	if (i == NULL)
		return NULL;
	if (!i->sealed && sg_incident_count(i, SG_COPY_WAITING) == 0)
		return g_steal_pointer(&i);
	if (q->html && !i->sealed)
		sg_reply_see(r, "/message/%s", id);
	else
		sg_refuse(r, MHD_HTTP_CONFLICT, i->sealed ? "This message stays as it is." : "Decide about the message first.",
		    i->sealed ? "it is sealed" : NULL, NULL);
	return NULL;
}

void
sg_p_mistake_form(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = open_decided(q, r);

	if (i != NULL && sg_view_audit(q, "looked", "rung=1", r))
		sg_reply(r, model_of(q, i));
}

/* --- what was said ----------------------------------------------------------------------- */

/* Does this rule find what must stay masked?  Then its words are for no list. */
static gboolean
is_secret(const SgRequest *q, const char *rule)
{
	g_autoptr(SgReading) reading = sg_store_reading(q->console->store, q->ref, NULL);

	for (guint k = 0; reading != NULL && k < reading->findings->len; k++) {
		const SgFinding *f = g_ptr_array_index(reading->findings, k);

		if (f->secret != 0 && strcmp(f->rule, rule) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Why these words cannot be a phrase of a rule, NULL = they can. */
static const char *
phrase_objection(const char *phrase)
{
	glong n = g_utf8_strlen(phrase, -1);
	guint digits = 0, letters = 0;

	for (const char *p = phrase; *p != '\0'; p = g_utf8_next_char(p)) {
		digits += g_unichar_isdigit(g_utf8_get_char(p)) ? 1 : 0;
		letters += g_unichar_isalpha(g_utf8_get_char(p)) ? 1 : 0;
	}
	if (n == 0)
		return "Write the words that should pass";
	if (n > PHRASE_MAX || letters < PHRASE_LEAST)
		return "Use 3 letters at least and 100 characters at most";
	if (digits > DIGITS_MOST)
		return "Leave numbers out: they could be somebody’s";
	if (strpbrk(phrase, "*@\"\\") != NULL)
		return "Leave out the signs * @ \" and \\";
	return NULL;
}

/* On one line, with single blanks.  Caller frees. */
static char *
plain_phrase(const char *text)
{
	g_autofree char *line = sg_ui_line(text, PHRASE_MAX + 1);
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	g_autoptr(GString) out = g_string_new(NULL);

	for (char **w = words; *w != NULL; w++)
		if (**w != '\0')
			g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", *w);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
check_said(const SgRequest *q, const SgIncident *i, const char *rule, const char *phrase, json_t *m)
{
	const char *why = typed(q, "why"), *ask = typed(q, "asks"), *note = typed(q, "note");
	const char *wrong = strcmp(ask, "phrase") == 0 ? phrase_objection(phrase) : NULL;

	if (hit_of(i, rule) == NULL)
		sg_form_error(m, "err_rule", "rule-1", "Choose which of these was wrong");
	if (code_of(whys, G_N_ELEMENTS(whys), why) == NULL)
		sg_form_error(m, "err_why", "why-1", "Choose why it was harmless");
	if (strcmp(why, "other") == 0 && *note == '\0')
		sg_form_error(m, "err_note", "note", "Say in a few words why it was harmless");
	else if (g_utf8_strlen(note, -1) > NOTE_MAX)
		sg_form_error(m, "err_note", "note", "Use at most 2,000 characters");
	if (code_of(asks, G_N_ELEMENTS(asks), ask) == NULL)
		sg_form_error(m, "err_asks", "asks-1", "Choose what should happen with the rule");
	else if (strcmp(ask, "phrase") == 0 && rule != NULL && is_secret(q, rule))
		sg_form_error(m, "err_asks", "asks-1", "What this rule finds stays masked, so its words are for no list. "
		    "Choose something else");
	else if (wrong != NULL)
		sg_form_error(m, "err_phrase", "phrase", wrong);
}

static void
keep(const SgRequest *q, const SgIncident *i, const char *rule, const char *phrase, SgReply *r)
{
	g_autofree char *note = sg_ui_text(typed(q, "note"), -1, NOTE_MAX, SG_UI_DROP);
	const SgMistake said = { .made = q->now, .ref = (char *)(gsize)q->ref, .rule = (char *)(gsize)rule,
	    .actor = q->who->name, .why = (char *)(gsize)typed(q, "why"), .asks = (char *)(gsize)typed(q, "asks"),
	    .severity = hit_of(i, rule)->severity,
	    .phrase = (char *)(gsize)(strcmp(typed(q, "asks"), "phrase") == 0 ? phrase : ""), .note = note };
	g_autoptr(GError) error = NULL;

	if (sg_store_mistake_add(q->console->store, &said, &error)) {
		if (q->html)
			sg_reply_see(r, "/queue?done=said");
		else
			sg_reply(r, json_pack("{s:s}", "done", "It is written down."));
	} else if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
		sg_refuse(r, MHD_HTTP_CONFLICT, "Nothing was written down.", error->message, NULL);
	else
		sg_refuse_error(r, "Nothing was written down.", error);
}

void
sg_p_mistake(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = open_decided(q, r);
	g_autofree char *phrase = plain_phrase(typed(q, "phrase"));
	const char *rule = sg_field(q->body, "rule");
	json_t *m;

	if (i == NULL)
		return;
	m = model_of(q, i);
	check_said(q, i, rule, phrase, m);
	if (json_object_get(m, "error") == NULL)
		keep(q, i, rule, phrase, r);
	else if (sg_view_audit(q, "looked", "rung=1", r)) {
		sg_reply(r, json_incref(m));
		r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
	}
	json_decref(m);
}
