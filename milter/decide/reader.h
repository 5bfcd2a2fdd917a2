/*
 * reader - what the files that read policy.conf and people.csv share.
 *
 * All problems are collected, none stops the reading, and none names a person of
 * people.csv, for they are logged.  A policy with one error is thrown away by
 * sg_policy_load(), the only owner of the policy in the making.
 */
#ifndef SG_DECIDE_READER_H
#define SG_DECIDE_READER_H

#include <libconfig.h>

#include "decide/inner.h"

typedef struct SgDisclaimer {	/* NULL lists ask nothing */
	char	*id;
	char   **from, **to;	/* classes				*/
	char   **domains;	/* of the sender			*/
	guint	 routes;	/* bits 1 << SgRoute			*/
	gint64	 since, until;	/* [since, until)			*/
	gboolean split, shadow;
	char	*place, *repeat;
	char	*source;	/* the text, decide/markup.h		*/
	char   **past;		/* older texts				*/
	char   **values;	/* name, value, name, value, ...	*/
} SgDisclaimer;

typedef struct SgPolicyReader {
	SgPolicy   *policy;
	const char *file;
	GPtrArray  *problems;
	guint	    errors;	/* warnings do not count */
} SgPolicyReader;

/* "file:line: ..."; at NULL is line 1.  Every text ends with a remedy after ";". */
void	 sg_policy_error(SgPolicyReader *r, const config_setting_t *at, const char *format, ...)
		G_GNUC_PRINTF(3, 4);
void	 sg_policy_warn(SgPolicyReader *r, const config_setting_t *at, const char *format, ...)
		G_GNUC_PRINTF(3, 4);

/* read.c: a whole file into r->policy. */
void	 sg_policy_read(SgPolicyReader *r);
/* A list of texts; NULL (and an error noted) when it is none or empty. */
char   **sg_policy_read_words(SgPolicyReader *r, const config_setting_t *s, const char *key);
gboolean sg_policy_has_class(const SgPolicy *p, const char *name);
gboolean sg_policy_has_category(const SgPolicy *p, const char *name);
void	 sg_class_free(gpointer klass);

/* rowread.c: NULL when an error was noted. */
SgRow	*sg_row_parse(SgPolicyReader *r, const config_setting_t *s);
void	 sg_row_free(gpointer row);

/* disclaimread.c: one group of "disclaimers" */
void	 sg_disclaimer_read(SgPolicyReader *r, const config_setting_t *s);
void	 sg_disclaimer_free(gpointer disclaimer);
/* disclaimer.c: may {name} stand in the row's text? */
gboolean   sg_disclaimer_knows(const SgDisclaimer *row, const char *name);
/* read.c: shared by the sections */
char	*sg_policy_read_word(SgPolicyReader *r, const config_setting_t *s, const char *key);
gboolean sg_policy_read_date(const char *text, gint64 *day);	/* 2026-07-31, midnight here */

/* people.c */
gboolean    sg_people_read(SgPolicyReader *r, const char *file);

#endif
