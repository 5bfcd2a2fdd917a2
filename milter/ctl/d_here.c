#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/keys.h"
#include "base/signatures.h"
#include "ctl/ask.h"
#include "ctl/doctor.h"
#include "ctl/out.h"
#include "ctl/programs.h"
#include "decide/policy.h"
#include "model/account.h"
#include "model/logo.h"
#include "roster/roster.h"

#define RULES_OLD   (370 * 86400)	/* a school year: a sign that nobody looks after them */
#define DISK_LEAST  (512ull << 20)
#define DISK_SHARE  5			/* percent */
#define YEAR_LEAST  1735689600		/* 2025: an earlier clock is wrong */

/* --- policy, people, accounts -------------------------------------------------- */

static guint
count_contacts(const SgPolicy *p, GHashTable *seen, const char *role)
{
	const char *const *a = sg_policy_contacts(p, role);

	for (; *a != NULL; a++)
		g_hash_table_add(seen, g_ascii_strdown(*a, -1));
	return g_hash_table_size(seen);
}

static void
check_accounts(SgDoctor *d)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) accounts = sg_accounts_parse(d->o->cli.accounts, NULL, &error);
	guint readers = 0;

	for (guint i = 0; accounts != NULL && i < accounts->len; i++)
		readers += (((const SgAccount *)g_ptr_array_index(accounts, i))->role &
			       SG_ROLE_CONTENT) != 0;
	if (accounts == NULL)
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Correct it in schoolgate.conf, then: schoolgatectl reload", "%s",
		    error->message);
	else if (readers == 0)
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Add one to cli.accounts: \"unix-user:account:lead:mail-address\".",
		    "nobody has an account that may look at held messages");
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "%u %s may look at held messages", readers,
		    readers == 1 ? "account" : "accounts");
}

void
sg_d_policy(SgDoctor *d)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgPolicy) p = sg_policy_load(d->o, problems, NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	check_accounts(d);
	for (guint i = 0; i < problems->len; i++) {
		const char *text = g_ptr_array_index(problems, i);

		sg_doctor_say(d,
		    strstr(text, ": warning: ") != NULL ? SG_SEEN_WARNING : SG_SEEN_WRONG,
		    "Correct that line, then: schoolgatectl reload", "%s", text);
	}
	if (p == NULL)
		return;
	(void)count_contacts(p, seen, "lead");
	if (count_contacts(p, seen, "deputy") < 2)
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Name a lead and a deputy with different addresses under contacts in "
		    "policy.conf.",
		    "fewer than two people are told about urgent messages");
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL,
		    "%u policy rows; %u people are told about urgent messages", sg_policy_rows(p),
		    g_hash_table_size(seen));
}

/* --- keys and store ---------------------------------------------------------------- */

/* The mode bits that should not be there. */
static gboolean
too_open(SgDoctor *d, const char *path, mode_t bits, const char *remedy)
{
	struct stat st;

	if (stat(path, &st) == -1) {
		sg_doctor_say(d, SG_SEEN_WRONG, remedy, "%s: %s", path, g_strerror(errno));
		return TRUE;
	}
	if ((st.st_mode & bits) == 0)
		return FALSE;
	sg_doctor_say(d, SG_SEEN_WRONG, remedy,
	    "%s has mode %04o; others on this machine can get at it", path,
	    (guint)(st.st_mode & 07777));
	return TRUE;
}

/* May all who read audit.key, so the milter too, read vault.key?  (Nobody else has root's group.) */
static gboolean
shared(SgDoctor *d)
{
	g_autofree char *vault = g_build_filename(d->o->keys.dir, "vault.key", NULL);
	g_autofree char *audit = g_build_filename(d->o->keys.dir, "audit.key", NULL);
	struct stat v, a;

	if (stat(vault, &v) == -1 || stat(audit, &a) == -1 || v.st_gid == 0 || v.st_gid != a.st_gid ||
	    (v.st_mode & a.st_mode & S_IRGRP) == 0)
		return FALSE;
	sg_doctor_say(d, SG_SEEN_WRONG,
	    "Run: systemd-tmpfiles --create schoolgate.conf",
	    "%s has the same group as audit.key; the milter could open what is held", vault);
	return TRUE;
}

void
sg_d_keys(SgDoctor *d)
{
	static const char *const names[] = { "vault.key", "audit.key", "mail.key", "vault.pub" };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgKeys) k = NULL;
	gboolean bad = FALSE;

	if (too_open(d, d->o->keys.dir, S_IWOTH | S_IROTH,
		"Run: schoolgatectl key init; then chmod 0750 on the directory."))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(d->o->keys.dir, names[i], NULL);
		gboolean secret = !g_str_has_suffix(names[i], ".pub");

		bad = too_open(d, path, secret ? S_IRWXO | S_IWGRP : S_IWOTH | S_IWGRP,
			  secret ? "Missing: schoolgatectl key init. Too open: chmod 0640."
				 : "Restore it from a backup; chmod 0644.") ||
		      bad;
	}
	if (bad || shared(d))
		return;
	k = sg_keys_load(d->o->keys.dir, SG_KEY_VAULT_PUBLIC, &error);
	if (k == NULL)
		sg_doctor_say(
		    d, SG_SEEN_WRONG, "Restore the keys from a backup.", "%s", error->message);
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "all four keys are there and closed to others");
}

void
sg_d_store(SgDoctor *d)
{
	const char *dir = g_str_has_prefix(d->o->store.url, "sqlite:")
			      ? d->o->store.url + strlen("sqlite:")
			      : NULL;
	struct statvfs fs;
	guint64 free_bytes, all;

	if (dir == NULL) {
		sg_doctor_say(d, SG_SEEN_NOTE, NULL,
		    "the store is not on this machine; its disk is not looked at");
		return;
	}
	if (too_open(
		d, dir, S_IRWXO, "Make it for the programs only: chmod 2770, group schoolgate."))
		return;
	if (statvfs(dir, &fs) == -1) {
		sg_doctor_say(d, SG_SEEN_WRONG, "Mount it, or name another place in store.url.",
		    "%s: %s", dir, g_strerror(errno));
		return;
	}
	free_bytes = (guint64)fs.f_bavail * fs.f_frsize;
	all = (guint64)fs.f_blocks * fs.f_frsize;
	if (free_bytes < DISK_LEAST || free_bytes < all / 100 * DISK_SHARE)
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Make room: with a full disk all mail waits at its senders.",
		    "only %" G_GUINT64_FORMAT " MiB are free for %s", free_bytes >> 20, dir);
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "%" G_GUINT64_FORMAT " MiB are free for %s",
		    free_bytes >> 20, dir);
}

/* --- sockets ------------------------------------------------------------------------- */

static gboolean
answers(const char *path, int type)
{
	sg_autofd fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (fd == -1 || g_strlcpy(a.sun_path, path, sizeof a.sun_path) >= sizeof a.sun_path)
		return FALSE;
	return connect(fd, (const struct sockaddr *)&a, sizeof a) == 0;
}

static void
check_socket(SgDoctor *d, const char *path, int type, const char *program, gboolean private)
{
	g_autofree char *start =
	    g_strdup_printf("Start it: systemctl start %s; its log says why it stopped: "
			    "journalctl -u %s",
		program, program);
	struct stat st;

	if (stat(path, &st) == -1 || !S_ISSOCK(st.st_mode))
		sg_doctor_say(d, SG_SEEN_WRONG, start, "%s: there is no socket; %s does not run",
		    path, program);
	else if (private && (st.st_mode & S_IWOTH) != 0)
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Give it to the group of the mail server only: chmod 0660.",
		    "%s: everybody on this machine can connect", path);
	else if (answers(path, type))
		sg_doctor_say(d, SG_SEEN_OK, NULL, "%s answers on %s", program, path);
	else if (errno == EACCES)
		sg_doctor_say(d, SG_SEEN_NOTE, "Run this as root to look further.",
		    "%s: you may not connect", path);
	else
		sg_doctor_say(d, SG_SEEN_WRONG, start, "%s: nobody answers", path);
}

void
sg_d_sockets(SgDoctor *d)
{
	g_auto(SgDoor) l = { 0 };
	g_autofree char *bulk = g_strconcat(d->o->scan.listen, ".bulk", NULL);
	g_autoptr(GArray) courier = sg_programs_find("schoolgate-courier", d->o->file);

	check_socket(d, d->o->scan.listen, SOCK_SEQPACKET, "schoolgate-scan", TRUE);
	check_socket(d, bulk, SOCK_SEQPACKET, "schoolgate-scan", TRUE);
	check_socket(d, d->o->console.socket, SOCK_STREAM, "schoolgate-console", FALSE);
	if (!sg_door_parse(d->o->milter.listen, &l))
		sg_doctor_say(d, SG_SEEN_WRONG, "Write unix:PATH or inet:PORT@ADDRESS.",
		    "milter.listen is \"%s\"", d->o->milter.listen);
	else if (!l.inet)
		check_socket(d, l.path, SOCK_STREAM, "schoolgate-milter", TRUE);
	else {
		g_autoptr(GArray) milter = sg_programs_find("schoolgate-milter", d->o->file);

		sg_doctor_say(d, milter->len > 0 ? SG_SEEN_OK : SG_SEEN_WRONG,
		    milter->len > 0 ? NULL : "Start it: systemctl start schoolgate-milter",
		    "schoolgate-milter %s (%s)", milter->len > 0 ? "runs" : "does not run",
		    d->o->milter.listen);
	}
	sg_doctor_say(d, courier->len > 0 ? SG_SEEN_OK : SG_SEEN_WRONG,
	    courier->len > 0 ? NULL
			     : "Start it: systemctl start schoolgate-courier. Until then no alert "
			       "and no release goes out.",
	    "schoolgate-courier %s", courier->len > 0 ? "runs" : "does not run");
}

/* Pages without it are pages still, but a console that starts with a bad one does not start. */
static void
check_logo(SgDoctor *d)
{
	g_autoptr(SgLogo) logo = NULL;
	g_autoptr(GError) error = NULL;

	if (!sg_logo_load(d->o, &logo, &error))
		sg_doctor_say(d, SG_SEEN_WRONG, "Correct school.logo, then: schoolgatectl reload", "%s", error->message);
	else if (logo != NULL)
		sg_doctor_say(d, SG_SEEN_OK, NULL, "the school's logo is on the pages, %u pixels wide", logo->width);
}

void
sg_d_console(SgDoctor *d)
{
	g_auto(SgAnswer) a = { 0, NULL };
	g_autoptr(GError) error = NULL;
	SgExit code = sg_ask_quietly(d->ctl, "/health", NULL, 5000, &a, &error);
	const json_t *alarms;

	if (code == SG_EXIT_REFUSED)
		sg_doctor_say(d, SG_SEEN_NOTE, NULL,
		    "the console answers; your role does not include its state");
	else if (code != SG_EXIT_OK)
		sg_doctor_say(d, SG_SEEN_WRONG, "See the log of schoolgate-console.",
		    "the console gives no answer%s%s", error != NULL ? ": " : "",
		    error != NULL ? error->message : "");
	else if (!json_is_true(json_object_get(a.body, "ok")))
		sg_doctor_say(d, SG_SEEN_WARNING, "See: schoolgatectl status", "%s",
		    sg_json_str(a.body, "sentence"));
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "%s", sg_json_str(a.body, "sentence"));
	check_logo(d);
	alarms = code == SG_EXIT_OK ? json_object_get(a.body, "alarms") : NULL;
	for (gsize i = 0; i < json_array_size(alarms); i++) {
		const json_t *one = json_array_get(alarms, i);

		sg_doctor_say(d, SG_SEEN_WRONG, sg_json_str(one, "remedy"), "%s: %s (%s)",
		    sg_json_str(one, "program"), sg_json_str(one, "text"), sg_json_str(one, "why"));
	}
}

/* --- those who are told ------------------------------------------------------------------ */

#define CALENDAR_SOON (30 * 86400)

/* A calendar that nobody renews makes every weekday a school day, or a holiday of none. */
static void
check_calendar(SgDoctor *d, const SgPolicy *p)
{
	gint64 until = sg_hours_known_until(sg_policy_hours(p)), now = sg_clock_now();

	if (until == 0)
		sg_doctor_say(d, SG_SEEN_NOTE, NULL, "hours.holidays and hours.terms are not set: every weekday counts "
		    "as a school day");
	else if (until < now + CALENDAR_SOON)
		sg_doctor_say(d, SG_SEEN_WARNING, "Put next year's days into hours.holidays and hours.terms, then: "
		    "schoolgatectl reload", until < now ? "the calendar of the school year is over"
		    : "the calendar of the school year ends within a month");
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "the calendar of the school year is there");
}

void
sg_d_contacts(SgDoctor *d)
{
	g_auto(SgAnswer) a = { 0, NULL };
	g_autoptr(SgPolicy) p = sg_policy_load(d->o, NULL, NULL);
	g_autoptr(GPtrArray) told = p != NULL ? sg_policy_told(p) : NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const json_t *rows;

	if (p == NULL)
		return;
	check_calendar(d, p);
	if (sg_ask_quietly(d->ctl, "/contacts", NULL, 5000, &a, NULL) != SG_EXIT_OK)
		return;
	rows = json_object_get(a.body, "rows");
	for (gsize i = 0; i < json_array_size(rows); i++) {
		const json_t *one = json_array_get(rows, i);
		g_autofree char *low = g_utf8_strdown(sg_json_str(one, "address"), -1);

		if (g_strcmp0(sg_json_str(one, "state"), "confirmed") == 0 &&
		    g_ptr_array_find_with_equal_func(told, low, g_str_equal, NULL))
			g_hash_table_add(seen, g_steal_pointer(&low));
	}
	if (told->len < SG_TOLD_LEAST)
		return;		/* the policy's check has said so */
	if (g_hash_table_size(seen) < SG_TOLD_LEAST)
		sg_doctor_say(d, SG_SEEN_WRONG, "See: schoolgatectl contact list. Start schoolgate-courier, and let them "
		    "open the link in their mail.", "%u of %u people who are told about messages have confirmed that mail "
		    "reaches them; holding needs %u", g_hash_table_size(seen), told->len, SG_TOLD_LEAST);
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "%u of %u people who are told about messages have confirmed that mail "
		    "reaches them", g_hash_table_size(seen), told->len);
	if (!sg_policy_enforces(p))
		sg_doctor_say(d, SG_SEEN_NOTE, NULL, "mode is \"shadow\": nothing is held");
}

/* --- what it works with ---------------------------------------------------------------- */

static gint64
newest(const char *dir, gint64 best)
{
	g_autoptr(GDir) g = g_dir_open(dir, 0, NULL);
	const char *name;
	struct stat st;

	while (g != NULL && (name = g_dir_read_name(g)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);

		if (g_str_has_suffix(name, ".conf") && stat(path, &st) == 0)
			best = MAX(best, (gint64)st.st_mtime);
	}
	return best;
}

void
sg_d_rules(SgDoctor *d)
{
	gint64 best = 0, age;

	for (char **dir = d->o->files.rules; dir != NULL && *dir != NULL; dir++) {
		if (!g_file_test(*dir, G_FILE_TEST_IS_DIR))
			sg_doctor_say(d, SG_SEEN_WRONG, "Correct \"rules\" in schoolgate.conf.",
			    "%s: no such directory", *dir);
		best = newest(*dir, best);
	}
	age = sg_clock_now() - best;
	if (best == 0)
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Name a directory with rule packs under \"rules\" in schoolgate.conf.",
		    "there are no rule packs");
	else if (age > RULES_OLD)
		sg_doctor_say(d, SG_SEEN_WARNING,
		    "Update Schoolgate, or look through your own rules.",
		    "the newest rule pack is %" G_GINT64_FORMAT " days old", age / 86400);
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL,
		    "the newest rule pack is %" G_GINT64_FORMAT " days old", MAX(age, 0) / 86400);
}

void
sg_d_roster(SgDoctor *d)
{
	g_autoptr(SgRoster) r = NULL;
	g_autoptr(GError) error = NULL;
	gint64 age;

	if (!sg_roster_load(d->o->files.roster, &r, &error)) {
		sg_doctor_say(d, SG_SEEN_WRONG, "Run: schoolgatectl roster import; as root, or whoever imports it.",
		    "%s", error->message);
		return;
	}
	if (r == NULL) {
		sg_doctor_say(d, SG_SEEN_NOTE, "Import one each night: schoolgatectl roster import pupils.csv",
		    "there is no roster: pupils are not known by name");
		return;
	}
	age = MAX(sg_clock_now() - sg_roster_made(r), 0) / 86400;
	if (age >= d->o->files.roster_age)
		sg_doctor_say(d, SG_SEEN_WARNING, "See whether the nightly export and import still run.",
		    "the roster is %" G_GINT64_FORMAT " days old", age);
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "the roster has %u pupils and is %" G_GINT64_FORMAT " days old",
		    sg_roster_pupils(r), age);
}

void
sg_d_signatures(SgDoctor *d)
{
	const char *setting = d->o->scan.signatures;
	g_autofree char *dir = sg_signatures_dir(setting);
	SgSignatures s;
	gint64 age;

	sg_signatures_look(dir, &s);
	age = (sg_clock_now() - s.made) / 86400;
	if (strcmp(setting, "off") == 0)
		sg_doctor_say(d, SG_SEEN_NOTE, NULL, "scan.signatures is off: no malware is looked for");
	else if (dir == NULL)
		sg_doctor_say(d, SG_SEEN_WARNING, "Install clamav-freshclam; or write signatures = \"off\".",
		    "there are no virus signatures in " SG_SIGNATURES_USUAL ": no malware is looked for");
	else if (s.files == 0)
		sg_doctor_say(d, SG_SEEN_WRONG, "Run freshclam, or correct scan.signatures.",
		    "%s: there are no virus signatures", dir);
	else if (d->o->scan.signature_age_alarm > 0 && age >= d->o->scan.signature_age_alarm)
		sg_doctor_say(d, SG_SEEN_WRONG, "See whether freshclam runs, and its log.",
		    "the virus signatures in %s are %" G_GINT64_FORMAT " days old", dir, age);
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "the virus signatures in %s are %" G_GINT64_FORMAT
		    " days old", dir, MAX(age, 0));
}

void
sg_d_clock(SgDoctor *d)
{
	struct timex t = { 0 };
	gint64 now = sg_clock_now();

	if (now < YEAR_LEAST)
		sg_doctor_say(d, SG_SEEN_WRONG, "Set it, and run chrony or systemd-timesyncd.",
		    "the clock is years behind");
	else if (adjtimex(&t) == TIME_ERROR)
		sg_doctor_say(d, SG_SEEN_WARNING,
		    "Run chrony or systemd-timesyncd: look-by times and the audit rest on the "
		    "clock.",
		    "nothing keeps the clock right");
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "the clock is kept right");
}
