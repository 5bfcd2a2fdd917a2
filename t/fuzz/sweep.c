/* The second reading of a mail, of a decoded text, and the decoders it is made of. */
#include <string.h>

#include "mail/params.h"
#include "mail/structure.h"
#include "mail/sweep.h"
#include "scan/walk.h"
#include "t/lib/catch.h"
#include "text/lenient.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
forget(Catch *c)
{
	g_string_truncate(c->text, 0);
	g_string_truncate(c->parts, 0);
	g_string_truncate(c->limits, 0);
	g_ptr_array_set_size(c->inside, 0);
	c->spent = 0;
}

static void
decode(const char *p, gsize n)
{
	gboolean strict = sg_strict_base64(p, n);

	for (guint skip = 0; skip < 4; skip++)
		for (SgPad pad = SG_PAD_FOREIGN; pad <= SG_PAD_ADDRESS; pad++) {
			g_autoptr(GBytes) b = sg_lenient_base64(p, n, pad, skip);

			g_assert_cmpuint(g_bytes_get_size(b), <=, n);
			if (strict && skip == 0)
				g_assert_cmpuint(g_bytes_get_size(b), >=, n / 8 > 80 ? n / 8 - 80 : 0);
		}
	(void)sg_strict_quoted(p, n);
	g_bytes_unref(sg_lenient_quoted(p, n));
}

static void
judge(const char *p, gsize n)
{
	static const char *const names[] = { "boundary", "name", "filename" };
	g_autofree char *value = g_strndup(p, n);
	SgStructure found = { 0, FALSE };

	sg_structure_judge(p, n, TRUE, &found);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_auto(SgParams) params = { 0 };

		sg_params_read(value, names[i], &params);
		for (guint k = 0; k < params.values->len; k++)
			g_assert_true(g_utf8_validate(g_ptr_array_index(params.values, k), -1, NULL));
	}
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Catch *c;
	const SgTreeLimits limits = { .depth = 20, .parts = 50, .headers = 50, .lean = TRUE };
	g_autofree char *copy = g_memdup2(data, size);	/* ends where the bytes end */
	g_autoptr(GBytes) raw = g_bytes_new_static(copy, size);
	g_autoptr(SgPart) message = sg_part_new("", "message/rfc822", raw, SG_AS_IS);
	g_autoptr(SgPart) text = sg_part_new("1", "text/plain", raw, SG_AS_IS);
	g_autoptr(SgTree) tree = NULL;
	g_autoptr(GError) error = NULL;

	if (c == NULL) {
		g_assert_true(sg_walk_warm_up(NULL));
		c = catch_new("");
	}
	forget(c);
	tree = sg_tree_read(raw, &limits, 1, "");
	g_assert_true(sg_sweep(tree, message, &c->sink, &error) || error != NULL);
	tree->odd = TRUE;
	tree->flags |= SG_FLAG_AMBIGUOUS;
	g_clear_error(&error);
	forget(c);
	g_assert_true(sg_sweep(tree, message, &c->sink, &error) || error != NULL);
	g_clear_error(&error);
	g_assert_true(sg_sweep_text(text, &c->sink, &error) || error != NULL);
	decode(copy != NULL ? copy : "", size);
	judge(copy != NULL ? copy : "", size);
	return 0;
}
