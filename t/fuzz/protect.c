/* A file of any format that can be protected; the first byte chooses name and label. */
#include "protect/protect.h"
#include "scan/polyglot.h"
#include "scan/type.h"
#include "scan/walk.h"
#include "t/lib/fakematch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Nobody waits for keys to be stirred: t/fuzz/olecrypt.c does that. */
static gboolean
spend(SgSink *self, guint64 bytes, GError **error)
{
	(void)self;
	(void)error;
	return bytes > 0;
}

static gboolean
take(SgSink *self, SgPart *part, GError **error)
{
	(void)self;
	(void)error;
	sg_part_free(part);
	return TRUE;
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
	static const char *const labels[][2] = { { "", "application/octet-stream" }, { "smime.p7m",
		"application/pkcs7-mime" }, { "a.pgp", "application/pgp-encrypted" }, { "a.txt", "text/plain" },
		{ "a.pdf", "application/pdf" }, { "a.zip", "application/zip" } };
	SgSink sink = { .spend = spend, .part = take, .limit = limit, .flag = flag };
	const char *const *label;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(SgPart) p = NULL;

	if (size == 0)
		return 0;
	g_assert_true(sg_walk_warm_up(NULL));
	label = labels[data[0] % G_N_ELEMENTS(labels)];
	bytes = g_bytes_new(data + 1, size - 1);
	p = sg_part_new("1", label[1], bytes, SG_AS_IS);
	g_free(p->name);
	p->name = g_strdup(label[0]);
	sg_type_detect(p);
	sg_protect_look(p, &sink);
	sg_polyglot_look(p, &sink);
	g_assert_nonnull(p->state);
	return 0;
}
