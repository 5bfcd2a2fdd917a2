/* The packed and the unpacked inside of an .iwa file; the first byte chooses. */
#include "office/iwa.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GByteArray) plain = NULL;
	gboolean more;

	if (size == 0)
		return 0;
	if (data[0] % 2 == 0)
		plain = sg_iwa_unpack(data + 1, size - 1, 1 << 20, &more);
	if (plain != NULL)
		sg_iwa_text(plain->data, plain->len, text);
	else
		sg_iwa_text(data + 1, size - 1, text);
	return 0;
}
