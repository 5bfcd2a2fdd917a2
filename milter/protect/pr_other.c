/*
 * pr_other - programs that make encrypted files and say so in the first bytes.
 *
 * A row a format: where its mark is, and what it means.  A format that can also be open
 * needs a reader of its own.
 */
#include "protect/pr.h"

static const struct {
	gsize	    at, n;
	const char *mark;
	SgCipher    cipher;
} marks[] = {
	{ 0, 5, "AES\x00\x00", { "AES-256", TRUE } },			/* AES Crypt 0 to 3 */
	{ 0, 5, "AES\x01\x00", { "AES-256", TRUE } },
	{ 0, 5, "AES\x02\x00", { "AES-256", TRUE } },
	{ 0, 5, "AES\x03\x00", { "AES-256", TRUE } },
	{ 0, 22, "age-encryption.org/v1\n", { "age", TRUE } },
	{ 0, 34, "-----BEGIN AGE ENCRYPTED FILE-----", { "age", TRUE } },
	{ 0, 8, "Salted__", { "openssl-enc", FALSE } },
	{ 0, 10, "U2FsdGVkX1", { "openssl-enc", FALSE } },		/* the same in base64 */
	{ 0, 8, "\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", { "KeePass", TRUE } },
	{ 0, 8, "\x03\xd9\xa2\x9a\x66\xfb\x4b\xb5", { "KeePass", TRUE } },
	{ 0, 8, "\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", { "KeePass", TRUE } },
	{ 0, 16, "\xc0\xb9\x07\x2e\x4f\x93\xf1\x46\xa0\x15\x79\x2c\xa1\xd9\xe8\x21", { "AxCrypt", TRUE } },
	{ 0, 15, "$ANSIBLE_VAULT;", { "AES-256", TRUE } },
	{ 0, 6, "LUKS\xba\xbe", { "LUKS", TRUE } },
	{ 3, 8, "-FVE-FS-", { "BitLocker", TRUE } },
	{ 0, 8, "encrcdsa", { "AES-128", TRUE } },			/* a disk image of macOS */
	{ 0, 6, ".pfile", { "IRM", TRUE } },				/* Microsoft's, for any file */
	{ 0, 8, "\x76\xe8\x04\x60\xc4\x11\xe3\x86", { "IRM", TRUE } },	/* a body, rpmsg */
	{ 0, 4, "PWS3", { "PasswordSafe", TRUE } },
	{ 0, 7, "scrypt\x00", { "scrypt", TRUE } },
};

static const SgCipher *
marked(SgSpan head)
{
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (sg_span_is(head, marks[i].at, marks[i].mark, marks[i].n))
			return &marks[i].cipher;
	return NULL;
}

/* ARJ: the archive's own header, and each file's, have a flag; its scrambling is weak. */
static gboolean
arj_is_shut(SgSpan head)
{
	return sg_span_is(head, 0, "\x60\xea", 2) && sg_span_le16(head, 2) >= 30 && sg_span_le16(head, 2) < 2600 &&
	    (sg_span_u8(head, 8) & 0x01) != 0;
}

/* ACE: the flag of its first file. */
static gboolean
ace_is_shut(SgSpan head)
{
	guint64 file = (guint64)sg_span_le16(head, 2) + 4;

	return sg_span_is(head, 7, "**ACE**", 7) && sg_span_u8(head, file + 4) == 1 &&
	    (sg_span_le16(head, file + 5) & 0x4000) != 0;
}

gboolean
sg_pr_other_is(const SgPart *part, SgSpan head)
{
	(void)part;
	return marked(head) != NULL || arj_is_shut(head) || ace_is_shut(head);
}

gboolean
sg_pr_other(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	static const SgCipher arj = { "ARJ", FALSE }, ace = { "ACE", FALSE };
	const SgCipher *c = marked(file);

	(void)part;
	(void)sink;
	sg_pr_say(out, "protected", c != NULL ? c : arj_is_shut(file) ? &arj : &ace);
	return TRUE;
}
