/*
 * inside - gives the sink the files that lie inside a document, numbered.
 */
#ifndef SG_PART_INSIDE_H
#define SG_PART_INSIDE_H

#include "part/extractor.h"

typedef struct SgInside {
	SgPart *part;		/* the document */
	SgSink *sink;
	guint	given;
	GError *error;		/* the sink takes no more; whoever made this frees it */
} SgInside;

gboolean sg_inside_give(SgInside *in, const char *name, GBytes *bytes, GError **error);
/* Letters of base64, blanks allowed; an error is kept. */
void	 sg_inside_base64(SgInside *in, const char *name, const char *base64, gsize n);

/* Does it begin like no file that somebody could hide where nobody reads? */
gboolean sg_inside_is_dull(GBytes *bytes);

#endif
