/* A file of any type, read by the archive reader that would get it. */
#include <string.h>

#include "pack/archivetype.h"
#include "pack/second.h"
#include "t/lib/catch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The row of readers whose names are given is all that is tried. */
static gboolean
is_archive_reader(const SgExtractor *x)
{
	return x != NULL && (strcmp(x->name, "archive") == 0 || strcmp(x->name, "packed") == 0 ||
	    strcmp(x->name, "zip") == 0);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Catch *c;
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(SgPart) part = sg_part_new("1", "", bytes, SG_AS_IS);
	const char *mime = sg_archive_mime(data, size);
	const SgExtractor *x;
	gboolean ok;

	if (c == NULL) {
		c = catch_new("unpacked = 2000000L;");
		g_assert_true(sg_extractors_warm_up(NULL));
	}
	c->spent = 0;
	g_ptr_array_set_size(c->inside, 0);
	g_string_truncate(c->parts, 0);
	g_string_truncate(c->text, 0);
	g_string_truncate(c->limits, 0);
	g_free(part->detected);
	part->detected = g_strdup(mime != NULL ? mime : size > 1 && data[0] == 'M' && data[1] == 'Z' ?
	    "application/x-dosexec" : "application/octet-stream");
	part->traits |= SG_PART_ATTACHED;
	x = sg_extractor_for(part, NULL, NULL);
	if (!is_archive_reader(x))
		x = sg_second_reader(part, NULL, FALSE);
	if (x == NULL)
		return 0;
	for (ok = x->run(part, &c->sink, NULL); ok && part->more != NULL; ok = x->run(part, &c->sink, NULL))
		g_ptr_array_set_size(c->inside, 0);
	return 0;
}
