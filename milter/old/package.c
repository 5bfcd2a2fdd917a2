#include <string.h>

#include "old/package.h"
#include "pack/ole.h"
#include "text/codepage.h"

/* Behind the string that ends with NUL; n when none does. */
static gsize
after_string(const guint8 *p, gsize n, gsize at)
{
	const guint8 *nul = at < n ? memchr(p + at, '\0', n - at) : NULL;

	return nul != NULL ? (gsize)(nul - p) + 1 : n;
}

GBytes *
sg_package_file(GBytes *bytes, gsize at, GString *name)
{
	gsize n, label = at + 2, path, temporary, data;
	const guint8 *p = g_bytes_get_data(bytes, &n);

	at = MIN(at, n);
	if (n - at < 16 || sg_le16(p + at) != 2)
		return g_bytes_new_from_bytes(bytes, at, n - at);
	path = after_string(p, n, label);
	temporary = after_string(p, n, path);
	/* two numbers of 16 bits, the length of a path and the path */
	if (n - temporary < 8 || sg_le32(p + temporary + 4) > n - temporary - 8)
		return g_bytes_new_from_bytes(bytes, at, n - at);
	data = temporary + 8 + sg_le32(p + temporary + 4);
	if (n - data < 4)
		return g_bytes_new_from_bytes(bytes, at, n - at);
	sg_cp1252_append(p + label, path - label - 1, name);
	return g_bytes_new_from_bytes(bytes, data + 4, MIN(n - data - 4, sg_le32(p + data)));
}

/* Class, topic and item are strings with their length; then come the data with theirs. */
GBytes *
sg_package_object(GBytes *object, GString *name)
{
	static const guint8 compound[] = { 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1 };
	gsize n, at = 8;
	const guint8 *p = g_bytes_get_data(object, &n), *found;
	gboolean package;

	/* who hides something breaks the header; the file in it opens all the same */
	found = n == 0 ? NULL : memmem(p, n, compound, sizeof compound);
	if (found != NULL)
		return g_bytes_new_from_bytes(object, (gsize)(found - p), n - (gsize)(found - p));
	package = n > 20 && sg_le32(p + 8) == 8 && g_ascii_strncasecmp((const char *)p + 12, "package", 7) == 0;
	for (guint i = 0; i < 3; i++) {
		if (n < at || n - at < 4 || sg_le32(p + at) > n - at - 4)
			return g_bytes_ref(object);
		at += 4 + (gsize)sg_le32(p + at);
	}
	if (n - at < 4)
		return g_bytes_ref(object);
	if (package)
		return sg_package_file(object, at + 4, name);
	return g_bytes_new_from_bytes(object, at + 4, MIN(n - at - 4, sg_le32(p + at)));
}
