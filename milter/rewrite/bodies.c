#include <string.h>

#include "rewrite/bodies.h"

#define HEAD_MAX 65536u	/* of a part, until an organizer or PGP's armour must be seen */

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

/* The beginning of a leaf without its transfer encoding and without NUL; caller frees. */
static char *
head_of(const SgTree *t, const SgNode *n)
{
	g_autoptr(GBytes) content = g_bytes_new_from_bytes(t->raw, n->body, n->end - n->body);
	g_autoptr(SgPart) part = NULL;
	char *text;
	SgCoding coding;
	gsize len;

	sg_tree_coding(n->object, &coding);
	part = sg_part_new("", "text/plain", content, coding);
	text = g_malloc(MIN(n->end - n->body, HEAD_MAX) + 1);
	len = sg_part_head(part, (guint8 *)text, MIN(n->end - n->body, HEAD_MAX));
	for (gsize i = 0; i < len; i++)
		text[i] = text[i] != '\0' ? text[i] : ' ';
	text[len] = '\0';
	return text;
}

/* RFC 5546 3.2: an invitation or an answer names an organizer or an attendee.
 * Without one it is a date to look at, which nobody answers. */
static gboolean
is_invitation(const SgTree *t, const SgNode *n)
{
	g_autofree char *head = head_of(t, n), *text = g_ascii_strup(head, -1);

	return (g_mime_object_get_content_type_parameter(n->object, "method") != NULL ||
	    strstr(text, "METHOD:") != NULL) &&
	    (strstr(text, "\nORGANIZER") != NULL || strstr(text, "\nATTENDEE") != NULL);
}

/* RFC 9580 6.2; blanks before it come from programs that indent. */
gboolean
sg_bodies_armour(const char *text, gboolean anywhere)
{
	for (const char *p = text; (p = strstr(p, "-----BEGIN")) != NULL; p++) {
		const char *word = p + 10 + strspn(p + 10, " \t\r\n"), *line = p;

		while (line > text && (line[-1] == ' ' || line[-1] == '\t'))
			line--;
		if (line - text == 3 && strncmp(text, "\xef\xbb\xbf", 3) == 0)
			line = text;	/* a byte order mark */
		if (strncmp(word, "PGP", 3) == 0 && (anywhere || line == text || line[-1] == '\n'))
			return TRUE;
	}
	return FALSE;
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

/* The name that programs give to what they sign or encrypt, or none: a file with another
 * name that happens to be signed is an attachment like any other. */
static gboolean
has_usual_name(GMimeObject *object, const char *const *names)
{
	const char *file = g_mime_object_get_content_disposition_parameter(object, "filename");

	if (file == NULL)
		file = g_mime_object_get_content_type_parameter(object, "name");
	if (file == NULL || *file == '\0')
		return TRUE;
	for (; *names != NULL; names++)
		if (g_ascii_strncasecmp(file, *names, strlen(*names)) == 0)
			return TRUE;
	return FALSE;
}

/* What protects a part, and what a gateway has left of a protected message. */
static SgSkip
protection(const SgNode *n)
{
	static const char *const smime[] = { "smime.", NULL };
	static const char *const pgp[] = { "signature.asc", "openpgp", "pgp", NULL };
	static const char *const opaque[] = { "smime.p7", NULL }, *const tnef[] = { "winmail.dat", NULL };
	GMimeObject *o = n->object;
	SgSkip skip = special_type(o);

	if (skip == SG_SKIP_SIGNED || skip == SG_SKIP_TNEF || skip == SG_SKIP_REPORT || skip == SG_SKIP_PGP)
		return skip;
	if (skip == SG_SKIP_ENCRYPTED)
		return n->type != SG_NODE_LEAF || has_usual_name(o, smime) ? skip : SG_SKIP_NONE;
	if (((is_type(o, "application", "pkcs7-signature") || is_type(o, "application", "x-pkcs7-signature")) &&
	    has_usual_name(o, smime)) || (is_type(o, "application", "pgp-signature") && has_usual_name(o, pgp)))
		return SG_SKIP_SIGNED;
	if (!is_type(o, "application", "octet-stream") || !is_attached(o))
		return SG_SKIP_NONE;
	return has_usual_name(o, opaque) ? SG_SKIP_ENCRYPTED :
	    has_usual_name(o, tnef) ? SG_SKIP_TNEF : SG_SKIP_NONE;
}

/* Anywhere in the message: siblings of an invitation are shown with it, and what stands
 * beside a signed part is often taken for a part of it. */
static SgSkip
look_at_all(const SgTree *t)
{
	for (guint i = 0; i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);
		SgSkip skip;

		if (is_odd_boundary(n->object))
			return SG_SKIP_UNCLEAR;
		if (n->forwarded)
			continue;
		if (is_type(n->object, "text", "calendar") && is_invitation(t, n))
			return SG_SKIP_CALENDAR;
		skip = protection(n);
		if (skip != SG_SKIP_NONE)
			return skip;
	}
	return SG_SKIP_NONE;
}

/* In the texts that are not changed themselves. */
static gboolean
other_has_armour(const SgTree *t, const GArray *leaves)
{
	for (guint i = 0, k = 0; i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);
		g_autofree char *head = NULL;

		if (k < leaves->len && g_array_index(leaves, guint, k) == i) {
			k++;
			continue;
		}
		if (n->type != SG_NODE_LEAF || n->forwarded || is_attached(n->object) ||
		    !is_type(n->object, "text", "*"))
			continue;
		head = head_of(t, n);
		if (sg_bodies_armour(head, FALSE))
			return TRUE;
	}
	return FALSE;
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
	if (skip == SG_SKIP_NONE)
		skip = find(t, root, leaves);
	return skip == SG_SKIP_NONE && other_has_armour(t, leaves) ? SG_SKIP_PGP : skip;
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
is_name(const char *at, gsize n, const char *name)
{
	return strlen(name) == n && g_ascii_strncasecmp(at, name, n) == 0;
}

static gboolean
starts_with(const char *value, const char *end, const char *word)
{
	while (value < end && g_ascii_isspace(*value))
		value++;
	return (gsize)(end - value) >= strlen(word) && g_ascii_strncasecmp(value, word, strlen(word)) == 0;
}

/* What one field, [at, end) with its folds, says against a change. */
static SgSkip
judge(const char *at, const char *end, gboolean *reply)
{
	const char *colon = memchr(at, ':', (gsize)(end - at));
	gsize n = colon != NULL ? (gsize)(colon - at) : 0;

	while (n > 0 && (at[n - 1] == ' ' || at[n - 1] == '\t'))
		n--;
	if (is_name(at, n, "In-Reply-To") || is_name(at, n, "References"))
		*reply = TRUE;
	if (is_name(at, n, "Auto-Submitted"))
		return starts_with(colon + 1, end, "no") ? SG_SKIP_NONE : SG_SKIP_AUTOMATIC;
	for (gsize i = 0; n > 0 && i < G_N_ELEMENTS(fields); i++)
		if (is_name(at, n, fields[i].name) &&
		    (fields[i].value == NULL || starts_with(colon + 1, end, fields[i].value)))
			return fields[i].skip;
	return SG_SKIP_NONE;
}

SgSkip
sg_bodies_headers(GBytes *raw, gboolean *reply)
{
	gsize len;
	const char *p = g_bytes_get_data(raw, &len), *end = p + len;

	*reply = FALSE;
	while (len > 0 && p < end && *p != '\n' && !(*p == '\r' && p + 1 < end && p[1] == '\n')) {
		const char *at = p;
		SgSkip skip;

		do {
			const char *nl = memchr(p, '\n', (gsize)(end - p));

			p = nl != NULL ? nl + 1 : end;
		} while (p < end && (*p == ' ' || *p == '\t'));
		skip = judge(at, p, reply);
		if (skip != SG_SKIP_NONE)
			return skip;
	}
	return SG_SKIP_NONE;
}
