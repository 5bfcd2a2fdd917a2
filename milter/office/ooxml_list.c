#include <string.h>

#include "office/ooxml_list.h"

#define LEVELS 9u
#define LISTS  20000u	/* lists and styles that are remembered */
#define BASED  10u	/* styles based on one another */
#define SHAPE  200u	/* longest text of a level */

enum {
	L_ABSTRACT = 1, L_ABSTRACT_ID, L_BASED, L_ILVL, L_FORMAT, L_LEVEL, L_OVERRIDE, L_TEXT, L_NUM, L_NUM_ID,
	L_PPR_CHANGE, L_START, L_START_OVERRIDE, L_STYLE,
};

static const SgXmlName names[] = {
	{ "abstractNum", L_ABSTRACT }, { "abstractNumId", L_ABSTRACT_ID }, { "basedOn", L_BASED },
	{ "ilvl", L_ILVL }, { "lvl", L_LEVEL }, { "lvlOverride", L_OVERRIDE }, { "lvlText", L_TEXT },
	{ "num", L_NUM }, { "numFmt", L_FORMAT }, { "numId", L_NUM_ID }, { "pPrChange", L_PPR_CHANGE },
	{ "start", L_START }, { "startOverride", L_START_OVERRIDE }, { "style", L_STYLE },
};

typedef enum { N_DECIMAL, N_LOWER, N_UPPER, N_ROMAN, N_UPPER_ROMAN, N_ZERO, N_ORDINAL, N_NOTHING } Format;

typedef struct Level {
	char	*text;
	Format	 format;
	gint64	 start;
	gint64	 count;		/* of the last paragraph; -1 before the first */
} Level;

typedef struct Abstract {
	Level levels[LEVELS];
} Abstract;

typedef struct Num {
	Abstract *abstract;	/* belongs to the list's table */
	gint64	  restart[LEVELS];	/* -1: none, or done */
} Num;

typedef struct Style {
	gint64 num, level;	/* -1: not named */
	char  *based;
} Style;

struct SgOoxmlList {
	GHashTable *abstracts, *nums, *styles;
	GString	   *label;
	/* while a file is read */
	Abstract   *abstract;
	Num	   *num;
	Style	   *style;
	guint	    level;
	guint	    change;	/* inside a tracked change of properties */
};

static void
abstract_free(gpointer data)
{
	Abstract *a = data;

	for (guint i = 0; i < LEVELS; i++)
		g_free(a->levels[i].text);
	g_free(a);
}

static void
style_free(gpointer data)
{
	Style *s = data;

	g_free(s->based);
	g_free(s);
}

SgOoxmlList *
sg_ooxml_list_new(void)
{
	SgOoxmlList *l = g_new0(SgOoxmlList, 1);

	l->abstracts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, abstract_free);
	l->nums = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	l->styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, style_free);
	l->label = g_string_new(NULL);
	return l;
}

void
sg_ooxml_list_free(SgOoxmlList *l)
{
	if (l == NULL)
		return;
	g_hash_table_unref(l->abstracts);
	g_hash_table_unref(l->nums);
	g_hash_table_unref(l->styles);
	g_string_free(l->label, TRUE);
	g_free(l);
}

static gint64 *
key_of(gint64 id)
{
	gint64 *key = g_new(gint64, 1);

	*key = id;
	return key;
}

static void
begin_abstract(SgOoxmlList *l, gint64 id)
{
	Abstract *a;

	if (g_hash_table_size(l->abstracts) >= LISTS || g_hash_table_contains(l->abstracts, &id))
		return;
	a = g_new0(Abstract, 1);
	for (guint i = 0; i < LEVELS; i++)
		a->levels[i] = (Level){ .start = 1, .count = -1 };
	g_hash_table_insert(l->abstracts, key_of(id), a);
	l->abstract = a;
}

static void
begin_num(SgOoxmlList *l, gint64 id)
{
	Num *n;

	if (g_hash_table_size(l->nums) >= LISTS || g_hash_table_contains(l->nums, &id))
		return;
	n = g_new0(Num, 1);
	for (guint i = 0; i < LEVELS; i++)
		n->restart[i] = -1;
	g_hash_table_insert(l->nums, key_of(id), n);
	l->num = n;
}

static void
begin_style(SgOoxmlList *l, const SgXmlTag *tag)
{
	g_autofree char *id = sg_xml_string(tag, "styleId");

	if (id == NULL || g_hash_table_size(l->styles) >= LISTS || g_hash_table_contains(l->styles, id))
		return;
	l->style = g_new0(Style, 1);
	l->style->num = l->style->level = -1;
	g_hash_table_insert(l->styles, g_steal_pointer(&id), l->style);
}

static Format
format_of(const SgXmlTag *tag)
{
	static const struct { const char *name; Format format; } formats[] = {
		{ "lowerLetter", N_LOWER }, { "upperLetter", N_UPPER }, { "lowerRoman", N_ROMAN },
		{ "upperRoman", N_UPPER_ROMAN }, { "decimalZero", N_ZERO }, { "ordinal", N_ORDINAL },
		{ "bullet", N_NOTHING }, { "none", N_NOTHING },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (sg_xml_is(tag, "val", formats[i].name))
			return formats[i].format;
	return N_DECIMAL;
}

static void
on_style(SgOoxmlList *l, guint code, const SgXmlTag *tag)
{
	if (l->style == NULL || l->change > 0)
		return;
	if (code == L_NUM_ID) {
		l->style->num = sg_xml_number(tag, "val", -1);
	} else if (code == L_ILVL) {
		l->style->level = sg_xml_number(tag, "val", -1);
	} else if (code == L_BASED) {
		g_free(l->style->based);
		l->style->based = sg_xml_string(tag, "val");
	}
}

static void
on_level(SgOoxmlList *l, guint code, const SgXmlTag *tag)
{
	Level *level = l->abstract != NULL ? &l->abstract->levels[l->level] : NULL;

	if (level == NULL)
		return;
	if (code == L_START) {
		level->start = CLAMP(sg_xml_number(tag, "val", 1), 0, 1000000);
	} else if (code == L_FORMAT) {
		level->format = format_of(tag);
	} else if (code == L_TEXT) {
		g_free(level->text);
		level->text = sg_xml_string(tag, "val");
		if (level->text != NULL && strlen(level->text) > SHAPE)
			g_clear_pointer(&level->text, g_free);
	}
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	SgOoxmlList *l = data;
	gint64 id;

	switch (code) {
	case L_ABSTRACT:
		begin_abstract(l, sg_xml_number(tag, "abstractNumId", -1));
		break;
	case L_NUM:
		begin_num(l, sg_xml_number(tag, "numId", -1));
		break;
	case L_STYLE:
		begin_style(l, tag);
		break;
	case L_ABSTRACT_ID:
		id = sg_xml_number(tag, "val", -1);
		if (l->num != NULL)
			l->num->abstract = g_hash_table_lookup(l->abstracts, &id);
		break;
	case L_LEVEL:
	case L_OVERRIDE:
		l->level = (guint)CLAMP(sg_xml_number(tag, "ilvl", 0), 0, LEVELS - 1);
		break;
	case L_START_OVERRIDE:
		if (l->num != NULL)
			l->num->restart[l->level] = CLAMP(sg_xml_number(tag, "val", 1), 0, 1000000);
		break;
	case L_PPR_CHANGE:
		l->change++;
		break;
	default:
		on_style(l, code, tag);
		on_level(l, code, tag);
	}
}

static void
on_end(gpointer data, guint code)
{
	SgOoxmlList *l = data;

	if (code == L_ABSTRACT)
		l->abstract = NULL;
	else if (code == L_NUM)
		l->num = NULL;
	else if (code == L_STYLE)
		l->style = NULL;
	else if (code == L_PPR_CHANGE && l->change > 0)
		l->change--;
}

static void
on_text(gpointer data, const char *s, gsize n)
{
	(void)data;
	(void)s;
	(void)n;
}

const SgXmlReader sg_ooxml_list_reader = { names, G_N_ELEMENTS(names), on_start, on_end, on_text, NULL };

static void
append_letters(GString *out, gint64 n, char first)
{
	/* a, b, ... z, aa, bb, ... */
	for (gint64 i = 0; n > 0 && i <= (n - 1) / 26 && i < 10; i++)
		g_string_append_c(out, (char)(first + (n - 1) % 26));
}

static void
append_roman(GString *out, gint64 n, gboolean upper)
{
	static const struct { guint value; const char *lower, *upper; } romans[] = { { 1000, "m", "M" },
		{ 900, "cm", "CM" }, { 500, "d", "D" }, { 400, "cd", "CD" }, { 100, "c", "C" }, { 90, "xc", "XC" },
		{ 50, "l", "L" }, { 40, "xl", "XL" }, { 10, "x", "X" }, { 9, "ix", "IX" }, { 5, "v", "V" },
		{ 4, "iv", "IV" }, { 1, "i", "I" } };

	if (n > 5000)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(romans); i++)
		for (; n >= romans[i].value; n -= romans[i].value)
			g_string_append(out, upper ? romans[i].upper : romans[i].lower);
}

static void
append_count(GString *out, const Level *level)
{
	gint64 n = level->count >= 0 ? level->count : level->start;
	const char *end = n % 10 == 1 && n % 100 != 11 ? "st" : n % 10 == 2 && n % 100 != 12 ? "nd" :
	    n % 10 == 3 && n % 100 != 13 ? "rd" : "th";

	switch (level->format) {
	case N_LOWER:
	case N_UPPER:
		append_letters(out, n, level->format == N_LOWER ? 'a' : 'A');
		break;
	case N_ROMAN:
	case N_UPPER_ROMAN:
		append_roman(out, n, level->format == N_UPPER_ROMAN);
		break;
	case N_NOTHING:
		break;
	case N_ZERO:
	case N_ORDINAL:
	case N_DECIMAL:
		g_string_append_printf(out, level->format == N_ZERO ? "%02" G_GINT64_FORMAT : "%" G_GINT64_FORMAT, n);
		g_string_append(out, level->format == N_ORDINAL ? end : "");
	}
}

static void
count(Num *n, guint at)
{
	Level *levels = n->abstract->levels;

	if (n->restart[at] >= 0) {
		levels[at].count = n->restart[at];
		n->restart[at] = -1;
	} else {
		levels[at].count = levels[at].count < 0 ? levels[at].start : levels[at].count + 1;
	}
	for (guint i = at + 1; i < LEVELS; i++)
		levels[i].count = -1;
}

static void
of_style(const SgOoxmlList *l, const char *style, gint64 *num, gint64 *level)
{
	for (guint i = 0; i < BASED && style != NULL && *num < 0; i++) {
		const Style *s = g_hash_table_lookup(l->styles, style);

		if (s == NULL)
			return;
		if (*level < 0)
			*level = s->level;
		*num = s->num;
		style = s->based;
	}
}

const char *
sg_ooxml_list_next(SgOoxmlList *l, gint64 num, gint64 level, const char *style)
{
	const Level *shape;
	guint at;
	Num *n;

	if (num < 0)
		of_style(l, style, &num, &level);
	n = g_hash_table_lookup(l->nums, &num);
	if (n == NULL || n->abstract == NULL)
		return NULL;
	at = (guint)CLAMP(level, 0, LEVELS - 1);
	count(n, at);
	shape = &n->abstract->levels[at];
	if (shape->text == NULL || shape->format == N_NOTHING)
		return NULL;
	g_string_truncate(l->label, 0);
	for (const char *p = shape->text; *p != '\0'; p++) {
		if (*p == '%' && p[1] >= '1' && p[1] <= '9')
			append_count(l->label, &n->abstract->levels[*++p - '1']);
		else
			g_string_append_c(l->label, *p);
	}
	g_string_append_c(l->label, ' ');
	return l->label->str;
}
