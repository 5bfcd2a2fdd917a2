/*
 * csv - a table somebody else made, row by row: comma, semicolon, tab or bar, quotes or none,
 * any of the encodings in which office programs save one (RFC 4180 and what there is beside it).
 *
 *   text = sg_csv_utf8(data, len, &n, &guessed, &error);
 *   sg_csv_begin(&csv, text, n);
 *   while (sg_csv_next(&csv, &why))
 *           if (why != NULL) ... else look at csv.cells
 *   sg_csv_end(&csv);
 *
 * Line ends of every kind; a quoted field may have line ends and doubled quotes.
 */
#ifndef SG_CTL_CSV_H
#define SG_CTL_CSV_H

#include <glib.h>

#define SG_CSV_COLUMNS 256u
#define SG_CSV_FIELD   4096u	/* bytes */

typedef struct SgCsv {
	const char *p, *end;
	char	    separator;
	guint	    line, next;	/* where the row begins, and where the one behind it does; from 1 */
	GPtrArray  *cells;	/* char *, UTF-8, blanks at the ends removed */
} SgCsv;

/* UTF-8 with or without a mark, UTF-16 with a mark (or without, when every other byte of the
 * beginning is zero); what is none of these is read as Windows-1252 (*guessed).  Ends with a
 * NUL, holds no other; caller frees.  SG_ERR_INPUT with what to do. */
char	 *sg_csv_utf8(const char *data, gsize len, gsize *out_len, gboolean *guessed, GError **error);

/* text: UTF-8 that stays; its first line tells the separator. */
void	  sg_csv_begin(SgCsv *c, const char *text, gsize len);
void	  sg_csv_end(SgCsv *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgCsv, sg_csv_end)
/* The next row with any text.  FALSE at the end.  *why: NULL, or what is wrong with it and
 * what to do. */
gboolean  sg_csv_next(SgCsv *c, const char **why);

#endif
