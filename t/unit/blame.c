/* fails-if: blame is lost, given to other content, or can be written by a worker */
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool/blame.h"
#include "pool/scoreboard.h"

static void
hash_of(const SgBlames *b, const char *text, guint8 hash[SG_BLAME_HASH])
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));

	sg_blames_hash(b, bytes, hash);
}

static void
adds_up(void)
{
	SgBlames *b = sg_blames_new(NULL);
	const SgBlame crash = { 2, "pdf", "2.1" }, outside = { 1, "", "" };
	guint8 one[SG_BLAME_HASH], two[SG_BLAME_HASH];
	SgBlame got;

	hash_of(b, "one", one);
	hash_of(b, "two", two);
	g_assert_false(sg_blames_find(b, one, 10, &got));
	sg_blames_add(b, one, 10, &crash);
	g_assert_false(sg_blames_find(b, two, 10, &got));
	g_assert_true(sg_blames_find(b, one, 11, &got));
	g_assert_cmpuint(got.points, <, SG_BLAME_POISON);
	g_assert_cmpstr(got.extractor, ==, "pdf");
	g_assert_cmpstr(got.part, ==, "2.1");
	sg_blames_add(b, one, 12, &outside);	/* keeps what is known of the extractor */
	g_assert_true(sg_blames_find(b, one, 12, &got));
	g_assert_cmpstr(got.extractor, ==, "pdf");
	g_assert_cmpuint(got.points, <, SG_BLAME_POISON);
	sg_blames_add(b, one, 13, &crash);
	g_assert_true(sg_blames_find(b, one, 13, &got));
	g_assert_cmpuint(got.points, >=, SG_BLAME_POISON);
	g_assert_false(sg_blames_find(b, one, 14 + SG_BLAME_AGE, &got));
	sg_blames_add(b, one, 14 + SG_BLAME_AGE, &crash);	/* begins anew */
	g_assert_true(sg_blames_find(b, one, 15 + SG_BLAME_AGE, &got));
	g_assert_cmpuint(got.points, ==, 2);
	sg_blames_free(b);
}

/* full: the oldest goes, the newest are all there */
static void
forgets_the_oldest(void)
{
	SgBlames *b = sg_blames_new(NULL);
	const SgBlame crash = { 2, "x", "1" };
	guint8 hash[SG_BLAME_HASH];
	SgBlame got;

	for (guint i = 0; i < 300; i++) {
		g_autofree char *text = g_strdup_printf("message %u", i);

		hash_of(b, text, hash);
		sg_blames_add(b, hash, i, &crash);
	}
	for (guint i = 60; i < 300; i++) {
		g_autofree char *text = g_strdup_printf("message %u", i);

		hash_of(b, text, hash);
		g_assert_true(sg_blames_find(b, hash, 300, &got));
	}
	hash_of(b, "message 0", hash);
	g_assert_false(sg_blames_find(b, hash, 300, &got));
	sg_blames_free(b);
}

/* A zygote that was killed while it wrote leaves its row unfinished: only that row is lost. */
static void
unfinished_row(void)
{
	SgBlames *b = sg_blames_new(NULL);
	const SgBlame crash = { 2, "x", "1" };
	guint8 hash[SG_BLAME_HASH];
	guint8 *first;
	gint writing = 1;
	SgBlame got;

	hash_of(b, "one", hash);
	sg_blames_add(b, hash, 1, &crash);
	first = *(guint8 *const *)(gconstpointer)b;
	while (memcmp(first, hash, sizeof hash) != 0)
		first += sizeof(gint);
	memcpy(first - sizeof writing, &writing, sizeof writing);	/* the state stands before the hash */
	g_assert_false(sg_blames_find(b, hash, 2, &got));
	sg_blames_add(b, hash, 2, &crash);
	g_assert_true(sg_blames_find(b, hash, 2, &got));
	sg_blames_free(b);
}

/* a worker reads what the zygote writes, and cannot make its view writable */
static void
worker_only_reads(void)
{
	SgBlames *b = sg_blames_new(NULL);
	const SgBlame crash = { 2, "x", "1" };
	guint8 hash[SG_BLAME_HASH];
	int status, p[2];
	char byte;
	pid_t pid;

	hash_of(b, "one", hash);
	g_assert_cmpint(pipe(p), ==, 0);
	pid = fork();
	if (pid == 0) {
		const guint8 *view;
		SgBlame got;

		sg_blames_read_only(b);
		if (read(p[0], &byte, 1) != 1 || !sg_blames_find(b, hash, 1, &got))
			_exit(1);
		view = *(const guint8 *const *)((const char *)b + sizeof(gpointer));
		if (mprotect((gpointer)(guintptr)view, 4096, PROT_READ | PROT_WRITE) == 0)
			_exit(2);
		_exit(0);
	}
	sg_blames_add(b, hash, 1, &crash);
	g_assert_cmpint(write(p[1], "x", 1), ==, 1);
	waitpid(pid, &status, 0);
	g_assert_cmpint(WIFEXITED(status) ? WEXITSTATUS(status) : -1, ==, 0);
	close(p[0]);
	close(p[1]);
	sg_blames_free(b);
}

static void
own_slot_only(void)
{
	SgScoreboard *b = sg_scoreboard_new(3, NULL);
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		(void)signal(SIGSEGV, SIG_DFL);
		sg_scoreboard_keep_only(b, 1);
		sg_slot_enter(sg_scoreboard_slot(b, 1), SG_SLOT_SCANNING, 5);
		*(volatile gint *)&sg_scoreboard_slot(b, 2)->state = 1;	/* SIGSEGV */
		_exit(0);
	}
	waitpid(pid, &status, 0);
	g_assert_cmpint(WIFSIGNALED(status) ? WTERMSIG(status) : 0, ==, SIGSEGV);
	g_assert_cmpint(sg_scoreboard_slot(b, 1)->state, ==, SG_SLOT_SCANNING);
	g_assert_cmpint(sg_scoreboard_slot(b, 2)->state, ==, SG_SLOT_STARTING);
	g_assert_cmpstr(sg_slot_state_name(77), ==, "?");
	sg_scoreboard_free(b);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/blame/adds-up", adds_up);
	g_test_add_func("/blame/forgets-the-oldest", forgets_the_oldest);
	g_test_add_func("/blame/unfinished-row", unfinished_row);
	g_test_add_func("/blame/worker-only-reads", worker_only_reads);
	g_test_add_func("/scoreboard/own-slot-only", own_slot_only);
	return g_test_run();
}
