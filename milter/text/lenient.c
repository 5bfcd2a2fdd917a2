#include <string.h>

#include "text/lenient.h"

#define FOREIGN 64u
#define PAD	65u
#define BLOCK	16u

static guint
letter(guchar c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return c == '=' ? PAD : FOREIGN;
}

static gsize
flush(guint8 *out, gsize o, guint32 group, guint have)
{
	if (have >= 2)
		out[o++] = (guint8)(group >> (have * 6 - 8));
	if (have >= 3)
		out[o++] = (guint8)(group >> (have * 6 - 16));
	return o;
}

GBytes *
sg_lenient_base64(const char *in, gsize n, SgPad pad, guint skip)
{
	guint8 *out = g_malloc(n / 4 * 3 + 4 + n / 2);
	guint32 group = 0;
	guint have = 0;
	gsize o = 0;

	for (gsize i = 0; i < n; i++) {
		guint v = letter((guchar)in[i]);

		if (v == PAD && pad != SG_PAD_FOREIGN) {
			o = flush(out, o, group, have);
			group = have = 0;
			continue;
		}
		if (v >= FOREIGN || (pad != SG_PAD_ADDRESS && (in[i] == '-' || in[i] == '_')))
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		group = group << 6 | v;
		if (++have == 4) {
			out[o++] = (guint8)(group >> 16);
			out[o++] = (guint8)(group >> 8);
			out[o++] = (guint8)group;
			group = have = 0;
		}
	}
	o = flush(out, o, group, have);
	return g_bytes_new_take(out, o);
}

/* Sixteen at once, in the registers that every such machine has. */
typedef guint8 Block __attribute__((vector_size(BLOCK)));

static gboolean
is_strict_block(const char *p)
{
	guint64 halves[BLOCK / sizeof(guint64)];
	Block c, ok;

	memcpy(&c, p, BLOCK);
	ok = (Block)((c | 0x20) - 'a' < 26) | (Block)(c - '0' < 10) | (Block)(c == '+') | (Block)(c == '/') |
	    (Block)(c == '\n') | (Block)(c == '\r');
	memcpy(halves, &ok, BLOCK);
	return (halves[0] & halves[1]) == G_MAXUINT64;
}

gboolean
sg_strict_base64(const char *in, gsize n)
{
	const char *p = in, *end = p + n;
	char last[BLOCK];
	guint pads = 0;

	while (end > p && (g_ascii_isspace(end[-1]) || (end[-1] == '=' && pads < 2))) {
		pads += end[-1] == '=';
		end--;
	}
	for (; end - p >= (gssize)BLOCK; p += BLOCK)
		if (!is_strict_block(p))
			return FALSE;
	memset(last, 'A', BLOCK);
	memcpy(last, p, (gsize)(end - p));
	return is_strict_block(last);
}

/* Behind a "=": how much of a soft line end there is; 0 for none. */
static gsize
soft_end(const char *p, gsize n)
{
	gsize i = 0;

	while (i < n && (p[i] == ' ' || p[i] == '\t'))
		i++;
	if (i == n)
		return i;
	if (p[i] != '\r' && p[i] != '\n')
		return 0;
	while (i < n && p[i] == '\r')
		i++;
	return i < n && p[i] == '\n' ? i + 1 : i;
}

GBytes *
sg_lenient_quoted(const char *in, gsize n)
{
	char *out = g_malloc(n + 1);
	const char *p = in, *end = in + n;
	gsize o = 0;

	while (p < end) {
		const char *eq = memchr(p, '=', (gsize)(end - p));
		gsize k = eq != NULL ? (gsize)(eq - p) : (gsize)(end - p), soft;

		memcpy(out + o, p, k);
		o += k;
		p += k;
		if (eq == NULL)
			break;
		p++;
		if (end - p >= 2 && g_ascii_isxdigit(p[0]) && g_ascii_isxdigit(p[1])) {
			out[o++] = (char)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
			p += 2;
			continue;
		}
		soft = soft_end(p, (gsize)(end - p));
		if (soft == 0 && p < end)
			out[o++] = '=';
		p += soft;
	}
	return g_bytes_new_take(out, o);
}

static gboolean
is_big_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

gboolean
sg_strict_quoted(const char *in, gsize n)
{
	const char *p = in, *end = in + n;

	while ((p = memchr(p, '=', (gsize)(end - p))) != NULL) {
		gsize left = (gsize)(end - ++p);

		if (left == 0 || *p == '\n' || (left >= 2 && p[0] == '\r' && p[1] == '\n'))
			continue;
		if (left < 2 || !is_big_hex(p[0]) || !is_big_hex(p[1]))
			return FALSE;
	}
	return TRUE;
}

/* "begin 644 name": the letters behind the mode, or -1 when it is no such line. */
static gssize
uu_head(const char *p, gsize n, gboolean *base64)
{
	gsize i = 5, digits;

	if (n < 9 || g_ascii_strncasecmp(p, "begin", 5) != 0)
		return -1;
	*base64 = n > 12 && g_ascii_strncasecmp(p + 5, "-base64", 7) == 0;
	i += *base64 ? 7 : 0;
	if (p[i] != ' ' && p[i] != '\t')
		return -1;
	while (i < n && (p[i] == ' ' || p[i] == '\t'))
		i++;
	for (digits = 0; i < n && p[i] >= '0' && p[i] <= '7'; digits++)
		i++;
	if (digits < 3 || digits > 5 || (i < n && p[i] != ' ' && p[i] != '\t'))
		return -1;
	return (gssize)i;
}

static void
uu_line(const char *p, gsize n, guint want, GByteArray *out)
{
	for (gsize i = 0; want > 0; i += 4) {
		guint8 b[3];
		guint v[4];

		/* blanks at the end of a line are lost on the way */
		for (gsize k = 0; k < 4; k++)
			v[k] = i + k < n ? ((guchar)p[i + k] - 0x20u) & 0x3f : 0;
		b[0] = (guint8)(v[0] << 2 | v[1] >> 4);
		b[1] = (guint8)(v[1] << 4 | v[2] >> 2);
		b[2] = (guint8)(v[2] << 6 | v[3]);
		g_byte_array_append(out, b, MIN(want, 3));
		want -= MIN(want, 3);
	}
}

static gboolean
is_uu_line(const char *p, gsize n, guint *want)
{
	gsize groups;

	if (n == 0 || p[0] < 0x20 || p[0] > 0x60)
		return FALSE;
	*want = ((guchar)p[0] - 0x20u) & 0x3f;
	groups = (*want + 2) / 3 * 4;
	/* blanks may be missing, and a check sum may follow */
	if (n - 1 > groups + 2 || (n - 1) * 2 < groups)
		return FALSE;
	for (gsize i = 1; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x60)
			return FALSE;
	return TRUE;
}

static GBytes *
base64_until_mark(SgLines *at)
{
	const char *from = at->next, *to = from;
	SgLines l = *at;
	gboolean base64;

	while (sg_lines_next(&l)) {
		if ((l.len >= 4 && strncmp(l.line, "====", 4) == 0) || uu_head(l.line, l.len, &base64) >= 0)
			break;
		to = l.next;
		*at = l;
	}
	return sg_lenient_base64(from, (gsize)(to - from), SG_PAD_RESTARTS, 0);
}

static GBytes *
uu_lines(SgLines *at)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	SgLines l = *at;

	while (sg_lines_next(&l)) {
		guint want = 0;

		if (l.len == 0 && out->len == 0)
			continue;
		if (!is_uu_line(l.line, l.len, &want))
			break;
		uu_line(l.line + 1, l.len - 1, want, out);
		*at = l;
	}
	return out->len > 0 ? g_byte_array_free_to_bytes(g_steal_pointer(&out)) : NULL;
}

GBytes *
sg_lenient_uu(SgLines *at, char **name)
{
	SgLines l = *at;
	gboolean base64 = FALSE;
	gssize head = uu_head(l.line, l.len, &base64);
	GBytes *out;

	if (head < 0)
		return NULL;
	out = base64 ? base64_until_mark(&l) : uu_lines(&l);
	if (out == NULL)
		return NULL;
	*name = g_strstrip(g_strndup(at->line + head, at->len - (gsize)head));
	*at = l;
	return out;
}

static gboolean
begins(const char *p, gsize n, const char *word)
{
	return n >= strlen(word) && strncmp(p, word, strlen(word)) == 0;
}

static gsize
yenc_line(const char *p, gsize n, guint8 *out)
{
	gsize o = 0;

	for (gsize i = 0; i < n; i++) {
		if (p[i] == '=' && i + 1 < n)
			out[o++] = (guint8)((guchar)p[++i] - 64 - 42);
		else
			out[o++] = (guint8)((guchar)p[i] - 42);
	}
	return o;
}

/* Not by SgLines: a bare CR is data here. */
GBytes *
sg_lenient_yenc(SgLines *at, char **name)
{
	const char *p = at->next, *end = at->end, *next, *label;
	g_autoptr(GByteArray) out = NULL;

	if (!begins(at->line, at->len, "=ybegin "))
		return NULL;
	label = memmem(at->line, at->len, " name=", 6);
	out = g_byte_array_new();
	for (; p < end; p = next) {
		const char *nl = memchr(p, '\n', (gsize)(end - p));
		gsize k = (gsize)((nl != NULL ? nl : end) - p);

		next = nl != NULL ? nl + 1 : end;
		if (begins(p, k, "=yend") || begins(p, k, "=ybegin "))
			break;
		if (begins(p, k, "=ypart"))
			continue;
		k -= k > 0 && p[k - 1] == '\r';
		if (k == 0)
			continue;
		g_byte_array_set_size(out, out->len + (guint)k);
		g_byte_array_set_size(out, out->len - (guint)k + (guint)yenc_line(p, k, out->data + out->len - k));
	}
	*name = label == NULL ? g_strdup("") :
	    g_strstrip(g_strndup(label + 6, at->len - (gsize)(label + 6 - at->line)));
	*at = (SgLines){ .line = p, .next = p, .end = end, .cr = at->cr };
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
