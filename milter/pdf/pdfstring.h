/*
 * pdfstring - the strings in a piece of a PDF: of objects, or shown by a page.
 *
 * Without the fonts of a page only strings of one byte a letter, and those in UTF-16,
 * can be read; others are left out.  Used where the library cannot read a file.
 */
#ifndef SG_PDF_PDFSTRING_H
#define SG_PDF_PDFSTRING_H

#include <glib.h>

/* content: what a page shows, as running text; else each string is a line. */
void sg_pdf_strings(const char *s, gsize n, gboolean content, GString *out);

#endif
