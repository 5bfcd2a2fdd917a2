#include <string.h>

#include "mail/escapes.h"
#include "mail/offer.h"
#include "mail/sweep.h"
#include "text/charset.h"
#include "text/lenient.h"

#define RUN_LETTERS	16u	/* of base64: shorter runs are words */
#define MOSTLY		40u	/* per cent of text in a file of no known type that is given */
#define FOOTER_LINES	100u
#define HEAD_LINES	12u	/* below a "--" line, in which a field must come */

/* ---- base64 */

/* Every way to decode it, until one gives something; deep: every way. */
static gboolean
try_base64(SgOffer *s, const char *p, gsize n)
{
	gboolean pads = memchr(p, '=', n) != NULL;
	gboolean address = memchr(p, '-', n) != NULL || memchr(p, '_', n) != NULL;

	for (guint i = 0; i < 6; i++) {
		SgPad pad = i == 1 ? SG_PAD_FOREIGN : i == 2 ? SG_PAD_ADDRESS : SG_PAD_RESTARTS;
		g_autoptr(GBytes) bytes = NULL;
		gboolean taken;

		if ((i == 1 && !pads) || (i == 2 && !address))
			continue;
		if (!s->sink->spend(s->sink, n / 4 * 3, s->error))
			return FALSE;
		bytes = sg_lenient_base64(p, n, pad, i > 2 ? i - 2 : 0);
		s->least = s->deep ? 0 : i == 0 ? 20 : 60;
		if (!sg_offer(s, bytes, NULL, &taken))
			return FALSE;
		if (taken && !s->deep)
			break;
	}
	return TRUE;
}

/* Letters of base64 in the line, or 0 when it does not look like it: words with blanks
 * between, or too much that is foreign. */
static gsize
base64_letters(const char *p, gsize n)
{
	gsize letters = 0, foreign = 0;

	while (n > 0 && (*p == ' ' || *p == '\t' || *p == '>')) {
		p++;
		n--;
	}
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	if (memchr(p, ' ', n) != NULL)
		return 0;
	for (gsize i = 0; i < n; i++) {
		if (g_ascii_isalnum(p[i]) || p[i] == '+' || p[i] == '/' || p[i] == '=')
			letters++;
		else
			foreign++;
	}
	return foreign * 5 <= letters ? letters : 0;
}

typedef struct Run {
	const char *from, *to;
	gsize	    letters;
} Run;

static gboolean
end_run(SgOffer *s, Run *run)
{
	Run r = *run;

	*run = (Run){ NULL, NULL, 0 };
	return r.letters < RUN_LETTERS || try_base64(s, r.from, (gsize)(r.to - r.from));
}

/* Nearly all that is no base64 shows it here: a blank among the first sixteen. */
static gboolean
is_prose(const char *p, gsize n)
{
	const guint64 ones = G_GUINT64_CONSTANT(0x0101010101010101), blanks = ones * ' ';
	guint64 a, b;

	if (n < 20 || *p == ' ' || *p == '\t' || *p == '>')
		return FALSE;
	memcpy(&a, p, sizeof a);
	memcpy(&b, p + sizeof a, sizeof b);
	a ^= blanks;
	b ^= blanks;
	/* the top bit of each byte that is zero */
	return ((((a - ones) & ~a) | ((b - ones) & ~b)) & (ones << 7)) != 0;
}

static gboolean
run_line(SgOffer *s, Run *run, const SgLines *l)
{
	gsize letters = is_prose(l->line, l->len) ? 0 : base64_letters(l->line, l->len);

	if (letters == 0)
		return run->from == NULL || end_run(s, run);
	if (run->from == NULL)
		run->from = l->line;
	run->to = l->line + l->len;
	run->letters += letters;
	return TRUE;
}

/* ---- files in the text, and parts that the tree does not know */

/* Moves on behind the file, for this purpose only. */
static gboolean
file_line(SgOffer *s, const SgLines *l, const char **behind)
{
	g_autofree char *name = NULL;
	g_autoptr(GBytes) bytes = NULL;
	SgLines at = *l;
	gboolean taken;

	if (l->line < *behind || l->len < 8)
		return TRUE;
	if ((l->line[0] | 0x20) == 'b')
		bytes = sg_lenient_uu(&at, &name);
	else if (l->line[0] == '=')
		bytes = sg_lenient_yenc(&at, &name);
	if (bytes == NULL)
		return TRUE;
	*behind = at.next;
	return s->sink->spend(s->sink, g_bytes_get_size(bytes), s->error) && sg_offer(s, bytes, name, &taken);
}

static gboolean
is_field_below(const SgLines *at)
{
	SgLines l = *at;

	for (guint i = 0; i < HEAD_LINES && sg_lines_next(&l) && l.len > 0; i++) {
		gsize blanks = 0;

		while (blanks < l.len && g_ascii_isspace(l.line[blanks]))
			blanks++;
		if (l.len - blanks > 8 && g_ascii_strncasecmp(l.line + blanks, "content-", 8) == 0)
			return TRUE;
	}
	return FALSE;
}

/* From below a "--" line to the next one of its name: a part like any other. */
static gboolean
part_below(SgOffer *s, const SgLines *at, const char **behind)
{
	SgLines l = *at;
	const char *to = at->end;
	g_autoptr(GBytes) bytes = NULL;

	if (at->line < *behind || at->len < 3 || !is_field_below(at))
		return TRUE;
	while (sg_lines_next(&l))
		if (l.len >= at->len && memcmp(l.line, at->line, at->len) == 0) {
			to = l.line;
			break;
		}
	*behind = to;
	bytes = g_bytes_new(at->next, (gsize)(to - at->next));
	return s->sink->spend(s->sink, g_bytes_get_size(bytes), s->error) &&
	    (!sg_offer_is_new(s, bytes) || sg_offer_part(s, bytes, "", "message/rfc822"));
}

/* Bytes of a packed file between words. */
static gboolean
packed(SgOffer *s, const char *p, gsize n)
{
	const char *end = p + n;

	while ((p = memchr(p, 0x1f, (gsize)(end - p))) != NULL) {
		if (end - p > 18 && memcmp(p, "\x1f\x8b\x08", 3) == 0) {
			g_autoptr(GBytes) bytes = g_bytes_new(p, (gsize)(end - p));

			return s->sink->spend(s->sink, g_bytes_get_size(bytes), s->error) &&
			    sg_offer_part(s, bytes, "", "application/gzip");
		}
		p++;
	}
	return TRUE;
}

/* ---- the passes */

static gboolean
sweep_lines(SgOffer *s, const char *p, gsize n, gboolean escapes)
{
	SgLines l = sg_lines(p, n);
	Run run = { NULL, NULL, 0 };
	SgEscapes quoted = { NULL, NULL, 0, FALSE };
	const char *behind_file = p, *behind_part = p;
	g_autoptr(GBytes) escaped = NULL;
	gboolean ok = TRUE;

	escapes = escapes && memchr(p, '=', n) != NULL;
	while (ok && sg_lines_next(&l)) {
		if (l.len == 0)
			continue;
		if (l.line[0] == '-' && l.len > 1 && l.line[1] == '-') {
			ok = (l.len == 2 || end_run(s, &run)) && part_below(s, &l, &behind_part);
			continue;
		}
		if ((l.line[0] | 0x20) == 'b' || l.line[0] == '=')
			ok = file_line(s, &l, &behind_file);
		if (escapes)
			sg_escapes_line(&quoted, &l);
		ok = ok && run_line(s, &run, &l);
	}
	escaped = sg_escapes_end(&quoted, s->deep);
	if (!ok || !end_run(s, &run))
		return FALSE;
	if (escaped != NULL && (!s->sink->spend(s->sink, g_bytes_get_size(escaped), s->error) ||
	    !sg_offer_text(s, escaped)))
		return FALSE;
	return packed(s, p, n);
}

/* A block between blank lines and "--" lines, as each coding in turn. */
static gboolean
sweep_block(SgOffer *s, const char *p, gsize n)
{
	gboolean taken;

	if (n < RUN_LETTERS)
		return TRUE;
	if (memchr(p, '=', n) != NULL) {
		g_autoptr(GBytes) bytes = NULL;

		if (!s->sink->spend(s->sink, n, s->error))
			return FALSE;
		bytes = sg_lenient_quoted(p, n);
		if (g_bytes_get_size(bytes) < n && !sg_offer(s, bytes, NULL, &taken))
			return FALSE;
	}
	return try_base64(s, p, n);
}

static gboolean
sweep_blocks(SgOffer *s, const char *p, gsize n)
{
	SgLines l = sg_lines(p, n);
	const char *from = NULL, *to = NULL;

	while (sg_lines_next(&l)) {
		gboolean ends = l.len == 0 || (l.len > 1 && l.line[0] == '-' && l.line[1] == '-');

		if (ends && from != NULL) {
			if (!sweep_block(s, from, (gsize)(to - from)))
				return FALSE;
			from = NULL;
		}
		if (ends)
			continue;
		if (from == NULL)
			from = l.line;
		to = l.line + l.len;
	}
	return from == NULL || sweep_block(s, from, (gsize)(to - from));
}

/* Header lines that are none: what one program takes for a field is text for another. */
static gboolean
sweep_header(SgOffer *s, const char *p, gsize n)
{
	SgLines l = sg_lines(p, n);
	Run run = { NULL, NULL, 0 };

	while (sg_lines_next(&l)) {
		gboolean field = l.len == 0 || l.line[0] == ' ' || l.line[0] == '\t' ||
		    memchr(l.line, ':', l.len) != NULL;

		if (!(field ? end_run(s, &run) : run_line(s, &run, &l)))
			return FALSE;
	}
	return end_run(s, &run);
}

/* The words in what is said to be base64: some programs show them. */
static gboolean
words_between(SgOffer *s, const char *p, gsize n)
{
	SgLines l = sg_lines(p, n);
	g_autoptr(GByteArray) words = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;
	gboolean taken;

	while (sg_lines_next(&l))
		if (l.len > 0 && base64_letters(l.line, l.len) == 0)
			g_byte_array_append(words, (const guint8 *)l.line, (guint)(l.next - l.line));
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&words));
	return sg_offer(s, bytes, NULL, &taken);
}

/* Not what its coding promises: the whole of it as that coding, in every way. */
static gboolean
sweep_flawed(SgOffer *s, SgCoding coding, const char *p, gsize n)
{
	g_autoptr(GBytes) bytes = NULL;
	gboolean deep = s->deep, ok;

	if (!s->sink->spend(s->sink, n, s->error))
		return FALSE;
	if (coding == SG_QUOTED) {
		bytes = sg_lenient_quoted(p, n);
		return sg_offer_text(s, bytes);
	}
	s->deep = TRUE;
	ok = try_base64(s, p, n) && words_between(s, p, n);
	s->deep = deep;
	return ok;
}

/* How much of base64 is in order when the lines behind it that are none are left out:
 * lists add their footers there.  0: it is flawed elsewhere. */
static gsize
strict_until(const char *p, gsize n)
{
	gsize at = n;

	for (guint i = 0; i < FOOTER_LINES && at > 0; i++) {
		const char *nl = memrchr(p, '\n', at - 1);
		gsize from = nl != NULL ? (gsize)(nl + 1 - p) : 0;

		if (base64_letters(p + from, at - from - 1) > 0 && sg_strict_base64(p + from, at - from))
			return sg_strict_base64(p, at) ? at : 0;
		at = from;
	}
	return 0;
}

/* What is in order in front of a footer: text, which the footer's own letters, decoded
 * with it, may have made look like none. */
static gboolean
text_before_footer(SgOffer *s, const char *p, gsize n)
{
	g_autoptr(GBytes) head = sg_lenient_base64(p, MIN(n, 1024), SG_PAD_RESTARTS, 0), all = NULL;
	gsize k;
	const char *bytes = g_bytes_get_data(head, &k);
	gboolean taken;

	if (!sg_charset_looks_text(bytes, k))
		return TRUE;
	if (!s->sink->spend(s->sink, n, s->error))
		return FALSE;
	all = sg_lenient_base64(p, n, SG_PAD_RESTARTS, 0);
	return sg_offer(s, all, NULL, &taken);
}

/* What GMime makes of it has been given already. */
static void
remember(SgOffer *s, const char *p, gsize n, SgCoding coding)
{
	g_autoptr(GBytes) content = g_bytes_new(p, n);
	g_autoptr(SgPart) part = sg_part_new("", "", content, coding);

	(void)sg_offer_is_new(s, sg_part_bytes(part));
}

/* Content that every decoder decodes to the same bytes needs no second look. */
static gboolean
sweep_leaf(SgOffer *s, const SgNode *n, const char *p, gsize len)
{
	SgCoding coding;
	gboolean known = sg_tree_coding(n->object, &coding);
	gsize strict;

	if (known && coding == SG_BASE64) {
		if (sg_strict_base64(p, len))
			return TRUE;
		strict = strict_until(p, len);
		if (strict > 0)
			return text_before_footer(s, p, strict) &&
			    words_between(s, p + strict, len - strict) &&
			    sweep_lines(s, p + strict, len - strict, TRUE);
		remember(s, p, len, coding);
		return sweep_flawed(s, coding, p, len) && sweep_lines(s, p, len, TRUE);
	}
	if (known && coding == SG_QUOTED) {
		if (!sg_strict_quoted(p, len) && !sweep_flawed(s, coding, p, len))
			return FALSE;
		return sweep_lines(s, p, len, FALSE);
	}
	if (known && coding == SG_UUENCODE)
		remember(s, p, len, coding);
	return sweep_lines(s, p, len, TRUE);
}

/* Where the first line of a header stands that is no field: some programs begin the body
 * there.  end: there is none. */
static const char *
body_in_header(const char *p, const char *end)
{
	SgLines l = sg_lines(p, (gsize)(end - p));

	while (sg_lines_next(&l))
		if (l.len > 0 && l.line > p && l.line[0] != ' ' && l.line[0] != '\t' &&
		    memchr(l.line, ':', l.len) == NULL)
			return l.line;
	return end;
}

static gboolean
sweep_odd(SgOffer *s, const SgNode *n, const char *raw)
{
	const char *body = raw + n->body, *end = raw + n->end, *early;

	if (n->body < n->start)
		return TRUE;
	early = body_in_header(raw + n->start, body);
	return early == body || (sweep_lines(s, early, (gsize)(end - early), TRUE) &&
	    try_base64(s, early, (gsize)(end - early)));
}

/* Is it read by every decoder alike, so that only its label could be doubted? */
static gboolean
is_clean(const SgNode *n, const char *p, gsize len)
{
	SgCoding coding;

	return sg_tree_coding(n->object, &coding) && ((coding == SG_BASE64 && sg_strict_base64(p, len)) ||
	    (coding == SG_QUOTED && sg_strict_quoted(p, len)));
}

/* from: what stands before was read with the node before. */
static gboolean
sweep_node(SgOffer *s, const SgNode *n, const char *raw, gsize from, gboolean odd)
{
	const char *body = raw + n->body;
	gsize k = n->end - n->body;

	if (n->body > n->start && n->start >= from &&
	    !sweep_header(s, raw + n->start, n->body - n->start))
		return FALSE;
	if (n->type != SG_NODE_LEAF || n->body < from || k == 0)
		return TRUE;
	if (!sweep_leaf(s, n, body, k))
		return FALSE;
	return !odd || ((is_clean(n, body, k) || sweep_blocks(s, body, k)) && sweep_odd(s, n, raw));
}

static gboolean
sweep_all(SgOffer *s, const SgTree *t, gboolean odd)
{
	gsize len, at = 0;
	const char *p = g_bytes_get_data(t->raw, &len);

	for (guint i = 0; i < t->nodes->len; i++) {
		const SgNode *n = &g_array_index(t->nodes, SgNode, i);

		if (!sweep_node(s, n, p, at, odd))
			return FALSE;
		at = MAX(at, n->end);
	}
	for (guint g = 0; g < t->gaps->len; g++) {
		const SgGap *gap = &g_array_index(t->gaps, SgGap, g);

		if (!sweep_lines(s, p + gap->at, gap->len, TRUE) ||
		    (odd && !sweep_blocks(s, p + gap->at, gap->len)))
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_sweep(const SgTree *t, const SgPart *message, SgSink *sink, GError **error)
{
	g_auto(SgOffer) s = sg_offer_begin(message, sink, error);
	gboolean flawed = t->flags != 0 || t->message == NULL;
	gsize len;
	const char *p = g_bytes_get_data(t->raw, &len);

	if (len == 0)
		return TRUE;
	s.deep = flawed || t->odd;
	if (t->message == NULL ? !sweep_lines(&s, p, len, TRUE) : !sweep_all(&s, t, t->odd))
		return FALSE;
	return !flawed || sweep_blocks(&s, p, len);
}

gboolean
sg_sweep_text(SgPart *part, SgSink *sink, GError **error)
{
	g_auto(SgOffer) s = sg_offer_begin(part, sink, error);
	gsize n;
	const char *p = g_bytes_get_data(sg_part_bytes(part), &n), *behind = p;
	SgLines l = sg_lines(p, n);
	gboolean taken;

	s.least = MOSTLY;
	if (!g_str_has_prefix(part->detected, "text/"))
		return sg_offer(&s, sg_part_bytes(part), NULL, &taken);
	if (sg_offer_is_mail(p, n)) {
		g_autoptr(GBytes) mail = g_bytes_ref(sg_part_bytes(part));

		if (!sg_offer_part(&s, mail, "", "message/rfc822"))
			return FALSE;
	}
	while (sg_lines_next(&l))
		if (l.len >= 8 && ((l.line[0] | 0x20) == 'b' || l.line[0] == '=') && !file_line(&s, &l, &behind))
			return FALSE;
	return TRUE;
}
