/* oletype - what a compound file is, by the names at its root. */
#include <string.h>

#include "pack/ole.h"

/* The first that is there decides; a name that ends in "*" is a beginning. */
static const struct {
	const char *name, *mime;
} names[] = {
	{ "EncryptedPackage", "application/encrypted" },
	{ "WordDocument", "application/msword" },
	{ "Workbook", "application/vnd.ms-excel" },
	{ "Book", "application/vnd.ms-excel" },
	{ "PowerPoint Document", "application/vnd.ms-powerpoint" },
	{ "PP97_DUALSTORAGE", "application/vnd.ms-powerpoint" },
	{ "PP40", "application/vnd.ms-powerpoint" },
	{ "__properties_version1.0", "application/vnd.ms-outlook" },
	{ "__substg1.0_*", "application/vnd.ms-outlook" },
	{ "VisioDocument", "application/vnd.visio" },
	{ "Quill", "application/x-mspublisher" },
	{ "MatOST", "application/vnd.ms-works" },
	{ "MM", "application/vnd.ms-works" },
	{ "   114", "application/vnd.ms-project" },
	{ "   214", "application/vnd.ms-project" },
	{ "_VBA_PROJECT_CUR", "application/vnd.ms-excel" },
	{ "VBA", "application/vnd.ms-office.vbaproject" },
};

static gboolean
is_named(const SgOle *o, const char *name)
{
	gsize n = strlen(name);

	if (name[n - 1] != '*')
		return sg_ole_find(o, 0, name) > 0;
	for (gint i = sg_ole_entry(o, 0)->child; i >= 0; i = sg_ole_entry(o, (guint)i)->next)
		if (g_ascii_strncasecmp(sg_ole_entry(o, (guint)i)->name, name, n - 1) == 0)
			return TRUE;
	return FALSE;
}

const char *
sg_ole_mime(GBytes *bytes)
{
	/* Windows Installer: packages, patches and transforms */
	static const guint8 installer[] = { 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46 };
	g_autoptr(SgOle) o = NULL;
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);

	if (!sg_ole_is(data, len))
		return NULL;
	o = sg_ole_open(bytes, NULL);
	if (o == NULL)
		return "application/x-ole-storage";
	/* {000C1084-...}, {000C1086-...} and {000C1082-...} */
	if (sg_ole_entry(o, 0)->clsid[1] == 0x10 && sg_ole_entry(o, 0)->clsid[2] == 0x0c &&
	    memcmp(sg_ole_entry(o, 0)->clsid + 4, installer, sizeof installer) == 0)
		return "application/x-msi";
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (is_named(o, names[i].name))
			return names[i].mime;
	return "application/x-ole-storage";
}
