/* The school's text into any mail: all other parts keep their bytes, a second pass changes nothing. */
#include <string.h>

#include "base/letters.h"
#include "mail/tree.h"
#include "rewrite/disclaim.h"
#include "scan/walk.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define PLAIN "-- \nConfidential \xe2\x80\x93 \xc2\xa3" "5, St Mary\xe2\x80\x99s.\n"
#define HTML  "<div><p>Confidential \xe2\x80\x93 \xc2\xa3" "5, St Mary\xe2\x80\x99s.</p></div>"

static const SgTreeLimits limits = { 100, 20000, 20000, FALSE, FALSE };

static gboolean
is_text(const SgNode *n)
{
	GMimeContentType *t = g_mime_object_get_content_type(n->object);

	return g_mime_content_type_is_type(t, "text", "plain") || g_mime_content_type_is_type(t, "text", "html");
}

/* The same nodes; what is no text has the same bytes. */
static void
compare(GBytes *before, GBytes *after)
{
	g_autoptr(SgTree) a = sg_tree_read(before, &limits, 0, ""), b = sg_tree_read(after, &limits, 0, "");
	const char *p = g_bytes_get_data(a->raw, NULL), *q = g_bytes_get_data(b->raw, NULL);

	g_assert_cmpuint(a->nodes->len, ==, b->nodes->len);
	for (guint i = 0; i < a->nodes->len; i++) {
		const SgNode *x = &g_array_index(a->nodes, SgNode, i), *y = &g_array_index(b->nodes, SgNode, i);

		g_assert_cmpstr(x->id, ==, y->id);
		g_assert_cmpint(x->type, ==, y->type);
		g_assert_cmpint(is_text(x), ==, is_text(y));
		if (x->type != SG_NODE_LEAF || (is_text(x) && !x->forwarded && !x->sealed))
			continue;
		g_assert_cmpuint(x->end - x->start, ==, y->end - y->start);
		g_assert_cmpint(memcmp(p + x->start, q + y->start, x->end - x->start), ==, 0);
	}
}

static void
once(GBytes *raw, const char *place, const char *repeat)
{
	g_autofree char *known = sg_letters(PLAIN, strlen(PLAIN));
	char plain[] = PLAIN, html[] = HTML, name[] = "t", where[16], when[24];
	SgWireDISCLAIM d = { .name = name, .plain = plain, .html = html, .known = known, .place = where,
		.repeat = when };
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	g_auto(SgDisclaimed) first = { 0 }, second = { 0 };

	g_strlcpy(where, place, sizeof where);
	g_strlcpy(when, repeat, sizeof when);
	g_ptr_array_add(texts, &d);
	sg_disclaim(raw, texts, 1 << 20, &first);
	if (first.bytes == NULL)
		return;
	compare(raw, first.bytes);
	sg_disclaim(first.bytes, texts, 1 << 20, &second);
	g_assert_null(second.bytes);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static gboolean warm;
	g_autoptr(GBytes) raw = NULL;

	if (!warm)
		warm = sg_walk_warm_up(NULL);
	if (size < 2)
		return 0;
	raw = g_bytes_new(data + 1, size - 1);
	once(raw, data[0] & 1 ? "top" : data[0] & 2 ? "above-quote" : "bottom",
	    data[0] & 4 ? "always" : "once-per-thread");
	return 0;
}
