#include <stdlib.h>
#include <string.h>

#include "old/rtf.h"

/* In the order of strcmp: looked up by halves. */
static const struct {
	const char *word;
	SgRtfAct act;
	gunichar arg;
} words[] = {
	{ "annotation", SG_RTF_ASIDE, 0 },
	{ "ansicpg", SG_RTF_PAGE, 0 },
	{ "atnauthor", SG_RTF_ASIDE, 0 },
	{ "atnid", SG_RTF_ASIDE, 0 },
	{ "author", SG_RTF_ASIDE, 0 },
	{ "bin", SG_RTF_BIN, 0 },
	{ "bkmkend", SG_RTF_SKIP, 0 },
	{ "bkmkstart", SG_RTF_ASIDE, 0 },
	{ "blipuid", SG_RTF_SKIP, 0 },
	{ "bullet", SG_RTF_CHAR, 0x2022 },
	{ "category", SG_RTF_ASIDE, 0 },
	{ "cell", SG_RTF_CELL, 0 },
	{ "colorschememapping", SG_RTF_SKIP, 0 },
	{ "colortbl", SG_RTF_SKIP, 0 },
	{ "column", SG_RTF_CHAR, '\n' },
	{ "comment", SG_RTF_ASIDE, 0 },
	{ "company", SG_RTF_ASIDE, 0 },
	{ "cpg", SG_RTF_CPG, 0 },
	{ "datastore", SG_RTF_SKIP, 0 },
	{ "deff", SG_RTF_DEFAULT_FONT, 0 },
	{ "doccomm", SG_RTF_ASIDE, 0 },
	{ "docvar", SG_RTF_ASIDE, 0 },
	{ "emdash", SG_RTF_CHAR, 0x2014 },
	{ "emspace", SG_RTF_CHAR, ' ' },
	{ "endash", SG_RTF_CHAR, 0x2013 },
	{ "enspace", SG_RTF_CHAR, ' ' },
	{ "f", SG_RTF_FONT, 0 },
	{ "falt", SG_RTF_SKIP, 0 },
	{ "fcharset", SG_RTF_CHARSET, 0 },
	{ "fldinst", SG_RTF_ASIDE, 0 },
	{ "fonttbl", SG_RTF_FONTS, 0 },
	{ "footer", SG_RTF_ASIDE, 0 },
	{ "footerf", SG_RTF_ASIDE, 0 },
	{ "footerl", SG_RTF_ASIDE, 0 },
	{ "footerr", SG_RTF_ASIDE, 0 },
	{ "footnote", SG_RTF_ASIDE, 0 },
	{ "fromhtml", SG_RTF_FROMHTML, 0 },
	{ "generator", SG_RTF_SKIP, 0 },
	{ "header", SG_RTF_ASIDE, 0 },
	{ "headerf", SG_RTF_ASIDE, 0 },
	{ "headerl", SG_RTF_ASIDE, 0 },
	{ "headerr", SG_RTF_ASIDE, 0 },
	{ "htmlrtf", SG_RTF_HTMLRTF, 0 },
	{ "htmltag", SG_RTF_TAG, 0 },
	{ "info", SG_RTF_ASIDE, 0 },
	{ "intbl", SG_RTF_INTBL, 0 },
	{ "keywords", SG_RTF_ASIDE, 0 },
	{ "latentstyles", SG_RTF_SKIP, 0 },
	{ "ldblquote", SG_RTF_CHAR, 0x201c },
	{ "line", SG_RTF_CHAR, '\n' },
	{ "listoverridetable", SG_RTF_SKIP, 0 },
	{ "listtable", SG_RTF_SKIP, 0 },
	{ "lquote", SG_RTF_CHAR, 0x2018 },
	{ "mac", SG_RTF_PAGE, 10000 },
	{ "manager", SG_RTF_ASIDE, 0 },
	{ "mhtmltag", SG_RTF_SKIP, 0 },
	{ "mmathPr", SG_RTF_SKIP, 0 },
	{ "nestcell", SG_RTF_CHAR, '\n' },
	{ "nestrow", SG_RTF_CHAR, '\n' },
	{ "nesttableprops", SG_RTF_SKIP, 0 },
	{ "nonshppict", SG_RTF_SKIP, 0 },
	{ "objclass", SG_RTF_ASIDE, 0 },
	{ "objdata", SG_RTF_OBJECT, 0 },
	{ "objname", SG_RTF_ASIDE, 0 },
	{ "operator", SG_RTF_ASIDE, 0 },
	{ "page", SG_RTF_CHAR, '\n' },
	{ "panose", SG_RTF_SKIP, 0 },
	{ "par", SG_RTF_CHAR, '\n' },
	{ "pard", SG_RTF_PARD, 0 },
	{ "pc", SG_RTF_PAGE, 437 },
	{ "pca", SG_RTF_PAGE, 850 },
	{ "pict", SG_RTF_PICTURE, 0 },
	{ "plain", SG_RTF_PLAIN, 0 },
	{ "qmspace", SG_RTF_CHAR, ' ' },
	{ "rdblquote", SG_RTF_CHAR, 0x201d },
	{ "row", SG_RTF_ROW, 0 },
	{ "rquote", SG_RTF_CHAR, 0x2019 },
	{ "rsidtbl", SG_RTF_SKIP, 0 },
	{ "sect", SG_RTF_CHAR, '\n' },
	{ "shptxt", SG_RTF_ASIDE, 0 },
	{ "sn", SG_RTF_SKIP, 0 },
	{ "stylesheet", SG_RTF_SKIP, 0 },
	{ "subject", SG_RTF_ASIDE, 0 },
	{ "sv", SG_RTF_ASIDE, 0 },
	{ "tab", SG_RTF_CHAR, '\t' },
	{ "themedata", SG_RTF_SKIP, 0 },
	{ "title", SG_RTF_ASIDE, 0 },
	{ "trowd", SG_RTF_ROWDEF, 0 },
	{ "u", SG_RTF_U, 0 },
	{ "uc", SG_RTF_UC, 0 },
	{ "wgrffmtfilter", SG_RTF_SKIP, 0 },
	{ "xmlnstbl", SG_RTF_SKIP, 0 },
	{ "zwj", SG_RTF_CHAR, 0x200d },
	{ "zwnj", SG_RTF_CHAR, 0x200c },
};

static int
by_word(const void *key, const void *row)
{
	return strcmp(key, ((const typeof(words[0]) *)row)->word);
}

SgRtfAct
sg_rtf_act(const char *word, gunichar *arg)
{
	const typeof(words[0]) *w = bsearch(word, words, G_N_ELEMENTS(words), sizeof words[0], by_word);

	*arg = w != NULL ? w->arg : 0;
	return w != NULL ? w->act : SG_RTF_NOTHING;
}

static gint
hex(const SgRtfLexer *l)
{
	gint a, b;

	if (l->end - l->p < 2)
		return -1;
	a = g_ascii_xdigit_value((char)l->p[0]);
	b = g_ascii_xdigit_value((char)l->p[1]);
	return a < 0 || b < 0 ? -1 : a * 16 + b;
}

static SgRtfToken
control_word(SgRtfLexer *l)
{
	gsize n = 0;
	gboolean minus;
	gint64 v = 0;

	for (; l->p < l->end && g_ascii_isalpha(*l->p); l->p++)
		if (n + 1 < sizeof l->word)
			l->word[n++] = (char)*l->p;
	l->word[n] = '\0';
	minus = l->end - l->p >= 2 && *l->p == '-' && g_ascii_isdigit(l->p[1]);
	if (minus)
		l->p++;
	l->has_number = l->p < l->end && g_ascii_isdigit(*l->p);
	for (; l->p < l->end && g_ascii_isdigit(*l->p); l->p++)
		v = MIN(v * 10 + (*l->p - '0'), G_MAXINT);
	l->number = (gint)(minus ? -v : v);
	if (l->p < l->end && *l->p == ' ')
		l->p++;
	return SG_RTF_WORD;
}

static SgRtfToken
control(SgRtfLexer *l)
{
	gint v;

	if (l->p >= l->end)
		return SG_RTF_END;
	if (g_ascii_isalpha(*l->p))
		return control_word(l);
	l->byte = *l->p++;
	if (l->byte != '\'')
		return SG_RTF_SYMBOL;
	v = hex(l);
	if (v < 0)
		return SG_RTF_SYMBOL;
	l->p += 2;
	l->byte = (guint8)v;
	return SG_RTF_HEX;
}

SgRtfToken
sg_rtf_next(SgRtfLexer *l)
{
	while (l->p < l->end && (*l->p == '\r' || *l->p == '\n' || *l->p == '\0'))
		l->p++;
	if (l->p >= l->end)
		return SG_RTF_END;
	switch (*l->p) {
	case '{':
		l->p++;
		return SG_RTF_OPEN;
	case '}':
		l->p++;
		return SG_RTF_CLOSE;
	case '\\':
		l->p++;
		return control(l);
	default:
		break;
	}
	l->text = l->p;
	while (l->p < l->end && *l->p != '{' && *l->p != '}' && *l->p != '\\' && *l->p != '\r' &&
	    *l->p != '\n' && *l->p != '\0')
		l->p++;
	l->text_len = (gsize)(l->p - l->text);
	return SG_RTF_TEXT;
}
