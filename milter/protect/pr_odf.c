/*
 * pr_odf - documents that are zips in which nothing says that their members are encrypted:
 * OpenDocument (its manifest does), books with a licence, and Apple's iWork.
 *
 * OpenDocument 1.3 part 2, 3.4 and 4.8; EPUB OCF 3.3, 4.2.6.3.2.
 */
#include "pack/zip.h"
#include "protect/pr.h"

#define MEMBERS_MAX  20000u
#define MANIFEST_MAX (4u << 20)

static const struct {
	const char *said;
	SgCipher    cipher;
} algorithms[] = {
	{ "Blowfish", { "Blowfish", FALSE } },
	{ "aes128", { "AES-128", TRUE } }, { "aes192", { "AES-192", TRUE } },
	{ "aes256", { "AES-256", TRUE } },
};

static const SgCipher *
algorithm_in(SgSpan xml, const SgCipher *otherwise)
{
	gsize at;

	for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++)
		if (sg_span_find(xml, 0, algorithms[i].said, strlen(algorithms[i].said), &at))
			return &algorithms[i].cipher;
	return otherwise;
}

static GBytes *
member(const SgZip *z, const char *name, SgSink *sink)
{
	gint i = sg_zip_find(z, name);

	return i >= 0 ? sg_zip_unpack_all(z, (guint)i, MANIFEST_MAX, sink, NULL) : NULL;
}

static gboolean
has_ending(const SgZip *z, const char *ending)
{
	for (guint i = 0; i < sg_zip_count(z); i++)
		if (g_str_has_suffix(sg_zip_member(z, i)->name, ending))
			return TRUE;
	return FALSE;
}

static const SgCipher *
cipher_of(const SgZip *z, SgSink *sink)
{
	static const SgCipher odf = { "ODF", FALSE }, iwork = { "AES-128", TRUE };
	g_autoptr(GBytes) manifest = member(z, "META-INF/manifest.xml", sink), licence = NULL;
	gsize at;

	if (manifest != NULL && sg_span_find(sg_span_of(manifest), 0, "encryption-data", 15, &at))
		return algorithm_in(sg_span_of(manifest), &odf);
	/* since 24.8 all of it is one member */
	if (sg_zip_find(z, "encrypted-package") >= 0 && manifest != NULL)
		return &algorithms[3].cipher;
	licence = member(z, "META-INF/encryption.xml", sink);
	if (licence != NULL && sg_span_find(sg_span_of(licence), 0, "xmlenc#aes", 10, &at))
		return algorithm_in(sg_span_of(licence), &odf);
	return has_ending(z, ".iwpv2") ? &iwork : NULL;
}

gboolean
sg_pr_odf_is(const SgPart *part, SgSpan head)
{
	(void)part;
	return sg_span_is(head, 0, "PK\003\004", 4);
}

gboolean
sg_pr_odf(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	g_autoptr(SgZip) z = sg_zip_read(sg_part_bytes(part), MEMBERS_MAX, NULL, NULL);
	const SgCipher *c = z != NULL ? cipher_of(z, sink) : NULL;

	(void)file;
	if (c != NULL)
		sg_pr_say(out, "protected", c);
	return c != NULL;	/* otherwise a zip like any other */
}
