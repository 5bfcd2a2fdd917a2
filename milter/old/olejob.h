/*
 * olejob - one compound file being read: what its readers share.
 *
 * x_ole.c opens the file, lets every reader run whose streams are there (a file may be
 * several things at once), then reads properties, macros and embedded files, and
 * sweeps the streams that nobody read.  To add a reader: a function of this kind here,
 * a row in the table of x_ole.c.
 */
#ifndef SG_OLD_OLEJOB_H
#define SG_OLD_OLEJOB_H

#include "pack/ole.h"
#include "part/extractor.h"
#include "part/strings.h"
#include "text/codepage.h"

typedef struct SgOleJob {
	SgPart	    *part;
	SgSink	    *sink;
	SgOle	    *ole;	/* NULL: the bytes are one bare stream of old times */
	SgStrings   *strings;
	SgCodepages *pages;
	guint8	    *seen;	/* by entry: 1 = read, not to be swept */
	guint	     inside;	/* parts given so far */
} SgOleJob;

/* Words of the document: to the sink, and known to the sweep.  The string is emptied. */
gboolean sg_ole_say(SgOleJob *j, GString *text, GError **error);
/* A file inside this one, its bytes already paid for. */
gboolean sg_ole_give(SgOleJob *j, const char *name, GBytes *bytes, GError **error);
/* A storage as a part of its own; what is in it counts as read. */
gboolean sg_ole_give_storage(SgOleJob *j, gint storage, const char *name, GError **error);
/* A stream at the root, paid for and marked as read; NULL when it is not there (no
 * error) or the message has had its share (error). */
GBytes	*sg_ole_take(SgOleJob *j, gint storage, const char *name, GError **error);
/* Pays for so many bytes, in pieces. */
gboolean sg_ole_spend(SgSink *sink, guint64 bytes, GError **error);

/* The readers.  SG_ERR_INPUT: broken, what was said so far counts.  stream is that of
 * the table in x_ole.c, or the whole file when it is no compound one. */
gboolean sg_doc_read(SgOleJob *j, GBytes *stream, GError **error);	/* x_doc.c */
gboolean sg_xls_read(SgOleJob *j, GBytes *stream, GError **error);	/* x_xls.c */
gboolean sg_ppt_read(SgOleJob *j, GBytes *stream, GError **error);	/* x_ppt.c */
gboolean sg_msg_read(SgOleJob *j, GBytes *stream, GError **error);	/* x_msg.c */

/* Every property set of the file: title, author, company, custom ones (oleprops.c). */
gboolean sg_ole_properties(SgOleJob *j, GError **error);
/* The source of every module of every VBA project; sets the kind macro (vba.c). */
gboolean sg_vba_read(SgOleJob *j, GError **error);
/* MS-OVBA 2.4.1.3: decompresses a container that begins at p; NULL when it is none. */
GString *sg_vba_unpack(const guint8 *p, gsize len, gsize max);

#endif
