#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "client/scanclient.h"
#include "console/ladder.h"

/* This program parses nothing: a locked-down worker takes the picture out of the message and
 * looks whether it is one that may be shown. */
static void
show(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) message = sg_store_message(q->console->store, q->ref, &error);
	const SgScanAsk ask = { .options = q->setup->options, .bytes = message, .fd = -1 };
	const char *type = NULL;
	GBytes *picture;

	if (message == NULL) {
		sg_refuse_error(r, "The picture cannot be shown.", error);
		return;
	}
	picture = sg_scan_picture(&ask, q->id, &type, &error);
	if (picture != NULL) {
		sg_reply_bytes(r, picture, type);
		r->sandboxed = TRUE;
	} else if (g_error_matches(error, SG_ERR, SG_ERR_INPUT) || g_error_matches(error, SG_ERR, SG_ERR_LIMIT))
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "This picture is not shown.", error->message, NULL);
	else
		sg_refuse_error(r, "The picture cannot be shown.", error);
}

void
sg_p_picture(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	gboolean clear = sg_grants_is_clear(q->console->grants, q->who->name, q->ref, q->id, q->now);
	g_autofree char *detail = g_strdup_printf("rung=%u part=%s", clear ? SG_RUNG_PICTURE : SG_RUNG_PICTURES, q->id);

	if (i == NULL)
		return;
	if (q->id[strspn(q->id, "0123456789.")] != '\0')
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no such picture.", NULL, NULL);
	else if (i->sealed || sg_grants_rung(q->console->grants, q->who->name, q->ref, q->now) < SG_RUNG_PICTURES)
		sg_refuse(r, MHD_HTTP_FORBIDDEN, "This picture is not shown.",
		    i->sealed ? "the message is sealed" : "its rung of the ladder was not asked for, or is over",
		    "Go back to the message.");
	else if (sg_view_audit(q, "picture", detail, r))
		show(q, r);
}
