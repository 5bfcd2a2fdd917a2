/* c_roster - the school's pupils, as keyed hashes, for rules about them. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/err.h"
#include "ctl/out.h"
#include "ctl/rostercsv.h"
#include "ctl/verbs.h"
#include "decide/policy.h"
#include "word/fold.h"

#define NAME_WORDS "words/name-words.txt"

static const struct {
	guint	    kind;
	const char *name;
} kinds[] = {
	{ SG_ROSTER_NAME, "name" }, { SG_ROSTER_DOB, "date of birth" }, { SG_ROSTER_UPN, "UPN" },
	{ SG_ROSTER_POSTCODE, "postcode" }, { SG_ROSTER_ADDRESS, "address" }, { SG_ROSTER_EMAIL, "email" },
	{ SG_ROSTER_PHONE, "telephone" },
};

static char *
fields_string(guint fields)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if ((fields & kinds[i].kind) != 0)
			g_string_append_printf(s, "%s%s", s->len > 0 ? ", " : "", kinds[i].name);
	return g_string_free(s, FALSE);
}

/* Words that are names and ordinary words too, of every directory of rules that lists some. */
static GHashTable *
name_words(const SgOptions *o)
{
	GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (char **dir = o->files.rules; dir != NULL && *dir != NULL; dir++) {
		g_autofree char *path = g_build_filename(*dir, NAME_WORDS, NULL), *text = NULL;
		g_auto(GStrv) lines = NULL;

		if (!g_file_get_contents(path, &text, NULL, NULL))
			continue;
		lines = g_strsplit_set(text, "\r\n", -1);
		for (char **l = lines; *l != NULL; l++) {
			GString *fold = g_string_new(NULL);

			if ((*l)[0] != '#')
				sg_fold_word(*l, strlen(*l), fold);
			if (fold->len > 0)
				g_hash_table_add(set, g_string_free(fold, FALSE));
			else
				g_string_free(fold, TRUE);
		}
	}
	return set;
}

static char *
read_file(const char *file, gsize *len, GError **error)
{
	char *text = NULL;

	if (strcmp(file, "-") == 0)
		file = "/dev/stdin";
	return g_file_get_contents(file, &text, len, error) ? text : NULL;
}

/* Half an export must not take the place of a whole one unseen. */
static gboolean
has_shrunk(const char *dir, guint pupils, guint *before)
{
	g_autoptr(SgRoster) old = NULL;

	if (!sg_roster_load(dir, &old, NULL) || old == NULL)
		return FALSE;
	*before = sg_roster_pupils(old);
	return pupils * 2 < *before;
}

static void
print_summary(const SgCtl *c, const SgRosterCount *n, const char *dir, gboolean dry)
{
	g_autofree char *fields = fields_string(n->fields);
	json_t *o;

	if (sg_ctl_has(c, "json")) {
		o = json_pack("{s:i s:i s:i s:s s:s s:b}", "pupils", (int)n->pupils, "left_out", (int)n->skipped,
		    "unread_fields", (int)n->unread, "fields", fields, "roster", dir, "written", !dry);
		sg_out_json(o);
		json_decref(o);
		return;
	}
	sg_ctl_say(c, "%u pupils, known by %s.%s", n->pupils, fields, dry ? " Nothing was written." : "");
	if (n->skipped > 0)
		sg_ctl_say(c, "%u lines without a full name were left out.", n->skipped);
	if (n->unused->len > 0)
		sg_ctl_say(c, "Columns that are not used: %s.", n->unused->str);
	if (!dry)
		sg_ctl_say(c, "%s holds their keyed hashes, no name; the scanner takes them up within a minute or two. "
		    "The CSV file is not needed any more: delete it.", dir);
}

static SgExit
put(const SgCtl *c, const char *dir, SgRosterMaker *m, const SgRosterCount *n)
{
	g_autoptr(GBytes) bytes = sg_roster_maker_bytes(m, sg_clock_now());
	g_autoptr(GError) error = NULL;
	gboolean dry = sg_ctl_has(c, "dry-run");
	guint before = 0;

	if (!sg_ctl_has(c, "shrink") && has_shrunk(dir, n->pupils, &before)) {
		g_autofree char *why = g_strdup_printf("it has %u pupils, the one in use %u", n->pupils, before);

		return sg_ctl_fail(c, SG_EXIT_REFUSED, "the roster was not replaced", why,
		    "Look whether the export is complete; if it is, say --shrink.");
	}
	if (!dry && !sg_roster_put(dir, bytes, &error))
		return sg_ctl_fail_error(c, "the roster was not written", error);
	print_summary(c, n, dir, dry);
	return SG_EXIT_OK;
}

/* A dry run leaves no key either. */
static gboolean
key_for(const SgCtl *c, const char *dir, guint8 key[SG_ROSTER_KEY], GError **error)
{
	if (!sg_ctl_has(c, "dry-run"))
		return sg_roster_key(dir, key, error);
	memset(key, 0, SG_ROSTER_KEY);
	if (sodium_init() != -1)
		return TRUE;
	g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "libsodium cannot be used on this machine");
	return FALSE;
}

SgExit
sg_c_roster_import(SgCtl *c)
{
	const char *file = sg_ctl_arg(c, 0);
	const SgOptions *o = sg_ctl_options(c);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) words = o != NULL ? name_words(o) : NULL;
	g_autoptr(SgRosterMaker) m = NULL;
	g_auto(SgRosterCount) count = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	guint8 key[SG_ROSTER_KEY];
	gsize len = 0;

	if (o == NULL)
		return SG_EXIT_USAGE;
	if (o->files.roster[0] == '\0')
		return sg_ctl_fail(c, SG_EXIT_USAGE, "there is nowhere to put it", "roster = \"\" in schoolgate.conf",
		    "Write roster = \"roster\" there.");
	text = read_file(file, &len, &error);
	if (text == NULL)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "the list was not read", error->message, NULL);
	if (!sg_fold_ready(&error) || !key_for(c, o->files.roster, key, &error))
		return sg_ctl_fail_error(c, "the roster was not written", error);
	m = sg_roster_maker_new(key, words);
	sodium_memzero(key, sizeof key);
	if (!sg_roster_csv(file, text, len, m, problems, &count)) {
		for (guint i = 0; i < problems->len; i++)
			(void)sg_ctl_fail(c, SG_EXIT_USAGE, g_ptr_array_index(problems, i), NULL, NULL);
		sg_ctl_say(c, "Nothing was changed.");
		return SG_EXIT_USAGE;
	}
	for (guint i = 0; i < problems->len; i++)
		sg_ctl_say(c, "%s", (char *)g_ptr_array_index(problems, i));
	return put(c, o->files.roster, m, &count);
}

/* The roster in use; NULL with the exit code when there is none, or none that can be used. */
static SgRoster *
in_use(SgCtl *c, SgExit *code)
{
	const SgOptions *o = sg_ctl_options(c);
	g_autoptr(GError) error = NULL;
	SgRoster *r = NULL;

	*code = SG_EXIT_USAGE;
	if (o == NULL)
		return NULL;
	if (!sg_roster_load(o->files.roster, &r, &error))
		*code = sg_ctl_fail_error(c, "the roster cannot be used", error);
	else if (r == NULL)
		*code = sg_ctl_fail(c, SG_EXIT_NONE, "there is no roster", o->files.roster,
		    "Import one: schoolgatectl roster import pupils.csv");
	return r;
}

static gint64
days_old(const SgRoster *r)
{
	return MAX(sg_clock_now() - sg_roster_made(r), 0) / 86400;
}

SgExit
sg_c_roster_show(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "PUPILS", "pupils", SG_COL_NUMBER, 0 }, { "DAYS OLD", "days", SG_COL_NUMBER, 0 },
		{ "KNOWN BY", "fields", SG_COL_TEXT, 9 }, { "WHERE", "roster", SG_COL_TEXT, 5 },
	};
	SgExit code;
	g_autoptr(SgRoster) r = in_use(c, &code);
	g_autofree char *fields = r != NULL ? fields_string(sg_roster_kinds(r)) : NULL;
	json_t *rows;
	gboolean shown;

	if (r == NULL)
		return code;
	rows = json_pack("[{s:i s:I s:s s:s}]", "pupils", (int)sg_roster_pupils(r), "days",
	    (json_int_t)days_old(r), "fields", fields, "roster", c->options->files.roster);
	shown = sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns));
	json_decref(rows);
	return shown ? SG_EXIT_OK : SG_EXIT_USAGE;
}

SgExit
sg_c_roster_check(SgCtl *c)
{
	SgExit code;
	g_autoptr(SgRoster) r = in_use(c, &code);

	if (r == NULL)
		return code;
	if (days_old(r) >= c->options->files.roster_age) {
		sg_ctl_say(c, "The roster is %" G_GINT64_FORMAT " days old; import a new one.", days_old(r));
		return SG_EXIT_NO;
	}
	sg_ctl_say(c, "%u pupils, %" G_GINT64_FORMAT " days old, as it was written.", sg_roster_pupils(r), days_old(r));
	return SG_EXIT_OK;
}

SgExit
sg_c_roster_remove(SgCtl *c)
{
	const SgOptions *o = sg_ctl_options(c);
	g_autoptr(GError) error = NULL;
	gboolean was = FALSE;

	if (o == NULL)
		return SG_EXIT_USAGE;
	if (sg_ctl_has(c, "dry-run")) {
		was = sg_roster_stamp(o->files.roster) != 0;
		sg_ctl_say(c, was ? "Would remove the roster and its key in %s." : "%s: there is no roster.",
		    o->files.roster);
		return was ? SG_EXIT_OK : SG_EXIT_NONE;
	}
	if (!sg_roster_remove(o->files.roster, &was, &error))
		return sg_ctl_fail_error(c, "the roster was not removed", error);
	sg_ctl_say(c, was ? "The roster and its key are gone; the scanner forgets it within a minute or two." :
	    "There was no roster.");
	return was ? SG_EXIT_OK : SG_EXIT_NONE;
}
