#include <string.h>

#include "store/accounts.h"
#include "store/private.h"

/* Changes that need two people: what the first of them asked for, until the second has answered. */

void
sg_proposal_free(SgProposal *p)
{
	if (p == NULL)
		return;
	g_free(p->account);
	g_free(p->kind);
	g_free(p->value);
	g_free(p->proposer);
	g_free(p);
}

static gboolean
on_proposal(const SgValue *row, gpointer data)
{
	SgProposal *p;

	for (guint i = 2; i < 6; i++)
		if (row[i].text == NULL)
			return FALSE;
	p = g_new0(SgProposal, 1);
	p->id = row[0].num;
	p->made = row[1].num;
	p->account = g_strdup(row[2].text);
	p->kind = g_strdup(row[3].text);
	p->value = g_strdup(row[4].text);
	p->proposer = g_strdup(row[5].text);
	g_ptr_array_add(data, p);
	return TRUE;
}

#define PROPOSAL "SELECT id, made, account, kind, value, proposer FROM proposal "

/* The value is a role, or an address, which the audit must not hold. */
static gboolean
written(SgTx *tx, const SgStore *s, const SgActor *by, const char *action, const SgProposal *p)
{
	g_autofree char *detail = g_strdup_printf("account=%s %s%s%s", p->account, p->kind,
	    strcmp(p->kind, "role") == 0 ? "=" : "", strcmp(p->kind, "role") == 0 ? p->value : "");

	return sg_audit_add(tx, s->keys, by->now, by->name, action, "", detail);
}

gboolean
sg_store_propose(SgStore *s, const char *account, const char *kind, const char *value, const SgActor *by,
    GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	const SgProposal p = { .account = (char *)(gsize)account, .kind = (char *)(gsize)kind,
	    .value = (char *)(gsize)value };

	if (tx == NULL)
		return FALSE;
	if (sg_tx_num(tx, 0, "SELECT 1 FROM account WHERE name = ?1", "s", account) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no account \"%s\"", account);
	sg_tx_run(tx, "DELETE FROM proposal WHERE account = ?1 AND kind = ?2", "ss", account, kind);
	sg_tx_run(tx, "INSERT INTO proposal (account, kind, value, proposer, made) VALUES (?1, ?2, ?3, ?4, ?5)",
	    "ssssi", account, kind, value, by->name, by->now);
	written(tx, s, by, "proposed", &p);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

GPtrArray *
sg_store_proposals(SgStore *s, const char *account, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_proposal_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	if (account != NULL)
		sg_tx_each(tx, on_proposal, out, PROPOSAL "WHERE account = ?1 ORDER BY id", "s", account);
	else
		sg_tx_each(tx, on_proposal, out, PROPOSAL "ORDER BY id", "");
	return sg_tx_end(g_steal_pointer(&tx), error) ? g_steal_pointer(&out) : NULL;
}

SgProposal *
sg_store_proposal_end(SgStore *s, gint64 id, gboolean approved, const SgActor *by, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_proposal_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	const SgProposal *p;

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_proposal, out, PROPOSAL "WHERE id = ?1", "i", id);
	p = out->len > 0 ? g_ptr_array_index(out, 0) : NULL;
	if (p == NULL)
		sg_tx_fail(tx, SG_ERR_INPUT, "somebody else has answered it, or it was taken back");
	else if (approved && strcmp(p->proposer, by->name) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "you proposed it yourself, and it needs a second person");
	else if (approved && strcmp(p->account, by->name) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "it is about your own account, and needs somebody else");
	else {
		sg_tx_run(tx, "DELETE FROM proposal WHERE id = ?1", "i", id);
		written(tx, s, by, approved ? "approved" : "declined", p);
	}
	return sg_tx_end(g_steal_pointer(&tx), error) ? g_ptr_array_steal_index(out, 0) : NULL;
}
