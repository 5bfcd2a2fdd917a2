/*
 * trim - the cheap count of lines before the parser sees a message.
 *
 * GMime spends about a kilobyte for each part and header field, so a message of
 * two megabytes can ask for hundreds.  One pass over the lines counts fields of
 * header blocks, boundary lines and the multiparts that are open; what is above the
 * limits is cut out of what the parser gets, and given back to be read as plain text.
 */
#ifndef SG_MAIL_TRIM_H
#define SG_MAIL_TRIM_H

#include "mail/lean.h"

/* Header bytes of one part; more than any MTA passes on. */
#define SG_TRIM_HEADER_BYTES (1u << 20)

typedef struct SgTrim {
	GBytes	*kept;		/* the same bytes when nothing was cut */
	GBytes	*rest;		/* what was cut, or NULL	       */
	GString	*loose;		/* header lines behind a line of blanks: some readers see
				 * the body there; or NULL */
	gboolean headers;	/* a header block was too long	       */
	gboolean parts;		/* too many boundary lines, or too deep  */
	SgLean	 lean;		/* what of kept the parser need not see */
} SgTrim;

/* lean: find the fields of the message that are only traces (Received ...), and the
 * lines of its leaves. */
void sg_trim(GBytes *raw, guint max_headers, guint max_parts, gboolean lean, SgTrim *out);
void sg_trim_clear(SgTrim *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgTrim, sg_trim_clear)

#endif
