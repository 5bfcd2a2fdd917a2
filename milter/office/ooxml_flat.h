/*
 * ooxml_flat - office documents that are one XML file: flat packages, Word and Excel 2003.
 */
#ifndef SG_OFFICE_OOXML_FLAT_H
#define SG_OFFICE_OOXML_FLAT_H

#include "part/extractor.h"

#define SG_OOXML_FLAT "application/x-office-xml"

gboolean sg_ooxml_flat_read(SgPart *part, SgSink *sink, GError **error);

#endif
