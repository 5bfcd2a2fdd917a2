/* fails-if: any call that fails, a kill at any step, a lock, a full disk or two programs at
 * once leave half an incident, a lost or doubled one, a broken audit, or a store that does
 * not recover by itself */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <sqlite3.h>

#include "../lib/store_fixture.h"
#include "base/err.h"
#include "store/private.h"

#define REF "7F3K9QXD"

static char *fault_file;	/* SCHOOLGATE_FAULT_FILE of this program */

static void
set_fault(const char *plan)
{
	g_assert_true(g_file_set_contents(fault_file, plan, -1, NULL));
}

/* Does what a mail's life asks of the store; stops at the first failure. */
static gboolean
one_life(SgStore *s, const char *new_ref, GError **error)
{
	const char *ref = new_ref;
	SgMailJob alert = { .kind = g_strdup("alert"), .template = g_strdup("alert"), .role = g_strdup("lead") };
	g_autofree char *kind = alert.kind;
	g_autofree char *template = alert.template;
	g_autofree char *role = alert.role;
	g_autoptr(GPtrArray) mails = g_ptr_array_new();
	g_autoptr(GPtrArray) jobs = NULL;
	g_autoptr(SgIncident) in = incident_make(new_ref, "same", "a@x.example b@x.example");
	g_autoptr(SgIncident) i = NULL;
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(SgReading) r = reading_make("zebra");
	g_autoptr(GBytes) m = g_bytes_new_static("Subject: x\r\n\r\nbody\r\n", 20);
	g_autoptr(GBytes) back = NULL;
	SgTrace t = { .when = NOW };
	SgExpired e;

	(void)kind, (void)template, (void)role;
	g_ptr_array_add(mails, &alert);
	sg_store_trace(s, &t);
	if (!sg_store_file(s, in, m, r, mails, &known, error) || !sg_store_trace_flush(s, error))
		return FALSE;
	if (known != NULL)
		ref = known->ref;
	back = sg_store_message(s, ref, error);
	i = back != NULL ? sg_store_get(s, ref, error) : NULL;
	if (i == NULL)
		return FALSE;
	g_assert_true(g_bytes_equal(m, back));
	if (sg_incident_count(i, SG_COPY_WAITING) > 0) {
		SgDecision d = { .ref = ref, .code = "release", .actor = "lead", .reason = "harmless",
			.version = i->version, .now = NOW, .not_before = NOW };

		if (!sg_store_decide(s, &d, error))
			return FALSE;
	}
	jobs = sg_store_outbox_claim(s, "c", NOW + 1, 60, 10, error);
	for (guint n = 0; jobs != NULL && n < jobs->len; n++) {
		const SgMailJob *j = g_ptr_array_index(jobs, n);

		if (strcmp(j->kind, "release") == 0 && !sg_store_outbox_sending(s, j->id, "nonce", error))
			return FALSE;
		if (!sg_store_outbox_done(s, j->id, SG_SENT, "250 ok", NOW + 2, 0, error))
			return FALSE;
	}
	return jobs != NULL && sg_store_expire(s, NOW, FALSE, &e, error);
}

static SgIncident *
find(SgStore *s, const char *dedupe, GError **error)
{
	g_autoptr(GPtrArray) to = g_ptr_array_new();
	char a[] = "a@x.example";

	g_ptr_array_add(to, a);
	return sg_store_find_same(s, dedupe, to, TRUE, NOW, error);
}

/* Whatever happened: all of it or nothing, and nothing contradicts itself. */
static void
check_whole(SgStore *s)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = find(s, "same", &error);
	g_autoptr(GPtrArray) log = sg_store_audit_list(s, NULL, 0, 0, &error);
	g_autoptr(GPtrArray) jobs = sg_store_outbox_claim(s, "c", NOW + 1, 60, 10, &error);
	guint releases = 0, held = 0;

	g_assert_no_error(error);
	g_assert_true(sg_store_audit_verify(s, NULL, &error));
	g_assert_no_error(error);
	for (guint n = 0; n < log->len; n++)
		held += strcmp(((SgAuditEntry *)g_ptr_array_index(log, n))->action, "held") == 0;
	for (guint n = 0; n < jobs->len; n++)
		releases += strcmp(((SgMailJob *)g_ptr_array_index(jobs, n))->kind, "release") == 0;
	if (i == NULL) {
		g_assert_cmpuint(held + jobs->len, ==, 0);
		return;
	}
	g_assert_cmpuint(held, ==, 1);
	g_assert_cmpuint(i->copies->len, ==, 2);
	g_assert_cmpuint(i->hits->len, ==, 1);
	g_assert_cmpuint(releases, ==, sg_incident_count(i, SG_COPY_RELEASING) + sg_incident_count(i, SG_COPY_SENDING));
	g_assert_cmpuint(sg_incident_count(i, SG_COPY_WAITING), !=, 1);
	g_assert_cmpint(*i->decision != '\0', ==, sg_incident_count(i, SG_COPY_WAITING) == 0);
	g_autoptr(GBytes) m = sg_store_message(s, i->ref, &error);
	g_assert_no_error(error);
	g_autoptr(SgReading) r = sg_store_reading(s, i->ref, &error);
	g_assert_no_error(error);
	if (*i->decision != '\0') {
		g_autofree char *reason = sg_store_reason(s, i->ref, &error);

		g_assert_cmpstr(reason, ==, "harmless");
	}
}

/* Afterwards the same life goes on to its end, with one incident and no orphan left. */
static void
check_recovers(const Place *p)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = place_open(p);
	g_autoptr(GPtrArray) all = NULL;
	g_autoptr(SgIncident) i = NULL;
	const SgFilter any = { 0 };
	SgExpired e;

	check_whole(s);
	one_life(s, "AGA1NAAA", &error);
	g_assert_no_error(error);
	check_whole(s);
	all = sg_store_list(s, &any, &error);
	g_assert_cmpuint(all->len, ==, 1);
	i = find(s, "same", &error);
	g_assert_cmpuint(sg_incident_count(i, SG_COPY_RELEASED), ==, 2);
	/* content written before a crash, or a reason of a decision that did not come to be */
	g_assert_true(sg_store_expire(s, g_get_real_time() / G_USEC_PER_SEC + 7200, FALSE, &e, &error));
	g_assert_no_error(error);
}

/* the n-th call of the engine fails, once or from then on, until nothing fails any more */
static void
every_call_fails(gconstpointer mode)
{
	guint clean = 0, n;

	for (n = 1; clean < 3 && n < 1000; n++) {
		g_auto(Place) p = { 0 };
		g_autoptr(GError) error = NULL;
		g_autofree char *url = NULL;
		SgStore *s;
		gboolean ok;

		place_make(&p);
		url = g_strdup_printf("failing:%u%s:sqlite:%s", n, (const char *)mode, p.store);
		s = place_try(&p, url, NULL, &error);
		ok = s != NULL && one_life(s, REF, &error);
		g_assert_cmpint(ok, ==, error == NULL);
		sg_store_close(s);
		clean = ok ? clean + 1 : 0;
		check_recovers(&p);
	}
	g_test_message("%u calls failed", n);
	g_assert_cmpuint(n, >, 50);
	g_assert_cmpuint(clean, ==, 3);
}

static const char *const points[] = {
	"store.content.write", "store.content.sync", "store.content.rename", "store.begin", "store.step",
	"store.commit", "store.before-commit", "store.after-commit",
};

/* TRUE when the child lived to the end */
static gboolean
live_in_child(const Place *p, const char *plan)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		SgStore *s;

		set_fault(plan);
		s = place_try(p, NULL, NULL, NULL);
		_exit(s != NULL && one_life(s, REF, NULL) ? 0 : 1);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	set_fault("");
	g_assert_true((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) || WIFEXITED(status));
	return WIFEXITED(status);
}

static void
kill_everywhere(void)
{
	guint kills = 0;

	for (gsize k = 0; k < G_N_ELEMENTS(points); k++) {
		gboolean lived = FALSE;

		for (guint n = 1; !lived; n++) {
			g_auto(Place) p = { 0 };
			g_autofree char *plan = g_strdup_printf("%s=kill@%u", points[k], n);

			place_make(&p);
			lived = live_in_child(&p, plan);
			kills += !lived;
			check_recovers(&p);
		}
	}
	g_test_message("killed %u times", kills);
	g_assert_cmpuint(kills, >, 60);
}

/* a failure that is not a death, at each point and in each turn */
static void
fail_everywhere(void)
{
	for (gsize k = 0; k < G_N_ELEMENTS(points); k++)
		for (guint n = 1; n <= 3; n++) {
			g_auto(Place) p = { 0 };
			g_autofree char *plan = g_strdup_printf("%s=once@%u", points[k], n);

			place_make(&p);
			g_assert_true(live_in_child(&p, plan));
			check_recovers(&p);
		}
}

/* what a crash leaves over goes, but not before an hour, and never what has an owner */
static void
sweeps_orphans(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	gint64 real = g_get_real_time() / G_USEC_PER_SEC;
	SgExpired e;

	place_make(&p);
	g_assert_false(live_in_child(&p, "store.content.rename=kill@1"));	/* unfinished */
	g_assert_false(live_in_child(&p, "store.before-commit=kill"));		/* finished, without an owner */
	s = place_open(&p);
	file_one(s, "0WNED000", "a@x.example");
	g_assert_cmpuint(place_files(&p), ==, 5);
	g_assert_true(sg_store_expire(s, real + 3000, FALSE, &e, &error));
	g_assert_cmpuint(e.orphans, ==, 0);
	g_assert_true(sg_store_expire(s, real + 7200, TRUE, &e, &error));
	g_assert_cmpuint(e.orphans, ==, 1);
	g_assert_cmpuint(place_files(&p), ==, 5);
	g_assert_true(sg_store_expire(s, real + 7200, FALSE, &e, &error));
	g_assert_cmpuint(e.orphans, ==, 1);
	g_assert_cmpuint(place_files(&p), ==, 2);
}

/* The clock jumps while a message is being filed: its content looks old and goes with the
 * sweep.  Then the filing must fail, and not leave an incident without content. */
static void
sweep_meets_filing(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	gint64 real = g_get_real_time() / G_USEC_PER_SEC;
	SgExpired e;
	int status = 0;
	pid_t pid;

	place_make(&p);
	sg_store_close(place_open(&p));
	/* the child's third transaction, after opening and looking, is the filing's own */
	set_fault("store.begin=stop@3");
	pid = fork();
	if (pid == 0) {
		g_autoptr(SgIncident) i = incident_make(REF, "same", "a@x.example");
		g_autoptr(SgIncident) known = NULL;
		g_autoptr(GBytes) m = g_bytes_new_static("x", 1);
		SgStore *mine = place_open(&p);

		_exit(!sg_store_file(mine, i, m, NULL, NULL, &known, &error) && error->code == SG_ERR_LATER ? 7 : 8);
	}
	g_assert_cmpint(waitpid(pid, &status, WUNTRACED), ==, pid);
	g_assert_true(WIFSTOPPED(status));
	set_fault("");
	g_assert_cmpuint(place_files(&p), ==, 1);
	s = place_open(&p);
	g_assert_true(sg_store_expire(s, real + 7200, FALSE, &e, &error));
	g_assert_cmpuint(e.orphans, ==, 1);
	g_assert_cmpint(kill(pid, SIGCONT), ==, 0);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 7);
	check_whole(s);
}

static sqlite3 *
lock(const Place *p)
{
	g_autofree char *path = g_build_filename(p->store, "schoolgate.db", NULL);
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
	return db;
}

static void
unlock(sqlite3 *db)
{
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void
locked(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	g_autoptr(SgIncident) i = incident_make(REF, "d", "a@x.example");
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(GBytes) m = g_bytes_new_static("x", 1);
	gint64 begun;
	sqlite3 *db;

	place_make(&p);
	s = place_open(&p);
	sg_db_set_wait(s->db, 200000);
	db = lock(&p);
	begun = g_get_monotonic_time();
	g_assert_false(sg_store_file(s, i, m, NULL, NULL, &known, &error));
	g_assert_error(error, SG_ERR, SG_ERR_LATER);
	g_clear_error(&error);
	g_assert_cmpint(g_get_monotonic_time() - begun, >=, 200000);
	g_assert_cmpint(g_get_monotonic_time() - begun, <, 5000000);
	g_assert_cmpuint(place_files(&p), ==, 0);
	/* who only looks is not kept waiting */
	g_assert_null(find(s, "d", &error));
	g_assert_no_error(error);
	unlock(db);
	g_assert_true(sg_store_file(s, i, m, NULL, NULL, &known, &error));
	g_assert_no_error(error);
}

/* The caller is never kept; the queue has an end, what goes over it is counted. */
static void
traces_while_away(void)
{
	const guint extra = 3000, all = 100000 + extra;
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	SgTrace t = { .when = NOW };
	SgStoreStatus st;
	sqlite3 *db;

	place_make(&p);
	s = place_open(&p);
	db = lock(&p);
	for (guint n = 0; n < all; n++)
		sg_store_trace(s, &t);
	unlock(db);
	while (!sg_store_trace_flush(s, NULL))
		g_usleep(100000);
	g_assert_true(sg_store_status(s, NOW + 10, &st, &error));
	g_test_message("%" G_GUINT64_FORMAT " kept, %" G_GUINT64_FORMAT " dropped", st.today, st.traces_dropped);
	g_assert_cmpuint(st.today, >=, 100000);
	g_assert_cmpuint(st.traces_dropped, >, 0);
	g_assert_cmpuint(st.today + st.traces_dropped, ==, all);
}

/* Facts alone need little: they fit a while longer, and then the database itself is full. */
static guint
facts_until_full(SgStore *s)
{
	guint refused = 0;

	for (guint n = 0; n < 4000 && refused < 5; n++) {
		g_autofree char *ref = g_strdup_printf("BBBB%04u", n);
		g_autoptr(SgIncident) i = incident_make(ref, ref, "a@x.example b@x.example");
		g_autoptr(SgIncident) known = NULL;
		g_autoptr(GError) error = NULL;

		if (sg_store_file(s, i, NULL, NULL, NULL, &known, &error))
			continue;
		refused++;
		g_assert_error(error, SG_ERR, SG_ERR_LATER);
		g_assert_null(sg_store_get(s, ref, NULL));
		if (refused == 1)
			g_test_message("after %u of facts alone: %s", n, error->message);
	}
	return refused;
}

/* A small disk: no space for bytes, then none for files. */
static void
full_disk(gconstpointer options)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	g_autofree char *filler = NULL;
	g_autoptr(GBytes) m = g_bytes_new_take(g_malloc0(100000), 100000);
	guint filed = 0, refused = 0, unclear = 0;

	place_make(&p);
	g_assert_cmpint(g_mkdir(p.store, 0700), ==, 0);
	if (mount("sg-test", p.store, "tmpfs", 0, options) == -1) {
		g_test_skip("cannot mount a small file system here");
		return;
	}
	g_assert_cmpint(chmod(p.store, 0700), ==, 0);
	filler = g_build_filename(p.store, "filler", NULL);
	s = place_open(&p);
	g_assert_true(g_file_set_contents(filler, "", 0, NULL));
	for (guint n = 0; n < 60; n++) {
		g_autofree char *ref = g_strdup_printf("AAAAAA%02u", n);
		g_autoptr(SgIncident) i = incident_make(ref, ref, "a@x.example");
		g_autoptr(SgIncident) known = NULL;

		g_clear_error(&error);
		if (sg_store_file(s, i, m, NULL, NULL, &known, &error)) {
			filed++;
			continue;
		}
		refused++;
		/* a commit that failed may yet have happened: its content stays for the sweep */
		unclear += strstr(error->message, "held messages") == NULL;
		g_assert_error(error, SG_ERR, SG_ERR_LATER);
		g_assert_null(sg_store_get(s, ref, NULL));
	}
	g_test_message("%u filed, %u put off: %s", filed, refused, error != NULL ? error->message : "");
	g_assert_cmpuint(filed, >, 2);
	g_assert_cmpuint(refused, >, 10);
	g_assert_cmpuint(unclear, <=, 1);
	g_assert_cmpuint(place_files(&p), >=, filed);
	g_assert_cmpuint(place_files(&p), <=, filed + unclear);
	g_clear_error(&error);
	if (strstr(options, "nr_inodes") == NULL)
		g_assert_cmpuint(facts_until_full(s), ==, 5);
	g_assert_true(sg_store_audit_verify(s, NULL, &error));
	g_assert_no_error(error);

	/* space comes back: nobody needs to start anything again */
	g_assert_cmpint(mount("sg-test", p.store, "tmpfs", MS_REMOUNT, "size=64m,nr_inodes=1000"), ==, 0);
	file_one(s, REF, "a@x.example");
	g_assert_true(sg_store_audit_verify(s, NULL, &error));
	g_assert_no_error(error);
	g_clear_pointer(&s, sg_store_close);
	g_assert_cmpint(umount(p.store), ==, 0);
}

enum { PROGRAMS = 4, EACH = 40 };

static int
work(const Place *p, guint me)
{
	g_autoptr(SgStore) s = place_try(p, NULL, NULL, NULL);
	g_autofree char *owner = g_strdup_printf("c%u", me);

	if (s == NULL)
		return 1;
	for (guint n = 0; n < EACH; n++) {
		g_autofree char *ref = g_strdup_printf("AAAA%u%03u", me, n);
		g_autoptr(SgIncident) shared = NULL;
		g_autoptr(SgIncident) known = NULL;
		g_autoptr(GPtrArray) jobs = NULL;
		g_autofree char *mine = g_strdup_printf("BBBB%u%03u", me, n);
		g_autofree char *same = g_strdup_printf("same%u", n);

		file_one(s, ref, "a@x.example");
		/* all programs file this very message at the same time */
		shared = incident_make(mine, same, "a@x.example");
		if (!sg_store_file(s, shared, NULL, NULL, NULL, &known, NULL))
			return 2;
		if (!decide_one(s, ref, "release", NULL))
			return 3;
		jobs = sg_store_outbox_claim(s, owner, NOW + 100, 1000, 3, NULL);
		for (guint k = 0; jobs != NULL && k < jobs->len; k++)
			if (!sg_store_outbox_done(s, ((SgMailJob *)g_ptr_array_index(jobs, k))->id, SG_SENT, "250", NOW,
			    0, NULL))
				return 4;
	}
	return 0;
}

static void
several_programs(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GPtrArray) list = NULL;
	const SgFilter any = { .limit = 10000 };
	pid_t pids[PROGRAMS];
	guint released = 0;
	gint64 entries = 0;

	place_make(&p);
	for (guint n = 0; n < PROGRAMS; n++) {
		pids[n] = fork();
		if (pids[n] == 0)
			_exit(work(&p, n));
	}
	for (guint n = 0; n < PROGRAMS; n++) {
		int status = 0;

		g_assert_cmpint(waitpid(pids[n], &status, 0), ==, pids[n]);
		g_assert_true(WIFEXITED(status));
		g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	}
	s = place_open(&p);
	list = sg_store_list(s, &any, &error);
	g_assert_cmpuint(list->len, ==, PROGRAMS * EACH + EACH);
	for (guint n = 0; n < list->len; n++)
		released += sg_incident_count(g_ptr_array_index(list, n), SG_COPY_RELEASED);
	g_assert_cmpuint(released, ==, PROGRAMS * EACH);
	g_assert_true(sg_store_audit_verify(s, &entries, &error));
	g_assert_no_error(error);
	/* held twice as many as each, decided, released */
	g_assert_cmpint(entries, ==, PROGRAMS * EACH * 3 + EACH);
}

typedef struct Crowd {
	SgStore *s;
	gint	 next, failed;
} Crowd;

static gpointer
crowd_member(gpointer data)
{
	Crowd *c = data;
	gint n;

	while ((n = g_atomic_int_add(&c->next, 1)) < 200) {
		g_autofree char *ref = g_strdup_printf("AAAAA%03d", n);
		g_autoptr(SgIncident) i = incident_make(ref, ref, "a@x.example");
		g_autoptr(SgIncident) known = NULL;
		g_autoptr(GBytes) m = g_bytes_new_static("x", 1);
		SgTrace t = { .when = NOW };

		sg_store_trace(c->s, &t);
		if (!sg_store_file(c->s, i, m, NULL, NULL, &known, NULL) || known != NULL)
			g_atomic_int_inc(&c->failed);
	}
	return NULL;
}

static void
several_threads(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	GThread *threads[8];
	Crowd c = { 0 };
	SgStoreStatus st;

	place_make(&p);
	s = c.s = place_open(&p);
	for (gsize n = 0; n < G_N_ELEMENTS(threads); n++)
		threads[n] = g_thread_new("crowd", crowd_member, &c);
	for (gsize n = 0; n < G_N_ELEMENTS(threads); n++)
		g_thread_join(threads[n]);
	g_assert_cmpint(c.failed, ==, 0);
	g_assert_true(sg_store_trace_flush(s, &error));
	g_assert_true(sg_store_status(s, NOW, &st, &error));
	g_assert_cmpuint(st.waiting, ==, 200);
	g_assert_cmpuint(st.today, ==, 200);
	g_assert_true(sg_store_audit_verify(s, NULL, &error));
	g_assert_no_error(error);
}

/* A file that is no database, or a damaged one, is said to be so and nothing crashes. */
static void
damaged_file(void)
{
	guint said = 0;

	for (guint page = 0; page < 30; page++) {
		g_auto(Place) p = { 0 };
		g_autoptr(GError) error = NULL;
		g_autofree char *path = NULL;
		g_autofree char *text = NULL;
		g_autoptr(SgStore) s = NULL;
		gsize n = 0;

		place_make(&p);
		s = place_open(&p);
		file_one(s, REF, "a@x.example");
		g_clear_pointer(&s, sg_store_close);
		path = g_build_filename(p.store, "schoolgate.db", NULL);
		g_assert_true(g_file_get_contents(path, &text, &n, NULL));
		if (page * 4096 >= n)
			break;
		memset(text + page * 4096, 0xa5, MIN(4096, n - page * 4096));
		g_assert_true(g_file_set_contents(path, text, (gssize)n, NULL));
		s = place_try(&p, NULL, NULL, &error);
		if (s == NULL || !one_life(s, "AGA1NAAA", &error)) {
			said++;
			g_assert_nonnull(error);
			g_test_message("page %u: %s", page, error->message);
		}
	}
	g_assert_cmpuint(said, >=, 5);
}

int
main(int argc, char **argv)
{
	g_autofree char *path = g_strdup_printf("%s/sg-fault-%d", g_get_tmp_dir(), (int)getpid());
	int rc;

	g_setenv("SCHOOLGATE_FAULT_FILE", path, TRUE);
	fault_file = path;
	set_fault("");
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/store-faults/every-call-fails-once", "", every_call_fails);
	g_test_add_data_func("/store-faults/every-call-fails-from-then-on", "+", every_call_fails);
	g_test_add_data_func("/store-faults/every-commit-lies", "!", every_call_fails);
	g_test_add_func("/store-faults/kill-everywhere", kill_everywhere);
	g_test_add_func("/store-faults/fail-everywhere", fail_everywhere);
	g_test_add_func("/store-faults/sweeps-orphans", sweeps_orphans);
	g_test_add_func("/store-faults/sweep-meets-filing", sweep_meets_filing);
	g_test_add_func("/store-faults/locked", locked);
	g_test_add_func("/store-faults/traces-while-away", traces_while_away);
	g_test_add_data_func("/store-faults/full-disk", "size=3m", full_disk);
	g_test_add_data_func("/store-faults/no-inodes", "size=64m,nr_inodes=24", full_disk);
	g_test_add_func("/store-faults/several-programs", several_programs);
	g_test_add_func("/store-faults/several-threads", several_threads);
	g_test_add_func("/store-faults/damaged-file", damaged_file);
	rc = g_test_run();
	g_remove(path);
	return rc;
}
