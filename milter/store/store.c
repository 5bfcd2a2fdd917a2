#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "store/private.h"

static const SgStoreEngine *const engines[] = {
	&sg_s_sqlite,
	&sg_s_failing,
};

const SgStoreEngine *
sg_engine_for(const char *url, const char **place, GError **error)
{
	const char *colon = strchr(url, ':');
	gsize n = colon != NULL ? (gsize)(colon - url) : 0;

	for (gsize i = 0; i < G_N_ELEMENTS(engines) && n > 0; i++)
		if (strlen(engines[i]->name) == n && strncmp(engines[i]->name, url, n) == 0) {
			*place = colon + 1;
			return engines[i];
		}
	g_set_error(error, SG_ERR, SG_ERR_SETUP,
	    "store.url: \"%s\" is no store this program knows; write sqlite:/a/directory", url);
	return NULL;
}

static gboolean
on_first(SgTx *tx, gpointer data)
{
	return sg_audit_start(tx, data);
}

SgStore *
sg_store_open(const SgOptions *o, const SgKeys *keys, GError **error)
{
	const char *place = NULL;
	const SgStoreEngine *engine = sg_engine_for(o->store.url, &place, error);
	g_autoptr(SgDb) db = NULL;
	SgStore *s;
	guint schema = 0;

	if (sodium_init() == -1) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "libsodium cannot be used on this machine");
		return NULL;
	}
	db = engine != NULL ? sg_db_open(engine, place, error) : NULL;
	if (db == NULL || !sg_db_migrate(db, engine->schema(sg_db_connection(db)), sg_clock_now(), on_first,
	    (gpointer)(gsize)keys, &schema, error))
		return NULL;
	s = g_new0(SgStore, 1);
	s->db = g_steal_pointer(&db);
	s->engine = engine;
	s->keys = keys;
	s->place = g_strdup(place);
	s->quota = (guint64)o->store.quota << 20;
	s->trace_days = o->store.trace_days;
	s->keep_days = o->store.keep_days;
	s->contact_days = o->memory.contact_days;
	s->sign_days = o->memory.sign_days;
	s->schema = schema;
	g_mutex_init(&s->lock);
	return s;
}

void
sg_store_close(SgStore *s)
{
	if (s == NULL)
		return;
	sg_tracer_free(s->tracer);
	sg_db_close(s->db);
	g_mutex_clear(&s->lock);
	g_free(s->place);
	g_free(s);
}

char *
sg_address_key(const char *address)
{
	g_autofree char *valid = g_utf8_make_valid(address, -1);
	g_autofree char *folded = g_utf8_casefold(valid, -1);

	return g_utf8_normalize(folded, -1, G_NORMALIZE_DEFAULT_COMPOSE);
}

char *
sg_text_cut(const char *s, gsize most)
{
	char *valid = g_utf8_make_valid(s != NULL ? s : "", -1);

	if (strlen(valid) > most)
		*g_utf8_find_prev_char(valid, valid + most + 1) = '\0';
	return valid;
}
