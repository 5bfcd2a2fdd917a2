#include <gmime/gmime.h>
#include <string.h>

#include "base/base64.h"
#include "part/part.h"

SgPart *
sg_part_new(const char *id, const char *declared, GBytes *content, SgCoding coding)
{
	SgPart *p = g_new0(SgPart, 1);

	p->id = g_strdup(id != NULL ? id : "");
	p->name = g_strdup("");
	p->declared = g_ascii_strdown(declared != NULL ? declared : "", -1);
	p->detected = g_strdup("");
	p->charset = g_strdup("");
	p->content = g_bytes_ref(content);
	p->coding = coding;
	p->kinds = g_string_new(NULL);
	p->notes = g_string_new(NULL);
	p->state = p->strength = p->method = "";
	p->size = G_MAXUINT64;
	return p;
}

SgPart *
sg_part_inside(const SgPart *parent, guint n, const char *name, GBytes *bytes)
{
	g_autofree char *id = g_strdup_printf("%s%s%u", parent->id, parent->id[0] != '\0' ? "." : "", n);
	SgPart *p = sg_part_new(id, NULL, bytes, SG_AS_IS);

	g_free(p->name);
	p->name = g_strdup(name != NULL ? name : "");
	p->depth = parent->depth + 1;
	p->traits = SG_PART_ATTACHED | SG_PART_INSIDE | (parent->traits & (SG_PART_FORWARDED | SG_PART_SWEPT));
	return p;
}

SgMore *
sg_more_new(const struct SgExtractor *by, gpointer state, GDestroyNotify destroy)
{
	SgMore *m = g_new0(SgMore, 1);

	*m = (SgMore){ .by = by, .state = state, .free = destroy };
	return m;
}

void
sg_part_end_more(SgPart *p)
{
	SgMore *m = g_steal_pointer(&p->more);

	if (m == NULL)
		return;
	m->free(m->state);
	g_free(m);
}

void
sg_part_free(SgPart *p)
{
	if (p == NULL)
		return;
	g_free(p->id);
	g_free(p->name);
	g_free(p->declared);
	g_free(p->detected);
	g_free(p->charset);
	g_free(p->subject);
	g_free(p->shown);
	g_bytes_unref(p->content);
	sg_part_drop_bytes(p);
	sg_part_end_more(p);
	g_string_free(p->kinds, TRUE);
	g_string_free(p->notes, TRUE);
	g_free(p);
}

static GMimeContentEncoding
gmime_coding(SgCoding c)
{
	switch (c) {
	case SG_BASE64:
		return GMIME_CONTENT_ENCODING_BASE64;
	case SG_QUOTED:
		return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	case SG_UUENCODE:
		return GMIME_CONTENT_ENCODING_UUENCODE;
	case SG_AS_IS:
		break;
	}
	return GMIME_CONTENT_ENCODING_BINARY;
}

/* GMime decodes the lines of a uuencoded file, but not the one that begins it. */
static void
begin_decoding(GMimeEncoding *dec, SgCoding coding, const char **in, gsize *n)
{
	const char *p = *in, *end = *in + *n;

	g_mime_encoding_init_decode(dec, gmime_coding(coding));
	if (coding != SG_UUENCODE)
		return;
	while (p < end) {
		const char *nl = memchr(p, '\n', (gsize)(end - p));
		gboolean begin = end - p > 6 && strncmp(p, "begin ", 6) == 0;

		p = nl != NULL ? nl + 1 : end;
		if (!begin)
			continue;
		dec->state |= GMIME_UUDECODE_STATE_BEGIN;
		*n = (gsize)(end - p);
		*in = p;
		return;
	}
}

static GBytes *
decode(SgCoding coding, const char *in, gsize n)
{
	const char *end = in + n;
	GMimeEncoding dec;
	gsize room, quick = 0;
	char *out;

	begin_decoding(&dec, coding, &in, &n);
	room = g_mime_encoding_outlen(&dec, n) + 1;
	out = g_malloc(room);
	if (coding == SG_BASE64)
		quick = sg_base64_groups(&in, end, (guint8 *)out, room);
	n = quick + g_mime_encoding_flush(&dec, in, (gsize)(end - in), out + quick);
	return g_bytes_new_take(out, n);
}

GBytes *
sg_part_bytes(SgPart *p)
{
	gsize n;
	const char *in;

	if (p->bytes != NULL)
		return p->bytes;
	if (p->coding == SG_AS_IS) {
		p->bytes = g_bytes_ref(p->content);
	} else {
		in = g_bytes_get_data(p->content, &n);
		p->bytes = decode(p->coding, in, n);
	}
	p->size = g_bytes_get_size(p->bytes);
	return p->bytes;
}

void
sg_part_drop_bytes(SgPart *p)
{
	g_clear_pointer(&p->bytes, g_bytes_unref);
}

gsize
sg_part_head(const SgPart *p, guint8 *buf, gsize n)
{
	GMimeEncoding dec;
	gsize have, got = 0;
	const char *end, *in = g_bytes_get_data(p->bytes != NULL ? p->bytes : p->content, &have);

	if (p->bytes != NULL || p->coding == SG_AS_IS) {
		have = MIN(have, n);
		if (have > 0)
			memcpy(buf, in, have);
		return have;
	}
	begin_decoding(&dec, p->coding, &in, &have);
	end = in + have;
	if (p->coding == SG_BASE64)
		got = sg_base64_groups(&in, end, buf, n);
	for (; in < end && got < n; in += MIN(96, end - in)) {
		char piece[512];
		gsize k = g_mime_encoding_step(&dec, in, (gsize)MIN(96, end - in), piece);

		k = MIN(k, n - got);
		memcpy(buf + got, piece, k);
		got += k;
	}
	return got;
}

/* Without its line ends and its padding; what else is foreign in it is found
 * when somebody wants the bytes. */
static guint64
base64_size(const char *p, gsize n)
{
	const char *end = p + n;
	guint64 letters = n;

	while (end > p && (g_ascii_isspace(end[-1]) || end[-1] == '=')) {
		end--;
		letters--;
	}
	for (gssize line = 0; p < end; p += line) {
		/* mostly as long as the one before */
		if (line == 0 || line > end - p || p[line - 1] != '\n') {
			const char *nl = memchr(p, '\n', (gsize)(end - p));

			if (nl == NULL)
				break;
			line = nl + 1 - p;
		}
		letters -= line > 1 && p[line - 2] == '\r' ? 2 : 1;
	}
	return letters * 3 / 4;
}

guint64
sg_part_size(SgPart *p)
{
	gsize n;
	const char *in = g_bytes_get_data(p->content, &n);

	if (p->size != G_MAXUINT64)
		return p->size;
	if (p->coding == SG_AS_IS)
		p->size = n;
	else if (p->coding == SG_BASE64)
		p->size = base64_size(in, n);
	else
		sg_part_bytes(p);
	return p->size;
}

char *
sg_part_sha256(SgPart *p)
{
	gboolean keep = p->bytes != NULL;
	char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, sg_part_bytes(p));

	if (!keep)
		sg_part_drop_bytes(p);
	return sum;
}

static void
add_word(GString *list, const char *word)
{
	gsize n = strlen(word);

	for (const char *p = list->str; (p = strstr(p, word)) != NULL; p += n)
		if ((p == list->str || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return;
	if (list->len > 0)
		g_string_append_c(list, ' ');
	g_string_append(list, word);
}

void
sg_part_kind(SgPart *p, const char *kind)
{
	add_word(p->kinds, kind);
}

void
sg_part_note(SgPart *p, const char *note)
{
	add_word(p->notes, note);
}

SgPartInfo *
sg_part_info(SgPart *p)
{
	SgPartInfo *i = g_new0(SgPartInfo, 1);

	i->bytes = sg_part_size(p);
	i->text_bytes = p->text_bytes;
	i->part = sg_wire_cut(p->id);
	i->name = sg_wire_cut(p->name);
	i->declared = sg_wire_cut(p->declared);
	i->detected = sg_wire_cut(p->detected);
	i->sha256 = g_strdup("");
	i->state = g_strdup(p->state);
	i->strength = g_strdup(p->strength);
	i->method = g_strdup(p->method);
	i->kinds = sg_wire_cut(p->kinds->str);
	i->notes = sg_wire_cut(p->notes->str);
	return i;
}
