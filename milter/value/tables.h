/*
 * tables - where a text is a table, and how many people it tells what of.
 *
 * A table is a text with columns (model/reading.h), or lines of running text that fall
 * into as many cells each: between tabs, bars, semicolons, commas, or aligned by blanks.
 * Its first line is taken for headers when it has some (column.h); what a column is
 * is also seen by its cells, most of which must agree.  People are counted by their
 * different names, or by their numbers when there is no name.
 *
 * The values of the cells are found on the way, each with its column's header for a
 * cue; the text between tables is read as running text.  Linear in time.  Values behind
 * SG_TABLE_COLUMNS are found, but not what their columns are, and that is told (wide);
 * people beyond SG_TABLE_PEOPLE are not counted: no rule asks for so many.
 */
#ifndef SG_VALUE_TABLES_H
#define SG_VALUE_TABLES_H

#include "value/column.h"
#include "value/values.h"

#define SG_TABLE_COLUMNS 16384u	/* the most a spreadsheet has */
#define SG_TABLE_PEOPLE	 5000u

typedef struct SgTable {
	gsize	at, len;	/* with its header */
	guint	columns;	/* SG_COLUMN_ bits of all its columns together */
	guint	contacts;	/* how many of them are ways to reach somebody */
	guint	people;		/* different ones with something in such a column */
	guint64 words;		/* hash of the people, their order does not matter */
} SgTable;

/* Appends to values (SgValue) and tables (SgTable).  table: the whole text is one.
 * FALSE when there was no more room for values.  *wide: a table had more columns than
 * are told apart. */
gboolean sg_tables_find(const char *text, gsize len, gboolean table, guint most, GArray *values,
	GArray *tables, gboolean *wide);

#endif
