/*
 * x_zip - a zip as an extractor; what else is told of a zip.
 */
#ifndef SG_PACK_X_ZIP_H
#define SG_PACK_X_ZIP_H

#include "part/extractor.h"

extern const SgExtractor sg_x_zip;

/* What is odd about a zip (SgZipFact), as notes of the part and flags of the message: for
 * every reader of documents that are zips. */
void	 sg_zip_tell(SgPart *part, SgSink *sink, guint facts);
/* Does the part end as a zip with members does?  anywhere: is there such an end in it? */
gboolean sg_zip_is_behind(SgPart *part, gboolean anywhere);

#endif
