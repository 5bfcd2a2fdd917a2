/*
 * message - one message as the mail server gave it: envelope, origin, bytes.
 *
 * Who the sender is comes from the mail server's authentication or a trusted
 * network (authenticated), never from a header or the envelope alone.
 * Addresses are stored without angle brackets; the domain in lower case.
 */
#ifndef SG_MODEL_MESSAGE_H
#define SG_MODEL_MESSAGE_H

#include <glib.h>

typedef struct SgMessage {
	char	  *sender;		/* "" = null sender                           */
	char	  *auth;		/* login the mail server vouches for, or NULL */
	char	  *client;		/* address of the SMTP client, or NULL        */
	gboolean   authenticated;	/* by login or trusted network                */
	GPtrArray *recipients;		/* char *, in the order of the envelope       */
	char	  *queue_id;		/* the mail server's id, or NULL              */
	char	  *message_id;		/* Message-ID header without <>, or NULL      */
	char	  *mail_args;		/* ESMTP arguments of MAIL ("BODY=8BITMIME SMTPUTF8"), or NULL */
	GBytes	  *bytes;		/* header, blank line, body; CRLF             */
	char	  *content_hash;	/* hex; see sg_message_hash()                 */
	char	  *dedupe;		/* hex; see sg_message_dedupe()               */
	gboolean   automatic;		/* a program wrote it (RFC 3834): it is never answered */
	gint64	   arrived;		/* seconds                                    */
} SgMessage;

SgMessage *sg_message_new(void);
void	   sg_message_free(SgMessage *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMessage, sg_message_free)

/* An address as it is compared and stored: brackets and blanks off, domain in
 * lower case.  NULL when it holds a control character, a blank, CR or LF
 * (nothing of that kind may ever reach an SMTP command). Caller frees. */
char	  *sg_address_clean(const char *raw);
/* As a mailbox is compared: in lower case, without a "+tag".  Caller frees. */
char	  *sg_address_mailbox(const char *address);
gboolean   sg_address_same(const char *a, const char *b);	/* one mailbox? */
/* Part after the last "@", "" when there is none; points into address. */
const char *sg_address_domain(const char *address);

/*
 * Sets content_hash: BLAKE2b-256 over the body and the headers that decide what
 * is shown: Subject, MIME-Version and Content-*, in order, names in lower case,
 * values unfolded.  Headers a mail server adds or rewrites on the way
 * (Received, Date, Message-ID, From, To ...) do not count, so that a release is
 * recognised after it has passed the server again.
 */
void	   sg_message_hash(SgMessage *m);
/*
 * Sets dedupe: BLAKE2b-256 over sender, content hash and Message-ID.  A
 * Message-ID that contains the queue id was made by our own server for this
 * attempt, and does not count.  Recipients do not either: the next try may be for
 * some of them only (the store compares them).
 */
void	   sg_message_dedupe(SgMessage *m);
/* TRUE when dedupe rests on a Message-ID of the sender's: a retry is then
 * recognised for days, otherwise for an hour. */
gboolean   sg_message_has_own_id(const SgMessage *m);

#endif
