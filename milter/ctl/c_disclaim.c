/* c_disclaim - "disclaim": the bytes of a mail as it would leave, with the school's texts. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "client/scanclient.h"
#include "ctl/mailfile.h"
#include "ctl/verbs.h"
#include "decide/disclaimer.h"

#define ROOM 2048u	/* for header fields that are added on the way */

/* What was done, for people; the mail itself goes to standard output. */
static void
tell(SgCtl *c, const SgDisclaimers *d, const SgScanDisclaimed *done)
{
	if (done->added != NULL && done->added[0] != '\0')
		sg_ctl_say(c, "added: %s", done->added);
	if (done->skipped != NULL && done->skipped[0] != '\0')
		sg_ctl_say(c, "left as it is: %s", done->skipped);
	for (guint i = 0; d != NULL && i < d->shadow->len; i++)
		sg_ctl_say(c, "would be added, but is in shadow: %s", (const char *)g_ptr_array_index(d->shadow, i));
	for (guint i = 0; d != NULL && i < d->apart->len; i++)
		sg_ctl_say(c, "keeps an unchanged copy: %s", (const char *)g_ptr_array_index(d->apart, i));
	if (d == NULL)
		sg_ctl_say(c, "no disclaimer of the policy is for this sender and these recipients");
}

static gboolean
write_out(GBytes *bytes)
{
	gsize n;
	const char *p = g_bytes_get_data(bytes, &n);

	return (n == 0 || fwrite(p, 1, n, stdout) == n) && fflush(stdout) == 0;
}

static gboolean
disclaim(SgCtl *c, const SgWorkshop *w, GBytes *mail, GError **error)
{
	g_autoptr(SgMessage) m = sg_mailfile_message(c, mail);
	g_autoptr(SgDisclaimers) d = m->sender[0] == '\0' ? NULL :
	    sg_disclaimers_for(w->policy, m, m->recipients, m->arrived);
	g_auto(SgScanDisclaimed) done = { 0 };
	const SgScanAsk ask = { .options = w->scanner->options, .bytes = mail, .fd = -1,
		.progress = sg_workshop_goes_on, .data = c };

	if (d != NULL && d->texts->len > 0 && !sg_scan_disclaim(&ask, d->texts,
	    (guint64)w->scanner->options->milter.max_size - ROOM, &done, error))
		return FALSE;
	tell(c, d, &done);
	if (write_out(done.bytes != NULL ? done.bytes : mail))
		return TRUE;
	g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "the output cannot be written");
	return FALSE;
}

SgExit
sg_c_disclaim(SgCtl *c)
{
	const char *file = sg_ctl_arg(c, 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) mail = sg_mailfile_read(file, FALSE, &error);
	SgWorkshop w = { 0 };
	gboolean ok;

	if (mail == NULL || !sg_workshop_open(c, NULL, &w, &error))
		return sg_ctl_fail_error(c, "nothing was added", error);
	ok = disclaim(c, &w, mail, &error);
	sg_workshop_close(&w);
	return ok ? SG_EXIT_OK : sg_ctl_fail(c, SG_EXIT_AWAY, file, error->message, NULL);
}
