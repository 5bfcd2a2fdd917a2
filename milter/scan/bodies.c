#include <string.h>

#include "scan/bodies.h"

#define CALENDAR_MAX 65536u	/* of an invitation, until somebody is named in it */

const char *
sg_skip_word(SgSkip skip)
{
	switch (skip) {
	case SG_SKIP_NONE:
		break;
#define X(name, word) case SG_SKIP_##name: return word;
	SG_SKIPS
#undef X
	}
	return "";
}

static const SgNode *
node_of(const SgTree *t, GMimeObject *object, guint *index)
{
	for (guint i = 0; i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);

		if (n->object != object)
			continue;
		*index = i;
		return n;
	}
	return NULL;
}

static gboolean
is_type(GMimeObject *object, const char *type, const char *subtype)
{
	GMimeContentType *t = g_mime_object_get_content_type(object);

	return t != NULL && g_mime_content_type_is_type(t, type, subtype);
}

static gboolean
is_attached(GMimeObject *object)
{
	const char *d = g_mime_object_get_disposition(object);
	const char *name = g_mime_object_get_content_disposition_parameter(object, "filename");

	return (d != NULL && g_ascii_strcasecmp(d, "inline") != 0) ||
	    (name != NULL && name[0] != '\0');
}

/* Types that stand where a text could, and what they mean for the whole message. */
static const struct {
	const char *type, *subtype;
	SgSkip skip;
} special[] = {
	{ "multipart", "signed", SG_SKIP_SIGNED },
	{ "multipart", "encrypted", SG_SKIP_ENCRYPTED },
	{ "multipart", "report", SG_SKIP_REPORT },
	{ "application", "pkcs7-mime", SG_SKIP_ENCRYPTED },
	{ "application", "x-pkcs7-mime", SG_SKIP_ENCRYPTED },
	{ "application", "ms-tnef", SG_SKIP_TNEF },
	{ "application", "vnd.ms-tnef", SG_SKIP_TNEF },
	{ "application", "pgp", SG_SKIP_PGP },
	{ "application", "pgp-encrypted", SG_SKIP_PGP },
	{ "message", "partial", SG_SKIP_PARTIAL },
	{ "message", "external-body", SG_SKIP_PARTIAL },
	{ "message", "delivery-status", SG_SKIP_REPORT },
	{ "message", "disposition-notification", SG_SKIP_REPORT },
	{ "text", "x-amp-html", SG_SKIP_ALTERNATIVE },
	{ "text", "watch-html", SG_SKIP_ALTERNATIVE },
	{ "text", "enriched", SG_SKIP_ALTERNATIVE },
	{ "text", "richtext", SG_SKIP_ALTERNATIVE },
	{ "text", "rtf", SG_SKIP_ALTERNATIVE },
	{ "text", "markdown", SG_SKIP_ALTERNATIVE },
};

static SgSkip
special_type(GMimeObject *object)
{
	for (gsize i = 0; i < G_N_ELEMENTS(special); i++)
		if (is_type(object, special[i].type, special[i].subtype))
			return special[i].skip;
	return SG_SKIP_NONE;
}

/* RFC 5546 3.2: an invitation or an answer names an organizer or an attendee.
 * Without one it is a date to look at, which nobody answers. */
static gboolean
is_invitation(const SgTree *t, const SgNode *n)
{
	g_autoptr(GBytes) content = g_bytes_new_from_bytes(t->raw, n->body, n->end - n->body);
	g_autoptr(SgPart) part = NULL;
	g_autofree char *text = NULL;
	SgCoding coding;
	gsize len;

	sg_tree_coding(n->object, &coding);
	part = sg_part_new("", "text/calendar", content, coding);
	text = g_malloc(CALENDAR_MAX + 1);
	len = sg_part_head(part, (guint8 *)text, CALENDAR_MAX);
	for (gsize i = 0; i < len; i++)
		text[i] = text[i] != '\0' ? g_ascii_toupper(text[i]) : ' ';
	text[len] = '\0';
	return (g_mime_object_get_content_type_parameter(n->object, "method") != NULL ||
	    strstr(text, "METHOD:") != NULL) &&
	    (strstr(text, "\nORGANIZER") != NULL || strstr(text, "\nATTENDEE") != NULL);
}

/* RFC 2046 5.1.1: at most 70 letters; and one that ends like a last boundary line is
 * read in two ways. */
static gboolean
is_odd_boundary(GMimeObject *object)
{
	const char *b = GMIME_IS_MULTIPART(object) ?
	    g_mime_object_get_content_type_parameter(object, "boundary") : NULL;

	return b != NULL && (strlen(b) > 70 || g_str_has_suffix(b, "--"));
}

/* Anywhere in the message: siblings of an invitation are shown with it. */
static SgSkip
look_at_all(const SgTree *t)
{
	for (guint i = 0; i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);

		if (is_odd_boundary(n->object))
			return SG_SKIP_UNCLEAR;
		if (n->forwarded)
			continue;
		if (is_type(n->object, "text", "calendar") && is_invitation(t, n))
			return SG_SKIP_CALENDAR;
		if (is_type(n->object, "application", "ms-tnef") ||
		    is_type(n->object, "application", "vnd.ms-tnef"))
			return SG_SKIP_TNEF;
	}
	return SG_SKIP_NONE;
}

static SgSkip find(const SgTree *t, GMimeObject *object, GArray *leaves);

/* The root of a related: named by "start", else the first. */
static GMimeObject *
root_of(GMimeMultipart *m)
{
	const char *start = g_mime_object_get_content_type_parameter((GMimeObject *)m, "start");
	int n = g_mime_multipart_get_count(m);

	for (int i = 0; start != NULL && i < n; i++) {
		GMimeObject *o = g_mime_multipart_get_part(m, i);
		const char *id = g_mime_object_get_content_id(o);
		gsize len = id != NULL ? strlen(id) : 0;

		if (len > 0 && strlen(start) >= len && strstr(start, id) != NULL)
			return o;
	}
	return n > 0 ? g_mime_multipart_get_part(m, 0) : NULL;
}

/* Every reading that a mail program may choose, or none. */
static SgSkip
find_in_alternative(const SgTree *t, GMimeMultipart *m, GArray *leaves)
{
	int n = g_mime_multipart_get_count(m);

	for (int i = 0; i < n; i++) {
		GMimeObject *o = g_mime_multipart_get_part(m, i);
		SgSkip skip;

		if (is_type(o, "text", "calendar") || is_type(o, "image", "*"))
			continue;
		skip = find(t, o, leaves);
		if (skip == SG_SKIP_NO_TEXT)
			skip = SG_SKIP_ALTERNATIVE;
		if (skip != SG_SKIP_NONE)
			return skip;
	}
	return leaves->len > 0 ? SG_SKIP_NONE : SG_SKIP_NO_TEXT;
}

static SgSkip
find_in_mixed(const SgTree *t, GMimeMultipart *m, GArray *leaves)
{
	int n = g_mime_multipart_get_count(m);

	for (int i = 0; i < n; i++) {
		GMimeObject *o = g_mime_multipart_get_part(m, i);
		SgSkip skip;

		if (is_attached(o) || GMIME_IS_MESSAGE_PART(o))
			continue;
		skip = find(t, o, leaves);
		if (skip != SG_SKIP_NO_TEXT)
			return skip;
	}
	return SG_SKIP_NO_TEXT;
}

static SgSkip
find(const SgTree *t, GMimeObject *object, GArray *leaves)
{
	SgSkip skip = special_type(object);
	const SgNode *node;
	guint index;

	if (skip != SG_SKIP_NONE)
		return skip;
	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *m = (GMimeMultipart *)object;
		GMimeObject *root;

		if (is_type(object, "multipart", "alternative"))
			return find_in_alternative(t, m, leaves);
		if (!is_type(object, "multipart", "related"))
			return find_in_mixed(t, m, leaves);
		root = root_of(m);
		return root != NULL ? find(t, root, leaves) : SG_SKIP_NO_TEXT;
	}
	if (!is_type(object, "text", "plain") && !is_type(object, "text", "html"))
		return SG_SKIP_NO_TEXT;
	node = node_of(t, object, &index);
	if (node == NULL || (node->body >= node->end && node->toplevel == FALSE && node->start == node->body))
		return SG_SKIP_UNCLEAR;
	if (node->sealed)
		return SG_SKIP_SIGNED;
	if (is_attached(object))
		return SG_SKIP_NO_TEXT;
	g_array_append_val(leaves, index);
	return SG_SKIP_NONE;
}

SgSkip
sg_bodies_find(const SgTree *t, GArray *leaves)
{
	GMimeObject *root = t->message != NULL ? g_mime_message_get_mime_part(t->message) : NULL;
	SgSkip skip;

	if (root == NULL || t->flags != 0 || t->rest != NULL || t->over_depth || t->over_parts ||
	    t->over_headers || t->stray->len > 0)
		return SG_SKIP_UNCLEAR;
	/* what nobody shows, or some do: a change beside it is not safe */
	for (guint i = 0; i < t->gaps->len; i++)
		if (g_array_index(t->gaps, SgGap, i).node >= 0)
			return SG_SKIP_UNCLEAR;
	skip = look_at_all(t);
	return skip != SG_SKIP_NONE ? skip : find(t, root, leaves);
}

/* Fields that tell of mail no person wrote; value NULL: any.  RFC 3834, RFC 2369. */
static const struct {
	const char *name, *value;
	SgSkip skip;
} fields[] = {
	{ "List-Id", NULL, SG_SKIP_LIST },
	{ "List-Post", NULL, SG_SKIP_LIST },
	{ "List-Unsubscribe", NULL, SG_SKIP_LIST },
	{ "Mailing-List", NULL, SG_SKIP_LIST },
	{ "Precedence", "list", SG_SKIP_LIST },
	{ "Precedence", "bulk", SG_SKIP_LIST },
	{ "Precedence", "junk", SG_SKIP_AUTOMATIC },
	{ "Precedence", "auto_reply", SG_SKIP_AUTOMATIC },
	{ "X-Autoreply", NULL, SG_SKIP_AUTOMATIC },
	{ "X-Autorespond", NULL, SG_SKIP_AUTOMATIC },
	{ "X-Failed-Recipients", NULL, SG_SKIP_REPORT },
	{ "Content-Class", "urn:content-classes:calendarmessage", SG_SKIP_CALENDAR },
	{ "X-MS-Exchange-Calendar-Originator-Id", NULL, SG_SKIP_CALENDAR },
	{ "X-MS-Exchange-Calendar-Series-Instance-Id", NULL, SG_SKIP_CALENDAR },
	{ "DKIM-Signature", NULL, SG_SKIP_DKIM },
	{ "ARC-Message-Signature", NULL, SG_SKIP_DKIM },
};

static gboolean
starts_with(const char *value, const char *word)
{
	value += strspn(value, " \t\r\n");
	return g_ascii_strncasecmp(value, word, strlen(word)) == 0;
}

SgSkip
sg_bodies_headers(GMimeMessage *message)
{
	GMimeObject *o = (GMimeObject *)message;
	const char *automatic = g_mime_object_get_header(o, "Auto-Submitted");

	if (automatic != NULL && !starts_with(automatic, "no"))
		return SG_SKIP_AUTOMATIC;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		const char *value = g_mime_object_get_header(o, fields[i].name);

		if (value != NULL && (fields[i].value == NULL || starts_with(value, fields[i].value)))
			return fields[i].skip;
	}
	return SG_SKIP_NONE;
}

gboolean
sg_bodies_is_reply(GMimeMessage *message)
{
	return g_mime_object_get_header((GMimeObject *)message, "In-Reply-To") != NULL ||
	    g_mime_object_get_header((GMimeObject *)message, "References") != NULL;
}
