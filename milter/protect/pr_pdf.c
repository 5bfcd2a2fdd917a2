/*
 * pr_pdf - the /Encrypt dictionary of a PDF, and whether the empty password opens it.
 *
 * ISO 32000-2, 7.6.  The dictionary stands in the trailer that the last startxref leads
 * to, or in the dictionary of a cross-reference stream there; where that chain is broken
 * readers rebuild it, and so the last trailer of the file is taken.  Encryption of
 * nothing but the attachments is partial.
 */
#include "protect/pdfkey.h"
#include "protect/pr.h"

#define DEEP	 32u		/* dictionaries in arrays in dictionaries */
#define DICT_MAX (256u << 10)	/* bytes of a dictionary that are looked at */
#define HOPS	 2u		/* a reference, and what it leads to is none */
#define TRAILERS 64u		/* looked at from the end */

typedef struct Pdf {
	SgSpan f;
	gsize  head;		/* where %PDF- is: offsets count from there */
} Pdf;

static gboolean
is_white(guint8 c)
{
	return c == 0 || c == 9 || c == 10 || c == 12 || c == 13 || c == 32;
}

static gboolean
is_plain(guint8 c)
{
	return !is_white(c) && strchr("()<>[]{}/%", c) == NULL;
}

static gsize
skip_white(SgSpan f, gsize at)
{
	while (at < f.n && (is_white(f.p[at]) || f.p[at] == '%')) {
		if (f.p[at++] != '%')
			continue;
		while (at < f.n && f.p[at] != '\n' && f.p[at] != '\r')
			at++;
	}
	return at;
}

static gsize
skip_word(SgSpan f, gsize at)
{
	while (at < f.n && is_plain(f.p[at]))
		at++;
	return at;
}

static gsize
skip_string(SgSpan f, gsize at)
{
	guint open = 0;

	for (; at < f.n; at++) {
		if (f.p[at] == '\\')
			at++;
		else if (f.p[at] == '(')
			open++;
		else if (f.p[at] == ')' && --open == 0)
			return at + 1;
	}
	return f.n;
}

/* One token, or one bracket: what stands in between is read by whoever counts them. */
static gsize
skip_token(SgSpan f, gsize at)
{
	guint8 c = sg_span_u8(f, at);
	const guint8 *end;

	if (c == '(')
		return skip_string(f, at);
	if (c == '/')
		return skip_word(f, at + 1);
	if ((c == '<' || c == '>') && sg_span_u8(f, at + 1) == c)
		return at + 2;
	if (c == '<') {
		end = memchr(f.p + at, '>', f.n - at);
		return end != NULL ? (gsize)(end - f.p) + 1 : f.n;
	}
	return is_plain(c) ? skip_word(f, at) : at + 1;
}

/* Behind a whole value that begins at at. */
static gsize
skip_value(SgSpan f, gsize at)
{
	guint open = 0;

	do {
		guint8 c;

		at = skip_white(f, at);
		c = sg_span_u8(f, at);
		if (c == '[' || (c == '<' && sg_span_u8(f, at + 1) == '<'))
			open++;
		else if ((c == ']' || (c == '>' && sg_span_u8(f, at + 1) == '>')) && open > 0)
			open--;
		at = skip_token(f, at);
	} while (open > 0 && open < DEEP && at < f.n);
	return at;
}

/* A name as it means: #45 is E. */
static gboolean
name_is(SgSpan f, gsize at, const char *name)
{
	if (sg_span_u8(f, at) != '/')
		return FALSE;
	for (at++; at < f.n && is_plain(f.p[at]); at++) {
		guint8 c = f.p[at];

		if (c == '#' && sg_span_has(f, at, 3) && g_ascii_isxdigit(f.p[at + 1]) &&
		    g_ascii_isxdigit(f.p[at + 2])) {
			c = (guint8)(g_ascii_xdigit_value((char)f.p[at + 1]) * 16 +
			    g_ascii_xdigit_value((char)f.p[at + 2]));
			at += 2;
		}
		if (*name == '\0' || (guint8)*name++ != c)
			return FALSE;
	}
	return *name == '\0';
}

static gboolean
read_int(SgSpan f, gsize *at, gint64 *v)
{
	gsize i = skip_white(f, *at), digits = 0;
	gboolean minus = sg_span_u8(f, i) == '-';
	guint64 n = 0;

	for (i += minus || sg_span_u8(f, i) == '+'; i < f.n && g_ascii_isdigit(f.p[i]) && digits < 18; i++, digits++)
		n = n * 10 + (guint64)(f.p[i] - '0');
	if (digits == 0)
		return FALSE;
	*at = i;
	*v = minus ? -(gint64)n : (gint64)n;
	return TRUE;
}

/* "n g obj" just before the word that ends at end: n. */
static gboolean
object_before(SgSpan f, gsize word, gint64 *number)
{
	gsize at = word;
	gboolean ok = TRUE;

	for (guint i = 0; i < 2 && ok; i++) {	/* the generation, the number */
		gsize end;

		while (at > 0 && is_white(f.p[at - 1]))
			at--;
		end = at;
		while (at > 0 && g_ascii_isdigit(f.p[at - 1]))
			at--;
		ok = end > at && end - at <= 10;
	}
	return ok && read_int(f, &at, number);
}

/* The last object of that number in the file; FALSE when there is none. */
static gboolean
find_object(SgSpan f, gint64 wanted, gsize *value)
{
	gboolean found = FALSE;
	gint64 number;
	gsize at = 0;

	for (; sg_span_find(f, at, "obj", 3, &at); at += 3)
		if (object_before(f, at, &number) && number == wanted) {
			*value = skip_white(f, at + 3);
			found = TRUE;
		}
	return found;
}

/* Where the value is that at holds or refers to. */
static gboolean
resolve(SgSpan f, gsize *at)
{
	for (guint i = 0; i < HOPS; i++) {
		gsize r = *at;
		gint64 number, generation;

		if (!read_int(f, &r, &number) || !read_int(f, &r, &generation) ||
		    sg_span_u8(f, r = skip_white(f, r)) != 'R')
			return TRUE;
		if (!find_object(f, number, at))
			return FALSE;
	}
	return FALSE;
}

/* What stands behind a key of the dictionary at at. */
static gboolean
dict_find(SgSpan f, gsize at, const char *key, gsize *value)
{
	at = skip_white(f, at);
	f.n = MIN(f.n, at + DICT_MAX);
	if (!sg_span_is(f, at, "<<", 2))
		return FALSE;
	at = skip_white(f, at + 2);
	while (sg_span_u8(f, at) == '/') {
		gsize behind = skip_white(f, skip_token(f, at)), r;
		gint64 n;

		if (name_is(f, at, key)) {
			*value = behind;
			return TRUE;
		}
		at = skip_value(f, behind);
		/* "5 0 R" is three words */
		r = behind;
		if (read_int(f, &r, &n) && read_int(f, &r, &n) && sg_span_u8(f, r = skip_white(f, r)) == 'R')
			at = r + 1;
		at = skip_white(f, at);
	}
	return FALSE;
}

/* The value of a key of the dictionary at at. */
static gboolean
dict_get(SgSpan f, gsize at, const char *key, gsize *value)
{
	return dict_find(f, at, key, value) && resolve(f, value);
}

static gint64
dict_int(SgSpan f, gsize dict, const char *key, gint64 otherwise)
{
	gsize at;
	gint64 v;

	return dict_get(f, dict, key, &at) && read_int(f, &at, &v) ? v : otherwise;
}

static guint8
escaped(SgSpan f, gsize *at)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	guint8 c = sg_span_u8(f, *at);
	const char *known = c != 0 ? strchr(from, c) : NULL;
	guint v = 0, i = 0;

	if (known != NULL)
		return (guint8)to[known - from];
	for (; i < 3 && sg_span_u8(f, *at + i) >= '0' && sg_span_u8(f, *at + i) <= '7'; i++)
		v = v * 8 + (sg_span_u8(f, *at + i) - '0');
	if (i > 0)
		*at += i - 1;
	return i > 0 ? (guint8)v : c;
}

/* The bytes of a string, (so) or <736F>, as many as fit. */
static void
read_string(SgSpan f, gsize at, SgPdfString *out)
{
	gsize end = skip_token(f, at);
	gboolean hex = sg_span_u8(f, at) == '<';
	guint half = 0, digit = 0;

	out->n = 0;
	if (!hex && sg_span_u8(f, at) != '(')
		return;
	for (at++; at + 1 < end && out->n < sizeof out->p; at++) {
		guint8 c = f.p[at];

		if (hex) {
			if (!g_ascii_isxdigit(c))
				continue;
			half = half * 16 + (guint)g_ascii_xdigit_value((char)c);
			if ((++digit & 1) == 0) {
				out->p[out->n++] = (guint8)half;
				half = 0;
			}
			continue;
		}
		if (c == '\\') {
			at++;
			if (sg_span_u8(f, at) == '\r' || sg_span_u8(f, at) == '\n') {
				at += sg_span_is(f, at, "\r\n", 2);
				continue;
			}
			c = escaped(f, &at);
		} else if (c == '\r') {		/* a line's end is one character */
			at += sg_span_u8(f, at + 1) == '\n';
			c = '\n';
		}
		out->p[out->n++] = c;
	}
}

static void
dict_string(SgSpan f, gsize dict, const char *key, SgPdfString *out)
{
	gsize at;

	out->n = 0;
	if (dict_get(f, dict, key, &at))
		read_string(f, at, out);
}

/* ---- from the end of the file to the dictionary */

/* The dictionary that an offset leads to: of a trailer behind a table, or of a stream. */
static gboolean
trailer_at(const Pdf *pdf, gint64 offset, gsize *dict)
{
	SgSpan f = pdf->f;
	gint64 number;
	gsize at, type;

	if (offset < 0 || (guint64)offset >= f.n - pdf->head)
		return FALSE;
	at = skip_white(f, (gsize)offset + pdf->head);
	if (sg_span_is(f, at, "xref", 4)) {
		if (!sg_span_find(f, at, "trailer", 7, &at))
			return FALSE;
		*dict = skip_white(f, at + 7);
		return sg_span_is(f, *dict, "<<", 2);
	}
	if (!read_int(f, &at, &number) || !read_int(f, &at, &number) ||
	    !sg_span_is(f, at = skip_white(f, at), "obj", 3))
		return FALSE;
	*dict = skip_white(f, at + 3);
	return dict_get(f, *dict, "Type", &type) && name_is(f, type, "XRef");
}

/* The last place of what before end. */
static gboolean
find_last(SgSpan f, gsize end, const char *what, gsize n, gsize *at)
{
	for (gsize i = end; i >= n; i--)
		if (f.p[i - n] == (guint8)what[0] && memcmp(f.p + i - n, what, n) == 0) {
			*at = i - n;
			return TRUE;
		}
	return FALSE;
}

/* As a reader rebuilds: the last trailer, or cross-reference stream, that names a root. */
static gboolean
rebuild(SgSpan f, gsize *dict)
{
	gsize end = f.n, at, value, type, best = 0;

	for (guint i = 0; i < TRAILERS && find_last(f, end, "trailer", 7, &at); i++, end = at) {
		*dict = skip_white(f, at + 7);
		if (dict_find(f, *dict, "Root", &value)) {
			best = at;
			break;
		}
	}
	end = f.n;
	for (guint i = 0; i < TRAILERS && find_last(f, end, "/XRef", 5, &at) && at > best; i++, end = at) {
		gsize obj;
		SgSpan near = sg_span_cut(f, at - MIN(at, DICT_MAX), MIN(at, DICT_MAX));

		if (!find_last(near, near.n, "obj", 3, &obj))
			continue;
		obj = skip_white(f, (gsize)(near.p - f.p) + obj + 3);
		if (dict_find(f, obj, "Type", &type) && name_is(f, type, "XRef") && dict_find(f, obj, "Root", &value)) {
			*dict = obj;
			return TRUE;
		}
	}
	return best > 0;
}

static gboolean
find_trailer(const Pdf *pdf, gsize *dict)
{
	gsize at, value;
	gint64 offset;

	if (find_last(pdf->f, pdf->f.n, "startxref", 9, &at)) {
		at += 9;
		if (read_int(pdf->f, &at, &offset) && trailer_at(pdf, offset, dict) &&
		    dict_find(pdf->f, *dict, "Root", &value))
			return TRUE;
	}
	return rebuild(pdf->f, dict);
}

/* ---- what the dictionary says */

/* The method of a crypt filter: 0 none, 2 RC4, 4 AES-128, 5 AES-256. */
static guint
filter_method(SgSpan f, gsize encrypt, const char *which)
{
	gsize name, filters, at, value;
	guint found = 0;

	if (!dict_get(f, encrypt, which, &name) || name_is(f, name, "Identity") ||
	    !dict_get(f, encrypt, "CF", &filters) || !sg_span_is(f, filters, "<<", 2))
		return 0;
	for (at = skip_white(f, filters + 2); sg_span_u8(f, at) == '/'; at = skip_white(f, skip_value(f, value))) {
		gsize n = skip_token(f, at) - at, cfm;

		value = skip_white(f, at + n);
		if (n != skip_token(f, name) - name || memcmp(f.p + at, f.p + name, n) != 0)
			continue;
		if (!resolve(f, &value) || !dict_get(f, value, "CFM", &cfm))
			return found;
		return name_is(f, cfm, "V2") ? 2 : name_is(f, cfm, "AESV2") ? 4 : name_is(f, cfm, "None") ? 0 : 5;
	}
	return found;
}

static const SgCipher *
cipher_of(guint method, guint bits)
{
	static const SgCipher rc4_40 = { "RC4-40", FALSE }, rc4_56 = { "RC4-56", FALSE }, rc4 = { "RC4-128", FALSE },
	    aes128 = { "AES-128", TRUE }, aes256 = { "AES-256", TRUE };

	if (method == 4)
		return &aes128;
	if (method == 5)
		return &aes256;
	return bits <= 40 ? &rc4_40 : bits < 128 ? &rc4_56 : &rc4;
}

static void
read_key(SgSpan f, gsize encrypt, gsize trailer, SgPdfKey *k)
{
	gsize at;

	k->revision = (guint)dict_int(f, encrypt, "R", 0);
	k->permissions = (guint32)dict_int(f, encrypt, "P", 0);
	k->metadata = !(dict_get(f, encrypt, "EncryptMetadata", &at) && sg_span_is(f, at, "false", 5));
	dict_string(f, encrypt, "O", &k->owner);
	dict_string(f, encrypt, "U", &k->user);
	k->id.n = 0;
	if (dict_get(f, trailer, "ID", &at) && sg_span_u8(f, at) == '[') {
		at = skip_white(f, at + 1);
		if (resolve(f, &at))
			read_string(f, at, &k->id);
	}
}

static void
judge(SgSpan f, gsize encrypt, gsize trailer, SgProtection *out)
{
	gint64 v = dict_int(f, encrypt, "V", 0), length = dict_int(f, encrypt, "Length", v == 1 ? 40 : v == 4 ? 128 : 40);
	guint method = v >= 5 ? 5 : 2, bits = (guint)CLAMP(length < 40 ? length * 8 : length, 40, 256);
	gboolean attachments = FALSE;
	const SgCipher *c;
	SgPdfKey key;
	gsize at;

	if (v == 4 || v == 5) {
		guint stream = filter_method(f, encrypt, "StmF"), string = filter_method(f, encrypt, "StrF");

		method = MAX(stream, string);
		if (method == 0) {
			method = filter_method(f, encrypt, "EFF");
			attachments = TRUE;
		}
		if (method == 0) {
			sg_pr_say(out, "plain", NULL);
			return;
		}
		if (v == 4)
			bits = 128;
	}
	if (v <= 1)
		bits = 40;
	c = cipher_of(method, bits);
	sg_pr_say(out, attachments ? "partial" : "protected", c);
	if (dict_get(f, encrypt, "Filter", &at) && !name_is(f, at, "Standard"))
		return;		/* keys of people, or of a shop's program */
	read_key(f, encrypt, trailer, &key);
	key.bytes = bits / 8;
	if (sg_pdf_opens(&key))
		sg_pr_say(out, "open", c);
}

gboolean
sg_pr_pdf_is(const SgPart *part, SgSpan head)
{
	gsize at;

	return sg_span_find(head, 0, "%PDF-", 5, &at) || strcmp(part->detected, "application/pdf") == 0;
}

gboolean
sg_pr_pdf(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	Pdf pdf = { file, 0 };
	gsize trailer, encrypt;

	(void)part;
	(void)sink;
	sg_span_find(sg_span_cut(file, 0, 4096), 0, "%PDF-", 5, &pdf.head);
	if (!find_trailer(&pdf, &trailer))
		return FALSE;
	sg_pr_say(out, "plain", NULL);
	if (dict_get(file, trailer, "Encrypt", &encrypt) &&
	    sg_span_is(file, encrypt, "<<", 2))
		judge(file, encrypt, trailer, out);
	return TRUE;
}
