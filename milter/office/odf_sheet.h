/*
 * odf_sheet - the cells of a sheet of an OpenDocument, on their way into a table.
 */
#ifndef SG_OFFICE_ODF_SHEET_H
#define SG_OFFICE_ODF_SHEET_H

#include "part/flow.h"
#include "part/xml.h"

typedef struct SgOdfSheet SgOdfSheet;

/* flow: for formulas' words */
SgOdfSheet *sg_odf_sheet_new(SgFlow *flow, SgSink *sink);
void	    sg_odf_sheet_free(SgOdfSheet *s);

void	    sg_odf_sheet_begin(SgOdfSheet *s);
void	    sg_odf_sheet_row(SgOdfSheet *s, const SgXmlTag *tag);
void	    sg_odf_sheet_cell(SgOdfSheet *s, const SgXmlTag *tag);
gboolean    sg_odf_sheet_in_cell(const SgOdfSheet *s);
void	    sg_odf_sheet_words(SgOdfSheet *s, const char *words, gsize n);
void	    sg_odf_sheet_cell_end(SgOdfSheet *s);
void	    sg_odf_sheet_row_end(SgOdfSheet *s);
/* The sheet is over; FALSE: an error is kept, for sg_odf_sheet_end() to give. */
gboolean    sg_odf_sheet_give(SgOdfSheet *s);
gboolean    sg_odf_sheet_end(SgOdfSheet *s, GError **error);

#endif
