/*
 * patience - how long a request may take to arrive, and its answer to be taken.
 *
 * libmicrohttpd ends a connection only after a silence; a visitor who sends a byte now and
 * then would keep a place for ever (Slowloris).  Here each connection has a time for its
 * head, its body and its answer.  Who is late with a request gets 408 (RFC 9110 15.5.9),
 * and the connection ends; who does not take an answer loses the rest of it.  When more
 * than half the places are taken, everybody has a quarter of the time.
 *
 * Calls may come from any thread.
 */
#ifndef SG_CONSOLE_PATIENCE_H
#define SG_CONSOLE_PATIENCE_H

#include <glib.h>

typedef enum {
	SG_ARRIVAL_NOTHING,	/* connected; the head is awaited	      */
	SG_ARRIVAL_HEAD,	/* the body is awaited			      */
	SG_ARRIVAL_WHOLE,	/* the answer is made and sent		      */
	SG_ARRIVAL_ANSWERED,	/* another request may come: silence is no fault */
} SgArrival;

typedef struct SgPatience SgPatience;
typedef struct SgWait SgWait;	/* one connection */

/* seconds: for a head; a body has twice, an answer four times as long.  silence: seconds
 * after which somebody else ends a connection that is quiet.  late: what is sent; copied. */
SgPatience *sg_patience_new(guint places, guint seconds, guint silence, const char *late);
/* All connections are gone. */
void	    sg_patience_free(SgPatience *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPatience, sg_patience_free)

/* A connection begins; fd stays the caller's. */
SgWait	   *sg_patience_come(SgPatience *p, int fd);
/* It ends; call before fd is closed, so that no other connection's is touched. */
void	    sg_patience_go(SgPatience *p, SgWait *w);
void	    sg_patience_note(SgPatience *p, SgWait *w, SgArrival what);
/* Ends what is late at now (monotonic microseconds).  Returns how many were. */
guint	    sg_patience_look(SgPatience *p, gint64 now);

#endif
