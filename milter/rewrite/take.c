#include <string.h>

#include "base/err.h"
#include "mail/tree.h"
#include "rewrite/take.h"

static GBytes *
decoded(const SgTree *t, const SgNode *n, gsize most, GError **error)
{
	g_autoptr(GBytes) content = g_bytes_new_from_bytes(t->raw, n->body, n->end - n->body);
	g_autoptr(SgPart) part = NULL;
	SgCoding coding;

	if (!sg_tree_coding(n->object, &coding)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "its encoding is not known");
		return NULL;
	}
	part = sg_part_new(n->id, NULL, content, coding);
	if (sg_part_size(part) > most) {
		g_set_error_literal(error, SG_ERR, SG_ERR_LIMIT, "it is too large");
		return NULL;
	}
	return g_bytes_ref(sg_part_bytes(part));
}

GBytes *
sg_take_part(GBytes *raw, const char *id, gsize most, GError **error)
{
	static const SgTreeLimits limits = SG_TREE_MOST;
	g_autoptr(SgTree) t = sg_tree_read(raw, &limits, 0, "");

	for (guint i = 0; t->message != NULL && i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);

		if (n->type == SG_NODE_LEAF && n->end >= n->body && strcmp(n->id, id) == 0)
			return decoded(t, n, most, error);
	}
	g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "there is no such part");
	return NULL;
}
