/*
 * storefill - puts incidents into a store and looks at them, for tests of programs that need
 * some before (or without) the milter.
 *
 *   storefill CONFIG keys
 *   storefill CONFIG file [key=value...] MESSAGE-FILE      prints the reference
 *       from= to=A,B class=pupil route=out category=bullying severity=3 title= created= look_by=
 *       alert=lead[,dpo]  notice=held-general  sealed=1 outside=1 (not authenticated) state=passed
 *       mail_args=  subject=ADDRESS (a reviewer it is about)  urgency=urgent  count=100 (as many incidents)
 *   storefill CONFIG decide REF CODE [template=] [strip=] [wait=SECONDS]
 *   storefill CONFIG undo|seal REF
 *   storefill CONFIG audit REF ACTION         as if somebody had looked
 *   storefill CONFIG cover LEAD DEPUTY DAYS   who stands in, from now on
 *   storefill CONFIG confirm ADDRESS...       contacts whose mail is known to arrive
 *   storefill CONFIG post KIND TEMPLATE ROLE ADDRESS [about=]
 *   storefill CONFIG settle REF ADDRESS again|arrived
 *   storefill CONFIG ticket use|answered|state NONCE
 *   storefill CONFIG show REF                 one JSON object
 *   storefill CONFIG status                   one JSON object
 *   storefill CONFIG verify                   walks the audit
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/ref.h"
#include "model/message.h"
#include "store/care.h"
#include "store/post.h"

typedef struct Args {
	SgStore	   *store;
	GHashTable *named;	/* key=value */
	GPtrArray  *plain;
} Args;

static const char *
named(const Args *a, const char *key, const char *otherwise)
{
	const char *v = g_hash_table_lookup(a->named, key);

	return v != NULL ? v : otherwise;
}

static const char *
plain(const Args *a, guint i)
{
	return i < a->plain->len ? g_ptr_array_index(a->plain, i) : "";
}

static gint64
number(const Args *a, const char *key, gint64 otherwise)
{
	const char *v = g_hash_table_lookup(a->named, key);

	return v != NULL ? g_ascii_strtoll(v, NULL, 10) : otherwise;
}

/* ---- file --------------------------------------------------------------------- */

static SgMessage *
message_of(const Args *a, GError **error)
{
	SgMessage *m = sg_message_new();
	g_auto(GStrv) to = g_strsplit(named(a, "to", "out@x.example"), ",", -1);
	char *bytes;
	gsize n;

	if (!g_file_get_contents(plain(a, 0), &bytes, &n, error)) {
		sg_message_free(m);
		return NULL;
	}
	m->bytes = g_bytes_new_take(bytes, n);
	g_free(m->sender);
	m->sender = g_strdup(named(a, "from", "ann@pupils.hillview.example"));
	for (guint i = 0; to[i] != NULL; i++)
		g_ptr_array_add(m->recipients, g_strdup(to[i]));
	m->authenticated = number(a, "outside", 0) == 0;
	m->arrived = number(a, "created", sg_clock_now());
	sg_message_hash(m);
	sg_message_dedupe(m);
	return m;
}

static void
replace(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
}

static void
fill_origin(SgIncident *i, const SgMessage *m, const Args *a)
{
	g_autofree char *unique = g_uuid_string_random();

	replace(&i->origin.dedupe, unique);	/* a test may file the same message twice */
	replace(&i->origin.content_hash, m->content_hash);
	replace(&i->origin.sender, m->sender);
	replace(&i->origin.sender_class, named(a, "class", "pupil"));
	replace(&i->origin.client, "192.0.2.1");
	replace(&i->origin.queue_id, "4TEST");
	replace(&i->origin.message_id, m->message_id != NULL ? m->message_id : "");
	replace(&i->origin.mail_args, named(a, "mail_args", ""));
	i->origin.authenticated = m->authenticated;
	i->origin.size = g_bytes_get_size(m->bytes);
}

static void
fill_verdict(SgIncident *i, const Args *a)
{
	const char *category = named(a, "category", "bullying");
	guint severity = (guint)number(a, "severity", 3);

	replace(&i->route, named(a, "route", "out"));
	replace(&i->category, category);
	replace(&i->area, "conduct");
	replace(&i->urgency, named(a, "urgency", sg_urgency_for(severity, category)));
	replace(&i->rows, "test");
	replace(&i->failure, "");
	replace(&i->taken_by, "");
	replace(&i->decision, "");
	replace(&i->decided_by, "");
	i->severity = severity;
	i->look_by = number(a, "look_by", i->created + (strcmp(i->urgency, "urgent") == 0 ? 900 : 7200));
	i->sealed = number(a, "sealed", 0) != 0;
	if (named(a, "subject", NULL) != NULL)
		g_ptr_array_add(i->subjects, g_strdup(named(a, "subject", "")));
}

static SgReading *
reading_of(const SgIncident *i, const Args *a)
{
	SgReading *r = sg_reading_new();
	SgFinding *f = g_new0(SgFinding, 1);
	SgHit *h = sg_incident_add_hit((SgIncident *)(gintptr)i);
	const char *title = named(a, "title", "A word of the tests");

	f->severity = h->severity = i->severity;
	f->confidence = h->confidence = SG_CONF_HIGH;
	f->count = h->count = 1;
	f->rule = g_strdup("test.rule");
	f->title = g_strdup(title);
	f->category = g_strdup(i->category);
	f->area = g_strdup("conduct");
	f->where = g_strdup("body");
	f->part = g_strdup("1");
	f->name = g_strdup("");
	f->excerpt = g_strdup("an excerpt with a word in it");
	f->hit_at = 18;
	f->hit_len = 4;
	h->rule = g_strdup("test.rule");
	h->title = g_strdup(title);
	h->category = g_strdup(i->category);
	h->area = g_strdup("conduct");
	h->where = g_strdup("body");
	h->part = g_strdup("1");
	g_ptr_array_add(r->findings, f);
	g_free(r->rules);
	r->rules = g_strdup("test");
	return r;
}

static void
add_mail(
    GPtrArray *mails, const char *kind, const char *template, const char *role, const char *address)
{
	SgMailJob *j = g_new0(SgMailJob, 1);

	j->kind = g_strdup(kind);
	j->template = g_strdup(template);
	j->role = g_strdup(role);
	j->address = g_strdup(address);
	g_ptr_array_add(mails, j);
}

static gboolean
file_one(Args *a, GError **error)
{
	g_autoptr(SgMessage) m = message_of(a, error);
	g_autoptr(SgIncident) i = sg_incident_new();
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(SgReading) r = NULL;
	g_autoptr(GPtrArray) mails =
	    g_ptr_array_new_with_free_func((GDestroyNotify)sg_mail_job_free);
	g_auto(GStrv) roles = g_strsplit(named(a, "alert", ""), ",", -1);
	SgCopyState state = SG_COPY_WAITING;
	char ref[SG_REF_LEN + 1];

	if (m == NULL || !sg_copy_state_parse(named(a, "state", "waiting"), &state))
		return FALSE;
	sg_ref_new(ref);
	replace(&i->ref, ref);
	i->created = m->arrived;
	fill_origin(i, m, a);
	fill_verdict(i, a);
	for (guint k = 0; k < m->recipients->len; k++)
		sg_incident_add_copy(
		    i, g_ptr_array_index(m->recipients, k), "outside", state, "hold");
	r = reading_of(i, a);
	for (guint k = 0; roles[k] != NULL; k++)
		if (*roles[k] != '\0')
			add_mail(mails, "alert",
			    strcmp(i->urgency, "urgent") == 0 ? "alert-urgent" : "alert", roles[k],
			    "");
	if (*named(a, "notice", "") != '\0')
		add_mail(mails, "notice", named(a, "notice", ""), "", m->sender);
	if (!sg_store_file(a->store, i, m->bytes, r, mails, &known, error))
		return FALSE;
	printf("%s\n", ref);
	return TRUE;
}

static gboolean
do_file(Args *a, GError **error)
{
	for (gint64 n = number(a, "count", 1); n > 0; n--)
		if (!file_one(a, error))
			return FALSE;
	return TRUE;
}

/* ---- the rest ------------------------------------------------------------------- */

static gboolean
do_decide(Args *a, GError **error)
{
	g_autoptr(SgIncident) i = sg_store_get(a->store, plain(a, 0), error);
	SgDecision d = { .ref = plain(a, 0),
		.code = plain(a, 1),
		.actor = "okafor",
		.reason = "looked at it",
		.strip = named(a, "strip", NULL),
		.template = named(a, "template", NULL),
		.now = sg_clock_now() };

	if (i == NULL)
		return FALSE;
	d.version = i->version;
	d.not_before = d.now + number(a, "wait", 0);
	return sg_store_decide(a->store, &d, error);
}

static gboolean
do_ticket(Args *a, GError **error)
{
	static const char *const names[] = { "unused", "used", "answered" };
	SgTicketState state;

	if (strcmp(plain(a, 0), "use") == 0)
		return sg_store_ticket_use(a->store, plain(a, 1), sg_clock_now(), error);
	if (strcmp(plain(a, 0), "answered") == 0)
		return sg_store_ticket_answered(a->store, plain(a, 1), "", sg_clock_now(), error);
	if (!sg_store_ticket_state(a->store, plain(a, 1), &state, error))
		return FALSE;
	printf("%s\n", names[state]);
	return TRUE;
}

static gboolean
do_show(Args *a, GError **error)
{
	g_autoptr(SgIncident) i = sg_store_get(a->store, plain(a, 0), error);
	json_t *copies = json_array(), *o;

	if (i == NULL)
		return FALSE;
	for (guint k = 0; k < i->copies->len; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);

		json_array_append_new(copies, json_pack("{s:s,s:s,s:s,s:i}", "address", c->address,
						  "state", sg_copy_state_name(c->state), "answer",
						  c->answer, "attempts", (int)c->attempts));
	}
	o = json_pack("{s:s,s:s,s:o}", "ref", i->ref, "decision", i->decision, "copies", copies);
	json_dumpf(o, stdout, JSON_COMPACT);
	json_decref(o);
	printf("\n");
	return TRUE;
}

static gboolean
do_status(Args *a, GError **error)
{
	SgStoreStatus s;

	if (!sg_store_status(a->store, sg_clock_now(), &s, error))
		return FALSE;
	printf("{\"waiting\":%u,\"unclear\":%u,\"outbox\":%u,\"outbox_failed\":%u}\n", s.waiting,
	    s.unclear, s.outbox, s.outbox_failed);
	return TRUE;
}

static gboolean
do_verify(Args *a, GError **error)
{
	gint64 n = 0;

	if (!sg_store_audit_verify(a->store, &n, error))
		return FALSE;
	printf("%" G_GINT64_FORMAT "\n", n);
	return TRUE;
}

static gboolean
do_undo(Args *a, GError **error)
{
	return sg_store_undo(a->store, plain(a, 0), "okafor", sg_clock_now(), error);
}

static gboolean
do_seal(Args *a, GError **error)
{
	return sg_store_seal(a->store, plain(a, 0), "okafor", sg_clock_now(), error);
}

static gboolean
do_settle(Args *a, GError **error)
{
	return sg_store_settle(a->store, plain(a, 0), plain(a, 1),
	    strcmp(plain(a, 2), "again") == 0, "okafor", sg_clock_now(), error);
}

static gboolean
do_audit(Args *a, GError **error)
{
	return sg_store_audit(a->store, "okafor", plain(a, 1), plain(a, 0), "", sg_clock_now(), error);
}

static gboolean
do_cover(Args *a, GError **error)
{
	const gint64 now = sg_clock_now();
	SgCover c = { .lead = (char *)(gsize)plain(a, 0), .deputy = (char *)(gsize)plain(a, 1), .since = now - 1,
		.until = now + g_ascii_strtoll(plain(a, 2), NULL, 10) * 86400 };

	return sg_store_cover_add(a->store, &c, now, error);
}

static gboolean
do_confirm(Args *a, GError **error)
{
	for (guint i = 0; i < a->plain->len; i++) {
		g_autofree char *who = NULL;
		char code[SG_CODE_LEN + 1];
		SgContactState c;

		if (!sg_store_contact(a->store, plain(a, i), &c, error))
			return FALSE;
		if (c.confirmed > 0)
			continue;
		sg_contact_code(code);
		if (!sg_store_contact_ask(a->store, plain(a, i), code, sg_clock_now(), error))
			return FALSE;
		who = sg_store_contact_confirm(a->store, code, "test", sg_clock_now(), error);
		if (who == NULL)
			return FALSE;
	}
	return TRUE;
}

static gboolean
do_post(Args *a, GError **error)
{
	g_autoptr(GPtrArray) mails =
	    g_ptr_array_new_with_free_func((GDestroyNotify)sg_mail_job_free);

	add_mail(mails, plain(a, 0), plain(a, 1), strcmp(plain(a, 2), "-") == 0 ? "" : plain(a, 2),
	    plain(a, 3));
	((SgMailJob *)mails->pdata[0])->about = g_strcompress(named(a, "about", ""));
	return sg_store_post(a->store, NULL, 0, mails, sg_clock_now(), error);
}

static gboolean
run(const char *config, const char *what, Args *a, GError **error)
{
	static const struct {
		const char *name;
		gboolean (*fn)(Args *a, GError **error);
	} commands[] = {
		{ "file", do_file },
		{ "decide", do_decide },
		{ "undo", do_undo },
		{ "seal", do_seal },
		{ "settle", do_settle },
		{ "ticket", do_ticket },
		{ "show", do_show },
		{ "audit", do_audit },
		{ "confirm", do_confirm },
		{ "cover", do_cover },
		{ "post", do_post },
		{ "status", do_status },
		{ "verify", do_verify },
	};
	g_autoptr(SgOptions) o = sg_options_load(config, NULL, error);
	g_autoptr(SgKeys) keys = NULL;
	g_autoptr(SgStore) store = NULL;

	if (o == NULL)
		return FALSE;
	if (strcmp(what, "keys") == 0)
		return sg_keys_init(o->keys.dir, error) >= 0;
	keys = sg_keys_load(o->keys.dir,
	    SG_KEY_VAULT_PUBLIC | SG_KEY_VAULT_SECRET | SG_KEY_AUDIT | SG_KEY_MAIL, error);
	store = keys != NULL ? sg_store_open(o, keys, error) : NULL;
	a->store = store;
	for (gsize i = 0; store != NULL && i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, what) == 0)
			return commands[i].fn(a, error);
	return FALSE;
}

int
main(int argc, char **argv)
{
	g_autoptr(GHashTable) pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) rest = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	Args a = { .named = pairs, .plain = rest };

	for (int i = 3; i < argc; i++) {
		char *eq = strchr(argv[i], '=');

		if (eq != NULL && argv[i][0] != '/')
			g_hash_table_insert(
			    pairs, g_strndup(argv[i], (gsize)(eq - argv[i])), eq + 1);
		else
			g_ptr_array_add(rest, argv[i]);
	}
	if (argc >= 3 && run(argv[1], argv[2], &a, &error))
		return 0;
	fprintf(stderr, "storefill: %s\n",
	    error != NULL ? error->message : "see its source for what it can do");
	return 1;
}
