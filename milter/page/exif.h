/*
 * exif - what a camera or a person wrote into a picture: names, words, the place.
 *
 * A strict reader of the few fields that matter (TIFF structure, Exif and GPS
 * directories).  It is our own because the libraries at hand also read the notes of
 * makers, which nobody needs here and which are where they break.
 */
#ifndef SG_PAGE_EXIF_H
#define SG_PAGE_EXIF_H

#include <glib.h>

typedef struct SgPicture {
	GString *text;		/* a line each */
	guint64	 width, height;	/* as claimed; 0: not known */
	gboolean position;	/* where it was taken can be read */
	gboolean more;		/* there was more text than is taken (a MiB) */
} SgPicture;

/* data begins with the byte order, "II" or "MM".  Broken data gives what it gives. */
void sg_exif_read(const guint8 *data, gsize n, SgPicture *out);

#endif
