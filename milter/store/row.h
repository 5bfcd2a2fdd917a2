/*
 * row - which member of a struct is which column; reads and inserts by that.
 *
 * A new column is one line in a table here, a member, and a section in each
 * engine's schema.
 */
#ifndef SG_STORE_ROW_H
#define SG_STORE_ROW_H

#include "store/db.h"
#include "store/store.h"

typedef enum { SG_COL_TEXT, SG_COL_I64, SG_COL_UINT, SG_COL_U64, SG_COL_BOOL, SG_COL_STATE } SgColumnKind;

typedef struct SgColumn {
	const char  *name;
	gsize	     at;	/* offset of the member */
	SgColumnKind kind;
} SgColumn;

typedef struct SgTable {
	const char     *name;
	const SgColumn *columns;
	guint		n;
} SgTable;

extern const SgTable sg_table_incident, sg_table_copy, sg_table_hit, sg_table_trace;

/* "i.ref, i.created, ..." with prefix "i." */
void	 sg_row_columns(const SgTable *t, const char *prefix, GString *out);
/* Fills out (whose strings are NULL) from t->n values; FALSE: a value that cannot be right. */
gboolean sg_row_read(const SgTable *t, const SgValue *row, gpointer out);
/* Inserts in; more names n_more further columns ("a, b"), whose values come first. */
gboolean sg_row_insert(SgTx *tx, const SgTable *t, gconstpointer in, const char *more,
	    const SgValue *values, guint n_more);

#endif
