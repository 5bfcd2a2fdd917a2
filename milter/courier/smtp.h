/*
 * smtp - hands one message for one recipient to the mail server, byte for byte.
 *
 * A client for one trusted, near server: EHLO, MAIL, RCPT, DATA, QUIT (RFC 5321),
 * with 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531), SIZE (RFC 1870) and DSN (RFC 3461)
 * where they are offered.  No TLS, no pipelining, no state between calls; thread-safe.
 *
 * Why not a library: libcurl loses refused recipients and sends CR LF of an address as
 * it stands; libESMTP adds Date, From and Message-Id to a message that lacks them, has no
 * SMTPUTF8, and cannot tell "refused" from "the answer was never seen".
 */
#ifndef SG_COURIER_SMTP_H
#define SG_COURIER_SMTP_H

#include <gio/gio.h>

#include "store/store.h"

typedef struct SgSmtpAsk {
	const char   *server;	 /* "smtp://host:port"                                   */
	guint	      timeout;	 /* seconds for each answer; five times as long for all     */
	const char   *sender;	 /* without brackets; "" = null sender                   */
	const char   *recipient; /* without brackets                                     */
	const char   *mail_args; /* as it came; RET, ENVID, SMTPUTF8 are kept; or NULL      */
	const char   *first;	 /* one header line to go first, without its end; or NULL   */
	GBytes	     *message;	 /* goes out unchanged, but for a missing last line end     */
	gboolean      no_report; /* DSN NOTIFY=NEVER                                     */
	/* called when the server has agreed to the envelope; FALSE stops before DATA; or NULL */
	gboolean    (*before_data)(gpointer data, GError **error);
	gpointer      data;
	GCancellable *cancel;	 /* gives up at once, UNCLEAR after the final dot; or NULL  */
} SgSmtpAsk;

/*
 * SENT and REFUSED rest on an answer to the message or its envelope, or on a message that
 * cannot be sent as it is.  LATER: nothing was handed over.  UNCLEAR: the final dot went
 * out and no answer to it was understood.  *answer: the server's words, or ours, one line of
 * UTF-8; caller frees.
 */
SgSent sg_smtp_send(const SgSmtpAsk *ask, char **answer);

/* The mail server's queue id in its answer, or NULL; caller frees. */
char *sg_smtp_queue_id(const char *answer);

/* NULL, or why this can never stand between < and > of an SMTP command. */
const char *sg_smtp_bad_address(const char *address);
/* NULL, or why these bytes cannot be sent as they are without some server reading more
 * than one message in them (RFC 5321 2.3.8; "SMTP smuggling"). */
const char *sg_smtp_bad_message(GBytes *message);

#endif
