/*
 * place - where in the HTML of a template we are, and what may stand there.
 *
 * The template's own text is fed in piece by piece.  The reader knows a strict
 * half of HTML: tags in letters, attributes in quotes, no comments, no inline
 * scripts or styles (the console's content policy would stop those anyway).
 * What it does not know it refuses, so that it never believes to be in another
 * place than a browser is.
 */
#ifndef SG_TPL_PLACE_H
#define SG_TPL_PLACE_H

#include <glib.h>

#define SG_PLACE_NAME 40u	/* longest name of a tag or attribute, with its NUL */

typedef enum {
	SG_AT_TEXT,		/* between tags					*/
	SG_AT_OPEN,		/* just after '<'				*/
	SG_AT_NAME,		/* in the name of a tag				*/
	SG_AT_TAG,		/* in a tag, between attributes			*/
	SG_AT_TAG_END,		/* a name may have ended here: a space must follow */
	SG_AT_ATTRIBUTE,	/* in the name of an attribute			*/
	SG_AT_EQUALS,		/* after '='					*/
	SG_AT_VALUE,		/* in a quoted value				*/
	SG_AT_DECLARATION,	/* <!doctype ...>				*/
	SG_AT_RAW,		/* in script and its like			*/
	SG_AT_PLAIN,		/* in title or textarea: text, but no tags	*/
} SgAt;

/* How far the address in an attribute is known to be one of ours. */
typedef enum {
	SG_URL_NONE,		/* no attribute with an address			*/
	SG_URL_EMPTY,		/* nothing is there yet				*/
	SG_URL_SLASH,		/* "/"						*/
	SG_URL_OPEN,		/* "/" and a value that may be empty		*/
	SG_URL_OURS,
} SgUrl;

typedef enum {
	SG_ESCAPE_TEXT,
	SG_ESCAPE_URL,
} SgEscape;

typedef struct SgPlace {
	SgAt	 at;
	SgUrl	 url;
	gboolean closing;	/* an end tag */
	char	 quote;
	char	 tag[SG_PLACE_NAME], attribute[SG_PLACE_NAME];
} SgPlace;

void	    sg_place_start(SgPlace *p);
/* All return NULL, or why the template is refused (static). */
const char *sg_place_feed(SgPlace *p, const char *text, gsize len);
const char *sg_place_value(SgPlace *p, SgEscape *how);
/* A section begins, or ends that began at begun: both ways through must come to one place. */
const char *sg_place_section(SgPlace *p);
const char *sg_place_join(SgPlace *p, const SgPlace *begun);
/* The template, or what a partial is put into, may be cut here. */
const char *sg_place_cut(const SgPlace *p);

#endif
