/* fails-if: an alarm begins or ends at the wrong time, is lost, or is read from a file that
 *           cannot be right; a program without a place for alarms does not work */
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/err.h"
#include "base/trouble.h"

typedef struct Place {
	char *dir, *socket, *file;
} Place;

static void
set_up(Place *p, gconstpointer unused)
{
	(void)unused;
	p->dir = g_dir_make_tmp("sg-trouble-XXXXXX", NULL);
	p->socket = g_build_filename(p->dir, "console.sock", NULL);
	p->file = g_build_filename(p->dir, "milter.trouble", NULL);
}

static void
tear_down(Place *p, gconstpointer unused)
{
	(void)unused;
	(void)g_unlink(p->file);
	g_assert_cmpint(g_rmdir(p->dir), ==, 0);
	g_free(p->dir);
	g_free(p->socket);
	g_free(p->file);
}

static void
begins_and_ends(Place *p, gconstpointer unused)
{
	SgTrouble *t = sg_trouble_open(p->socket, "milter", NULL);
	SgTroubleRow rows[SG_TROUBLE_N];
	gint64 since;

	(void)unused;
	g_assert_nonnull(t);
	g_assert_true(sg_trouble_read(p->socket, "milter", rows));
	for (guint k = 0; k < SG_TROUBLE_N; k++)
		g_assert_true(!rows[k].on && rows[k].count == 0 && rows[k].why[0] == '\0');
	sg_trouble_on(t, SG_TROUBLE_FILING, "disk full\n\x1b caf\xc3\xa9");
	g_assert_true(sg_trouble_read(p->socket, "milter", rows));
	since = rows[SG_TROUBLE_FILING].since;
	g_assert_cmpint(since, >, 1700000000);
	g_assert_cmpstr(rows[SG_TROUBLE_FILING].why, ==, "disk full?? caf??");
	g_usleep(1100 * 1000);
	sg_trouble_on(t, SG_TROUBLE_FILING, "still full");
	sg_trouble_count(t, SG_TROUBLE_CROWD);
	g_assert_true(sg_trouble_read(p->socket, "milter", rows));
	g_assert_true(rows[SG_TROUBLE_FILING].on && rows[SG_TROUBLE_FILING].since == since);
	g_assert_cmpint(rows[SG_TROUBLE_FILING].last, >, since);
	g_assert_cmpuint(rows[SG_TROUBLE_FILING].count, ==, 2);
	g_assert_true(!rows[SG_TROUBLE_CROWD].on && rows[SG_TROUBLE_CROWD].count == 1);
	sg_trouble_off(t, SG_TROUBLE_FILING);
	sg_trouble_off(t, SG_TROUBLE_RELOAD);
	g_assert_true(sg_trouble_read(p->socket, "milter", rows));
	g_assert_true(!rows[SG_TROUBLE_FILING].on && rows[SG_TROUBLE_FILING].count == 2);
	sg_trouble_on(t, SG_TROUBLE_FILING, NULL);
	g_assert_true(sg_trouble_read(p->socket, "milter", rows));
	g_assert_cmpint(rows[SG_TROUBLE_FILING].since, >, since);
	sg_trouble_close(t);
	g_assert_false(sg_trouble_read(p->socket, "milter", rows));
	g_assert_false(rows[SG_TROUBLE_FILING].on);
}

static void
reads_only_what_can_be_right(Place *p, gconstpointer unused)
{
	SgTrouble *t = sg_trouble_open(p->socket, "milter", NULL);
	SgTroubleRow rows[SG_TROUBLE_N];
	g_autofree char *good = NULL;
	gsize n;

	(void)unused;
	sg_trouble_on(t, SG_TROUBLE_SCANNER, "nobody answers");
	g_assert_true(g_file_get_contents(p->file, &good, &n, NULL));
	for (gsize i = 0; i < n; i++) {
		g_autofree char *bad = g_memdup2(good, n);

		bad[i] = '\x1b';
		g_assert_true(g_file_set_contents(p->file, bad, (gssize)n, NULL));
		(void)sg_trouble_read(p->socket, "milter", rows);
		for (guint k = 0; k < SG_TROUBLE_N; k++)
			g_assert_null(strchr(rows[k].why, '\x1b'));
		g_assert_true(g_file_set_contents(p->file, good, (gssize)i, NULL));
		g_assert_false(sg_trouble_read(p->socket, "milter", rows));
		g_assert_false(rows[SG_TROUBLE_SCANNER].on);
	}
	g_assert_cmpint(g_unlink(p->file), ==, 0);
	g_assert_cmpint(symlink("/dev/zero", p->file), ==, 0);
	g_assert_false(sg_trouble_read(p->socket, "milter", rows));
	sg_trouble_close(t);
}

static void
works_without_a_place(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(sg_trouble_open("/no/such/place/console.sock", "milter", &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	sg_trouble_on(NULL, SG_TROUBLE_ROOM, "x");
	sg_trouble_off(NULL, SG_TROUBLE_ROOM);
	sg_trouble_count(NULL, SG_TROUBLE_ROOM);
	g_assert_false(sg_trouble_is_on(NULL, SG_TROUBLE_ROOM));
	sg_trouble_close(NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/trouble/begins-and-ends", Place, NULL, set_up, begins_and_ends, tear_down);
	g_test_add("/trouble/only-what-can-be-right", Place, NULL, set_up,
	    reads_only_what_can_be_right, tear_down);
	g_test_add_func("/trouble/without-a-place", works_without_a_place);
	return g_test_run();
}
