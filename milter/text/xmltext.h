/*
 * xmltext - what is to be read in a piece of XML, without reading its structure.
 *
 * For XML that has no reader of its own: text, values of attributes and CDATA in
 * their order, each element on a line of its own, comments behind them.  Entities other than those of
 * characters are not resolved, so nothing is opened and nothing grows.  Takes broken XML
 * and cut pieces; time is in line with the length.
 */
#ifndef SG_TEXT_XMLTEXT_H
#define SG_TEXT_XMLTEXT_H

#include <glib.h>

/* UTF-8; appended to out.  labels: a value stands behind the name of its element or
 * attribute, as "UPN: A123456789012". */
void sg_xml_text(const char *xml, gsize n, gboolean labels, GString *out);
/* The same for properties (XMP) of a document or a picture, without dates and numbers
 * that programs give. */
void sg_xmp_text(const char *xmp, gsize n, GString *out);

#endif
