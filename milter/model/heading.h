/*
 * heading - whom a message says it is for: the addresses of To and Cc, as all of its readers
 * see them.
 *
 * A small strict reader of address lists (RFC 5322, 3.4) and of nothing else; no MIME.
 * What it cannot read it passes over: a list that is broken shows fewer people, never
 * somebody who is not there.  At most SG_HEADING_MOST addresses and SG_HEADING_BYTES of
 * header are looked at; "more" says that there was more.
 */
#ifndef SG_MODEL_HEADING_H
#define SG_MODEL_HEADING_H

#include <glib.h>

#define SG_HEADING_MOST	 2000u
#define SG_HEADING_BYTES (512u << 10)

typedef struct SgMailbox {
	char *name;	/* as shown, UTF-8; "" when there is none, or it is encoded */
	char *address;	/* as sg_address_clean() gives it */
} SgMailbox;

typedef struct SgHeading {
	GPtrArray *visible;	/* SgMailbox, in order, as often as they stand there */
	gboolean   reply;	/* answers another message */
	gboolean   more;
} SgHeading;

/* message: header, empty line, body; NULL has no addresses. */
SgHeading *sg_heading_read(GBytes *message);
void	   sg_heading_free(SgHeading *h);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgHeading, sg_heading_free)

#endif
