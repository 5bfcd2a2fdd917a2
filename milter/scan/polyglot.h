/*
 * polyglot - a file that is another one for whoever reads it from its end.
 *
 * A zip is found by its end, a picture by its beginning: one behind the other is both,
 * and nothing of the zip is seen where the picture is shown.  What stands there is given
 * as a part of its own, and the file is marked as a mismatch.
 */
#ifndef SG_SCAN_POLYGLOT_H
#define SG_SCAN_POLYGLOT_H

#include "part/extractor.h"

/* A limit that the sink sets is its own finding. */
void sg_polyglot_look(SgPart *part, SgSink *sink);

#endif
