/*
 * still - may these bytes be shown to a person as one picture that does not move?
 *
 * PNG, JPEG and WebP only, and only when they hold one still picture of a bearable size:
 * what moves, what a script could be in (SVG) and what no browser agrees upon is not shown.
 * Only the frame of the file is read; nothing is decoded, and nothing is taken away.
 */
#ifndef SG_PAGE_STILL_H
#define SG_PAGE_STILL_H

#include <glib.h>

#define SG_STILL_PIXELS 50000000u	/* a camera of today has about that */

/* "image/png", "image/jpeg" or "image/webp"; NULL: *why says in a few words why not. */
const char *sg_still_type(const guint8 *data, gsize n, const char **why);

#endif
