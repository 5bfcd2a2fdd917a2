/*
 * zip_name - the name of an archive's member as a person may be shown it.
 *
 * The result is UTF-8 on one line: control characters, NUL and characters that turn
 * the direction of reading are replaced by U+FFFD, and a long name loses its middle.
 * It is for showing and matching and is never a path to anything here.
 */
#ifndef SG_PACK_ZIP_NAME_H
#define SG_PACK_ZIP_NAME_H

#include <glib.h>

#define SG_NAME_MOST 1024u	/* bytes of a name that is shown */

/* Bytes of unknown charset: UTF-8 when they are, otherwise code page 437, which is
 * what zip programs use.  *turned (may be NULL): it held characters that hide what it
 * is (directions, controls).  Caller frees. */
char *sg_name_show(const void *bytes, gsize len, gboolean *turned);

#endif
