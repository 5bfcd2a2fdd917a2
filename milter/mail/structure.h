/*
 * structure - would every mail program read this structure as GMime does?
 *
 * Looks at the raw bytes of each header block, because GMime has already chosen.
 *
 *   malformed  a field Content-Type, Content-Transfer-Encoding or Content-Disposition
 *              stands behind a line that is no field or a bare CR, or has control
 *              characters; it stands there twice and says different things;
 *              a multipart has words but no part (tree.c)
 *   ambiguous  all of these, and: the name of such a field is written in another way;
 *              a boundary is given twice, in the form of RFC 2231, as an encoded word,
 *              with blanks around it, in quotes that do not close; a multipart's type is
 *              not simply a type; a file has two names in one field; the coding is none
 *              that is known, or it is base64 for a whole multipart; two senders
 *   odd        no flag, but the second reading looks at everything: a coding that means
 *              nothing, a multipart that is quoted-printable, a type that is none, the
 *              fields behind a line of blanks or hidden by a fold
 *
 * What mail programs send every day raises neither flag: a first line as in mailboxes,
 * lines of blanks in a header, fields that are there twice and say the same, charsets that are wrong,
 * prologue and epilogue, a missing last boundary, headers without their body in bounces.
 */
#ifndef SG_MAIL_STRUCTURE_H
#define SG_MAIL_STRUCTURE_H

#include "model/reading.h"

typedef struct SgStructure {
	guint	 flags;		/* SgFlag */
	gboolean odd;
} SgStructure;

/* One header block; what is found is added to out. */
void sg_structure_judge(const char *p, gsize n, gboolean multipart, SgStructure *out);

#endif
