/*
 * odf_text - the words of an XML file of an OpenDocument: text, sheets, slides, properties.
 *
 * One reader for content, styles (headers and footers), properties and macros, for
 * packages and flat files alike.  A sheet is a table; what is repeated a million times
 * by an attribute is repeated only as often as it could matter.
 */
#ifndef SG_OFFICE_ODF_TEXT_H
#define SG_OFFICE_ODF_TEXT_H

#include "part/flow.h"
#include "part/inside.h"
#include "part/xml.h"

typedef struct SgOdfText SgOdfText;

/* Files that lie in the XML go to inside; its part is marked when there are macros. */
SgOdfText *sg_odf_text_new(SgFlow *flow, SgInside *inside);
void	   sg_odf_text_free(SgOdfText *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgOdfText, sg_odf_text_free)

/* Its data is an SgOdfText; before each file: */
extern const SgXmlReader sg_odf_text_reader;
void	   sg_odf_text_begin(SgOdfText *t);
/* What a sheet met at last, when the file is cut off; and the first error of a table. */
gboolean   sg_odf_text_end(SgOdfText *t, GError **error);

#endif
