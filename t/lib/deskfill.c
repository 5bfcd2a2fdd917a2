/*
 * deskfill - puts incidents and traces into a store, for tests of console and command line.
 *
 *   deskfill CONFIG < lines      each line is a JSON object; prints one reference a line
 *
 * {"from","to":["a=class",...],"class","route","category","severity","title","created",
 *  "look_by","sealed","disclosure","privileged","subjects","state","message","reading":{as in the vault}}, all but "reading"
 * optional.  A trace is written for each.  {"trace":{"from","to","verdict","queue_id",
 * "message_id"}} writes only a trace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/ref.h"
#include "store/store.h"

static const char *
text(const json_t *o, const char *key, const char *otherwise)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : otherwise;
}

static gint64
number(const json_t *o, const char *key, gint64 otherwise)
{
	const json_t *n = json_object_get(o, key);

	return json_is_integer(n) ? json_integer_value(n) : otherwise;
}

static void
set(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
}

static void
copy_hits(SgIncident *i, const SgReading *r)
{
	for (guint k = 0; k < r->findings->len; k++) {
		const SgFinding *f = g_ptr_array_index(r->findings, k);
		SgHit *h = sg_incident_add_hit(i);

		set(&h->rule, f->rule);
		set(&h->title, f->title);
		set(&h->category, f->category);
		set(&h->area, f->area);
		set(&h->where, f->where);
		set(&h->part, f->part);
		h->severity = f->severity;
		h->confidence = f->confidence;
		h->count = f->count;
	}
}

static void
add_copies(SgIncident *i, const json_t *to, const char *state)
{
	SgCopyState s = SG_COPY_WAITING;

	(void)sg_copy_state_parse(state, &s);
	for (gsize k = 0; k < json_array_size(to); k++) {
		g_auto(GStrv) pair = g_strsplit(json_string_value(json_array_get(to, k)), "=", 2);

		(void)sg_incident_add_copy(
		    i, pair[0], pair[1] != NULL ? pair[1] : "outside", s, "hold");
	}
}

static SgIncident *
incident(const json_t *o, const SgReading *r)
{
	SgIncident *i = sg_incident_new();
	g_autofree char *unique = g_uuid_string_random();
	char ref[SG_REF_LEN + 1];

	sg_ref_new(ref);
	set(&i->ref, ref);
	i->created = number(o, "created", sg_clock_now());
	i->severity = (guint)number(o, "severity", 3);
	set(&i->category, text(o, "category", "bullying"));
	set(&i->urgency, sg_urgency_for(i->severity, i->category));
	i->look_by = number(o, "look_by", i->created + (strcmp(i->urgency, "urgent") == 0 ? 900 : 7200));
	i->sealed = number(o, "sealed", 0) != 0;
	i->disclosure = number(o, "disclosure", 0) != 0;
	i->privileged = number(o, "privileged", 0) != 0;
	for (gsize k = 0; k < json_array_size(json_object_get(o, "subjects")); k++)
		g_ptr_array_add(i->subjects,
		    g_strdup(json_string_value(json_array_get(json_object_get(o, "subjects"), k))));
	set(&i->origin.dedupe, unique);
	set(&i->origin.content_hash, unique);
	set(&i->origin.sender, text(o, "from", "ann@pupils.hillview.example"));
	set(&i->origin.sender_class, text(o, "class", "pupil"));
	set(&i->origin.client, "192.0.2.1");
	set(&i->origin.queue_id, text(o, "queue_id", "4TEST"));
	set(&i->origin.message_id, text(o, "message_id", "1@x.example"));
	set(&i->origin.mail_args, "");
	i->origin.authenticated = number(o, "outside", 0) == 0;
	i->origin.size = 100;
	set(&i->route, text(o, "route", "out"));
	set(&i->area, "conduct");
	set(&i->rows, "test");
	set(&i->failure, "");
	set(&i->taken_by, "");
	set(&i->decision, "");
	set(&i->decided_by, "");
	copy_hits(i, r);
	add_copies(i, json_object_get(o, "to"), text(o, "state", "waiting"));
	return i;
}

static void
add_trace(SgStore *s, const json_t *o, const char *ref)
{
	const json_t *to = json_object_get(o, "to");
	g_autoptr(GString) list = g_string_new(json_string_value(to));
	SgTrace t = { .when = number(o, "created", sg_clock_now()), .micros = 4100, .size = 1234 };

	for (gsize k = 0; k < json_array_size(to); k++) {
		const char *one = json_string_value(json_array_get(to, k));

		g_string_append_printf(
		    list, "%s%.*s", k > 0 ? "," : "", (int)strcspn(one, "="), one);
	}
	set(&t.queue_id, text(o, "queue_id", "4TEST"));
	set(&t.message_id, text(o, "message_id", "1@x.example"));
	set(&t.sender, text(o, "from", "ann@pupils.hillview.example"));
	set(&t.recipients, list->str);
	set(&t.route, text(o, "route", "out"));
	set(&t.verdict, text(o, "verdict", "hold"));
	set(&t.ref, ref);
	sg_store_trace(s, &t);
	g_free(t.queue_id);
	g_free(t.message_id);
	g_free(t.sender);
	g_free(t.recipients);
	g_free(t.route);
	g_free(t.verdict);
	g_free(t.ref);
}

static gboolean
file_one(SgStore *s, const json_t *o, GError **error)
{
	char *dump = json_dumps(json_object_get(o, "reading"), JSON_COMPACT);
	g_autoptr(GBytes) json =
	    g_bytes_new(dump != NULL ? dump : "", dump != NULL ? strlen(dump) : 0);
	g_autoptr(SgReading) r = sg_reading_from_json(json, error);
	g_autoptr(SgIncident) i = r != NULL ? incident(o, r) : NULL;
	g_autoptr(SgIncident) known = NULL;
	const char *mail = text(o, "message", "Subject: x\r\n\r\nx\r\n");
	g_autoptr(GBytes) message = g_bytes_new(mail, strlen(mail));
	g_autoptr(GPtrArray) none = g_ptr_array_new();

	free(dump);
	if (i == NULL || !sg_store_file(s, i, message, r, none, &known, error))
		return FALSE;
	add_trace(s, o, i->ref);
	printf("%s\n", i->ref);
	return TRUE;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgOptions) o = argc == 2 ? sg_options_load(argv[1], NULL, &error) : NULL;
	g_autoptr(SgKeys) keys = o != NULL
				     ? sg_keys_load(o->keys.dir,
					   SG_KEY_VAULT_PUBLIC | SG_KEY_AUDIT | SG_KEY_MAIL, &error)
				     : NULL;
	g_autoptr(SgStore) s = keys != NULL ? sg_store_open(o, keys, &error) : NULL;
	char *line = NULL;
	size_t room = 0;

	while (s != NULL && error == NULL && getline(&line, &room, stdin) > 0) {
		json_t *j = json_loads(line, 0, NULL);

		if (json_object_get(j, "trace") != NULL)
			add_trace(s, json_object_get(j, "trace"), "");
		else
			(void)file_one(s, j, &error);
		json_decref(j);
	}
	free(line);
	if (s == NULL || error != NULL || !sg_store_trace_flush(s, &error)) {
		fprintf(stderr, "deskfill: %s\n",
		    error != NULL ? error->message : "name a configuration");
		return 1;
	}
	return 0;
}
