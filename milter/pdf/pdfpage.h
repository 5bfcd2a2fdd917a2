/*
 * pdfpage - the letters of a page and where they stand, to text and tables.
 *
 * The library gives the letters of a page in reading order, but joins the cells of a
 * table.  Here a wide gap in a line parts them.  Rows that part in the same places are
 * a table, when most cells are short: two columns of a newspaper are not.  A table that
 * goes on at the head of the next page is one table.
 */
#ifndef SG_PDF_PDFPAGE_H
#define SG_PDF_PDFPAGE_H

#include "part/extractor.h"

typedef struct SgPdfBox {
	double x1, y1, x2, y2;	/* downwards */
} SgPdfBox;

typedef struct SgPdfPages SgPdfPages;

SgPdfPages *sg_pdf_pages_new(SgSink *sink);
void	    sg_pdf_pages_free(SgPdfPages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPdfPages, sg_pdf_pages_free)

/* One page: UTF-8 text, and for each of its n letters (line ends count) a box; when the
 * numbers differ the text is taken as it is. */
gboolean sg_pdf_pages_add(SgPdfPages *pages, const char *text, const SgPdfBox *boxes, gsize n,
    GError **error);
/* Gives the table that was still open. */
gboolean sg_pdf_pages_end(SgPdfPages *pages, GError **error);

#endif
