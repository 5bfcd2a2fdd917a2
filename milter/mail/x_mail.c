/* x_mail - a message: its headers are texts, its leaves are parts. */
#include <gmime/gmime.h>
#include <string.h>

#include "base/err.h"
#include "mail/header.h"
#include "mail/params.h"
#include "mail/sweep.h"
#include "mail/tree.h"
#include "part/extractor.h"

/* Header fields that people see.  Names only: an address is not a word. */
static const struct {
	const char *name;
	gboolean names;
} shown[] = {
	{ "Subject", FALSE },		/* must be first */
	{ "From", TRUE }, { "Sender", TRUE }, { "Reply-To", TRUE }, { "To", TRUE }, { "Cc", TRUE },
	{ "Comments", FALSE }, { "Keywords", FALSE }, { "Organization", FALSE },
	{ "Thread-Topic", FALSE },
};

static guint
mail_bid(const SgPart *part)
{
	return strcmp(part->detected, "message/rfc822") == 0 ||
	    strcmp(part->detected, "message/global") == 0 ||
	    strcmp(part->detected, "message/news") == 0 ? 20 : 0;
}

/* One line each, in the order of the message. */
static void
header_texts(GMimeMessage *message, GString *subject, GString *people)
{
	GMimeHeaderList *list = g_mime_object_get_header_list((GMimeObject *)message);
	int n = g_mime_header_list_get_count(list);

	for (int i = 0; i < n; i++) {
		GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
		const char *name = g_mime_header_get_name(h), *raw = g_mime_header_get_raw_value(h);

		for (gsize k = 0; raw != NULL && k < G_N_ELEMENTS(shown); k++) {
			g_autofree char *value = NULL;
			GString *to;

			if (g_ascii_strcasecmp(name, shown[k].name) != 0)
				continue;
			value = shown[k].names ? sg_header_names(raw) : sg_header_decode(raw);
			to = k == 0 ? subject : people;
			if (value[0] != '\0')
				g_string_append_printf(to, "%s%s", to->len > 0 ? "\n" : "", value);
		}
	}
}

/* A name as GMime decoded it, or, where it could not, as the raw value says. */
static char *
file_name(GMimeObject *object, gboolean *differ)
{
	GMimeContentDisposition *d = g_mime_object_get_content_disposition(object);
	const char *a = d != NULL ? g_mime_content_disposition_get_parameter(d, "filename") : NULL;
	const char *b = g_mime_object_get_content_type_parameter(object, "name");
	const char *dot_a = a != NULL ? strrchr(a, '.') : NULL;
	const char *dot_b = b != NULL ? strrchr(b, '.') : NULL;

	*differ = dot_a != NULL && dot_b != NULL && g_ascii_strcasecmp(dot_a, dot_b) != 0;
	if (a == NULL || a[0] == '\0')
		a = b;
	return a != NULL ? sg_header_decode(a) : g_strdup("");
}

/* The other names that a program may show for the file, a line each. */
static void
other_names(SgPart *p, GMimeObject *object)
{
	static const char *const from[][2] = { { "Content-Disposition", "filename" }, { "Content-Type", "name" } };
	g_autoptr(GString) all = g_string_new(p->shown);
	GMimeHeaderList *list = g_mime_object_get_header_list(object);

	for (gsize i = 0; i < G_N_ELEMENTS(from); i++) {
		GMimeHeader *h = g_mime_header_list_get_header(list, from[i][0]);
		const char *raw = h != NULL ? g_mime_header_get_raw_value(h) : NULL;
		g_auto(SgParams) read = { 0 };

		if (raw == NULL || strchr(raw, ';') == NULL)
			continue;
		sg_params_read(raw, from[i][1], &read);
		for (guint k = 0; k < read.values->len; k++) {
			const char *name = g_ptr_array_index(read.values, k);

			if (strcmp(name, p->name) != 0 && strstr(all->str, name) == NULL)
				g_string_append_printf(all, "%s%s", all->len > 0 ? "\n" : "", name);
		}
	}
	if (all->len == 0)
		return;
	g_free(p->shown);
	p->shown = g_strdup(all->str);
}

static char *
declared_type(GMimeObject *object)
{
	GMimeContentType *t = g_mime_object_get_content_type(object);

	return t != NULL ? g_mime_content_type_get_mime_type(t) : NULL;
}

static void
set_traits(SgPart *p, const SgNode *n)
{
	GMimeContentDisposition *d = g_mime_object_get_content_disposition(n->object);
	const char *format = g_mime_object_get_content_type_parameter(n->object, "format");
	const char *delsp = g_mime_object_get_content_type_parameter(n->object, "delsp");

	if (format != NULL && g_ascii_strcasecmp(format, "flowed") == 0)
		p->traits |= SG_PART_FLOWED;
	if (delsp != NULL && g_ascii_strcasecmp(delsp, "yes") == 0)
		p->traits |= SG_PART_DELSP;
	if (n->forwarded)
		p->traits |= SG_PART_FORWARDED;
	/* The body of a message is its body, even where a mailer gave it a name. */
	if (!n->toplevel && (p->name[0] != '\0' || (d != NULL && g_ascii_strcasecmp(
	    g_mime_content_disposition_get_disposition(d), "attachment") == 0)))
		p->traits |= SG_PART_ATTACHED;
}

static SgPart *
part_of(const SgTree *t, const SgNode *n, gsize at, gsize len, SgCoding coding)
{
	g_autoptr(GBytes) content = g_bytes_new_from_bytes(t->raw, at, len);
	g_autofree char *type = declared_type(n->object);
	const char *charset = g_mime_object_get_content_type_parameter(n->object, "charset");
	const char *about = g_mime_object_get_header(n->object, "Content-Description");
	gboolean differ;
	SgPart *p = sg_part_new(n->id, type, content, coding);

	g_free(p->name);
	p->name = file_name(n->object, &differ);
	if (differ)
		sg_part_kind(p, "mismatch");
	if (charset != NULL) {
		g_free(p->charset);
		p->charset = g_strdup(charset);
	}
	if (about != NULL)
		p->shown = sg_header_decode(about);
	other_names(p, n->object);
	p->depth = n->depth;
	set_traits(p, n);
	return p;
}

/* GMime has read what is inside an attached message: the container is only a fact,
 * with what its header shows. */
static void
set_message(SgPart *p, GMimeMessage *message)
{
	g_autoptr(GString) subject = g_string_new(NULL);
	g_autoptr(GString) people = g_string_new(p->shown);

	p->traits |= SG_PART_READ;
	if (message == NULL)
		return;
	header_texts(message, subject, people);
	g_free(p->shown);
	p->subject = g_strdup(subject->str);
	p->shown = g_strdup(people->str);
}

static gboolean
give_node(const SgTree *t, const SgNode *n, const SgPart *message, SgSink *sink, GError **error)
{
	SgCoding coding;
	SgPart *p;

	if (n->type == SG_NODE_MULTIPART)
		return TRUE;
	sg_tree_coding(n->object, &coding);
	p = part_of(t, n, n->body, n->end - n->body, coding);
	p->traits |= message->traits & SG_PART_SWEPT;
	if (n->type == SG_NODE_MESSAGE)
		set_message(p, n->message);
	return sink->part(sink, p, error);
}

/* A gap is the body of a multipart that has no parts, or nobody's: then it is a
 * text of the message (prologue, epilogue) that some clients show. */
static gboolean
give_gap(SgTree *t, const SgGap *g, SgSink *sink, GError **error)
{
	const SgNode *n = g->node >= 0 ? &g_array_index(t->nodes, SgNode, g->node) : NULL;
	SgPart *p;

	if (n == NULL) {
		g_autoptr(GBytes) content = g_bytes_new_from_bytes(t->raw, g->at, g->len);

		p = sg_part_new("", "text/plain", content, SG_AS_IS);
	} else {
		p = part_of(t, n, g->at, g->len, SG_AS_IS);
	}
	if (p->id[0] == '\0' && n != NULL) {
		g_free(p->id);
		p->id = g_strdup("1");
	}
	p->traits |= SG_PART_RAW;
	return sink->part(sink, p, error);
}

static gboolean
give_all(SgTree *t, const SgPart *message, SgSink *sink, GError **error)
{
	guint g = 0;

	for (guint i = 0; i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);

		for (; g < t->gaps->len && g_array_index(t->gaps, SgGap, g).at < n->start; g++)
			if (!give_gap(t, &g_array_index(t->gaps, SgGap, g), sink, error))
				return FALSE;
		/* The gap behind a node that is empty is given in its place. */
		if ((g >= t->gaps->len || g_array_index(t->gaps, SgGap, g).node != (gint)i) &&
		    !give_node(t, n, message, sink, error))
			return FALSE;
	}
	for (; g < t->gaps->len; g++)
		if (!give_gap(t, &g_array_index(t->gaps, SgGap, g), sink, error))
			return FALSE;
	return TRUE;
}

static gboolean
give_headers(const SgTree *t, const SgPart *part, SgSink *sink, GError **error)
{
	g_autoptr(GString) subject = g_string_new(NULL), people = g_string_new(NULL);
	const char *where = part->id[0] != '\0' ? "forwarded" : "subject";

	header_texts(t->message, subject, people);
	return (subject->len == 0 || sink->text(sink, where, subject->str, subject->len, error)) &&
	    (people->len == 0 || sink->text(sink, "header", people->str, people->len, error)) &&
	    (t->stray->len == 0 || sink->text(sink, "body", t->stray->str, t->stray->len, error));
}

/* What is not a message at all, and what the limits cut out: read as it stands. */
static gboolean
give_raw(const char *id, GBytes *bytes, guint depth, SgSink *sink, GError **error)
{
	SgPart *p = sg_part_new(id, "text/plain", bytes, SG_AS_IS);

	p->traits |= SG_PART_RAW;
	p->depth = depth;
	return sink->part(sink, p, error);
}

/* Where the first line with something in it begins: what stands before it (blank lines, a
 * byte order mark, NUL) keeps GMime from seeing a header, and other readers from nothing. */
static gsize
header_begin(GBytes *bytes)
{
	gsize n, at = 0, line = 0;
	const guchar *p = g_bytes_get_data(bytes, &n);

	while (at < n && (g_ascii_isspace(p[at]) || p[at] == '\0' || p[at] == 0xef || p[at] == 0xbb || p[at] == 0xbf)) {
		if (p[at] == '\n' || p[at] >= 0x80 || p[at] == '\0')
			line = at + 1;
		at++;
	}
	return at < n ? line : 0;
}

static SgTree *
read_tree(const SgPart *part, GBytes *bytes, const SgOptions *options)
{
	const SgTreeLimits limits = { (guint)options->scan.depth, (guint)options->scan.parts,
		(guint)options->scan.headers, TRUE, (part->traits & SG_PART_OWN) != 0 };
	SgTree *t = sg_tree_read(bytes, &limits, part->depth + 1, part->id), *other;
	gsize begin = t->message == NULL ? header_begin(bytes) : 0;
	g_autoptr(GBytes) rest = NULL;

	if (begin == 0)
		return t;
	rest = g_bytes_new_from_bytes(bytes, begin, g_bytes_get_size(bytes) - begin);
	other = sg_tree_read(rest, &limits, part->depth + 1, part->id);
	if (other->message == NULL) {
		sg_tree_free(other);
		return t;
	}
	sg_tree_free(t);
	other->flags |= SG_FLAG_MALFORMED;
	return other;
}

static gboolean
mail_run(SgPart *part, SgSink *sink, GError **error)
{
	GBytes *bytes = sg_part_bytes(part);
	g_autoptr(SgTree) t = read_tree(part, bytes, sink->options);

	if (t->over_headers)
		sink->limit(sink, "headers");
	if (t->over_parts)
		sink->limit(sink, "parts");
	if (t->over_depth)
		sink->limit(sink, "depth");
	if ((t->flags & SG_FLAG_MALFORMED) != 0)
		sink->flag(sink, SG_FLAG_MALFORMED);
	if ((t->flags & SG_FLAG_AMBIGUOUS) != 0)
		sink->flag(sink, SG_FLAG_AMBIGUOUS);
	if (t->message == NULL) {
		g_autofree char *id = g_strconcat(part->id, part->id[0] != '\0' ? ".1" : "1", NULL);

		/* a text whose name says ".eml" is not a broken mail */
		if (part->id[0] == '\0' || g_str_has_prefix(part->declared, "message/"))
			sink->flag(sink, SG_FLAG_MALFORMED);
		return give_raw(id, bytes, part->depth + 1, sink, error) &&
		    sg_sweep(t, part, sink, error);
	}
	if (!give_headers(t, part, sink, error) || !give_all(t, part, sink, error))
		return FALSE;
	if (t->rest != NULL && !give_raw("", t->rest, part->depth + 1, sink, error))
		return FALSE;
	return sg_sweep(t, part, sink, error);
}

extern const SgExtractor sg_x_mail;
const SgExtractor sg_x_mail = { .name = "mail", .bid = mail_bid, .run = mail_run };
