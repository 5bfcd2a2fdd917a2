/* Fuzz: what a client of the console can send: a method, a path with its query, a body.
 * First byte: how the body is read; then the path up to a newline; then the body. */
#include <string.h>

#include "console/pages.h"
#include "console/visit.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	const guint8 *nl = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
	gsize n = nl != NULL ? (gsize)(nl - data) - 1 : 0;
	g_autofree char *path = size > 0 ? g_strndup((const char *)data + 1, n) : g_strdup("");
	const char *body = nl != NULL ? (const char *)nl + 1 : "", *methods;
	gsize len = nl != NULL ? size - n - 2 : 0;
	g_autoptr(SgFields) query = sg_fields_new(), form = sg_fields_new();
	char *mark = strchr(path, '?'), ref[SG_REF_LEN + 1], id[SG_PATH_ID_MAX + 1];
	guint64 number = 0;

	if (mark != NULL) {
		*mark = '\0';
		(void)sg_fields_form(query, mark + 1, strlen(mark + 1), NULL);
	}
	(void)sg_page_find(path, size > 0 && (data[0] & 1) != 0 ? "POST" : "GET", ref, id, &methods);
	g_assert_true(strlen(ref) == 0 || strlen(ref) == SG_REF_LEN);
	g_assert_true(strlen(id) <= SG_PATH_ID_MAX && id[0] != '.');
	if (size > 0 && (data[0] & 2) != 0)
		(void)sg_fields_json(form, body, len, NULL);
	else
		(void)sg_fields_form(form, body, len, NULL);
	{
		SgOptions o = { 0 };
		char listen[] = "127.0.0.1:8380", url[] = "https://sg.example";
		SgOrigin from = { sg_field(form, "host"), sg_field(form, "origin"), sg_field(form, "site"),
		    sg_field(form, "token") };
		SgVisit v = { 0 };

		o.console.listen = listen;
		o.console.url = url;
		/* who has no token is never on a page of ours, whatever else is said */
		g_assert_false(sg_visit_own(&v, &o, &from, sg_field(form, "csrf")));
		(void)sg_visit_host(&o, from.host, (size & 1) != 0);
	}
	(void)sg_field_number(form, "version", G_MAXUINT32, &number);
	if (sg_field(form, "reason") != NULL)
		g_assert_true(g_utf8_validate(sg_field(form, "reason"), -1, NULL));
	return 0;
}
