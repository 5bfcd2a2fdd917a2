#include <string.h>

#include "base/err.h"
#include "front/release.h"

#define MAX_TRIES 8u	/* a sender may add as many forged ones as he likes */
#define EXPIRED	  "expired"
#define USED	  "used-before"

/* Everything that needs no store.  NULL: the ticket is good for this message. */
static const char *
flaw(const SgOwnHeader *h, gboolean release, SgMessage *m, const SgKeys *keys, gint64 now,
    SgTicket *t)
{
	if (!sg_ticket_read(h->value, release, keys, 0, t, NULL))
		return "forged";
	if (m->recipients->len != 1 ||
	    !sg_ticket_is_for(t, keys, g_ptr_array_index(m->recipients, 0)))
		return "other-recipient";
	if (release && m->content_hash == NULL)
		sg_message_hash(m);
	if (release && strcmp(m->content_hash, t->content) != 0)
		return "other-content";
	return t->expires < now ? EXPIRED : NULL;
}

static gboolean
use(SgStore *store, const char *nonce, gint64 now, const char **why, GError **error)
{
	g_autoptr(GError) refused = NULL;

	if (sg_store_ticket_use(store, nonce, now, &refused))
		return TRUE;
	if (g_error_matches(refused, SG_ERR, SG_ERR_INPUT)) {
		*why = USED;
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&refused));
	return FALSE;
}

gboolean
sg_release_check(const SgCollect *c, SgMessage *m, const SgKeys *keys, SgStore *store, gint64 now,
    SgPass *out, GError **error)
{
	guint tries = 0;

	memset(out, 0, sizeof *out);
	for (guint i = 0; c->own != NULL && i < c->own->len && tries < MAX_TRIES; i++) {
		const SgOwnHeader *h = g_ptr_array_index(c->own, i);
		gboolean release = g_ascii_strcasecmp(h->name, SG_TICKET_RELEASE) == 0;
		SgTicket t;

		if (!release && g_ascii_strcasecmp(h->name, SG_TICKET_NOTICE) != 0)
			continue;
		tries++;
		out->why = flaw(h, release, m, keys, now, &t);
		if (out->why == NULL && !use(store, t.nonce, now, &out->why, error))
			return FALSE;
		if (out->why != NULL) {
			out->genuine |= strcmp(out->why, EXPIRED) == 0 || strcmp(out->why, USED) == 0;
			continue;
		}
		out->good = TRUE;
		out->ticket = t;
		return TRUE;
	}
	return TRUE;
}
