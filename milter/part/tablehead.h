/*
 * tablehead - which of the first rows of a table names its columns.
 *
 * Above it may stand titles and groups of columns, and there may be none at all: then
 * no row is taken for it, for a record taken for a header would be a record lost.
 */
#ifndef SG_PART_TABLEHEAD_H
#define SG_PART_TABLEHEAD_H

#include <glib.h>

#define SG_TABLE_HEAD_ROWS 16u	/* that are looked at */

/* rows: GPtrArray of GString or NULL.  Its place, or -1. */
gint sg_table_header(const GPtrArray *rows, guint columns);

#endif
