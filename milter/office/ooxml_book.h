/*
 * ooxml_book - a workbook: its strings, formats, sheets' names and cells.
 *
 * The parts of an .xlsx that are read before its sheets (workbook, shared strings,
 * styles) fill the book; a sheet is then one table, each cell as a person sees it.
 * ooxml_cells.c reads sheets, ooxml_xlsb.c the binary form of all of these.
 */
#ifndef SG_OFFICE_OOXML_BOOK_H
#define SG_OFFICE_OOXML_BOOK_H

#include "part/flow.h"
#include "part/table.h"
#include "part/xml.h"

typedef struct SgBook {
	SgSink	   *sink;
	SgFlow	   *flow;	/* for names, comments, headers, lists */
	SgTable	   *table;
	GString	   *strings;	/* shared ones, one behind the other, each ended by NUL */
	GArray	   *offsets;	/* gsize, where each begins */
	GByteArray *used;	/* has a cell shown it? */
	GHashTable *codes;	/* format's number => its text */
	GArray	   *formats;	/* of a cell's style: the format's number */
	GHashTable *sheets;	/* relationship id => name of the sheet, hidden or not */
	GPtrArray  *order;	/* their ids */
	GHashTable *types;	/* format's number => is it a date? remembered */
	gboolean    from_1904;
	gboolean    formats_open;	/* inside cellXfs */
	guint	    reading;	/* what the text directly here belongs to */
	guint	    skip;
	gboolean    failed;	/* a table took no more */
} SgBook;

SgBook *sg_book_new(SgSink *sink, SgFlow *flow);
void	sg_book_free(SgBook *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgBook, sg_book_free)

/* workbook.xml, sharedStrings.xml and styles.xml; data is the book */
extern const SgXmlReader sg_book_reader;

/* For the binary form: */
void	    sg_book_add_string(SgBook *b, const char *utf8, gsize n);
void	    sg_book_add_sheet(SgBook *b, const char *id, const char *name, gboolean hidden);
void	    sg_book_add_format(SgBook *b, guint number, const char *code);

/* NULL when there is none of this number. */
const char *sg_book_string(SgBook *b, guint64 i);
void	    sg_book_show(SgBook *b, GString *out, double v, const char *raw, guint style);
/* Into the table of the sheet in hand. */
void	    sg_book_cell(SgBook *b, guint row, guint column, const char *utf8, gsize n);
/* The sheet is over: its table goes to the sink. */
gboolean    sg_book_end_sheet(SgBook *b, GError **error);
/* What no cell showed. */
void	    sg_book_give_unused(SgBook *b);

/* ooxml_cells.c: one sheet */
typedef struct SgCells SgCells;
SgCells	*sg_cells_new(SgBook *b);
void	 sg_cells_free(SgCells *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgCells, sg_cells_free)
extern const SgXmlReader sg_cells_reader;	/* data is an SgCells */

/* ooxml_xlsb.c: any binary part of a workbook.  FALSE: it is none; nothing was read. */
gboolean sg_xlsb_read(SgBook *b, const guint8 *p, gsize n);

#endif
