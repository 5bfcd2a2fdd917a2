#include <string.h>

#include "console/doors.h"
#include "console/pages.h"

static const SgPage pages[] = {
	{ "/",			 "GET",	 sg_p_home, "help" },
	{ "/help",		 "GET",	 sg_p_help, "help" },
	{ "/wellbeing",		 "GET",	 sg_p_wellbeing, "wellbeing" },
	{ "/accessibility",	 "GET",	 sg_p_accessibility, "accessibility" },
	{ "/privacy",		 "GET",	 sg_p_privacy, "privacy" },
	{ "/me",		 "GET",	 sg_p_me, "me" },
	{ "/hide",		 "POST", sg_p_hide, NULL },
	{ "/sign-in",		"GET",	sg_p_sign_in, "sign-in" },
	{ "/sign-in",		"POST", sg_p_sign_in_post, "sign-in" },
	{ "/sign-in/code",	"GET",	sg_p_code, "sign-in-code" },
	{ "/sign-in/code",	"POST", sg_p_code_post, "sign-in-code" },
	{ "/sign-in/recovery",	"GET",	sg_p_recovery, "sign-in-recovery" },
	{ "/sign-in/recovery",	"POST", sg_p_recovery_post, "sign-in-recovery" },
	{ "/sign-out",		"POST", sg_p_sign_out, NULL },
	{ "/hide",		"GET",	sg_p_hide_page, "hide" },
	{ "/first-use",		"GET",	sg_p_first_use, "first-use" },
	{ "/first-use",		"POST", sg_p_first_use_post, "first-use" },
	{ "/first-use/password",	"GET",	sg_p_first_password, "first-use-password" },
	{ "/first-use/password",	"POST", sg_p_first_password_post, "first-use-password" },
	{ "/first-use/code",	"GET",	sg_p_first_code, "first-use-code" },
	{ "/first-use/code",	"POST", sg_p_first_code_post, "first-use-code" },
	{ "/first-use/key.svg",	"GET",	sg_p_first_picture, "error" },
	{ "/me/settings",	"POST", sg_p_me_settings, NULL },
	{ "/me/password",	"GET",	sg_p_me_password, "me-password" },
	{ "/me/password",	"POST", sg_p_me_password_post, "me-password" },
	{ "/me/codes",		"GET",	sg_p_me_codes, "me-codes" },
	{ "/me/codes",		"POST", sg_p_me_codes_post, NULL },
	{ "/me/codes/new",	"GET",	sg_p_me_codes_new, "me-codes-new" },
	{ "/me/codes/new",	"POST", sg_p_me_codes_new_post, "me-codes-new" },
	{ "/me/session/ID",	"POST", sg_p_me_session_end, NULL },
	{ "/me/sessions",	"POST", sg_p_me_sessions_end, NULL },
	{ "/users",		"GET",	sg_p_users, "users" },
	{ "/users",		"POST", sg_p_users_add, "users" },
	{ "/user/ID",		"GET",	sg_p_user, "user" },
	{ "/user/ID/role",	"POST", sg_p_user_role, "user" },
	{ "/user/ID/mail",	"POST", sg_p_user_mail, "user" },
	{ "/user/ID/link",	"POST", sg_p_user_link, "user-link" },
	{ "/user/ID/reset",	"POST", sg_p_user_reset, "user-link" },
	{ "/user/ID/disable",	"POST", sg_p_user_disable, "user" },
	{ "/user/ID/enable",	"POST", sg_p_user_enable, "user" },
	{ "/user/ID/sessions",	"POST", sg_p_user_sessions, "user" },
	{ "/user/ID/answer",	"POST", sg_p_user_answer, "user" },
	{ "/queue",		 "GET",	 sg_p_queue, "queue" },
	{ "/queue/count",	 "GET",	 sg_p_queue_count, NULL },
	{ "/message/REF",	 "GET",	 sg_p_message, "message" },
	{ "/message/REF/reveal", "POST", sg_p_reveal, NULL },
	{ "/message/REF/hide",	 "POST", sg_p_hide, NULL },
	{ "/message/REF/decide", "POST", sg_p_decide, "message" },
	{ "/message/REF/undo",	 "POST", sg_p_undo, NULL },
	{ "/message/REF/take",	 "POST", sg_p_take, "message" },
	{ "/message/REF/pass",	 "POST", sg_p_pass, "pass" },
	{ "/message/REF/seal",	 "POST", sg_p_seal, NULL },
	{ "/message/REF/settle", "POST", sg_p_settle, NULL },
	{ "/message/REF/pass",	 "GET",	 sg_p_pass_form, "pass" },
	{ "/message/REF/picture/ID", "GET", sg_p_picture, NULL },
	{ "/message/REF/told",	 "GET",	 sg_p_told_form, "told" },
	{ "/message/REF/told",	 "POST", sg_p_told, "told" },
	{ "/message/REF/unseal", "GET",	 sg_p_unseal_form, "unseal" },
	{ "/message/REF/unseal", "POST", sg_p_unseal, "unseal" },
	{ "/queue/bulk",	 "POST", sg_p_bulk, "bulk" },
	{ "/cover",		 "GET",	 sg_p_cover, "cover" },
	{ "/cover",		 "POST", sg_p_cover_add, "cover" },
	{ "/cover/ID",		 "POST", sg_p_cover_end, "cover" },
	{ "/contacts",		 "GET",	 sg_p_contacts, NULL },
	{ "/confirm/ID",	 "GET",	 sg_p_confirm_form, "confirm" },
	{ "/confirm/ID",	 "POST", sg_p_confirm, "confirm" },
	{ "/search",		 "GET",	 sg_p_search, "search" },
	{ "/audit",		 "GET",	 sg_p_audit, "audit" },
	{ "/audit/verify",	 "POST", sg_p_audit_verify, NULL },
	{ "/reports",		 "GET",	 sg_p_report_disclaimers, "report" },
	{ "/report/disclaimers", "GET",	 sg_p_report_disclaimers, "report" },
	{ "/health",		 "GET",	 sg_p_health, "health" },
	{ "/metrics",		 "GET",	 sg_p_metrics, NULL },
};

const SgPage *
sg_pages(gsize *n)
{
	*n = G_N_ELEMENTS(pages);
	return pages;
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
