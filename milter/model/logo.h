/*
 * logo - the school's logo: a small PNG file, checked before it is shown on pages.
 */
#ifndef SG_MODEL_LOGO_H
#define SG_MODEL_LOGO_H

#include "base/options.h"

enum {
	SG_LOGO_HEIGHT = 40,	/* pixels it is shown with */
	SG_LOGO_WIDTH_MAX = 240,	/* when it is shown that high: more would leave no place for names */
	SG_LOGO_SCALE_MAX = 4,		/* the file may be so many times as large, for fine screens */
	SG_LOGO_BYTES_MAX = 65536,
};

typedef struct SgLogo {
	GBytes *png;
	guint	width;	/* as shown, at SG_LOGO_HEIGHT */
} SgLogo;

void	sg_logo_free(SgLogo *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgLogo, sg_logo_free)

/* bytes is one whole still PNG of a bearable size and nothing else; else NULL, and *why says what is
 * wrong and how to put it right (static). */
SgLogo *sg_logo_parse(GBytes *bytes, const char **why);
/* school.logo.  TRUE with *out NULL when it is not set; FALSE with SG_ERR_SETUP: "file:line: ...". */
gboolean sg_logo_load(const SgOptions *o, SgLogo **out, GError **error);

#endif
