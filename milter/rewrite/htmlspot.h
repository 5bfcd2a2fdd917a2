/*
 * htmlspot - where in a page something can be put so that every reader sees it.
 *
 * A tokenizer after the HTML standard (13.2.5), over bytes of any charset in which
 * ASCII stands for itself: it knows comments, quoted attributes and elements whose
 * content is no markup, and keeps a short stack of open elements, so that nothing is
 * put into what is hidden, swallowed or never ends.  It changes nothing.
 */
#ifndef SG_REWRITE_HTMLSPOT_H
#define SG_REWRITE_HTMLSPOT_H

#include <glib.h>

typedef struct SgHtmlSpots {
	gsize top;		/* behind <body>, or before the first thing that shows	*/
	gsize quote;		/* before the first quotation; bottom when there is none */
	gsize bottom;		/* before the last </body> that is one			*/
	gboolean has_quote, shown;	/* shown: FALSE: there is no safe place		*/
} SgHtmlSpots;

/* words, when not NULL, gets the text a reader sees, without markup, in the charset of
 * the page and with its references; *quoted is where in it the quotation begins. */
void sg_html_spots(const char *html, gsize len, SgHtmlSpots *out, GString *words, gsize *quoted);
/* References become letters, in place, as far as they are numbers or letters with marks;
 * others blanks. */
void sg_html_references(char *utf8);

#endif
