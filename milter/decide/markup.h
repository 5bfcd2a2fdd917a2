/*
 * markup - one small text, two faces: plain lines and a block of HTML.
 *
 *   a line            stays a line; long ones are wrapped at 76 letters
 *   an empty line     begins a paragraph
 *   ---               a rule (in plain text the line "-- ", so that programs know
 *                     where the words of the sender end)
 *   - one             an item of a list
 *   **x**  *x*        bold, italic
 *   [words](https://) a link; plain "words (https://...)".  Addresses beginning with
 *                     http:// or https:// and mail addresses become links by themselves
 *   {name}            a value; a line with one that is not known drops out
 *
 * Values are only ever text: what is in them is escaped and never markup.  The HTML is
 * one block that brings its own colours and sizes, in words of UTF-8.
 */
#ifndef SG_DECIDE_MARKUP_H
#define SG_DECIDE_MARKUP_H

#include <glib.h>

/* The value of a name; NULL or "": not known.  *personal: it differs from sender to
 * sender, so that texts are recognised without it. */
typedef const char *(*SgMarkupValue)(gpointer data, const char *name, gboolean *personal);

typedef struct SgMarkup {
	char *plain;		/* lines, LF; "" when nothing is left */
	char *html;		/* one block, without the line end behind it */
	char *known;		/* letters (base/letters.h) of both faces, one a line */
} SgMarkup;

void sg_markup_render(const char *source, SgMarkupValue value, gpointer data, SgMarkup *out);
void sg_markup_clear(SgMarkup *m);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgMarkup, sg_markup_clear)

/* Calls each with every {name} of source. */
void sg_markup_names(const char *source, void (*each)(gpointer data, const char *name, guint line),
	gpointer data);

#endif
