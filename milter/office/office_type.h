/*
 * office_type - which office document a zip or an XML file is, by what it holds.
 *
 * libmagic knows a package only by its first members, and any order is legal.
 */
#ifndef SG_OFFICE_OFFICE_TYPE_H
#define SG_OFFICE_OFFICE_TYPE_H

#include <glib.h>

#define SG_ODF_FLAT   "application/vnd.oasis.opendocument.text-flat-xml"
#define SG_IWORK_TYPE "application/vnd.apple.iwork"

/* A static string, or NULL: some other zip. */
const char *sg_office_zip_mime(const guint8 *p, gsize n);
/* The begin of a text; NULL: something else. */
const char *sg_office_xml_mime(const char *head, gsize n);

#endif
