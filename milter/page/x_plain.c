/* x_plain - text in the open: text/plain and its like, and the fallback for text. */
#include <string.h>

#include "part/extractor.h"
#include "text/charset.h"

static guint
plain_bid(const SgPart *part)
{
	static const char *const others[] = { "application/json", "application/xml",
		"application/javascript", "application/x-sh", "application/pgp-signature",
		"application/x-yaml", "application/sql" };
	const char *t = part->detected;

	if (g_str_has_prefix(t, "text/"))
		return 10;
	if (g_str_has_prefix(t, "message/") || g_str_has_prefix(t, "multipart/") ||
	    g_str_has_prefix(t, "image/svg") || g_str_has_suffix(t, "+xml") ||
	    g_str_has_suffix(t, "+json"))
		return 5;
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		if (strcmp(t, others[i]) == 0)
			return 5;
	return 0;
}

static gsize
quote_depth(const char *line)
{
	return strspn(line, ">");
}

/* RFC 3676, in place: a line that ends in a blank goes on in the next one of the
 * same depth of quotation. */
static gsize
join_flowed(char *s, gsize len, gboolean delsp)
{
	char *out = s, *end = s + len;
	gsize depth = 0;
	gboolean open = FALSE;

	for (char *p = s; p < end;) {
		char *nl = memchr(p, '\n', (gsize)(end - p)), *stop = nl != NULL ? nl : end;
		gsize d = quote_depth(p);
		char *from = p + d;

		if (from < stop && *from == ' ')
			from++;		/* stuffed */
		if (open && d == depth)
			out--;		/* the line end goes */
		else
			from = p + (d == 0 ? from - p : 0);
		memmove(out, from, (gsize)(stop - from));
		out += stop - from;
		open = stop > from && stop[-1] == ' ' && !(stop - from == 3 && strncmp(from, "-- ", 3) == 0);
		if (open && delsp)
			out--;
		depth = d;
		if (nl != NULL)
			*out++ = '\n';
		p = stop + 1;
	}
	*out = '\0';
	return (gsize)(out - s);
}

static gboolean
plain_run(SgPart *part, SgSink *sink, GError **error)
{
	gsize n, len;
	const void *data = g_bytes_get_data(sg_part_bytes(part), &n);
	gboolean lied;
	g_autofree char *text = sg_charset_decode(part->charset, data, n, &len, &lied);

	if (lied)
		sg_part_note(part, "charset");
	if (n > SG_CHARSET_MAX)
		sink->limit(sink, "text");
	if ((part->traits & SG_PART_FLOWED) != 0)
		len = join_flowed(text, len, (part->traits & SG_PART_DELSP) != 0);
	return sink->text(sink, NULL, text, len, error);
}

extern const SgExtractor sg_x_plain;
const SgExtractor sg_x_plain = { .name = "plain", .bid = plain_bid, .run = plain_run };
