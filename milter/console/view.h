/*
 * view - how incidents look in a view model, and who may see them at all.
 *
 * Whoever is sender or recipient of a message neither sees it nor can infer it:
 * lists and counts leave it out, its page is "not found".  The data protection
 * officer sees personal-data categories only.  Addresses are in a model only
 * when they were asked for (people), which is written down.
 */
#ifndef SG_CONSOLE_VIEW_H
#define SG_CONSOLE_VIEW_H

#include "console/page.h"

/* May this account know that the incident exists? */
gboolean    sg_may_see(const SgAccount *who, const SgIncident *i);
/* Is one of these addresses (NULL-terminated or comma-separated) the account's own? */
gboolean    sg_is_party(const SgAccount *who, const char *sender, const char *recipients);
/* The incident of q->ref, or NULL and a refusal: 404 for one that is not there and for one
 * that may not be known of, without a difference. */
SgIncident *sg_view_open(const SgRequest *q, SgReply *r);
/* For sg_store_list: what this account may see. */
SgFilter    sg_view_filter(const SgRequest *q);
typedef struct SgWaiting {
	guint all, urgent, late;
} SgWaiting;
/* How many of what this account may see wait for a decision. */
gboolean    sg_view_waiting(const SgRequest *q, SgWaiting *out, GError **error);
/* Incidents this account may see, as the filter says (with a limit); NULL: r is a refusal.
 * *more: there are others from offset + limit on; a page may hold fewer than its limit. */
GPtrArray  *sg_view_list(const SgRequest *q, const SgFilter *f, gboolean *more, SgReply *r);

/* A row of the queue, and the head of a message's page. */
json_t	   *sg_view_row(const SgRequest *q, const SgIncident *i, gboolean people);
/* {"group","count"[,"address"|"addresses"]} */
json_t	   *sg_view_from(const SgIncident *i, gboolean people);
json_t	   *sg_view_to(const SgIncident *i, gboolean people);
/* Who has it now; NULL = nobody. */
const char *sg_view_holder(const SgIncident *i, gint64 now);
/* "waiting", "releasing" ...: the state that says most. */
const char *sg_view_state(const SgIncident *i);
const char *sg_way_label(const char *route);	/* "Going out" */
/* RFC 3339, or null for 0.  New. */
json_t	   *sg_view_time(gint64 seconds);
/* "10:42", or "Tuesday 4 March, 10:42" on another day.  Caller frees. */
char	   *sg_view_words(gint64 seconds, gint64 now);
/* Writes to the audit; FALSE: r is a refusal, and nothing may be shown. */
gboolean    sg_view_audit(const SgRequest *q, const char *action, const char *detail, SgReply *r);
/* An audit entry without its number: numbers would tell that some are left out. */
json_t	   *sg_view_entry(const SgAuditEntry *e);

#endif
