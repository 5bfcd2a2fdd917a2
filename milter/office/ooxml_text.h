/*
 * ooxml_text - the words of an XML part of a Word, PowerPoint or Excel package.
 *
 * One reader for documents, headers, notes, comments, slides, charts, diagrams,
 * drawings and properties: the elements that hold text are few and have the same
 * names everywhere, also in the strict form, in flat packages and in Word 2003's XML.
 * A file with another root element gives all its text and its telling attributes.
 */
#ifndef SG_OFFICE_OOXML_TEXT_H
#define SG_OFFICE_OOXML_TEXT_H

#include "office/ooxml_list.h"
#include "part/flow.h"
#include "part/xml.h"

typedef struct SgOoxmlText SgOoxmlText;

/* lists may be NULL.  binary (may be NULL) hears of files that lie in the XML as
 * base64: their names and letters. */
SgOoxmlText *sg_ooxml_text_new(SgFlow *flow, SgOoxmlList *lists,
    void (*binary)(gpointer data, const char *name, const char *base64, gsize n), gpointer data);
void	     sg_ooxml_text_free(SgOoxmlText *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgOoxmlText, sg_ooxml_text_free)

/* Its data is an SgOoxmlText; before each file: */
extern const SgXmlReader sg_ooxml_text_reader;
void	     sg_ooxml_text_begin(SgOoxmlText *t);

#endif
