/*
 * ooxml_list - the numbers before numbered paragraphs of a Word document.
 *
 * They stand nowhere in the text: numbering.xml has the shapes ("%1.%2)"), styles.xml
 * may name a list for a style, and counting is the reader's.
 */
#ifndef SG_OFFICE_OOXML_LIST_H
#define SG_OFFICE_OOXML_LIST_H

#include "part/xml.h"

typedef struct SgOoxmlList SgOoxmlList;

SgOoxmlList *sg_ooxml_list_new(void);
void	     sg_ooxml_list_free(SgOoxmlList *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgOoxmlList, sg_ooxml_list_free)

/* For numbering.xml and styles.xml alike; its data is the list. */
extern const SgXmlReader sg_ooxml_list_reader;

/* The next paragraph of this list and level (-1: not named), or of this style (NULL:
 * none): what stands before it, or NULL.  Belongs to the list, until the next call. */
const char  *sg_ooxml_list_next(SgOoxmlList *l, gint64 num, gint64 level, const char *style);

#endif
