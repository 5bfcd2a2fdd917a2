/*
 * htmltable - which tables of a page are lists of data, and not only its layout.
 *
 * While the page is read, the begin of each cell in its text is noted.  When a table ends
 * that holds no other, has rows and columns enough, and mostly short cells, its text is
 * taken out of the page and given as a table (part/table.h), so that rows can be counted
 * and a cell knows its column.  In the body of a mail more columns are asked for, since signatures
 * are tables too.
 */
#ifndef SG_PAGE_HTMLTABLE_H
#define SG_PAGE_HTMLTABLE_H

#include "part/extractor.h"

typedef struct SgHtmlTables SgHtmlTables;

/* out: the text of the page. */
SgHtmlTables *sg_html_tables_new(const SgPart *part, SgSink *sink, GString *out);
void	      sg_html_tables_free(SgHtmlTables *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgHtmlTables, sg_html_tables_free)

/* "table", "tr", "td" and "th"; others are nothing to it. */
void	 sg_html_tables_start(SgHtmlTables *t, const char *name);
/* TRUE: text was taken out of the page.  quoted: it stands in a quotation. */
gboolean sg_html_tables_end(SgHtmlTables *t, const char *name, gboolean quoted);

#endif
