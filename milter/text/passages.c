#include <string.h>

#include "text/passages.h"

static const char *const names[SG_PASSAGES] = { "body", "quoted", "forwarded", "signature" };

typedef struct Line {
	const char *at;
	gsize	    len;	/* without the line end */
} Line;

typedef struct Split {
	const char *next, *end;
	GString	   *out[SG_PASSAGES];
	SgPassage   now, last;
	const char *quote;	/* the first line that is not the sender's own */
} Split;

static const char *const originals[] = {
	"original message", "original appointment", "urspr\xc3\xbcngliche nachricht",
	"message d'origine", "mensaje original", "neges wreiddiol", NULL,
};
static const char *const forwards[] = {
	"forwarded message", "begin forwarded message", "forwarded by", "weitergeleitete nachricht",
	"message transf\xc3\xa9r\xc3\xa9", "mensaje reenviado", "neges a anfonwyd ymlaen", NULL,
};
static const char *const attributions[][2] = {
	{ "on ", "wrote:" }, { "am ", "schrieb" }, { "le ", "crit :" }, { "le ", "crit\xc2\xa0:" },
	{ "el ", "escribi\xc3\xb3:" }, { "il ", "ha scritto:" }, { "op ", "schreef" },
	{ "ar ", "ysgrifennodd" }, { "w dniu ", "napisa" }, { "em ", "escreveu:" },
};

static gboolean
take_line(const char *p, const char *end, Line *line)
{
	const char *nl;

	if (p >= end)
		return FALSE;
	nl = memchr(p, '\n', (gsize)(end - p));
	line->at = p;
	line->len = (gsize)((nl != NULL ? nl : end) - p);
	return TRUE;
}

static const char *
after(const Line *line, const char *end)
{
	return MIN(line->at + line->len + 1, end);
}

/* Without blanks, asterisks (bold in plain text) and marks around it. */
static Line
bare(Line line, const char *marks)
{
	while (line.len > 0 && strchr(marks, *line.at) != NULL) {
		line.at++;
		line.len--;
	}
	while (line.len > 0 && strchr(marks, line.at[line.len - 1]) != NULL)
		line.len--;
	return line;
}

static gboolean
starts(Line line, const char *word)
{
	gsize n = strlen(word);

	return line.len >= n && g_ascii_strncasecmp(line.at, word, n) == 0;
}

static gboolean
ends(Line line, const char *word)
{
	gsize n = strlen(word);

	return line.len >= n && g_ascii_strncasecmp(line.at + line.len - n, word, n) == 0;
}

static gboolean
is_divider(Line line, const char *const *words)
{
	Line inner;

	/* A sentence that begins with these words is not a divider. */
	if (line.len > 120)
		return FALSE;
	inner = bare(line, "-_=* \t:");
	for (; *words != NULL; words++)
		if (starts(inner, *words) && (inner.at > line.at || inner.len == strlen(*words)))
			return TRUE;
	return FALSE;
}

/* "From: ..." and within the next lines "Sent:" or "Date:", and "To:" or "Subject:". */
static gboolean
is_header_block(const char *p, const char *end)
{
	Line line;
	gboolean date = FALSE, to = FALSE;

	/* only these can begin it: most lines are words */
	if (!take_line(p, end, &line) || line.len < 5 || memchr("*F \tf", *p, 5) == NULL ||
	    !starts(bare(line, "* \t"), "From:"))
		return FALSE;
	for (int i = 0; i < 6 && take_line(p = after(&line, end), end, &line); i++) {
		Line b = bare(line, "* \t");

		date = date || starts(b, "Sent:") || starts(b, "Date:");
		to = to || starts(b, "To:") || starts(b, "Subject:");
	}
	return date && to;
}

/* "On ... wrote:", which mailers break over up to three lines; p moves behind it. */
static gboolean
is_attribution(const char **p, const char *end)
{
	Line line, first;

	if (!take_line(*p, end, &line))
		return FALSE;
	first = bare(line, " \t");
	for (gsize i = 0; i < G_N_ELEMENTS(attributions); i++) {
		const char *q = *p;

		if (!starts(first, attributions[i][0]))
			continue;
		for (int k = 0; k < 3 && take_line(q, end, &line); k++) {
			Line b = bare(line, " \t");

			if (b.len == 0 || b.len > 300)
				break;
			q = after(&line, end);
			if (ends(b, attributions[i][1]) ||
			    (b.at[b.len - 1] == ':' && memmem(b.at, b.len, attributions[i][1],
			    strlen(attributions[i][1])) != NULL)) {
				*p = q;
				return TRUE;
			}
		}
	}
	return FALSE;
}

/* Is the next line that is not empty marked as a quotation? */
static gboolean
quotation_follows(const char *p, const char *end)
{
	Line line;

	for (int i = 0; i < 4 && take_line(p, end, &line); i++, p = after(&line, end)) {
		Line b = bare(line, " \t");

		if (b.len > 0)
			return *b.at == '>';
	}
	return FALSE;
}

static void
put(Split *s, SgPassage to, Line line)
{
	GString *out;

	if (s->quote == NULL && (to == SG_QUOTED_TEXT || to == SG_FORWARDED))
		s->quote = line.at;
	if (s->out[to] == NULL)
		s->out[to] = g_string_sized_new((gsize)(s->end - line.at) + 16);
	out = s->out[to];
	if (s->last != to && out->len > 0)
		g_string_append_c(out, '\n');
	g_string_append_len(out, line.at, (gssize)line.len);
	g_string_append_c(out, '\n');
	s->last = to;
}

static Line
unquoted(Line line)
{
	while (line.len > 0 && (*line.at == '>' || *line.at == ' ' || *line.at == '\t')) {
		line.at++;
		line.len--;
	}
	return line;
}

/* Lines that begin a passage; FALSE when this is an ordinary line. */
static gboolean
turn(Split *s, Line line)
{
	const char *p = line.at;
	Line b = bare(line, " \t");

	if (is_divider(b, forwards)) {
		s->now = SG_FORWARDED;
	} else if (is_divider(b, originals) || is_header_block(p, s->end)) {
		s->now = SG_QUOTED_TEXT;
	} else if (is_attribution(&p, s->end)) {
		gboolean marked = quotation_follows(p, s->end);
		Line all = { line.at, (gsize)(p - line.at) };

		put(s, SG_QUOTED_TEXT, bare(all, "\n"));
		s->next = p;
		if (!marked)
			s->now = SG_QUOTED_TEXT;
		return TRUE;
	} else if (s->now == SG_BODY && line.len >= 2 && line.len <= 3 &&
	    strncmp(line.at, "-- ", line.len) == 0) {
		s->now = SG_SIGNATURE;
	} else {
		return FALSE;
	}
	put(s, s->now, line);
	return TRUE;
}

/* Only lines that begin with one of these can begin a passage. */
static gboolean
may_turn(Line line)
{
	while (line.len > 0 && (*line.at == ' ' || *line.at == '\t')) {
		line.at++;
		line.len--;
	}
	return line.len > 1 && strchr("-_=*OoFfBbAaLlEeIiWwMmUuNn", *line.at) != NULL;
}

static void
split(Split *s)
{
	Line line;

	while (take_line(s->next, s->end, &line)) {
		s->next = after(&line, s->end);
		if (s->now == SG_BODY || s->now == SG_SIGNATURE) {
			if (line.len > 0 && *line.at == '>' && !starts(line, ">From ")) {
				s->now = SG_BODY;
				put(s, SG_QUOTED_TEXT, unquoted(line));
				continue;
			}
			if (may_turn(line) && turn(s, line))
				continue;
			put(s, s->now, line);
		} else {
			put(s, s->now, *line.at == '>' ? unquoted(line) : line);
		}
	}
}

static gboolean
has_words(const GString *s)
{
	for (gsize i = 0; s != NULL && i < s->len; i++)
		if (!g_ascii_isspace(s->str[i]))
			return TRUE;
	return FALSE;
}

gsize
sg_passages_quote(const char *text, gsize len)
{
	Split s = { .next = text, .end = text + len, .now = SG_BODY, .last = SG_PASSAGES };
	const char *at;

	split(&s);
	for (int i = 0; i < SG_PASSAGES; i++)
		if (s.out[i] != NULL)
			g_string_free(s.out[i], TRUE);
	if (s.quote == NULL)
		return len;
	/* marks are taken off before */
	for (at = s.quote; at > text && at[-1] != '\n';)
		at--;
	return (gsize)(at - text);
}

void
sg_passages(const char *text, gsize len, SgPassageFunc out, gpointer data)
{
	Split s = { .next = text, .end = text + len, .now = SG_BODY, .last = SG_PASSAGES };

	split(&s);
	for (int i = 0; i < SG_PASSAGES; i++) {
		if (has_words(s.out[i]))
			out(data, names[i], s.out[i]->str, s.out[i]->len);
		if (s.out[i] != NULL)
			g_string_free(s.out[i], TRUE);
	}
}
