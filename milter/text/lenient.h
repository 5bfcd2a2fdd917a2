/*
 * lenient - the transfer encodings as the most forgiving reader decodes them.
 *
 * GMime decodes what a label promises; these decode what bytes may turn out to be, and
 * say whether GMime has read the same.  They know nothing of mail.  Nothing here fails:
 * what cannot be decoded is left out or left as it stands.  All of it is linear in n.
 */
#ifndef SG_TEXT_LENIENT_H
#define SG_TEXT_LENIENT_H

#include <glib.h>

#include "text/lines.h"

typedef enum {
	SG_PAD_FOREIGN,		/* "=" is dropped like any other foreign character	*/
	SG_PAD_RESTARTS,	/* "=" ends a group; decoding begins anew behind it	*/
	SG_PAD_ADDRESS,		/* the same, with "-" and "_" as letters, as in addresses */
} SgPad;

/* Letters of the base64 alphabet are decoded, others are dropped.
 * skip letters are left out first: a group may begin at any of four places. */
GBytes *sg_lenient_base64(const char *in, gsize n, SgPad pad, guint skip);
/* All letters or line ends, with padding only at the end: nobody can decode it otherwise. */
gboolean sg_strict_base64(const char *in, gsize n);

/* "=41", "=\n", also with blanks, bare CR or small letters; other "=" stay. */
GBytes *sg_lenient_quoted(const char *in, gsize n);
/* Every "=" is one that all readers understand alike. */
gboolean sg_strict_quoted(const char *in, gsize n);

/* A uuencoded ("begin 644 name", "begin-base64 644 name") or yEnc ("=ybegin") file that
 * begins in the line that at stands on.  NULL: it is none.  *name is its file name (caller
 * frees), and at then stands on the last line of it. */
GBytes *sg_lenient_uu(SgLines *at, char **name);
GBytes *sg_lenient_yenc(SgLines *at, char **name);

#endif
