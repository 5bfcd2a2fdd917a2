#include "rule/skeleton.h"

SgSkeletons *
sg_skeletons_new(const SgPatterns *patterns)
{
	(void)patterns;
	return g_new0(SgSkeletons, 1);
}

void
sg_skeletons_free(SgSkeletons *s)
{
	g_free(s);
}
