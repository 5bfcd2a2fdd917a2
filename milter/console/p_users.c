#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/users.h"
#include "console/view.h"
#include "model/message.h"
#include "model/uitext.h"

/* Accounts: who there is, one of them, a new one. */

#define SHOWN_MAX 80u
#define MAIL_MAX  8u

static const SgRole choosable[] = { SG_ROLE_LEAD, SG_ROLE_DEPUTY, SG_ROLE_HEAD, SG_ROLE_DPO, SG_ROLE_IT,
	SG_ROLE_GOVERNOR, SG_ROLE_TEACHER };

json_t *
sg_role_choices(SgRole now)
{
	json_t *out = json_array();

	for (gsize i = 0; i < G_N_ELEMENTS(choosable); i++)
		json_array_append_new(out, json_pack("{s:s s:s s:b}", "value", sg_role_name(choosable[i]), "text",
		    sg_role_label(choosable[i]), "on", (int)(choosable[i] == now)));
	return out;
}

static json_t *
proposal_view(const SgRequest *q, const SgProposal *p)
{
	g_autofree char *when = sg_view_words(p->made, q->now);
	gboolean role = strcmp(p->kind, "role") == 0, own = strcmp(p->proposer, q->who->name) == 0 ||
	    strcmp(p->account, q->who->name) == 0;
	g_autofree char *kind = g_strconcat("is_", p->kind, NULL);
	json_t *o = json_pack("{s:s s:s s:s s:s s:s s:b s:b}", "id", "", "account", p->account, "kind", p->kind, "by",
	    p->proposer, "when", when, kind, 1, "may_approve",
	    (int)(!own && (q->who->role & SG_USERS_APPROVE) != 0));

	json_object_set_new(o, "id", json_sprintf("%" G_GINT64_FORMAT, p->id));
	json_object_set_new(o, "value", json_string(p->value));
	json_object_set_new(o, "label", json_string(role ? sg_role_label(sg_role_parse(p->value)) : p->value));
	json_object_set_new(o, "mine", json_boolean(strcmp(p->proposer, q->who->name) == 0));
	return o;
}

static json_t *
person_view(const SgRequest *q, const SgPerson *p)
{
	g_autofree char *shown = sg_ui_line(p->shown, SHOWN_MAX * 4), *mail = g_strjoinv(", ", p->mail);
	g_autofree char *last = p->signed_in > 0 ? sg_view_words(p->signed_in, q->now) : g_strdup("");
	g_autofree char *ends = p->link_ends > q->now ? sg_view_words(p->link_ends, q->now) : g_strdup("");
	g_autofree char *is = g_strconcat("is_", sg_account_state_name(p->state), NULL);
	json_t *o = json_pack("{s:s s:s s:s s:s s:s s:s s:o s:s s:s s:i s:b}", "account", p->name, "shown", shown, "role",
	    sg_role_name(p->role), "role_label", p->role != SG_ROLE_NONE ? sg_role_label(p->role) : "", "state",
	    sg_account_state_name(p->state), "mail", mail, "signed_in", sg_view_time(p->signed_in), "last", last,
	    "link_until", ends, "codes", (int)p->codes, "content", (int)((p->role & SG_ROLE_CONTENT) != 0));

	json_object_set_new(o, is, json_true());
	return o;
}

static json_t *
proposals_view(const SgRequest *q, const char *account, GError **error)
{
	g_autoptr(GPtrArray) list = sg_store_proposals(q->console->store, account, error);
	json_t *out;

	if (list == NULL)
		return NULL;
	out = json_array();
	for (guint i = 0; i < list->len; i++)
		json_array_append_new(out, proposal_view(q, g_ptr_array_index(list, i)));
	return out;
}

static json_t *
list_model(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) people = sg_store_people(q->console->store, &error);
	json_t *proposals = people != NULL ? proposals_view(q, NULL, &error) : NULL, *rows, *m;

	if (proposals == NULL) {
		sg_refuse_error(r, "The accounts cannot be shown.", error);
		return NULL;
	}
	rows = json_array();
	for (guint i = 0; i < people->len; i++)
		json_array_append_new(rows, person_view(q, g_ptr_array_index(people, i)));
	m = json_pack("{s:s s:b s:b s:b s:o s:b s:o s:o}", "title", "Users", "any", (int)(json_array_size(rows) > 0),
	    "waiting", (int)(json_array_size(proposals) > 0), "may_add", (int)((q->who->role & SG_USERS_MANAGE) != 0), "rows",
	    rows, "set_up", (int)sg_users_set_up(q), "proposals", proposals, "roles", sg_role_choices(SG_ROLE_NONE));
	return m;
}

void
sg_p_users(const SgRequest *q, SgReply *r)
{
	json_t *m = list_model(q, r);

	if (m != NULL)
		sg_reply(r, m);
}

json_t *
sg_user_model(const SgRequest *q, const SgPerson *p, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	json_t *proposals = proposals_view(q, p->name, &error), *m;
	gboolean self = strcmp(p->name, q->who->name) == 0, manage = (q->who->role & SG_USERS_MANAGE) != 0 && !self;

	if (proposals == NULL) {
		sg_refuse_error(r, "The account cannot be shown.", error);
		return NULL;
	}
	m = person_view(q, p);
	json_object_set_new(m, "title", json_string(p->name));
	json_object_set_new(m, "proposals", proposals);
	json_object_set_new(m, "waiting", json_boolean(json_array_size(proposals) > 0));
	json_object_set_new(m, "roles", sg_role_choices(p->role));
	json_object_set_new(m, "may_role", json_boolean((q->who->role & SG_USERS_ROLE) != 0 && !self));
	json_object_set_new(m, "may_manage", json_boolean(manage));
	json_object_set_new(m, "may_link", json_boolean(manage && p->state == SG_ACCOUNT_NEW));
	json_object_set_new(m, "may_reset", json_boolean(manage && p->state == SG_ACCOUNT_ACTIVE));
	json_object_set_new(m, "may_disable", json_boolean(manage && p->state != SG_ACCOUNT_DISABLED));
	json_object_set_new(m, "may_enable", json_boolean(manage && p->state == SG_ACCOUNT_DISABLED));
	return m;
}

/* --- sessions, for who looks after accounts ------------------------------------------------ */

static void
add_sessions(const SgRequest *q, const SgPerson *p, json_t *m)
{
	g_autoptr(GPtrArray) list = sg_store_sessions(q->console->store, p->name, NULL);
	json_t *out = json_array();

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const SgSessionRow *s = g_ptr_array_index(list, i);
		g_autofree char *begun = sg_view_words(s->begun, q->now), *seen = sg_view_words(s->seen, q->now);

		if (s->stage == SG_STAGE_FULL || s->stage == SG_STAGE_LOCKED)
			json_array_append_new(out, json_pack("{s:s s:s s:s s:s s:b}", "id", s->id, "begun", begun, "seen",
			    seen, "address", s->address, "locked", (int)(s->stage == SG_STAGE_LOCKED)));
	}
	json_object_set_new(m, "any_sessions", json_boolean(json_array_size(out) > 0));
	json_object_set_new(m, "sessions", out);
}

void
sg_p_user(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);
	json_t *m = p != NULL ? sg_user_model(q, p, r) : NULL;

	if (m == NULL)
		return;
	if ((q->who->role & SG_USERS_MANAGE) != 0)
		add_sessions(q, p, m);
	sg_reply(r, m);
}

/* --- a new one --------------------------------------------------------------------------------- */

static char **
read_mail(const char *typed)
{
	g_auto(GStrv) raw = g_strsplit_set(typed != NULL ? typed : "", ", \t\r\n", -1);
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);

	for (char **m = raw; *m != NULL; m++) {
		g_autofree char *clean = **m != '\0' ? sg_address_clean(*m) : NULL;

		if (**m == '\0')
			continue;
		if (clean == NULL || strchr(clean, '@') == NULL || strpbrk(clean, ",\n") != NULL || out->len >= MAIL_MAX)
			return NULL;
		g_ptr_array_add(out, g_steal_pointer(&clean));
	}
	g_ptr_array_add(out, NULL);
	g_ptr_array_set_free_func(out, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&out), FALSE);
}

char **
sg_users_mail(const char *typed, SgRole role, const char **wrong)
{
	char **mail = read_mail(typed);

	*wrong = NULL;
	if (mail == NULL)
		*wrong = "Write mail addresses of this school, with commas between.";
	else if (mail[0] == NULL && (role & SG_ROLE_CONTENT) != 0)
		*wrong = "Write the person's own mail address: without it nobody can keep them from mail of their own.";
	if (*wrong == NULL)
		return mail;
	g_strfreev(mail);
	return NULL;
}

static gboolean
is_name(const char *s)
{
	return s != NULL && *s != '\0' && *s != '.' && strlen(s) <= 32 &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0' && strcmp(s, "root") != 0;
}

/* The form again, with what was typed. */
static void
again(const SgRequest *q, const char *id, const char *text, SgReply *r)
{
	json_t *m;
	static const char *const fields[] = { "name", "shown", "mail" };

	if (!q->html) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The account was not made.", text, NULL);
		return;
	}
	m = list_model(q, r);
	if (m == NULL)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *key = g_strconcat("typed_", fields[i], NULL);
		const char *typed = sg_field(q->body, fields[i]);

		json_object_set_new(m, key, json_string(typed != NULL ? typed : ""));
	}
	json_object_set_new(m, "roles", sg_role_choices(sg_role_parse(sg_field(q->body, "role"))));
	sg_form_again(r, m, id, text);
}

/* Makes it, with its role or with none until a second person has agreed. */
static void
make(const SgRequest *q, SgPerson *p, SgRole role, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	gboolean direct = (role & SG_ROLE_CONTENT) == 0 || sg_users_set_up(q);
	const SgActor by = { q->who->name, sg_users_set_up(q) ? "set-up" : "", q->now };
	g_autoptr(SgPerson) made = NULL;

	p->role = direct ? role : SG_ROLE_NONE;
	if (!sg_store_person_add(q->console->store, p, &by, &error) ||
	    (!direct && !sg_store_propose(q->console->store, p->name, "role", sg_role_name(role), &by, &error))) {
		if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
			again(q, "f-name", "There is an account of this name already.", r);
		else
			sg_refuse_error(r, "The account was not made.", error);
		return;
	}
	made = sg_entrance_person(q, p->name, r);
	if (made == NULL)
		return;
	if (!direct)
		sg_account_mail(q, made, "account-approve", "a role", sg_role_name(role));
	sg_users_link(q, made, FALSE, "", r);
}

void
sg_p_users_add(const SgRequest *q, SgReply *r)
{
	const char *name = sg_field(q->body, "name"), *typed = sg_field(q->body, "shown"), *wrong;
	SgRole role = sg_role_parse(sg_field(q->body, "role"));
	g_autofree char *shown = sg_ui_line(typed != NULL && *typed != '\0' ? typed : name != NULL ? name : "", SHOWN_MAX);
	g_auto(GStrv) mail = NULL;
	SgPerson p = { .name = (char *)(gsize)name, .shown = shown };

	if (!is_name(name)) {
		again(q, "f-name", "Choose a name of small letters, digits, dots and dashes, at most 32.", r);
		return;
	}
	if (role == SG_ROLE_NONE) {
		again(q, "f-role", "Choose a role.", r);
		return;
	}
	mail = sg_users_mail(sg_field(q->body, "mail"), role, &wrong);
	if (mail == NULL) {
		again(q, "f-mail", wrong, r);
		return;
	}
	p.mail = mail;
	make(q, &p, role, r);
}
