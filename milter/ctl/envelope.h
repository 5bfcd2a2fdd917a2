/*
 * envelope - who wrote to whom, for mail files that come without an SMTP envelope.
 *
 * "schoolgatectl scan FILE" without --from or --to takes the addresses of the
 * From, To and Cc headers.  That is a convenience for somebody's own files:
 * the milter never trusts a header.  Only the first 64 kB are looked at.
 */
#ifndef SG_CTL_ENVELOPE_H
#define SG_CTL_ENVELOPE_H

#include "model/message.h"

/* First address of From (NULL when there is none), and all of To and Cc, at most 1,000. */
char	  *sg_envelope_from(GBytes *mail);
GPtrArray *sg_envelope_to(GBytes *mail);
/* The value of a header field, unfolded (several of them: with commas between); caller frees. */
char	  *sg_envelope_field(GBytes *mail, const char *name);
/* The file as a mail server would hand it over: CRLF line ends, no mbox line. */
GBytes	  *sg_envelope_wire(GBytes *file);

#endif
