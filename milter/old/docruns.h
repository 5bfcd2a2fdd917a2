/*
 * docruns - which paragraphs of a Word 97 document stand in a table, and which of them
 * only end a row; [MS-DOC] 2.8.6 (PlcBtePapx), 2.9.175 (PapxFkp), 2.6.2.
 *
 * Cells and rows end with the same character; only the properties of the paragraph
 * tell them apart, and without them an empty cell looks like the end of a row.
 */
#ifndef SG_OLD_DOCRUNS_H
#define SG_OLD_DOCRUNS_H

#include <glib.h>

#define SG_DOC_IN_TABLE 1u
#define SG_DOC_ROW_END	2u

/* doc: the WordDocument stream; plc: the table of pages with properties. */
GArray *sg_doc_runs(const guint8 *doc, gsize len, const guint8 *plc, gsize n);
/* What is true of the paragraph at this offset of the stream. */
guint	sg_doc_run_at(const GArray *runs, gsize offset);

#endif
