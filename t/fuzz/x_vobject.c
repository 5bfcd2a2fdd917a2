/* A calendar or a card, as an attachment. */
#include "scan/walk.h"
#include "t/lib/catch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static gboolean warm;
	g_autoptr(Catch) c = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(SgPart) part = sg_part_new("1", "text/vcard", bytes, SG_AS_IS);
	const SgExtractor *x;

	if (!warm)
		g_assert_true(warm = sg_walk_warm_up(NULL));
	g_free(part->detected);
	part->detected = g_strdup("text/vcard");
	x = sg_extractor_for(part, NULL, NULL);
	/* bytes that another one takes, whatever they are called */
	if (g_strcmp0(x->name, "vobject") != 0)
		return 0;
	c = catch_new("text = 262144L; unpacked = 8388608L; pages = 20;");
	x->run(part, &c->sink, NULL);
	return 0;
}
