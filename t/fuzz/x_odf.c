/* OpenDocument: the first byte chooses between bytes of a zip or a flat file, and members. */
#include "t/fuzz/package.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static const char *const names[] = { "mimetype", "META-INF/manifest.xml", "content.xml", "styles.xml",
		"meta.xml", "Basic/Standard/Module1.xml", "Object 1/content.xml" };

	if (size == 0)
		return 0;
	if (data[0] % 2 == 0)
		read_as("application/octet-stream", data + 1, size - 1);
	else
		read_package(names, G_N_ELEMENTS(names), data + 1, size - 1);
	return 0;
}
