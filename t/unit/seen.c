/* fails-if: one worker alone can make others believe that a part is clean, a worker can write
 *           another's table, or what was found clean is forgotten at once */
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scan/seen.h"

#define WORKERS 3u

static void
hash_of(const SgSeen *s, guint n, guint8 out[SG_SEEN_HASH])
{
	g_autofree char *text = g_strdup_printf("part number %u", n);

	sg_seen_hash(s, text, strlen(text), out);
}

/* A worker with that table: it is asked about a part, and may say that it is clean.
 * What it knew of it before: 0 or 1; 2 when it died of it. */
static guint
work(SgSeen *s, guint table, guint n, gboolean say)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		guint8 hash[SG_SEEN_HASH];
		gboolean knew;

		hash_of(s, n, hash);
		sg_seen_keep_only(s, table);
		knew = sg_seen_is_clean(s, hash);
		if (say)
			sg_seen_add(s, hash);
		_exit(say && !sg_seen_is_clean(s, hash) ? 3 : knew);	/* itself it believes */
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return WIFEXITED(status) ? (guint)WEXITSTATUS(status) : 2;
}

static void
two_voices(void)
{
	SgSeen *s = sg_seen_new(WORKERS, NULL);
	guint a = sg_seen_hand_out(s), b = sg_seen_hand_out(s), c = sg_seen_hand_out(s);

	g_assert_true(a != b && b != c && a != c);
	g_assert_cmpuint(work(s, a, 1, TRUE), ==, 0);
	g_assert_cmpuint(work(s, b, 1, FALSE), ==, 0);		/* one voice is none */
	g_assert_cmpuint(work(s, a, 1, FALSE), ==, 1);		/* but its own */
	g_assert_cmpuint(work(s, b, 1, TRUE), ==, 0);
	g_assert_cmpuint(work(s, c, 1, FALSE), ==, 1);
	g_assert_cmpuint(work(s, c, 2, FALSE), ==, 0);
	sg_seen_free(s);
}

/* What a worker wrote stays when it leaves well, and goes when it does not. */
static void
leaving(void)
{
	SgSeen *s = sg_seen_new(WORKERS, NULL);
	guint a = sg_seen_hand_out(s), b = sg_seen_hand_out(s), c = sg_seen_hand_out(s), d;

	(void)work(s, a, 1, TRUE);
	(void)work(s, b, 1, TRUE);
	sg_seen_take_back(s, a, TRUE);
	d = sg_seen_hand_out(s);		/* the one in a's place has a's voice as another's */
	g_assert_cmpuint(d, !=, a);
	g_assert_cmpuint(work(s, d, 1, FALSE), ==, 1);
	sg_seen_take_back(s, b, FALSE);
	g_assert_cmpuint(work(s, c, 1, FALSE), ==, 0);
	g_assert_cmpuint(work(s, d, 1, FALSE), ==, 0);
	/* however many come and go, nobody gets a table that is in use or not empty */
	for (guint i = 0; i < 20; i++) {
		guint e = sg_seen_hand_out(s);

		g_assert_true(e != c && e != d);
		g_assert_cmpuint(work(s, e, 100 + i, TRUE), ==, 0);
		g_assert_cmpuint(work(s, e, 99 + i, FALSE), ==, 0);
		sg_seen_take_back(s, e, TRUE);
	}
	sg_seen_free(s);
}

/* A captured worker has the pages that it has, and no others. */
static void
walls(void)
{
	SgSeen *s = sg_seen_new(WORKERS, NULL);
	guint tables[] = { sg_seen_hand_out(s), sg_seen_hand_out(s), sg_seen_hand_out(s) };
	guint8 hash[SG_SEEN_HASH];

	hash_of(s, 1, hash);
	for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
		pid_t pid = fork();
		int status = 0;

		if (pid == 0) {
			sg_seen_keep_only(s, tables[i]);
			sg_seen_take_back(s, tables[(i + 1) % 3], FALSE);	/* wipes it, or tries to */
			_exit(0);
		}
		g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
		g_assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	sg_seen_free(s);
}

static void
full(void)
{
	SgSeen *s = sg_seen_new(1, NULL);
	guint table = sg_seen_hand_out(s), kept = 0;
	guint8 hash[SG_SEEN_HASH];

	sg_seen_keep_only(s, table);
	for (guint n = 0; n < 4 * SG_SEEN_ROWS; n++) {
		hash_of(s, n, hash);
		sg_seen_add(s, hash);
		g_assert_true(sg_seen_is_clean(s, hash));
	}
	for (guint n = 4 * SG_SEEN_ROWS - SG_SEEN_ROWS / 4; n < 4 * SG_SEEN_ROWS; n++) {
		hash_of(s, n, hash);
		kept += sg_seen_is_clean(s, hash);
	}
	g_assert_cmpuint(kept, >, SG_SEEN_ROWS / 5);	/* the newest are nearly all there */
	sg_seen_free(s);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/seen/two-voices", two_voices);
	g_test_add_func("/seen/leaving", leaving);
	g_test_add_func("/seen/walls", walls);
	g_test_add_func("/seen/full", full);
	return g_test_run();
}
