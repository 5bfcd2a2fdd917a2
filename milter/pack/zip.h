/*
 * zip - the members of a zip, read by its directory and by streaming.
 *
 * Programs disagree which of the two tells the truth, so both are read and the
 * members of both are kept, each once.  The directory is every one that some program
 * would take: behind something put before the zip, of ZIP64 or not, more than one.
 * Streaming is every local header in bytes that belong to no member of a directory.
 * Nothing here trusts an offset or a size of the file.  Format: PKWARE APPNOTE.TXT
 * 6.3.10; AES: www.winzip.com/aes_info.
 *
 * The reader holds a reference to bytes.  A member stays where it is until the reader
 * is freed.  Members stand in the order of the file.
 */
#ifndef SG_PACK_ZIP_H
#define SG_PACK_ZIP_H

#include "part/extractor.h"

typedef enum {
	SG_ZIP_LISTED = 1 << 0,		/* the central directory names it		*/
	SG_ZIP_STREAMED = 1 << 1,	/* a reader of local headers meets it		*/
	SG_ZIP_DIFFERS = 1 << 2,	/* the two tell different names, methods, sizes */
	SG_ZIP_ENCRYPTED = 1 << 3,	/* flag bit 0					*/
	SG_ZIP_STRONG = 1 << 4,		/* PKWARE's own or AES				*/
	SG_ZIP_FOLDER = 1 << 5,
	SG_ZIP_LINK = 1 << 6,
	SG_ZIP_MASKED = 1 << 7,		/* its header is encrypted: the name is not known */
	SG_ZIP_SHARED = 1 << 8,		/* (some of) its data belongs to a member before it */
	SG_ZIP_TURNED = 1 << 9,		/* characters of its name hide what it is	*/
} SgZipTrait;

typedef struct SgZipMember {
	char	*name;		/* UTF-8, repaired, never a path to anything here */
	char	*other;		/* another name some program shows for it, or NULL */
	guint64	 packed, size;	/* as claimed */
	gsize	 at;		/* its local header */
	gsize	 data;		/* where the packed bytes begin */
	guint	 traits;	/* SgZipTrait */
	guint	 method;	/* 0 stored, 8 deflate, ...; with AES what is below it */
	guint	 aes;		/* 128, 192, 256 bits, or 0 */
	guint32	 crc;
} SgZipMember;

typedef enum {
	SG_ZIP_AMBIGUOUS = 1 << 0,	/* programs may show different things		*/
	SG_ZIP_NO_DIRECTORY = 1 << 1,	/* lost or cut off: not every program opens it	*/
	SG_ZIP_NAMES_HIDDEN = 1 << 2,	/* the directory is encrypted			*/
	SG_ZIP_SPLIT = 1 << 3,		/* other pieces of it are elsewhere		*/
	SG_ZIP_MORE = 1 << 4,		/* more than max_members, or too tangled	*/
	SG_ZIP_CUT = 1 << 5,		/* fewer members than the directory promises	*/
} SgZipFact;

typedef struct SgZip SgZip;

/* SG_ERR_INPUT: no member can be found.  SG_ERR_LIMIT never: *more (may be NULL)
 * tells that there were more than max_members. */
SgZip	*sg_zip_read(GBytes *bytes, guint max_members, gboolean *more, GError **error);
void	 sg_zip_free(SgZip *z);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgZip, sg_zip_free)

guint	 sg_zip_facts(const SgZip *z);	/* SgZipFact */
guint	 sg_zip_count(const SgZip *z);
const SgZipMember *sg_zip_member(const SgZip *z, guint i);
/* The listed one first, else a streamed one; -1 when there is none.  ASCII case is
 * ignored, as office programs do. */
gint	 sg_zip_find(const SgZip *z, const char *name);
/* Can the two readings show a person different things? */
gboolean sg_zip_is_ambiguous(const SgZip *z);

/* FALSE from out stops, and the call fails with the same error. */
typedef gboolean (*SgZipOut)(gpointer data, const char *piece, gsize n, GError **error);

/* Unpacks one member in pieces of at most 64 KiB, each paid for with sink->spend (and
 * bounded as pack/unpack.h says).  SG_ERR_INPUT: broken, unknown method, encrypted;
 * what came before it counts. */
gboolean sg_zip_unpack(const SgZip *z, guint i, SgSink *sink, SgZipOut out, gpointer data,
	GError **error);
/* All of it at once, at most max bytes (SG_ERR_LIMIT above). */
GBytes	*sg_zip_unpack_all(const SgZip *z, guint i, gsize max, SgSink *sink, GError **error);

/* For who reads everything: *used is where the packed stream really ended.  Ends it
 * before the claimed end, sg_zip_look_behind() adds what stands there as members
 * (how many). */
gboolean sg_zip_unpack_used(const SgZip *z, guint i, SgSink *sink, SgZipOut out, gpointer data,
	gsize *used, GError **error);
guint	 sg_zip_look_behind(SgZip *z, guint i, gsize used);

#endif
