/*
 * csv - a table somebody else made: comma, semicolon or tab, quotes or none, any of the
 * encodings in which office programs save one.
 *
 * UTF-8 with or without a mark, UTF-16 with a mark (or without, when every other byte is
 * zero); what is none of these counts as Windows-1252.  Line ends of every kind; a
 * quoted field may have line ends and doubled quotes.
 */
#ifndef SG_CTL_CSV_H
#define SG_CTL_CSV_H

#include <glib.h>

#define SG_CSV_BYTES (16u << 20)
#define SG_CSV_ROWS 100000u
#define SG_CSV_COLUMNS 64u
#define SG_CSV_FIELD 4096u	/* bytes */

typedef struct SgCsvRow {
	guint	   line;	/* where it begins, from 1 on */
	GPtrArray *cells;	/* char *, UTF-8, blanks at the ends removed */
} SgCsvRow;

/* SgCsvRow, freed by the array; rows without any text are left out.  SG_ERR_INPUT or
 * SG_ERR_LIMIT with the line and what to do. */
GPtrArray *sg_csv_read(GBytes *file, GError **error);

#endif
