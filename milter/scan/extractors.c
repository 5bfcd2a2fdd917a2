/* extractors - the list, and the only code that chooses from it. */
#include "part/extractor.h"

/* one a line, so that two new ones do not meet */
#define EXTRACTORS \
	X(archive) \
	X(csv) \
	X(html) \
	X(image) \
	X(iwork) \
	X(mail) \
	X(mbox) \
	X(odf) \
	X(officexml) \
	X(ole) \
	X(onenote) \
	X(ooxml) \
	X(packed) \
	X(pdf) \
	X(plain) \
	X(rtf) \
	X(tnef) \
	X(vobject) \
	X(xml) \
	X(zip)

#define X(n) extern const SgExtractor sg_x_##n;
EXTRACTORS
#undef X

static const SgExtractor *const extractors[] = {
#define X(n) &sg_x_##n,
	EXTRACTORS
#undef X
};

gboolean
sg_extractors_warm_up(GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(extractors); i++)
		if (extractors[i]->warm != NULL && !extractors[i]->warm(error))
			return FALSE;
	return TRUE;
}

const SgExtractor *
sg_extractor_for(const SgPart *part, const char *skip, gboolean *skipped)
{
	const SgExtractor *best = NULL, *off = NULL;
	guint high = 0, high_off = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(extractors); i++) {
		guint bid = extractors[i]->bid(part);
		gboolean is_off = g_strcmp0(extractors[i]->name, skip) == 0;

		if (is_off && bid > high_off) {
			high_off = bid;
			off = extractors[i];
		} else if (!is_off && bid > high) {
			high = bid;
			best = extractors[i];
		}
	}
	if (skipped != NULL)
		*skipped = off != NULL && high_off > high;
	return best;
}
