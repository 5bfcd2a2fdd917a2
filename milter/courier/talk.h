/*
 * talk - one conversation with a mail server: bytes out, bounded answers in.
 *
 * Every answer is limited in lines, length and time; the clock runs for the whole
 * answer, so a server that sends one byte a second gains nothing.
 */
#ifndef SG_COURIER_TALK_H
#define SG_COURIER_TALK_H

#include <gio/gio.h>

typedef struct SgTalk {
	GSocketConnection *connection;
	GCancellable	  *cancel;
	guint		   timeout;	/* seconds for one answer or one block of data */
	gint64		   end;		/* monotonic: for everything                   */
	gsize		   have;	/* bytes in buffer that no line has used yet   */
	char		   buffer[4096];
	guint		   code;	/* of the last answer                          */
	GString		  *text;	/* and its words; lines end in LF but the last */
} SgTalk;

/* SG_ERR_SETUP: not a smtp:// address; SG_ERR_LATER: nobody answers there. */
gboolean sg_talk_open(SgTalk *t, const char *server, guint timeout, GCancellable *cancel,
	    GError **error);
void	 sg_talk_close(SgTalk *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgTalk, sg_talk_close)

/* Sends bytes.  SG_ERR_LATER. */
gboolean sg_talk_put(SgTalk *t, const char *bytes, gsize n, GError **error);
/* Reads one answer into code and text.  SG_ERR_LATER: closed, late; SG_ERR_PEER: not SMTP. */
gboolean sg_talk_answer(SgTalk *t, GError **error);
/* Sends one command (its line end is added) and reads the answer. */
gboolean sg_talk_say(SgTalk *t, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif
