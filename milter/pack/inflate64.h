/*
 * inflate64 - "Deflate64", method 9 of zip, which no library here reads and Windows
 * writes and opens.
 *
 * Deflate (RFC 1951) with a window of 64 KiB, two more distance codes, and a length
 * code of 16 extra bits.
 */
#ifndef SG_PACK_INFLATE64_H
#define SG_PACK_INFLATE64_H

#include <glib.h>

typedef enum { SG_INFLATE64_MORE, SG_INFLATE64_ENDED, SG_INFLATE64_BROKEN } SgInflate64Status;

typedef struct SgInflate64 SgInflate64;

SgInflate64 *sg_inflate64_new(void);
void	     sg_inflate64_free(SgInflate64 *s);
/* Goes on until there is no room or the stream ends; all packed bytes must be there. */
SgInflate64Status sg_inflate64(SgInflate64 *s, const guint8 **in, gsize *left, guint8 *out,
    gsize *room);

#endif
