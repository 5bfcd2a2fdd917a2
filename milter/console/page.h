/*
 * page - what a handler is given and what it gives back.
 *
 * One handler a page and method; it builds one view model (JSON).  The web
 * pages of a later release turn the same model into HTML.  By the time a
 * handler runs, who asks is known and rights.c has let them in; the handler
 * itself keeps people from messages of their own (view.h).
 *
 * To add a page: a handler in p_<name>.c, its prototype here, one row in
 * pages.c, one in rights.c.
 */
#ifndef SG_CONSOLE_PAGE_H
#define SG_CONSOLE_PAGE_H

#include <jansson.h>

#include "base/ref.h"
#include "console/console.h"
#include "console/fields.h"

typedef struct SgRequest {
	SgConsole	*console;
	SgSetup		*setup;
	const SgAccount *who;
	SgFields	*query, *body;
	char		 ref[SG_REF_LEN + 1];	/* of /message/REF/..., else "" */
	gint64		 now;
} SgRequest;

typedef struct SgReply {
	guint	    status;
	json_t	   *body;	/* or */
	char	   *text;	/* of this type */
	const char *type;
} SgReply;

typedef void (*SgHandler)(const SgRequest *q, SgReply *r);

void sg_reply_clear(SgReply *r);
/* body is taken. */
void sg_reply(SgReply *r, json_t *body);
/* A refusal in three parts; why and todo may be NULL. */
void sg_refuse(SgReply *r, guint status, const char *what, const char *why, const char *todo);
/* For a failure of the store or of a file: 503 when it may pass, 500 with a reference (which is
 * also logged) when not. */
void sg_refuse_error(SgReply *r, const char *what, const GError *error);

void sg_p_audit(const SgRequest *q, SgReply *r);
void sg_p_audit_verify(const SgRequest *q, SgReply *r);
void sg_p_decide(const SgRequest *q, SgReply *r);
void sg_p_health(const SgRequest *q, SgReply *r);
void sg_p_hide(const SgRequest *q, SgReply *r);
void sg_p_me(const SgRequest *q, SgReply *r);
void sg_p_message(const SgRequest *q, SgReply *r);
void sg_p_metrics(const SgRequest *q, SgReply *r);
void sg_p_pass(const SgRequest *q, SgReply *r);
void sg_p_queue(const SgRequest *q, SgReply *r);
void sg_p_queue_count(const SgRequest *q, SgReply *r);
void sg_p_report_disclaimers(const SgRequest *q, SgReply *r);
void sg_p_reveal(const SgRequest *q, SgReply *r);
void sg_p_seal(const SgRequest *q, SgReply *r);
void sg_p_search(const SgRequest *q, SgReply *r);
void sg_p_settle(const SgRequest *q, SgReply *r);
void sg_p_take(const SgRequest *q, SgReply *r);
void sg_p_undo(const SgRequest *q, SgReply *r);

SgCounters *sg_counters_new(gint64 now);
void	    sg_counters_free(SgCounters *c);

#endif
