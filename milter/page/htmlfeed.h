/*
 * htmlfeed - feeds a page to libxml2's HTML parser so that time stays in line with size.
 *
 * The parser looks at every attribute for each other one of its tag, and for the end of a
 * tag from its begin; and the table in which it keeps one copy of each name stops growing
 * at some thousands.  So tags are cut off, pieces grow with the tag that is open, and a
 * page with more names than any person's is read on by a new parser: to it, what was
 * open is closed.
 */
#ifndef SG_PAGE_HTMLFEED_H
#define SG_PAGE_HTMLFEED_H

#include <libxml/HTMLparser.h>
#include <glib.h>

typedef struct SgHtmlFeed {
	const xmlSAXHandler *sax;
	gpointer	     data;	/* the handlers' */
	htmlParserCtxtPtr   *ctxt;	/* set to the parser that is at work; NULL behind the page */
	const GString	    *out;	/* what the handlers write: the page ends when it has ... */
	gsize		     max;	/* ... so many bytes */
} SgHtmlFeed;

/* html is UTF-8, whatever it says itself.  FALSE: no memory for a parser. */
gboolean sg_html_feed(const SgHtmlFeed *f, const char *html, gsize len);

#endif
