/*
 * ooxml - a package of Word, Excel or PowerPoint: a zip of XML files and what they use.
 *
 * Every member is read: XML by what it is, the files a workbook needs before its
 * sheets first, slides and sheets in the order a person sees them.  What is no XML
 * (pictures, embedded files, macros) becomes a part.  What a member is, its content
 * type says, else its place; who lies there is opened by no office program either.
 */
#ifndef SG_OFFICE_OOXML_H
#define SG_OFFICE_OOXML_H

#include "part/extractor.h"

/* SG_ERR_INPUT: broken; what could be read was given. */
gboolean sg_ooxml_read(SgPart *part, SgSink *sink, GError **error);

/* What a member is, and when it is read. */
typedef enum {
	SG_OOXML_TYPES, SG_OOXML_RELATIONS, SG_OOXML_BOOK, SG_OOXML_LISTS, SG_OOXML_SHEET, SG_OOXML_SLIDES,
	SG_OOXML_TEXT, SG_OOXML_RECORDS, SG_OOXML_NOTHING, SG_OOXML_FILE,
} SgOoxmlKind;

/* type: its content type, or NULL.  *rank: lower ones are read first. */
SgOoxmlKind sg_ooxml_kind(const char *name, const char *type, guint *rank);

#endif
