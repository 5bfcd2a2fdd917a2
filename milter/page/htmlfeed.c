#include <string.h>

#include "page/htmlfeed.h"

#define PIECE 1024u	 /* fed at once; between two, text and open tags are looked at */
#define ATTRIBUTES 200u	 /* blanks and "=" in one tag; what follows is read as text */
#define NAMES 10000	 /* of elements, attributes and entities that one parser meets */
#define TEXT  65536u	 /* the parser lets text wait for the next tag; it should not wait for ever */

/* The bytes of a tag that is still open behind the last piece; 0: none is. */
static gsize
open_tag(const xmlParserInput *in)
{
	gsize pending = (gsize)(in->end - in->cur);

	if (pending < 3 || in->cur[0] != '<')
		return 0;
	return g_ascii_isalpha(in->cur[1]) || (in->cur[1] == '!' && in->cur[2] != '-') ? pending : 0;
}

/* Of the tag that is still open behind the last piece, more than was counted before. */
static void
bound_attributes(htmlParserCtxtPtr c, gsize fed, gsize last, gsize *tag_at, guint *count)
{
	const char *cur = (const char *)c->input->cur;
	gsize pending = open_tag(c->input), at = fed - MIN(fed, pending);
	gsize from = at == *tag_at && pending > last ? pending - last : 0;

	if (pending == 0)
		return;
	if (from == 0)
		*count = 0;
	*tag_at = at;
	for (gsize i = from; i < pending; i++)
		*count += cur[i] == '=' || g_ascii_isspace(cur[i]);
	if (*count <= ATTRIBUTES)
		return;
	/* ends the tag in a value between either quotes as well as outside of one */
	c->checkIndex = 0;
	htmlParseChunk(c, "\"'>", 3, 0);
	*count = 0;
}

/*
 * How much to feed next.  While a long tag is open it is searched for its end from its
 * begin each time, so the pieces grow with it; but not over more attributes than one tag
 * may have.
 */
static gsize
piece(htmlParserCtxtPtr c, const char *html, gsize left)
{
	gsize most = MIN(left, open_tag(c->input)), n = MIN(left, PIECE);

	for (guint count = 0; n < most && count < ATTRIBUTES; n++)
		count += html[n] == '=' || g_ascii_isspace(html[n]);
	return n;
}

/* Text full of entities that has become long: up to the next one, before which a comment
 * with nothing in it, which parts no word, makes the parser read it. */
static gsize
text_piece(htmlParserCtxtPtr c, const char *html, gsize n)
{
	const xmlParserInput *in = c->input;
	const char *amp;

	if (in->end - in->cur < (gssize)TEXT || in->cur[0] == '<' ||
	    (amp = memchr(html, '&', n)) == NULL)
		return n;
	if (amp == html)
		htmlParseChunk(c, "<!---->", 7, 0);
	return amp == html ? n : (gsize)(amp - html);
}

static htmlParserCtxtPtr
begin(const SgHtmlFeed *f)
{
	xmlSAXHandler sax = *f->sax;
	htmlParserCtxtPtr c = htmlCreatePushParserCtxt(&sax, f->data, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);

	if (c == NULL)
		return NULL;
	/* IGNORE_ENC: the text is UTF-8 already, whatever its meta element says. */
	htmlCtxtUseOptions(c, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	    HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT);
	return c;
}

/* Another parser goes on, with what this one has not read yet: so many bytes before *at. */
static gboolean
begin_again(const SgHtmlFeed *f, gsize *at)
{
	htmlParserCtxtPtr c = *f->ctxt;
	gsize pending = (gsize)(c->input->end - c->input->cur);

	*at -= MIN(*at, pending);
	c->input->cur = c->input->end;
	c->checkIndex = 0;
	htmlParseChunk(c, "", 0, 1);
	htmlFreeParserCtxt(c);
	return (*f->ctxt = begin(f)) != NULL;
}

gboolean
sg_html_feed(const SgHtmlFeed *f, const char *html, gsize len)
{
	gsize tag_at = G_MAXSIZE, n;
	guint count = 0;

	if ((*f->ctxt = begin(f)) == NULL)
		return FALSE;
	for (gsize at = 0; at < len && f->out->len < f->max; at += n) {
		n = piece(*f->ctxt, html + at, len - at);
		n = text_piece(*f->ctxt, html + at, n);
		/* It would go on looking for the end of a tag where it stopped, without knowing
		 * that this was between quotes: it would not find it, and fall behind. */
		if (open_tag((*f->ctxt)->input) > 0)
			(*f->ctxt)->checkIndex = 0;
		htmlParseChunk(*f->ctxt, html + at, (int)n, at + n >= len);
		if (at + n >= len)
			break;
		bound_attributes(*f->ctxt, at + n, n, &tag_at, &count);
		if (xmlDictSize((*f->ctxt)->dict) <= NAMES)
			continue;
		at += n;
		n = 0;
		if (!begin_again(f, &at))
			return FALSE;
	}
	htmlFreeParserCtxt(*f->ctxt);
	*f->ctxt = NULL;
	return TRUE;
}
