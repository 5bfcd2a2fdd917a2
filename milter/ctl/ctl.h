/*
 * ctl - schoolgatectl: one command line, made from one table.
 *
 * A verb is a function of a SgCtl and gives an exit code (cli.md 3).  It asks
 * the console over its Unix socket (ask.h) or works on files; it never opens
 * the store.  stdout carries data (out.h), stderr the rest.
 *
 * To add a verb: c_<noun>.c with one function, one row in commands.c.
 */
#ifndef SG_CTL_CTL_H
#define SG_CTL_CTL_H

#include "base/options.h"

typedef enum {
	SG_EXIT_OK = 0,
	SG_EXIT_NO = 1,		/* done, and the answer is no    */
	SG_EXIT_USAGE = 2,	/* or configuration              */
	SG_EXIT_NONE = 3,	/* no such message, rule, person */
	SG_EXIT_REFUSED = 4,	/* role, sealed, changed by someone else meanwhile */
	SG_EXIT_AWAY = 5,	/* a service is not there, or too slow */
	SG_EXIT_PARTLY = 6,	/* every failure is on stderr    */
	SG_EXIT_INTERRUPTED = 130,
} SgExit;

typedef struct SgCommand SgCommand;

typedef struct SgCtl {
	const SgCommand *command;
	GHashTable	*values;	/* option name -> GPtrArray of char * */
	GPtrArray	*args;		/* char *                  */
	SgOptions	*options;	/* once asked for          */
	const char	*self;		/* argv[0]                 */
	gboolean	 terminal;	/* stdin is one: prefixes and prompts are allowed */
	gboolean	 table;		/* stdout is one: tables fit its width */
	guint		 width;
	gboolean	 colour;
	gboolean       (*interrupted)(void);
} SgCtl;

typedef SgExit (*SgRun)(SgCtl *c);

SgCtl	   *sg_ctl_new(const char *self);
void	    sg_ctl_free(SgCtl *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgCtl, sg_ctl_free)

/* Options as given: flag set?; last value or NULL; all values, NULL-terminated or NULL. */
gboolean    sg_ctl_has(const SgCtl *c, const char *option);
const char *sg_ctl_value(const SgCtl *c, const char *option);
const char *const *sg_ctl_values(const SgCtl *c, const char *option);
const char *sg_ctl_arg(const SgCtl *c, guint i);	/* NULL when there is none */
void	    sg_ctl_set(SgCtl *c, const char *option, const char *value);

/* Three parts (cli.md 3): "schoolgatectl: what: why\n  todo"; why, todo may be NULL.
 * Gives code back, so that verbs can return it. */
SgExit sg_ctl_fail(
    const SgCtl *c, SgExit code, const char *what, const char *why, const char *todo);
SgExit	    sg_ctl_fail_error(const SgCtl *c, const char *what, const GError *error);
/* A sentence for people on stderr; not with -q. */
void	    sg_ctl_say(const SgCtl *c, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* schoolgate.conf, read once; on failure every problem is printed and NULL given. */
SgOptions  *sg_ctl_options(SgCtl *c);
const char *sg_ctl_config_file(const SgCtl *c);
/* "2h", "3d", "today", "2026-03-04", RFC 3339 as seconds; FALSE when it is none of these. */
gboolean    sg_ctl_since(const char *text, gint64 now, gint64 *out);
/* All of stdin up to max bytes; NULL with SG_ERR_LIMIT or SG_ERR_INPUT (not UTF-8). */
char	   *sg_ctl_stdin(gsize max, GError **error);

#endif
