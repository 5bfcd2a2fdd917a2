#include <string.h>

#include <sodium.h>

#include "store/care.h"
#include "store/private.h"

enum { REASON_MOST = 4000 };	/* bytes */

/* What a decision makes of the copies that wait, and whether the sender may be told. */
typedef struct Code {
	const char *name;
	SgCopyState to;
	gboolean    tells;
} Code;

static const Code codes[] = {
	{ "release", SG_COPY_RELEASING, FALSE },
	{ "release_stripped", SG_COPY_RELEASING, FALSE },
	{ "release_advised", SG_COPY_RELEASING, TRUE },
	{ "return", SG_COPY_RETURNED, TRUE },
	{ "withhold", SG_COPY_WITHHELD, FALSE },
	{ "reassign", SG_COPY_WAITING, FALSE },
};

typedef struct Held {
	gint64	 id;
	gint64	 version;
	gboolean sealed;
	gint64	 taken_until;
	char	*sender;
	char	*taken_by;
	char	*reason;	/* object of the last decision, "" = none */
	char	*note;		/* object of what the sender is told with it */
} Held;

static void
held_clear(Held *h)
{
	g_free(h->sender);
	g_free(h->taken_by);
	g_free(h->reason);
	g_free(h->note);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Held, held_clear)

static gboolean
on_held(const SgValue *row, gpointer data)
{
	Held *h = data;

	h->id = row[0].num;
	h->version = row[1].num;
	h->sealed = row[2].num != 0;
	h->taken_until = row[3].num;
	h->sender = g_strdup(row[4].text);
	h->taken_by = g_strdup(row[5].text);
	h->reason = g_strdup(row[6].text);
	h->note = g_strdup(row[7].text);
	return h->sender != NULL && h->taken_by != NULL && h->reason != NULL && h->note != NULL;
}

static gboolean
load(SgTx *tx, const char *ref, Held *h)
{
	sg_tx_each(tx, on_held, h, "SELECT id, version, sealed, taken_until, sender, taken_by, reason, "
	    "note FROM incident WHERE ref = ?1", "s", ref);
	if (sg_tx_ok(tx) && h->id == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no message with this reference");
	return sg_tx_ok(tx);
}

static gint64
waiting(SgTx *tx, const Held *h)
{
	return sg_tx_num(tx, 0, "SELECT count(*) FROM copy WHERE incident = ?1 AND state = 'waiting'", "i", h->id);
}

/* Codes and parameters, before anything is read. */
static const Code *
check(const SgDecision *d, GError **error)
{
	const Code *code = NULL;
	const char *wrong = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (g_strcmp0(d->code, codes[i].name) == 0)
			code = &codes[i];
	if (code == NULL)
		wrong = "no such decision";
	else if (code->to == SG_COPY_WAITING && (d->to == NULL || *d->to == '\0'))
		wrong = "say to whom it is passed";
	else if (code->to != SG_COPY_WAITING && (d->reason == NULL || *d->reason == '\0'))
		wrong = "give a reason";
	else if (d->reason != NULL && strlen(d->reason) > REASON_MOST)
		wrong = "the reason is too long";
	else if (d->note != NULL && strlen(d->note) > REASON_MOST)
		wrong = "the note to the sender is too long";
	else if (strcmp(code->name, "release_stripped") == 0 && (d->strip == NULL || *d->strip == '\0'))
		wrong = "say which attachments are left out";
	if (wrong != NULL)
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, wrong);
	return wrong == NULL ? code : NULL;
}

/* Can this decision be made, on the incident as it now stands? */
static gboolean
may_decide(SgTx *tx, const SgDecision *d, Held *h)
{
	if (!load(tx, d->ref, h))
		return FALSE;
	if (h->sealed)
		return sg_tx_fail(tx, SG_ERR_INPUT, "the message is sealed: it cannot be decided here");
	if (h->version != (gint64)d->version)
		return sg_tx_fail(tx, SG_ERR_INPUT, "the message was changed meanwhile; look again");
	if (waiting(tx, h) == 0)
		return sg_tx_fail(tx, SG_ERR_INPUT, "the message is already decided");
	return sg_tx_ok(tx);
}

typedef struct Waiting {	/* a copy to release */
	gint64 nr;
	char  *address;
} Waiting;

static void
waiting_free(gpointer p)
{
	g_free(((Waiting *)p)->address);
	g_free(p);
}

static gboolean
on_waiting(const SgValue *row, gpointer data)
{
	Waiting *w;

	if (row[1].text == NULL)
		return FALSE;
	w = g_new0(Waiting, 1);
	w->nr = row[0].num;
	w->address = g_strdup(row[1].text);
	g_ptr_array_add(data, w);
	return TRUE;
}

void
sg_releases_add(SgTx *tx, gint64 id, SgCopyState from, const char *key, const SgMailJob *like, gint64 now,
    gboolean decided)
{
	g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func(waiting_free);

	sg_tx_each(tx, on_waiting, copies, "SELECT nr, address FROM copy WHERE incident = ?1 AND state = ?2 "
	    "AND (?3 = '' OR address_key = ?3) ORDER BY nr", "iss", id, sg_copy_state_name(from), key);
	for (guint i = 0; i < copies->len; i++) {
		const Waiting *w = g_ptr_array_index(copies, i);
		SgMailJob j = *like;

		j.address = w->address;
		sg_outbox_add(tx, id, w->nr, &j, now, decided);
	}
}

static void
add_jobs(SgTx *tx, const SgDecision *d, const Code *code, const Held *h)
{
	g_autofree char *kind = g_strdup("release");
	g_autofree char *notice = g_strdup("notice");
	g_autofree char *template = g_strdup(d->template);
	SgMailJob release = { .kind = kind, .not_before = d->not_before };
	SgMailJob tell = { .kind = notice, .template = template, .address = h->sender,
		.not_before = d->not_before };

	if (code->to == SG_COPY_RELEASING)
		sg_releases_add(tx, h->id, SG_COPY_WAITING, "", &release, d->now, TRUE);
	if (code->tells && template != NULL && *template != '\0' && *h->sender != '\0')
		sg_outbox_add(tx, h->id, -1, &tell, d->now, TRUE);
}

/* A person's own words, kept sealed like the message: the names of the objects, "" = none. */
typedef struct Words {
	char   *reason, *note;
	guint64 stored;
} Words;

static void
words_clear(Words *w)
{
	g_free(w->reason);
	g_free(w->note);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static void
pass_on(SgTx *tx, const SgDecision *d, const Held *h, const Words *w)
{
	sg_tx_run(tx, "UPDATE incident SET version = version + 1, taken_by = ?2, taken_until = 0, "
	    "content = content + ?3, reason = CASE WHEN ?4 = '' THEN reason ELSE ?4 END WHERE id = ?1",
	    "isis", h->id, d->to, (gint64)w->stored, w->reason);
}

static void
end_waiting(SgTx *tx, const SgDecision *d, const Code *code, const Held *h, const Words *w)
{
	add_jobs(tx, d, code, h);
	sg_tx_run(tx, "UPDATE copy SET state = ?2 WHERE incident = ?1 AND state = 'waiting'", "is", h->id,
	    sg_copy_state_name(code->to));
	sg_tx_run(tx, "UPDATE incident SET version = version + 1, taken_by = '', taken_until = 0, "
	    "decision = ?2, decided_by = ?3, decided_at = ?4, mistake = ?5, reason = ?6, "
	    "content = content + ?7, strip = ?8, note = ?9 WHERE id = ?1", "issiisiss", h->id, code->name, d->actor,
	    d->now, (gint64)(d->mistake != FALSE), w->reason, (gint64)w->stored,
	    strcmp(code->name, "release_stripped") == 0 ? d->strip : "", w->note);
}

static gboolean
write_decision(SgStore *s, SgTx *tx, const SgDecision *d, const Code *code, const Words *w)
{
	g_auto(Held) h = { 0 };
	g_autofree char *detail = NULL;

	if (!may_decide(tx, d, &h))
		return FALSE;
	if (code->to == SG_COPY_WAITING) {
		detail = g_strdup_printf("code=%s to=%s", code->name, d->to);
		pass_on(tx, d, &h, w);
	} else {
		detail = g_strdup_printf("code=%s copies=%" G_GINT64_FORMAT "%s%s", code->name, waiting(tx, &h),
		    d->mistake ? " mistake" : "", d->record ? " record" : "");
		end_waiting(tx, d, code, &h, w);
	}
	sg_tx_run(tx, "UPDATE meter SET value = value + ?1 WHERE name = 'content'", "i", (gint64)w->stored);
	return sg_audit_add(tx, s->keys, d->now, d->actor, "decided", d->ref, detail);
}

/* Refused decisions leave nothing behind: look before the reason is written. */
static gboolean
ask_first(SgStore *s, const SgDecision *d, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_auto(Held) h = { 0 };

	if (tx == NULL)
		return FALSE;
	may_decide(tx, d, &h);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_decide(SgStore *s, const SgDecision *d, GError **error)
{
	const Code *code = check(d, error);
	g_auto(Words) w = { 0 };
	g_autoptr(SgTx) tx = NULL;
	gboolean undone, ok;

	if (code == NULL || !ask_first(s, d, error))
		return FALSE;
	undone = !sg_words_put(s, d->ref, "reason", d->version, d->reason, &w.reason, &w.stored, error) ||
	    !sg_words_put(s, d->ref, "note", d->version, code->tells ? d->note : NULL, &w.note, &w.stored, error);
	if (!undone) {
		tx = sg_tx_begin(s->db, TRUE, error);
		undone = tx == NULL || !write_decision(s, tx, d, code, &w);
	}
	ok = tx != NULL && sg_tx_end(g_steal_pointer(&tx), error);
	if (undone) {
		sg_words_drop(s, d->ref, w.reason);
		sg_words_drop(s, d->ref, w.note);
	}
	return ok;
}

static char *
words_of(SgStore *s, const char *ref, gboolean note, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_auto(Held) h = { 0 };

	if (tx == NULL)
		return NULL;
	load(tx, ref, &h);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return sg_words_get(s, ref, note ? h.note : h.reason, error);
}

char *
sg_store_reason(SgStore *s, const char *ref, GError **error)
{
	return words_of(s, ref, FALSE, error);
}

char *
sg_store_note(SgStore *s, const char *ref, GError **error)
{
	return words_of(s, ref, TRUE, error);
}

/* Takes back what was ordered and is not being sent at this moment: the mails to people, and
 * the releases, whose copies wait again.  A courier that has them in hand learns it from the
 * store before it sends. */
static void
take_back(SgTx *tx, gint64 id)
{
	sg_tx_run(tx, "DELETE FROM outbox WHERE incident = ?1 AND (decided = 1 OR kind = 'release') AND "
	    "(copy < 0 OR copy IN (SELECT nr FROM copy WHERE incident = ?1 AND state = 'releasing'))", "i", id);
	sg_tx_run(tx, "UPDATE copy SET state = 'waiting' WHERE incident = ?1 AND state = 'releasing'", "i", id);
}

gboolean
sg_store_undo(SgStore *s, const char *ref, const char *actor, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_auto(Held) h = { 0 };

	if (tx == NULL)
		return FALSE;
	load(tx, ref, &h);
	if (sg_tx_num(tx, 0, "SELECT count(*) FROM copy WHERE incident = ?1 AND state = 'releasing'", "i", h.id) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no release that could be undone");
	if (sg_tx_num(tx, 0, "SELECT count(*) FROM outbox WHERE incident = ?1 AND decided = 1 "
	    "AND (owner <> '' OR attempts > 0)", "i", h.id) > 0 ||
	    sg_tx_num(tx, 0, "SELECT count(*) FROM outbox WHERE incident = ?1 AND decided = 1 "
	    "AND kind = 'release'", "i", h.id) != sg_tx_num(tx, 0,
	    "SELECT count(*) FROM copy WHERE incident = ?1 AND state IN ('releasing', 'sending', 'released', "
	    "'refused', 'unclear')", "i", h.id))
		sg_tx_fail(tx, SG_ERR_INPUT, "the release has begun and cannot be undone");
	take_back(tx, h.id);
	sg_tx_run(tx, "UPDATE incident SET version = version + 1, decision = '', decided_by = '', decided_at = 0, "
	    "mistake = 0, reason = '', strip = '', note = '' WHERE id = ?1", "i", h.id);
	/* what was said with it goes too, but for what somebody has answered */
	sg_tx_run(tx, "DELETE FROM mistake WHERE incident = ?1 AND state = ''", "i", h.id);
	sg_audit_add(tx, s->keys, now, actor, "undone", ref, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_seal(SgStore *s, const char *ref, const char *actor, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_auto(Held) h = { 0 };

	if (tx == NULL)
		return FALSE;
	if (load(tx, ref, &h) && !h.sealed) {
		take_back(tx, h.id);
		sg_tx_run(tx, "UPDATE incident SET sealed = 1, version = version + 1 WHERE id = ?1", "i", h.id);
		sg_audit_add(tx, s->keys, now, actor, "sealed", ref, "");
	}
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_take(SgStore *s, const char *ref, const char *actor, gint64 now, gint64 until, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_auto(Held) h = { 0 };
	gboolean mine;

	if (tx == NULL)
		return FALSE;
	load(tx, ref, &h);
	mine = g_strcmp0(h.taken_by, actor) == 0;
	if (!mine && h.taken_by != NULL && *h.taken_by != '\0' && h.taken_until > now)
		sg_tx_fail(tx, SG_ERR_INPUT, "somebody else has taken the message");
	sg_tx_run(tx, "UPDATE incident SET taken_by = ?2, taken_until = ?3, version = version + ?4 WHERE id = ?1",
	    "isii", h.id, actor, until, (gint64)(mine ? 0 : 1));
	if (!mine)
		sg_audit_add(tx, s->keys, now, actor, "taken", ref, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_settle(SgStore *s, const char *ref, const char *address, gboolean again, const char *actor, gint64 now,
    GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_auto(Held) h = { 0 };
	g_autofree char *key = sg_address_key(address);
	g_autofree char *kind = g_strdup("release");
	SgMailJob like = { .kind = kind, .not_before = now };

	if (tx == NULL)
		return FALSE;
	load(tx, ref, &h);
	if (sg_tx_num(tx, 0, "SELECT count(*) FROM copy WHERE incident = ?1 AND state = 'unclear' AND "
	    "address_key = ?2", "is", h.id, key) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no copy for this address whose end is unclear");
	if (again && h.sealed)
		sg_tx_fail(tx, SG_ERR_INPUT, "the message is sealed: it cannot be sent");
	if (again)
		sg_releases_add(tx, h.id, SG_COPY_UNCLEAR, key, &like, now, FALSE);
	sg_tx_run(tx, "UPDATE copy SET state = ?3 WHERE incident = ?1 AND state = 'unclear' AND address_key = ?2",
	    "iss", h.id, key, sg_copy_state_name(again ? SG_COPY_RELEASING : SG_COPY_RELEASED));
	sg_tx_run(tx, "UPDATE incident SET version = version + 1 WHERE id = ?1", "i", h.id);
	sg_audit_add(tx, s->keys, now, actor, "settled", ref, again ? "sent again" : "has arrived");
	return sg_tx_end(g_steal_pointer(&tx), error);
}
