/* package.h - a fuzzed file as the only part of a mail; and a zip made of fuzzed members, so
 * that what is behind the zip is reached without luck with checksums. */
#ifndef SG_T_FUZZ_PACKAGE_H
#define SG_T_FUZZ_PACKAGE_H

#include <string.h>

#include "scan/walk.h"
#include "t/lib/fakematch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static inline void
put(GByteArray *a, guint64 v, guint n)
{
	for (guint i = 0; i < n; i++) {
		guint8 c = (guint8)(v >> (8 * i));

		g_byte_array_append(a, &c, 1);
	}
}

static inline void
member(GByteArray *a, const char *name, const guint8 *data, gsize n)
{
	put(a, 0x04034b50, 4);
	put(a, 20, 2);
	put(a, 0, 8);			/* flags, stored, time */
	put(a, 0, 4);			/* no sum: nothing is refused for that */
	put(a, n, 4);
	put(a, n, 4);
	put(a, strlen(name), 2);
	put(a, 0, 2);
	g_byte_array_append(a, (const guint8 *)name, (guint)strlen(name));
	g_byte_array_append(a, data, (guint)n);
}

static inline void
read_as(const char *type, const guint8 *data, gsize size)
{
	static SgOptions *options;
	static SgMatch *match;
	g_autoptr(GByteArray) mail = g_byte_array_new();
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(SgReading) r = NULL;
	g_autofree char *head = g_strconcat("Content-Type: ", type, "; name=x\n\n", NULL);
	SgWalkJob job;

	if (options == NULL) {
		g_assert_true(sg_walk_warm_up(NULL));
		options = fake_options("text = 65536L; unpacked = 4194304L;");
		match = fake_match_new(NULL);
	}
	g_byte_array_append(mail, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(mail, data, (guint)size);
	raw = g_byte_array_free_to_bytes(g_steal_pointer(&mail));
	job = (SgWalkJob){ .options = options, .match = match, .raw = raw, .facts = "", .texts = SG_TEXTS_ALWAYS };
	r = sg_walk(&job, NULL);
	g_assert_nonnull(r);
}

/* Members of these names, their contents parted by a line of "==". */
static inline void
read_package(const char *const *names, gsize n_names, const guint8 *data, gsize size)
{
	g_autoptr(GByteArray) zip = g_byte_array_new();
	const guint8 *end = data + size;

	for (gsize i = 0; i < n_names && data < end; i++) {
		const guint8 *stop = memmem(data, (gsize)(end - data), "\n==\n", 4);
		gsize n = (gsize)((stop != NULL ? stop : end) - data);

		member(zip, names[i], data, n);
		data += n + (stop != NULL ? 4 : 0);
	}
	read_as("application/octet-stream", zip->data, zip->len);
}

#endif
