#include <string.h>

#include <sodium.h>

#include "store/care.h"
#include "store/private.h"

enum {
	SAID_MOST = 4000,	/* bytes */
	COVERS_MOST = 20,
};

/* --- people's own words, kept sealed like the message ------------------------------------- */

gboolean
sg_words_put(SgStore *s, const char *ref, const char *kind, guint version, const char *said, char **object,
    guint64 *stored, GError **error)
{
	g_autofree char *text = g_utf8_make_valid(said != NULL ? said : "", -1);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	*object = *text != '\0' ? g_strdup_printf("%s-%u-%08x", kind, version, randombytes_random()) : g_strdup("");
	return **object == '\0' || sg_content_put(s, ref, *object, bytes, stored, error);
}

void
sg_words_drop(SgStore *s, const char *ref, const char *object)
{
	if (object != NULL && *object != '\0')
		s->engine->drop(sg_db_connection(s->db), ref, object, NULL);
}

char *
sg_words_get(SgStore *s, const char *ref, const char *object, GError **error)
{
	g_autoptr(GBytes) sealed = NULL;
	g_autoptr(GBytes) text = NULL;

	if (object == NULL || *object == '\0')
		return g_strdup("");
	sealed = s->engine->get(sg_db_connection(s->db), ref, object, error);
	text = sealed != NULL ? sg_seal_open(s->keys, ref, object, sealed, error) : NULL;
	return text != NULL ? g_strndup(g_bytes_get_data(text, NULL), g_bytes_get_size(text)) : NULL;
}

/* --- lifting a seal: two people, from the reason alone -------------------------------- */

typedef struct Said {
	char   *object;
	guint64 stored;
} Said;

static void
said_clear(Said *w)
{
	g_free(w->object);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

void
sg_unseal_clear(SgUnseal *u)
{
	g_clear_pointer(&u->actor, g_free);
	g_clear_pointer(&u->reason, g_free);
}

static gboolean
on_unseal(const SgValue *row, gpointer data)
{
	SgUnseal *u = data;

	u->actor = g_strdup(row[0].text);
	u->when = row[1].num;
	u->reason = g_strdup(row[2].text);
	return u->actor != NULL && u->reason != NULL;
}

/* The reason is still the name of its object. */
static gboolean
load_unseal(SgTx *tx, gint64 id, SgUnseal *u)
{
	return sg_tx_each(tx, on_unseal, u, "SELECT actor, at, reason FROM unseal WHERE incident = ?1", "i", id);
}

gboolean
sg_store_unseal_asked(SgStore *s, const char *ref, SgUnseal *out, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_auto(SgUnseal) u = { 0 };
	char *text = NULL;

	if (tx == NULL)
		return FALSE;
	load_unseal(tx, sg_tx_num(tx, 0, "SELECT id FROM incident WHERE ref = ?1", "s", ref), &u);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	if (u.actor != NULL && (text = sg_words_get(s, ref, u.reason, error)) == NULL)
		return FALSE;
	*out = (SgUnseal){ g_steal_pointer(&u.actor), text, u.when };
	return TRUE;
}

static void
tell_head(SgTx *tx, gint64 id, gint64 now)
{
	char kind[] = "alert", template[] = "unsealed", role[] = "head", none[] = "";
	const SgMailJob j = { .kind = kind, .template = template, .role = role, .address = none, .not_before = now };

	sg_outbox_add(tx, id, -1, &j, now, FALSE);
}

static gboolean
write_unseal(SgStore *s, SgTx *tx, const char *ref, const char *actor, const Said *w, gint64 now, gboolean *lifted)
{
	const gint64 id = sg_tx_num(tx, 0, "SELECT id FROM incident WHERE ref = ?1 AND sealed = 1", "s", ref);
	g_auto(SgUnseal) first = { 0 };

	if (!load_unseal(tx, id, &first))
		return FALSE;
	if (id == 0)
		return sg_tx_fail(tx, SG_ERR_INPUT, "the message is not sealed");
	if (first.actor != NULL && strcmp(first.actor, actor) == 0)
		return sg_tx_fail(tx, SG_ERR_INPUT, "you have asked already; somebody else must agree");
	*lifted = first.actor != NULL;
	if (*lifted) {
		sg_tx_run(tx, "DELETE FROM unseal WHERE incident = ?1", "i", id);
		sg_tx_run(tx, "UPDATE incident SET sealed = 0, taken_by = '', taken_until = 0, version = version + 1, "
		    "content = content + ?2 WHERE id = ?1", "ii", id, (gint64)w->stored);
		tell_head(tx, id, now);
	} else {
		sg_tx_run(tx, "INSERT INTO unseal (incident, actor, at, reason) VALUES (?1, ?2, ?3, ?4)", "isis",
		    id, actor, now, w->object);
		sg_tx_run(tx, "UPDATE incident SET version = version + 1, content = content + ?2 WHERE id = ?1", "ii",
		    id, (gint64)w->stored);
	}
	sg_tx_run(tx, "UPDATE meter SET value = value + ?1 WHERE name = 'content'", "i", (gint64)w->stored);
	return sg_audit_add(tx, s->keys, now, actor, *lifted ? "unsealed" : "unseal-asked", ref, "");
}

gboolean
sg_store_unseal(SgStore *s, const char *ref, const char *actor, const char *reason, gint64 now, gboolean *lifted,
    GError **error)
{
	g_auto(Said) w = { 0 };
	g_autoptr(SgTx) tx = NULL;
	gboolean undone, ok, done = FALSE;

	if (reason == NULL || *reason == '\0' || strlen(reason) > SAID_MOST) {
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "give a reason of at most 4,000 bytes");
		return FALSE;
	}
	if (!sg_words_put(s, ref, "unseal", (guint)(now & G_MAXUINT32), reason, &w.object, &w.stored, error))
		return FALSE;
	tx = sg_tx_begin(s->db, TRUE, error);
	undone = tx == NULL || !write_unseal(s, tx, ref, actor, &w, now, &done);
	ok = tx != NULL && sg_tx_end(g_steal_pointer(&tx), error);
	if (undone)
		sg_words_drop(s, ref, w.object);
	if (ok)
		*lifted = done;
	return ok;
}

/* --- how much somebody has had to read ---------------------------------------------------- */

static gboolean
on_serious(const SgValue *row, gpointer data)
{
	if (row[0].text == NULL)
		return FALSE;
	g_hash_table_insert(data, g_strdup(row[0].text), GUINT_TO_POINTER((guint)row[1].num));
	return TRUE;
}

GHashTable *
sg_store_serious(SgStore *s, gint64 since, GError **error)
{
	g_autoptr(GHashTable) out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_serious, out, "SELECT a.actor, count(DISTINCT a.ref) FROM audit a JOIN incident i "
	    "ON i.ref = a.ref WHERE a.at >= ?1 AND a.action IN ('revealed', 'decided', 'sealed', 'told') "
	    "AND i.severity >= 4 GROUP BY a.actor", "i", since);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&out);
}

/* --- cover --------------------------------------------------------------------------------- */

void
sg_cover_free(SgCover *c)
{
	g_free(c->lead);
	g_free(c->deputy);
	g_free(c);
}

static gboolean
on_cover(const SgValue *row, gpointer data)
{
	SgCover *c;

	if (row[1].text == NULL || row[2].text == NULL)
		return FALSE;
	c = g_new0(SgCover, 1);
	c->id = row[0].num;
	c->lead = g_strdup(row[1].text);
	c->deputy = g_strdup(row[2].text);
	c->since = row[3].num;
	c->until = row[4].num;
	g_ptr_array_add(data, c);
	return TRUE;
}

GPtrArray *
sg_store_covers(SgStore *s, gint64 now, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_cover_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_cover, out, "SELECT id, lead, deputy, since, until FROM cover WHERE until > ?1 "
	    "ORDER BY since, id", "i", now);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&out);
}

gboolean
sg_store_cover_add(SgStore *s, const SgCover *c, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *detail = g_strdup_printf("deputy=%s days=%" G_GINT64_FORMAT, c->deputy,
	    (c->until - c->since + SG_STORE_DAY - 1) / SG_STORE_DAY);

	if (tx == NULL)
		return FALSE;
	if (c->until <= c->since || c->until <= now || c->until - c->since > 366 * SG_STORE_DAY)
		sg_tx_fail(tx, SG_ERR_INPUT, "it must end after it begins, in the future, and within a year");
	if (sg_tx_num(tx, 0, "SELECT count(*) FROM cover WHERE until > ?1 AND lead = ?2", "is", now, c->lead) >= COVERS_MOST)
		sg_tx_fail(tx, SG_ERR_INPUT, "there are too many already; end one first");
	sg_tx_run(tx, "DELETE FROM cover WHERE until < ?1", "i", now - 30 * SG_STORE_DAY);
	sg_tx_run(tx, "INSERT INTO cover (lead, deputy, since, until) VALUES (?1, ?2, ?3, ?4)", "ssii", c->lead, c->deputy,
	    c->since, c->until);
	sg_audit_add(tx, s->keys, now, c->lead, "cover", "", detail);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_cover_end(SgStore *s, gint64 id, const char *lead, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE cover SET until = ?3 WHERE id = ?1 AND lead = ?2 AND until > ?3", "isi", id, lead, now);
	if (sg_tx_ok(tx) && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no such cover of yours any more");
	sg_audit_add(tx, s->keys, now, lead, "cover-ended", "", "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}
