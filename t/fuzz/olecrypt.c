/* Streams of encrypted Office files; the first byte says which, the next two where the
 * second stream begins. */
#include "protect/olecrypt.h"
#include "scan/walk.h"
#include "t/lib/fakematch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A key is stirred ten thousand times at most: the first time that time is asked for,
 * there is some. */
static gboolean
spend(SgSink *self, guint64 bytes, GError **error)
{
	guint *asked = (guint *)(gpointer)(self + 1);

	(void)error;
	return bytes > 0 || (*asked)++ == 0;
}

static void
limit(SgSink *self, const char *name)
{
	(void)self;
	(void)name;
}

static void
flag(SgSink *self, SgFlag f)
{
	(void)self;
	(void)f;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	struct {
		SgSink sink;
		guint  asked;
	} s = { { .spend = spend, .limit = limit, .flag = flag }, 0 };
	SgProtection out = { "", "", "" };
	g_autoptr(GBytes) first = NULL, second = NULL;
	GBytes *opened = NULL;
	gsize cut;

	if (size < 3)
		return 0;
	g_assert_true(sg_walk_warm_up(NULL));
	cut = MIN((gsize)(data[1] | data[2] << 8), size - 3);
	first = g_bytes_new(data + 3, cut);
	second = g_bytes_new(data + 3 + cut, size - 3 - cut);
	switch (data[0] % 3) {
	case 0:
		sg_biff_look(second, &out);
		opened = sg_biff_open(second, &s.sink, NULL);
		break;
	case 1:
		sg_ppt_look(second, &out);
		opened = sg_ppt_open(second, &s.sink, NULL);
		break;
	default:
		sg_ooxml_open(first, second, &s.sink, &out, &opened);
		break;
	}
	g_clear_pointer(&opened, g_bytes_unref);
	return 0;
}
