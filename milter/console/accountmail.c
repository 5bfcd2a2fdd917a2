#include <string.h>

#include "console/accountmail.h"
#include "store/post.h"

static void
add(GPtrArray *mails, const SgAccountNews *n, const char *role, const char *address, const char *about)
{
	SgMailJob *j = g_new0(SgMailJob, 1);

	j->kind = g_strdup("account");
	j->template = g_strdup(n->template);
	j->role = g_strdup(role);
	j->address = g_strdup(address);
	j->about = g_strdup(about);
	g_ptr_array_add(mails, j);
}

gboolean
sg_account_post(SgStore *s, const SgAccountNews *n, gint64 now, GError **error)
{
	g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func((GDestroyNotify)sg_mail_job_free);
	gboolean ask = strcmp(n->template, "account-approve") == 0;
	g_autofree char *about = g_strdup_printf("account=%s\nwhat=%s\nrole=%s\nby=%s\npath=%s%s", n->account, n->what,
	    n->role, n->by, ask ? "user/" : "me", ask ? n->account : "");

	if (ask) {
		add(mails, n, "lead", "", about);
		add(mails, n, "head", "", about);
	} else {
		if (n->address != NULL)
			add(mails, n, "", n->address, about);
		add(mails, n, "it", "", about);
	}
	return sg_store_post(s, NULL, 0, mails, now, error);
}
