#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ctl/parse.h"

#define OPT_FIRST 256	/* getopt values of options: row number above this */

static void
build(const SgCommand *command, GArray *longs, GString *shorts)
{
	gsize n;
	const SgCliOption *o = sg_cli_options(&n);
	const struct option end = { NULL, 0, NULL, 0 };

	for (gsize i = 0; i < n; i++) {
		struct option l = { o[i].name, o[i].arg != NULL ? required_argument : no_argument,
		    NULL, OPT_FIRST + (int)i };

		if (command == NULL ? !o[i].global : !sg_command_takes(command, &o[i]))
			continue;
		g_array_append_val(longs, l);
		if (o[i].letter != 0)
			g_string_append_printf(
			    shorts, "%c%s", o[i].letter, o[i].arg != NULL ? ":" : "");
	}
	g_array_append_val(longs, end);
}

static const SgCliOption *
by_value(int value)
{
	gsize n;
	const SgCliOption *o = sg_cli_options(&n);

	if (value >= OPT_FIRST)
		return &o[value - OPT_FIRST];
	for (gsize i = 0; i < n; i++)
		if (o[i].letter == value)
			return &o[i];
	return NULL;
}

static char *
see_help(const SgCommand *command)
{
	return g_strdup_printf("See: schoolgatectl %s%s%s%s-h",
	    command != NULL ? command->noun : "", command != NULL ? " " : "",
	    command != NULL && command->verb != NULL ? command->verb : "",
	    command != NULL && command->verb != NULL ? " " : "");
}

static SgExit
bad_option(const SgCtl *c, const SgCommand *command, int how, const char *word)
{
	g_autofree char *what = g_strdup_printf("option %s", word);
	g_autofree char *see = see_help(command);

	return sg_ctl_fail(c, SG_EXIT_USAGE, what, how == ':' ? "it needs a value" :
	    command != NULL ? "this command does not have it, or it takes no value" :
	    "it is not an option of all commands; options of one command come after it", see);
}

/* What getopt complained about, as the person typed it. */
static const char *
culprit(char **argv, char *letter)
{
	if (optopt > 0 && optopt < OPT_FIRST) {
		letter[1] = (char)optopt;
		return letter;
	}
	return argv[optind - 1];
}

/* FALSE: said why, *code is set. */
static gboolean
read_options(SgCtl *c, const SgCommand *command, int argc, char **argv, SgExit *code)
{
	g_autoptr(GArray) longs = g_array_new(FALSE, FALSE, sizeof(struct option));
	/* "+": stop at the noun; "-": arguments come in their order, as value 1 */
	g_autoptr(GString) shorts = g_string_new(command == NULL ? "+:" : "-:");
	int v;

	build(command, longs, shorts);
	optind = 0;
	opterr = 0;
	while ((v = getopt_long(argc, argv, shorts->str, (const struct option *)(void *)longs->data,
		    NULL)) != -1) {
		const SgCliOption *o = v != 1 ? by_value(v) : NULL;
		char letter[3] = "-?";

		if (v == 1) {
			g_ptr_array_add(c->args, g_strdup(optarg));
			continue;
		}
		if (o == NULL || v == '?' || v == ':') {
			*code = bad_option(c, command, v, culprit(argv, letter));
			return FALSE;
		}
		sg_ctl_set(c, o->name, optarg);
	}
	return TRUE;
}

static gboolean
check_count(SgCtl *c, const SgCommand *command, SgExit *code)
{
	g_autofree char *see = see_help(command);
	guint n = c->args->len;

	if (sg_ctl_has(c, "help"))
		return TRUE;
	if (n < command->min)
		*code = sg_ctl_fail(c, SG_EXIT_USAGE, "something is missing", command->args, see);
	else if (n > command->max)
		*code = sg_ctl_fail(c, SG_EXIT_USAGE, "there is one word too many",
		    g_ptr_array_index(c->args, command->max), see);
	else
		return TRUE;
	return FALSE;
}

static gboolean
check_values(SgCtl *c, SgExit *code)
{
	const char *when = sg_ctl_value(c, "color"), *seconds = sg_ctl_value(c, "timeout");
	guint64 n;

	if (when != NULL && strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 &&
	    strcmp(when, "never") != 0) {
		*code = sg_ctl_fail(
		    c, SG_EXIT_USAGE, "option --color", when, "Write auto, always or never.");
		return FALSE;
	}
	if (seconds != NULL && !g_ascii_string_to_unsigned(seconds, 10, 1, 3600, &n, NULL)) {
		*code = sg_ctl_fail(
		    c, SG_EXIT_USAGE, "option --timeout", seconds, "Write seconds, 1 to 3600.");
		return FALSE;
	}
	c->colour = when != NULL && strcmp(when, "always") == 0;
	if (when == NULL || strcmp(when, "auto") == 0)
		c->colour = c->table && g_getenv("NO_COLOR") == NULL &&
			    g_strcmp0(g_getenv("TERM"), "dumb") != 0;
	return TRUE;
}

gboolean
sg_parse(SgCtl *c, int argc, char **argv, SgExit *code)
{
	g_autofree char *why = NULL;
	char *const *words;
	int used;

	if (!read_options(c, NULL, argc, argv, code) || !check_values(c, code))
		return FALSE;
	words = argv + optind;
	if (sg_ctl_has(c, "help") || sg_ctl_has(c, "version"))
		return TRUE;
	if (*words == NULL) {
		*code = sg_ctl_fail(
		    c, SG_EXIT_USAGE, "no command was given", NULL, "See: schoolgatectl help");
		return FALSE;
	}
	c->command = sg_command_find(&words, c->terminal && !sg_ctl_has(c, "strict"), &why);
	if (c->command == NULL) {
		/* "held -h" asks for the list of verbs */
		if (*words != NULL &&
		    (strcmp(*words, "-h") == 0 || strcmp(*words, "--help") == 0)) {
			g_ptr_array_add(c->args, g_strdup(words[-1]));
			sg_ctl_set(c, "help", NULL);
			return TRUE;
		}
		*code = sg_ctl_fail(c, SG_EXIT_USAGE, why, NULL, "See: schoolgatectl help");
		return FALSE;
	}
	/* getopt wants a program name before what it reads: the verb stands there */
	used = (int)(words - argv) - 1;
	if (strcmp(c->command->noun, "__complete") == 0) {
		for (; *words != NULL; words++)
			g_ptr_array_add(c->args, g_strdup(*words));
		return TRUE;
	}
	return read_options(c, c->command, argc - used, argv + used, code) &&
	       check_values(c, code) && check_count(c, c->command, code);
}
