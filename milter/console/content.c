#include <string.h>

#include "console/content.h"
#include "console/plain.h"
#include "model/incident.h"
#include "model/uitext.h"

enum {
	WORDS_MAX = 200,	/* different matched words looked for everywhere */
	TEXT_MAX = 262144,	/* bytes shown of one message */
	RANGES_MAX = TEXT_MAX,	/* of one text: never fewer than it can have */
	NAME_SHOWN = 120,
	RUN_LEAST = 6,		/* digits in a row that may be part of a number to hide */
};

typedef struct Range {
	gsize	 at, end;
	gboolean secret;
} Range;

struct SgContent {
	const SgReading *reading;
	GRegex		*words;		/* any matched word; NULL when there is none */
	GHashTable	*secrets;	/* those (casefolded) that are values */
	GHashTable	*numbers;	/* parts in which a value was found */
};

/* --- ranges to mark --------------------------------------------------------------- */

/* The hit of a finding in its excerpt; FALSE when its offsets are not what the contract says. */
static gboolean
hit_range(const SgFinding *f, Range *r)
{
	const char *text = f->excerpt != NULL ? f->excerpt : "";
	gsize len = strlen(text);

	if (f->hit_len == 0 || f->hit_at > len || f->hit_len > len - f->hit_at ||
	    !g_utf8_validate(text, (gssize)f->hit_at, NULL) ||
	    !g_utf8_validate(text + f->hit_at, (gssize)f->hit_len, NULL))
		return FALSE;
	*r = (Range){ f->hit_at, f->hit_at + f->hit_len, f->secret != 0 };
	return TRUE;
}

static int
by_length(gconstpointer a, gconstpointer b)
{
	gsize n = strlen(*(const char *const *)a), m = strlen(*(const char *const *)b);

	return n < m ? 1 : n > m ? -1 : 0;
}

static GRegex *
any_of(GPtrArray *words)
{
	g_autoptr(GString) pattern = g_string_new(NULL);

	if (words->len == 0)
		return NULL;
	/* the longest first: alternatives are tried in their order */
	g_ptr_array_sort(words, by_length);
	for (guint i = 0; i < words->len; i++) {
		g_autofree char *escaped = g_regex_escape_string(g_ptr_array_index(words, i), -1);

		g_string_append_printf(pattern, "%s%s", i > 0 ? "|" : "", escaped);
	}
	return g_regex_new(pattern->str, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
}

SgContent *
sg_content_new(const SgReading *r)
{
	SgContent *c = g_new0(SgContent, 1);
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	c->reading = r;
	c->secrets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < r->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(r->findings, i);
		Range hit;
		g_autofree char *word = NULL, *folded = NULL;

		if (f->secret != 0)
			g_hash_table_add(c->numbers, g_strdup(f->part));
		if (!hit_range(f, &hit) || words->len >= WORDS_MAX)
			continue;
		word = g_strndup(f->excerpt + hit.at, hit.end - hit.at);
		folded = g_utf8_casefold(word, -1);
		if (f->secret != 0)
			g_hash_table_add(c->secrets, g_strdup(folded));
		if (g_utf8_strlen(word, -1) >= 2 &&
		    g_hash_table_add(seen, g_steal_pointer(&folded)))
			g_ptr_array_add(words, g_steal_pointer(&word));
	}
	c->words = any_of(words);
	return c;
}

void
sg_content_free(SgContent *c)
{
	if (c == NULL)
		return;
	if (c->words != NULL)
		g_regex_unref(c->words);
	g_hash_table_unref(c->secrets);
	g_hash_table_unref(c->numbers);
	g_free(c);
}

static void
add_words(const SgContent *c, const char *text, GArray *ranges)
{
	g_autoptr(GMatchInfo) m = NULL;

	if (c->words == NULL || !g_regex_match(c->words, text, 0, &m))
		return;
	while (g_match_info_matches(m) && ranges->len < RANGES_MAX) {
		g_autofree char *word = g_match_info_fetch(m, 0);
		g_autofree char *folded = g_utf8_casefold(word, -1);
		int at = 0, end = 0;
		Range r;

		(void)g_match_info_fetch_pos(m, 0, &at, &end);
		r = (Range){ (gsize)at, (gsize)end, g_hash_table_contains(c->secrets, folded) };
		if (end > at)
			g_array_append_val(ranges, r);
		if (!g_match_info_next(m, NULL))
			break;
	}
}

/* Runs of digits, with single blanks, dots or dashes between them and letters at the ends. */
static void
add_numbers(const char *text, GArray *ranges)
{
	const char *p = text;

	while (*p != '\0' && ranges->len < RANGES_MAX) {
		const char *start = p, *last = p;
		guint digits = 0;

		while (
		    g_ascii_isalnum(*p) || (digits > 0 && strchr(" .-", *p) != NULL && *p != '\0' &&
					       g_ascii_isalnum(p[1]) &&
					       (g_ascii_isdigit(p[1]) || g_ascii_isupper(p[1])))) {
			digits += g_ascii_isdigit(*p);
			p++;
			last = p;
		}
		if (digits >= RUN_LEAST) {
			Range r = { (gsize)(start - text), (gsize)(last - text), TRUE };

			g_array_append_val(ranges, r);
		}
		if (p == start)
			p = g_utf8_next_char(p);
	}
}

static int
by_place(gconstpointer a, gconstpointer b)
{
	const Range *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at ? 1 : x->end > y->end ? -1 : x->end < y->end;
}

/* --- pieces -------------------------------------------------------------------------- */

/* As sg_finding_masked(): values keep three characters at the front and two at the end. */
static char *
mask(const char *text, gsize len, gboolean secret)
{
	GString *s = g_string_new(NULL);
	glong n = g_utf8_strlen(text, (gssize)len), i = 0;
	gboolean ends = secret && n >= 8;

	for (const char *p = text; p < text + len; p = g_utf8_next_char(p), i++) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isspace(c) || (ends && (i < 3 || i >= n - 2)))
			g_string_append_unichar(s, c);
		else
			g_string_append(s, "\xe2\x80\xa2");
	}
	return g_string_free(s, FALSE);
}

static void
add_piece(json_t *pieces, const char *text, gsize len, gboolean hit, gboolean hide, gboolean secret)
{
	g_autofree char *raw = hide ? mask(text, len, secret) : g_strndup(text, len);
	g_autofree char *clean = sg_ui_text(raw, -1, 0, SG_UI_DROP);
	json_t *piece;

	if (len == 0)
		return;
	piece = json_pack("{s:s}", "text", clean);
	if (hit)
		json_object_set_new(piece, "hit", json_true());
	if (hide)
		json_object_set_new(piece, "masked", json_true());
	json_array_append_new(pieces, piece);
}

/* text is UTF-8; ranges may overlap: what any of them hides is hidden. */
static json_t *
cut_up(const char *text, GArray *ranges, SgRung rung)
{
	json_t *pieces = json_array();
	gsize at = 0, len = strlen(text);

	g_array_sort(ranges, by_place);
	for (guint i = 0; i < ranges->len; i++) {
		Range r = g_array_index(ranges, Range, i);

		while (i + 1 < ranges->len && g_array_index(ranges, Range, i + 1).at < r.end) {
			const Range *next = &g_array_index(ranges, Range, ++i);

			r.end = MAX(r.end, next->end);
			r.secret = r.secret || next->secret;
		}
		if (r.end > len || r.at < at)
			continue;
		add_piece(pieces, text + at, r.at - at, FALSE, FALSE, FALSE);
		add_piece(pieces, text + r.at, r.end - r.at, TRUE, r.secret || rung < SG_RUNG_WORDS,
		    r.secret);
		at = r.end;
	}
	add_piece(pieces, text + at, len - at, FALSE, FALSE, FALSE);
	return pieces;
}

static json_t *
excerpt(const SgContent *c, const SgFinding *f, SgRung rung)
{
	g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Range));
	const char *text = f->excerpt != NULL ? f->excerpt : "";
	Range own;

	if (!g_utf8_validate(text, -1, NULL))
		return json_array();
	if (hit_range(f, &own))
		g_array_append_val(ranges, own);
	else if (f->hit_len != 0) {
		own = (Range){ 0, strlen(text), f->secret != 0 };
		g_array_append_val(ranges, own);
	}
	add_words(c, text, ranges);
	if (g_hash_table_contains(c->numbers, f->part))
		add_numbers(text, ranges);
	return cut_up(text, ranges, rung);
}

static json_t *
clean(const char *text, gsize max)
{
	g_autofree char *line = sg_ui_line(text, max);

	return json_string(line);
}

static json_t *
file_name(const SgContent *c, const char *name, SgRung rung)
{
	g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Range));
	g_autofree char *valid = g_utf8_make_valid(name != NULL ? name : "", -1);
	g_autoptr(GString) s = g_string_new(NULL);
	json_t *pieces;

	add_words(c, valid, ranges);
	pieces = cut_up(valid, ranges, rung);
	for (gsize i = 0; i < json_array_size(pieces); i++)
		g_string_append(
		    s, json_string_value(json_object_get(json_array_get(pieces, i), "text")));
	json_decref(pieces);
	return clean(s->str, NAME_SHOWN);
}

json_t *
sg_content_hits(const SgContent *c, SgRung rung)
{
	json_t *list = json_array();

	for (guint i = 0; i < c->reading->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(c->reading->findings, i);
		json_t *o = json_pack("{s:o s:o s:s s:s s:o s:i s:i s:b}", "rule",
		    clean(f->rule, NAME_SHOWN), "rule_text", clean(f->title, 200), "category",
		    sg_category_label(f->category), "where", f->where, "part",
		    clean(f->part, NAME_SHOWN), "severity", (int)f->severity, "count",
		    (int)f->count, "disguised", f->disguised != 0);

		json_object_set_new(o, "where_text", json_string(sg_plain_where(f->where)));
		json_object_set_new(o, "name", file_name(c, f->name, rung));
		json_object_set_new(o, "excerpt", excerpt(c, f, rung));
		json_object_set_new(o, "has_excerpt", json_boolean(json_array_size(json_object_get(o, "excerpt")) > 0));
		json_array_append_new(list, o);
	}
	return list;
}

static void
add_located(const SgContent *c, const SgText *t, const char *text, GArray *ranges)
{
	gsize len = strlen(text);

	for (guint i = 0; i < c->reading->findings->len && ranges->len < RANGES_MAX; i++) {
		const SgFinding *f = g_ptr_array_index(c->reading->findings, i);
		Range r = { f->text_at, (gsize)f->text_at + f->text_len, f->secret != 0 };

		if (f->text_len == 0 || strcmp(f->part, t->part) != 0 ||
		    strcmp(f->where, t->where) != 0 || r.end > len)
			continue;
		/* offsets of the scanner: on borders of characters, or they do not count */
		if (((guchar)text[r.at] & 0xc0) != 0x80 && ((guchar)text[r.end] & 0xc0) != 0x80)
			g_array_append_val(ranges, r);
	}
}

/* What the scanner knew for a value, each place of it; what is no such list hides all. */
static void
add_hidden(const SgText *t, const char *text, GArray *ranges)
{
	const char *p = t->hidden != NULL ? t->hidden : "";
	gsize len = strlen(text);

	while (*p != '\0') {
		char *dash, *next;
		guint64 at = g_ascii_strtoull(p, &dash, 10), end = *dash == '-' ? g_ascii_strtoull(dash + 1, &next, 10) : 0;
		Range r = { (gsize)at, (gsize)MIN(end, len), TRUE };

		if (end <= at || (*next != ' ' && *next != '\0')) {
			r = (Range){ 0, len, TRUE };
			g_array_append_val(ranges, r);
			return;
		}
		p = next + (*next == ' ');
		if (r.at >= r.end)
			continue;	/* behind what is shown */
		while (r.at > 0 && ((guchar)text[r.at] & 0xc0) == 0x80)
			r.at--;
		while (r.end < len && ((guchar)text[r.end] & 0xc0) == 0x80)
			r.end++;
		g_array_append_val(ranges, r);
	}
}

json_t *
sg_content_texts(const SgContent *c, gboolean *cut)
{
	json_t *list = json_array();
	gsize left = TEXT_MAX;

	*cut = FALSE;
	for (guint i = 0; i < c->reading->texts->len; i++) {
		const SgText *t = g_ptr_array_index(c->reading->texts, i);
		g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Range));
		g_autofree char *valid = g_utf8_make_valid(t->text, -1);
		gsize n = strlen(valid);

		if (n > left) {
			*cut = TRUE;
			n = left;
			while (n > 0 && ((guchar)valid[n] & 0xc0) == 0x80)
				n--;
			valid[n] = '\0';
		}
		left -= n;
		if (n == 0)
			continue;
		add_located(c, t, valid, ranges);
		add_hidden(t, valid, ranges);
		add_words(c, valid, ranges);
		if (g_hash_table_contains(c->numbers, t->part))
			add_numbers(valid, ranges);
		json_array_append_new(
		    list, json_pack("{s:s s:o s:o s:o}", "where", t->where, "part",
			      clean(t->part, NAME_SHOWN), "name", file_name(c, t->name, SG_RUNG_TEXT),
			      "pieces", cut_up(valid, ranges, SG_RUNG_TEXT)));
		json_object_set_new(json_array_get(list, json_array_size(list) - 1), "where_text",
		    json_string(sg_plain_where(t->where)));
	}
	return list;
}

guint
sg_content_words(const SgContent *c)
{
	guint words = 0;

	for (guint i = 0; i < c->reading->texts->len; i++) {
		const SgText *t = g_ptr_array_index(c->reading->texts, i);
		gboolean in = FALSE;

		for (const char *p = t->text; *p != '\0'; p++) {
			words += !in && !g_ascii_isspace(*p);
			in = !g_ascii_isspace(*p);
		}
	}
	return words;
}

static char *
encryption(const SgPartInfo *p)
{
	g_autofree char *text = g_strdup(sg_plain_protection(p));

	text[0] = g_ascii_tolower(text[0]);
	return g_steal_pointer(&text);
}

/* A part that people would call a file. */
static gboolean
is_file(const SgPartInfo *p)
{
	return (p->name != NULL && *p->name != '\0') ||
	    !(g_str_has_prefix(p->detected, "text/") || g_str_has_prefix(p->detected, "message/") ||
		g_str_has_prefix(p->detected, "multipart/"));
}

static json_t *
file_view(const SgContent *c, const SgPartInfo *p, guint n, SgRung rung)
{
	g_autofree char *how = encryption(p), *size = sg_plain_size(p->bytes), *remarks = sg_plain_remarks(p);
	json_t *o = json_pack("{s:o s:o s:I s:s s:o s:i}", "part", clean(p->part, NAME_SHOWN), "type",
	    clean(p->detected, NAME_SHOWN), "bytes", (json_int_t)p->bytes, "encryption", how, "notes",
	    clean(p->kinds, NAME_SHOWN), "n", (int)n);
	json_t *words = json_pack("{s:s s:s s:s s:s}", "type_text", sg_plain_type(p->detected), "protection_text",
	    sg_plain_protection(p), "size_text", size, "remarks", remarks);

	json_object_update(o, words);
	json_decref(words);
	if (rung >= SG_RUNG_MASKED)
		json_object_set_new(o, "name", file_name(c, p->name, rung));
	return o;
}

json_t *
sg_content_files(const SgContent *c, SgRung rung)
{
	json_t *list = json_array();

	for (guint i = 0; i < c->reading->parts->len; i++) {
		const SgPartInfo *p = g_ptr_array_index(c->reading->parts, i);

		if (is_file(p))
			json_array_append_new(list, file_view(c, p, (guint)json_array_size(list) + 1, rung));
	}
	return list;
}

json_t *
sg_content_pictures(const SgContent *c, SgRung rung)
{
	json_t *list = json_array();

	for (guint i = 0; i < c->reading->parts->len && json_array_size(list) < SG_CONTENT_PICTURES; i++) {
		const SgPartInfo *p = g_ptr_array_index(c->reading->parts, i);

		if (sg_plain_is_picture(c->reading, p))
			json_array_append_new(list, file_view(c, p, (guint)json_array_size(list) + 1, rung));
	}
	for (gsize i = 0; i < json_array_size(list); i++)
		json_object_set_new(json_array_get(list, i), "of", json_integer((json_int_t)json_array_size(list)));
	return list;
}

gboolean
sg_content_has_imagery(const SgContent *c)
{
	for (guint i = 0; i < c->reading->parts->len; i++)
		if (sg_plain_is_imagery(g_ptr_array_index(c->reading->parts, i)))
			return TRUE;
	return FALSE;
}
