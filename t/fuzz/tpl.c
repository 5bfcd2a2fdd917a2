/* Fuzz: templates.  One that is taken is rendered with harmless and with hostile values; outside
 * the values the two pages must be the same bytes, so no value can have become markup. */
#include <string.h>

#include "tpl/tpl.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

/* Every name there can be, as a value and as a list: {{x}}, {{#l}}. */
static json_t *
model(const char *value)
{
	static const char *const names[] = { "x", "y", "id", "title", "csrf" };
	json_t *m = json_object(), *row = json_object();

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		json_object_set_new(m, names[i], json_string(value));
		json_object_set_new(row, names[i], json_string(value));
	}
	json_object_set_new(m, "l", json_pack("[o s]", row, value));
	return m;
}

static char *
render(const SgTpl *t, const char *value)
{
	g_autoptr(GString) out = g_string_new(NULL);
	json_t *m = model(value);
	gboolean ok = sg_tpl_render(t, "t", m, out, NULL);

	json_decref(m);
	return ok ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

static guint
count(const char *s, const char *chars)
{
	guint n = 0;

	for (; *s != '\0'; s++)
		n += strchr(chars, *s) != NULL;
	return n;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	g_autoptr(SgTpl) t = sg_tpl_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *plain = NULL, *hostile = NULL;

	if (!sg_tpl_add(t, "t.html", "t", (const char *)data, size, &error) ||
	    !sg_tpl_finish(t, &error)) {
		g_assert_nonnull(error);
		return 0;
	}
	plain = render(t, "zz");
	hostile = render(t, "\"'><script>`\x01</textarea></title>{{x}}");
	if (plain != NULL && hostile != NULL)
		g_assert_cmpuint(count(plain, "<>\"'`"), ==, count(hostile, "<>\"'`"));
	return 0;
}
