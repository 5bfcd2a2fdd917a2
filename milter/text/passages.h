/*
 * passages - whose words are these?  Splits the text of a mail body.
 *
 *   body       what the sender wrote
 *   quoted     lines with ">", and what follows "On ... wrote:", an Outlook
 *              header block or "-----Original Message-----"
 *   forwarded  what follows a forwarder's line
 *   signature  what follows a line "-- ", up to the next quotation
 *
 * Quotation marks are taken off, so that a phrase over two quoted lines is one.
 * A passage that comes in several pieces is joined with an empty line between.
 */
#ifndef SG_TEXT_PASSAGES_H
#define SG_TEXT_PASSAGES_H

#include <glib.h>

typedef enum { SG_BODY, SG_QUOTED_TEXT, SG_FORWARDED, SG_SIGNATURE, SG_PASSAGES } SgPassage;

typedef void (*SgPassageFunc)(gpointer data, const char *where, const char *text, gsize len);

/* text: UTF-8, LF, NUL-terminated behind len.  Calls out once for each passage that
 * has words, body first. */
void sg_passages(const char *text, gsize len, SgPassageFunc out, gpointer data);

/* Where the first quotation or forwarded message begins, at a line's start; len when
 * there is none. */
gsize sg_passages_quote(const char *text, gsize len);

#endif
