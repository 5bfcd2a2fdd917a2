/*
 * page - what a handler is given and what it gives back.
 *
 * One handler a page and method; it builds one view model (JSON).  A program is
 * sent the model as it is; for a browser the page's template makes a web page of
 * it (html.h).  By the time a handler runs, who asks is known, the table of pages.c has
 * let them in, and a form's token has been checked; the handler itself keeps people
 * from messages of their own (view.h).
 *
 * A browser's POST that went well is answered by sg_reply_see(); one that did not
 * shows its form again: the view model with "error": {"list": [{"id", "text"}]}
 * and what was typed, status 422.
 *
 * To add a page: a handler in p_<name>.c, its prototype here, one row in
 * pages.c, a template.
 */
#ifndef SG_CONSOLE_PAGE_H
#define SG_CONSOLE_PAGE_H

#include <jansson.h>

#include "base/ref.h"
#include "console/console.h"
#include "console/fields.h"

#define SG_PATH_ID_MAX 64u

typedef struct SgSession SgSession;	/* login/session.h */
typedef struct SgPerson SgPerson;	/* store/accounts.h */

typedef struct SgRequest {
	SgConsole	*console;
	SgSetup		*setup;
	const SgAccount *who;			/* NULL only on pages open to all	  */
	const SgSession *session;		/* NULL on the Unix socket, and signed out */
	const SgPerson	*person;		/* whose: NULL when it gives no rights	  */
	const GPtrArray	*people;		/* SgAccount: all who have an account	  */
	gboolean	 html;			/* a browser asks: it gets a page	  */
	SgFields	*query, *body;
	char		 ref[SG_REF_LEN + 1];	/* of /message/REF/..., else ""		  */
	char		 id[SG_PATH_ID_MAX + 1];/* of /user/ID: A-Z a-z 0-9 - _ . else "" */
	const char	*csrf;			/* for forms; NULL = none is needed	  */
	const char	*visitor;		/* value of __Host-sg-visitor, or NULL	  */
	const char	*address;		/* where from: "127.0.0.1", "unix"	  */
	gint64		 now;
} SgRequest;

typedef struct SgReply {
	guint	    status;
	json_t	   *body;	/* the view model, or */
	GBytes	   *bytes;	/* these, of this type (static) */
	const char *type;
	char	   *location;	/* 303: a path of ours */
	const char *template;	/* static; NULL = the page's own (pages.c) */
	char	   *cookie;	/* value of Set-Cookie, or NULL */
	gboolean    sandboxed;	/* bytes that may show and do nothing */
} SgReply;

typedef void (*SgHandler)(const SgRequest *q, SgReply *r);

void sg_reply_clear(SgReply *r);
/* body is taken. */
void sg_reply(SgReply *r, json_t *body);
/* bytes is taken; type is static. */
void sg_reply_bytes(SgReply *r, GBytes *bytes, const char *type);
/* Go and see this page of ours (303): how every POST of a browser ends that did what it should.
 * The path is made from words and references of ours, never from what was typed; one that is
 * not plain is answered with "/". */
void sg_reply_see(SgReply *r, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A form comes again with one more thing to put right: in the summary, a link to the input id;
 * and as model[field], beside it. */
void sg_form_error(json_t *model, const char *field, const char *id, const char *text);
/* A refusal in three parts; why and todo may be NULL. */
void sg_refuse(SgReply *r, guint status, const char *what, const char *why, const char *todo);
/* For a failure of the store or of a file: 503 when it may pass, 500 with a reference (which is
 * also logged) when not. */
void sg_refuse_error(SgReply *r, const char *what, const GError *error);

void sg_p_accessibility(const SgRequest *q, SgReply *r);
void sg_p_audit(const SgRequest *q, SgReply *r);
void sg_p_audit_verify(const SgRequest *q, SgReply *r);
void sg_p_bulk(const SgRequest *q, SgReply *r);
void sg_p_confirm(const SgRequest *q, SgReply *r);
void sg_p_confirm_form(const SgRequest *q, SgReply *r);
void sg_p_contacts(const SgRequest *q, SgReply *r);
void sg_p_cover(const SgRequest *q, SgReply *r);
void sg_p_cover_add(const SgRequest *q, SgReply *r);
void sg_p_cover_end(const SgRequest *q, SgReply *r);
void sg_p_decide(const SgRequest *q, SgReply *r);
void sg_p_health(const SgRequest *q, SgReply *r);
void sg_p_help(const SgRequest *q, SgReply *r);
void sg_p_hide(const SgRequest *q, SgReply *r);
void sg_p_home(const SgRequest *q, SgReply *r);
void sg_p_me(const SgRequest *q, SgReply *r);
void sg_p_message(const SgRequest *q, SgReply *r);
void sg_p_metrics(const SgRequest *q, SgReply *r);
void sg_p_pass(const SgRequest *q, SgReply *r);
void sg_p_pass_form(const SgRequest *q, SgReply *r);
void sg_p_picture(const SgRequest *q, SgReply *r);
void sg_p_privacy(const SgRequest *q, SgReply *r);
void sg_p_queue(const SgRequest *q, SgReply *r);
void sg_p_queue_count(const SgRequest *q, SgReply *r);
void sg_p_report_disclaimers(const SgRequest *q, SgReply *r);
void sg_p_reveal(const SgRequest *q, SgReply *r);
void sg_p_seal(const SgRequest *q, SgReply *r);
void sg_p_search(const SgRequest *q, SgReply *r);
void sg_p_settle(const SgRequest *q, SgReply *r);
void sg_p_take(const SgRequest *q, SgReply *r);
void sg_p_told(const SgRequest *q, SgReply *r);
void sg_p_told_form(const SgRequest *q, SgReply *r);
void sg_p_undo(const SgRequest *q, SgReply *r);
void sg_p_unseal(const SgRequest *q, SgReply *r);
void sg_p_unseal_form(const SgRequest *q, SgReply *r);
void sg_p_wellbeing(const SgRequest *q, SgReply *r);

SgCounters *sg_counters_new(gint64 now);
void	    sg_counters_free(SgCounters *c);

#endif
