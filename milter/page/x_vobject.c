/*
 * x_vobject - calendars and cards: iCalendar (.ics) and vCard (.vcf), all versions.
 *
 * Folded lines are joined, values decoded (escapes, quoted-printable and charsets of
 * vCard 2.1), and given as "Label: value", a line each; what is only for programs is left
 * out.  Pictures and files inside are parts.
 */
#include <gmime/gmime.h>
#include <string.h>

#include "base/err.h"
#include "part/extractor.h"
#include "text/charset.h"

/* Sorted.  A label of its own, or NULL: for programs only. */
static const struct {
	const char *name, *label;
} known[] = {
	{ "ACTION", NULL }, { "ADR", "Address" }, { "ATTENDEE", "Attendee" }, { "BDAY", "Date of birth" },
	{ "BEGIN", NULL }, { "CALSCALE", NULL }, { "CLASS", NULL }, { "CREATED", NULL },
	{ "DTEND", "End" }, { "DTSTAMP", NULL }, { "DTSTART", "Start" }, { "EMAIL", "Email" },
	{ "END", NULL }, { "EXDATE", NULL }, { "FN", "Name" }, { "LAST-MODIFIED", NULL },
	{ "METHOD", NULL }, { "N", "Name" }, { "PRIORITY", NULL }, { "PRODID", NULL },
	{ "REV", NULL }, { "RRULE", NULL }, { "SEQUENCE", NULL }, { "STATUS", NULL },
	{ "TEL", "Telephone" }, { "TRANSP", NULL }, { "TRIGGER", NULL }, { "TZID", NULL },
	{ "TZNAME", NULL }, { "TZOFFSETFROM", NULL }, { "TZOFFSETTO", NULL }, { "UID", NULL },
	{ "VERSION", NULL },
};

typedef enum { AS_IS, QUOTED, BASE64 } Coding;

typedef struct Line {
	char   *name, *value;	/* in the line */
	char   *cn, *charset, *type;	/* parameters, or NULL */
	Coding	coding;
} Line;

typedef struct Objects {
	SgPart	*part;
	SgSink	*sink;
	GString *out;
	guint	 inside;
} Objects;

static guint
vobject_bid(const SgPart *part)
{
	static const char *const types[] = { "text/calendar", "text/vcard", "text/x-vcard", "text/directory",
		"text/x-vcalendar", "application/ics", "application/vcard" };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(part->detected, types[i]) == 0)
			return 20;
	return 0;
}

/* One logical line, ended by NUL in place.  Where the next begins; NULL at the end. */
static char *
unfold(char *s, char *end)
{
	char *out = s;
	gboolean value = FALSE, soft = FALSE;	/* quoted-printable, where "=" folds */

	for (char *p = s; p < end; p++) {
		if (*p != '\n') {
			soft = soft || (!value && *p == ':' &&
			    g_strstr_len(s, out - s, "QUOTED-PRINTABLE") != NULL);
			value = value || *p == ':';
			*out++ = *p;
			continue;
		}
		if (p + 1 < end && (p[1] == ' ' || p[1] == '\t')) {
			p++;
		} else if (soft && out > s && out[-1] == '=') {
			out--;
		} else {
			*out = '\0';
			return p + 1;
		}
	}
	*out = '\0';
	return NULL;
}

/* "ENCODING=b", or only "BASE64" as in old cards */
static void
parameter(Line *line, char *s)
{
	char *value = strchr(s, '=');
	const char *word = value != NULL ? value + 1 : s;

	if (g_ascii_strcasecmp(word, "b") == 0 || g_ascii_strcasecmp(word, "base64") == 0)
		line->coding = BASE64;
	else if (g_ascii_strcasecmp(word, "quoted-printable") == 0)
		line->coding = QUOTED;
	if (value == NULL)
		return;
	*value++ = '\0';
	if (g_ascii_strcasecmp(s, "cn") == 0)
		line->cn = value;
	else if (g_ascii_strcasecmp(s, "charset") == 0)
		line->charset = value;
	else if (g_ascii_strcasecmp(s, "fmttype") == 0 || g_ascii_strcasecmp(s, "mediatype") == 0)
		line->type = value;
}

/* "[group.]NAME;PARAMETER="VALUE":value", taken apart in place; FALSE when it is none. */
static gboolean
take_apart(char *s, Line *line)
{
	char *from = s, *out = s, *dot;
	gboolean quoted = FALSE, named = FALSE;

	memset(line, 0, sizeof *line);
	for (; *s != '\0'; s++) {
		char c = *s;

		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted || (c != ';' && c != ':')) {
			*out++ = c;
			continue;
		}
		*out++ = '\0';
		if (named)
			parameter(line, from);
		else
			line->name = from;
		named = TRUE;
		from = out;
		if (c == ':') {
			line->value = s + 1;
			dot = strrchr(line->name, '.');
			line->name = dot != NULL ? dot + 1 : line->name;
			return line->name[0] != '\0';
		}
	}
	return FALSE;
}

/* "\n", "\,"; the fields of a name or an address are parted by ";" */
static void
add_value(GString *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0') {
			s++;
			g_string_append_c(out, *s == 'n' || *s == 'N' ? '\n' : *s);
		} else if (*s != ';') {
			g_string_append_c(out, *s);
		} else if (out->len > 0 && out->str[out->len - 1] != ' ') {
			g_string_append_c(out, ' ');
		}
	}
}

static gssize
find(const char *name)
{
	gsize lo = 0, hi = G_N_ELEMENTS(known);

	while (lo < hi) {
		gsize mid = (lo + hi) / 2;
		int c = g_ascii_strcasecmp(name, known[mid].name);

		if (c == 0)
			return (gssize)mid;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return -1;
}

static void
add_label(GString *out, const char *name)
{
	gssize i = find(name);

	if (i >= 0 && known[i].label != NULL) {
		g_string_append(out, known[i].label);
	} else {
		g_string_append_c(out, g_ascii_toupper(name[0]));
		for (const char *s = name + 1; *s != '\0'; s++)
			g_string_append_c(out, *s == '-' ? ' ' : g_ascii_tolower(*s));
	}
	g_string_append(out, ": ");
}

static char *
decode(const char *s, Coding coding, gsize *n)
{
	GMimeEncoding dec;
	gsize len = strlen(s);
	char *out;

	g_mime_encoding_init_decode(&dec, coding == BASE64 ? GMIME_CONTENT_ENCODING_BASE64 :
	    GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	out = g_malloc(g_mime_encoding_outlen(&dec, len) + 1);
	*n = g_mime_encoding_flush(&dec, s, len, out);
	out[*n] = '\0';
	return out;
}

/* A picture or a file in the value; FALSE only at a limit. */
static gboolean
give_file(Objects *o, const Line *line, const char *coded, GError **error)
{
	gsize n;
	char *data;
	g_autoptr(GBytes) bytes = NULL;
	SgPart *part;

	if (!o->sink->spend(o->sink, strlen(coded) / 4 * 3, error))
		return FALSE;
	data = decode(coded, BASE64, &n);
	bytes = g_bytes_new_take(data, n);
	part = sg_part_inside(o->part, ++o->inside, "", bytes);
	if (line->type != NULL) {
		g_free(part->declared);
		part->declared = g_ascii_strdown(line->type, -1);
	}
	return o->sink->part(o->sink, part, error);
}

/* A description in HTML beside the one in plain text. */
static gboolean
give_html(Objects *o, const char *value, GError **error)
{
	g_autoptr(GString) html = g_string_new(NULL);
	g_autoptr(GBytes) bytes = NULL;
	SgPart *part;

	for (; *value != '\0'; value++) {
		gboolean escaped = *value == '\\' && value[1] != '\0';

		value += escaped;
		g_string_append_c(html, escaped && *value == 'n' ? '\n' : *value);
	}
	bytes = g_string_free_to_bytes(g_steal_pointer(&html));
	part = sg_part_inside(o->part, ++o->inside, "", bytes);
	g_free(part->declared);
	part->declared = g_strdup("text/html");
	g_free(part->charset);
	part->charset = g_strdup("utf-8");
	return o->sink->part(o->sink, part, error);
}

static gboolean
read_line(Objects *o, const Line *line, GError **error)
{
	g_autofree char *plain = NULL, *decoded = NULL;
	gssize i = find(line->name);
	const char *value = line->value, *inside = strstr(value, ";base64,");
	gsize n;

	if (line->coding == BASE64)
		return give_file(o, line, value, error);
	if (g_ascii_strncasecmp(value, "data:", 5) == 0 && inside != NULL)
		return give_file(o, line, inside + strlen(";base64,"), error);
	if (line->type != NULL && g_ascii_strcasecmp(line->type, "text/html") == 0)
		return give_html(o, value, error);
	if (g_ascii_strcasecmp(line->name, "BEGIN") == 0 && o->out->len > 0)
		g_string_append_c(o->out, '\n');
	if (i >= 0 && known[i].label == NULL)
		return TRUE;
	if (line->coding == QUOTED) {
		plain = decode(value, QUOTED, &n);
		value = decoded = sg_charset_decode(line->charset, plain, n, &n, NULL);
	}
	add_label(o->out, line->name);
	if (line->cn != NULL)
		g_string_append_printf(o->out, "%s ", line->cn);
	add_value(o->out, g_ascii_strncasecmp(value, "mailto:", 7) == 0 ? value + 7 : value);
	g_string_append_c(o->out, '\n');
	return TRUE;
}

static gboolean
vobject_run(SgPart *part, SgSink *sink, GError **error)
{
	gsize n, len;
	const char *data = g_bytes_get_data(sg_part_bytes(part), &n);
	gboolean lied, ok = TRUE;
	g_autofree char *text = sg_charset_decode(part->charset, data, n, &len, &lied);
	g_autoptr(GString) out = g_string_sized_new(len + 64);
	Objects o = { .part = part, .sink = sink, .out = out };

	if (lied)
		sg_part_note(part, "charset");
	if (n > SG_CHARSET_MAX)
		sink->limit(sink, "text");
	for (char *s = text, *next; s != NULL && ok; s = next) {
		Line line;

		next = unfold(s, text + len);
		if (s[0] == '\0')
			continue;
		if (take_apart(s, &line))
			ok = read_line(&o, &line, error);
		else
			g_string_append_printf(out, "%s\n", s);	/* not of this kind: all the same */
	}
	/* after a limit, what there is */
	return sink->text(sink, NULL, out->str, out->len, ok ? error : NULL) && ok;
}

extern const SgExtractor sg_x_vobject;
const SgExtractor sg_x_vobject = { "vobject", vobject_bid, vobject_run, NULL, FALSE };
