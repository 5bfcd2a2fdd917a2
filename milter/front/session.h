/*
 * session - what one SMTP conversation may do next.
 *
 * libmilter calls us back; each callback is one line that feeds an event to
 * sg_session_event().  The table in session.c is the whole protocol: an event
 * that has no entry is a fault of the mail server or of ours, is logged once
 * and leads to a temporary failure.  Abort and close are legal everywhere.
 *
 * A session belongs to one connection, may be used from one thread at a time,
 * and knows nothing of libmilter: ctx is only handed through to judge().
 */
#ifndef SG_FRONT_SESSION_H
#define SG_FRONT_SESSION_H

#include "front/collect.h"
#include "front/gate.h"
#include "model/message.h"

#define SG_MAX_RECIPIENTS 10000u

typedef enum { SG_S_NEW, SG_S_IDLE, SG_S_ENVELOPE, SG_S_COLLECT, SG_S_DECIDED, SG_S_N } SgState;
typedef enum {
	SG_E_CONNECT, SG_E_MAIL, SG_E_RCPT, SG_E_HEADER, SG_E_BODY, SG_E_EOM,
	SG_E_ABORT, SG_E_CLOSE, SG_E_N
} SgEvent;
/* ANSWER: session->answer says which; without a code it is a plain "try later". */
typedef enum { SG_REPLY_CONTINUE, SG_REPLY_ACCEPT, SG_REPLY_DISCARD, SG_REPLY_ANSWER } SgReply;

typedef struct SgInput {	/* what comes with an event; the rest is NULL */
	const char *address;	/* CONNECT: the client's, in numbers; MAIL, RCPT: as given */
	const char *const *args;	/* MAIL: ESMTP arguments, NULL-terminated */
	const char *auth;	/* MAIL: who logged in, says the mail server */
	const char *queue_id;	/* MAIL, EOM */
	const char *name;	/* HEADER */
	const char *value;
	const void *data;	/* BODY */
	gsize	    len;
} SgInput;

typedef struct SgSession {
	SgState	    state;
	SgGate	   *gate;
	gpointer    ctx;	/* libmilter's */
	SgReply	  (*judge)(struct SgSession *s);
	char	   *client;
	gboolean    entered;	/* counted among the conversations */
	gboolean    surplus;	/* above milter.max_sessions */
	gboolean    complained;	/* about an illegal event */
	gboolean    bare;	/* header values come and go without their leading blank */
	gboolean    quiet;	/* header and body are not answered */
	struct { guint code; char *status, *text; } answer;
	/* one message; empty between messages */
	gboolean    active;	/* counted among the messages in hand */
	gboolean    broken;	/* something went wrong where no reply is possible */
	SgSnapshot *snapshot;
	SgMessage  *message;
	SgCollect  *collect;
	GPtrArray  *given;	/* recipients as the mail server wrote them, in its order */
	GHashTable *seen;	/* cleaned recipients, once there are several */
} SgSession;

SgSession *sg_session_new(SgGate *gate, gpointer ctx, SgReply (*judge)(SgSession *s));
void	   sg_session_free(SgSession *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSession, sg_session_free)

SgReply	   sg_session_event(SgSession *s, SgEvent event, const SgInput *in);
/* Sets the answer and returns SG_REPLY_ANSWER.  text: ASCII, one line. */
SgReply	   sg_session_answer(SgSession *s, guint code, const char *status, const char *text);

#endif
