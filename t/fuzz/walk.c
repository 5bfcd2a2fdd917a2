/* A whole mail: anything at all must come out as a reading, with our promises kept. */
#include "scan/walk.h"
#include "t/lib/fakematch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static SgOptions *options;
	static SgMatch *match;
	g_autoptr(GBytes) raw = g_bytes_new(data, size);
	g_autoptr(SgReading) r = NULL;
	SgWalkJob job;

	if (options == NULL) {
		g_assert_true(sg_walk_warm_up(NULL));
		options = fake_options("parts = 50; headers = 50;");
		match = fake_match_new(NULL);
	}
	job = (SgWalkJob){ .options = options, .match = match, .raw = raw, .facts = "", .texts = SG_TEXTS_ALWAYS };
	r = sg_walk(&job, NULL);
	g_assert_nonnull(r);
	return 0;
}
