#include <string.h>

#include "old/mapi.h"

#define MOST (4u << 20)		/* bytes of names and other strings */

struct SgMapi {
	SgCodepages *pages;
	guint	 page, html_page, lcid;	/* 0: not told */
	GString *subject, *body, *names;	/* names: all other strings, a line each */
	GBytes	*html, *rtf, *file;
	char	*name, *mime;
	guint	 name_rank;
};

/* Of strings: what they are to a reader.  Types of addresses, identifiers and the header
 * as it came over the network are not words of the message. */
static const struct {
	guint16 id;
	enum { SUBJECT = 1, BODY, NAME, LONG_NAME, MIME, NOTHING } role;
} roles[] = {
	{ 0x0037, SUBJECT }, { 0x1000, BODY }, { 0x3704, NAME }, { 0x3707, LONG_NAME },
	{ 0x370e, MIME }, { 0x001a, NOTHING }, { 0x007d, NOTHING }, { 0x003d, NOTHING },
	{ 0x0064, NOTHING }, { 0x0c1e, NOTHING }, { 0x3002, NOTHING }, { 0x0075, NOTHING },
	{ 0x0077, NOTHING }, { 0x1035, NOTHING }, { 0x1039, NOTHING }, { 0x1042, NOTHING },
	{ 0x3703, NOTHING }, { 0x370d, NOTHING }, { 0x3708, NOTHING },
};

SgMapi *
sg_mapi_new(SgCodepages *pages)
{
	SgMapi *m = g_new0(SgMapi, 1);

	m->pages = pages;
	m->subject = g_string_new(NULL);
	m->body = g_string_new(NULL);
	m->names = g_string_new(NULL);
	return m;
}

void
sg_mapi_free(SgMapi *m)
{
	if (m == NULL)
		return;
	g_string_free(m->subject, TRUE);
	g_string_free(m->body, TRUE);
	g_string_free(m->names, TRUE);
	g_clear_pointer(&m->html, g_bytes_unref);
	g_clear_pointer(&m->rtf, g_bytes_unref);
	g_clear_pointer(&m->file, g_bytes_unref);
	g_free(m->name);
	g_free(m->mime);
	g_free(m);
}

void
sg_mapi_page(SgMapi *m, guint page)
{
	if (page > 0 && page <= G_MAXUINT16)
		m->page = page;
}

/* What is told of the message, of its HTML, of its language, in this order. */
guint
sg_mapi_get_page(const SgMapi *m)
{
	guint page = m->page;

	if (page == 0 && m->html_page != 20127 && m->html_page <= G_MAXUINT16)
		page = m->html_page;
	if (page == 0)
		page = sg_codepage_of_language(m->lcid);
	return page == 1200 ? 1252 : page;
}

void
sg_mapi_file(SgMapi *m, GBytes *bytes)
{
	g_clear_pointer(&m->file, g_bytes_unref);
	m->file = g_bytes_ref(bytes);
}

void
sg_mapi_name(SgMapi *m, const char *utf8)
{
	if (m->name_rank > 0 || utf8[0] == '\0')
		return;
	g_free(m->name);
	m->name = g_strdup(utf8);
}

const char *
sg_mapi_get_name(const SgMapi *m)
{
	return m->name != NULL ? m->name : "";
}

gboolean
sg_mapi_has_file(const SgMapi *m)
{
	return m->file != NULL;
}

static void
set_name(SgMapi *m, guint rank, const char *name)
{
	if (m->name != NULL && m->name[0] != '\0' && strcmp(m->name, name) != 0) {
		/* the other one is shown by other programs */
		g_string_append_printf(m->names, "%s\n", rank > m->name_rank ? m->name : name);
		if (rank <= m->name_rank)
			return;
	}
	g_free(m->name);
	m->name = g_strdup(name);
	m->name_rank = rank;
}

static void
put_string(SgMapi *m, guint id, GString *s)
{
	guint role = 0;

	while (s->len > 0 && s->str[s->len - 1] == '\0')
		g_string_truncate(s, s->len - 1);
	if (s->len == 0)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		if (roles[i].id == id)
			role = roles[i].role;
	if (role == SUBJECT || role == BODY) {
		GString *to = role == SUBJECT ? m->subject : m->body;

		g_string_append_len(to, s->str, (gssize)s->len);
		g_string_append_c(to, '\n');
	} else if (role == NAME || role == LONG_NAME) {
		set_name(m, role, s->str);
	} else if (role == MIME) {
		g_free(m->mime);
		m->mime = g_strdup(s->str);
	} else if (role != NOTHING && id == 0x3001 && m->name == NULL) {
		/* what an attachment is called that has no file name; of others a name of somebody */
		m->name = g_strdup(s->str);
		g_string_append_printf(m->names, "%s\n", s->str);
	} else if (role != NOTHING && m->names->len < MOST && strncmp(s->str, "/O", 2) != 0) {
		g_string_append_len(m->names, s->str, (gssize)s->len);
		g_string_append_c(m->names, '\n');
	}
}

static void
set_bytes(GBytes **to, GBytes *b)
{
	g_clear_pointer(to, g_bytes_unref);
	*to = g_bytes_ref(b);
}

static void
put_number(SgMapi *m, guint id, GBytes *value)
{
	const guint8 *p = g_bytes_get_data(value, NULL);
	guint v;

	if (g_bytes_get_size(value) < 4)
		return;
	v = p[0] | (guint)p[1] << 8 | (guint)p[2] << 16 | (guint)p[3] << 24;
	if (id == 0x3fde)		/* of the HTML */
		m->html_page = v;
	else if (id == 0x3ffd)
		sg_mapi_page(m, v);
	else if (id == 0x3ff1)
		m->lcid = v;
}

void
sg_mapi_put(SgMapi *m, guint id, guint type, GBytes *value)
{
	gsize n;
	const void *p = g_bytes_get_data(value, &n);
	g_autoptr(GString) s = NULL;

	if (id == 0x1013) {		/* as a string or as bytes */
		set_bytes(&m->html, value);
	} else if (id == 0x1009) {
		set_bytes(&m->rtf, value);
	} else if (id == 0x3701 && type == SG_MAPI_BINARY) {
		set_bytes(&m->file, value);
	} else if (type == SG_MAPI_LONG) {
		put_number(m, id, value);
	} else if (type == SG_MAPI_STRING8 || type == SG_MAPI_UNICODE) {
		s = g_string_new(NULL);
		sg_codepage_append(m->pages, type == SG_MAPI_UNICODE ? 1200 : sg_mapi_get_page(m), p, n, s);
		put_string(m, id, s);
	}
}

static const char *
label_of_page(guint page, char label[24])
{
	static const struct {
		guint page;
		const char *label;
	} known[] = { { 65001, "utf-8" }, { 20127, "us-ascii" }, { 20866, "koi8-r" }, { 21866, "koi8-u" },
		{ 932, "shift_jis" }, { 936, "gb18030" }, { 949, "euc-kr" }, { 950, "big5" },
		{ 50220, "iso-2022-jp" }, { 1200, "utf-16le" }, { 51932, "euc-jp" } };

	for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
		if (known[i].page == page)
			return known[i].label;
	if (page > 28590 && page < 28606)
		g_snprintf(label, 24, "iso-8859-%u", page - 28590);
	else if (page > 0)
		g_snprintf(label, 24, "windows-%u", page);
	else
		label[0] = '\0';
	return label;
}

static gboolean
give_part(SgPart *parent, SgSink *sink, const char *name, const char *mime, const char *charset,
    GBytes *bytes, guint *inside, GError **error)
{
	SgPart *p;

	if (g_bytes_get_size(bytes) == 0)
		return TRUE;
	p = sg_part_inside(parent, ++*inside, name, bytes);
	if (mime != NULL && mime[0] != '\0') {
		g_free(p->declared);
		p->declared = g_ascii_strdown(mime, -1);
	}
	if (charset != NULL) {
		g_free(p->charset);
		p->charset = g_strdup(charset);
	}
	return sink->part(sink, p, error);
}

static gboolean
give_text(SgSink *sink, SgStrings *strings, const GString *text, GError **error)
{
	if (text->len == 0)
		return TRUE;
	sg_strings_known(strings, text->str, text->len);
	return sink->text(sink, "attachment", text->str, text->len, error);
}

static gboolean
give_rtf(SgMapi *m, SgPart *part, SgSink *sink, guint *inside, GError **error)
{
	GError *local = NULL;
	g_autoptr(GBytes) rtf = m->rtf != NULL ? sg_lzfu_unpack(m->rtf, sink, &local) : NULL;

	if (local != NULL) {
		g_propagate_error(error, local);
		return FALSE;
	}
	return rtf == NULL || give_part(part, sink, "body.rtf", "text/rtf", NULL, rtf, inside, error);
}

gboolean
sg_mapi_give(SgMapi *m, SgPart *part, SgSink *sink, SgStrings *strings, guint *inside, GError **error)
{
	char label[24];

	if (!give_text(sink, strings, m->subject, error) || !give_text(sink, strings, m->body, error))
		return FALSE;
	/* the same names stand in many properties */
	sg_strings_add(strings, m->names->str, m->names->len);
	if (m->html != NULL && !give_part(part, sink, "body.html", "text/html",
	    label_of_page(m->html_page, label), m->html, inside, error))
		return FALSE;
	if (!give_rtf(m, part, sink, inside, error))
		return FALSE;
	return m->file == NULL || give_part(part, sink, sg_mapi_get_name(m), m->mime, NULL, m->file, inside, error);
}
