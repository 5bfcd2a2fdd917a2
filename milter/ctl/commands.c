#include <string.h>

#include "base/nearest.h"
#include "ctl/commands.h"
#include "ctl/verbs.h"

#define REVIEWER "lead deputy head dpo"

static const SgCommand commands[] = {
	{ "status", NULL, "", 0, 0, "", "it lead",
	    "One screen: services, what waits, what is late, the last mail, versions.",
	    "status", sg_c_status },
	{ "doctor", NULL, "", 0, 0, "postfix-dir sendmail-cf", "",
	    "Looks for what is set up wrongly, and says how to put each thing right.",
	    "doctor", sg_c_doctor },
	{ "held", "list", "", 0, 0, "urgency reason late since all people", REVIEWER,
	    "Lists the messages that wait for a decision.",
	    "held list --urgency urgent", sg_c_held_list },
	{ "held", "show", "ID", 1, 1, "people", REVIEWER,
	    "Shows one message: why it was held, with the matched words masked.",
	    "held show 7F3K-9QXD", sg_c_held_show },
	{ "held", "read", "ID", 1, 1, "words text", REVIEWER,
	    "Shows the matched words, or the text; this is written down before it is shown.",
	    "held read 7F3K-9QXD --words", sg_c_held_read },
	{ "held", "take", "ID", 1, 1, "over", REVIEWER,
	    "Takes a message for 20 minutes, so that nobody else works on it.",
	    "held take 7F3K-9QXD", sg_c_held_take },
	{ "held", "pass", "ID ACCOUNT", 2, 2, "message", REVIEWER,
	    "Passes a message to somebody else.",
	    "held pass 7F3K-9QXD patel", sg_c_held_pass },
	{ "held", "release", "ID...", 1, SG_ANY, "message strip advise mistake", REVIEWER,
	    "Releases messages after the undo time; \"-\" reads references from standard input.",
	    "held release 7F3K-9QXD -m \"Consent form, checked with the office\"",
	    sg_c_held_decide },
	{ "held", "return", "ID...", 1, SG_ANY, "message mistake", REVIEWER,
	    "Returns messages to their sender inside the school, with an explanation.",
	    "held return 7F3K-9QXD -m \"Please send the list encrypted\"", sg_c_held_decide },
	{ "held", "withhold", "ID...", 1, SG_ANY, "message mistake", REVIEWER,
	    "Does not deliver messages, and tells nobody.",
	    "held withhold 7F3K-9QXD -m \"A notice could put somebody at risk\"",
	    sg_c_held_decide },
	{ "held", "undo", "ID...", 1, SG_ANY, "", REVIEWER,
	    "Takes a decision back, within the undo time.",
	    "held undo 7F3K-9QXD", sg_c_held_undo },
	{ "held", "seal", "ID", 1, 1, "", REVIEWER,
	    "Seals a message at once: nobody can look at it any more. No reason is asked.",
	    "held seal 7F3K-9QXD", sg_c_held_seal },
	{ "held", "settle", "ID", 1, 1, "again arrived copy message", REVIEWER,
	    "Says how a release with an unclear end is to go on: send it again, or it has arrived.",
	    "held settle 7F3K-9QXD --arrived", sg_c_held_settle },
	{ "trace", NULL, "", 0, 0,
	    "from to id queue-id ref since limit people purpose", "lead deputy head it",
	    "Says what happened to messages, delivered ones too.",
	    "trace --queue-id 4XkP2z1Qw --since today", sg_c_trace },
	{ "scan", NULL, "FILE...", 0, SG_ANY,
	    "from to rules policy domain texts lines unauthenticated", "",
	    "Runs the scanner over mail files; stores nothing, delivers nothing.",
	    "scan --from hale@hillview.example --to a@coach.example trip.eml", sg_c_scan },
	{ "replay", NULL, "MAILBOX...", 1, SG_ANY,
	    "rules compare since limit sample jobs resume out excerpts policy domain unauthenticated", "",
	    "Runs the rules over old mail: mbox files, maildirs, directories of .eml files; "
	    "stores nothing, delivers nothing.",
	    "replay --rules /etc/schoolgate/rules.new --out out.jsonl archive.mbox", sg_c_replay },
	{ "disclaim", NULL, "FILE", 1, 1, "from to rules policy domain unauthenticated", "",
	    "Writes the mail as it would leave, with the texts the policy adds; delivers nothing.",
	    "disclaim --from hale@hillview.example --to a@coach.example trip.eml > out.eml",
	    sg_c_disclaim },
	{ "report", "disclaimers", "", 0, 0, "since", "it lead head governor",
	    "Says how much outgoing mail carried the school's text, and why the rest did not.",
	    "report disclaimers --since 7d", sg_c_report_disclaimers },
	{ "roster", "import", "FILE", 1, 1, "shrink", "",
	    "Replaces the roster by the pupils of a CSV file; keeps keyed hashes, no names.",
	    "roster import pupils.csv", sg_c_roster_import },
	{ "roster", "show", "", 0, 0, "", "",
	    "Says how many pupils the roster has, by what they are known, and how old it is.",
	    "roster show", sg_c_roster_show },
	{ "roster", "check", "", 0, 0, "", "",
	    "Is there a roster, whole and not too old?",
	    "roster check", sg_c_roster_check },
	{ "roster", "remove", "", 0, 0, "", "",
	    "Removes the roster and its key.",
	    "roster remove", sg_c_roster_remove },
	{ "rules", "check", "[DIR...]", 0, SG_ANY, "", "",
	    "Reads rule packs and runs every rule's own examples.",
	    "rules check /usr/share/schoolgate/rules", sg_c_rules_check },
	{ "rules", "list", "[DIR...]", 0, SG_ANY, "by-category reason rules", "",
	    "Lists the rules in use, or those of directories.",
	    "rules list --by-category", sg_c_rules_list },
	{ "rules", "show", "ID", 1, 1, "rules", "",
	    "Shows one rule: what it looks for, where, its examples, and what changed it.",
	    "rules show bully.insult", sg_c_rules_show },
	{ "rules", "test", "[PHRASE...]", 0, SG_ANY, "rules from to where", "",
	    "Says which rules match a phrase, or standard input, and why; and which nearly do.",
	    "rules test --from pupil \"you are such a loser\"", sg_c_rules_test },
	{ "rules", "diff", "DIR [DIR2]", 1, 2, "rules", "",
	    "Says what a directory of your own changes, or how two sets differ; 1 when it protects less.",
	    "rules diff /etc/schoolgate/rules", sg_c_rules_diff },
	{ "rules", "import", "", 0, 0, "csv out category rules", "",
	    "Makes a rule file of a word list, and warns about what would hold harmless mail.",
	    "rules import --csv keywords.csv --out /etc/schoolgate/rules/own.conf", sg_c_rules_import },
	{ "rules", "suggestions", "", 0, 0, "", "lead head it",
	    "Lists what reviewers suggest about rules that held harmless messages.",
	    "rules suggestions", sg_c_rules_suggestions },
	{ "rules", "accept", "N", 1, 1, "", "lead head it",
	    "Accepts a suggestion of somebody else and prints the text for a file of your own rules; changes no rule.",
	    "rules accept 12", sg_c_rules_accept },
	{ "rules", "decline", "N", 1, 1, "", "lead head it",
	    "Declines a suggestion, or takes one's own back.",
	    "rules decline 12", sg_c_rules_decline },
	{ "config", "check", "", 0, 0, "", "",
	    "Reads everything and says what is wrong, with file and line.",
	    "config check", sg_c_config_check },
	{ "config", "show", "", 0, 0, "defaults", "",
	    "Shows every setting as it is, or as it is when nothing is said.",
	    "config show --defaults", sg_c_config_show },
	{ "contact", "list", "", 0, 0, "", "it lead deputy head",
	    "Lists who is told about messages, and whether mail to them is known to arrive.",
	    "contact list", sg_c_contact_list },
	{ "contact", "verify", "CODE", 1, 1, "", "",
	    "Confirms with the code from the mail that a contact was asked with.",
	    "contact verify 7F3K-9QXD-2M4N-8RTV", sg_c_contact_verify },
	{ "user", "list", "", 0, 0, "", "it head lead",
	    "Lists the accounts of the web pages, and what waits for a second person.",
	    "user list", sg_c_user_list },
	{ "user", "show", "ACCOUNT", 1, 1, "", "it head lead",
	    "Shows one account.",
	    "user show okafor", sg_c_user_show },
	{ "user", "add", "ACCOUNT", 1, 1, "role mail person", "it",
	    "Adds an account and prints its first-use link; a role that reads mail needs a second person, but the first.",
	    "user add okafor --role lead --mail dsl@hillview.example --person \"Mrs Okafor\"", sg_c_user_add },
	{ "user", "link", "ACCOUNT", 1, 1, "", "it",
	    "Prints a new first-use link; the one before is no longer good.",
	    "user link okafor", sg_c_user_link },
	{ "user", "reset", "ACCOUNT", 1, 1, "", "it",
	    "Forgets password and codes, and prints a first-use link; for roles that read after approval.",
	    "user reset okafor", sg_c_user_reset },
	{ "user", "role", "ACCOUNT ROLE", 2, 2, "", "it head",
	    "Changes a role; one that reads mail is proposed to a second person.",
	    "user role patel deputy", sg_c_user_role },
	{ "user", "mail", "ACCOUNT ADDRESSES", 2, 2, "", "it",
	    "Changes the person's own addresses, comma-separated; they keep people from mail of their own.",
	    "user mail okafor dsl@hillview.example,okafor@hillview.example", sg_c_user_mail },
	{ "user", "approve", "ACCOUNT", 1, 1, "proposal decline", "lead head",
	    "Approves what another person proposed for an account of somebody else.",
	    "user approve patel", sg_c_user_approve },
	{ "user", "disable", "ACCOUNT", 1, 1, "", "it",
	    "Ends the sessions of an account; nobody signs in with it any more.",
	    "user disable patel --yes", sg_c_user_disable },
	{ "user", "enable", "ACCOUNT", 1, 1, "", "it",
	    "Lets a disabled account in again; for roles that read after approval.",
	    "user enable patel", sg_c_user_enable },
	{ "user", "sessions", "ACCOUNT", 1, 1, "", "it",
	    "Lists where somebody is signed in.",
	    "user sessions okafor", sg_c_user_sessions },
	{ "user", "end", "ACCOUNT [SESSION]", 1, 2, "", "it",
	    "Ends one session of an account, or all.",
	    "user end okafor", sg_c_user_end },
	{ "audit", "verify", "", 0, 0, "", "it lead head governor",
	    "Walks the chain of the audit: is every entry as it was written?",
	    "audit verify", sg_c_audit_verify },
	{ "audit", "list", "[ID]", 0, 1, "since limit", "head governor lead",
	    "Lists who did what.",
	    "audit list --since today", sg_c_audit_list },
	{ "key", "init", "", 0, 0, "dir", "",
	    "Makes the keys that are missing; never replaces one.",
	    "key init", sg_c_key_init },
	{ "key", "list", "", 0, 0, "dir", "",
	    "Lists the keys, who holds which, and whether they are safe from others.",
	    "key list", sg_c_key_list },
	{ "reload", NULL, "", 0, 0, "", "",
	    "Checks the configuration, then tells the running programs to read it again.",
	    "reload", sg_c_reload },
	{ "completion", NULL, "SHELL", 1, 1, "", "",
	    "Prints what bash, zsh or fish needs to complete commands.",
	    "completion bash > /etc/bash_completion.d/schoolgatectl", sg_c_completion },
	{ "help", NULL, "[NOUN [VERB]]", 0, 2, "", "",
	    "Shows help with an example.",
	    "help held release", sg_c_help },
	{ "__complete", NULL, "WORD...", 0, SG_ANY, "", "",
	    "For completion scripts.",
	    "__complete he", sg_c_complete },
	{ "__mdoc", NULL, "PAGE", 1, 1, "", "",
	    "For the manual: synopsis, commands, options or settings as mdoc(7).",
	    "__mdoc synopsis", sg_c_mdoc },
};

static const SgCliOption options[] = {
	{ "json", 0, NULL, TRUE, "One JSON object a line instead of a table." },
	{ "columns", 0, "LIST", TRUE, "Only these columns, in this order, comma-separated." },
	{ "no-header", 0, NULL, TRUE, "No heading over a table." },
	{ "utc", 0, NULL, TRUE, "Times in UTC, in full." },
	{ "color", 0, "WHEN", TRUE, "auto, always or never; NO_COLOR is respected." },
	{ "quiet", 'q', NULL, TRUE, "No remarks on standard error, errors only." },
	{ "verbose", 'v', NULL, TRUE, "More detail." },
	{ "socket", 0, "PATH", TRUE, "The console's socket, if not as configured." },
	{ "config", 0, "FILE", TRUE, "The configuration file." },
	{ "timeout", 0, "SECONDS", TRUE, "How long to wait for an answer (30)." },
	{ "yes", 0, NULL, TRUE, "Do not ask before something that cannot be undone." },
	{ "dry-run", 0, NULL, TRUE, "Show what would be done, and stop." },
	{ "strict", 0, NULL, TRUE, "Full words only, as in scripts." },
	{ "help", 'h', NULL, TRUE, "Help on this command." },
	{ "version", 'V', NULL, TRUE, "The version." },

	{ "advise", 0, NULL, FALSE, "Release with a note to the sender." },
	{ "again", 0, NULL, FALSE, "Send that copy once more." },
	{ "all", 0, NULL, FALSE, "Also those that are decided." },
	{ "arrived", 0, NULL, FALSE, "That copy is known to have arrived." },
	{ "by-category", 0, NULL, FALSE, "How many rules each category has." },
	{ "category", 0, "CATEGORY", FALSE, "The category of phrases for which the list names none." },
	{ "compare", 0, "DIR", FALSE,
	    "Rule packs to compare with; with --rules alone those in use." },
	{ "copy", 0, "N", FALSE, "Which copy, when several have an unclear end." },
	{ "csv", 0, "FILE", FALSE, "The list, with columns such as phrase, category, severity, match, type." },
	{ "decline", 0, NULL, FALSE, "Say no to it, or take back what you proposed." },
	{ "defaults", 0, NULL, FALSE, "The defaults, with what each setting means." },
	{ "dir", 0, "DIR", FALSE, "Directory of the keys, when not the one of the configuration." },
	{ "domain", 0, "DOMAIN", FALSE,
	    "A mail domain of the school, with --rules; default: that of --from." },
	{ "excerpts", 0, NULL, FALSE,
	    "With what stands around a match, the match masked; for roles that read." },
	{ "from", 0, "ADDRESS", FALSE, "The sender; for rules test a class, such as pupil." },
	{ "id", 0, "MESSAGE-ID", FALSE, "The Message-ID of the mail." },
	{ "jobs", 0, "N", FALSE, "So many messages at a time, 1 to 64 (1)." },
	{ "late", 0, NULL, FALSE, "Only those past their look-by time." },
	{ "limit", 0, "N", FALSE, "At most so many." },
	{ "lines", 0, NULL, FALSE, "Read {\"id\",\"text\"} lines, answer each with one line." },
	{ "mail", 0, "ADDRESSES", FALSE, "The person's own mail addresses, comma-separated." },
	{ "message", 'm', "REASON", FALSE, "Why. Kept with the message." },
	{ "mistake", 0, NULL, FALSE, "This should not have been held." },
	{ "out", 0, "FILE", FALSE, "Where the results go; a file that is there needs --yes." },
	{ "over", 0, "WHY", FALSE, "Take it from somebody: absent, urgent, asked or conflict." },
	{ "people", 0, NULL, FALSE, "Show addresses. This is written down." },
	{ "person", 0, "NAME", FALSE, "What the person is called, such as \"Mrs Okafor\"." },
	{ "policy", 0, "FILE", FALSE, "Another policy.conf." },
	{ "postfix-dir", 0, "DIR", FALSE, "Postfix's configuration directory." },
	{ "proposal", 0, "N", FALSE, "Which, when several things wait for the account." },
	{ "purpose", 0, "WHY", FALSE,
	    "Why you look for a pupil: welfare, complaint, delivery or request." },
	{ "queue-id", 0, "ID", FALSE, "The mail server's queue id." },
	{ "reason", 0, "CATEGORY", FALSE, "Only this category." },
	{ "ref", 0, "ID", FALSE, "The reference of a held message." },
	{ "resume", 0, "FILE", FALSE, "The checkpoint: written there, and gone on from there." },
	{ "role", 0, "ROLE", FALSE, "lead, deputy, head, dpo, it, governor or teacher." },
	{ "rules", 0, "DIR", FALSE, "Rule packs to use instead; several in the order they are read." },
	{ "sample", 0, "1/N", FALSE, "Every N-th message only." },
	{ "sendmail-cf", 0, "FILE", FALSE,
	    "Sendmail's configuration, /etc/mail/sendmail.cf for example." },
	{ "shrink", 0, NULL, FALSE, "Also when it has less than half the pupils of the one before." },
	{ "since", 0, "TIME", FALSE, "From this time on: 2h, 3d, today, 2026-03-04, RFC 3339." },
	{ "strip", 0, "PARTS", FALSE, "Release without these attachments, by part: 2,3.1" },
	{ "text", 0, NULL, FALSE, "The whole text." },
	{ "texts", 0, NULL, FALSE, "With the text of every part; for the owner of the file." },
	{ "to", 0, "ADDRESS", FALSE, "A recipient; for rules test a class." },
	{ "unauthenticated", 0, NULL, FALSE,
	    "The mail came from elsewhere; nobody vouches for the sender." },
	{ "urgency", 0, "WORD", FALSE, "Only these: urgent, high, medium or low." },
	{ "where", 0, "PLACE", FALSE,
	    "Where the phrase stands: body, subject, quoted, forwarded, signature, attachment, name "
	    "or header." },
	{ "words", 0, NULL, FALSE, "The matched words only." },
};

const SgCommand *
sg_commands(gsize *n)
{
	if (n != NULL)
		*n = G_N_ELEMENTS(commands);
	return commands;
}

const SgCliOption *
sg_cli_options(gsize *n)
{
	*n = G_N_ELEMENTS(options);
	return options;
}

const SgCliOption *
sg_cli_option(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

gboolean
sg_command_hidden(const SgCommand *c)
{
	return c->noun[0] == '_';
}

gboolean
sg_command_takes(const SgCommand *c, const SgCliOption *o)
{
	g_auto(GStrv) names = g_strsplit(c->options, " ", -1);

	return o->global || g_strv_contains((const char *const *)names, o->name);
}

/* --- words ---------------------------------------------------------------- */

/* The word of a row at this level: its noun, or its verb when noun is given. */
static const char *
word_at(const SgCommand *c, const char *noun)
{
	if (noun == NULL)
		return c->noun;
	return strcmp(c->noun, noun) == 0 ? c->verb : NULL;
}

static const char *
nearest(const char *typed, const char *noun)
{
	const char *best = NULL;
	guint low = 3;

	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		const char *w = word_at(&commands[i], noun);
		guint d = w != NULL && !sg_command_hidden(&commands[i]) ? sg_word_distance(typed, w) : SG_FAR;

		if (d < SG_FAR && strlen(typed) > 1 && g_str_has_prefix(w, typed))
			d = 1;
		if (d < low) {
			low = d;
			best = w;
		}
	}
	return best;
}

/* The one word that typed means; several: NULL and *many. */
static const char *
match(const char *typed, const char *noun, gboolean prefixes, gboolean *many)
{
	const char *found = NULL;

	*many = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		const char *w = word_at(&commands[i], noun);

		if (w == NULL)
			continue;
		if (strcmp(w, typed) == 0)
			return w;
		if (!prefixes || *typed == '\0' || sg_command_hidden(&commands[i]) ||
		    !g_str_has_prefix(w, typed))
			continue;
		if (found != NULL && strcmp(found, w) != 0)
			*many = TRUE;
		found = w;
	}
	return *many ? NULL : found;
}

static char *
list_words(const char *noun, const char *start)
{
	GString *s = g_string_new(NULL);
	const char *last = "";

	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		const char *w = word_at(&commands[i], noun);

		if (w == NULL || sg_command_hidden(&commands[i]) || strcmp(w, last) == 0 ||
		    !g_str_has_prefix(w, start))
			continue;
		g_string_append_printf(s, "%s%s", s->len > 0 ? ", " : "", w);
		last = w;
	}
	return g_string_free(s, FALSE);
}

static char *
explain(const char *typed, const char *noun, gboolean many)
{
	const char *near = many ? NULL : nearest(typed, noun);
	g_autofree char *list = list_words(noun, many ? typed : "");

	if (many)
		return g_strdup_printf("\"%s\" can mean %s; type more of it", typed, list);
	if (near != NULL)
		return g_strdup_printf("there is no command \"%s%s%s\"; did you mean \"%s%s%s\"?",
		    noun != NULL ? noun : "", noun != NULL ? " " : "", typed,
		    noun != NULL ? noun : "", noun != NULL ? " " : "", near);
	return g_strdup_printf("there is no command \"%s%s%s\"; there are: %s",
	    noun != NULL ? noun : "", noun != NULL ? " " : "", typed, list);
}

static const SgCommand *
row_of(const char *noun, const char *verb)
{
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].noun, noun) == 0 && g_strcmp0(commands[i].verb, verb) == 0)
			return &commands[i];
	return NULL;
}

const SgCommand *
sg_command_find(char *const **words, gboolean prefixes, char **why)
{
	const char *noun, *verb, *typed = **words;
	gboolean many = FALSE;

	noun = match(typed, NULL, prefixes, &many);
	if (noun == NULL) {
		*why = explain(typed, NULL, many);
		return NULL;
	}
	(*words)++;
	if (row_of(noun, NULL) != NULL)
		return row_of(noun, NULL);
	typed = **words;
	if (typed == NULL || typed[0] == '-') {
		g_autofree char *list = list_words(noun, "");

		*why = g_strdup_printf("\"%s\" needs a verb: %s", noun, list);
		return NULL;
	}
	verb = match(typed, noun, prefixes, &many);
	if (verb == NULL) {
		*why = explain(typed, noun, many);
		return NULL;
	}
	(*words)++;
	return row_of(noun, verb);
}
