/* rowread - one row of the policy: the table of its conditions and actions. */
#include <string.h>

#include "decide/reader.h"

typedef struct Key Key;
typedef void (*Reader)(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field);

struct Key {
	const char *name;
	Reader	    read;
	gsize	    at;		/* offset in SgRow */
	gboolean    action;	/* else a condition */
	gint64	    min, max;
};

static gboolean
bad(SgPolicyReader *r, const config_setting_t *s, const char *what, const char *remedy)
{
	sg_policy_error(r, s, "%s %s; %s", config_setting_name(s), what, remedy);
	return FALSE;
}

static void
read_id(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	const char *v = config_setting_get_string(s);
	gsize n = v != NULL ? strlen(v) : 0;

	(void)k;
	if (n == 0 || n > 40 || strspn(v, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != n)
		bad(r, s, "is not a short name",
		    "use small letters, digits, \"-\", \"_\" and \".\", at most 40");
	else if (*(char **)field == NULL)
		*(char **)field = g_strdup(v);
}

static void
read_list(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	g_strfreev(*(char ***)field);
	*(char ***)field = sg_policy_read_words(r, s, k->name);
}

/* A list, each word of which must be known; unknown words are named. */
static void
read_known(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field,
    gboolean (*known)(const SgPolicyReader *, const char *), const char *remedy)
{
	read_list(r, s, k, field);
	for (char **w = *(char ***)field; w != NULL && *w != NULL; w++)
		if (!known(r, *w))
			sg_policy_error(r, s, "%s: \"%s\" is not known; %s", k->name, *w, remedy);
}

static gboolean
known_class(const SgPolicyReader *r, const char *w)
{
	return sg_policy_has_class(r->policy, w);
}

static void
read_classes(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_known(r, s, k, field, known_class, "use the name of one of the classes");
}

static gboolean
known_category(const SgPolicyReader *r, const char *w)
{
	return sg_policy_has_category(r->policy, w);
}

static void
read_categories(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_known(r, s, k, field, known_category,
	    "see \"schoolgatectl rules list\"; a category of a rule "
	    "pack of your own must stand in categories = [ ... ]");
}

static gboolean
known_file(const SgPolicyReader *r, const char *w)
{
	static const char *const kinds[] = { "executable", "script", "shortcut", "macro", "archive",
		"document", "image", "audio", "video", "encrypted", "encrypted-weak",
		"encrypted-strong", "unscannable", "unread", "mismatch", "double-extension", "installer", "position",
		"disk-image", "source", NULL };

	(void)r;
	return g_strv_contains(kinds, w) || g_str_has_prefix(w, "*.") || strchr(w, '/') != NULL;
}

static void
read_files(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_known(r, s, k, field, known_file,
	    "use executable, script, shortcut, macro, archive, document, "
	    "image, audio, video, encrypted, encrypted-weak, encrypted-strong, unscannable, "
	    "unread, mismatch, double-extension, installer, disk-image, source, a name such as \"*.iso\" or a type such "
	    "as \"video/*\"");
}

static gboolean
known_fact(const SgPolicyReader *r, const char *w)
{
	return sg_row_has_fact(w) || sg_policy_has_category(r->policy, w);
}

static void
read_facts(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_known(r, s, k, field, known_fact,
	    "use strong-encryption, privileged, authenticated, claimed, "
	    "bounce, ambiguous, malformed, not-fully-scanned or a category");
}

static gboolean
known_role(const SgPolicyReader *r, const char *w)
{
	return sg_policy_contacts(r->policy, w)[0] != NULL;
}

static void
read_roles(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_known(r, s, k, field, known_role,
	    "nobody has this role; add { role = \"...\"; address = \"...\"; } "
	    "to contacts");
}

static void
read_addresses(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_list(r, s, k, field);
	for (char **w = *(char ***)field; w != NULL && *w != NULL; w++) {
		char *clean = sg_address_clean(*w);

		if (clean == NULL || sg_address_domain(clean)[0] == '\0')
			sg_policy_error(r, s,
			    "%s: \"%s\" is not a mail address; write \"name@school.example\"",
			    k->name, *w);
		if (clean != NULL) {
			g_free(*w);
			*w = clean;
		}
	}
}

static void
read_bits(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field,
    guint (*parse)(const char *), const char *remedy)
{
	g_auto(GStrv) words = sg_policy_read_words(r, s, k->name);

	for (char **w = words; w != NULL && *w != NULL; w++) {
		guint bit = parse(*w);

		*(guint *)field |= bit;
		if (bit == 0)
			sg_policy_error(r, s, "%s: \"%s\" is not known; %s", k->name, *w, remedy);
	}
}

static guint
parse_route(const char *w)
{
	SgRoute route;

	return sg_route_parse(w, &route) ? 1u << route : 0;
}

static void
read_routes(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_bits(r, s, k, field, parse_route, "use in, out, inside or transit");
}

static void
read_flags(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	read_bits(r, s, k, field, sg_flag_parse, "use ambiguous, malformed or not-fully-scanned");
}

static gboolean
read_int(SgPolicyReader *r, const config_setting_t *s, const Key *k, gint64 *out)
{
	int type = config_setting_type(s);
	gint64 v = config_setting_get_int64(s);

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return bad(r, s, "is not a whole number", "write it without quotes");
	if (v < k->min || v > k->max) {
		sg_policy_error(r, s,
		    "%s = %" G_GINT64_FORMAT " is out of range; choose %" G_GINT64_FORMAT
		    " to %" G_GINT64_FORMAT,
		    k->name, v, k->min, k->max);
		return FALSE;
	}
	*out = v;
	return TRUE;
}

static void
read_number(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	gint64 v;

	if (read_int(r, s, k, &v))
		*(guint *)field = (guint)v;
}

static void
read_more_than(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	(void)read_int(r, s, k, field);
}

static void
read_bool(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	(void)k;
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		bad(r, s, "is neither true nor false", "write one of them without quotes");
	else
		*(gboolean *)field = config_setting_get_bool(s);
}

static void
read_fact(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	gboolean holds = FALSE;

	read_bool(r, s, k, &holds);
	*(guint *)field |= holds ? (guint)k->min : 0;
}

/* true: of anybody; or classes. */
static void
read_home(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	static const char *const anybody[] = { "*", NULL };
	gboolean any = FALSE;

	if (config_setting_type(s) != CONFIG_TYPE_BOOL) {
		read_classes(r, s, k, field);
		return;
	}
	read_bool(r, s, k, &any);
	if (any && *(char ***)field == NULL)
		*(char ***)field = g_strdupv((char **)(guintptr)anybody);
}

static void
read_confidence(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	const char *v = config_setting_get_string(s);
	guint c = v != NULL ? sg_confidence_parse(v) : 0;

	(void)k;
	if (c == 0)
		bad(r, s, "is not known", "write \"low\", \"medium\" or \"high\"");
	else
		*(guint *)field = c;
}

static void
read_mode(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	const char *v = config_setting_get_string(s);

	(void)k;
	if (g_strcmp0(v, "shadow") != 0 && g_strcmp0(v, "enforce") != 0)
		bad(r, s, "is not known", "write \"enforce\" or \"shadow\"");
	else
		*(gboolean *)field = strcmp(v, "shadow") == 0;
}

static void
read_do(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	const char *v = config_setting_get_string(s);

	(void)k;
	if (v == NULL || !sg_do_parse(v, field))
		bad(r, s, "is not known",
		    "write \"seal\", \"hold\", \"reject\", \"approve\", \"detach\", \"tag\" "
		    "or \"deliver\"");
	else if (*(SgDo *)field == SG_DO_APPROVE)
		sg_policy_warn(r, s,
		    "do = \"approve\" holds the message for the reviewers; asking a teacher "
		    "comes with a later release");
}

/* A row that silently never applied would be worse than one that is refused. */
static void
read_later(SgPolicyReader *r, const config_setting_t *s, const Key *k, gpointer field)
{
	(void)k;
	(void)field;
	bad(r, s, "comes with a later release",
	    "leave it out for now; the row would not do what it says");
}

#define CONDITION(name, reader, member) { name, reader, offsetof(SgRow, member), FALSE, 0, 0 },
#define NUMBER(name, reader, member, lo, hi)                                                       \
	{ name, reader, offsetof(SgRow, member), FALSE, lo, hi },
#define FACT(name, bit) { name, read_fact, offsetof(SgRow, relation.facts), FALSE, bit, 0 },
#define ACTION(name, reader, member) { name, reader, offsetof(SgRow, member), TRUE, 0, 0 },
static const Key keys[] = {
	{ "id", read_id, offsetof(SgRow, id), TRUE, 0, 0 },
	{ "mode", read_mode, offsetof(SgRow, shadow), TRUE, 0, 0 },
	CONDITION("from", read_classes, from)
	CONDITION("to", read_classes, to)
	CONDITION("direction", read_routes, routes)
	CONDITION("category", read_categories, categories)
	CONDITION("rule", read_list, rules)
	NUMBER("severity", read_number, severity, 1, 5)
	CONDITION("confidence", read_confidence, confidence)
	NUMBER("count", read_number, count, 1, 100000)
	CONDITION("file", read_files, files)
	CONDITION("flag", read_flags, flags)
	NUMBER("recipients", read_more_than, recipients, 0, 100000)
	NUMBER("outside_recipients", read_more_than, outside_recipients, 0, 100000)
	CONDITION("claimed", read_bool, claimed)
	FACT("first_contact", SG_REL_FIRST)
	FACT("lookalike", SG_REL_ALIKE)
	FACT("namesake", SG_REL_NAMESAKE)
	CONDITION("personal_address", read_home, relation.home)
	NUMBER("visible_outside", read_more_than, relation.visible, 0, 100000)
	NUMBER("recipients_hour", read_more_than, relation.hour, 0, 1000000)
	CONDITION("reply_all", read_bool, relation.reply_all)
	CONDITION("time", read_later, id)
	CONDITION("unless", read_facts, unless)
	ACTION("do", read_do, what)
	ACTION("notify", read_roles, notify)
	ACTION("tell_sender", read_bool, tell_sender)
	ACTION("bcc", read_addresses, bcc)
	ACTION("remind_cc", read_later, id)
	ACTION("log", read_bool, log)
};

void
sg_row_free(gpointer data)
{
	SgRow *row = data;

	if (row == NULL)
		return;
	g_free(row->id);
	g_strfreev(row->from);
	g_strfreev(row->to);
	g_strfreev(row->categories);
	g_strfreev(row->rules);
	g_strfreev(row->files);
	g_strfreev(row->relation.home);
	g_strfreev(row->unless);
	g_strfreev(row->notify);
	g_strfreev(row->bcc);
	g_free(row);
}

static const Key *
key_for(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* What each field may be in itself, and the row still makes no sense. */
static void
check_whole(SgPolicyReader *r, const config_setting_t *s, const SgRow *row, guint conditions)
{
	gboolean finds = row->categories != NULL || row->rules != NULL || row->severity > 0;

	if (row->id == NULL)
		sg_policy_error(r, s, "a row has no id; add id = \"short-name\"");
	if (config_setting_get_member(s, "do") == NULL && row->notify == NULL && row->bcc == NULL &&
	    !row->log)
		sg_policy_error(
		    r, s, "the row says nothing to do; add do = \"hold\" or notify = [ \"lead\" ]");
	if (row->what == SG_DO_DETACH && row->files == NULL && !finds)
		sg_policy_error(r, s, "detach needs to know which part; add file or category");
	if (conditions == 0)
		sg_policy_warn(r, s,
		    "the row has no condition and applies to every message; add one unless "
		    "that is meant");
	if (row->tell_sender && row->what != SG_DO_HOLD && row->what != SG_DO_APPROVE &&
	    row->what != SG_DO_REJECT)
		sg_policy_warn(
		    r, s, "tell_sender does nothing without do = \"hold\"; leave it out");
}

/* The table of mails.md 1 stands above any row: telling could warn or harm somebody. */
static void
check_told(SgPolicyReader *r, const config_setting_t *s, const SgRow *row)
{
	for (char **c = row->categories; row->tell_sender && c != NULL && *c != NULL; c++)
		if (!sg_category_is_told(*c))
			sg_policy_warn(r, s,
			    "tell_sender: a sender is never told of \"%s\" before a person has "
			    "looked; leave it out",
			    *c);
}

SgRow *
sg_row_parse(SgPolicyReader *r, const config_setting_t *s)
{
	SgRow *row = g_new0(SgRow, 1);
	guint before = r->errors, conditions = 0;

	row->recipients = row->outside_recipients = -1;
	row->relation.visible = row->relation.hour = -1;
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *f = config_setting_get_elem(s, (unsigned)i);
		const Key *k = key_for(config_setting_name(f));

		if (k == NULL) {
			sg_policy_error(r, f,
			    "unknown field \"%s\" in a policy row; see schoolgate-policy(5)",
			    config_setting_name(f));
			continue;
		}
		k->read(r, f, k, (char *)row + k->at);
		conditions += !k->action;
	}
	if (r->errors == before) {	/* else what is missing may just be misspelt */
		check_whole(r, s, row, conditions);
		check_told(r, s, row);
	}
	if (r->errors == before)
		return row;
	sg_row_free(row);
	return NULL;
}
