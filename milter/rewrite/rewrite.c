#include <string.h>

#include "base/err.h"
#include "mail/tree.h"
#include "rewrite/rewrite.h"

/* The bytes of one part between its boundary lines, headers and all. */
typedef struct Cut {
	gsize	    at, end;
	const char *eol;
	guint	    node;
} Cut;

static gboolean
refuse(GError **error, const char *id, const char *why)
{
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "part %s: %s", id, why);
	return FALSE;
}

static const SgNode *
node_at(const SgTree *t, guint i)
{
	return &g_array_index(t->nodes, SgNode, i);
}

/* What is inside a node stands behind it, and deeper. */
static guint
last_inside(const SgTree *t, guint i)
{
	guint k = i;

	while (k + 1 < t->nodes->len && node_at(t, k + 1)->depth > node_at(t, i)->depth)
		k++;
	return k;
}

/* The multipart that holds node i; NULL for the body of a message. */
static const SgNode *
parent_of(const SgTree *t, guint i)
{
	if (node_at(t, i)->toplevel)
		return NULL;
	for (guint k = i; k-- > 0;)
		if (node_at(t, k)->depth < node_at(t, i)->depth)
			return node_at(t, k)->type == SG_NODE_MULTIPART ? node_at(t, k) : NULL;
	return NULL;
}

/* Is the line at p this boundary, or its end? */
static gboolean
is_line_of(const char *p, gsize len, gsize at, const char *bound)
{
	gsize n = strlen(bound);

	if (at + 2 + n > len || memcmp(p + at, "--", 2) != 0 || memcmp(p + at + 2, bound, n) != 0)
		return FALSE;
	at += 2 + n;
	if (at + 2 <= len && memcmp(p + at, "--", 2) == 0)
		at += 2;
	while (at < len && (p[at] == ' ' || p[at] == '\t' || p[at] == '\r'))
		at++;
	return at == len || p[at] == '\n';
}

static gsize
line_before(const char *p, gsize at)
{
	while (at > 0 && p[at - 1] != '\n')
		at--;
	return at;
}

/* The part begins right behind a boundary line, or there is something that our
 * parser and others may see differently. */
static gboolean
find_start(const char *p, gsize len, const SgNode *n, const char *bound, Cut *cut)
{
	gsize at = n->start;

	for (int blank = 0; blank < 2; blank++) {
		gsize before;

		if (at == 0 || p[at - 1] != '\n')
			return FALSE;
		before = line_before(p, at - 1);
		if (is_line_of(p, len, before, bound)) {
			cut->at = at;
			cut->eol = at >= 2 && p[at - 2] == '\r' ? "\r\n" : "\n";
			return TRUE;
		}
		/* a part without headers: an empty line stands between */
		if (n->start != n->body || at - before > 2)
			return FALSE;
		at = before;
	}
	return FALSE;
}

/* And it ends right before the next one.  What is inside a message may have ended
 * earlier, so the line is looked for. */
static gboolean
find_end(const SgTree *t, guint i, const char *bound, Cut *cut)
{
	const SgNode *n = node_at(t, i);
	gsize len, at = n->end;
	const char *p = g_bytes_get_data(t->raw, &len);

	for (guint k = i + 1; k <= last_inside(t, i); k++)
		at = MAX(at, node_at(t, k)->end);
	for (;;) {
		const char *nl = at < len ? memchr(p + at, '\n', len - at) : NULL;

		if (nl == NULL)
			return FALSE;
		cut->end = (gsize)(nl - p);
		at = cut->end + 1;
		if (is_line_of(p, len, at, bound)) {
			cut->end -= cut->end > n->body && p[cut->end - 1] == '\r';
			return n->type == SG_NODE_MESSAGE || cut->end == n->end ||
			    (n->end >= n->body && n->end + 1 >= cut->end);
		}
		if (n->type != SG_NODE_MESSAGE)
			return FALSE;
	}
}

static gboolean
find_cut(const SgTree *t, const char *id, Cut *cut, GError **error)
{
	for (guint i = 0; i < t->nodes->len; i++) {
		const SgNode *n = node_at(t, i), *parent;
		const char *bound;
		gsize len;
		const char *p = g_bytes_get_data(t->raw, &len);

		if (n->type == SG_NODE_MULTIPART || strcmp(n->id, id) != 0)
			continue;
		if (n->sealed)
			return refuse(error, id, "it is signed or encrypted");
		if ((parent = parent_of(t, i)) == NULL)
			return refuse(error, id, "it is the whole message");
		bound = g_mime_object_get_content_type_parameter(parent->object, "boundary");
		cut->node = i;
		if (bound == NULL || !find_start(p, len, n, bound, cut) ||
		    !find_end(t, i, bound, cut))
			return refuse(error, id, "its borders are not clear");
		return TRUE;
	}
	return refuse(error, id, "there is no such part");
}

static gint
by_place(gconstpointer a, gconstpointer b)
{
	const Cut *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* All cuts in the order of the message; a part inside another one that goes is not
 * cut twice. */
static GArray *
find_cuts(const SgTree *t, const char *parts, GError **error)
{
	g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
	g_auto(GStrv) ids = g_strsplit(parts, ",", -1);

	for (char **id = ids; *id != NULL; id++) {
		Cut cut;

		if (!find_cut(t, g_strstrip(*id), &cut, error))
			return NULL;
		g_array_append_val(cuts, cut);
	}
	g_array_sort(cuts, by_place);
	for (guint i = 1; i < cuts->len;) {
		if (g_array_index(cuts, Cut, i).at < g_array_index(cuts, Cut, i - 1).end)
			g_array_remove_index(cuts, i);
		else
			i++;
	}
	if (cuts->len == 0) {
		refuse(error, "", "none was named");
		return NULL;
	}
	return g_steal_pointer(&cuts);
}

/* Quoted-printable is safe in any surroundings, also where all must be ASCII. */
static void
append_note(GByteArray *out, const char *note, const char *eol)
{
	GMimeEncoding enc;
	gsize n = strlen(note);
	g_autofree char *coded = NULL;
	g_autofree char *head = g_strconcat("Content-Type: text/plain; charset=utf-8", eol,
	    "Content-Transfer-Encoding: quoted-printable", eol, eol, NULL);

	g_mime_encoding_init_encode(&enc, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	coded = g_malloc(g_mime_encoding_outlen(&enc, n) + 1);
	n = g_mime_encoding_flush(&enc, note, n, coded);
	g_byte_array_append(out, (const guint8 *)head, (guint)strlen(head));
	for (gsize i = 0; i < n; i++) {
		gboolean dash = coded[i] == '-' && (i == 0 || coded[i - 1] == '\n');
		const char *s = coded[i] == '\n' ? eol : dash ? "=2D" : &coded[i];

		/* a line of dashes must not look like a boundary */
		g_byte_array_append(out, (const guint8 *)s, coded[i] == '\n' || dash ?
		    (guint)strlen(s) : 1);
	}
}

static GBytes *
splice(const SgTree *t, const GArray *cuts, const char *note)
{
	gsize len, from = 0;
	const guint8 *p = g_bytes_get_data(t->raw, &len);
	GByteArray *out = g_byte_array_sized_new((guint)len);

	for (guint i = 0; i < cuts->len; i++) {
		const Cut *c = &g_array_index(cuts, Cut, i);

		g_byte_array_append(out, p + from, (guint)(c->at - from));
		append_note(out, note, c->eol);
		from = c->end;
	}
	g_byte_array_append(out, p + from, (guint)(len - from));
	return g_byte_array_free_to_bytes(out);
}

static gboolean
same_content(const SgTree *a, const SgNode *x, const SgTree *b, const SgNode *y)
{
	gsize la, lb;
	const char *pa = g_bytes_get_data(a->raw, &la), *pb = g_bytes_get_data(b->raw, &lb);

	return x->end - x->start == y->end - y->start &&
	    memcmp(pa + x->start, pb + y->start, x->end - x->start) == 0;
}

/* Reads what was written: everything but the parts that went must be there as before. */
static gboolean
reads_as_meant(const SgTree *before, const GArray *cuts, GBytes *changed, const SgTreeLimits *limits)
{
	g_autoptr(SgTree) after = sg_tree_read(changed, limits, 0, "");
	guint k = 0, c = 0;

	if (after->message == NULL || after->flags != 0)
		return FALSE;
	for (guint i = 0; i < before->nodes->len; i++, k++) {
		const SgNode *old = node_at(before, i), *new;

		if (k >= after->nodes->len)
			return FALSE;
		new = node_at(after, k);
		if (strcmp(old->id, new->id) != 0)
			return FALSE;
		if (c < cuts->len && g_array_index(cuts, Cut, c).node == i) {
			c++;
			i = last_inside(before, i);
		} else if (old->type != new->type || !same_content(before, old, after, new)) {
			return FALSE;
		}
	}
	return k == after->nodes->len && c == cuts->len;
}

GBytes *
sg_rewrite_detach(GBytes *raw, const char *parts, const char *note, GError **error)
{
	static const SgTreeLimits limits = SG_TREE_MOST;
	g_autoptr(SgTree) t = sg_tree_read(raw, &limits, 0, "");
	g_autoptr(GArray) cuts = NULL;
	g_autoptr(GBytes) changed = NULL;

	if (t->message == NULL || t->rest != NULL || t->odd || t->over_depth) {
		refuse(error, parts, "mail programs may read this message in different ways");
		return NULL;
	}
	cuts = find_cuts(t, parts, error);
	if (cuts == NULL)
		return NULL;
	changed = splice(t, cuts, note);
	if (!reads_as_meant(t, cuts, changed, &limits)) {
		refuse(error, parts, "the message would not read as before without it");
		return NULL;
	}
	return g_steal_pointer(&changed);
}
