/*
 * base64 - the part of base64 that is in order, quickly.
 *
 * Attachments are nearly all of what is decoded, and nearly all of them are whole
 * groups of four letters with line ends between them.  Those are decoded here, many
 * times as fast as by GMime; where padding stands, or the end of the input cuts a group,
 * this stops, and GMime's decoder goes on from there and decides.
 */
#ifndef SG_BASE_BASE64_H
#define SG_BASE_BASE64_H

#include <glib.h>

/* Decodes from *in, which must be where a group may begin, until a '=' or the end is
 * met or less than three bytes of room are left.  Foreign bytes are passed over, as
 * mail programs do.  *in is moved to where a decoder with a clean state has to go on;
 * gives the number of bytes in out.  All of the room may be written to. */
gsize sg_base64_groups(const char **in, const char *end, guint8 *out, gsize room);

#endif
