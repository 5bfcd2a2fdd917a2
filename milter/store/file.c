#include <string.h>

#include "base/fault.h"
#include "base/ref.h"
#include "store/private.h"

/* Waiting, refused or passed: what the audit calls the filing. */
static const char *
filed_as(const SgIncident *i)
{
	if (sg_incident_count(i, SG_COPY_WAITING) > 0)
		return "held";
	return sg_incident_count(i, SG_COPY_REJECTED) > 0 ? "rejected" : "passed";
}

static gint64
urgency_rank(const char *urgency)
{
	static const char *const names[] = { "urgent", "high", "medium", "low" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_strcmp0(urgency, names[i]) == 0)
			return i;
	return G_N_ELEMENTS(names) - 1;
}

static gboolean
on_text(const SgValue *row, gpointer data)
{
	if (row[0].text != NULL)
		g_ptr_array_add(data, g_strdup(row[0].text));
	return row[0].text != NULL;
}

static gboolean
has_all(SgTx *tx, const char *ref, const GPtrArray *recipients)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) copies = g_hash_table_new(g_str_hash, g_str_equal);

	sg_tx_each(tx, on_text, list, "SELECT c.address FROM copy c JOIN incident i ON i.id = c.incident "
	    "WHERE i.ref = ?1", "s", ref);
	for (guint n = 0; n < list->len; n++)
		g_hash_table_add(copies, g_ptr_array_index(list, n));
	for (guint n = 0; n < recipients->len; n++)
		if (!g_hash_table_contains(copies, g_ptr_array_index(recipients, n)))
			return FALSE;
	return sg_tx_ok(tx);
}

/* The first recipient alone leaves few to look at: a message may have come once for each. */
char *
sg_incident_same(SgTx *tx, const char *dedupe, const GPtrArray *recipients, gboolean own_id, gint64 now)
{
	g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);

	if (dedupe == NULL || *dedupe == '\0' || recipients->len == 0)
		return NULL;
	sg_tx_each(tx, on_text, refs, "SELECT i.ref FROM incident i WHERE i.dedupe = ?1 AND i.created > ?2 "
	    "AND EXISTS (SELECT 1 FROM copy c WHERE c.incident = i.id AND c.address = ?3) "
	    "ORDER BY i.created DESC, i.id DESC", "sis", dedupe,
	    now - (own_id ? SG_SAME_OWN : SG_SAME_ELSE), g_ptr_array_index(recipients, 0));
	for (guint n = 0; n < refs->len; n++)
		if (has_all(tx, g_ptr_array_index(refs, n), recipients))
			return g_strdup(g_ptr_array_index(refs, n));
	return NULL;
}

static GPtrArray *
recipients_of(const SgIncident *i)
{
	GPtrArray *list = g_ptr_array_new();

	for (guint n = 0; n < i->copies->len; n++)
		g_ptr_array_add(list, ((SgCopy *)g_ptr_array_index(i->copies, n))->address);
	return list;
}

static char *
filed_before(SgTx *tx, const SgIncident *i)
{
	g_autoptr(GPtrArray) recipients = recipients_of(i);

	return sg_incident_same(tx, i->origin.dedupe, recipients, i->origin.own_id, i->created);
}

gboolean
sg_content_put(SgStore *s, const char *ref, const char *object, GBytes *plain, guint64 *stored,
    GError **error)
{
	g_autoptr(SgSeal) seal = sg_seal_new(s->keys, ref, object, plain, error);

	if (seal == NULL || !s->engine->put(sg_db_connection(s->db), ref, object, seal, error))
		return FALSE;
	*stored += sg_seal_size(plain);
	return TRUE;
}

gboolean
sg_content_count(SgTx *tx, const SgStore *s, gint64 bytes)
{
	sg_tx_run(tx, "UPDATE meter SET value = value + ?1 WHERE name = 'content'", "i", bytes);
	if (bytes > 0 && sg_tx_num(tx, 0, "SELECT value FROM meter WHERE name = 'content'", "") > (gint64)s->quota)
		return sg_tx_fail(tx, SG_ERR_LIMIT, "held messages take more than store.quota; "
		    "decide what waits, shorten store.keep_days or raise it");
	return sg_tx_ok(tx);
}

/* An address is used as it is or not at all: mending one would send mail elsewhere. */
static gboolean
acceptable(const SgIncident *i, GError **error)
{
	gboolean ok = i->origin.sender == NULL || g_utf8_validate(i->origin.sender, -1, NULL);

	for (guint n = 0; ok && n < i->copies->len; n++) {
		const SgCopy *c = g_ptr_array_index(i->copies, n);

		ok = c->address != NULL && g_utf8_validate(c->address, -1, NULL);
	}
	if (!ok)
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "an address is not valid UTF-8");
	return ok;
}

static void
insert_copies(SgTx *tx, gint64 id, const SgIncident *i)
{
	for (guint n = 0; n < i->copies->len && sg_tx_ok(tx); n++) {
		const SgCopy *c = g_ptr_array_index(i->copies, n);
		g_autofree char *key = sg_address_key(c->address);
		const SgValue more[] = { { NULL, id }, { NULL, n }, { key, 0 } };

		sg_row_insert(tx, &sg_table_copy, c, "incident, nr, address_key", more, G_N_ELEMENTS(more));
	}
}

static gboolean
insert_incident(SgTx *tx, const SgIncident *i, guint64 stored, gint64 *id)
{
	g_autofree char *key = sg_address_key(i->origin.sender != NULL ? i->origin.sender : "");
	const SgValue more[] = { { key, 0 }, { NULL, urgency_rank(i->urgency) }, { NULL, (gint64)stored } };

	if (sg_tx_num(tx, 0, "SELECT count(*) FROM incident WHERE ref = ?1", "s", i->ref) != 0)
		return sg_tx_fail(tx, SG_ERR_LATER, "the reference is in use; take a new one");
	sg_row_insert(tx, &sg_table_incident, i, "sender_key, urgency_rank, content", more, G_N_ELEMENTS(more));
	*id = sg_tx_num(tx, 0, "SELECT id FROM incident WHERE ref = ?1", "s", i->ref);
	insert_copies(tx, *id, i);
	for (guint n = 0; n < i->subjects->len && sg_tx_ok(tx); n++) {
		g_autofree char *subject = sg_address_key(g_ptr_array_index(i->subjects, n));

		sg_tx_run(tx, "INSERT INTO subject (incident, address_key) SELECT ?1, ?2 WHERE NOT EXISTS "
		    "(SELECT 1 FROM subject WHERE incident = ?1 AND address_key = ?2)", "is", *id, subject);
	}
	/* copies that need nobody's decision: kept apart from a change, and handed in as they are */
	if (sg_incident_count(i, SG_COPY_RELEASING) > 0)
		sg_releases_add(tx, *id, SG_COPY_RELEASING, "", &(SgMailJob){ .kind = (char *)(guintptr)"release",
		    .not_before = i->created }, i->created, FALSE);
	for (guint n = 0; n < i->hits->len && sg_tx_ok(tx); n++) {
		const SgValue nr[] = { { NULL, *id }, { NULL, n } };

		sg_row_insert(tx, &sg_table_hit, g_ptr_array_index(i->hits, n), "incident, nr", nr,
		    G_N_ELEMENTS(nr));
	}
	return sg_tx_ok(tx);
}

/* The sweep removes what no incident owns; should it ever have taken this message's content
 * for such (a clock that jumped), that is noticed here, where it cannot run meanwhile. */
static void
check_contents(SgStore *s, SgTx *tx, const char *ref, gboolean message, gboolean reading)
{
	gpointer c = sg_db_connection(s->db);

	if ((message && !s->engine->has(c, ref, "message")) || (reading && !s->engine->has(c, ref, "reading")))
		sg_tx_fail(tx, SG_ERR_LATER, "the content was removed while it was being filed");
}

static gboolean
insert_all(SgStore *s, SgTx *tx, const SgIncident *i, guint64 stored, const GPtrArray *mails)
{
	gint64 id = 0;
	g_autofree char *detail = g_strdup_printf("category=%s severity=%u copies=%u", i->category, i->severity,
	    i->copies->len);

	insert_incident(tx, i, stored, &id);
	for (guint n = 0; mails != NULL && n < mails->len; n++)
		sg_outbox_add(tx, id, -1, g_ptr_array_index(mails, n), i->created, FALSE);
	sg_content_count(tx, s, (gint64)stored);
	return sg_audit_add(tx, s->keys, i->created, "milter", filed_as(i), i->ref, detail);
}

/* The transaction.  *undone: it failed before the commit, so that nothing of it can be on disk. */
static gboolean
file_rows(SgStore *s, const SgIncident *i, guint64 stored, gboolean message, gboolean reading,
    const GPtrArray *mails, SgIncident **known, gboolean *undone, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *same = NULL;

	*undone = TRUE;
	if (tx == NULL)
		return FALSE;
	same = filed_before(tx, i);
	if (same != NULL) {
		*known = sg_incident_load(tx, same, TRUE);
		return sg_tx_end(g_steal_pointer(&tx), error);
	}
	if (insert_all(s, tx, i, stored, mails))
		check_contents(s, tx, i->ref, message, reading);
	if (sg_fault("store.before-commit"))
		sg_tx_fail(tx, SG_ERR_LATER, "fault point store.before-commit");
	*undone = !sg_tx_ok(tx);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static gboolean
put_contents(SgStore *s, const char *ref, GBytes *message, const SgReading *reading, guint64 *stored,
    GError **error)
{
	g_autoptr(GBytes) json = reading != NULL ? sg_reading_to_json(reading) : NULL;

	return (message == NULL || sg_content_put(s, ref, "message", message, stored, error)) &&
	    (json == NULL || sg_content_put(s, ref, "reading", json, stored, error));
}

/* Before anything is written: is it on file, is its reference free, is there room? */
static gboolean
look_first(SgStore *s, const SgIncident *i, GBytes *message, SgIncident **known, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_autofree char *same = NULL;
	gint64 size = message != NULL ? (gint64)g_bytes_get_size(message) : 0;

	if (tx == NULL)
		return FALSE;
	same = filed_before(tx, i);
	if (same != NULL)
		*known = sg_incident_load(tx, same, TRUE);
	else if (sg_tx_num(tx, 0, "SELECT value FROM meter WHERE name = 'content'", "") + size > (gint64)s->quota &&
	    size > 0)
		sg_tx_fail(tx, SG_ERR_LIMIT, "held messages fill store.quota; "
		    "decide what waits, shorten store.keep_days or raise it");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_file(SgStore *s, const SgIncident *i, GBytes *message, const SgReading *reading, GPtrArray *mails,
    SgIncident **known, GError **error)
{
	g_autoptr(SgIncident) same = NULL;
	guint64 stored = 0;
	gboolean ok, undone = TRUE;
	gpointer c = sg_db_connection(s->db);

	if (!acceptable(i, error) || !look_first(s, i, message, &same, error))
		return FALSE;
	if (same != NULL) {
		*known = g_steal_pointer(&same);
		return TRUE;
	}
	if (s->engine->has(c, i->ref, "message") || s->engine->has(c, i->ref, "reading")) {
		g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "the reference is in use; take a new one");
		return FALSE;
	}
	ok = put_contents(s, i->ref, message, reading, &stored, error) &&
	    file_rows(s, i, stored, message != NULL, reading != NULL, mails, &same, &undone, error);
	/* After a failed commit the rows may yet appear: then their content must be there. */
	if (stored > 0 && ((!ok && undone) || same != NULL))
		s->engine->drop(c, i->ref, NULL, NULL);
	if (ok && sg_fault("store.after-commit")) {
		g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "fault point store.after-commit");
		return FALSE;
	}
	if (ok)
		*known = g_steal_pointer(&same);
	return ok;
}

SgIncident *
sg_store_find_same(SgStore *s, const char *dedupe, const GPtrArray *recipients, gboolean own_id, gint64 now,
    GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_autoptr(SgIncident) i = NULL;
	g_autofree char *ref = NULL;

	if (tx == NULL)
		return NULL;
	ref = sg_incident_same(tx, dedupe, recipients, own_id, now);
	if (ref != NULL)
		i = sg_incident_load(tx, ref, TRUE);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&i);
}

/* As sg_store_file does it: content, then rows; what a death leaves here the sweep removes. */
gboolean
sg_store_probe(SgStore *s, gsize bytes, GError **error)
{
	g_autoptr(GBytes) zeros = g_bytes_new_take(g_malloc0(bytes + 1), bytes + 1);
	g_autoptr(SgTx) tx = NULL;
	char ref[SG_REF_LEN + 1];
	guint64 stored = 0;
	gboolean ok;

	sg_ref_new(ref);
	ok = sg_content_put(s, ref, "message", zeros, &stored, error);
	if (!s->engine->drop(sg_db_connection(s->db), ref, NULL, ok ? error : NULL) || !ok)
		return FALSE;
	tx = sg_tx_begin(s->db, TRUE, error);
	if (tx == NULL)
		return FALSE;
	if (sg_content_count(tx, s, (gint64)stored))
		sg_content_count(tx, s, -(gint64)stored);
	return sg_tx_end(g_steal_pointer(&tx), error);
}
