/*
 * x_zip - a zip as an extractor, and as the second reader of what is also a zip.
 */
#ifndef SG_SCAN_X_ZIP_H
#define SG_SCAN_X_ZIP_H

#include "scan/extractor.h"

extern const SgExtractor sg_x_zip;

/* After first (NULL: nobody) has read part: the zip reader when it should read it too,
 * because there is a zip behind or inside it, or because it is a zip and first failed.
 * NULL: no. */
const SgExtractor *sg_zip_second(SgPart *part, const SgExtractor *first, gboolean failed);

/* What is odd about a zip (SgZipFact), as notes of the part and flags of the message: for
 * every reader of documents that are zips. */
void sg_zip_tell(SgPart *part, SgSink *sink, guint facts);

#endif
