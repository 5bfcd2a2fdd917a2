#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "console/login.h"

static const SgAccount root = {
    .uid = 0, .name = (char *)(gsize) "root", .role = SG_ROLE_IT, .mail = NULL };

static const SgAccount *
row_of(const SgSetup *setup, int fd, uid_t *uid, GError **error)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof peer;
	const SgAccount *a;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == -1 || len != sizeof peer) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "the system does not say who asks: %s",
		    g_strerror(errno));
		return NULL;
	}
	*uid = peer.uid;
	a = sg_accounts_find(setup->accounts, peer.uid);
	if (a != NULL)
		return a;
	if (peer.uid == 0)
		return &root;
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "the Unix user %u has no account", (guint)peer.uid);
	return NULL;
}

gboolean
sg_login_peer(SgConsole *c, const SgSetup *setup, int fd, SgVisit *v, uid_t *uid, GError **error)
{
	const SgAccount *row = row_of(setup, fd, uid, error);

	if (row == NULL)
		return FALSE;
	v->account = *row;
	/* while the store is away it has nothing to show either: what the file says is enough then */
	v->person = row != &root ? sg_store_person(c->store, row->name, NULL) : NULL;
	if (v->person == NULL)
		return TRUE;
	if (v->person->state == SG_ACCOUNT_DISABLED) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "the account \"%s\" is disabled", row->name);
		return FALSE;
	}
	v->account = (SgAccount){ row->uid, v->person->name, v->person->role, v->person->mail };
	return TRUE;
}

static gboolean
has(const GPtrArray *people, const char *name)
{
	for (guint i = 0; i < people->len; i++)
		if (strcmp(((const SgPerson *)g_ptr_array_index(people, i))->name, name) == 0)
			return TRUE;
	return FALSE;
}

GPtrArray *
sg_login_accounts(SgConsole *c, const SgSetup *setup, GError **error)
{
	g_autoptr(GPtrArray) people = sg_store_people(c->store, error);
	GPtrArray *out;

	if (people == NULL)
		return NULL;
	out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_account_free);
	for (guint i = 0; i < people->len; i++) {
		const SgPerson *p = g_ptr_array_index(people, i);

		g_ptr_array_add(out, sg_account_new(p->name, p->state != SG_ACCOUNT_DISABLED ? p->role : SG_ROLE_NONE,
		    p->mail));
	}
	for (guint i = 0; i < setup->accounts->len; i++) {
		const SgAccount *a = g_ptr_array_index(setup->accounts, i);

		if (!has(people, a->name) && sg_accounts_named(out, a->name) == NULL)
			g_ptr_array_add(out, sg_account_new(a->name, a->role, a->mail));
	}
	return out;
}
