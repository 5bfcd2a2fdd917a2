/*
 * iwa - the words of an .iwa file of Apple's Pages, Numbers and Keynote since 2013.
 *
 * Pieces of Snappy without its frame, which hold messages of protocol buffers without
 * their description: what is text in any field of them is read.
 */
#ifndef SG_OFFICE_IWA_H
#define SG_OFFICE_IWA_H

#include <glib.h>

/* Unpacks; at most max bytes (*more: there were more).  NULL: it is no such file. */
GByteArray *sg_iwa_unpack(const guint8 *p, gsize n, gsize max, gboolean *more);
/* Appended to out, a text a line. */
void	    sg_iwa_text(const guint8 *p, gsize n, GString *out);

#endif
