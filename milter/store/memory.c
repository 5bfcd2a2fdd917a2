#include <string.h>

#include <sodium.h>

#include "model/spelling.h"
#include "store/memory.h"
#include "store/private.h"

/* 63 bits of a keyed BLAKE2b: with a million pairs, two fall together once in ten
 * million installations, and then two strangers count as acquainted. */
static gint64
key_of(const SgKeys *keys, const char *kind, const char *a, const char *b)
{
	static const char domain[] = "schoolgate memory 1";
	crypto_generichash_state st;
	guint8 out[crypto_generichash_BYTES_MIN];
	gint64 key;

	(void)crypto_generichash_init(&st, keys->mail, sizeof keys->mail, sizeof out);
	(void)crypto_generichash_update(&st, (const guint8 *)domain, sizeof domain);
	(void)crypto_generichash_update(&st, (const guint8 *)kind, strlen(kind) + 1);
	(void)crypto_generichash_update(&st, (const guint8 *)a, strlen(a) + 1);
	(void)crypto_generichash_update(&st, (const guint8 *)b, strlen(b) + 1);
	(void)crypto_generichash_final(&st, out, sizeof out);
	memcpy(&key, out, sizeof key);
	return (gint64)((guint64)key & G_MAXINT64);
}

static gint64
pair_key(const SgKeys *keys, const char *a, const char *b)
{
	return strcmp(a, b) < 0 ? key_of(keys, "pair", a, b) : key_of(keys, "pair", b, a);
}

static gboolean
has_key(const SgStore *s, GError **error)
{
	if (s->keys != NULL && (s->keys->have & SG_KEY_MAIL) != 0)
		return TRUE;
	g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "what is remembered of people needs mail.key");
	return FALSE;
}

static gboolean
on_pair(const SgValue *row, gpointer data)
{
	SgContact *c = data;

	c->first = row[0].num;
	return row[0].text == NULL;
}

typedef struct Signs {
	GArray *list;
	gint64	mark;
	gint64	same_since;	/* the mark's own message is the same if it is not older */
	gboolean again;
} Signs;

static gboolean
on_sign(const SgValue *row, gpointer data)
{
	Signs *w = data;
	const SgSign one = { row[0].num, (guint)row[1].num };

	if (row[2].num == w->mark && one.when > w->same_since)
		w->again = TRUE;
	else
		g_array_prepend_val(w->list, one);
	return row[0].text == NULL && row[1].text == NULL && row[2].text == NULL;
}

static void
worry_about(SgTx *tx, const SgKeys *keys, const SgWorry *w, SgContact *c)
{
	const gint64 pair = pair_key(keys, c->child, c->other);
	Signs signs = { c->before, key_of(keys, "mark", w->dedupe, ""),
		w->now - (w->own_id ? SG_SAME_OWN : SG_SAME_ELSE), FALSE };

	g_array_set_size(c->before, 0);
	sg_tx_each(tx, on_pair, c, "SELECT first FROM pair WHERE key = ?1", "i", pair);
	c->since = sg_tx_num(tx, 0, "SELECT value FROM meter WHERE name = 'memory_since'", "");
	sg_tx_each(tx, on_sign, &signs, "SELECT at, kinds, mark FROM sign WHERE pair = ?1 AND at >= ?2 "
	    "ORDER BY at DESC, mark LIMIT ?3", "iii", pair, w->since, (gint64)SG_SIGNS_MOST);
	if (!signs.again)
		sg_tx_run(tx, "INSERT INTO sign (pair, mark, at, kinds) VALUES (?1, ?2, ?3, ?4) "
		    "ON CONFLICT (pair, at, mark) DO NOTHING", "iiii", pair, signs.mark, w->now, (gint64)w->kinds);
}

gboolean
sg_store_worry(SgStore *s, const SgWorry *w, GPtrArray *contacts, GError **error)
{
	g_autoptr(SgTx) tx = has_key(s, error) ? sg_tx_begin(s->db, TRUE, error) : NULL;

	if (tx == NULL)
		return FALSE;
	for (guint i = 0; i < contacts->len && sg_tx_ok(tx); i++)
		worry_about(tx, s->keys, w, g_ptr_array_index(contacts, i));
	return sg_tx_end(g_steal_pointer(&tx), error);
}

#define OFTEN 3		/* messages: with whom somebody usually writes */

typedef struct Search {
	SgTx	   *tx;
	const SgKeys *keys;
	const char *from;	/* NULL: domains */
	gboolean    found;
} Search;

static gboolean
knows(SgTx *tx, const char *sql, gint64 key)
{
	return sg_tx_num(tx, 0, sql, "i", key) != 0;
}

#define KNOWN_PAIR   "SELECT 1 FROM pair WHERE key = ?1"
#define KNOWN_DOMAIN "SELECT 1 FROM domain WHERE key = ?1"

/* Is this spelling one that is known?  FALSE ends the search. */
static gboolean
on_spelling(const char *text, gpointer data)
{
	Search *w = data;

	w->found = w->from != NULL ? knows(w->tx, KNOWN_PAIR, pair_key(w->keys, w->from, text))
				   : knows(w->tx, KNOWN_DOMAIN, key_of(w->keys, "domain", text, ""));
	return !w->found && sg_tx_ok(w->tx);
}

/* A new address at a domain that is known: like one the sender writes to?  At a new
 * domain: is that one like a known one?  Short names have neighbours by nature. */
static gboolean
is_alike(SgTx *tx, const SgKeys *keys, const SgRelations *r, const SgRelation *to)
{
	enum { DOMAIN_LEAST = 9, LOCAL_LEAST = 5 };
	Search w = { tx, keys, r->from, FALSE };
	const char *at = strrchr(to->address, '@');
	gsize local = at != NULL ? (gsize)(at - to->address) : 0;
	g_autofree char *look = NULL;

	if (to->common || knows(tx, KNOWN_DOMAIN, key_of(keys, "domain", to->domain, ""))) {
		if (local >= LOCAL_LEAST)
			sg_spelling_each(to->address, local, on_spelling, &w);
		return w.found;
	}
	if (strlen(to->domain) < DOMAIN_LEAST)
		return FALSE;
	look = sg_spelling_look(to->domain);
	if (knows(tx, KNOWN_DOMAIN, key_of(keys, "look", look, "")))
		return TRUE;
	w.from = NULL;
	sg_spelling_each(to->domain, strlen(to->domain), on_spelling, &w);
	return w.found;
}

/* Often enough with somebody else of that name. */
static gboolean
is_namesake(SgTx *tx, const SgKeys *keys, const SgRelations *r, const SgRelation *to, gint64 pair)
{
	return to->surname[0] != '\0' &&
	    sg_tx_num(tx, 0, "SELECT count(*) FROM namesake WHERE key = ?1 AND pair <> ?2 AND times >= ?3", "iii",
		key_of(keys, "name", r->from, to->surname), pair, (gint64)OFTEN) > 0;
}

static void
relate(SgTx *tx, const SgKeys *keys, const SgRelations *r, SgRelation *to, guint *searches)
{
	const gint64 pair = pair_key(keys, r->from, to->address);

	if (strcmp(r->from, to->address) == 0 || knows(tx, KNOWN_PAIR, pair))
		return;
	if (to->domain[0] != '\0')
		to->facts |= SG_REL_FIRST;
	if (is_namesake(tx, keys, r, to, pair))
		to->facts |= SG_REL_NAMESAKE;
	if (to->domain[0] == '\0' || (to->facts & SG_REL_ALIKE) != 0 || (*searches)++ >= SG_ALIKE_MOST)
		return;
	if (is_alike(tx, keys, r, to))
		to->facts |= SG_REL_ALIKE;
}

gboolean
sg_store_relations(SgStore *s, SgRelations *r, gboolean alike, gint64 now, gint64 learn_seconds, GError **error)
{
	g_autoptr(SgTx) tx = has_key(s, error) ? sg_tx_begin(s->db, FALSE, error) : NULL;
	gint64 since;
	guint searches = alike ? 0 : SG_ALIKE_MOST;

	if (tx == NULL)
		return FALSE;
	since = sg_tx_num(tx, 0, "SELECT value FROM meter WHERE name = 'memory_since'", "");
	for (guint i = 0; since > 0 && since + learn_seconds <= now && i < r->to->len && sg_tx_ok(tx); i++)
		relate(tx, s->keys, r, g_ptr_array_index(r->to, i), &searches);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_sent_since(SgStore *s, const char *sender, gint64 since, guint *recipients, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_autofree char *key = sg_address_key(sender);
	gint64 n;

	if (tx == NULL)
		return FALSE;
	n = sg_tx_num(tx, 0, "SELECT count(*) FROM party p JOIN party r ON r.trace = p.trace AND r.role = 1 "
	    "JOIN trace t ON t.id = p.trace WHERE p.address_key = ?1 AND p.role = 0 AND t.at > ?2 AND p.trace >= "
	    "coalesce((SELECT min(id) FROM trace WHERE at > ?2), 0) "
	    "AND t.verdict NOT IN ('later', 'reject')", "si", key, since);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*recipients = (guint)MIN(n, G_MAXINT);
	return TRUE;
}

SgMeeting *
sg_meeting_new(const char *from, const char *to, const char *domain, const char *surname)
{
	SgMeeting *m = g_new0(SgMeeting, 1);

	m->from = g_strdup(from);
	m->to = g_strdup(to);
	m->domain = g_strdup(domain);
	m->surname = g_strdup(surname);
	return m;
}

void
sg_meeting_free(SgMeeting *m)
{
	if (m == NULL)
		return;
	g_free(m->from);
	g_free(m->to);
	g_free(m->domain);
	g_free(m->surname);
	g_free(m);
}

static void
learn_domain(SgTx *tx, const SgKeys *keys, const char *kind, const char *domain, gint64 when)
{
	sg_tx_run(tx, "INSERT INTO domain (key, last) VALUES (?1, ?2) "
	    "ON CONFLICT (key) DO UPDATE SET last = max(last, ?2)", "ii", key_of(keys, kind, domain, ""), when);
}

static void
meet(SgTx *tx, const SgKeys *keys, const SgMeeting *m, gint64 when)
{
	const gint64 pair = pair_key(keys, m->from, m->to), there = strcmp(m->from, m->to) < 0;

	sg_tx_run(tx, "INSERT INTO pair (key, first, last, there, back) VALUES (?1, ?2, ?2, ?3, 1 - ?3) "
	    "ON CONFLICT (key) DO UPDATE SET last = max(last, ?2), there = there + ?3, back = back + 1 - ?3",
	    "iii", pair, when, there);
	if (m->domain[0] != '\0') {
		g_autofree char *look = sg_spelling_look(m->domain);

		learn_domain(tx, keys, "domain", m->domain, when);
		learn_domain(tx, keys, "look", look, when);
	}
	if (m->surname[0] != '\0')
		sg_tx_run(tx, "INSERT INTO namesake (key, pair, times, last) VALUES (?1, ?2, 1, ?3) "
		    "ON CONFLICT (key, pair) DO UPDATE SET last = max(last, ?3), times = times + 1", "iii",
		    key_of(keys, "name", m->from, m->surname), pair, when);
}

void
sg_meetings_add(SgTx *tx, const SgKeys *keys, GPtrArray *met, gint64 when)
{
	if (keys == NULL || (keys->have & SG_KEY_MAIL) == 0)
		return;
	sg_tx_run(tx, "UPDATE meter SET value = ?1 WHERE name = 'memory_since' AND value = 0", "i", when);
	for (guint i = 0; i < met->len && sg_tx_ok(tx); i++)
		meet(tx, keys, g_ptr_array_index(met, i), when);
}
