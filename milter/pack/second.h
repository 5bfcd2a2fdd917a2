/*
 * second - files that are two things at once.
 *
 * What a double click opens depends on the name, not on the first bytes, and unpackers
 * search: a picture with an archive behind it is both.  When the first reader is done,
 * the archive is read too; its members are counted from SG_SECOND_FROM.
 */
#ifndef SG_PACK_SECOND_H
#define SG_PACK_SECOND_H

#include "part/extractor.h"

#define SG_SECOND_FROM 1000u

extern const SgExtractor sg_x_archive;

/* After first (NULL: nobody) has read part: who should read it too, because there is an
 * archive behind or inside it, or because it is a zip and first failed.  Or NULL. */
const SgExtractor *sg_second_reader(SgPart *part, const SgExtractor *first, gboolean failed);

/* For the second reader itself: says what the part is besides; ambiguous unless that is
 * usual. */
void	 sg_second_mark(SgPart *part, SgSink *sink, const char *note);

/* x_archive: does a RAR, 7z or CAB archive begin in the part, but not with it? */
gboolean sg_archive_is_behind(SgPart *part);

#endif
