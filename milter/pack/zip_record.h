/*
 * zip_record - single records of a zip: headers of members, ends of directories.
 *
 * Each reader looks at one place and believes nothing: a record that does not lie
 * in the file completely is none.  Format: PKWARE APPNOTE.TXT 6.3.10.
 */
#ifndef SG_PACK_ZIP_RECORD_H
#define SG_PACK_ZIP_RECORD_H

#include <glib.h>

#define SG_ZIP_LOCAL   "PK\003\004"
#define SG_ZIP_CENTRAL "PK\001\002"
#define SG_ZIP_END     "PK\005\006"

#define SG_ZIP_LOCAL_LEN   30u
#define SG_ZIP_CENTRAL_LEN 46u
#define SG_ZIP_END_LEN	   22u

/* Bits of flags. */
#define SG_ZIP_FLAG_ENCRYPTED  (1u << 0)
#define SG_ZIP_FLAG_DESCRIPTOR (1u << 3)
#define SG_ZIP_FLAG_STRONG     (1u << 6)
#define SG_ZIP_FLAG_UTF8       (1u << 11)
#define SG_ZIP_FLAG_MASKED     (1u << 13)

typedef struct SgZipView {
	const guint8 *p;
	gsize	      n;
} SgZipView;

typedef struct SgZipRecord {	/* a local or a central header */
	gsize	      at, next;		/* this record; what follows it */
	guint64	      packed, size;	/* as claimed; ZIP64 has been looked at */
	guint64	      offset;		/* central: of the local header */
	guint32	      crc, attributes;
	guint	      flags, method, made_by;
	guint	      aes, aes_method;	/* bits, 0: none; the method below it */
	const guint8 *name;
	gsize	      name_len;
	const guint8 *path;		/* Unicode path extra field, or NULL */
	gsize	      path_len;
	guint32	      path_crc;
} SgZipRecord;

typedef struct SgZipEnd {
	gsize	 at, next;		/* of "PK\5\6"; behind the comment, or the file's end */
	gsize	 edge;			/* where the directory should end */
	guint64	 directory, size, entries;
	gboolean split;			/* its other disks are not here */
} SgZipEnd;

guint16	 sg_zip_u16(const guint8 *p);
guint32	 sg_zip_u32(const guint8 *p);
guint64	 sg_zip_u64(const guint8 *p);

gboolean sg_zip_local(SgZipView v, gsize at, SgZipRecord *r);
gboolean sg_zip_central(SgZipView v, gsize at, SgZipRecord *r);
/* long64: as programs read it that always believe the ZIP64 record, where there is one;
 * otherwise as the 32-bit fields say.  FALSE when there is no such record. */
gboolean sg_zip_end(SgZipView v, gsize at, gboolean long64, SgZipEnd *e);
/* Could a program have written this local header?  For ones nobody points at. */
gboolean sg_zip_plausible(const SgZipRecord *r);
/* Where sig (four bytes) comes next in [from, to), or to. */
gsize	 sg_zip_next(SgZipView v, gsize from, gsize to, const char *sig);

#endif
