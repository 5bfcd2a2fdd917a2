#include <string.h>

#include "rewrite/leaf.h"

#define UTF8 "utf-8"

static void
clear_insert(gpointer p)
{
	g_string_free(((SgInsert *)p)->text, TRUE);
}

GArray *
sg_inserts_new(void)
{
	GArray *a = g_array_new(FALSE, FALSE, sizeof(SgInsert));

	g_array_set_clear_func(a, clear_insert);
	return a;
}

static gboolean
is_ascii(const char *p, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if ((guchar)p[i] >= 0x80)
			return FALSE;
	return TRUE;
}

static gboolean
is_flowed(GMimeObject *o)
{
	const char *format = g_mime_object_get_content_type_parameter(o, "format");

	return format != NULL && g_ascii_strcasecmp(format, "flowed") == 0;
}

/* Programs differ in what they make of anything else under this label. */
static gboolean
is_clean_base64(const char *p, gsize n)
{
	gsize letters = 0;

	for (gsize i = 0; i < n; i++) {
		if (g_ascii_isalnum(p[i]) || p[i] == '+' || p[i] == '/')
			letters++;
		else if (p[i] == '=')
			break;
		else if (!g_ascii_isspace(p[i]))
			return FALSE;
	}
	for (const char *q = memchr(p, '=', n); q != NULL && q < p + n; q++)
		if (*q == '=')
			letters++;
		else if (!g_ascii_isspace(*q))
			return FALSE;
	return letters % 4 == 0;
}

/* NULL when it cannot be decoded here. */
static GString *
decode(const SgLeaf *l)
{
	g_autoptr(GBytes) content = g_bytes_new_static(l->body, l->body_len);
	g_autoptr(SgPart) part = NULL;
	GBytes *bytes;

	switch (l->coding) {
	case SG_AS_IS:
		return g_string_new_len(l->body, (gssize)l->body_len);
	case SG_QUOTED:
		return sg_qp_decode(l->body, l->body_len, NULL);
	case SG_BASE64:
		if (!is_clean_base64(l->body, l->body_len))
			return NULL;
		part = sg_part_new("", NULL, content, SG_BASE64);
		bytes = sg_part_bytes(part);
		return g_string_new_len(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
	case SG_UUENCODE:
		break;
	}
	return NULL;
}

/* The charset with the byte order that the text has: a mark at its beginning tells, and
 * stays a letter of it; without one the zeros of ASCII do.  NULL: neither. */
static const char *
byte_order(const SgLeaf *l)
{
	const char *p = l->text->str;
	gsize n = l->text->len, zeros[2] = { 0, 0 };

	if (g_ascii_strcasecmp(l->charset, "utf-16") != 0)
		return l->charset;
	if (n >= 2 && (guchar)p[0] == 0xff && (guchar)p[1] == 0xfe)
		return "utf-16le";
	if (n >= 2 && (guchar)p[0] == 0xfe && (guchar)p[1] == 0xff)
		return "utf-16be";
	for (gsize i = 0; i < n; i++)
		zeros[i % 2] += p[i] == '\0';
	return zeros[0] > 2 * zeros[1] ? "utf-16be" : zeros[1] > 2 * zeros[0] ? "utf-16le" : NULL;
}

/* Of a part without header lines the parser takes the empty line for nobody's. */
static void
take_empty_line(SgLeaf *l, const char *raw, gsize at, gsize len)
{
	gsize n = at >= 2 && at <= len && raw[at - 2] == '\r' ? 2 : 1;

	if (l->node->toplevel || l->head_len > 0 || at <= n || at > len || raw[at - 1] != '\n' ||
	    raw[at - n - 1] != '\n')
		return;
	l->head -= n;
	l->head_len = n;
}

SgSkip
sg_leaf_open(const SgTree *t, const SgNode *n, SgLeaf *l)
{
	const char *raw = g_bytes_get_data(t->raw, NULL), *label, *encoding;
	g_autofree char *utf8 = NULL;
	gsize len = 0;

	memset(l, 0, sizeof *l);
	l->node = n;
	l->html = g_mime_content_type_is_type(g_mime_object_get_content_type(n->object), "text", "html");
	l->flowed = !l->html && is_flowed(n->object);
	l->head = raw + n->start;
	l->head_len = n->body - n->start;
	l->body = raw + n->body;
	l->body_len = n->end - n->body;
	/* the parser leaves one half of the line end that belongs to the boundary */
	if (l->body_len > 0 && l->body[l->body_len - 1] == '\r' &&
	    n->end < g_bytes_get_size(t->raw) && raw[n->end] == '\n')
		l->body_len--;
	take_empty_line(l, raw, n->body, g_bytes_get_size(t->raw));
	l->eol = memmem(raw, MIN(g_bytes_get_size(t->raw), 4096), "\r\n", 2) != NULL ? "\r\n" : "\n";
	label = g_mime_object_get_content_type_parameter(n->object, "charset");
	l->charset = g_strdup(label != NULL && *label != '\0' ? label : "us-ascii");
	l->shape = sg_charset_shape(l->charset);
	encoding = g_mime_object_get_header(n->object, "Content-Transfer-Encoding");
	if (!sg_tree_coding(n->object, &l->coding))
		return SG_SKIP_ENCODING;
	l->seven = encoding == NULL || *encoding == '\0' || strchr("8Bb", *encoding) == NULL;
	l->text = decode(l);
	if (l->text == NULL)
		return SG_SKIP_ENCODING;
	if (l->shape != SG_CS_OTHER) {
		l->view = l->text;
		return SG_SKIP_NONE;
	}
	l->codec = byte_order(l);
	utf8 = l->codec != NULL ? sg_charset_decode_strictly(l->codec, l->text->str, l->text->len, &len) : NULL;
	if (utf8 == NULL)
		return SG_SKIP_CHARSET;
	l->view = g_string_new_len(utf8, (gssize)len);
	return SG_SKIP_NONE;
}

void
sg_leaf_clear(SgLeaf *l)
{
	if (l->view != NULL && l->view != l->text)
		g_string_free(l->view, TRUE);
	if (l->text != NULL)
		g_string_free(l->text, TRUE);
	g_free(l->charset);
	memset(l, 0, sizeof *l);
}

/* --- the charset ----------------------------------------------------------------- */

/* The text with its inserts, in which charset; convert turns a run of the view into
 * bytes of that charset, or NULL when it cannot. */
typedef char *(*Convert)(const SgLeaf *l, const char *view, gsize len, gsize *out_len);

static char *
same(const SgLeaf *l, const char *view, gsize len, gsize *out_len)
{
	(void)l;
	*out_len = len;
	return g_memdup2(view, len);	/* there may be NUL in it */
}

/* What the label says; else what programs read under it (WHATWG encoding standard 4.2).
 * Where the label is wrong a reader's program guesses, and may go on to: a guess of ours
 * would be for good. */
static char *
as_utf8(const SgLeaf *l, const char *view, gsize len, gsize *out_len)
{
	static const char *const wider[][2] = {
		{ "iso-8859-1", "windows-1252" }, { "latin1", "windows-1252" }, { "iso-8859-9", "windows-1254" },
		{ "gb2312", "gb18030" }, { "gbk", "gb18030" }, { "euc-kr", "windows-949" },
		{ "ks_c_5601-1987", "windows-949" }, { "shift_jis", "windows-31j" }, { "tis-620", "windows-874" },
	};
	const char *wide = NULL;
	char *utf8 = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(wider) && wide == NULL; i++)
		if (g_ascii_strcasecmp(l->charset, wider[i][0]) == 0)
			wide = wider[i][1];
	/* the first of all, since its own letters there are controls, which nobody writes */
	if (wide == NULL || strcmp(wide, "windows-1252") != 0)
		utf8 = sg_charset_decode_strictly(l->charset, view, len, out_len);
	return utf8 != NULL || wide == NULL ? utf8 : sg_charset_decode_strictly(wide, view, len, out_len);
}

char *
sg_leaf_words(const SgLeaf *l, const char *bytes, gsize len)
{
	g_autofree char *utf8 = NULL;
	gsize n = len;
	char *out, *to;

	if (l->shape == SG_CS_ASCII)
		utf8 = as_utf8(l, bytes, len, &n);
	if (utf8 == NULL)
		n = len;
	to = out = g_malloc(n + 1);
	for (const char *p = utf8 != NULL ? utf8 : bytes, *end = p + n; p < end; p++)
		if (*p != '\r' || p + 1 == end || p[1] != '\n')
			*to++ = *p != '\0' ? *p : ' ';
	*to = '\0';
	return out;
}

static gboolean
append_converted(GString *out, const SgLeaf *l, const char *p, gsize n, Convert convert)
{
	gsize len = 0;
	g_autofree char *bytes = n > 0 ? convert(l, p, n, &len) : NULL;

	if (n > 0 && bytes == NULL)
		return FALSE;
	if (len > 0)
		g_string_append_len(out, bytes, (gssize)len);
	return TRUE;
}

/* NULL when label lacks a letter of the inserts; label NULL: UTF-8 as it is. */
static GString *
weave(const SgLeaf *l, const GArray *inserts, const char *label, Convert convert)
{
	g_autoptr(GString) out = g_string_sized_new(l->view->len + 4096);
	gsize from = 0;

	for (guint i = 0; i < inserts->len; i++) {
		const SgInsert *in = &g_array_index(inserts, SgInsert, i);
		gsize len = in->text->len;
		g_autofree char *coded = NULL;

		if (label != NULL && !is_ascii(in->text->str, len)) {
			coded = sg_charset_encode(label, in->text->str, len, &len);
			if (coded == NULL)
				return NULL;
		}
		if (!append_converted(out, l, l->view->str + from, in->at - from, convert))
			return NULL;
		g_string_append_len(out, coded != NULL ? coded : in->text->str, (gssize)len);
		from = in->at;
	}
	return append_converted(out, l, l->view->str + from, l->view->len - from, convert) ?
	    g_steal_pointer(&out) : NULL;
}

/* UTF-16 and its kind: all of it, and only when it comes back the same.  Of the rare
 * ones programs differ in the details: those become UTF-8. */
static GString *
weave_whole(const SgLeaf *l, const GArray *inserts)
{
	static const char *const known[] = { "utf-16", "utf-32", "iso-2022-jp", "utf-7", "unicode-1-1-utf-7", NULL };
	g_autoptr(GString) all = NULL;
	g_autofree char *coded = NULL, *back = NULL;
	gsize len = 0, back_len = 0, i = 0;

	while (known[i] != NULL && g_ascii_strncasecmp(l->codec, known[i], strlen(known[i])) != 0)
		i++;
	if (known[i] == NULL)
		return NULL;
	all = weave(l, inserts, NULL, same);
	coded = sg_charset_encode(l->codec, all->str, all->len, &len);
	if (coded != NULL)
		back = sg_charset_decode_strictly(l->codec, coded, len, &back_len);
	if (back == NULL || back_len != all->len || memcmp(back, all->str, back_len) != 0)
		return NULL;
	return g_string_new_len(coded, (gssize)len);
}

static gboolean
all_ascii(const GArray *inserts)
{
	for (guint i = 0; i < inserts->len; i++) {
		const GString *s = g_array_index(inserts, SgInsert, i).text;

		if (!is_ascii(s->str, s->len))
			return FALSE;
	}
	return TRUE;
}

/* *relabel: it is UTF-8 now. */
static GString *
new_text(const SgLeaf *l, const GArray *inserts, gboolean *relabel)
{
	GString *out = NULL;
	gboolean narrow = l->shape == SG_CS_UNKNOWN || g_ascii_strcasecmp(l->charset, "us-ascii") == 0 ||
	    g_ascii_strcasecmp(l->charset, "ascii") == 0;

	*relabel = FALSE;
	if (l->shape == SG_CS_OTHER)
		out = weave_whole(l, inserts);
	else if (all_ascii(inserts) || !narrow)
		out = weave(l, inserts, l->charset, same);
	if (out != NULL)
		return out;
	*relabel = TRUE;
	/* claimed narrower than it is: the bytes are UTF-8 already */
	if (l->shape == SG_CS_OTHER ||
	    (narrow && g_utf8_validate(l->text->str, (gssize)l->text->len, NULL)))
		return weave(l, inserts, NULL, same);
	return weave(l, inserts, NULL, as_utf8);
}

/* --- the transfer encoding ---------------------------------------------------------- */

static void
drop_soft_break(GString *out)
{
	gsize n = out->len;

	while (n > 0 && (out->str[n - 1] == ' ' || out->str[n - 1] == '\t'))
		n--;
	if (n > 0 && out->str[n - 1] == '=')
		g_string_truncate(out, n - 1);
}

/* Only what is inserted is encoded; the lines around it stay as they are.  An insert
 * begins and ends with whole lines, or stands at an end of the text. */
static void
splice_quoted(const SgLeaf *l, const GArray *inserts, const char *label, GString *out)
{
	gsize from = 0;

	for (guint i = 0; i < inserts->len; i++) {
		const SgInsert *in = &g_array_index(inserts, SgInsert, i);
		gsize at = in->at, len = in->text->len;
		g_autofree char *coded = is_ascii(in->text->str, len) ? NULL :
		    sg_charset_encode(label, in->text->str, len, &len);

		g_string_free(sg_qp_decode(l->body, l->body_len, &at), TRUE);
		g_string_append_len(out, l->body + from, (gssize)(at - from));
		/* a soft break that the end has cut would break what follows */
		if (at == l->body_len)
			drop_soft_break(out);
		/* a blank before a line end would be lost on the way */
		else if (at > 0 && (l->body[at - 1] == ' ' || l->body[at - 1] == '\t'))
			g_string_append_printf(out, "=%s", l->eol);
		sg_qp_append(out, coded != NULL ? coded : in->text->str, len, label, l->eol);
		from = at;
	}
	g_string_append_len(out, l->body + from, (gssize)(l->body_len - from));
}

static gboolean
ends_line(const char *p, gsize n)
{
	return n > 0 && p[n - 1] == '\n';
}

SgSkip
sg_leaf_write(const SgLeaf *l, const GArray *inserts, GString *out)
{
	gboolean relabel, quote;
	g_autoptr(GString) text = new_text(l, inserts, &relabel);
	const char *label = relabel ? UTF8 : l->charset;
	gsize stop;

	if (text == NULL)
		return SG_SKIP_CHARSET;
	/* a header that nothing ends would take the text for its own */
	if (!sg_leaf_header_ends(l->head, l->head_len, &stop))
		return SG_SKIP_UNCLEAR;
	quote = l->coding == SG_AS_IS && l->seven && !is_ascii(text->str, text->len);
	if (!relabel && !quote)
		g_string_append_len(out, l->head, (gssize)l->head_len);
	else if (!sg_leaf_header(l->head, l->head_len, relabel ? UTF8 : NULL,
	    quote ? "quoted-printable" : NULL, l->node->toplevel, l->eol, out))
		return SG_SKIP_UNCLEAR;
	if (l->coding == SG_BASE64) {
		sg_base64_append(out, text->str, text->len, l->eol);
		if (ends_line(l->body, l->body_len) || l->body_len == 0)
			g_string_append(out, l->eol);
	} else if (quote || (l->coding == SG_QUOTED && (relabel || l->shape == SG_CS_OTHER))) {
		sg_qp_append(out, text->str, text->len, label, l->eol);
	} else if (l->coding == SG_QUOTED) {
		splice_quoted(l, inserts, label, out);
	} else {
		g_string_append_len(out, text->str, (gssize)text->len);
	}
	return SG_SKIP_NONE;
}
