#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "ctl/ask.h"
#include "ctl/commands.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

#define PATIENCE_MS 1000L

static const struct {
	const char *shell, *script;
} shells[] = {
	{ "bash",
	    "_schoolgatectl() {\n"
	    "\tlocal IFS=$'\\n' words=(\"${COMP_WORDS[@]:1:COMP_CWORD}\")\n"
	    "\tCOMPREPLY=($(schoolgatectl __complete \"${words[@]}\" 2>/dev/null))\n"
	    "}\n"
	    "complete -o default -F _schoolgatectl schoolgatectl\n" },
	{ "zsh",
	    "#compdef schoolgatectl\n"
	    "_schoolgatectl() {\n"
	    "\tlocal -a found\n"
	    "\tfound=(${(f)\"$(schoolgatectl __complete ${words[2,CURRENT]} 2>/dev/null)\"})\n"
	    "\tcompadd -a found\n"
	    "}\n"
	    "if [ \"$funcstack[1]\" = _schoolgatectl ]; then\n"
	    "\t_schoolgatectl\nelse\n\tcompdef _schoolgatectl schoolgatectl\nfi\n" },
	{ "fish",
	    "function __schoolgatectl_complete\n"
	    "\tset -l words (commandline -opc) (commandline -ct)\n"
	    "\tschoolgatectl __complete $words[2..-1] 2>/dev/null\n"
	    "end\n"
	    "complete -c schoolgatectl -a '(__schoolgatectl_complete)'\n" },
};

SgExit
sg_c_completion(SgCtl *c)
{
	for (gsize i = 0; i < G_N_ELEMENTS(shells); i++)
		if (strcmp(shells[i].shell, sg_ctl_arg(c, 0)) == 0) {
			printf("%s", shells[i].script);
			return SG_EXIT_OK;
		}
	return sg_ctl_fail(c, SG_EXIT_USAGE, "there is no completion for this shell",
	    sg_ctl_arg(c, 0), "Choose bash, zsh or fish.");
}

static void
offer(const char *word, const char *start)
{
	if (g_str_has_prefix(word, start))
		printf("%s\n", word);
}

static void
offer_words(const char *noun, const char *start)
{
	gsize n;
	const SgCommand *all = sg_commands(&n);
	const char *last = "";

	for (gsize i = 0; i < n; i++) {
		const char *w = noun == NULL                     ? all[i].noun
				: strcmp(all[i].noun, noun) == 0 ? all[i].verb
								 : NULL;

		if (w == NULL || sg_command_hidden(&all[i]) || strcmp(w, last) == 0)
			continue;
		offer(w, start);
		last = w;
	}
}

static void
offer_options(const SgCommand *command, const char *start)
{
	gsize n;
	const SgCliOption *o = sg_cli_options(&n);

	for (gsize i = 0; i < n; i++) {
		g_autofree char *name =
		    g_strdup_printf("--%s%s", o[i].name, o[i].arg != NULL ? "=" : "");

		if (command != NULL ? sg_command_takes(command, &o[i]) : o[i].global)
			offer(name, start);
	}
}

/* References of what waits for this user; no console, no offers. */
static void
offer_waiting(SgCtl *c, const char *start)
{
	g_auto(SgAnswer) a = { 0, NULL };
	const json_t *rows;

	if (sg_ask_quietly(c, "/queue?limit=100", NULL, PATIENCE_MS, &a, NULL) != SG_EXIT_OK)
		return;
	rows = json_object_get(a.body, "rows");
	for (gsize i = 0; i < json_array_size(rows); i++)
		offer(sg_json_str(json_array_get(rows, i), "id"), start);
}

/* Ids as they stand in the rule files: loading the rules would take longer than a key. */
static void
offer_rules_of(const char *dir, const char *start)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	g_autoptr(GRegex) id = g_regex_new("\\bid *= *\"([a-z0-9.-]+)\"", 0, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL), *text = NULL;
		g_autoptr(GMatchInfo) m = NULL;

		if (!g_str_has_suffix(name, ".conf") || !g_file_get_contents(path, &text, NULL, NULL) ||
		    !g_utf8_validate(text, -1, NULL))
			continue;
		for ((void)g_regex_match(id, text, 0, &m); g_match_info_matches(m);
		     (void)g_match_info_next(m, NULL)) {
			g_autofree char *word = g_match_info_fetch(m, 1);

			offer(word, start);
		}
	}
}

static void
offer_rules(SgCtl *c, const char *start)
{
	const SgOptions *o = sg_ctl_options(c);

	for (char **dir = o != NULL ? o->files.rules : NULL; dir != NULL && *dir != NULL; dir++)
		offer_rules_of(*dir, start);
}

static void
offer_list(const char *const *words, const char *start)
{
	for (; *words != NULL; words++)
		offer(*words, start);
}

static void
offer_value(const char *option, const char *start)
{
	static const char *const urgencies[] = { "urgent", "high", "medium", "low", NULL };
	static const char *const overs[] = { "absent", "urgent", "asked", "conflict", NULL };
	static const char *const purposes[] = { "welfare", "complaint", "delivery", "request",
	    NULL };
	static const char *const reasons[] = { "bullying", "threat", "hate", "sexual",
	    "sexual-imagery", "grooming", "extremism", "self-harm", "eating-disorder", "disclosure",
	    "drugs", "weapons", "profanity", "chain-letter", "personal-data", "secrets", "malware",
	    "file", NULL };
	static const char *const colours[] = { "auto", "always", "never", NULL };

	static const char *const places[] = { "subject", "body", "quoted", "forwarded", "signature",
	    "attachment", "name", "header", NULL };

	if (strcmp(option, "--where") == 0)
		offer_list(places, start);
	else if (strcmp(option, "--urgency") == 0)
		offer_list(urgencies, start);
	else if (strcmp(option, "--over") == 0)
		offer_list(overs, start);
	else if (strcmp(option, "--purpose") == 0)
		offer_list(purposes, start);
	else if (strcmp(option, "--reason") == 0 || strcmp(option, "--category") == 0)
		offer_list(reasons, start);
	else if (strcmp(option, "--color") == 0)
		offer_list(colours, start);
}

/* The noun and verb among the words before the last: global options are stepped over. */
static const char *
word_number(const SgCtl *c, guint which)
{
	for (guint i = 0; i + 1 < c->args->len; i++) {
		const char *w = sg_ctl_arg(c, i);

		if (w[0] == '-')
			continue;
		if (which-- == 0)
			return w;
	}
	return NULL;
}

static const SgCommand *
command_of(const char *noun, const char *verb)
{
	gsize n;
	const SgCommand *all = sg_commands(&n);

	for (gsize i = 0; noun != NULL && i < n; i++)
		if (strcmp(all[i].noun, noun) == 0 &&
		    (all[i].verb == NULL || g_strcmp0(all[i].verb, verb) == 0))
			return &all[i];
	return NULL;
}

SgExit
sg_c_complete(SgCtl *c)
{
	const char *noun = word_number(c, 0), *verb = word_number(c, 1);
	const char *last = c->args->len > 0 ? sg_ctl_arg(c, c->args->len - 1) : "";
	const char *before = c->args->len > 1 ? sg_ctl_arg(c, c->args->len - 2) : "";
	const SgCommand *command = command_of(noun, verb);
	const char *eq = strchr(last, '=');
	g_autofree char *option = eq != NULL ? g_strndup(last, (gsize)(eq - last)) : NULL;

	if (option != NULL)
		offer_value(option, eq + 1);
	else if (g_str_has_prefix(last, "-"))
		offer_options(command, last);
	else if (noun == NULL)
		offer_words(NULL, last);
	else if (command == NULL)
		offer_words(noun, last);
	else if (g_str_has_prefix(before, "--"))
		offer_value(before, last);
	else if (strcmp(command->noun, "completion") == 0)
		offer_list((const char *const[]){ "bash", "zsh", "fish", NULL }, last);
	else if (strcmp(command->noun, "rules") == 0 && g_str_has_prefix(command->args, "ID"))
		offer_rules(c, last);
	else if (g_str_has_prefix(command->args, "ID"))
		offer_waiting(c, last);
	return SG_EXIT_OK;
}
