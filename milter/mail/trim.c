#include <string.h>

#include "mail/trim.h"

#define EDGE  64u	/* of a body that is cut out, its first and last line stay   */
#define WORTH 512u	/* shorter runs are not worth a cut			     */
#define NEST  200u	/* multiparts one in the other: twice what scan.depth may be */

/* The header block that is being read, or was read last. */
typedef struct Block {
	gsize	 bytes;
	guint	 fields, types;		/* types: Content-Type fields		      */
	gboolean in_type;		/* this line belongs to one		      */
	gboolean leaf;			/* and it names a leaf			      */
	gboolean plain;			/* so far, each line is a field for every reader */
	gboolean faded;			/* a line of blanks stood in it		      */
	gboolean nested;		/* it says message/: another follows	      */
} Block;

typedef struct Count {
	GHashTable *bounds;	/* boundary values seen in header blocks: the level of each */
	GByteArray *kept, *rest;	/* NULL until something is cut	     */
	GString	   *loose;		/* see SgTrim			     */
	const char *base;
	gsize	    len;
	gsize	    copied;		/* up to here base is in kept or rest	     */
	guint	    parts, dashes;
	guint	    level, unread;	/* multiparts open; boundaries only a parser can read */
	guint	    max_headers, max_parts;
	Block	    block;
	gboolean    in_header;
	gboolean    cutting;		/* the rest of this header block goes	     */
	gboolean    blind;		/* a boundary that only a parser can read    */
	gboolean    over_headers;
	SgLean	    lean;
	gboolean    leaning;		/* leaves may get lean			     */
	gboolean    sure;		/* this is the body of one, no dashes yet    */
	gboolean    slim;		/* trace fields go; until the first flaw     */
	gboolean    dropping;
	gsize	    drop_from;
} Count;

/* What mail servers and programs tell each other: most of the fields of a message,
 * no words for people, and nothing that changes how the rest is read. */
static const char *const traces[] = { "X-", "Received", "ARC-", "DKIM-", "Authentication-", "List-",
	"Message-ID", "References", "In-Reply-To", "Return-Path", "Delivered-To", "Accept-Language" };

/* A message above the limits is not made lean as well. */
static void
ready_to_cut(Count *c)
{
	if (c->kept != NULL)
		return;
	sg_lean_clear(&c->lean);
	c->leaning = c->slim = c->dropping = FALSE;
	c->kept = g_byte_array_sized_new((guint)c->len);
	c->rest = g_byte_array_new();
}

/* Where the bytes up to here go: kept or rest. */
static void
copy_until(Count *c, gsize at, GByteArray *to)
{
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
		c->block.nested = TRUE;
	if (p == NULL)
		return;
	for (p += 8; p < end && (*p == ' ' || *p == '\t'); p++)
		continue;
	if (p == end || *p != '=') {
		c->blind = TRUE;
		c->unread++;
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
	    memchr(p, '(', (gsize)(q - p)) != NULL) {
		c->blind = TRUE;
		c->unread++;
	} else if (g_hash_table_size(c->bounds) < c->max_parts) {
		c->level++;
		g_hash_table_insert(c->bounds, g_strndup(p, (gsize)(q - p)), GUINT_TO_POINTER(c->level));
	}
}

/* What is open behind this line: its multipart, or what that stands in. */
static gboolean
known(Count *c, const char *line, gsize n)
{
	g_autofree char *value = NULL;
	gpointer level;

	while (n > 2 && g_ascii_isspace(line[n - 1]))
		n--;
	value = g_strndup(line + 2, n - 2);
	if (g_hash_table_lookup_extended(c->bounds, value, NULL, &level)) {
		c->level = GPOINTER_TO_UINT(level);
		return TRUE;
	}
	if (n < 4 || line[n - 1] != '-' || line[n - 2] != '-')
		return FALSE;
	value[n - 4] = '\0';
	if (!g_hash_table_lookup_extended(c->bounds, value, NULL, &level))
		return FALSE;
	c->level = GPOINTER_TO_UINT(level) - 1;
	return TRUE;
}

static void
begin_block(Count *c)
{
	c->block = (Block){ .plain = TRUE };
	c->in_header = TRUE;
	c->sure = FALSE;
}

static void
drop(Count *c, gsize at, gboolean from_here)
{
	if (from_here == c->dropping)
		return;
	if (from_here)
		c->drop_from = at;
	else
		sg_lean_cut(&c->lean, c->drop_from, at);
	c->dropping = from_here;
}

static void
end_block(Count *c, gsize at)
{
	if (c->cutting)
		copy_until(c, at, c->rest);
	drop(c, at, FALSE);
	c->cutting = c->slim = FALSE;
	c->in_header = FALSE;
}

/* FALSE when the rest of the message is to be cut. */
static gboolean
boundary_line(Count *c, const char *line, gsize n)
{
	gboolean is = g_hash_table_size(c->bounds) > 0 && known(c, line, n);

	/* no field, wherever it stands */
	drop(c, (gsize)(line - c->base), FALSE);
	c->slim = c->sure = c->block.plain = FALSE;
	if (!is && !c->blind)
		return TRUE;
	/* in the middle of a header: the parser may take it for a part of that */
	c->leaning = c->leaning && !(c->in_header && c->block.fields > 0);
	end_block(c, (gsize)(line - c->base));
	if (is)
		c->parts++;
	else
		c->dashes++;
	/* Each part has one line, and each multipart one more.  The parser compares each line
	 * with the boundaries of all multiparts that are open. */
	if (c->parts > c->max_parts * 2 || c->dashes > c->max_parts * 20 || c->level > NEST || c->unread > NEST)
		return FALSE;
	begin_block(c);
	return TRUE;
}

/* Of the field that begins in this line; 0 when it is none for some reader. */
static gsize
name_length(const char *line, gsize n)
{
	gsize name = 0;

	while (name < n && g_ascii_isgraph(line[name]) && line[name] != ':')
		name++;
	return name < n && line[name] == ':' ? name : 0;
}

/* Only in the first block, and only while every line of it is in order: there it
 * is sure that these are fields for every reader.  The first one always stays. */
static void
slim(Count *c, const char *line, gsize n)
{
	gsize at = (gsize)(line - c->base);
	gboolean trace = FALSE;

	for (gsize i = 0; at > 0 && i < G_N_ELEMENTS(traces) && !trace; i++)
		trace = n > strlen(traces[i]) &&
		    g_ascii_strncasecmp(line, traces[i], strlen(traces[i])) == 0;
	drop(c, at, trace);
}

/* The first line of a field. */
static void
new_field(Count *c, const char *line, gsize n)
{
	gsize name = name_length(line, n);
	Block *b = &c->block;

	b->fields += memchr(line, ':', n) != NULL;
	b->in_type = n > 12 && g_ascii_strncasecmp(line, "Content-Type", 12) == 0;
	b->plain = b->plain && name > 0;
	c->slim = c->slim && name > 0;
	if (b->in_type && name == 12) {
		b->types++;
		b->leaf = sg_lean_names_leaf(line + name + 1, n - name - 1);
	}
	if (c->slim)
		slim(c, line, n);
	else
		drop(c, (gsize)(line - c->base), FALSE);
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
		c->block.faded = TRUE;
	} else if (c->block.faded) {
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
		gboolean again = c->block.nested;

		c->sure = c->leaning && c->block.plain && !c->block.faded && c->block.leaf &&
		    c->block.types == 1;
		end_block(c, at);
		if (again)
			begin_block(c);
		return;
	}
	if (c->cutting)
		return;
	c->block.bytes += n;
	if (c->block.faded || line[0] == ' ' || line[0] == '\t')
		watch_blanks(c, line, n);
	if (line[0] != ' ' && line[0] != '\t')
		new_field(c, line, n);
	else
		c->block.plain = c->block.plain && c->block.fields > 0;
	if (c->block.fields > c->max_headers || c->block.bytes > SG_TRIM_HEADER_BYTES) {
		ready_to_cut(c);
		copy_until(c, at, c->kept);
		c->cutting = TRUE;
		c->over_headers = TRUE;
		return;
	}
	if (c->block.in_type)
		learn(c, line, n);
}

/* From the start of a line to the next line that begins with "--". */
static const char *
next_dashes(const char *p, const char *end)
{
	while (p < end) {
		const char *dash = memchr(p, '-', (gsize)(end - p)), *nl;

		if (dash == NULL || dash + 1 == end)
			break;
		if (dash[1] == '-' && (dash == p || dash[-1] == '\n'))
			return dash;
		nl = memchr(dash, '\n', (gsize)(end - dash));
		if (nl == NULL)
			break;
		p = nl + 1;
	}
	return end;
}

/* Lines of a body none of which begins with "--": no reader of structure stops there. */
static void
leave_out(Count *c, const char *p, const char *end)
{
	const char *from, *to;

	if (!c->sure || end - p < (gssize)(WORTH + 2 * EDGE))
		return;
	c->sure = FALSE;
	from = memchr(p + EDGE, '\n', (gsize)(end - p - EDGE));
	to = from != NULL ? memrchr(from, '\n', (gsize)(end - EDGE > from ? end - EDGE - from : 0)) : NULL;
	if (to != NULL && to - from >= (gssize)WORTH)
		sg_lean_cut(&c->lean, (gsize)(from + 1 - c->base), (gsize)(to + 1 - c->base));
}

void
sg_trim(GBytes *raw, guint max_headers, guint max_parts, gboolean lean, SgTrim *out)
{
	gsize len;
	const char *data = g_bytes_get_data(raw, &len);
	const char *p = data != NULL ? data : "", *end = p + len;
	g_autoptr(GHashTable) bounds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Count c = { .bounds = bounds, .base = p, .len = len, .max_headers = max_headers,
		.max_parts = max_parts, .leaning = lean,
		.slim = lean && len > 0 && g_ascii_isgraph(*p) };

	begin_block(&c);
	out->parts = FALSE;
	while (p < end && !out->parts) {
		const char *nl = c.in_header ? memchr(p, '\n', (gsize)(end - p)) : next_dashes(p, end);
		gsize n;

		if (!c.in_header && nl > p) {
			leave_out(&c, p, nl);
			p = nl;
			continue;
		}
		if (!c.in_header)
			nl = memchr(p, '\n', (gsize)(end - p));
		n = nl != NULL ? (gsize)(nl + 1 - p) : (gsize)(end - p);
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
	out->lean = c.lean;
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
	sg_lean_clear(&t->lean);
	if (t->loose != NULL)
		g_string_free(t->loose, TRUE);
	t->loose = NULL;
}
