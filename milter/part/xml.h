/*
 * xml - the elements and words of one XML file, fed in pieces of any size.
 *
 * libxml2's push parser underneath, with everything off that could open or multiply
 * something: no entity is expanded, nothing external is loaded.  The text that
 * entities stand for is given as loose text instead, and what points elsewhere or
 * builds entities from entities is the limit "entities".  Where the parser gives up
 * (broken XML, 250 levels, a tag with thousands of attributes) the rest is not lost:
 * it is swept for what stands between tags, as loose text.
 *
 * Any charset is read: the bytes are UTF-8 before the parser sees them.
 * Elements are known by their local names, so that old, strict and flat forms of a
 * format are one.  A reader names the elements it cares for in a sorted table.
 */
#ifndef SG_PART_XML_H
#define SG_PART_XML_H

#include "part/extractor.h"

typedef struct SgXmlName {
	const char *name;
	guint	    code;	/* > 0 */
} SgXmlName;

typedef struct SgXmlTag {
	const char  *name;	/* local */
	const char **values;	/* as libxml2 gives them: through sg_xml_value() only */
	guint	     n;
} SgXmlTag;

typedef struct SgXmlReader {
	const SgXmlName *names;		/* sorted by strcmp */
	gsize		 n_names;
	/* code 0: an element that is not in the table */
	void (*start)(gpointer data, guint code, const SgXmlTag *tag);
	void (*end)(gpointer data, guint code);		/* may be NULL */
	/* may come in several pieces; also the white space between elements; may be NULL */
	void (*text)(gpointer data, const char *s, gsize n);
	/* words that stand in no element; may be NULL */
	void (*loose)(gpointer data, const char *s, gsize n);
} SgXmlReader;

typedef struct SgXml SgXml;

/* reader, data and sink must outlive it. */
SgXml	*sg_xml_new(const SgXmlReader *reader, gpointer data, SgSink *sink);
void	 sg_xml_free(SgXml *x);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgXml, sg_xml_free)

void	 sg_xml_feed(SgXml *x, const char *bytes, gsize n);
/* The file is over: what is still held back is read.  FALSE: it was not well-formed. */
gboolean sg_xml_end(SgXml *x);

/* The value of an attribute, whatever its namespace, not NUL-terminated; NULL when
 * it is not there. */
const char *sg_xml_value(const SgXmlTag *tag, const char *name, gsize *n);
/* The same as a copy of at most 64 KiB (NULL: not there), and as a number. */
char	*sg_xml_string(const SgXmlTag *tag, const char *name);
gint64	 sg_xml_number(const SgXmlTag *tag, const char *name, gint64 otherwise);
gint64	 sg_xml_digits(const char *value, gsize n, gint64 otherwise);
gboolean sg_xml_is(const SgXmlTag *tag, const char *name, const char *value);
/* The i-th attribute's name (NULL behind the last one) and value. */
const char *sg_xml_attribute(const SgXmlTag *tag, guint i, const char **value, gsize *n);

#endif
