#include <string.h>

#include "scan/trim.h"

#define SLIM_MAX (256u << 10)	/* above, the copy costs more than the fields */

typedef struct Count {
	GHashTable *bounds;	/* boundary values seen in header blocks     */
	GByteArray *kept, *rest;	/* NULL until something is cut	     */
	GString	   *loose;		/* see SgTrim			     */
	const char *base;
	gsize	    len;
	gsize	    copied;		/* up to here base is in kept or rest	     */
	gsize	    header_bytes;
	guint	    fields, parts, dashes;
	guint	    max_headers, max_parts;
	gboolean    in_header;
	gboolean    in_type;		/* this line belongs to a Content-Type */
	gboolean    faded;		/* a line of blanks stood in this block	     */
	gboolean    cutting;		/* the rest of this header block goes	     */
	gboolean    nested;		/* the block says message/: another follows */
	gboolean    blind;		/* a boundary that only a parser can read    */
	gboolean    over_headers;
	gboolean    slim;		/* trace fields go; until the first flaw	     */
	gboolean    dropping;
} Count;

/* What mail servers and programs tell each other: most of the fields of a message,
 * no words for people, and nothing that changes how the rest is read. */
static const char *const traces[] = { "X-", "Received", "ARC-", "DKIM-", "Authentication-", "List-",
	"Message-ID", "References", "In-Reply-To", "Return-Path", "Delivered-To", "Accept-Language" };

static void
ready_to_cut(Count *c)
{
	if (c->kept != NULL)
		return;
	c->kept = g_byte_array_sized_new((guint)c->len);
	c->rest = g_byte_array_new();
}

/* Where the bytes up to here go: kept, rest, or nowhere. */
static void
copy_until(Count *c, gsize at, GByteArray *to)
{
	if (to != NULL)
		g_byte_array_append(to, (const guint8 *)c->base + c->copied, (guint)(at - c->copied));
	c->copied = at;
}

static const char *
find_nocase(const char *p, gsize n, const char *word)
{
	gsize k = strlen(word);

	for (gsize i = 0; i + k <= n; i++)
		if (g_ascii_tolower(p[i]) == word[0] && g_ascii_strncasecmp(p + i, word, k) == 0)
			return p + i;
	return NULL;
}

static void
learn(Count *c, const char *line, gsize n)
{
	const char *end = line + n, *p = find_nocase(line, n, "boundary"), *q;

	if (find_nocase(line, n, "message/") != NULL)
		c->nested = TRUE;
	if (p == NULL)
		return;
	for (p += 8; p < end && (*p == ' ' || *p == '\t'); p++)
		continue;
	if (p == end || *p != '=') {
		c->blind = TRUE;
		return;
	}
	for (p++; p < end && (*p == ' ' || *p == '\t'); p++)
		continue;
	if (p < end && *p == '"') {
		q = memchr(p + 1, '"', (gsize)(end - p - 1));
		p++;
	} else {
		for (q = p; q < end && strchr("; \t\r\n", *q) == NULL; q++)
			continue;
	}
	if (q == NULL || q == p || memchr(p, '\\', (gsize)(q - p)) != NULL ||
	    memchr(p, '(', (gsize)(q - p)) != NULL)
		c->blind = TRUE;
	else if (g_hash_table_size(c->bounds) < c->max_parts)
		g_hash_table_add(c->bounds, g_strndup(p, (gsize)(q - p)));
}

static gboolean
known(const Count *c, const char *line, gsize n)
{
	g_autofree char *value = NULL;

	while (n > 2 && g_ascii_isspace(line[n - 1]))
		n--;
	value = g_strndup(line + 2, n - 2);
	if (g_hash_table_contains(c->bounds, value))
		return TRUE;
	if (n >= 4 && line[n - 1] == '-' && line[n - 2] == '-') {
		value[n - 4] = '\0';
		return g_hash_table_contains(c->bounds, value);
	}
	return FALSE;
}

static void
begin_block(Count *c)
{
	c->in_header = TRUE;
	c->nested = c->faded = FALSE;
	c->fields = 0;
	c->header_bytes = 0;
}

static void
end_block(Count *c, gsize at)
{
	if (c->cutting)
		copy_until(c, at, c->rest);
	else if (c->dropping)
		copy_until(c, at, NULL);
	c->cutting = c->dropping = c->slim = FALSE;
	c->in_header = FALSE;
}

static void
drop(Count *c, gsize at, gboolean from_here)
{
	if (from_here == c->dropping)
		return;
	ready_to_cut(c);
	copy_until(c, at, from_here ? c->kept : NULL);
	c->dropping = from_here;
}

/* FALSE when the rest of the message is to be cut. */
static gboolean
boundary_line(Count *c, const char *line, gsize n)
{
	gboolean is = g_hash_table_size(c->bounds) > 0 && known(c, line, n);

	/* no field, wherever it stands */
	drop(c, (gsize)(line - c->base), FALSE);
	c->slim = FALSE;
	if (!is && !c->blind)
		return TRUE;
	end_block(c, (gsize)(line - c->base));
	if (is)
		c->parts++;
	else
		c->dashes++;
	/* Each part has one line, and each multipart one more. */
	if (c->parts > c->max_parts * 2 || c->dashes > c->max_parts * 20)
		return FALSE;
	begin_block(c);
	return TRUE;
}

/* Only in the first block, and only while every line of it is in order: there it
 * is sure that these are fields for every reader.  The first one always stays. */
static void
slim(Count *c, const char *line, gsize n)
{
	gsize at = (gsize)(line - c->base), name = 0;
	gboolean trace = FALSE;

	while (name < n && g_ascii_isgraph(line[name]) && line[name] != ':')
		name++;
	if (name == 0 || name == n || line[name] != ':') {
		c->slim = FALSE;
	} else if (at > 0) {
		for (gsize i = 0; i < G_N_ELEMENTS(traces) && !trace; i++)
			trace = n > strlen(traces[i]) &&
			    g_ascii_strncasecmp(line, traces[i], strlen(traces[i])) == 0;
	}
	drop(c, at, trace);
}

static gboolean
is_blank(const char *line, gsize n)
{
	while (n > 0 && g_ascii_isspace(line[n - 1]))
		n--;
	return n == 0;
}

/* For some readers a line of blanks ends the header, for others a field goes on in it. */
static void
watch_blanks(Count *c, const char *line, gsize n)
{
	if (is_blank(line, n)) {
		c->faded = TRUE;
	} else if (c->faded) {
		if (c->loose == NULL)
			c->loose = g_string_new(NULL);
		g_string_append_len(c->loose, line, (gssize)n);
	}
}

static void
header_line(Count *c, const char *line, gsize n)
{
	gsize at = (gsize)(line - c->base);

	if (n <= 1 || (n == 2 && line[0] == '\r')) {
		gboolean again = c->nested;

		end_block(c, at);
		if (again)
			begin_block(c);
		return;
	}
	if (c->cutting)
		return;
	c->header_bytes += n;
	if (c->faded || line[0] == ' ' || line[0] == '\t')
		watch_blanks(c, line, n);
	if (line[0] != ' ' && line[0] != '\t') {
		c->fields += memchr(line, ':', n) != NULL;
		c->in_type = n > 12 && g_ascii_strncasecmp(line, "Content-Type", 12) == 0;
		if (c->slim)
			slim(c, line, n);
	}
	if (c->fields > c->max_headers || c->header_bytes > SG_TRIM_HEADER_BYTES) {
		ready_to_cut(c);
		copy_until(c, at, c->dropping ? NULL : c->kept);
		c->dropping = FALSE;
		c->cutting = TRUE;
		c->over_headers = TRUE;
		return;
	}
	if (c->in_type)
		learn(c, line, n);
}

void
sg_trim(GBytes *raw, guint max_headers, guint max_parts, gboolean slimmer, SgTrim *out)
{
	gsize len;
	const char *data = g_bytes_get_data(raw, &len);
	const char *p = data != NULL ? data : "", *end = p + len;
	g_autoptr(GHashTable) bounds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Count c = { .bounds = bounds, .base = p, .len = len, .max_headers = max_headers,
		.max_parts = max_parts,
		.slim = slimmer && len <= SLIM_MAX && len > 0 && g_ascii_isgraph(*p) };

	begin_block(&c);
	out->parts = FALSE;
	while (p < end && !out->parts) {
		const char *nl = memchr(p, '\n', (gsize)(end - p));
		gsize n = nl != NULL ? (gsize)(nl + 1 - p) : (gsize)(end - p);

		if (n > 2 && p[0] == '-' && p[1] == '-')
			out->parts = !boundary_line(&c, p, n);
		else if (c.in_header)
			header_line(&c, p, n);
		p += n;
		if (out->parts) {
			ready_to_cut(&c);
			copy_until(&c, (gsize)(p - n - c.base), c.kept);
			copy_until(&c, len, c.rest);
		}
	}
	end_block(&c, len);
	out->headers = c.over_headers;
	out->loose = c.loose;
	out->rest = NULL;
	if (c.kept == NULL) {
		out->kept = g_bytes_ref(raw);
		return;
	}
	copy_until(&c, len, c.kept);
	out->kept = g_byte_array_free_to_bytes(c.kept);
	if (c.rest->len > 0)
		out->rest = g_byte_array_free_to_bytes(c.rest);
	else
		g_byte_array_unref(c.rest);
}

void
sg_trim_clear(SgTrim *t)
{
	g_clear_pointer(&t->kept, g_bytes_unref);
	g_clear_pointer(&t->rest, g_bytes_unref);
	if (t->loose != NULL)
		g_string_free(t->loose, TRUE);
	t->loose = NULL;
}
