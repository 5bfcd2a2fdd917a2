/*
 * pr_ole - encrypted Office files in compound files: Word, Excel and PowerPoint of old,
 * packages of new ones, and what rights management locks.
 *
 * A password against changes (sheets, structure, revisions) hides nothing: plain.
 */
#include "base/err.h"
#include "pack/ole.h"
#include "protect/olecrypt.h"
#include "protect/pr.h"

#define ROOT 0	/* the storage of everything */

static gboolean
has(SgOle *ole, gint storage, const char *name)
{
	return sg_ole_find(ole, storage, name) >= 0;
}

/* Rights management: the package is encrypted, but not with a password. */
static gboolean
is_managed(SgOle *ole)
{
	for (guint i = 0; i < sg_ole_count(ole); i++) {
		const char *name = sg_ole_entry(ole, i)->name;

		if (strcmp(name, "\tDRMContent") == 0 || strcmp(name, "\tDRMViewerContent") == 0 ||
		    strcmp(name, "DRMEncryptedTransform") == 0 || strcmp(name, "DRMEncryptedDataSpace") == 0)
			return TRUE;
	}
	return FALSE;
}

static void
look_package(SgPart *part, SgOle *ole, SgSink *sink, SgProtection *out)
{
	static const SgCipher unknown = { "encrypted", FALSE };
	g_autoptr(GBytes) info = sg_ole_stream(ole, ROOT, "EncryptionInfo");
	g_autoptr(GBytes) body = sg_ole_stream(ole, ROOT, "EncryptedPackage");
	GBytes *package = NULL;

	if (info == NULL || body == NULL) {
		sg_pr_say(out, "protected", &unknown);
		return;
	}
	sg_ooxml_open(info, body, sink, out, &package);
	if (package != NULL) {
		sink->part(sink, sg_part_inside(part, 1, part->name, package), NULL);
		part->traits |= SG_PART_READ;
	}
	g_clear_pointer(&package, g_bytes_unref);
}

/* The FIB, [MS-DOC] 2.5.2: flags, and which table stream begins with the key's header. */
static void
look_word(SgOle *ole, GBytes *document, SgProtection *out)
{
	SgSpan fib = sg_span_of(document);
	guint flags = sg_span_le16(fib, 10);
	g_autoptr(GBytes) table = NULL;
	SgOldKey key = { .how = SG_OLD_XOR };

	if ((flags & 0x0100) == 0) {
		sg_pr_say(out, "plain", NULL);
		return;
	}
	/* before Word 97, and where the flag says so, letters are only turned */
	if ((flags & 0x8000) == 0 && sg_span_le16(fib, 2) >= 0xc0) {
		table = sg_ole_stream(ole, ROOT, (flags & 0x0200) != 0 ? "1Table" : "0Table");
		if (table == NULL)
			key.how = SG_OLD_NONE;
		else
			sg_old_key_read(sg_span_of(table), &key);
	}
	key.password = NULL;	/* Word has none of its own */
	sg_old_key_say(&key, out);
}

static void
look_slides(SgOle *ole, GBytes *document, SgProtection *out)
{
	static const SgCipher unknown = { "RC4", FALSE };
	g_autoptr(GBytes) user = sg_ole_stream(ole, ROOT, "Current User");
	gboolean shut = has(ole, ROOT, "EncryptedSummary") ||
	    (user != NULL && sg_span_le32(sg_span_of(user), 12) == 0xf3d1c4df);

	sg_ppt_look(document, out);
	/* a session that can be read says how, but the user's token says that */
	if (!shut)
		sg_pr_say(out, "plain", NULL);
	else if (strcmp(out->state, "plain") == 0)
		sg_pr_say(out, "protected", &unknown);
}

static gboolean
look_binary(SgOle *ole, SgProtection *out)
{
	static const char *const streams[] = { "WordDocument", "Workbook", "Book", "PowerPoint Document" };

	for (gsize i = 0; i < G_N_ELEMENTS(streams); i++) {
		g_autoptr(GBytes) s = sg_ole_stream(ole, ROOT, streams[i]);

		if (s == NULL)
			continue;
		if (i == 0)
			look_word(ole, s, out);
		else if (i == 3)
			look_slides(ole, s, out);
		else
			sg_biff_look(s, out);
		if (strcmp(out->state, "plain") != 0)
			return TRUE;
	}
	return out->state[0] != '\0';
}

/* A workbook before Excel 5, which is no compound file: BOF and its size. */
static gboolean
is_bare_workbook(SgSpan s)
{
	guint16 type = sg_span_le16(s, 0), size = sg_span_le16(s, 2);

	return (type == 0x0009 || type == 0x0209 || type == 0x0409 || type == 0x0809) && size >= 4 && size <= 16 &&
	    sg_span_u8(s, 4 + size + 1) < 0x10;
}

gboolean
sg_pr_ole_is(const SgPart *part, SgSpan head)
{
	(void)part;
	return sg_ole_is(head.p, head.n) || is_bare_workbook(head);
}

gboolean
sg_pr_ole(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	static const SgCipher irm = { "IRM", TRUE };
	g_autoptr(SgOle) ole = sg_ole_open(sg_part_bytes(part), NULL);

	if (ole == NULL && is_bare_workbook(file)) {
		sg_biff_look(sg_part_bytes(part), out);
		return strcmp(out->state, "plain") != 0;
	}
	if (ole == NULL)
		return FALSE;
	if (has(ole, ROOT, "EncryptionInfo")) {
		look_package(part, ole, sink, out);
		return TRUE;
	}
	if (is_managed(ole)) {
		sg_pr_say(out, "protected", &irm);
		return TRUE;
	}
	if (has(ole, ROOT, "EncryptedPackage")) {
		look_package(part, ole, sink, out);
		return TRUE;
	}
	return look_binary(ole, out);
}
