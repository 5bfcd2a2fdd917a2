/* The body of an HTML part, with the first byte choosing its charset. */
#include <string.h>

#include "scan/walk.h"
#include "t/lib/fakematch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static const char *const heads[] = { "", "; charset=utf-8", "; charset=utf-16",
		"; charset=iso-2022-jp", "; charset=utf-7", "; charset=gb18030", "; charset=cp037",
		"; charset=hz-gb-2312" };
	static SgOptions *options;
	static SgMatch *match;
	g_autoptr(GByteArray) mail = g_byte_array_new();
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(SgReading) r = NULL;
	g_autofree char *head = NULL;
	SgWalkJob job;

	if (size == 0)
		return 0;
	if (options == NULL) {
		g_assert_true(sg_walk_warm_up(NULL));
		options = fake_options("text = 65536L;");
		match = fake_match_new(NULL);
	}
	head = g_strconcat("Content-Type: text/html", heads[data[0] % G_N_ELEMENTS(heads)], "\n\n", NULL);
	g_byte_array_append(mail, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(mail, data + 1, (guint)size - 1);
	raw = g_byte_array_free_to_bytes(g_steal_pointer(&mail));
	job = (SgWalkJob){ .options = options, .match = match, .raw = raw, .facts = "", .texts = SG_TEXTS_ALWAYS };
	r = sg_walk(&job, NULL);
	g_assert_nonnull(r);
	return 0;
}
