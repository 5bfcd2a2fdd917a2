/*
 * archivetype - which archive or packed file bytes begin like.
 *
 * For type.c: a packed file of few different bytes can look like text, and libmagic does
 * not know every way in which a zip may begin.
 */
#ifndef SG_PACK_ARCHIVETYPE_H
#define SG_PACK_ARCHIVETYPE_H

#include <glib.h>

/* A static string, or NULL. */
const char *sg_archive_mime(const guint8 *head, gsize n);

#endif
