#include <string.h>

#include "store/mistake.h"
#include "store/private.h"

#define OF_ONE	 50
#define SHOWN	 200
#define SAID_MAX 12000u	/* bytes of phrase and note */

void
sg_mistake_free(SgMistake *m)
{
	if (m == NULL)
		return;
	g_free(m->ref);
	g_free(m->rule);
	g_free(m->actor);
	g_free(m->why);
	g_free(m->asks);
	g_free(m->state);
	g_free(m->answered_by);
	g_free(m->phrase);
	g_free(m->note);
	g_free(m);
}

/* --- saying it ------------------------------------------------------------------------ */

static gboolean
write_mistake(SgStore *s, SgTx *tx, const SgMistake *m, const char *object, guint64 stored)
{
	g_autofree char *detail = g_strdup_printf("rule=%s why=%s asks=%s", m->rule, m->why, m->asks);
	gint64 id = sg_tx_num(tx, 0, "SELECT i.id FROM incident i WHERE i.ref = ?1 AND i.sealed = 0 AND NOT EXISTS "
	    "(SELECT 1 FROM copy c WHERE c.incident = i.id AND c.state = 'waiting')", "s", m->ref);

	if (!sg_tx_ok(tx))
		return FALSE;
	if (id == 0)
		return sg_tx_fail(tx, SG_ERR_INPUT, "decide about the message first; a sealed one stays as it is");
	if (sg_tx_num(tx, 0, "SELECT count(*) FROM mistake WHERE incident = ?1 AND actor = ?2 AND rule = ?3", "iss", id,
		m->actor, m->rule) > 0)
		return sg_tx_fail(tx, SG_ERR_INPUT, "you have said so about this rule already");
	if (sg_tx_num(tx, 0, "SELECT count(*) FROM mistake WHERE incident = ?1", "i", id) >= OF_ONE)
		return sg_tx_fail(tx, SG_ERR_INPUT, "enough has been said about this message");
	sg_tx_run(tx, "INSERT INTO mistake (incident, rule, severity, actor, made, why, asks, said) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "isisisss", id, m->rule, (gint64)m->severity, m->actor, m->made,
	    m->why, m->asks, object);
	sg_tx_run(tx, "UPDATE incident SET mistake = 1, content = content + ?2 WHERE id = ?1", "ii", id, (gint64)stored);
	sg_tx_run(tx, "UPDATE meter SET value = value + ?1 WHERE name = 'content'", "i", (gint64)stored);
	return sg_audit_add(tx, s->keys, m->made, m->actor, "mistake", m->ref, detail);
}

gboolean
sg_store_mistake_add(SgStore *s, const SgMistake *m, GError **error)
{
	g_autofree char *said = *m->phrase != '\0' || *m->note != '\0' ? g_strdup_printf("%s\n%s", m->phrase, m->note)
								       : g_strdup("");
	g_autofree char *object = NULL;
	g_autoptr(SgTx) tx = NULL;
	guint64 stored = 0;
	gboolean undone, ok;

	if (strlen(said) > SAID_MAX || strchr(m->phrase, '\n') != NULL) {
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "that is too long");
		return FALSE;
	}
	if (!sg_words_put(s, m->ref, "mistake", (guint)(m->made & G_MAXUINT32), said, &object, &stored, error))
		return FALSE;
	tx = sg_tx_begin(s->db, TRUE, error);
	undone = tx == NULL || !write_mistake(s, tx, m, object, stored);
	ok = tx != NULL && sg_tx_end(g_steal_pointer(&tx), error);
	if (undone)
		sg_words_drop(s, m->ref, object);
	return ok;
}

/* --- the list -------------------------------------------------------------------------- */

static gboolean
on_mistake(const SgValue *row, gpointer data)
{
	g_autoptr(SgMistake) m = g_new0(SgMistake, 1);
	char **texts[] = { &m->ref, &m->rule, &m->actor, &m->why, &m->asks, &m->state, &m->answered_by, &m->phrase };

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (row[4 + i].text == NULL)
			return FALSE;
		*texts[i] = g_strdup(row[4 + i].text);
	}
	m->id = row[0].num;
	m->made = row[1].num;
	m->answered = row[2].num;
	m->severity = (guint)row[3].num;
	g_ptr_array_add(data, g_steal_pointer(&m));
	return TRUE;
}

/* phrase is the name of the object until now. */
static void
open_words(SgStore *s, SgMistake *m)
{
	g_autofree char *object = m->phrase, *said = sg_words_get(s, m->ref, object, NULL);
	char *end = said != NULL ? strchr(said, '\n') : NULL;

	m->phrase = end != NULL ? g_strndup(said, (gsize)(end - said)) : g_strdup("");
	m->note = g_strdup(end != NULL ? end + 1 : "");
}

GPtrArray *
sg_store_mistakes(SgStore *s, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_mistake_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_mistake, out, "SELECT m.id, m.made, m.answered, m.severity, i.ref, m.rule, m.actor, m.why, m.asks, "
	    "m.state, m.answered_by, m.said FROM mistake m JOIN incident i ON i.id = m.incident WHERE i.sealed = 0 "
	    "AND m.asks <> 'once' ORDER BY m.state <> '', m.id DESC LIMIT ?1", "i", (gint64)SHOWN);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	for (guint i = 0; i < out->len; i++)
		open_words(s, g_ptr_array_index(out, i));
	return g_steal_pointer(&out);
}

/* --- the answer ------------------------------------------------------------------------ */

typedef struct Asked {
	char *ref, *rule, *actor, *state;
} Asked;

static void
asked_clear(Asked *a)
{
	g_free(a->ref);
	g_free(a->rule);
	g_free(a->actor);
	g_free(a->state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

static gboolean
on_asked(const SgValue *row, gpointer data)
{
	Asked *a = data;

	a->ref = g_strdup(row[0].text);
	a->rule = g_strdup(row[1].text);
	a->actor = g_strdup(row[2].text);
	a->state = g_strdup(row[3].text);
	return a->ref != NULL && a->rule != NULL && a->actor != NULL && a->state != NULL;
}

gboolean
sg_store_mistake_answer(SgStore *s, gint64 id, gboolean accepted, const char *actor, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_auto(Asked) a = { 0 };
	g_autofree char *detail = NULL;

	if (tx == NULL)
		return FALSE;
	sg_tx_each(tx, on_asked, &a, "SELECT i.ref, m.rule, m.actor, m.state FROM mistake m JOIN incident i "
	    "ON i.id = m.incident WHERE m.id = ?1 AND m.asks <> 'once' AND i.sealed = 0", "i", id);
	if (a.ref == NULL)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no such suggestion any more");
	else if (*a.state != '\0')
		sg_tx_fail(tx, SG_ERR_INPUT, "it is answered already");
	else if (accepted && strcmp(a.actor, actor) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "you suggested it yourself, and it needs a second person");
	else {
		detail = g_strdup_printf("rule=%s by=%s", a.rule, a.actor);
		sg_tx_run(tx, "UPDATE mistake SET state = ?2, answered_by = ?3, answered = ?4 WHERE id = ?1", "issi", id,
		    accepted ? "accepted" : "declined", actor, now);
		sg_audit_add(tx, s->keys, now, actor, accepted ? "rule-accepted" : "rule-declined", a.ref, detail);
	}
	return sg_tx_end(g_steal_pointer(&tx), error);
}
