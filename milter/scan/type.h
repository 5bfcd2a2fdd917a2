/*
 * type - what a part is: by its bytes first, by its name and label as hints.
 *
 * Sets detected and the kinds that can be known without opening the part:
 *   executable       programs, and what a double click runs (installers, .lnk, .hta)
 *   installer        of these, what puts programs in place
 *   script           programs in text form; the ones Windows runs are executable too
 *   source           programs of a lesson (.py): nothing that a double click runs
 *   shortcut         points elsewhere when opened, or starts something
 *   archive document image audio video
 *   disk-image       an archive that opens like a disk
 *   macro            a document that can carry or carries a program
 *   position         a picture that tells where it was taken
 *   double-extension "invoice.pdf.exe"
 *   mismatch         the name or the label hides what the file is, or does not show as it is
 *
 * macro and shortcut are also set by extractors, for a document that holds such a thing
 * (JavaScript in a PDF, an action that opens a program); its notes say which.
 *
 * To add a type: one row in the table of type.c; an ending: one in filename.c.
 */
#ifndef SG_SCAN_TYPE_H
#define SG_SCAN_TYPE_H

#include "part/part.h"

/* Opens libmagic's database; must have been called before the first part. */
gboolean sg_type_warm_up(GError **error);
void	 sg_type_detect(SgPart *p);
/* Is this a type whose readers expect no text in it? */
gboolean sg_type_is_media(const char *mime);

#endif
