#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "store_fixture.h"

void
place_make(Place *p)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *keys = NULL;

	p->dir = g_dir_make_tmp("sg-store-XXXXXX", &error);
	g_assert_no_error(error);
	p->store = g_build_filename(p->dir, "store", NULL);
	keys = g_build_filename(p->dir, "keys", NULL);
	g_assert_cmpint(sg_keys_init(keys, &error), ==, 4);
	p->keys = sg_keys_load(keys, SG_KEY_VAULT_PUBLIC | SG_KEY_VAULT_SECRET | SG_KEY_AUDIT | SG_KEY_MAIL, &error);
	g_assert_no_error(error);
}

static void
each_file(const char *dir, void (*fn)(const char *path, gpointer data), gpointer data)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			each_file(path, fn, data);
		fn(path, data);
	}
}

static void
remove_one(const char *path, gpointer data G_GNUC_UNUSED)
{
	g_remove(path);
}

void
place_clear(Place *p)
{
	each_file(p->dir, remove_one, NULL);
	g_rmdir(p->dir);
	sg_keys_free(p->keys);
	g_free(p->store);
	g_free(p->dir);
}

SgOptions *
place_options(const Place *p, const char *url, const char *extra)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = g_build_filename(p->dir, "schoolgate.conf", NULL);
	g_autofree char *fallback = g_strdup_printf("sqlite:%s", p->store);
	g_autofree char *text = g_strdup_printf("school: { name = \"Hillview\"; domains = [ \"hillview.example\" ]; };\n"
	    "store: { url = \"%s\"; %s };\ncourier: { from = \"sg@hillview.example\"; };\n",
	    url != NULL ? url : fallback, extra != NULL ? extra : "");
	SgOptions *o;

	g_assert_true(g_file_set_contents(conf, text, -1, NULL));
	o = sg_options_load(conf, NULL, &error);
	g_assert_no_error(error);
	return o;
}

SgStore *
place_try(const Place *p, const char *url, const char *extra, GError **error)
{
	g_autoptr(SgOptions) o = place_options(p, url, extra);

	return sg_store_open(o, p->keys, error);
}

SgStore *
place_open(const Place *p)
{
	g_autoptr(GError) error = NULL;
	SgStore *s = place_try(p, NULL, NULL, &error);

	g_assert_no_error(error);
	return s;
}

typedef struct Grep {
	const char *marker;
	gboolean    found;
	guint	    files;
} Grep;

static void
grep_one(const char *path, gpointer data)
{
	Grep *g = data;
	g_autofree char *text = NULL;
	gsize n = 0;

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || !g_file_get_contents(path, &text, &n, NULL))
		return;
	g->files++;
	if (g->marker != NULL && memmem(text, n, g->marker, strlen(g->marker)) != NULL) {
		g_test_message("%s holds \"%s\"", path, g->marker);
		g->found = TRUE;
	}
}

gboolean
place_holds(const Place *p, const char *marker)
{
	Grep g = { .marker = marker };

	each_file(p->store, grep_one, &g);
	g_assert_cmpuint(g.files, >, 0);
	return g.found;
}

guint
place_files(const Place *p)
{
	g_autofree char *content = g_build_filename(p->store, "content", NULL);
	Grep g = { 0 };

	each_file(content, grep_one, &g);
	return g.files;
}

SgIncident *
incident_make(const char *ref, const char *dedupe, const char *waiting)
{
	SgIncident *i = sg_incident_new();
	g_auto(GStrv) to = g_strsplit(waiting, " ", -1);
	SgHit *h = sg_incident_add_hit(i);

	i->ref = g_strdup(ref);
	i->created = NOW;
	i->origin.dedupe = g_strdup(dedupe);
	i->origin.content_hash = g_strdup("c0ffee");
	i->origin.sender = g_strdup("Pupil@hillview.example");
	i->origin.sender_class = g_strdup("pupil");
	i->origin.client = g_strdup("192.0.2.1");
	i->origin.queue_id = g_strdup("4XyZ");
	i->origin.message_id = g_strdup("m1@hillview.example");
	i->origin.mail_args = g_strdup("BODY=8BITMIME");
	i->origin.authenticated = TRUE;
	i->origin.own_id = TRUE;
	i->origin.size = 12345;
	i->route = g_strdup("inside");
	i->category = g_strdup("bullying");
	i->area = g_strdup("conduct");
	i->severity = 3;
	i->urgency = g_strdup("high");
	i->rows = g_strdup("harm");
	i->failure = g_strdup("");
	i->look_by = NOW + 3600;
	i->version = 1;
	i->taken_by = g_strdup("");
	i->decision = g_strdup("");
	i->decided_by = g_strdup("");
	for (char **a = to; *a != NULL; a++)
		if (**a != '\0')
			sg_incident_add_copy(i, *a, "outside", SG_COPY_WAITING, "hold");
	h->rule = g_strdup("bully.insult");
	h->title = g_strdup("Insult to a person");
	h->category = g_strdup("bullying");
	h->area = g_strdup("conduct");
	h->where = g_strdup("body");
	h->part = g_strdup("1");
	h->severity = 3;
	h->confidence = 2;
	h->count = 4;
	h->disguised = 1;
	return i;
}

SgReading *
reading_make(const char *marker)
{
	SgReading *r = sg_reading_new();
	SgFinding *f = g_new0(SgFinding, 1);
	SgText *t = g_new0(SgText, 1);

	f->severity = 3;
	f->confidence = 2;
	f->count = 1;
	f->rule = g_strdup("bully.insult");
	f->title = g_strdup("Insult");
	f->category = g_strdup("bullying");
	f->area = g_strdup("conduct");
	f->where = g_strdup("body");
	f->part = g_strdup("1");
	f->name = g_strdup_printf("%s-name.docx", marker);
	f->excerpt = g_strdup_printf("you %s-excerpt", marker);
	g_ptr_array_add(r->findings, f);
	t->where = g_strdup("body");
	t->part = g_strdup("1");
	t->name = g_strdup("");
	t->text = g_strdup_printf("the text %s-text", marker);
	g_ptr_array_add(r->texts, t);
	if (r->rules == NULL)
		r->rules = g_strdup("abc");
	return r;
}

void
file_one(SgStore *s, const char *ref, const char *waiting)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = incident_make(ref, ref, waiting);
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(SgReading) r = reading_make("plain");
	g_autoptr(GBytes) m = g_bytes_new_static("Subject: x\r\n\r\nbody\r\n", 20);

	g_assert_true(sg_store_file(s, i, m, r, NULL, &known, &error));
	g_assert_no_error(error);
	g_assert_null(known);
}

SgCopyState
copy_state(SgStore *s, const char *ref, guint nr)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = sg_store_get(s, ref, &error);

	g_assert_no_error(error);
	return ((SgCopy *)g_ptr_array_index(i->copies, nr))->state;
}

gboolean
decide_one(SgStore *s, const char *ref, const char *code, GError **error)
{
	g_autoptr(SgIncident) i = sg_store_get(s, ref, NULL);
	SgDecision d = { .ref = ref, .code = code, .actor = "lead", .reason = "harmless", .strip = "2",
		.to = "deputy", .template = "return", .version = i->version, .now = NOW + 10,
		.not_before = NOW + 70 };

	return sg_store_decide(s, &d, error);
}
