/*
 * escapes - quoted-printable that nobody announced, in lines of plain text.
 *
 * "width=50" and "?id=4512" are no escapes, and a line may well end in "=".  Lines with
 * what could be one are kept; they count when something in the text is no accident (three
 * letters as escapes in a row, soft ends in three lines) or the mail is suspicious anyway.
 */
#ifndef SG_MAIL_ESCAPES_H
#define SG_MAIL_ESCAPES_H

#include "text/lines.h"

typedef struct SgEscapes {
	GByteArray *lines;	/* NULL until there is one */
	const char *until;	/* up to here they were taken */
	guint	    soft;	/* soft ends in the lines above, without a break */
	gboolean    sure;	/* this is no accident */
} SgEscapes;

void	sg_escapes_line(SgEscapes *q, const SgLines *l);
/* Frees what it keeps.  Caller frees the decoded lines; NULL when there is nothing. */
GBytes *sg_escapes_end(SgEscapes *q, gboolean suspicious);

#endif
