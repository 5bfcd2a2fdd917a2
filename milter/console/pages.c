#include <string.h>

#include "console/pages.h"

static const SgPage pages[] = {
	{ "/",			 "GET",	 sg_p_home, "help" },
	{ "/help",		 "GET",	 sg_p_help, "help" },
	{ "/wellbeing",		 "GET",	 sg_p_wellbeing, "wellbeing" },
	{ "/accessibility",	 "GET",	 sg_p_accessibility, "accessibility" },
	{ "/privacy",		 "GET",	 sg_p_privacy, "privacy" },
	{ "/me",		 "GET",	 sg_p_me, NULL },
	{ "/hide",		 "POST", sg_p_hide, NULL },
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
