#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/users.h"
#include "console/view.h"

/* Changes of one account; those that give somebody the contents of mail by two people. */

#define LINK_SECONDS ((gint64)86400)

gboolean
sg_users_set_up(const SgRequest *q)
{
	g_autoptr(GPtrArray) people = NULL;

	if (q->session != NULL || strcmp(q->who->name, "root") != 0)
		return FALSE;
	people = sg_store_people(q->console->store, NULL);
	for (guint i = 0; people != NULL && i < people->len; i++) {
		const SgPerson *p = g_ptr_array_index(people, i);

		/* also one that is disabled or reset: set-up never comes back */
		if ((p->role & SG_USERS_APPROVE) != 0 && (p->state == SG_ACCOUNT_ACTIVE || p->password_at > 0))
			return FALSE;
	}
	return people != NULL;
}

static void
failed(const GError *error, SgReply *r)
{
	if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
		sg_refuse(r, MHD_HTTP_CONFLICT, "Nothing was changed.", error->message, NULL);
	else
		sg_refuse_error(r, "Nothing was changed.", error);
}

/* What was done, or what waits for a second person. */
static void
answer(const SgRequest *q, const SgPerson *p, const char *code, const char *words, SgReply *r)
{
	g_autofree char *path = g_strdup_printf("/user/%s?done=%s", p->name, code);
	g_autoptr(SgPerson) now = q->html ? NULL : sg_entrance_person(q, p->name, r);
	json_t *m;

	if (q->html) {
		sg_reply_see(r, "%s", path);
		return;
	}
	m = now != NULL ? sg_user_model(q, now, r) : NULL;
	if (m == NULL)
		return;
	json_object_set_new(m, "done", json_string(words));
	json_object_set_new(m, "proposed", json_boolean(strcmp(code, "proposed") == 0));
	sg_reply(r, m);
}

/* --- carrying out ---------------------------------------------------------------------- */

void
sg_users_link(const SgRequest *q, const SgPerson *p, gboolean reset, const char *how, SgReply *r)
{
	const SgOptions *o = q->setup->options;
	const SgActor by = { q->who->name, how, q->now };
	g_autoptr(GError) error = NULL;
	char token[SG_TOKEN_LEN + 1], hash[SG_HASH_LEN + 1];
	g_autofree char *until = sg_view_words(q->now + LINK_SECONDS, q->now), *url = NULL, *words = NULL;
	json_t *m;

	sg_token_new(token);
	(void)sg_token_hash(SG_TOKEN_FIRST_USE, token, hash);
	if (!sg_store_first_use_make(q->console->store, p->name, hash, q->now + LINK_SECONDS, reset, &by, &error)) {
		failed(error, r);
		return;
	}
	if (reset) {
		sg_grants_end(q->console->grants, p->name, NULL);
		sg_account_mail(q, p, "account-reset", "password and codes", "");
	}
	url = o->console.url[0] != '\0' ? g_strdup(o->console.url) : g_strdup_printf("http://%s", o->console.listen);
	if (g_str_has_suffix(url, "/"))
		url[strlen(url) - 1] = '\0';
	words = g_strdup_printf("%s/first-use?t=%s", url, token);
	m = json_pack("{s:s s:s s:s s:s s:s s:o}", "title", "First-use link", "account", p->name, "link", words, "until",
	    until, "done", "The link works once, and is shown this once.", "ends", sg_view_time(q->now + LINK_SECONDS));
	json_object_set_new(m, "no_role", json_boolean(p->role == SG_ROLE_NONE));
	sg_reply(r, m);
	r->template = q->html ? "user-link" : NULL;
}

/* One change, by whom and how it was allowed.  r is the answer when FALSE, or when it has its own. */
static gboolean
carry_out(const SgRequest *q, const SgPerson *p, const char *kind, const char *value, const char *how, SgReply *r)
{
	const SgActor by = { q->who->name, how, q->now };
	SgStore *s = q->console->store;
	g_autoptr(GError) error = NULL;
	gboolean ok = FALSE;

	if (strcmp(kind, "role") == 0)
		ok = sg_store_person_role(s, p->name, sg_role_parse(value), &by, &error);
	else if (strcmp(kind, "mail") == 0)
		ok = sg_store_person_mail(s, p->name, value, &by, &error);
	else if (strcmp(kind, "enable") == 0)
		ok = sg_store_person_enable(s, p->name, TRUE, &by, &error);
	else if (strcmp(kind, "disable") == 0)
		ok = sg_store_person_enable(s, p->name, FALSE, &by, &error);
	if (!ok) {
		failed(error, r);
		return FALSE;
	}
	sg_grants_end(q->console->grants, p->name, NULL);
	if (strcmp(kind, "role") == 0)
		sg_account_mail(q, p, "account-role", "", value);
	else if (strcmp(kind, "mail") != 0)
		sg_account_mail(q, p, "account-role", "", strcmp(kind, "enable") == 0 ? sg_role_name(p->role) : "none");
	return TRUE;
}

/* By one person when it gives nobody the contents of mail, else proposed. */
static void
change(const SgRequest *q, const SgPerson *p, const char *kind, const char *value, gboolean two, SgReply *r)
{
	const SgActor by = { q->who->name, "", q->now };
	gboolean set_up = sg_users_set_up(q);
	g_autoptr(GError) error = NULL;

	if (strcmp(p->name, q->who->name) == 0) {
		sg_refuse(r, MHD_HTTP_FORBIDDEN, "This is your own account.", NULL, "Ask another person to change it.");
		return;
	}
	if (!two || set_up) {
		if (carry_out(q, p, kind, value, set_up && two ? "set-up" : "", r))
			answer(q, p, "saved", "It is changed.", r);
		return;
	}
	if (!sg_store_propose(q->console->store, p->name, kind, value, &by, &error)) {
		failed(error, r);
		return;
	}
	sg_account_mail(q, p, "account-approve", strcmp(kind, "role") == 0 ? "a role"
	    : strcmp(kind, "mail") == 0 ? "other mail addresses" : strcmp(kind, "reset") == 0
	    ? "a new password and new codes" : "the account works again", strcmp(kind, "role") == 0 ? value : "");
	answer(q, p, "proposed", "It waits for the safeguarding lead or the head teacher to approve it.", r);
}

static gboolean
reads(const SgPerson *p)
{
	return (p->role & SG_ROLE_CONTENT) != 0;
}

/* Somebody must always be able to look at what is held, and to approve.  With role (SG_ROLE_NONE: disabled)
 * p would be the last who can: FALSE, and r says so. */
static gboolean
others_left(const SgRequest *q, const SgPerson *p, SgRole role, SgReply *r)
{
	static const struct {
		guint	    roles;
		const char *why;
	} needed[] = {
		{ SG_USERS_APPROVE, "it is the last account of a safeguarding lead or head teacher, and nobody could approve changes" },
		{ SG_ROLE_CONTENT, "it is the last account that can look at held messages" },
	};
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(needed) && p->state == SG_ACCOUNT_ACTIVE; i++) {
		guint others = 0;

		if ((p->role & needed[i].roles) == 0 || (role & needed[i].roles) != 0)
			continue;
		if (!sg_store_people_count(q->console->store, needed[i].roles, p->name, &others, &error))
			failed(error, r);
		else if (others == 0)
			sg_refuse(r, MHD_HTTP_CONFLICT, "This account is still needed.", needed[i].why,
			    "Set up the account of whoever takes over first. Then this one can go.");
		else
			continue;
		return FALSE;
	}
	return TRUE;
}

/* --- the pages --------------------------------------------------------------------------- */

void
sg_p_user_role(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);
	SgRole role = sg_role_parse(sg_field(q->body, "role"));

	if (p == NULL)
		return;
	if (role == SG_ROLE_NONE)
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such role.", NULL,
		    "Choose lead, deputy, head, dpo, it, governor or teacher.");
	else if ((role & SG_ROLE_CONTENT) != 0 && p->mail[0] == NULL)
		sg_refuse(r, MHD_HTTP_CONFLICT, "Nothing was changed.",
		    "without a mail address nobody can keep them from mail of their own",
		    "Give the account its addresses first.");
	else if (others_left(q, p, role, r))
		change(q, p, "role", sg_role_name(role), (role & SG_ROLE_CONTENT) != 0, r);
}

void
sg_p_user_mail(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);
	const char *wrong = NULL;
	g_auto(GStrv) mail = p != NULL ? sg_users_mail(sg_field(q->body, "mail"), p->role, &wrong) : NULL;
	g_autofree char *list = mail != NULL ? g_strjoinv(",", mail) : NULL;

	if (list != NULL)
		change(q, p, "mail", list, reads(p), r);
	else if (p != NULL)
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "Nothing was changed.", NULL, wrong);
}

void
sg_p_user_disable(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);

	if (p != NULL && others_left(q, p, SG_ROLE_NONE, r))
		change(q, p, "disable", "", FALSE, r);
}

void
sg_p_user_enable(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);

	if (p != NULL && p->state != SG_ACCOUNT_DISABLED)
		sg_refuse(r, MHD_HTTP_CONFLICT, "The account is not disabled.", NULL, NULL);
	else if (p != NULL)
		change(q, p, "enable", "", reads(p), r);
}

void
sg_p_user_link(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);

	if (p != NULL)
		sg_users_link(q, p, FALSE, "", r);
}

/* Somebody who lost their telephone.  With nobody else who could approve it, one person must do:
 * the audit and a mail to the account say so. */
void
sg_p_user_reset(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);
	g_autoptr(GError) error = NULL;
	guint others = 0;

	if (p == NULL)
		return;
	if (!sg_store_people_count(q->console->store, SG_USERS_APPROVE, p->name, &others, &error))
		failed(error, r);
	else if (strcmp(p->name, q->who->name) == 0)
		sg_refuse(r, MHD_HTTP_FORBIDDEN, "This is your own account.", NULL,
		    "Change your password on your own page, or ask another person.");
	else if (reads(p) && p->state == SG_ACCOUNT_ACTIVE && others > 0)
		change(q, p, "reset", "", TRUE, r);
	else
		sg_users_link(q, p, TRUE, reads(p) && p->state == SG_ACCOUNT_ACTIVE ? "nobody-else" : "", r);
}

void
sg_p_user_sessions(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);
	const char *id = sg_field(q->body, "session");
	g_autoptr(GError) error = NULL;

	if (p == NULL)
		return;
	if (!sg_store_session_end(q->console->store, p->name, id, "", q->who->name, q->now, &error)) {
		failed(error, r);
		return;
	}
	sg_grants_end(q->console->grants, p->name, NULL);
	answer(q, p, "saved", id != NULL ? "The session has ended." : "Its sessions have ended.", r);
}

/* --- the second person -------------------------------------------------------------------- */

static void
approved(const SgRequest *q, const SgPerson *p, const SgProposal *what, SgReply *r)
{
	g_autofree char *how = g_strdup_printf("proposed-by=%s", what->proposer);

	/* a reset makes a link: who looks after accounts fetches it when the person is there */
	if (strcmp(what->kind, "reset") == 0) {
		const SgActor by = { q->who->name, how, q->now };
		char token[SG_TOKEN_LEN + 1], hash[SG_HASH_LEN + 1];
		g_autoptr(GError) error = NULL;

		sg_token_new(token);
		(void)sg_token_hash(SG_TOKEN_FIRST_USE, token, hash);
		if (!sg_store_first_use_make(q->console->store, p->name, hash, q->now, TRUE, &by, &error)) {
			failed(error, r);
			return;
		}
		sg_grants_end(q->console->grants, p->name, NULL);
		sg_account_mail(q, p, "account-reset", "password and codes", "");
	} else if (!carry_out(q, p, what->kind, what->value, how, r))
		return;
	answer(q, p, "saved", "Approved. It is changed.", r);
}

static gboolean
is_in(const GPtrArray *list, gint64 id)
{
	for (guint i = 0; i < list->len; i++)
		if (((const SgProposal *)g_ptr_array_index(list, i))->id == id)
			return TRUE;
	return FALSE;
}

void
sg_p_user_answer(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = sg_entrance_person(q, q->id, r);
	gboolean yes = sg_field_true(q->body, "approve");
	const SgActor by = { q->who->name, "", q->now };
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(SgProposal) done = NULL;
	guint64 id = 0;

	if (p == NULL)
		return;
	list = sg_store_proposals(q->console->store, p->name, &error);
	if (list != NULL && list->len == 1 && sg_field(q->body, "proposal") == NULL)
		id = (guint64)((const SgProposal *)g_ptr_array_index(list, 0))->id;
	if (list == NULL || !sg_field_number(q->body, "proposal", G_MAXINT64, &id) || id == 0) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is nothing to answer, or it is not plain which.", NULL,
		    "See: schoolgatectl user show NAME");
		return;
	}
	/* who looks after accounts may take back what they asked for, and approve nothing */
	if (yes && (q->who->role & SG_USERS_APPROVE) == 0) {
		sg_refuse(r, MHD_HTTP_FORBIDDEN, "Your role does not approve changes.", NULL,
		    "Ask the safeguarding lead or the head teacher.");
		return;
	}
	done = is_in(list, (gint64)id) ? sg_store_proposal_end(q->console->store, (gint64)id, yes, &by, &error) : NULL;
	if (done == NULL && error == NULL)
		sg_refuse(r, MHD_HTTP_CONFLICT, "Nothing was changed.", "somebody else has answered it, or it was taken back",
		    NULL);
	else if (done == NULL)
		failed(error, r);
	else if (yes)
		approved(q, p, done, r);
	else
		answer(q, p, "saved", "Declined. Nothing is changed.", r);
}
