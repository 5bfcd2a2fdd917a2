/*
 * import - a word list of another system becomes a rule file of the school's own.
 *
 *   import_read.c    columns and what their words mean: SgImported rows
 *   import_check.c   what a person should know about a phrase before it holds mail
 *   import_write.c   the rule file, with an example for every rule
 *   c_rules_import.c the command
 *
 * Nothing is dropped silently: every phrase is in the file, or there is a line about it.
 */
#ifndef SG_CTL_IMPORT_H
#define SG_CTL_IMPORT_H

#include "ctl/c_rules.h"

typedef enum { SG_IMPORT_WORD, SG_IMPORT_BEGINNING, SG_IMPORT_LEFT_OUT } SgImportMatch;
typedef enum { SG_IMPORT_ALONE, SG_IMPORT_SAMETYPE, SG_IMPORT_ANYTYPE } SgImportWith;

typedef struct SgImported {
	guint	      line;
	char	     *phrase;	/* without stars */
	char	     *category;	/* one of ours */
	char	     *note;	/* "" for none */
	guint	      severity;
	gboolean      partial;	/* anywhere in a word, as the list says */
	SgImportMatch match;	/* as it is taken */
	SgImportWith  with;
	gboolean      noted;	/* log only: harmless more often than not */
} SgImported;

typedef struct SgImport {
	SgCtl	  *ctl;
	const char *file;
	GPtrArray *rows;	/* SgImported */
	guint	   warnings;
} SgImport;

void	 sg_import_clear(SgImport *im);
/* "file:line: warning: ..." on stderr. */
void	 sg_import_warn(SgImport *im, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Fills im->rows.  fallback: the category of rows that name none, or NULL. */
gboolean sg_import_read(SgImport *im, const char *fallback, GError **error);
/* Warns, and decides match and noted of each row.  shipped and dirs: the rules there are, and
 * where their word lists lie. */
gboolean sg_import_check(SgImport *im, SgRuleset *shipped, char *const *dirs, GError **error);
/* The text of a rule file of one category; topic: of the ids.  Caller frees. */
char	*sg_import_rules(const SgImport *im, const char *category, const char *topic);
/* The categories of the rows, each once, in order; free the array only. */
GPtrArray *sg_import_categories(const SgImport *im);

#endif
