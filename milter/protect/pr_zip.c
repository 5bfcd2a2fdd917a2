/*
 * pr_zip - encrypted members of a zip, by its directory and by its local headers.
 *
 * Format: PKWARE APPNOTE.TXT 6.3.10 (4.4.4 flags, 7 strong encryption); AES of WinZip,
 * AE-1 and AE-2: www.winzip.com/aes_info.htm.  A member that one place calls encrypted
 * and the other does not opens in some programs: that file is partial, weak and ambiguous.
 */
#include "protect/pr.h"

#define LOCAL	"PK\003\004"
#define CENTRAL "PK\001\002"
#define END	"PK\005\006"
#define END64	"PK\006\006"

#define ENCRYPTED (1u << 0)
#define UNSIZED	  (1u << 3)
#define STRONG	  (1u << 6)

typedef struct Zip {
	SgSpan	    z;
	GHashTable *seen;	/* places of local headers that the directory names -> packed size */
	guint64	    base;	/* what stands before the first byte of the zip	 */
	guint	    plain, shut, members;
	gboolean    differs;
	const SgCipher *weakest;
} Zip;

static const struct {
	guint16 id;
	SgCipher cipher;
} pkware[] = {
	{ 0x6601, { "PKWARE-DES", FALSE } }, { 0x6602, { "PKWARE-RC2", FALSE } },
	{ 0x6603, { "PKWARE-3DES", FALSE } }, { 0x6609, { "PKWARE-3DES", FALSE } },
	{ 0x660e, { "PKWARE-AES-128", TRUE } }, { 0x660f, { "PKWARE-AES-192", TRUE } },
	{ 0x6610, { "PKWARE-AES-256", TRUE } }, { 0x6702, { "PKWARE-RC2", FALSE } },
	{ 0x6720, { "PKWARE-Blowfish", FALSE } }, { 0x6721, { "PKWARE-Twofish", TRUE } },
	{ 0x6801, { "PKWARE-RC4", FALSE } },
};

static const SgCipher *
pkware_cipher(guint16 id)
{
	static const SgCipher unknown = { "PKWARE-strong", TRUE };

	for (gsize i = 0; i < G_N_ELEMENTS(pkware); i++)
		if (pkware[i].id == id)
			return &pkware[i].cipher;
	return &unknown;
}

/* The field of an extra area with this id; empty when there is none. */
static SgSpan
extra_field(SgSpan extra, guint16 id)
{
	for (gsize at = 0; sg_span_has(extra, at, 4);) {
		guint16 n = sg_span_le16(extra, at + 2);

		if (sg_span_le16(extra, at) == id)
			return sg_span_cut(extra, at + 4, n);
		at += 4u + n;
	}
	return sg_span_cut(extra, extra.n, 0);
}

static const SgCipher *
cipher_of(guint flags, guint method, SgSpan extra)
{
	static const SgCipher zipcrypto = { "ZipCrypto", FALSE };
	static const SgCipher aes[] = { { "AES-128", TRUE }, { "AES-192", TRUE }, { "AES-256", TRUE } };
	SgSpan ae = extra_field(extra, 0x9901);

	if (method == 99) {
		guint bits = sg_span_u8(ae, 4);

		return &aes[bits >= 1 && bits <= 3 ? bits - 1 : 0];
	}
	return (flags & STRONG) != 0 ? pkware_cipher(sg_span_le16(extra_field(extra, 0x17), 2)) : &zipcrypto;
}

static void
count(Zip *zip, guint flags, guint method, SgSpan name, SgSpan extra, guint64 packed)
{
	const SgCipher *c;

	zip->members++;
	if ((flags & ENCRYPTED) == 0) {
		/* folders and empty files have nothing to hide */
		zip->plain += packed > 0 && sg_span_u8(name, name.n - 1) != '/';
		return;
	}
	c = cipher_of(flags, method, extra);
	if (zip->weakest == NULL || (zip->weakest->strong && !c->strong))
		zip->weakest = c;
	zip->shut++;
}

/* A size or place that stands in the zip64 field: fields is how many before it do. */
static guint64
wide(guint32 narrow, SgSpan extra, guint fields)
{
	return narrow != G_MAXUINT32 ? narrow : sg_span_le(extra_field(extra, 1), fields * 8u, 8);
}

static void
read_directory(Zip *zip, guint64 at, guint64 end)
{
	SgSpan z = zip->z;

	while (at < end && sg_span_is(z, at, CENTRAL, 4) && sg_span_has(z, at, 46)) {
		guint flags = sg_span_le16(z, at + 8), method = sg_span_le16(z, at + 10);
		guint32 packed = sg_span_le32(z, at + 20), size = sg_span_le32(z, at + 24),
		    place = sg_span_le32(z, at + 42);
		guint names = sg_span_le16(z, at + 28), extras = sg_span_le16(z, at + 30);
		SgSpan name = sg_span_cut(z, at + 46, names), extra = sg_span_cut(z, at + 46 + names, extras);
		guint64 local = wide(place, extra, (packed == G_MAXUINT32) + (size == G_MAXUINT32)),
		    bytes = wide(packed, extra, size == G_MAXUINT32);

		count(zip, flags, method, name, extra, bytes);
		local = local <= G_MAXUINT64 - zip->base ? local + zip->base : G_MAXUINT64;
		if (sg_span_is(z, local, LOCAL, 4)) {
			guint64 *key = g_new(guint64, 2);

			zip->differs |= ((flags ^ sg_span_le16(z, local + 6)) & ENCRYPTED) != 0;
			key[0] = local;
			key[1] = bytes;
			g_hash_table_replace(zip->seen, key, key);
		}
		at += 46u + names + extras + sg_span_le16(z, at + 32);
	}
}

/* Members that a reader without the directory meets, and the directory does not name. */
static void
stream(Zip *zip)
{
	SgSpan z = zip->z;
	gsize at = 0;

	if (!sg_span_find(sg_span_cut(z, 0, 64), 0, LOCAL, 4, &at))
		return;
	while (sg_span_is(z, at, LOCAL, 4) && sg_span_has(z, at, 30)) {
		guint64 here = at, packed;
		guint flags = sg_span_le16(z, at + 6);
		guint names = sg_span_le16(z, at + 26), extras = sg_span_le16(z, at + 28);
		SgSpan extra = sg_span_cut(z, (guint64)at + 30 + names, extras);
		const guint64 *listed = g_hash_table_lookup(zip->seen, &here);

		packed = listed != NULL ? listed[1] :
		    wide(sg_span_le32(z, at + 18), extra, sg_span_le32(z, at + 22) == G_MAXUINT32);
		if (listed == NULL)
			count(zip, flags, sg_span_le16(z, at + 8), sg_span_cut(z, (guint64)at + 30, names), extra,
			    (flags & UNSIZED) != 0 ? 1 : packed);
		if (!sg_span_has(z, (guint64)at + 30 + names + extras, packed))
			return;
		at += 30u + names + extras + (gsize)packed;
		/* a descriptor, padding, or data whose size nobody told */
		if (!sg_span_is(z, at, LOCAL, 4) && !sg_span_find(z, at, LOCAL, 4, &at))
			return;
	}
}

/* Of the directory as a whole, when even the names are hidden (APPNOTE 7.3.4). */
static gboolean
directory_is_shut(Zip *zip, guint64 end)
{
	SgSpan z = zip->z;
	guint64 locator = end >= 20 ? end - 20 : G_MAXUINT64, record;

	if (!sg_span_is(z, locator, "PK\006\007", 4))
		return FALSE;
	record = sg_span_le(z, locator + 8, 8);
	/* its second version, which has the fields of a cipher */
	if (!sg_span_is(z, record, END64, 4) || !sg_span_has(z, record, 80) ||
	    (sg_span_le16(z, record + 14) < 62 && sg_span_le(z, record + 4, 8) < 56))
		return FALSE;
	zip->weakest = pkware_cipher(sg_span_le16(z, record + 74));
	zip->shut++;
	return TRUE;
}

/* The end of the directory is the last thing in the file, but for a comment. */
static gboolean
find_end(SgSpan z, gsize *end)
{
	gsize from = z.n >= 22 ? z.n - 22 : 0, least = z.n > 66000 ? z.n - 66000 : 0;

	for (gsize at = from; z.n >= 22; at--) {
		if (sg_span_is(z, at, END, 4)) {
			*end = at;
			return TRUE;
		}
		if (at == least)
			break;
	}
	return FALSE;
}

static void
read_all(Zip *zip)
{
	SgSpan z = zip->z;
	gsize end;

	if (find_end(z, &end)) {
		guint64 size = sg_span_le32(z, end + 12), place = sg_span_le32(z, end + 16), start;

		if (end >= 20 && sg_span_is(z, end - 20, "PK\006\007", 4)) {
			guint64 record = sg_span_le(z, end - 12, 8);

			if (sg_span_is(z, record, END64, 4)) {
				size = sg_span_le(z, record + 40, 8);
				place = sg_span_le(z, record + 48, 8);
			}
		}
		/* just before the end, wherever the file says it is: something may stand before the zip */
		start = size <= end && sg_span_is(z, end - size, CENTRAL, 4) ? end - size : place;
		zip->base = start >= place && start <= z.n ? start - place : 0;
		if (sg_span_is(z, start, CENTRAL, 4))
			read_directory(zip, start, end);
		else
			directory_is_shut(zip, end);
	}
	stream(zip);
}

gboolean
sg_pr_zip_is(const SgPart *part, SgSpan head)
{
	(void)part;
	return sg_span_is(head, 0, LOCAL, 4) || sg_span_is(head, 0, "PK\007\010", 4) ||
	    sg_span_is(head, 0, "PK00PK", 6) || sg_span_is(head, 0, END, 4) ||
	    sg_span_is(head, 0, "MZ", 2) || sg_span_is(head, 0, "\177ELF", 4);
}

gboolean
sg_pr_zip(SgPart *part, SgSpan z, SgSink *sink, SgProtection *out)
{
	Zip zip = { .z = z };

	zip.seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	read_all(&zip);
	g_hash_table_unref(zip.seen);
	if (zip.shut == 0) {
		sg_pr_say(out, "plain", NULL);
		return zip.members > 0 || sg_span_is(z, 0, END, 4);
	}
	sg_pr_say(out, zip.plain > 0 || zip.differs ? "partial" : "protected", zip.weakest);
	if (zip.differs) {
		out->strength = "weak";
		sg_part_note(part, "encryption-differs");
		sink->flag(sink, SG_FLAG_AMBIGUOUS);
	}
	return TRUE;
}
