/* fails-if: a ticket is taken that is forged, late, for somebody else, for other content or used
 *           before; or a good one is refused */
#include <string.h>

#include <glib/gstdio.h>

#include "base/err.h"
#include "front/release.h"

#define NOW 1800000000

typedef struct {
	char	  *dir;
	SgOptions *options;
	SgKeys	  *keys;
	SgStore	  *store;
} World;

static void
world_new(World *w, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = NULL, *file = NULL, *keys = NULL;

	(void)unused;
	w->dir = g_dir_make_tmp("sg-release-XXXXXX", &error);
	g_assert_no_error(error);
	file = g_build_filename(w->dir, "schoolgate.conf", NULL);
	keys = g_build_filename(w->dir, "keys", NULL);
	conf = g_strdup_printf("school: { name = \"T\"; domains = [ \"t.example\" ]; };\n"
	    "courier: { from = \"sg@t.example\"; };\nstore: { url = \"sqlite:%s/store\"; };\n", w->dir);
	g_assert_true(g_file_set_contents(file, conf, -1, NULL));
	w->options = sg_options_load(file, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sg_keys_init(keys, &error), ==, 4);
	w->keys = sg_keys_load(keys, SG_KEY_VAULT_PUBLIC | SG_KEY_AUDIT | SG_KEY_MAIL, &error);
	g_assert_no_error(error);
	w->store = sg_store_open(w->options, w->keys, &error);
	g_assert_no_error(error);
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) d = g_dir_open(path, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	(void)g_remove(path);
}

static void
world_free(World *w, gconstpointer unused)
{
	(void)unused;
	sg_store_close(w->store);
	sg_keys_free(w->keys);
	sg_options_unref(w->options);
	remove_tree(w->dir);
	g_free(w->dir);
}

/* A message of this body, with these header fields of ours (NULL ends the list). */
static SgPass
check(World *w, const char *body, const char *to, const char *also_to, const char *const *tickets, gint64 now)
{
	g_autoptr(SgCollect) c = sg_collect_new(1 << 20);
	g_autoptr(SgMessage) m = sg_message_new();
	g_autoptr(GError) error = NULL;
	SgPass pass;

	for (gsize i = 0; tickets[i] != NULL; i += 2)
		sg_collect_header(c, tickets[i], tickets[i + 1], FALSE);
	sg_collect_header(c, "Subject", " hello", FALSE);
	sg_collect_body(c, body, strlen(body));
	m->bytes = sg_collect_seal(c, NULL);
	g_ptr_array_add(m->recipients, g_strdup(to));
	if (also_to != NULL)
		g_ptr_array_add(m->recipients, g_strdup(also_to));
	g_assert_true(sg_release_check(c, m, w->keys, w->store, now, &pass, &error));
	g_assert_no_error(error);
	return pass;
}

static char *
ticket(World *w, gboolean release, const char *body, const char *to, gint64 expires)
{
	SgTicket t = { .release = release, .expires = expires };
	g_autoptr(SgMessage) m = sg_message_new();
	g_autofree char *text = g_strdup_printf("Subject: hello\r\n\r\n%s", body);

	m->bytes = g_bytes_new(text, strlen(text));
	sg_message_hash(m);
	if (release) {
		(void)g_strlcpy(t.ref, "7F3K9QXD", sizeof t.ref);
		(void)g_strlcpy(t.content, m->content_hash, sizeof t.content);
	}
	return sg_ticket_make(&t, w->keys, to);
}

static void
good_once(World *w, gconstpointer unused)
{
	g_autofree char *t = ticket(w, TRUE, "body", "a@t.example", NOW + 60);
	const char *const fields[] = { SG_TICKET_RELEASE, t, NULL };
	SgPass pass = check(w, "body", "a@t.example", NULL, fields, NOW);

	(void)unused;
	g_assert_true(pass.good);
	g_assert_cmpstr(pass.ticket.ref, ==, "7F3K9QXD");
	/* used, but the program died before its answer: good again */
	pass = check(w, "body", "a@t.example", NULL, fields, NOW);
	g_assert_true(pass.good);
	g_assert_true(sg_store_ticket_answered(w->store, pass.ticket.nonce, pass.ticket.ref, NOW, NULL));
	pass = check(w, "body", "a@t.example", NULL, fields, NOW);
	g_assert_false(pass.good);
	g_assert_cmpstr(pass.why, ==, "used-before");
	g_assert_true(pass.genuine);
}

static void
refused(World *w, gconstpointer unused)
{
	static const struct { const char *made_for, *to, *also, *body, *why; gint64 now; gboolean release, genuine; } cases[] = {
		{ "a@t.example", "b@t.example", NULL, "body", "other-recipient", NOW, TRUE, FALSE },
		{ "a@t.example", "a@t.example", "b@t.example", "body", "other-recipient", NOW, TRUE, FALSE },
		{ "a@t.example", "a@t.example", NULL, "body!", "other-content", NOW, TRUE, FALSE },
		{ "a@t.example", "a@t.example", NULL, "body", "expired", NOW + 100, TRUE, TRUE },
		{ "a@t.example", "a@t.example", NULL, "body", "expired", NOW + 100, FALSE, TRUE },
		/* late and somebody else's: a copy that was passed on, no release */
		{ "a@t.example", "b@t.example", NULL, "body", "other-recipient", NOW + 100, TRUE, FALSE },
		{ "a@t.example", "a@t.example", NULL, "body!", "other-content", NOW + 100, TRUE, FALSE },
		{ "a@t.example", "b@t.example", NULL, "body", "other-recipient", NOW, FALSE, FALSE },
		{ "a@t.example", "a@t.example", NULL, "body!", NULL, NOW, FALSE, FALSE },	/* a notice has no content */
	};

	(void)unused;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		gboolean release = cases[i].release;
		g_autofree char *t = ticket(w, release, "body", cases[i].made_for, NOW + 60);
		const char *const fields[] = { release ? SG_TICKET_RELEASE : SG_TICKET_NOTICE, t, NULL };
		SgPass pass = check(w, cases[i].body, cases[i].to, cases[i].also, fields, cases[i].now);

		g_test_message("%zu", i);
		g_assert_cmpstr(pass.why, ==, cases[i].why);
		g_assert_cmpint(pass.good, ==, cases[i].why == NULL);
		g_assert_cmpint(pass.genuine, ==, cases[i].genuine);
	}
}

/* Any change of any character, and the one kind sold as the other. */
static void
forged(World *w, gconstpointer unused)
{
	g_autofree char *t = ticket(w, TRUE, "body", "a@t.example", NOW + 60);
	const char *const other[] = { SG_TICKET_NOTICE, t, NULL };

	(void)unused;
	for (gsize i = 0; t[i] != '\0'; i++) {
		g_autofree char *bent = g_strdup(t);
		const char *const fields[] = { SG_TICKET_RELEASE, bent, NULL };

		bent[i] = bent[i] == '0' ? '1' : '0';
		g_assert_false(check(w, "body", "a@t.example", NULL, fields, NOW).good);
	}
	g_assert_cmpstr(check(w, "body", "a@t.example", NULL, other, NOW).why, ==, "forged");
}

static void
several(World *w, gconstpointer unused)
{
	g_autofree char *t = ticket(w, TRUE, "body", "a@t.example", NOW + 60);
	const char *const beside[] = { "schoolgate-release", "v=1; nonsense", "Schoolgate-Status", "x", "SCHOOLGATE-RELEASE", t, NULL };
	const char *many[41];
	const char *const none[] = { "Schoolgate-Status", "x", NULL };
	SgPass pass;

	(void)unused;
	g_assert_true(check(w, "body", "a@t.example", NULL, beside, NOW).good);
	/* not tried for ever */
	for (gsize i = 0; i < 38; i += 2) {
		many[i] = SG_TICKET_RELEASE;
		many[i + 1] = "v=1; nonsense";
	}
	many[38] = SG_TICKET_RELEASE;
	many[39] = t;
	many[40] = NULL;
	g_assert_false(check(w, "body", "a@t.example", NULL, many, NOW).good);
	pass = check(w, "body", "a@t.example", NULL, none, NOW);
	g_assert_false(pass.good);
	g_assert_null(pass.why);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/release/good-once", World, NULL, world_new, good_once, world_free);
	g_test_add("/release/refused", World, NULL, world_new, refused, world_free);
	g_test_add("/release/forged", World, NULL, world_new, forged, world_free);
	g_test_add("/release/several", World, NULL, world_new, several, world_free);
	return g_test_run();
}
