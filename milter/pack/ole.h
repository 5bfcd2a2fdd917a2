/*
 * ole - a compound file (OLE2, CFB): the storages and streams in old Office files,
 * Outlook messages and VBA projects.
 *
 * A strict reader of [MS-CFB], bounded, that never trusts an offset, a size or a
 * chain: what is broken is left out, and what can still be reached is given, because
 * Office itself repairs such files and shows them.  (libgsf refuses a file as a whole
 * for one bad entry of its tables, and writes stream names to standard error.)
 *
 * A view owns a reference to the bytes; entries live as long as the view.  Streams
 * are read at most so often that time stays in line with the size of the file: the
 * streams of an honest file do not overlap.
 */
#ifndef SG_PACK_OLE_H
#define SG_PACK_OLE_H

#include <glib.h>

typedef enum { SG_OLE_NONE, SG_OLE_STORAGE, SG_OLE_STREAM, SG_OLE_ROOT = 5 } SgOleType;

typedef struct SgOleEntry {
	char	*name;		/* UTF-8; control characters stay ("\005SummaryInformation") */
	SgOleType type;
	gint	 parent;	/* index of its storage; -1: the root */
	gint	 child, next;	/* the first in it, the next beside it; -1: none */
	guint	 depth;
	guint32	 start;		/* first sector */
	guint64	 size;		/* as claimed */
	const guint8 *clsid;	/* 16 bytes */
} SgOleEntry;

typedef struct SgOle SgOle;

/* Do these bytes begin like a compound file? */
gboolean sg_ole_is(const void *data, gsize len);
/* SG_ERR_INPUT when there is no directory to read. */
SgOle	*sg_ole_open(GBytes *bytes, GError **error);
void	 sg_ole_free(SgOle *ole);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgOle, sg_ole_free)

/* Entries 0 (the root) to n - 1, a storage before what is in it. */
guint	 sg_ole_count(const SgOle *ole);
const SgOleEntry *sg_ole_entry(const SgOle *ole, guint i);
/* The entry of that name (in any case of letters) in a storage, or -1. */
gint	 sg_ole_find(const SgOle *ole, gint storage, const char *name);
/* Behind the last entry in a storage and its storages: they follow it. */
guint	 sg_ole_end(const SgOle *ole, gint storage);
/* The bytes of a stream, as many as there are: never NULL, empty when nothing is left
 * to read; sets sg_ole_broken() when that is less than claimed.  Caller unrefs. */
GBytes	*sg_ole_read(SgOle *ole, guint i);
/* The stream of a name; NULL when there is none. */
GBytes	*sg_ole_stream(SgOle *ole, gint storage, const char *name);
/* Tables, the directory or a stream contradicted themselves so far. */
gboolean sg_ole_broken(const SgOle *ole);
/* More was asked for than an honest file holds: what is read from now on is empty. */
gboolean sg_ole_over(const SgOle *ole);

/* A storage as a compound file of its own (olewrite.c); an embedded document is one. */
GBytes	*sg_ole_cut(SgOle *ole, gint storage);

/* What kind of file it is by its streams, a MIME type: application/x-ole-storage when
 * unknown, NULL when these bytes are no compound file (oletype.c). */
const char *sg_ole_mime(GBytes *bytes);

static inline guint16
sg_le16(const guint8 *p)
{
	return (guint16)(p[0] | p[1] << 8);
}

static inline guint32
sg_le32(const guint8 *p)
{
	return p[0] | (guint32)p[1] << 8 | (guint32)p[2] << 16 | (guint32)p[3] << 24;
}

#endif
