#include <stdio.h>
#include <string.h>

#include "ctl/help.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

#define WIDTH	   79u
#define MDOC_WIDTH 74u

static const char codes[] =
    "Exit codes: 0 done; 1 done, and the answer is no; 2 usage or configuration;\n"
    "3 not found; 4 refused; 5 a service is not there; 6 partly done; 130 interrupted.\n";

static void
print_name(const SgCommand *c)
{
	printf("%s%s%s", c->noun, c->verb != NULL ? " " : "", c->verb != NULL ? c->verb : "");
}

static void
print_usage(const SgCommand *c)
{
	printf("schoolgatectl [global options] ");
	print_name(c);
	printf("%s%s%s\n", c->options[0] != '\0' ? " [options]" : "", c->args[0] != '\0' ? " " : "",
	    c->args);
}

static void
print_beside(const char *label, guint column, const char *text)
{
	printf("%-*s", (int)column, label);
	sg_out_wrapped(column, WIDTH, text);
}

static void
print_line(const SgCommand *c)
{
	g_autofree char *name = g_strdup_printf("  %s%s%s", c->noun, c->verb != NULL ? " " : "",
	    c->verb != NULL ? c->verb : "");

	print_beside(name, 22, c->help);
}

static void
print_options(const SgCommand *c, gboolean global)
{
	gsize n;
	const SgCliOption *o = sg_cli_options(&n);

	for (gsize i = 0; i < n; i++) {
		g_autofree char *name = NULL, *label = NULL;

		if (o[i].global != global || (c != NULL && !sg_command_takes(c, &o[i])))
			continue;
		name = g_strdup_printf("--%s%s%s", o[i].name, o[i].arg != NULL ? "=" : "",
		    o[i].arg != NULL ? o[i].arg : "");
		label = o[i].letter != 0 ? g_strdup_printf("  -%c, %s", o[i].letter, name)
					 : g_strdup_printf("      %s", name);
		print_beside(label, 25, o[i].help);
	}
}

void
sg_help_all(void)
{
	gsize n;
	const SgCommand *c = sg_commands(&n);

	printf("schoolgatectl: looks after Schoolgate from the command line.\n\n"
	    "  schoolgatectl [global options] NOUN [VERB] [options] [arguments]\n\nCommands\n");
	for (gsize i = 0; i < n; i++)
		if (!sg_command_hidden(&c[i]))
			print_line(&c[i]);
	printf("\nGlobal options\n");
	print_options(NULL, TRUE);
	printf(
	    "\n%sOne command in detail: schoolgatectl help NOUN VERB.  Manual: schoolgatectl(1).\n",
	    codes);
}

gboolean
sg_help_noun(const char *noun)
{
	gsize n;
	const SgCommand *c = sg_commands(&n);
	gboolean any = FALSE;

	for (gsize i = 0; i < n; i++) {
		if (strcmp(c[i].noun, noun) != 0 || c[i].verb == NULL)
			continue;
		print_line(&c[i]);
		any = TRUE;
	}
	if (any)
		printf("\nOne of them in detail: schoolgatectl help %s VERB\n", noun);
	return any;
}

void
sg_help_command(const SgCommand *c)
{
	print_beside("", 0, c->help);
	printf("\n  ");
	print_usage(c);
	if (c->roles[0] != '\0')
		printf("  For: %s\n", c->roles);
	if (c->options[0] != '\0') {
		printf("\nOptions\n");
		print_options(c, FALSE);
	}
	printf(
	    "\nExample\n  schoolgatectl %s\n\n%sSee also: schoolgatectl help, schoolgatectl(1)\n",
	    c->example, codes);
}

SgExit
sg_c_help(SgCtl *c)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	g_autofree char *why = NULL;
	char *const *walk;
	const SgCommand *found;

	if (c->args->len == 0) {
		sg_help_all();
		return SG_EXIT_OK;
	}
	for (guint i = 0; i < c->args->len; i++)
		g_ptr_array_add(words, g_ptr_array_index(c->args, i));
	g_ptr_array_add(words, NULL);
	if (c->args->len == 1 && sg_help_noun(sg_ctl_arg(c, 0)))
		return SG_EXIT_OK;
	walk = (char *const *)words->pdata;
	found = sg_command_find(&walk, c->terminal, &why);
	if (found == NULL)
		return sg_ctl_fail(c, SG_EXIT_USAGE, why, NULL, "See: schoolgatectl help");
	sg_help_command(found);
	return SG_EXIT_OK;
}

/* --- the manual ------------------------------------------------------------ */

static void
mdoc_word(const char *word, gboolean first)
{
	if (first && (*word == '.' || *word == '\''))
		printf("\\&");
	for (; *word != '\0'; word++)
		if (*word == '"')
			printf("\\(dq");
		else
			putchar(*word);
}

/* Prose as mdoc(7) wants it: each sentence on a line of its own, no line too long, none that
 * begins with a dot by accident. */
static void
mdoc_text(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	gsize at = 0;

	for (char **w = words; *w != NULL; w++) {
		gsize n = strlen(*w);

		if (n == 0)
			continue;
		if (at > 0 && at + n > MDOC_WIDTH) {
			putchar('\n');
			at = 0;
		}
		if (at > 0)
			putchar(' ');
		mdoc_word(*w, at == 0);
		at += n + 1;
		if (strchr(".:?!", (*w)[n - 1]) != NULL && w[1] != NULL) {
			putchar('\n');
			at = 0;
		}
	}
	putchar('\n');
}

/* The settings come from base as mdoc(7); their prose is folded here. */
static void
mdoc_settings(void)
{
	g_autofree char *all = sg_options_mdoc();
	g_auto(GStrv) lines = g_strsplit(all, "\n", -1);

	for (char **l = lines; *l != NULL; l++)
		if (**l == '.')
			printf("%s\n", *l);
		else if (**l != '\0')
			mdoc_text(*l);
}

static void
mdoc_options(const SgCommand *c)
{
	gsize n;
	const SgCliOption *o = sg_cli_options(&n);

	for (gsize i = 0; i < n; i++) {
		if (c == NULL ? !o[i].global : o[i].global || !sg_command_takes(c, &o[i]))
			continue;
		printf(".It ");
		if (o[i].letter != 0)
			printf("Fl %c , ", o[i].letter);
		printf("Fl \\-%s", o[i].name);
		if (o[i].arg != NULL)
			printf(" Ns = Ns Ar %s", o[i].arg);
		putchar('\n');
		mdoc_text(o[i].help);
	}
}

/* "[NOUN [VERB]]" */
static void
mdoc_optional(const char *args)
{
	g_auto(GStrv) words = g_strsplit_set(args, "[] ", -1);

	putchar('.');
	for (char **w = words; *w != NULL; w++)
		if (**w != '\0')
			printf("%sOp Ar %s", w > words + 1 ? " " : "", *w);
	putchar('\n');
}

static void
mdoc_synopsis(void)
{
	gsize n;
	const SgCommand *c = sg_commands(&n);

	for (gsize i = 0; i < n; i++) {
		if (sg_command_hidden(&c[i]))
			continue;
		printf(".Nm\n.Op Ar global options\n.Cm %s", c[i].noun);
		if (c[i].verb != NULL)
			printf(" %s", c[i].verb);
		putchar('\n');
		if (c[i].options[0] != '\0')
			printf(".Op Ar options\n");
		if (c[i].args[0] == '[')
			mdoc_optional(c[i].args);
		else if (c[i].args[0] != '\0')
			printf(".Ar %s\n", c[i].args);
	}
}

static void
mdoc_commands(void)
{
	gsize n;
	const SgCommand *c = sg_commands(&n);

	for (gsize i = 0; i < n; i++) {
		if (sg_command_hidden(&c[i]))
			continue;
		printf(".It Cm %s", c[i].noun);
		if (c[i].verb != NULL)
			printf(" %s", c[i].verb);
		putchar('\n');
		mdoc_text(c[i].help);
		if (c[i].roles[0] != '\0')
			printf("For: %s.\n", c[i].roles);
		if (c[i].options[0] != '\0') {
			printf(".Bl -tag -width Ds\n");
			mdoc_options(&c[i]);
			printf(".El\n");
		}
		printf(".Pp\n.Dl schoolgatectl ");
		mdoc_text(c[i].example);
	}
}

SgExit
sg_c_mdoc(SgCtl *c)
{
	const char *page = sg_ctl_arg(c, 0);

	if (strcmp(page, "synopsis") == 0)
		mdoc_synopsis();
	else if (strcmp(page, "commands") == 0)
		mdoc_commands();
	else if (strcmp(page, "options") == 0)
		mdoc_options(NULL);
	else if (strcmp(page, "settings") == 0)
		mdoc_settings();
	else
		return sg_ctl_fail(c, SG_EXIT_USAGE, "there is no such page", page,
		    "Choose synopsis, commands, options or settings.");
	return SG_EXIT_OK;
}
