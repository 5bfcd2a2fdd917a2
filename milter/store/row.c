#include <string.h>

#include "store/row.h"

#define COLUMN(type, name, member, kind) { name, G_STRUCT_OFFSET(type, member), SG_COL_##kind },

static const SgColumn incident[] = {
	COLUMN(SgIncident, "ref", ref, TEXT)
	COLUMN(SgIncident, "created", created, I64)
	COLUMN(SgIncident, "dedupe", origin.dedupe, TEXT)
	COLUMN(SgIncident, "content_hash", origin.content_hash, TEXT)
	COLUMN(SgIncident, "sender", origin.sender, TEXT)
	COLUMN(SgIncident, "sender_class", origin.sender_class, TEXT)
	COLUMN(SgIncident, "client", origin.client, TEXT)
	COLUMN(SgIncident, "queue_id", origin.queue_id, TEXT)
	COLUMN(SgIncident, "message_id", origin.message_id, TEXT)
	COLUMN(SgIncident, "mail_args", origin.mail_args, TEXT)
	COLUMN(SgIncident, "authenticated", origin.authenticated, BOOL)
	COLUMN(SgIncident, "own_id", origin.own_id, BOOL)
	COLUMN(SgIncident, "size", origin.size, U64)
	COLUMN(SgIncident, "route", route, TEXT)
	COLUMN(SgIncident, "category", category, TEXT)
	COLUMN(SgIncident, "area", area, TEXT)
	COLUMN(SgIncident, "severity", severity, UINT)
	COLUMN(SgIncident, "urgency", urgency, TEXT)
	COLUMN(SgIncident, "policy_rows", rows, TEXT)
	COLUMN(SgIncident, "flags", flags, UINT)
	COLUMN(SgIncident, "failure", failure, TEXT)
	COLUMN(SgIncident, "look_by", look_by, I64)
	COLUMN(SgIncident, "sealed", sealed, BOOL)
	COLUMN(SgIncident, "disclosure", disclosure, BOOL)
	COLUMN(SgIncident, "privileged", privileged, BOOL)
	COLUMN(SgIncident, "version", version, UINT)
	COLUMN(SgIncident, "taken_by", taken_by, TEXT)
	COLUMN(SgIncident, "taken_until", taken_until, I64)
	COLUMN(SgIncident, "decision", decision, TEXT)
	COLUMN(SgIncident, "decided_by", decided_by, TEXT)
	COLUMN(SgIncident, "decided_at", decided_at, I64)
};

static const SgColumn copy[] = {
	COLUMN(SgCopy, "address", address, TEXT)
	COLUMN(SgCopy, "class", klass, TEXT)
	COLUMN(SgCopy, "state", state, STATE)
	COLUMN(SgCopy, "action", action, TEXT)
	COLUMN(SgCopy, "answer", answer, TEXT)
	COLUMN(SgCopy, "attempts", attempts, UINT)
};

static const SgColumn hit[] = {
	COLUMN(SgHit, "rule", rule, TEXT)
	COLUMN(SgHit, "title", title, TEXT)
	COLUMN(SgHit, "category", category, TEXT)
	COLUMN(SgHit, "area", area, TEXT)
	COLUMN(SgHit, "place", where, TEXT)
	COLUMN(SgHit, "part", part, TEXT)
	COLUMN(SgHit, "severity", severity, UINT)
	COLUMN(SgHit, "confidence", confidence, UINT)
	COLUMN(SgHit, "count", count, UINT)
	COLUMN(SgHit, "disguised", disguised, UINT)
};

static const SgColumn trace[] = {
	COLUMN(SgTrace, "at", when, I64)
	COLUMN(SgTrace, "queue_id", queue_id, TEXT)
	COLUMN(SgTrace, "message_id", message_id, TEXT)
	COLUMN(SgTrace, "sender", sender, TEXT)
	COLUMN(SgTrace, "recipients", recipients, TEXT)
	COLUMN(SgTrace, "route", route, TEXT)
	COLUMN(SgTrace, "verdict", verdict, TEXT)
	COLUMN(SgTrace, "ref", ref, TEXT)
	COLUMN(SgTrace, "micros", micros, UINT)
	COLUMN(SgTrace, "size", size, U64)
	COLUMN(SgTrace, "disclaimer", disclaimer, TEXT)
};

const SgTable sg_table_incident = { "incident", incident, G_N_ELEMENTS(incident) };
const SgTable sg_table_copy = { "copy", copy, G_N_ELEMENTS(copy) };
const SgTable sg_table_hit = { "hit", hit, G_N_ELEMENTS(hit) };
const SgTable sg_table_trace = { "trace", trace, G_N_ELEMENTS(trace) };

enum { MOST = 48 };	/* columns of the widest table, and those a caller adds */

void
sg_row_columns(const SgTable *t, const char *prefix, GString *out)
{
	for (guint i = 0; i < t->n; i++)
		g_string_append_printf(out, "%s%s%s", i > 0 ? ", " : "", prefix, t->columns[i].name);
}

static gboolean
read_one(const SgColumn *c, const SgValue *v, gpointer out)
{
	if ((c->kind == SG_COL_TEXT || c->kind == SG_COL_STATE) != (v->text != NULL))
		return FALSE;
	switch (c->kind) {
	case SG_COL_TEXT:
		G_STRUCT_MEMBER(char *, out, c->at) = g_strdup(v->text);
		return TRUE;
	case SG_COL_I64:
		G_STRUCT_MEMBER(gint64, out, c->at) = v->num;
		return TRUE;
	case SG_COL_UINT:
		G_STRUCT_MEMBER(guint, out, c->at) = (guint)v->num;
		return v->num >= 0 && v->num <= G_MAXUINT;
	case SG_COL_U64:
		G_STRUCT_MEMBER(guint64, out, c->at) = (guint64)v->num;
		return v->num >= 0;
	case SG_COL_BOOL:
		G_STRUCT_MEMBER(gboolean, out, c->at) = v->num != 0;
		return TRUE;
	case SG_COL_STATE:
		return sg_copy_state_parse(v->text, &G_STRUCT_MEMBER(SgCopyState, out, c->at));
	}
	return FALSE;
}

gboolean
sg_row_read(const SgTable *t, const SgValue *row, gpointer out)
{
	for (guint i = 0; i < t->n; i++)
		if (!read_one(&t->columns[i], &row[i], out))
			return FALSE;
	return TRUE;
}

static SgValue
value_of(const SgColumn *c, gconstpointer in)
{
	const char *p = (const char *)in + c->at;
	SgValue v = { NULL, 0 };

	switch (c->kind) {
	case SG_COL_TEXT:
		v.text = *(char *const *)(gconstpointer)p;
		if (v.text == NULL)
			v.text = "";
		break;
	case SG_COL_I64:
	case SG_COL_U64:
		v.num = *(const gint64 *)(gconstpointer)p;
		break;
	case SG_COL_UINT:
		v.num = *(const guint *)(gconstpointer)p;
		break;
	case SG_COL_BOOL:
		v.num = *(const gboolean *)(gconstpointer)p != FALSE;
		break;
	case SG_COL_STATE:
		v.text = sg_copy_state_name(*(const SgCopyState *)(gconstpointer)p);
		break;
	}
	return v;
}

gboolean
sg_row_insert(SgTx *tx, const SgTable *t, gconstpointer in, const char *more, const SgValue *values,
    guint n_more)
{
	g_autoptr(GString) sql = g_string_new("INSERT INTO ");
	g_autoptr(GPtrArray) mended = g_ptr_array_new_with_free_func(g_free);
	SgValue v[MOST];

	g_assert(n_more + t->n <= MOST);
	g_string_append_printf(sql, "%s (%s, ", t->name, more);
	sg_row_columns(t, "", sql);
	g_string_append(sql, ") VALUES (");
	for (guint i = 0; i < n_more + t->n; i++) {
		v[i] = i < n_more ? values[i] : value_of(&t->columns[i - n_more], in);
		if (v[i].text != NULL && !g_utf8_validate(v[i].text, -1, NULL)) {
			v[i].text = g_utf8_make_valid(v[i].text, -1);
			g_ptr_array_add(mended, (gpointer)(gsize)v[i].text);
		}
		g_string_append_printf(sql, "%s?%u", i > 0 ? ", " : "", i + 1);
	}
	g_string_append_c(sql, ')');
	return sg_tx_run_values(tx, NULL, NULL, sql->str, v, n_more + t->n);
}
