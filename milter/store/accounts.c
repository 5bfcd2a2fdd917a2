#include <string.h>

#include "store/accounts.h"
#include "store/private.h"

static const char *const states[] = { "new", "active", "disabled" };

const char *
sg_account_state_name(SgAccountState s)
{
	return states[s];
}

void
sg_person_free(SgPerson *p)
{
	if (p == NULL)
		return;
	g_free(p->name);
	g_free(p->shown);
	g_strfreev(p->mail);
	g_free(p->password);
	g_free(p->secret);
	g_free(p);
}

#define PERSON                                                                                     \
	"SELECT name, shown, role, mail, state, made, password_at, signed_in, password, secret, "   \
	"single_keys, low_words, (SELECT count(*) FROM recovery WHERE account = name), "            \
	"coalesce((SELECT ends FROM first_use WHERE account = name), 0) FROM account "

static gboolean
state_of(const char *text, SgAccountState *out)
{
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		if (strcmp(states[i], text) == 0) {
			*out = (SgAccountState)i;
			return TRUE;
		}
	return FALSE;
}

static gboolean
on_person(const SgValue *row, gpointer data)
{
	g_autoptr(SgPerson) p = g_new0(SgPerson, 1);

	for (guint i = 0; i <= 4; i++)
		if (row[i].text == NULL)
			return FALSE;
	if (row[8].text == NULL || row[9].text == NULL || !state_of(row[4].text, &p->state))
		return FALSE;
	p->role = sg_role_parse(row[2].text);
	p->name = g_strdup(row[0].text);
	p->shown = g_strdup(row[1].text);
	p->mail = row[3].text[0] != '\0' ? g_strsplit(row[3].text, ",", -1) : g_new0(char *, 1);
	p->made = row[5].num;
	p->password_at = row[6].num;
	p->signed_in = row[7].num;
	p->password = g_strdup(row[8].text);
	p->secret = g_strdup(row[9].text);
	p->single_keys = row[10].num != 0;
	p->low_words = row[11].num != 0;
	p->codes = (guint)row[12].num;
	p->link_ends = row[13].num;
	if (p->role == SG_ROLE_NONE && strcmp(row[2].text, sg_role_name(SG_ROLE_NONE)) != 0)
		return FALSE;
	g_ptr_array_add(data, g_steal_pointer(&p));
	return TRUE;
}

SgPerson *
sg_store_person(SgStore *s, const char *name, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_person_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_person, out, PERSON "WHERE name = ?1", "s", name);
	if (!sg_tx_end(g_steal_pointer(&tx), error) || out->len == 0)
		return NULL;
	return g_ptr_array_steal_index(out, 0);
}

GPtrArray *
sg_store_people(SgStore *s, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_person_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_person, out, PERSON "ORDER BY name", "");
	return sg_tx_end(g_steal_pointer(&tx), error) ? g_steal_pointer(&out) : NULL;
}

gboolean
sg_store_people_count(SgStore *s, guint roles, const char *but, guint *n, GError **error)
{
	g_autoptr(GPtrArray) all = sg_store_people(s, error);
	guint found = 0;

	if (all == NULL)
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const SgPerson *p = g_ptr_array_index(all, i);

		found += p->state == SG_ACCOUNT_ACTIVE && (p->role & roles) != 0 &&
		    g_strcmp0(p->name, but) != 0;
	}
	*n = found;
	return TRUE;
}

/* --- changing ------------------------------------------------------------------ */

static gboolean
written(SgTx *tx, const SgStore *s, const SgActor *by, const char *action, const char *name, const char *value)
{
	g_autofree char *detail = g_strdup_printf("account=%s%s%s%s%s", name, *value != '\0' ? " " : "", value,
	    by->how != NULL && *by->how != '\0' ? " " : "", by->how != NULL ? by->how : "");

	return sg_audit_add(tx, s->keys, by->now, by->name, action, "", detail);
}

/* The statement before this one was to change the account. */
static void
must_be_there(SgTx *tx, const char *name)
{
	if (sg_tx_ok(tx) && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no account \"%s\"", name);
}

gboolean
sg_store_person_add(SgStore *s, const SgPerson *p, const SgActor *by, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *mail = p->mail != NULL ? g_strjoinv(",", p->mail) : g_strdup("");
	g_autofree char *what = g_strdup_printf("role=%s", sg_role_name(p->role));

	if (tx == NULL)
		return FALSE;
	if (sg_tx_num(tx, 0, "SELECT 1 FROM account WHERE name = ?1", "s", p->name) != 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is an account \"%s\" already", p->name);
	sg_tx_run(tx, "INSERT INTO account (name, shown, role, mail, state, made) VALUES (?1, ?2, ?3, ?4, 'new', ?5)",
	    "ssssi", p->name, p->shown, sg_role_name(p->role), mail, by->now);
	written(tx, s, by, "account-added", p->name, what);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static void
end_sessions(SgTx *tx, const char *name)
{
	sg_tx_run(tx, "DELETE FROM session WHERE account = ?1", "s", name);
}

gboolean
sg_store_person_role(SgStore *s, const char *name, SgRole role, const SgActor *by, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *what = g_strdup_printf("role=%s", sg_role_name(role));

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE account SET role = ?2 WHERE name = ?1", "ss", name, sg_role_name(role));
	must_be_there(tx, name);
	sg_tx_run(tx, "DELETE FROM proposal WHERE account = ?1", "s", name);
	end_sessions(tx, name);
	written(tx, s, by, "account-role", name, what);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_person_mail(SgStore *s, const char *name, const char *mail, const SgActor *by, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE account SET mail = ?2 WHERE name = ?1", "ss", name, mail);
	must_be_there(tx, name);
	end_sessions(tx, name);
	written(tx, s, by, "account-mail", name, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_person_enable(SgStore *s, const char *name, gboolean on, const SgActor *by, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, on ? "UPDATE account SET state = CASE WHEN password <> '' AND secret <> '' THEN 'active' ELSE 'new' END "
			   "WHERE name = ?1"
			 : "UPDATE account SET state = 'disabled' WHERE name = ?1", "s", name);
	must_be_there(tx, name);
	if (!on) {
		end_sessions(tx, name);
		sg_tx_run(tx, "DELETE FROM first_use WHERE account = ?1", "s", name);
		sg_tx_run(tx, "DELETE FROM browser WHERE account = ?1", "s", name);
		sg_tx_run(tx, "DELETE FROM proposal WHERE account = ?1", "s", name);
	}
	written(tx, s, by, on ? "account-enabled" : "account-disabled", name, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_person_settings(SgStore *s, const char *name, gboolean single_keys, gboolean low_words, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE account SET single_keys = ?2, low_words = ?3 WHERE name = ?1", "sii", name,
	    (gint64)(single_keys != FALSE), (gint64)(low_words != FALSE));
	must_be_there(tx, name);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_person_password(SgStore *s, const char *name, const char *hash, const SgActor *by, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE account SET password = ?2, password_at = ?3 WHERE name = ?1", "ssi", name, hash, by->now);
	must_be_there(tx, name);
	end_sessions(tx, name);
	written(tx, s, by, "account-password", name, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

/* --- codes ---------------------------------------------------------------------- */

gboolean
sg_store_step_use(SgStore *s, const char *name, gint64 step, gboolean *fresh, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	gboolean changed;

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE account SET step = ?2 WHERE name = ?1 AND step < ?2", "si", name, step);
	changed = sg_tx_changed(tx) > 0;
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*fresh = changed;
	return TRUE;
}

static void
put_codes(SgTx *tx, const char *name, char *const *hashes)
{
	sg_tx_run(tx, "DELETE FROM recovery WHERE account = ?1", "s", name);
	for (; *hashes != NULL; hashes++)
		sg_tx_run(tx, "INSERT INTO recovery (account, hash) VALUES (?1, ?2)", "ss", name, *hashes);
}

gboolean
sg_store_recovery_set(SgStore *s, const char *name, char *const *hashes, const SgActor *by, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	put_codes(tx, name, hashes);
	written(tx, s, by, "account-codes", name, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_recovery_use(SgStore *s, const char *name, const char *hash, const SgActor *by, gboolean *right,
    GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	gboolean found;

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "DELETE FROM recovery WHERE account = ?1 AND hash = ?2", "ss", name, hash);
	found = sg_tx_changed(tx) > 0;
	if (found)
		written(tx, s, by, "account-recovery", name, "");
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*right = found;
	return TRUE;
}

/* --- first use ------------------------------------------------------------------- */

void
sg_first_use_free(SgFirstUse *f)
{
	if (f == NULL)
		return;
	g_free(f->account);
	g_free(f->hash);
	g_free(f->password);
	g_free(f->secret);
	g_free(f);
}

gboolean
sg_store_first_use_make(SgStore *s, const char *name, const char *hash, gint64 ends, gboolean reset,
    const SgActor *by, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	if (sg_tx_num(tx, 0, "SELECT 1 FROM account WHERE name = ?1 AND state <> 'disabled'", "s", name) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no account \"%s\", or it is disabled", name);
	if (!reset && sg_tx_num(tx, 0, "SELECT 1 FROM account WHERE name = ?1 AND state = 'active'", "s", name) != 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "the account \"%s\" is set up already", name);
	if (reset) {
		sg_tx_run(tx, "UPDATE account SET state = 'new', password = '', secret = '' WHERE name = ?1", "s", name);
		sg_tx_run(tx, "DELETE FROM recovery WHERE account = ?1", "s", name);
		sg_tx_run(tx, "DELETE FROM browser WHERE account = ?1", "s", name);
		end_sessions(tx, name);
	}
	sg_tx_run(tx, "INSERT INTO first_use (account, hash, ends) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT (account) DO UPDATE SET hash = ?2, ends = ?3, password = '', secret = ''", "ssi", name,
	    hash, ends);
	sg_tx_run(tx, "DELETE FROM session WHERE account = ?1 AND stage = 'setup'", "s", name);
	written(tx, s, by, reset ? "account-reset" : "account-link", name, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static gboolean
on_first_use(const SgValue *row, gpointer data)
{
	SgFirstUse **out = data, *f;

	for (guint i = 0; i < 4; i++)
		if (row[i].text == NULL)
			return FALSE;
	f = g_new0(SgFirstUse, 1);
	f->account = g_strdup(row[0].text);
	f->hash = g_strdup(row[1].text);
	f->password = g_strdup(row[2].text);
	f->secret = g_strdup(row[3].text);
	f->ends = row[4].num;
	sg_first_use_free(*out);
	*out = f;
	return TRUE;
}

#define FIRST_USE                                                                                  \
	"SELECT f.account, f.hash, f.password, f.secret, f.ends FROM first_use f JOIN account a "   \
	"ON a.name = f.account AND a.state = 'new' WHERE f.ends > ?2 AND "

static SgFirstUse *
find_first_use(SgStore *s, const char *sql, const char *key, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_autoptr(SgFirstUse) f = NULL;

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_first_use, &f, sql, "si", key, now);
	return sg_tx_end(g_steal_pointer(&tx), error) ? g_steal_pointer(&f) : NULL;
}

SgFirstUse *
sg_store_first_use(SgStore *s, const char *hash, gint64 now, GError **error)
{
	return find_first_use(s, FIRST_USE "f.hash = ?1", hash, now, error);
}

SgFirstUse *
sg_store_first_use_of(SgStore *s, const char *account, gint64 now, GError **error)
{
	return find_first_use(s, FIRST_USE "f.account = ?1", account, now, error);
}

gboolean
sg_store_first_use_keep(SgStore *s, const char *hash, const char *password, const char *secret, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	if (password != NULL)
		sg_tx_run(tx, "UPDATE first_use SET password = ?2 WHERE hash = ?1", "ss", hash, password);
	if (secret != NULL)
		sg_tx_run(tx, "UPDATE first_use SET secret = ?2 WHERE hash = ?1", "ss", hash, secret);
	if (sg_tx_ok(tx) && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "this link was used, or is over");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_first_use_done(SgStore *s, const SgFirstUse *f, gint64 step, char *const *hashes, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	const SgActor by = { f->account, "", now };

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "DELETE FROM first_use WHERE hash = ?1 AND password = ?2 AND secret = ?3 AND ends > ?4", "sssi",
	    f->hash, f->password, f->secret, now);
	if (sg_tx_ok(tx) && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "this link was used, or is over");
	sg_tx_run(tx, "UPDATE account SET state = 'active', password = ?2, password_at = ?3, secret = ?4, step = ?5 "
	    "WHERE name = ?1 AND state = 'new'", "ssisi", f->account, f->password, now, f->secret, step);
	must_be_there(tx, f->account);
	put_codes(tx, f->account, hashes);
	end_sessions(tx, f->account);
	written(tx, s, &by, "account-set-up", f->account, "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}
