#include <string.h>
#include <zlib.h>

#include "base/err.h"
#include "pdf/pdfraw.h"
#include "pdf/pdfstring.h"

#define PIECE	 32768u		/* unpacked at once */
#define LEVELS	 3u		/* Flate in Flate; honest files have one */
#define SHOWN	 20000u		/* strings one stream may show: the library's time grows with their square */
#define LOOSE	 (4u << 20)	/* up to here a stream may be packed as tightly as it likes */
#define RATIO	 100u
#define KEPT	 (4u << 20)	/* of one stream, where its content is wanted */
#define NAME_LONGEST 24u

/* What a stream is, from the names in its dictionary. */
typedef enum {
	D_IMAGE = 1 << 0, D_FONT = 1 << 1, D_OBJECTS = 1 << 2, D_OTHER = 1 << 3,
	D_FLATE = 1 << 4, D_ASCII85 = 1 << 5, D_HEX = 1 << 6, D_PACKED = 1 << 7,
} Trait;

static const struct {
	const char *name;
	guint mark, trait;
} names[] = {
	{ "A85", 0, D_ASCII85 }, { "AHx", 0, D_HEX }, { "ASCII85Decode", 0, D_ASCII85 },
	{ "ASCIIHexDecode", 0, D_HEX }, { "CCITTFaxDecode", 0, D_PACKED },
	{ "CIDFontType0C", 0, D_FONT }, { "Crypt", 0, D_PACKED }, { "DCTDecode", 0, D_PACKED },
	{ "Fl", 0, D_FLATE }, { "FlateDecode", 0, D_FLATE }, { "GoToE", SG_PDF_LAUNCH, 0 },
	{ "Image", 0, D_IMAGE }, { "ImportData", SG_PDF_SUBMIT, 0 },
	{ "JBIG2Decode", 0, D_PACKED }, { "JPXDecode", 0, D_PACKED }, { "JS", SG_PDF_SCRIPT, 0 },
	{ "JavaScript", SG_PDF_SCRIPT, 0 }, { "LZW", 0, D_PACKED }, { "LZWDecode", 0, D_PACKED },
	{ "Launch", SG_PDF_LAUNCH, 0 }, { "Length1", 0, D_FONT }, { "Metadata", 0, D_OTHER },
	{ "ObjStm", 0, D_OBJECTS }, { "OpenType", 0, D_FONT }, { "RL", 0, D_PACKED },
	{ "RichMedia", SG_PDF_MEDIA, 0 }, { "RunLengthDecode", 0, D_PACKED },
	{ "SubmitForm", SG_PDF_SUBMIT, 0 }, { "Type1C", 0, D_FONT }, { "XFA", SG_PDF_XFA, 0 },
	{ "XRef", 0, D_OTHER },
};

typedef struct Reader {
	const char *p, *end;
	SgSink	   *sink;
	SgPdfRaw   *raw;	/* or NULL: marks are not wanted */
	GString	   *text;	/* or NULL: strings are not wanted */
	GError	  **error;
	/* the stream in hand */
	guint	    traits, levels, shown;
	z_stream    z[LEVELS];
	guint	    open;	/* of z[] */
	gboolean    done[LEVELS];
	guint64	    packed, unpacked;
	guint	    nested;	/* parentheses */
	char	    last;
	gboolean    escaped, whole;
	GString	   *keep;
} Reader;

SgPdfRaw *
sg_pdf_raw_new(void)
{
	SgPdfRaw *raw = g_new0(SgPdfRaw, 1);

	raw->xfa = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	return raw;
}

void
sg_pdf_raw_free(SgPdfRaw *raw)
{
	if (raw == NULL)
		return;
	g_ptr_array_unref(raw->xfa);
	g_free(raw);
}

/* A name, behind its slash; "#4a" stands for a letter.  Where it ends. */
static const char *
read_name(const char *p, const char *end, char name[NAME_LONGEST])
{
	gsize n = 0;

	while (p < end && ((guchar)*p > ' ' && strchr("/()<>[]{}%", *p) == NULL)) {
		char c = *p++;

		if (c == '#' && end - p >= 2 && g_ascii_isxdigit(p[0]) && g_ascii_isxdigit(p[1])) {
			c = (char)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
			p += 2;
		}
		if (n < NAME_LONGEST - 1)
			name[n++] = c;
	}
	name[n] = '\0';
	return p;
}

static gssize
known(const char *name)
{
	gsize lo = 0, hi = G_N_ELEMENTS(names);

	while (lo < hi) {
		gsize mid = (lo + hi) / 2;
		int c = strcmp(name, names[mid].name);

		if (c == 0)
			return (gssize)mid;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return -1;
}

/* The names between streams; from dict on they are those of the next stream. */
static void
read_names(Reader *r, const char *p, const char *end, const char *dict)
{
	while (p < end && (p = memchr(p, '/', (gsize)(end - p))) != NULL) {
		char name[NAME_LONGEST];
		const char *at = p;
		gssize i;

		p = read_name(p + 1, end, name);
		if ((i = known(name)) < 0)
			continue;
		if (r->raw != NULL)
			r->raw->marks |= names[i].mark;
		if (at < dict)
			continue;
		r->traits |= names[i].trait;
		r->levels += names[i].trait == D_FLATE;
	}
}

/* How much the stream shows: strings, in parentheses or in hex. */
static void
count_shown(Reader *r, const char *s, gsize n)
{
	for (const char *end = s + n; s < end; s++) {
		if (r->escaped)
			r->escaped = FALSE;
		else if (*s == '\\')
			r->escaped = r->nested > 0;
		else if (*s == '(')
			r->shown += r->nested++ == 0;
		else if (*s == ')')
			r->nested -= r->nested > 0;
		else if (*s == '<' && r->nested == 0)
			r->shown = r->last == '<' ? r->shown - 1 : r->shown + 1;	/* "<<" is no string */
		r->last = r->nested == 0 && (*s != '<' || r->last != '<') ? *s : '\0';
	}
}

static gboolean
refuse(Reader *r, const char *limit)
{
	r->sink->limit(r->sink, limit);
	g_set_error(r->error, SG_ERR, SG_ERR_LIMIT, "%s of a PDF", limit);
	return FALSE;
}

static gboolean
is_content(const Reader *r)
{
	return (r->traits & (D_FONT | D_OBJECTS | D_OTHER)) == 0;
}

/* XFA is in several streams, each of them XML. */
static gboolean
is_xfa(const char *s, gsize n)
{
	while (n > 0 && g_ascii_isspace(*s)) {
		s++;
		n--;
	}
	return n > 8 && *s == '<' && (g_ascii_isalpha(s[1]) || s[1] == '?') &&
	    memcmp(s, "<?xpacket", 9) != 0 && memmem(s, MIN(n, 2048), "xfa", 3) != NULL;
}

/* A piece of what is in a stream, all its filters undone. */
static gboolean
take(Reader *r, const char *s, gsize n)
{
	if (!r->sink->spend(r->sink, n, r->error))
		return FALSE;
	if (r->unpacked == 0 && (r->text != NULL || (r->traits & D_OBJECTS) != 0 || is_xfa(s, n)))
		r->keep = g_string_new(NULL);
	r->unpacked += n;
	if (r->keep != NULL && r->keep->len < KEPT)
		g_string_append_len(r->keep, s, (gssize)n);
	if (r->text != NULL)
		return r->text->len < (gsize)r->sink->options->scan.text || refuse(r, "text");
	if (!is_content(r))
		return TRUE;
	if (r->unpacked > LOOSE && r->unpacked / RATIO > r->packed)
		return refuse(r, "ratio");
	count_shown(r, s, n);
	return r->shown <= SHOWN || refuse(r, "text");
}

/* What is behind the end of the packed data does not belong to it. */
static gboolean
inflate_level(Reader *r, guint level, const char *s, gsize n)
{
	z_stream *z = &r->z[level];
	char out[PIECE];

	if (level >= r->levels)
		return take(r, s, n);
	z->next_in = (Bytef *)(guintptr)s;
	z->avail_in = (uInt)n;
	while (!r->done[level]) {
		int status;
		gsize got;

		z->next_out = (Bytef *)out;
		z->avail_out = sizeof out;
		status = inflate(z, Z_NO_FLUSH);
		got = sizeof out - z->avail_out;
		r->done[level] = status != Z_OK && status != Z_BUF_ERROR;
		if (level == 0) {
			r->packed = z->total_in;
			r->whole = status == Z_STREAM_END;
		}
		if (got > 0 && !inflate_level(r, level + 1, out, got))
			return FALSE;
		if (got == 0 || (z->avail_in == 0 && z->avail_out > 0))
			break;
	}
	return TRUE;
}

/* The first bytes of a group of so many, most significant first. */
static void
put_word(guint8 *out, gsize *o, guint32 word, guint first, guint of)
{
	for (guint k = 0; k < first; k++)
		out[(*o)++] = (guint8)(word >> 8 * (of - 1 - k));
}

/* From ASCII85 or hex digits; NULL when there is nothing in it. */
static char *
from_letters(gboolean hex, const char *s, gsize n, gsize *len)
{
	g_autofree guint8 *out = g_malloc(n + 4);
	guint32 word = 0;
	guint have = 0, base = hex ? 16 : 85, group = hex ? 2 : 5, bytes = hex ? 1 : 4;
	gsize o = 0;

	for (gsize i = 0; i < n && s[i] != '~' && s[i] != '>'; i++) {
		int v = hex ? g_ascii_xdigit_value(s[i]) : s[i] - '!';

		if (!hex && s[i] == 'z' && have == 0 && o + 4 <= n)
			put_word(out, &o, 0, 4, 4);
		if (v < 0 || v >= (int)base)
			continue;
		word = word * base + (guint32)v;
		if (++have < group)
			continue;
		if (n - o < bytes)
			break;		/* "z" made more of it than packed data has */
		put_word(out, &o, word, bytes, bytes);
		word = have = 0;
	}
	/* a group that was cut short stands for one byte less than it has letters */
	if (have > 1 && have < group) {
		for (guint k = have; k < group; k++)
			word = word * base + base - 1;
		put_word(out, &o, word, have - 1, bytes);
	}
	*len = o;
	return o > 0 ? (char *)g_steal_pointer(&out) : NULL;
}

static void
end_stream(Reader *r)
{
	for (guint i = 0; i < r->open; i++)
		inflateEnd(&r->z[i]);
	if (r->keep != NULL && r->raw != NULL && (r->traits & D_OBJECTS) != 0)
		read_names(r, r->keep->str, r->keep->str + r->keep->len, r->keep->str + r->keep->len);
	else if (r->keep != NULL && r->raw != NULL && r->text == NULL)
		g_ptr_array_add(r->raw->xfa, g_string_free_to_bytes(g_steal_pointer(&r->keep)));
	if (r->keep != NULL && r->text != NULL && (r->traits & (D_FONT | D_OTHER)) == 0)
		sg_pdf_strings(r->keep->str, r->keep->len, is_content(r), r->text);
	if (r->keep != NULL)
		g_string_free(g_steal_pointer(&r->keep), TRUE);
}

static gboolean
unpack(Reader *r, const char *s, gsize n)
{
	g_autofree char *plain = NULL;
	gboolean ok = TRUE;

	if (r->levels > LEVELS)
		return refuse(r, "ratio");
	if ((r->traits & (D_ASCII85 | D_HEX)) != 0) {
		const char *stop = memchr(s, '>', n);

		n = stop != NULL ? (gsize)(stop - s) : n;
		if (!r->sink->spend(r->sink, n, r->error))
			return FALSE;
		plain = from_letters((r->traits & D_HEX) != 0, s, n, &n);
		if (plain == NULL)
			return TRUE;
		s = plain;
	}
	for (r->open = 0; r->open < r->levels; r->open++) {
		memset(&r->z[r->open], 0, sizeof r->z[0]);
		r->done[r->open] = FALSE;
		if (inflateInit(&r->z[r->open]) != Z_OK)
			break;
	}
	if (r->open == r->levels && r->levels > 0)
		ok = inflate_level(r, 0, s, MIN(n, G_MAXUINT32));
	else if (r->levels == 0)
		ok = take(r, s, n);
	end_stream(r);
	return ok;
}

/* One gap between streams and the stream behind it.  FALSE: a limit. */
static gboolean
read_stream(Reader *r, const char *key)
{
	const char *dict = key, *s = key + 6, *stop;

	while (dict > r->p && !(dict[0] == 'o' && key - dict > 3 && memcmp(dict, "obj", 3) == 0))
		dict--;
	r->traits = r->levels = r->shown = r->nested = r->open = 0;
	r->escaped = r->whole = FALSE;
	r->last = '\0';
	r->packed = r->unpacked = 0;
	read_names(r, r->p, key, dict);
	if (r->text != NULL)
		sg_pdf_strings(r->p, (gsize)(key - r->p), FALSE, r->text);
	s += s < r->end && *s == '\r';
	s += s < r->end && *s == '\n';
	if ((r->traits & (D_IMAGE | D_PACKED)) != 0) {
		r->p = s;
		return TRUE;
	}
	/* Packed data tells its own end, other data goes to "endstream". */
	stop = r->levels > 0 ? NULL : memmem(s, (gsize)(r->end - s), "stream", 6);
	if (!unpack(r, s, (gsize)((stop != NULL ? stop : r->end) - s)))
		return FALSE;
	/* What was unpacked to its end holds no other stream. */
	r->p = r->whole && (r->traits & (D_ASCII85 | D_HEX)) == 0 ? s + r->packed : s;
	return TRUE;
}

static gboolean
read_all(Reader *r)
{
	const char *from = r->p, *key;

	while ((key = memmem(from, (gsize)(r->end - from), "stream", 6)) != NULL) {
		from = key + 6;
		if (key - r->p >= 3 && memcmp(key - 3, "end", 3) == 0)
			continue;
		if (!read_stream(r, key))
			return FALSE;
		from = r->p;
	}
	read_names(r, r->p, r->end, r->end);
	if (r->text != NULL)
		sg_pdf_strings(r->p, (gsize)(r->end - r->p), FALSE, r->text);
	return TRUE;
}

gboolean
sg_pdf_raw_check(SgPdfRaw *raw, GBytes *file, SgSink *sink, GError **error)
{
	gsize n;
	const char *data = g_bytes_get_data(file, &n), *p = n > 0 ? data : "";
	Reader r = { .p = p, .end = p + n, .sink = sink, .raw = raw, .error = error };

	return read_all(&r);
}

gboolean
sg_pdf_raw_text(GBytes *file, SgSink *sink, GString *text, GError **error)
{
	gsize n;
	const char *data = g_bytes_get_data(file, &n), *p = n > 0 ? data : "";
	Reader r = { .p = p, .end = p + n, .sink = sink, .text = text, .error = error };

	return read_all(&r);
}
