/*
 * package - a file that was put into a document by "Insert object": the OLE 1 forms of
 * it in "\1Ole10Native" streams and in the objdata of RTF; [MS-OLEDS] 2.2 and 2.3.6, and
 * what the packager of Windows writes into them, which no specification tells.
 */
#ifndef SG_OLD_PACKAGE_H
#define SG_OLD_PACKAGE_H

#include <glib.h>

/* The file in native data that begins at an offset, or all the rest when it has another
 * form; name gets its label.  Caller unrefs. */
GBytes *sg_package_file(GBytes *bytes, gsize at, GString *name);
/* The same for an OLE 1 object with its header. */
GBytes *sg_package_object(GBytes *object, GString *name);

#endif
