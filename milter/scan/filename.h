/*
 * filename - what the name of a file promises, and what a double click would do.
 *
 * Names are read as Windows reads them: blanks and dots at the end do not count, the
 * last ending decides.  To add an ending: one row in filename.c.
 */
#ifndef SG_SCAN_FILENAME_H
#define SG_SCAN_FILENAME_H

#include "part/part.h"

typedef enum {
	SG_FILE_NONE, SG_FILE_TEXT, SG_FILE_IMAGE, SG_FILE_MEDIA, SG_FILE_DOCUMENT, SG_FILE_ARCHIVE,
	SG_FILE_PROGRAM, SG_FILE_MAIL,
} SgFamily;

/* The family of the part's name; marks what its ending says (executable, script, macro
 * ...), "double-extension", and as "mismatch" a name that does not show as it is or that
 * Windows takes for a device. */
SgFamily sg_filename_read(SgPart *p);

#endif
