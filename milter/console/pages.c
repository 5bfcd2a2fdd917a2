#include <string.h>

#include "console/pages.h"

static const SgPage pages[] = {
	{ "/me",		 "GET",	 sg_p_me },
	{ "/hide",		 "POST", sg_p_hide },
	{ "/queue",		 "GET",	 sg_p_queue },
	{ "/queue/count",	 "GET",	 sg_p_queue_count },
	{ "/message/REF",	 "GET",	 sg_p_message },
	{ "/message/REF/reveal", "POST", sg_p_reveal },
	{ "/message/REF/hide",	 "POST", sg_p_hide },
	{ "/message/REF/decide", "POST", sg_p_decide },
	{ "/message/REF/undo",	 "POST", sg_p_undo },
	{ "/message/REF/take",	 "POST", sg_p_take },
	{ "/message/REF/pass",	 "POST", sg_p_pass },
	{ "/message/REF/seal",	 "POST", sg_p_seal },
	{ "/message/REF/settle", "POST", sg_p_settle },
	{ "/search",		 "GET",	 sg_p_search },
	{ "/audit",		 "GET",	 sg_p_audit },
	{ "/audit/verify",	 "POST", sg_p_audit_verify },
	{ "/report/disclaimers", "GET",	 sg_p_report_disclaimers },
	{ "/health",		 "GET",	 sg_p_health },
	{ "/metrics",		 "GET",	 sg_p_metrics },
};

const SgPage *
sg_pages(gsize *n)
{
	*n = G_N_ELEMENTS(pages);
	return pages;
}

static gboolean
matches(const char *pattern, const char *path, char ref[SG_REF_LEN + 1])
{
	const char *at = strstr(pattern, "REF");
	g_autofree char *typed = NULL;
	gsize before, n;

	if (at == NULL)
		return strcmp(pattern, path) == 0;
	before = (gsize)(at - pattern);
	if (strncmp(pattern, path, before) != 0)
		return FALSE;
	n = strcspn(path + before, "/");
	if (n > SG_REF_LEN + 1 || strcmp(path + before + n, at + 3) != 0)
		return FALSE;
	typed = g_strndup(path + before, n);
	return sg_ref_parse(typed, ref);
}

const SgPage *
sg_page_find(const char *path, const char *method, char ref[SG_REF_LEN + 1], const char **methods)
{
	gboolean get = FALSE, post = FALSE;

	ref[0] = '\0';
	*methods = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
		if (!matches(pages[i].pattern, path, ref))
			continue;
		if (strcmp(pages[i].method, method) == 0)
			return &pages[i];
		get = get || strcmp(pages[i].method, "GET") == 0;
		post = post || strcmp(pages[i].method, "POST") == 0;
	}
	if (get || post)
		*methods = get && post ? "GET, POST" : get ? "GET" : "POST";
	return NULL;
}
