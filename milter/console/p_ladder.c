#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/ladder.h"
#include "console/sheet.h"

static const struct {
	const char *word;
	SgRung	    rung, before;	/* before: what must be granted already */
	const char *first;		/* and what to say when it is not */
} steps[] = {
	{ "words", SG_RUNG_WORDS, SG_RUNG_MASKED, "" },
	{ "text", SG_RUNG_TEXT, SG_RUNG_WORDS, "Show the matched words first." },
	{ "pictures", SG_RUNG_PICTURES, SG_RUNG_TEXT, "Read the message first." },
	{ "picture", SG_RUNG_PICTURE, SG_RUNG_PICTURES, "Show the pictures first, grey and blurred." },
};

/* Why somebody takes a message from somebody else: a code, because the audit holds no prose. */
static const struct {
	const char *code, *label;
} overs[] = {
	{ "absent", "They are not here" },
	{ "urgent", "It cannot wait" },
	{ "asked", "They asked me to" },
	{ "conflict", "It should not be theirs to decide" },
};

json_t *
sg_ladder_overs(void)
{
	json_t *list = json_array();

	for (gsize i = 0; i < G_N_ELEMENTS(overs); i++)
		json_array_append_new(list, json_pack("{s:s s:s}", "value", overs[i].code, "label", overs[i].label));
	return list;
}

/* --- what a rung shows -------------------------------------------------------------- */

static void
add_texts(const SgContent *c, json_t *m)
{
	gboolean cut = FALSE;
	json_t *texts = sg_content_texts(c, &cut);

	for (gsize k = 0; k < json_array_size(texts); k++) {
		json_t *t = json_array_get(texts, k);
		g_autofree char *heading = g_strdup(json_string_value(json_object_get(t, "where_text")));

		/* "the subject" as a heading */
		if (g_str_has_prefix(heading, "the "))
			memmove(heading, heading + 4, strlen(heading + 4) + 1);
		heading[0] = g_ascii_toupper(heading[0]);
		json_object_set_new(t, "heading", json_string(heading));
	}
	json_object_set_new(m, "texts", texts);
	json_object_set_new(m, "cut", json_boolean(cut));
}

static void
mark_clear(const SgRequest *q, const SgIncident *i, json_t *pictures)
{
	for (gsize k = 0; k < json_array_size(pictures); k++) {
		json_t *p = json_array_get(pictures, k);
		const char *part = json_string_value(json_object_get(p, "part"));

		json_object_set_new(p, "clear", json_boolean(sg_grants_is_clear(
		    q->console->grants, q->who->name, i->ref, part, q->now)));
	}
}

void
sg_ladder_add(const SgRequest *q, const SgIncident *i, const SgContent *c, SgRung rung, json_t *m)
{
	json_t *pictures = sg_content_pictures(c, rung), *ladder = json_object();
	const char *holder = sg_view_holder(i, q->now);
	gboolean mine = holder == NULL || strcmp(holder, q->who->name) == 0;
	gboolean seen = rung >= SG_RUNG_WORDS || i->hits->len == 0;

	if (!mine) {
		g_autofree char *name = sg_sheet_name(q, holder);

		json_object_set_new(ladder, "theirs", json_string(name));
	}
	json_object_set_new(ladder, "words", json_boolean(mine && !seen));
	json_object_set_new(ladder, "text", json_boolean(mine && seen && rung < SG_RUNG_TEXT));
	json_object_set_new(ladder, "reading", json_boolean(rung >= SG_RUNG_TEXT));
	json_object_set_new(ladder, "pictures",
	    json_boolean(mine && rung == SG_RUNG_TEXT && json_array_size(pictures) > 0));
	json_object_set_new(ladder, "seeing", json_boolean(rung >= SG_RUNG_PICTURES));
	json_object_set_new(ladder, "open", json_boolean(rung >= SG_RUNG_WORDS));
	json_object_set_new(m, "ladder", ladder);
	json_object_set_new(m, "word_count", json_integer(sg_content_words(c)));
	json_object_set_new(m, "picture_count", json_integer((json_int_t)json_array_size(pictures)));
	json_object_set_new(m, "one_picture", json_boolean(json_array_size(pictures) == 1));
	json_object_set_new(m, "many_pictures", json_boolean(json_array_size(pictures) > 1));
	json_object_set_new(m, "has_files", json_boolean(json_array_size(json_object_get(m, "attachments")) > 0));
	json_object_set_new(m, "can_seal", json_boolean(!i->sealed && sg_content_has_imagery(c)));
	if (rung >= SG_RUNG_TEXT)
		add_texts(c, m);
	mark_clear(q, i, pictures);
	if (rung >= SG_RUNG_PICTURES)
		json_object_set(m, "pictures", pictures);
	json_decref(pictures);
}

/* --- the next rung ---------------------------------------------------------------------- */

static gboolean
refuse_sealed(SgReply *r)
{
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "This message cannot be read.", "it is sealed: nobody may look at it",
	    "Follow the school's steps for a possible indecent picture.");
	return FALSE;
}

static gboolean
may_reveal(const SgRequest *q, const SgIncident *i, gsize step, SgReply *r)
{
	const char *holder = sg_view_holder(i, q->now);
	g_autofree char *until = i->taken_until > 0 ? sg_view_words(i->taken_until, q->now) : NULL,
			*why = NULL;
	SgRung have = sg_grants_rung(q->console->grants, q->who->name, q->ref, q->now);

	if (i->sealed)
		return refuse_sealed(r);
	if (holder != NULL && strcmp(holder, q->who->name) != 0) {
		why = until != NULL ? g_strdup_printf("%s has it until %s", holder, until)
				    : g_strdup_printf("it was passed to %s", holder);
		sg_refuse(r, MHD_HTTP_CONFLICT, "This message cannot be read just now.", why,
		    "Ask them, or take it over and say why: schoolgatectl held take ID --over=WHY");
		return FALSE;
	}
	/* without matched words there is none of them to show first */
	if (have < steps[step].before && !(steps[step].rung == SG_RUNG_TEXT && i->hits->len == 0)) {
		sg_refuse(r, MHD_HTTP_CONFLICT, "That is one step further.", "no step is left out", steps[step].first);
		return FALSE;
	}
	return TRUE;
}

/* Reading takes the message.  Taking goes first, because it changes the version. */
static gboolean
take(const SgRequest *q, SgIncident **i, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	gint64 until = q->now + SG_TAKE_SECONDS;

	if (sg_incident_count(*i, SG_COPY_WAITING) == 0)
		return TRUE;
	if (!sg_store_take(q->console->store, q->ref, q->who->name, q->now, until, &error)) {
		if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
			sg_refuse(r, MHD_HTTP_CONFLICT, "This message cannot be read just now.",
			    error->message, "Look again.");
		else
			sg_refuse_error(r, "The message cannot be shown.", error);
		return FALSE;
	}
	sg_incident_free(*i);
	*i = sg_view_open(q, r);
	return *i != NULL;
}

/* Which picture is to be seen clearly; FALSE: r is a refusal. */
static gboolean
picture_known(const SgRequest *q, SgReply *r)
{
	const char *part = sg_field(q->body, "part");

	if (part != NULL && *part != '\0' && strlen(part) < 64 && part[strspn(part, "0123456789.")] == '\0')
		return TRUE;
	sg_refuse(r, MHD_HTTP_BAD_REQUEST, "Say which picture.", NULL, "Name its part, for example 2.1.");
	return FALSE;
}

static void
grant(const SgRequest *q, SgRung rung)
{
	if (rung == SG_RUNG_PICTURE)
		sg_grants_clear_picture(q->console->grants, q->who->name, q->ref, sg_field(q->body, "part"), q->now);
	else
		sg_grants_give(q->console->grants, q->who->name, q->ref, rung, q->now);
}

void
sg_p_reveal(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	g_autofree char *detail = NULL, *until = NULL;
	gsize step = 0;
	SgRung rung;

	if (i == NULL)
		return;
	while (step < G_N_ELEMENTS(steps) && g_strcmp0(sg_field(q->body, "rung"), steps[step].word) != 0)
		step++;
	if (step == G_N_ELEMENTS(steps)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such step.", NULL,
		    "Ask for \"words\", \"text\", \"pictures\" or \"picture\".");
		return;
	}
	rung = steps[step].rung;
	if (rung == SG_RUNG_PICTURE && !picture_known(q, r))
		return;
	detail = g_strdup_printf("rung=%u%s%s", (guint)rung, rung == SG_RUNG_PICTURE ? " part=" : "",
	    rung == SG_RUNG_PICTURE ? sg_field(q->body, "part") : "");
	/* on record before a word of it leaves this program */
	if (!may_reveal(q, i, step, r) || !take(q, &i, r) || !may_reveal(q, i, step, r) ||
	    !sg_view_audit(q, "revealed", detail, r))
		return;
	grant(q, rung);
	if (q->html) {
		g_autofree char *id = sg_ref_show(q->ref);

		sg_reply_see(r, "/message/%s#h-%s", id, rung == SG_RUNG_WORDS ? "why" : "msg");
		return;
	}
	sg_reply(r, sg_message_at(q, i, MIN(rung, SG_RUNG_PICTURES)));
	until = sg_view_words(q->now + SG_TAKE_SECONDS, q->now);
	json_object_set_new(r->body, "until", json_string(until));
}

void
sg_p_hide(const SgRequest *q, SgReply *r)
{
	sg_grants_end(q->console->grants, q->who->name, *q->ref != '\0' ? q->ref : NULL);
	if (q->html && *q->ref != '\0')
		sg_reply_see(r, "/message/%s?done=hidden", q->ref);
	else
		sg_reply(r, json_pack("{s:s}", "done", "Hidden again."));
}
