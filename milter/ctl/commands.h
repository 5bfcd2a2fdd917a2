/*
 * commands - the table from which everything about the command line is made:
 * parsing, help, usage, suggestions, completion and the SYNOPSIS of the manual.
 *
 * To add a verb: one row in commands.c (help and example are required, a test
 * looks), one prototype in verbs.h.  To add an option: one row in options[].
 */
#ifndef SG_CTL_COMMANDS_H
#define SG_CTL_COMMANDS_H

#include "ctl/ctl.h"

struct SgCommand {
	const char *noun;
	const char *verb;	/* NULL: the noun is all */
	const char *args;	/* as shown: "ID...", "" */
	guint	    min, max;	/* how many arguments    */
	const char *options;	/* names, blank-separated */
	const char *roles;	/* who may; "" = anybody */
	const char *help;	/* one line              */
	const char *example;	/* one line, without "schoolgatectl" */
	SgRun	    run;
};

typedef struct SgCliOption {
	const char *name;
	char	    letter;	/* 0 = none          */
	const char *arg;	/* NULL = a switch   */
	gboolean    global;	/* every command has it */
	const char *help;
} SgCliOption;

#define SG_ANY G_MAXUINT

/* All rows, in order; n may be NULL.  Nouns that begin with "_" are for scripts. */
const SgCommand *sg_commands(gsize *n);
const SgCliOption	*sg_cli_options(gsize *n);
const SgCliOption	*sg_cli_option(const char *name);
/* Does this command take this option (its own, or one that all take)? */
gboolean	 sg_command_takes(const SgCommand *c, const SgCliOption *o);
gboolean	 sg_command_hidden(const SgCommand *c);

/* What the words mean.  NULL when nothing or several fit: *why is then a sentence, with
 * the nearest word when there is one.  words is advanced past what was used. */
const SgCommand *sg_command_find(char *const **words, gboolean prefixes, char **why);

#endif
