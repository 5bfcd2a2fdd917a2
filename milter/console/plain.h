/*
 * plain - facts of parts and findings in words that everybody understands.
 *
 * To add a type, a place or a remark: a row in plain.c.
 */
#ifndef SG_CONSOLE_PLAIN_H
#define SG_CONSOLE_PLAIN_H

#include "model/reading.h"

const char *sg_plain_where(const char *where);		/* "the subject" */
const char *sg_plain_type(const char *mime);		/* "Word document"; "File" */
const char *sg_plain_protection(const SgPartInfo *p);	/* "Not encrypted" */
char	   *sg_plain_size(guint64 bytes);		/* "18 KB"; caller frees */
/* "A program. Could not be read."; "" when there is nothing to say; caller frees. */
char	   *sg_plain_remarks(const SgPartInfo *p);

/* A picture that can be shown by itself: part of the mail, not inside another file. */
gboolean    sg_plain_is_picture(const SgReading *r, const SgPartInfo *p);
/* Pictures and films, wherever they are: what could be indecent. */
gboolean    sg_plain_is_imagery(const SgPartInfo *p);

#endif
