#include <string.h>

#include "mail/structure.h"
#include "mail/tree.h"
#include "mail/trim.h"

#define UNKNOWN	  G_MAXSIZE
#define STRAY_MAX (1u << 20)

typedef struct Reader {
	SgTree	   *tree;
	GHashTable *bounds;	/* "--value" of every multipart */
	guint	    max_depth, max_parts;
} Reader;

/* What a node inherits. */
typedef struct Place {
	const char   *id;
	guint	      depth;
	gboolean      forwarded, sealed;
	GMimeMessage *message;	/* not NULL: the object is the body of this message */
} Place;

static void add_object(Reader *r, GMimeObject *object, const Place *place);

static void
node_clear(gpointer p)
{
	g_free(((SgNode *)p)->id);
}

static void
on_warning(gint64 offset, GMimeParserWarning code, const char *item, gpointer data)
{
	SgTree *t = data;

	(void)offset;
	if (code == GMIME_CRIT_INVALID_HEADER_NAME && item != NULL && t->stray->len < STRAY_MAX)
		g_string_append_printf(t->stray, "%s%s", item,
		    g_str_has_suffix(item, "\n") ? "" : "\n");
	/* What else it warns of, structure.c looks at itself: most is in order for people. */
	if (code == GMIME_CRIT_NESTING_OVERFLOW)
		t->over_depth = TRUE;
}

static gsize
next_line(const char *p, gsize len, gsize at)
{
	const char *nl = at < len ? memchr(p + at, '\n', len - at) : NULL;

	return nl != NULL ? (gsize)(nl + 1 - p) : len;
}

static gboolean
is_blank_line(const char *p, gsize len, gsize at)
{
	return at < len && (p[at] == '\n' || (p[at] == '\r' && at + 1 < len && p[at + 1] == '\n'));
}

static void
offsets_of(GMimeHeaderList *list, gsize *first, gsize *last)
{
	int n = g_mime_header_list_get_count(list);

	for (int i = 0; i < n; i += MAX(1, n - 1)) {
		gint64 at = g_mime_header_get_offset(g_mime_header_list_get_header_at(list, i));

		if (at < 0)
			continue;
		*first = *first == UNKNOWN ? (gsize)at : MIN(*first, (gsize)at);
		*last = *last == UNKNOWN ? (gsize)at : MAX(*last, (gsize)at);
	}
}

/* The content of a leaf, in what GMime saw. */
static gboolean
content_of(GMimeObject *object, gsize len, gsize *body, gsize *end)
{
	GMimeDataWrapper *w = GMIME_IS_PART(object) ? g_mime_part_get_content((GMimePart *)object) : NULL;
	GMimeStream *s = w != NULL ? g_mime_data_wrapper_get_stream(w) : NULL;

	if (s == NULL || s->bound_start < 0 || s->bound_end < s->bound_start ||
	    (guint64)s->bound_end > len)
		return FALSE;
	*body = (gsize)s->bound_start;
	*end = (gsize)s->bound_end;
	return TRUE;
}

static void
find_offsets(SgTree *t, SgNode *n, GMimeMessage *message)
{
	gsize len, last = UNKNOWN;
	const char *p = g_bytes_get_data(t->seen, &len);

	n->start = n->body = n->end = UNKNOWN;
	offsets_of(g_mime_object_get_header_list(n->object), &n->start, &last);
	if (message != NULL)
		offsets_of(g_mime_object_get_header_list((GMimeObject *)message), &n->start, &last);
	if (last != UNKNOWN && last < len) {
		n->body = next_line(p, len, last);
		while (n->body < len && (p[n->body] == ' ' || p[n->body] == '\t'))
			n->body = next_line(p, len, n->body);
		if (is_blank_line(p, len, n->body))
			n->body = next_line(p, len, n->body);
		n->end = n->body;
	}
	(void)content_of(n->object, len, &n->body, &n->end);
	for (gsize i = 0; i < 3; i++) {
		gsize *at = (gsize *[]){ &n->start, &n->body, &n->end }[i];

		if (*at != UNKNOWN)
			*at = sg_lean_origin(&t->lean, *at);
	}
}

static void
add_multipart(Reader *r, GMimeMultipart *m, const Place *place)
{
	GMimeContentType *type = g_mime_object_get_content_type((GMimeObject *)m);
	const char *subtype = g_mime_content_type_get_media_subtype(type);
	const char *bound = g_mime_content_type_get_parameter(type, "boundary");
	int count = g_mime_multipart_get_count(m);
	Place child = *place;

	if (bound != NULL && g_hash_table_size(r->bounds) < r->max_parts)
		g_hash_table_add(r->bounds, g_strconcat("--", bound, NULL));
	child.message = NULL;
	child.depth++;
	child.sealed = place->sealed || g_ascii_strcasecmp(subtype, "signed") == 0 ||
	    g_ascii_strcasecmp(subtype, "encrypted") == 0;
	for (int i = 0; i < count && !r->tree->over_parts; i++) {
		g_autofree char *id = g_strdup_printf("%s%s%d", place->id,
		    place->id[0] != '\0' ? "." : "", i + 1);

		child.id = id;
		add_object(r, g_mime_multipart_get_part(m, i), &child);
	}
}

static void
add_message(Reader *r, GMimeMessage *message, const Place *outer, gboolean forwarded)
{
	GMimeObject *body = g_mime_message_get_mime_part(message);
	Place place = { outer->id, outer->depth, forwarded, outer->sealed, message };
	g_autofree char *id = NULL;

	if (body == NULL)
		return;
	/* As in IMAP: a multipart has no number of its own in its message. */
	if (!GMIME_IS_MULTIPART(body))
		place.id = id = g_strconcat(outer->id, outer->id[0] != '\0' ? ".1" : "1", NULL);
	add_object(r, body, &place);
}

static void
add_object(Reader *r, GMimeObject *object, const Place *place)
{
	SgTree *t = r->tree;
	SgNode n = { .object = object, .depth = place->depth, .toplevel = place->message != NULL,
		.forwarded = place->forwarded, .sealed = place->sealed };

	if (t->nodes->len >= r->max_parts) {
		t->over_parts = TRUE;
		return;
	}
	if (place->depth > r->max_depth) {
		t->over_depth = TRUE;
		return;
	}
	n.type = GMIME_IS_MULTIPART(object) ? SG_NODE_MULTIPART :
	    GMIME_IS_MESSAGE_PART(object) ? SG_NODE_MESSAGE : SG_NODE_LEAF;
	n.id = g_strdup(place->id);
	if (n.type == SG_NODE_MESSAGE)
		n.message = g_mime_message_part_get_message((GMimeMessagePart *)object);
	find_offsets(t, &n, place->message);
	g_array_append_val(t->nodes, n);
	if (n.type == SG_NODE_MULTIPART) {
		add_multipart(r, (GMimeMultipart *)object, place);
	} else if (n.message != NULL) {
		Place inner = *place;

		inner.depth++;
		add_message(r, n.message, &inner, TRUE);
	}
}

static gboolean
is_boundary(const Reader *r, const char *line, gsize n)
{
	g_autofree char *value = NULL;

	if (n < 3 || line[0] != '-' || line[1] != '-')
		return FALSE;
	while (n > 2 && g_ascii_isspace(line[n - 1]))
		n--;
	value = g_strndup(line, n);
	if (g_hash_table_contains(r->bounds, value))
		return TRUE;
	if (n < 4 || strcmp(value + n - 2, "--") != 0)
		return FALSE;
	value[n - 2] = '\0';
	return g_hash_table_contains(r->bounds, value);
}

static gboolean
has_words(const char *p, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (!g_ascii_isspace(p[i]))
			return TRUE;
	return FALSE;
}

/* The runs of [at, end) between boundary lines, when they are more than blanks. */
static void
add_gaps(Reader *r, gsize at, gsize end, gint node)
{
	gsize len, from = at;
	const char *p = g_bytes_get_data(r->tree->raw, &len);

	while (at < end) {
		gsize next = MIN(next_line(p, len, at), end);
		gboolean bound = is_boundary(r, p + at, next - at);
		SgGap g = { from, (bound ? at : next) - from, node };

		if ((bound || next >= end) && has_words(p + g.at, g.len))
			g_array_append_val(r->tree->gaps, g);
		if (bound)
			from = next;
		at = next;
	}
}

/* A node of which nothing is known starts where the one before ended. */
static void
find_gaps(Reader *r)
{
	SgTree *t = r->tree;
	gsize cursor = 0;
	gint owner = -1;

	for (guint i = 0; i < t->nodes->len; i++) {
		SgNode *n = &g_array_index(t->nodes, SgNode, i);
		gboolean empty;

		if (n->start == UNKNOWN)
			n->start = n->body != UNKNOWN ? n->body : cursor;
		if (n->body == UNKNOWN)
			n->body = n->end = n->start;
		if (n->start > cursor)
			add_gaps(r, cursor, n->start, owner);
		cursor = MAX(cursor, n->end);
		empty = n->type == SG_NODE_MULTIPART ?
		    g_mime_multipart_get_count((GMimeMultipart *)n->object) == 0 :
		    n->type == SG_NODE_LEAF && n->end == n->body;
		owner = empty ? (gint)i : -1;
	}
	add_gaps(r, cursor, g_bytes_get_size(t->raw), owner);
}

/* Words in a multipart that has no parts.  Not in the message that a bounce gives back
 * cut short: there is no boundary line in it, and nobody shows more than we read. */
static gboolean
is_lost(const SgTree *t, const SgGap *gap, const char *raw)
{
	const SgNode *n = gap->node >= 0 ? &g_array_index(t->nodes, SgNode, gap->node) : NULL;

	if (n == NULL || n->type != SG_NODE_MULTIPART)
		return FALSE;
	return !n->forwarded || (gap->len > 2 && memcmp(raw + gap->at, "--", 2) == 0) ||
	    memmem(raw + gap->at, gap->len, "\n--", 3) != NULL;
}

/* Every header block, as it stands; the first one from the first byte of the message. */
static void
judge(SgTree *t)
{
	SgStructure found = { 0, t->stray->len > 0 };
	gsize len;
	const char *p = g_bytes_get_data(t->raw, &len);

	for (guint i = 0; i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);
		gsize from = i == 0 ? 0 : n->start;

		if (n->body > from && n->body <= len)
			sg_structure_judge(p + from, n->body - from, n->type == SG_NODE_MULTIPART, &found);
	}
	for (guint i = 0; i < t->gaps->len; i++)
		if (is_lost(t, &g_array_index(t->gaps, SgGap, i), p))
			found.flags |= SG_FLAG_AMBIGUOUS | SG_FLAG_MALFORMED;
	t->flags = found.flags;
	t->odd = found.odd || found.flags != 0;
}

static GMimeMessage *
parse(SgTree *t)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	GMimeParserOptions *options = g_mime_parser_options_new();
	GMimeParser *parser;
	GMimeMessage *message;
	gsize len;

	/* A view, not a copy: the streams only read, and do not own it. */
	t->view.data = (guint8 *)(guintptr)g_bytes_get_data(t->seen, &len);
	t->view.len = (guint)len;
	g_mime_stream_mem_set_byte_array((GMimeStreamMem *)stream, &t->view);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	g_mime_parser_options_set_warning_callback(options, on_warning, t);
	message = g_mime_parser_construct_message(parser, options);
	g_mime_parser_options_free(options);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

SgTree *
sg_tree_read(GBytes *raw, const SgTreeLimits *limits, guint depth, const char *prefix)
{
	SgTree *t = g_new0(SgTree, 1);
	g_autoptr(GHashTable) bounds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Reader r = { t, bounds, limits->depth, limits->parts };
	Place place = { prefix, depth, prefix[0] != '\0' && !limits->own, FALSE, NULL };
	SgTrim trim;

	sg_trim(raw, limits->headers, limits->parts, limits->lean, &trim);
	t->raw = trim.kept;
	t->rest = trim.rest;
	t->lean = trim.lean;
	t->seen = sg_lean_bytes(&t->lean, t->raw);
	t->over_headers = trim.headers;
	t->over_parts = FALSE;
	t->nodes = g_array_new(FALSE, TRUE, sizeof(SgNode));
	g_array_set_clear_func(t->nodes, node_clear);
	t->gaps = g_array_new(FALSE, TRUE, sizeof(SgGap));
	t->stray = trim.loose != NULL ? trim.loose : g_string_new(NULL);
	t->message = parse(t);
	if (t->message != NULL) {
		add_message(&r, t->message, &place, place.forwarded);
		find_gaps(&r);
		judge(t);
	}
	t->over_parts = t->over_parts || trim.parts;
	return t;
}

void
sg_tree_free(SgTree *t)
{
	if (t == NULL)
		return;
	g_array_unref(t->nodes);
	g_array_unref(t->gaps);
	g_string_free(t->stray, TRUE);
	g_clear_object(&t->message);
	g_bytes_unref(t->seen);
	g_bytes_unref(t->raw);
	sg_lean_clear(&t->lean);
	g_clear_pointer(&t->rest, g_bytes_unref);
	g_free(t);
}

/* RFC 2045 lets comments stand before the word, one in the other. */
static const char *
behind_comments(const char *value)
{
	guint depth = 0;
	const char *p = value;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && depth > 0 && p[1] != '\0')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !g_ascii_isspace(*p))
			break;
	}
	return depth == 0 ? p : value;
}

gboolean
sg_tree_coding(GMimeObject *object, SgCoding *coding)
{
	static const struct {
		const char *name;
		SgCoding coding;
	} names[] = {
		{ "7bit", SG_AS_IS }, { "8bit", SG_AS_IS }, { "binary", SG_AS_IS },
		{ "7-bit", SG_AS_IS }, { "8-bit", SG_AS_IS }, { "base64", SG_BASE64 },
		{ "quoted-printable", SG_QUOTED }, { "x-uuencode", SG_UUENCODE },
		{ "uuencode", SG_UUENCODE }, { "x-uue", SG_UUENCODE },
	};
	const char *value = g_mime_object_get_header(object, "Content-Transfer-Encoding");
	g_autofree char *word = NULL;

	*coding = SG_AS_IS;
	if (value == NULL || *behind_comments(value) == '\0')
		return TRUE;
	value = behind_comments(value);
	value += strspn(value, " \t\r\n\"");
	word = g_strndup(value, strcspn(value, " \t\r\n;(\""));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(word, names[i].name) == 0) {
			*coding = names[i].coding;
			return TRUE;
		}
	return FALSE;
}
