#include <string.h>

#include "console/doors.h"
#include "console/mistakes.h"
#include "console/pages.h"

/* Who: everybody, also before signing in; everybody with an account; who reads messages. */
#define ANY	SG_ROLE_ANYBODY
#define ALL	SG_ROLE_ALL
#define READERS SG_ROLE_CONTENT
#define L	SG_ROLE_LEAD
#define D	SG_ROLE_DEPUTY
#define H	SG_ROLE_HEAD
#define I	SG_ROLE_IT
#define G	SG_ROLE_GOVERNOR

static const SgPage pages[] = {
	/* coming in and going: no account is needed */
	{ "/hide",			"GET",	ANY,		sg_p_hide_page, "hide" },
	{ "/hide",			"POST",	ALL,		sg_p_hide, NULL },
	{ "/sign-in",			"GET",	ANY,		sg_p_sign_in, "sign-in" },
	{ "/sign-in",			"POST",	ANY,		sg_p_sign_in_post, "sign-in" },
	{ "/sign-in/code",		"GET",	ANY,		sg_p_code, "sign-in-code" },
	{ "/sign-in/code",		"POST",	ANY,		sg_p_code_post, "sign-in-code" },
	{ "/sign-in/recovery",		"GET",	ANY,		sg_p_recovery, "sign-in-recovery" },
	{ "/sign-in/recovery",		"POST",	ANY,		sg_p_recovery_post, "sign-in-recovery" },
	{ "/sign-out",			"POST",	ANY,		sg_p_sign_out, NULL },
	{ "/first-use",			"GET",	ANY,		sg_p_first_use, "first-use" },
	{ "/first-use",			"POST",	ANY,		sg_p_first_use_post, "first-use" },
	{ "/first-use/password",	"GET",	ANY,		sg_p_first_password, "first-use-password" },
	{ "/first-use/password",	"POST",	ANY,		sg_p_first_password_post, "first-use-password" },
	{ "/first-use/code",		"GET",	ANY,		sg_p_first_code, "first-use-code" },
	{ "/first-use/code",		"POST",	ANY,		sg_p_first_code_post, "first-use-code" },
	{ "/first-use/key.svg",		"GET",	ANY,		sg_p_first_picture, "error" },
	{ "/confirm/ID",		"GET",	ANY,		sg_p_confirm_form, "confirm" },
	{ "/confirm/ID",		"POST",	ANY,		sg_p_confirm, "confirm" },

	/* what everybody may read */
	{ "/help",			"GET",	ANY,		sg_p_help, "help" },
	{ "/wellbeing",			"GET",	ANY,		sg_p_wellbeing, "wellbeing" },
	{ "/accessibility",		"GET",	ANY,		sg_p_accessibility, "accessibility" },
	{ "/privacy",			"GET",	ANY,		sg_p_privacy, "privacy" },

	/* one's own account */
	{ "/",				"GET",	ALL,		sg_p_home, "help" },
	{ "/me",			"GET",	ALL,		sg_p_me, "me" },
	{ "/me/settings",		"POST",	ALL,		sg_p_me_settings, NULL },
	{ "/me/password",		"GET",	ALL,		sg_p_me_password, "me-password" },
	{ "/me/password",		"POST",	ALL,		sg_p_me_password_post, "me-password" },
	{ "/me/codes",			"GET",	ALL,		sg_p_me_codes, "me-codes" },
	{ "/me/codes",			"POST",	ALL,		sg_p_me_codes_post, NULL },
	{ "/me/codes/new",		"GET",	ALL,		sg_p_me_codes_new, "me-codes-new" },
	{ "/me/codes/new",		"POST",	ALL,		sg_p_me_codes_new_post, "me-codes-new" },
	{ "/me/session/ID",		"POST",	ALL,		sg_p_me_session_end, NULL },
	{ "/me/sessions",		"POST",	ALL,		sg_p_me_sessions_end, NULL },
	{ "/message/REF",		"GET",	READERS,	sg_p_message, "message" },
	{ "/message/REF/reveal",	"POST",	READERS,	sg_p_reveal, NULL },
	{ "/message/REF/hide",		"POST",	READERS,	sg_p_hide, NULL },
	{ "/message/REF/decide",	"POST",	READERS,	sg_p_decide, "message" },
	{ "/message/REF/mistake",	"GET",	READERS,	sg_p_mistake_form, "mistake" },
	{ "/message/REF/mistake",	"POST",	READERS,	sg_p_mistake, "mistake" },
	{ "/message/REF/undo",		"POST",	READERS,	sg_p_undo, NULL },
	{ "/message/REF/take",		"POST",	READERS,	sg_p_take, "message" },
	{ "/message/REF/pass",		"GET",	READERS,	sg_p_pass_form, "pass" },
	{ "/message/REF/pass",		"POST",	READERS,	sg_p_pass, "pass" },
	{ "/message/REF/seal",		"POST",	READERS,	sg_p_seal, NULL },
	{ "/message/REF/settle",	"POST",	READERS,	sg_p_settle, NULL },
	{ "/message/REF/picture/ID",	"GET",	READERS,	sg_p_picture, NULL },
	{ "/message/REF/told",		"GET",	L | D | H,	sg_p_told_form, "told" },
	{ "/message/REF/told",		"POST",	L | D | H,	sg_p_told, "told" },
	{ "/message/REF/unseal",	"GET",	L | D | H,	sg_p_unseal_form, "unseal" },
	{ "/message/REF/unseal",	"POST",	L | D | H,	sg_p_unseal, "unseal" },
	{ "/metrics",			"GET",	I,		sg_p_metrics, NULL },

	/* what waits */
	{ "/queue",			"GET",	READERS,	sg_p_queue, "queue" },
	{ "/queue/count",		"GET",	READERS,	sg_p_queue_count, NULL },
	{ "/queue/bulk",		"POST",	L | D,		sg_p_bulk, "bulk" },

	/* one message */

	/* looking back, and numbers */
	{ "/search",			"GET",	L | D | H | I,	sg_p_search, "search" },
	{ "/audit",			"GET",	L | H | G,	sg_p_audit, "audit" },
	{ "/audit/verify",		"POST",	L | H | G | I,	sg_p_audit_verify, NULL },
	{ "/rules",			"GET",	L | H | I,	sg_p_rules, "rules" },
	{ "/rules/ID",			"POST",	L | H | I,	sg_p_rules_answer, NULL },
	{ "/reports",			"GET",	L | D | H | G,	sg_p_report_disclaimers, "report" },
	{ "/report/disclaimers",	"GET",	L | D | H | I | G,	sg_p_report_disclaimers, "report" },
	{ "/health",			"GET",	L | I,		sg_p_health, "health" },

	/* who looks when: deputies and contacts */
	{ "/cover",			"GET",	L | D | H,	sg_p_cover, "cover" },
	{ "/cover",			"POST",	L,		sg_p_cover_add, "cover" },
	{ "/cover/ID",			"POST",	L,		sg_p_cover_end, "cover" },
	{ "/contacts",			"GET",	L | D | H | I,	sg_p_contacts, NULL },

	/* accounts */
	{ "/users",			"GET",	I | H | L,	sg_p_users, "users" },
	{ "/users",			"POST",	I,		sg_p_users_add, "users" },
	{ "/user/ID",			"GET",	I | H | L,	sg_p_user, "user" },
	{ "/user/ID/role",		"POST",	I | H,		sg_p_user_role, "user" },
	{ "/user/ID/mail",		"POST",	I,		sg_p_user_mail, "user" },
	{ "/user/ID/link",		"POST",	I,		sg_p_user_link, "user-link" },
	{ "/user/ID/reset",		"POST",	I,		sg_p_user_reset, "user-link" },
	{ "/user/ID/disable",		"POST",	I,		sg_p_user_disable, "user" },
	{ "/user/ID/enable",		"POST",	I,		sg_p_user_enable, "user" },
	{ "/user/ID/sessions",		"POST",	I,		sg_p_user_sessions, "user" },
	{ "/user/ID/answer",		"POST",	I | H | L,	sg_p_user_answer, "user" },
};

static const SgRole asked_first[] = { L, I, H, G, D, SG_ROLE_DPO };

const SgPage *
sg_pages(gsize *n)
{
	*n = G_N_ELEMENTS(pages);
	return pages;
}

guint
sg_pages_roles(const char *pattern, const char *method)
{
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
		if (strcmp(pages[i].pattern, pattern) == 0 && strcmp(pages[i].method, method) == 0)
			return pages[i].roles;
	return 0;
}

const char *
sg_page_ask(const SgPage *p)
{
	for (gsize i = 0; i < G_N_ELEMENTS(asked_first); i++)
		if ((p->roles & (guint)asked_first[i]) != 0)
			return sg_role_label(asked_first[i]);
	return "your administrator";
}

static gboolean
take_id(const char *from, gsize n, char id[SG_PATH_ID_MAX + 1])
{
	if (n == 0 || n > SG_PATH_ID_MAX || from[0] == '.')
		return FALSE;
	for (gsize i = 0; i < n; i++)
		if (!g_ascii_isalnum(from[i]) && strchr("-_.", from[i]) == NULL)
			return FALSE;
	memcpy(id, from, n);
	id[n] = '\0';
	return TRUE;
}

/* One piece of the path, as its piece of the pattern says. */
static gboolean
piece(const char *pattern, gsize m, const char *path, gsize n, char *ref, char *id)
{
	g_autofree char *typed = NULL;

	if (m == 2 && strncmp(pattern, "ID", 2) == 0)
		return take_id(path, n, id);
	if (m != 3 || strncmp(pattern, "REF", 3) != 0)
		return m == n && strncmp(pattern, path, n) == 0;
	typed = n <= SG_REF_LEN + 1 ? g_strndup(path, n) : NULL;
	return typed != NULL && sg_ref_parse(typed, ref);
}

static gboolean
matches(const char *pattern, const char *path, char *ref, char *id)
{
	ref[0] = id[0] = '\0';
	while (*pattern == '/' && *path == '/') {
		gsize m = strcspn(++pattern, "/"), n = strcspn(++path, "/");

		if (!piece(pattern, m, path, n, ref, id))
			return FALSE;
		pattern += m;
		path += n;
	}
	return *pattern == '\0' && *path == '\0';
}

const SgPage *
sg_page_find(const char *path, const char *method, char ref[SG_REF_LEN + 1],
    char id[SG_PATH_ID_MAX + 1], const char **methods)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
	gboolean get = FALSE, post = FALSE;

	*methods = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
		if (!matches(pages[i].pattern, path, ref, id))
			continue;
		if (strcmp(pages[i].method, wanted) == 0)
			return &pages[i];
		get = get || strcmp(pages[i].method, "GET") == 0;
		post = post || strcmp(pages[i].method, "POST") == 0;
	}
	ref[0] = id[0] = '\0';
	if (get || post)
		*methods = get && post ? "GET, POST" : get ? "GET" : "POST";
	return NULL;
}
