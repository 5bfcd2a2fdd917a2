#include <stdio.h>
#include <string.h>

#include "ctl/help.h"
#include "ctl/verbs.h"

#define WIDTH 79u

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
	printf("%s%s%s\n", c->options[0] != '\0' ? " [options]" : "", c->args[0] != '\0' ? " " : "", c->args);
}

/* A label, then its text wrapped beside it. */
static void
print_beside(const char *label, guint column, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint at = column;

	printf("%-*s", (int)column, label);
	for (char **w = words; *w != NULL; w++) {
		guint n = (guint)g_utf8_strlen(*w, -1);

		if (at + n > WIDTH && at > column) {
			printf("\n%*s", (int)column, "");
			at = column;
		}
		printf("%s%s", at > column ? " " : "", *w);
		at += n + 1;
	}
	putchar('\n');
}

static void
print_line(const SgCommand *c)
{
	g_autofree char *name = g_strdup_printf("  %s%s%s", c->noun, c->verb != NULL ? " " : "",
	    c->verb != NULL ? c->verb : "");

	print_beside(name, 18, c->help);
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
		name = g_strdup_printf("--%s%s%s", o[i].name, o[i].arg != NULL ? "=" : "", o[i].arg != NULL ? o[i].arg : "");
		label = o[i].letter != 0 ? g_strdup_printf("  -%c, %s", o[i].letter, name) : g_strdup_printf("      %s", name);
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
	printf("\n%sOne command in detail: schoolgatectl help NOUN VERB.  Manual: schoolgatectl(1).\n", codes);
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
	printf("\nExample\n  schoolgatectl %s\n\n%sSee also: schoolgatectl help, schoolgatectl(1)\n", c->example, codes);
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

/* Text as mdoc(7) text: no line may begin with a dot, backslashes are doubled, and words
 * that are macros do no harm because they never stand on a macro line. */
static void
mdoc_text(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\\')
			printf("\\e");
		else if (*p == '"')
			printf("\\(dq");
		else if (*p == '-')
			printf("\\-");
		else
			putchar(*p);
		if (*p == '.' && p[1] == ' ') {	/* a sentence a line */
			putchar('\n');
			p++;
		} else if (*p == ';' && p[1] == ' ' && p - text > 60) {
			putchar('\n');
			p++;
		}
	}
	putchar('\n');
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
			printf(".Op Ar %.*s\n", (int)strcspn(c[i].args + 1, "[]"), c[i].args + 1);
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
	g_autofree char *settings = NULL;

	if (strcmp(page, "synopsis") == 0)
		mdoc_synopsis();
	else if (strcmp(page, "commands") == 0)
		mdoc_commands();
	else if (strcmp(page, "options") == 0)
		mdoc_options(NULL);
	else if (strcmp(page, "settings") == 0) {
		settings = sg_options_mdoc();
		printf("%s", settings);
	} else
		return sg_ctl_fail(c, SG_EXIT_USAGE, "there is no such page", page,
		    "Choose synopsis, commands, options or settings.");
	return SG_EXIT_OK;
}
