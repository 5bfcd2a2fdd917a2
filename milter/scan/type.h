/*
 * type - what a part is: by its bytes first, by its name and label as hints.
 *
 * Sets detected and the kinds that can be known without opening the part:
 *   executable       programs, and what a double click runs (installers, .lnk, .hta)
 *   script           programs in text form; the ones Windows runs are executable too
 *   shortcut         points elsewhere when opened, or starts something
 *   archive document image audio video
 *   macro            a document that can carry or carries a program
 *   position         a picture that tells where it was taken
 *   double-extension "invoice.pdf.exe"
 *   mismatch         bytes, label and name are of different families
 *
 * script and shortcut are also set by extractors, for a document that holds such a thing
 * (JavaScript in a PDF, an action that opens a program); its notes say which.
 *
 * To add a file name ending or a type: one row in the tables of type.c.
 */
#ifndef SG_SCAN_TYPE_H
#define SG_SCAN_TYPE_H

#include "scan/part.h"

/* Opens libmagic's database; must have been called before the first part. */
gboolean sg_type_warm_up(GError **error);
void	 sg_type_detect(SgPart *p);
/* Is this a type whose readers expect no text in it? */
gboolean sg_type_is_media(const char *mime);

#endif
