/*
 * lean - a message without what the parser need not see.
 *
 * Between the header of a leaf and the next line that begins with "--" the parser
 * looks for nothing, and yet reading megabytes of base64 line by line is most of
 * what it does; trace fields cost more than the words of a small mail.  Such runs
 * are cut out of what the parser gets, and every offset it gives back is turned into
 * the offset in the whole.
 *
 * Cuts are made in the order of the message and do not overlap.
 */
#ifndef SG_MAIL_LEAN_H
#define SG_MAIL_LEAN_H

#include <glib.h>

typedef struct SgLean {
	GArray *cuts;		/* NULL: none */
	gsize	gone;
} SgLean;

void	sg_lean_cut(SgLean *l, gsize from, gsize to);
void	sg_lean_clear(SgLean *l);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgLean, sg_lean_clear)

/* What is left: raw itself when there are no cuts. */
GBytes *sg_lean_bytes(const SgLean *l, GBytes *raw);
/* From an offset in what is left to the one in the whole; where something was cut
 * out, behind it. */
gsize	sg_lean_origin(const SgLean *l, gsize at);

/* The value of a Content-Type that all readers take for one leaf ("image/png"). */
gboolean sg_lean_names_leaf(const char *value, gsize n);

#endif
