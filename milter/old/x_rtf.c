/*
 * x_rtf - the words of an RTF file.
 *
 * What stands in the line (hidden and deleted words too) is one text; notes, headers,
 * comments, properties and the orders of fields are another; rows of tables a table.
 * Objects and pictures are parts, and so is the HTML that Outlook wraps in RTF, read
 * beside the text: some programs show the one, some the other.
 *
 * Files that hide something break the rules that Word forgives: a short or odd header,
 * control words among hexadecimal digits, groups that are never closed.
 */
#include <string.h>

#include "base/err.h"
#include "old/package.h"
#include "old/rtf.h"
#include "part/extractor.h"
#include "part/strings.h"
#include "part/table.h"
#include "text/codepage.h"

#define DEPTH	  1000u		/* groups in groups */
#define FONTS	  65536u
#define FLUSH	  (1u << 20)
#define CELL	  '\a'		/* between the cells of a row not yet ended */
#define SMALL	  16u		/* bytes of an object or a picture that is none */

/* From IN_ASIDE on in the order of the words that begin them. */
typedef enum { IN_TEXT, IN_ASIDE, IN_SKIP, IN_FONTS, IN_OBJECT, IN_PICTURE, IN_TAG } Place;

typedef struct Group {
	guint8	place;
	guint8	uc;		/* characters that stand for a \u */
	gboolean rtf_only;	/* \htmlrtf */
	guint16	page;
} Group;

typedef struct Rtf {
	SgPart	 *part;
	SgSink	 *sink;
	SgRtfLexer l;
	Group	  groups[DEPTH + 1];
	guint	  depth, over;	/* over: groups deeper than are kept */
	guint	  inside;	/* parts given */
	guint	  skip;		/* characters that stand for the last \u */
	gunichar  high;		/* first half of a surrogate pair */
	guint16	 *fonts;	/* code page by number, 0: the document's */
	guint	  font, default_font, page;
	SgCodepages *pages;
	GString	 *text, *aside, *html, *bytes;	/* bytes: of the code page in force, not yet decoded */
	GByteArray *data;	/* of the object or picture in hand */
	gint	  digit;	/* half a byte, or -1 */
	guint	  row;
	gsize	  row_start, value;	/* value: where a shape's property begins in aside */
	gboolean  intbl, from_html, cells;	/* cells: some since row_start */
	SgTable	 *table;
} Rtf;

static Group *
group(Rtf *r)
{
	return &r->groups[r->depth];
}

static GString *
target(Rtf *r)
{
	return group(r)->place == IN_TEXT ? r->text : group(r)->place == IN_ASIDE ? r->aside : NULL;
}

/* The HTML is what stands in the line, but for what is marked as for RTF, and the tags. */
static gboolean
is_html(Rtf *r)
{
	return r->from_html && !group(r)->rtf_only && (group(r)->place == IN_TAG || group(r)->place == IN_TEXT);
}

static void
end_bytes(Rtf *r)
{
	GString *to[] = { target(r), is_html(r) ? r->html : NULL };

	for (gsize i = 0; r->bytes->len > 0 && i < G_N_ELEMENTS(to); i++)
		if (to[i] != NULL)
			sg_codepage_append(r->pages, group(r)->page, r->bytes->str, r->bytes->len, to[i]);
	g_string_truncate(r->bytes, 0);
}

static void
put_char(Rtf *r, gunichar c)
{
	end_bytes(r);
	if (target(r) != NULL)
		g_string_append_unichar(target(r), c);
	if (is_html(r) && c != CELL)
		g_string_append_unichar(r->html, c);
}

static void
put_unicode(Rtf *r, guint c)
{
	if (c >= 0xd800 && c < 0xdc00) {
		r->high = c;
		return;
	}
	if (c >= 0xdc00 && c < 0xe000) {
		if (r->high != 0)
			put_char(r, 0x10000 + ((r->high & 0x3ff) << 10) + (c & 0x3ff));
		r->high = 0;
		return;
	}
	r->high = 0;
	if (c >= 0xf020 && c < 0xf07f)	/* of a symbol font */
		c &= 0x7f;
	if (c > 0)
		put_char(r, c);
}

static void
put_digits(Rtf *r, const guint8 *p, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		gint v = g_ascii_xdigit_value((char)p[i]);
		guint8 b;

		if (v < 0)
			continue;
		if (r->digit < 0) {
			r->digit = v;
			continue;
		}
		b = (guint8)(r->digit * 16 + v);
		g_byte_array_append(r->data, &b, 1);
		r->digit = -1;
	}
}

/* Text as it stands: bytes of the code page, or the digits of an object. */
static void
put_bytes(Rtf *r, const guint8 *p, gsize n, gboolean one)
{
	guint skipped = one ? (r->skip > 0) : (guint)MIN(r->skip, n);

	r->skip -= skipped;
	if (group(r)->place == IN_OBJECT || group(r)->place == IN_PICTURE) {
		if (!one)	/* \'hh is passed over there, as Word does */
			put_digits(r, p, n);
		return;
	}
	if (n <= skipped)
		return;
	g_string_append_len(r->bytes, (const char *)p + skipped, (gssize)(n - skipped));
	r->high = 0;
}

static gboolean
give_part(Rtf *r, const char *name, GBytes *bytes, GError **error)
{
	if (g_bytes_get_size(bytes) == 0)
		return TRUE;
	return r->sink->part(r->sink, sg_part_inside(r->part, ++r->inside, name, bytes), error);
}

static gboolean
give_data(Rtf *r, Place place, GError **error)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(GBytes) data = NULL, file = NULL;
	gsize n = r->data->len;

	r->digit = -1;
	if (n < SMALL) {
		g_byte_array_set_size(r->data, 0);
		return TRUE;
	}
	data = g_byte_array_free_to_bytes(r->data);
	r->data = g_byte_array_new();
	for (gsize left = n; left > 0; left -= MIN(left, FLUSH))
		if (!r->sink->spend(r->sink, MIN(left, FLUSH), error))
			return FALSE;
	if (place == IN_PICTURE)
		return give_part(r, "", data, error);
	file = sg_package_object(data, name);
	return give_part(r, name->str, file, error);
}

static void
flatten_cells(GString *s, gsize from)
{
	for (gsize i = from; i < s->len; i++)
		if (s->str[i] == CELL)
			s->str[i] = '\t';
}

static gboolean
say(Rtf *r, GString *s, GError **error)
{
	gboolean ok;

	flatten_cells(s, 0);
	ok = s->len == 0 || r->sink->text(r->sink, "attachment", s->str, s->len, error);
	g_string_truncate(s, 0);
	r->row_start = 0;
	return ok;
}

static gboolean
end_table(Rtf *r, GError **error)
{
	r->row = 0;
	return sg_table_give(r->table, error);
}

/* What came since the row was defined or the last one ended. */
static gboolean
end_row(Rtf *r, GError **error)
{
	gsize start, column = 0;

	end_bytes(r);
	start = MIN(r->row_start, r->text->len);
	for (gsize at = start; at < r->text->len; column++) {
		const char *p = r->text->str + at, *stop = memchr(p, CELL, r->text->len - at);
		gsize n = stop != NULL ? (gsize)(stop - p) : r->text->len - at;

		if (!sg_table_cell(r->table, r->row, (guint)column, p, n, error))
			return FALSE;
		at += n + 1;
	}
	g_string_truncate(r->text, start);
	if (r->from_html)
		g_string_append_c(r->html, '\n');
	r->row++;
	r->cells = FALSE;
	r->row_start = r->text->len;
	return TRUE;
}

static gboolean
end_paragraph(Rtf *r, GError **error)
{
	end_bytes(r);
	if (group(r)->place == IN_TEXT && !r->intbl && r->row > 0 && r->text->len > r->row_start &&
	    !end_table(r, error))
		return FALSE;
	if (r->text->len > FLUSH && !r->intbl && !say(r, r->text, error))
		return FALSE;
	return r->aside->len < FLUSH || say(r, r->aside, error);
}

static void
open_group(Rtf *r)
{
	end_bytes(r);
	r->skip = 0;
	if (r->depth == DEPTH) {
		if (r->over++ == 0)
			r->sink->limit(r->sink, "depth");
		return;
	}
	r->groups[r->depth + 1] = r->groups[r->depth];
	r->depth++;
}

/* Measures and colours of shapes are no text; what they describe is. */
static void
drop_number(Rtf *r)
{
	gsize from = MIN(r->value, r->aside->len), letters = 0;

	for (gsize i = from; i < r->aside->len; i++)
		letters += g_ascii_isalpha(r->aside->str[i]) || (guchar)r->aside->str[i] >= 0x80;
	if (letters == 0)
		g_string_truncate(r->aside, from);
	r->value = 0;
}

static gboolean
close_group(Rtf *r, GError **error)
{
	Place place = group(r)->place, above;

	end_bytes(r);
	r->skip = 0;
	if (r->over > 0) {
		r->over--;
		return TRUE;
	}
	if (r->depth == 0)
		return TRUE;
	r->depth--;
	above = group(r)->place;
	if (r->value > 0)
		drop_number(r);
	if (place == IN_ASIDE && above != IN_ASIDE)
		g_string_append_c(r->aside, '\n');
	if ((place == IN_OBJECT || place == IN_PICTURE) && above != place)
		return give_data(r, place, error);
	return TRUE;
}

static void
begin_place(Rtf *r, Place place)
{
	Place now = group(r)->place;

	/* what is skipped, is skipped with all that is in it */
	if (now == IN_SKIP && place != IN_OBJECT)
		return;
	/* properties stand in each other; one a line */
	if (now == IN_ASIDE && place == IN_ASIDE && r->aside->len > 0)
		g_string_append_c(r->aside, '\n');
	if (now == IN_OBJECT && place != now)
		place = IN_SKIP;
	group(r)->place = (guint8)place;
}

static guint
page_of_font(const Rtf *r, guint font)
{
	return font < FONTS && r->fonts[font] != 0 ? r->fonts[font] : r->page;
}

static void
set_font(Rtf *r, gint number)
{
	if (number < 0 || (guint)number >= FONTS)
		return;
	end_bytes(r);
	r->font = (guint)number;
	if (group(r)->place == IN_FONTS)
		r->fonts[number] = 0;
	else
		group(r)->page = (guint16)page_of_font(r, (guint)number);
}

static void
set_font_page(Rtf *r, guint page)
{
	if (group(r)->place == IN_FONTS && r->font < FONTS && page != 0 && page <= G_MAXUINT16)
		r->fonts[r->font] = (guint16)page;
}

static void
set_page(Rtf *r, guint page)
{
	if (page == 0 || page > G_MAXUINT16)
		return;
	end_bytes(r);
	r->page = page;
	group(r)->page = (guint16)page;
}

/* Bytes that are not text at all. */
static void
put_binary(Rtf *r)
{
	gsize n = MIN((gsize)MAX(r->l.number, 0), (gsize)(r->l.end - r->l.p));

	if (group(r)->place == IN_OBJECT || group(r)->place == IN_PICTURE)
		g_byte_array_append(r->data, r->l.p, (guint)n);
	r->l.p += n;
}

/* Words that say what bytes mean from here on. */
static gboolean
do_setting(Rtf *r, SgRtfAct act, gunichar arg)
{
	const SgRtfLexer *l = &r->l;

	switch ((guint)act) {
	case SG_RTF_PAGE:
		set_page(r, arg != 0 ? arg : (guint)MAX(l->number, 0));
		return TRUE;
	case SG_RTF_FONT:
		set_font(r, l->number);
		return TRUE;
	case SG_RTF_PLAIN:
		end_bytes(r);
		group(r)->page = (guint16)page_of_font(r, r->default_font);
		return TRUE;
	case SG_RTF_CHARSET:
		set_font_page(r, sg_codepage_of_fcharset((guint)MAX(l->number, 0)));
		return TRUE;
	case SG_RTF_CPG:
		set_font_page(r, (guint)MAX(l->number, 0));
		return TRUE;
	case SG_RTF_DEFAULT_FONT:
		r->default_font = (guint)MAX(l->number, 0);
		return TRUE;
	case SG_RTF_UC:
		group(r)->uc = (guint8)CLAMP(l->number, 0, 8);
		return TRUE;
	case SG_RTF_FROMHTML:
		r->from_html = TRUE;
		return TRUE;
	case SG_RTF_HTMLRTF:
		end_bytes(r);
		group(r)->rtf_only = !l->has_number || l->number != 0;
		return TRUE;
	default:
		return FALSE;
	}
}

static gboolean
do_layout(Rtf *r, SgRtfAct act, gunichar arg, GError **error)
{
	switch ((guint)act) {
	case SG_RTF_CHAR:
		put_char(r, arg);
		return arg != '\n' || end_paragraph(r, error);
	case SG_RTF_CELL:
		put_char(r, CELL);
		r->cells = r->cells || group(r)->place == IN_TEXT;
		return TRUE;
	case SG_RTF_ROWDEF:
		end_bytes(r);
		if (group(r)->place == IN_TEXT && !r->cells)
			r->row_start = r->text->len;
		return TRUE;
	case SG_RTF_ROW:
		return group(r)->place != IN_TEXT || end_row(r, error);
	case SG_RTF_PARD:
		r->intbl = FALSE;
		return TRUE;
	case SG_RTF_INTBL:
		r->intbl = TRUE;
		return TRUE;
	default:
		return TRUE;
	}
}

static gboolean
do_word(Rtf *r, GError **error)
{
	gunichar arg;
	SgRtfAct act = sg_rtf_act(r->l.word, &arg);

	if (act == SG_RTF_BIN) {
		put_binary(r);
		return TRUE;
	}
	if (act == SG_RTF_U) {
		r->skip = 0;
		put_unicode(r, (guint)(r->l.number < 0 ? r->l.number + 65536 : r->l.number) & 0xffff);
		r->skip = group(r)->uc;
		return TRUE;
	}
	if (r->skip > 0 && act == SG_RTF_CHAR) {
		r->skip--;
		return TRUE;
	}
	if (act >= SG_RTF_ASIDE && act <= SG_RTF_TAG) {
		end_bytes(r);
		begin_place(r, (Place)(IN_ASIDE + (act - SG_RTF_ASIDE)));
		r->value = strcmp(r->l.word, "sv") == 0 ? r->aside->len : 0;
		return TRUE;
	}
	if (do_setting(r, act, arg))
		return TRUE;
	return do_layout(r, act, arg, error);
}

static gboolean
do_symbol(Rtf *r, GError **error)
{
	Place now = group(r)->place;

	switch (r->l.byte) {
	case '*':
		/* its words are read unless they are known to be none */
		if (now == IN_TEXT || now == IN_PICTURE || now == IN_OBJECT)
			group(r)->place = now == IN_OBJECT ? IN_SKIP : IN_ASIDE;
		return TRUE;
	case '~':
		put_char(r, 0xa0);
		return TRUE;
	case '-':
		put_char(r, 0xad);
		return TRUE;
	case '_':
		put_char(r, 0x2011);
		return TRUE;
	case '\r':
	case '\n':
		put_char(r, '\n');
		return end_paragraph(r, error);
	case '\t':
	case '{':
	case '}':
	case '\\':
		put_bytes(r, &r->l.byte, 1, TRUE);
		return TRUE;
	default:
		return TRUE;
	}
}

static gboolean
read_tokens(Rtf *r, GError **error)
{
	for (guint n = 1;; n++) {
		gboolean ok = TRUE;

		if (n % 65536 == 0 && !r->sink->spend(r->sink, 0, error))
			return FALSE;
		switch (sg_rtf_next(&r->l)) {
		case SG_RTF_END:
			return TRUE;
		case SG_RTF_OPEN:
			open_group(r);
			break;
		case SG_RTF_CLOSE:
			ok = close_group(r, error);
			break;
		case SG_RTF_WORD:
			ok = do_word(r, error);
			break;
		case SG_RTF_SYMBOL:
			ok = do_symbol(r, error);
			break;
		case SG_RTF_HEX:
			put_bytes(r, &r->l.byte, 1, TRUE);
			break;
		case SG_RTF_TEXT:
			put_bytes(r, r->l.text, r->l.text_len, FALSE);
			break;
		}
		if (!ok)
			return FALSE;
	}
}

/* What is there when the file ends, or a limit ended the reading. */
static gboolean
give_rest(Rtf *r, GError **error)
{
	end_bytes(r);
	if (r->data->len > 0 && !give_data(r, IN_OBJECT, error))
		return FALSE;
	if (!end_table(r, error) || !say(r, r->text, error) || !say(r, r->aside, error))
		return FALSE;
	if (r->html->len > 0) {
		g_autoptr(GBytes) b = g_bytes_new(r->html->str, r->html->len);

		return give_part(r, "body.html", b, error);
	}
	return TRUE;
}

static gboolean
rtf_run(SgPart *part, SgSink *sink, GError **error)
{
	Rtf *r = g_new0(Rtf, 1);
	gsize n;
	const guint8 *p = g_bytes_get_data(sg_part_bytes(part), &n);
	gboolean ok;

	r->part = part;
	r->sink = sink;
	r->l = (SgRtfLexer){ .p = p, .end = n > 0 ? p + n : p };
	r->groups[0] = (Group){ IN_TEXT, 1, FALSE, 1252 };
	r->page = 1252;
	r->digit = -1;
	r->fonts = g_new0(guint16, FONTS);
	r->pages = sg_codepages_new();
	r->text = g_string_new(NULL);
	r->aside = g_string_new(NULL);
	r->html = g_string_new(NULL);
	r->bytes = g_string_new(NULL);
	r->data = g_byte_array_new();
	r->table = sg_table_new(sink, "attachment");
	ok = read_tokens(r, error);
	ok = give_rest(r, ok ? error : NULL) && ok;
	g_free(r->fonts);
	sg_codepages_free(r->pages);
	g_string_free(r->text, TRUE);
	g_string_free(r->aside, TRUE);
	g_string_free(r->html, TRUE);
	g_string_free(r->bytes, TRUE);
	g_byte_array_unref(r->data);
	sg_table_free(r->table);
	g_free(r);
	return ok;
}

static guint
rtf_bid(const SgPart *part)
{
	return strcmp(part->detected, "text/rtf") == 0 || strcmp(part->detected, "application/rtf") == 0 ? 20 : 0;
}

extern const SgExtractor sg_x_rtf;
const SgExtractor sg_x_rtf = { "rtf", rtf_bid, rtf_run, NULL, FALSE };
