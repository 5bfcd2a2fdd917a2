/*
 * table - cells in, one text with named columns out.
 *
 * An extractor of sheets and lists feeds cells in the order of the rows; the table
 * finds the row that names the columns, and gives the sink a text whose first line
 * are these names (blank when there are none), then a row a line, cells separated by
 * tabs.  So a rule can say which column a hit stands in, and count rows.  A cell far
 * to the right does not cost its row a tab for each of the empty columns before it.
 */
#ifndef SG_PART_TABLE_H
#define SG_PART_TABLE_H

#include "part/extractor.h"

#define SG_TABLE_COLUMNS 16384u	/* as in a spreadsheet; more go into the last one: limit "rows" */
#define SG_TABLE_NEAR	 256u	/* columns that keep their place; those behind only where one is used */
#define SG_TABLE_ROWS	 200000u	/* more: limit "rows"				*/

typedef struct SgTable SgTable;

SgTable *sg_table_new(SgSink *sink, const char *where);
void	 sg_table_free(SgTable *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTable, sg_table_free)

/* Counted from 0.  Rows must not fall; a cell of a row may come twice, then the texts
 * are joined.  Empty rows and cells need not be given.  Tabs and line ends in text
 * become blanks.  FALSE: a limit was reached and told (SG_ERR_LIMIT), feed no more, but
 * sg_table_give() what there is. */
gboolean sg_table_cell(SgTable *t, guint row, guint column, const char *utf8, gsize len, GError **error);
/* Hands the text to the sink and empties the table, ready for the next one. */
gboolean sg_table_give(SgTable *t, GError **error);

#endif
