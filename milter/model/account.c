#include <pwd.h>
#include <string.h>

#include "base/err.h"
#include "model/account.h"
#include "model/message.h"

static const struct {
	SgRole	    role;
	const char *name, *label;
} roles[] = {
	{ SG_ROLE_LEAD, "lead", "the safeguarding lead" },
	{ SG_ROLE_DEPUTY, "deputy", "the deputy safeguarding lead" },
	{ SG_ROLE_HEAD, "head", "the head teacher" },
	{ SG_ROLE_DPO, "dpo", "the data protection officer" },
	{ SG_ROLE_IT, "it", "the technician" },
	{ SG_ROLE_GOVERNOR, "governor", "the e-safety governor" },
	{ SG_ROLE_TEACHER, "teacher", "the class teacher" },
};

const char *
sg_role_name(SgRole r)
{
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		if (roles[i].role == r)
			return roles[i].name;
	return "none";
}

SgRole
sg_role_parse(const char *s)
{
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		if (g_strcmp0(s, roles[i].name) == 0)
			return roles[i].role;
	return SG_ROLE_NONE;
}

const char *
sg_role_label(SgRole r)
{
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		if (roles[i].role == r)
			return roles[i].label;
	return "somebody with an account";
}

void
sg_account_free(SgAccount *a)
{
	if (a == NULL)
		return;
	g_free(a->name);
	g_strfreev(a->mail);
	g_free(a);
}

SgAccount *
sg_account_new(const char *name, SgRole role, char *const *mail)
{
	SgAccount *a = g_new0(SgAccount, 1);

	a->uid = (uid_t)-1;
	a->name = g_strdup(name);
	a->role = role;
	a->mail = mail != NULL ? g_strdupv((char **)(gsize)mail) : g_new0(char *, 1);
	return a;
}

static gboolean
parse_uid(const char *user, uid_t *uid)
{
	guint64 n;
	struct passwd pw, *found = NULL;
	char buf[4096];

	if (g_ascii_string_to_unsigned(user, 10, 0, G_MAXUINT32 - 1, &n, NULL)) {
		*uid = (uid_t)n;
		return TRUE;
	}
	if (getpwnam_r(user, &pw, buf, sizeof buf, &found) != 0 || found == NULL)
		return FALSE;
	*uid = found->pw_uid;
	return TRUE;
}

static gboolean
account_name_ok(const char *s)
{
	return *s != '\0' && strlen(s) <= 64 &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

static char **
parse_mail(const char *list)
{
	g_auto(GStrv) raw = g_strsplit_set(list, ", ", -1);
	g_autoptr(GPtrArray) out = g_ptr_array_new();

	for (char **m = raw; *m != NULL; m++) {
		char *clean = **m != '\0' ? sg_address_clean(*m) : NULL;

		if (clean != NULL)
			g_ptr_array_add(out, clean);
	}
	g_ptr_array_add(out, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&out), FALSE);
}

static char *
parse_row(const char *row, SgAccount *a)
{
	g_auto(GStrv) f = g_strsplit(row, ":", 4);
	guint n = g_strv_length(f);

	if (n < 3)
		return g_strdup_printf("cli.accounts: \"%s\" has %u of four fields; "
		    "write \"unix-user:account:role:mail-address\"", row, n);
	if (!parse_uid(f[0], &a->uid))
		return g_strdup_printf("cli.accounts: no Unix user is called \"%s\"; "
		    "use a name of this machine, or a number", f[0]);
	if (!account_name_ok(f[1]))
		return g_strdup_printf("cli.accounts: the account \"%s\" is not a plain name; "
		    "use small letters, digits, dot, dash", f[1]);
	a->role = sg_role_parse(f[2]);
	if (a->role == SG_ROLE_NONE)
		return g_strdup_printf("cli.accounts: there is no role \"%s\"; "
		    "choose lead, deputy, head, dpo, it, governor or teacher", f[2]);
	a->name = g_strdup(f[1]);
	a->mail = parse_mail(n == 4 ? f[3] : "");
	if ((a->role & SG_ROLE_CONTENT) != 0 && a->mail[0] == NULL)
		return g_strdup_printf(
		    "cli.accounts: \"%s\" has no mail address; without it nobody can keep "
		    "%s from mail of their own, so add it as the fourth field",
		    row, f[1]);
	return NULL;
}

GPtrArray *
sg_accounts_parse(char *const *rows, GPtrArray *problems, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sg_account_free);
	g_autofree char *first = NULL;

	for (; rows != NULL && *rows != NULL; rows++) {
		SgAccount *a = g_new0(SgAccount, 1);
		g_autofree char *wrong = parse_row(*rows, a);

		g_ptr_array_add(list, a);
		if (wrong == NULL && sg_accounts_find(list, a->uid) != a)
			wrong = g_strdup_printf(
			    "cli.accounts: the Unix user of \"%s\" has an account already; "
			    "keep one row",
			    *rows);
		if (wrong != NULL && problems != NULL)
			g_ptr_array_add(problems, g_strdup(wrong));
		if (wrong != NULL && first == NULL)
			first = g_steal_pointer(&wrong);
	}
	if (first == NULL)
		return g_steal_pointer(&list);
	g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, first);
	return NULL;
}

const SgAccount *
sg_accounts_find(const GPtrArray *accounts, uid_t uid)
{
	for (guint i = 0; i < accounts->len; i++) {
		const SgAccount *a = g_ptr_array_index(accounts, i);

		if (a->uid == uid)
			return a;
	}
	return NULL;
}

const SgAccount *
sg_accounts_named(const GPtrArray *accounts, const char *name)
{
	for (guint i = 0; i < accounts->len; i++) {
		const SgAccount *a = g_ptr_array_index(accounts, i);

		if (strcmp(a->name, name) == 0)
			return a;
	}
	return NULL;
}

gboolean
sg_account_is(const SgAccount *a, const char *address)
{
	for (char **m = a->mail; address != NULL && m != NULL && *m != NULL; m++)
		if (sg_address_same(*m, address))
			return TRUE;
	return FALSE;
}
