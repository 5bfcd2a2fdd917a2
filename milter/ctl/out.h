/*
 * out - what goes to stdout: tables, JSON lines, facts.
 *
 * A list is a json array of objects; a column is a path into them.  On a
 * terminal the table fits its width: columns with shrink are shortened, the
 * highest first.  In a pipe the same columns are separated by tabs and never
 * shortened.  With --json each object is one line with "schema":1.  Every cell
 * passes sg_ui_text(): nothing from mail can drive the terminal.
 */
#ifndef SG_CTL_OUT_H
#define SG_CTL_OUT_H

#include <jansson.h>

#include "ctl/ctl.h"

typedef enum { SG_COL_TEXT, SG_COL_NUMBER, SG_COL_TIME } SgColumnKind;

typedef struct SgColumn {
	const char  *title;	/* "LOOK BY"; --columns takes it as look-by */
	const char  *path;	/* "from.group"                             */
	SgColumnKind kind;
	guint	     shrink;	/* 0 never; 9 first                         */
} SgColumn;

/* Prints rows (an array) as the options ask.  FALSE when --columns names one that is not
 * there: said so, leave with SG_EXIT_USAGE. */
gboolean sg_out_rows(const SgCtl *c, const json_t *rows, const SgColumn *columns, gsize n);
/* One object, as one JSON line. */
void	 sg_out_json(const json_t *object);
/* "Label      value" lines; nothing when value is NULL or "". */
void	 sg_out_fact(const SgCtl *c, const char *label, const char *value);
void	 sg_out_heading(const SgCtl *c, const char *text);
/* Our own words from this column on, where the cursor is, in lines up to width, to a line's end. */
void	 sg_out_wrapped(guint column, guint width, const char *text);
/* Text from mail, several lines, each indented. */
void	 sg_out_text(const SgCtl *c, const char *text, const char *indent);

/* "2026-03-04T10:40:00Z" as "10:40", "Wed 4 Mar, 10:40", or in full with --utc or in a pipe;
 * "" for NULL. */
char	*sg_out_time(const SgCtl *c, const char *rfc3339);
/* The string at a path, "" when there is none; numbers and truth values as text.  Caller frees. */
char	*sg_json_at(const json_t *object, const char *path);
const char *sg_json_str(const json_t *object, const char *key);	/* "" when missing */

#endif
