/* fails-if: a protected file passes as open, an open or plain one is called protected, or
 *           what opens without asking, or is only signed, is not given to be read */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "protect/olecrypt.h"
#include "scan/polyglot.h"
#include "scan/type.h"
#include "scan/walk.h"
#include "t/lib/fakematch.h"

typedef struct Catch {
	SgSink	sink;
	SgPart *inside;
	guint	limits, flags;
} Catch;

static gboolean
catch_spend(SgSink *self, guint64 bytes, GError **error)
{
	(void)self;
	(void)error;
	g_assert_cmpuint(bytes, <=, 1u << 20);
	return TRUE;
}

static gboolean
catch_part(SgSink *self, SgPart *part, GError **error)
{
	Catch *c = (Catch *)self;

	(void)error;
	g_assert_null(c->inside);
	c->inside = part;
	return TRUE;
}

static void
catch_limit(SgSink *self, const char *name)
{
	(void)name;
	((Catch *)self)->limits++;
}

static void
catch_flag(SgSink *self, SgFlag flag)
{
	((Catch *)self)->flags |= flag;
}

static GBytes *
load(const char *name)
{
	const char *top = g_getenv("top_srcdir");
	g_autofree char *path = g_build_filename(top != NULL ? top : ".", "t/data/protect", name, NULL);
	g_autoptr(GError) error = NULL;
	char *text;
	gsize n;

	g_file_get_contents(path, &text, &n, &error);
	g_assert_no_error(error);
	return g_bytes_new_take(text, n);
}

static SgPart *
look_at(GBytes *bytes, const char *name, Catch *c)
{
	SgPart *p = sg_part_new("2", "application/octet-stream", bytes, SG_AS_IS);

	g_free(p->name);
	p->name = g_strdup(name);
	*c = (Catch){ { NULL, NULL, NULL, catch_spend, catch_part, catch_limit, catch_flag }, NULL, 0, 0 };
	sg_type_detect(p);
	sg_protect_look(p, &c->sink);
	return p;
}

static const struct {
	const char *file, *state, *strength, *method;
} files[] = {
	{ "zipcrypto.zip", "protected", "weak", "ZipCrypto" },
	{ "plain.zip", "plain", "none", "" },
	{ "partial.zip", "partial", "weak", "ZipCrypto" },
	{ "folder.zip", "protected", "weak", "ZipCrypto" },
	{ "aes128.zip", "protected", "strong", "AES-128" },
	{ "aes192.zip", "protected", "strong", "AES-192" },
	{ "aes256.zip", "protected", "strong", "AES-256" },
	{ "pkware.zip", "protected", "strong", "PKWARE-AES-256" },
	{ "masked.zip", "protected", "strong", "PKWARE-AES-128" },
	{ "liar.zip", "partial", "weak", "ZipCrypto" },
	{ "hidden.zip", "partial", "weak", "ZipCrypto" },
	{ "plain.7z", "plain", "none", "" },
	{ "data.7z", "protected", "strong", "AES-256" },
	{ "header.7z", "protected", "strong", "AES-256" },
	{ "partial.7z", "partial", "strong", "AES-256" },
	{ "four.rar", "protected", "strong", "AES-128" },
	{ "four-part.rar", "partial", "strong", "AES-128" },
	{ "four-headers.rar", "protected", "strong", "AES-128" },
	{ "four-plain.rar", "plain", "none", "" },
	{ "two.rar", "protected", "weak", "RAR-2" },
	{ "five.rar", "protected", "strong", "AES-256" },
	{ "five-headers.rar", "protected", "strong", "AES-256" },
	{ "five-plain.rar", "plain", "none", "" },
	{ "plain.pdf", "plain", "none", "" },
	{ "plain-word.pdf", "plain", "none", "" },
	{ "r2.pdf", "protected", "weak", "RC4-40" },
	{ "r2-open.pdf", "open", "none", "RC4-40" },
	{ "r3.pdf", "protected", "weak", "RC4-128" },
	{ "r3-open.pdf", "open", "none", "RC4-128" },
	{ "r4.pdf", "protected", "strong", "AES-128" },
	{ "r4-open.pdf", "open", "none", "AES-128" },
	{ "r4-linear.pdf", "protected", "strong", "AES-128" },
	{ "r5.pdf", "protected", "strong", "AES-256" },
	{ "r5-open.pdf", "open", "none", "AES-256" },
	{ "r6.pdf", "protected", "strong", "AES-256" },
	{ "r6-open.pdf", "open", "none", "AES-256" },
	{ "r6-owner-open.pdf", "open", "none", "AES-256" },
	{ "r6-xref-stream.pdf", "protected", "strong", "AES-256" },
	{ "r6-names.pdf", "protected", "strong", "AES-256" },
	{ "plain.xls", "plain", "none", "" },
	{ "velvet.xls", "open", "none", "RC4-40" },
	{ "secret.xls", "protected", "weak", "RC4-40" },
	{ "secret.doc", "protected", "weak", "RC4-40" },
	{ "secret.docx", "protected", "strong", "AES-128" },
	{ "velvet.xlsx", "open", "none", "AES-128" },
	{ "secret.ods", "protected", "strong", "AES-256" },
	{ "secret-odf11.odt", "protected", "weak", "Blowfish" },
	{ "env-aes256.p7m", "protected", "strong", "AES-256" },
	{ "env-3des.p7m", "protected", "weak", "3DES" },
	{ "env-stream.p7m", "protected", "strong", "AES-128" },
	{ "authenv.p7m", "protected", "strong", "AES-128" },
	{ "env.pem", "protected", "strong", "AES-256" },
	{ "signed.p7m", "plain", "none", "" },
	{ "signed-stream.p7m", "plain", "none", "" },
	{ "detached.p7s", "plain", "none", "" },
	{ "certs.p7c", "plain", "none", "" },
	{ "store.p12", "protected", "strong", "PKCS12" },
	{ "store-old.p12", "protected", "weak", "PKCS12-3DES" },
	{ "sym.gpg", "protected", "strong", "OpenPGP-AES-256" },
	{ "sym-cast5.gpg", "protected", "weak", "OpenPGP-CAST5" },
	{ "pub.gpg", "protected", "strong", "OpenPGP" },
	{ "pub.asc", "protected", "strong", "OpenPGP" },
	{ "hidden.asc", "protected", "strong", "OpenPGP" },
	{ "letter.txt", "partial", "strong", "OpenPGP" },
	{ "signed.gpg", "", "", "" },
	{ "signed.asc", "", "", "" },
	{ "clear.asc", "", "", "" },
	{ "key.asc", "", "", "" },
	{ "a.age", "protected", "strong", "age" },
	{ "a-armour.age", "protected", "strong", "age" },
	{ "enc.bin", "protected", "weak", "openssl-enc" },
	{ "enc.txt", "protected", "weak", "openssl-enc" },
	{ "book.kdbx", "protected", "strong", "KeePass" },
	{ "aescrypt.aes", "protected", "strong", "AES-256" },
};

static void
every_file(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GBytes) bytes = load(files[i].file);
		Catch c;
		g_autoptr(SgPart) p = look_at(bytes, "", &c);
		gboolean shut = files[i].state[0] == 'p' && strcmp(files[i].state, "plain") != 0;

		if (strcmp(p->state, files[i].state) != 0 || strcmp(p->strength, files[i].strength) != 0 ||
		    strcmp(p->method, files[i].method) != 0)
			g_error("%s: %s %s %s", files[i].file, p->state, p->strength, p->method);
		g_assert_true((strstr(p->kinds->str, "encrypted-strong") != NULL) ==
		    (shut && strcmp(p->strength, "strong") == 0));
		g_assert_true((strstr(p->kinds->str, "encrypted-weak") != NULL) ==
		    (shut && strcmp(p->strength, "weak") == 0));
		g_clear_pointer(&c.inside, sg_part_free);
	}
}

/* No prefix of a file, and no file with one byte changed, may do more than be unknown. */
static void
cut_and_broken(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GBytes) bytes = load(files[i].file);
		gsize n, step;
		const guint8 *data = g_bytes_get_data(bytes, &n);

		/* keys stirred a hundred thousand times are for the fuzzer */
		step = g_str_has_suffix(files[i].file, "x") ? n / 8 : MAX(1, n / 150);
		for (gsize k = 0; k < n; k += step) {
			g_autofree guint8 *copy = g_memdup2(data, n);
			g_autoptr(GBytes) broken = NULL, cut = NULL;
			Catch c;

			copy[k] ^= 0xff;
			broken = g_bytes_new(copy, n);
			cut = g_bytes_new(data, k);
			sg_part_free(look_at(broken, "", &c));
			g_clear_pointer(&c.inside, sg_part_free);
			sg_part_free(look_at(cut, "", &c));
			g_clear_pointer(&c.inside, sg_part_free);
		}
	}
}

static gboolean
holds(GBytes *bytes, const char *what)
{
	gsize n;
	const char *p = g_bytes_get_data(bytes, &n);

	return memmem(p, n, what, strlen(what)) != NULL;
}

static void
what_is_signed_is_read(void)
{
	static const struct {
		const char *file, *name, *inner, *declared;
	} cases[] = {
		{ "signed.p7m", "smime.p7m", "", "message/rfc822" },
		{ "signed-stream.p7m", "", "", "message/rfc822" },
		{ "a.txt.p7m", "a.txt.p7m", "a.txt", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) bytes = load(cases[i].file);
		Catch c;
		g_autoptr(SgPart) p = look_at(bytes, cases[i].name, &c);

		g_assert_nonnull(c.inside);
		g_assert_cmpstr(c.inside->id, ==, "2.1");
		g_assert_cmpstr(c.inside->name, ==, cases[i].inner);
		g_assert_cmpstr(c.inside->declared, ==, cases[i].declared);
		g_assert_true(holds(c.inside->content, i < 2 ? "the words inside" : "one two three"));
		g_assert_true((p->traits & SG_PART_READ) != 0);
		sg_part_free(c.inside);
	}
}

static void
package_that_opens(void)
{
	g_autoptr(GBytes) bytes = load("velvet.xlsx");
	Catch c;
	g_autoptr(SgPart) p = look_at(bytes, "list.xlsx", &c);

	g_assert_cmpstr(p->state, ==, "open");
	g_assert_nonnull(c.inside);
	g_assert_cmpstr(c.inside->name, ==, "list.xlsx");
	g_assert_true(holds(c.inside->content, "xl/workbook.xml"));
	sg_part_free(c.inside);
}

static void
differing_is_ambiguous(void)
{
	g_autoptr(GBytes) bytes = load("liar.zip");
	Catch c;
	g_autoptr(SgPart) p = look_at(bytes, "", &c);

	g_assert_cmpuint(c.flags, ==, SG_FLAG_AMBIGUOUS);
}

/* BOF, FILEPASS and two records, the second longer than a block of the cipher. */
static void
workbook_xored(void)
{
	static const guint8 array[16] = { 0x87, 0x6b, 0x9a, 0xe2, 0x1e, 0xe3, 0x05, 0x62, 0x1e, 0x69, 0x96,
		0x60, 0x98, 0x6e, 0x94, 0x04 };
	guint8 s[12 + 10 + 12] = { 0x09, 0x08, 8, 0, 0, 6, 5, 0, 0, 0, 0, 0, 0x2f, 0, 6, 0, 0, 0, 0x59, 0xb3, 0x0a, 0x9a,
		0x85, 0, 8, 0, 1, 2, 3, 4 };
	g_autoptr(GBytes) in = NULL, out = NULL;
	SgProtection said;
	Catch c = { .sink = { .spend = catch_spend } };
	const guint8 *p;

	for (gsize i = 0; i < 4; i++) {
		guint8 b = (guint8)"word"[i];

		s[30 + i] = (guint8)(b << 5 | b >> 3) ^ array[(30 + i + 8) % 16];
	}
	in = g_bytes_new(s, sizeof s);
	sg_biff_look(in, &said);
	g_assert_cmpstr(said.state, ==, "open");
	g_assert_cmpstr(said.method, ==, "XOR");
	out = sg_biff_open(in, &c.sink, NULL);
	p = g_bytes_get_data(out, NULL);
	g_assert_cmpmem(p, 30, s, 30);
	g_assert_cmpmem(p + 30, 4, "word", 4);
	s[18] ^= 1;
	g_bytes_unref(in);
	in = g_bytes_new(s, sizeof s);
	sg_biff_look(in, &said);
	g_assert_cmpstr(said.state, ==, "protected");
	g_assert_null(sg_biff_open(in, &c.sink, NULL));
}

/* A key that is to be stirred for hours is not; that is a limit, and the file stays closed. */
static void
spins_are_limited(void)
{
	static const char xml[] = "\4\0\4\0\x40\0\0\0<encryption xmlns:p='p'><keyData saltSize='16' blockSize='16' keyBits='128' "
	    "hashSize='64' cipherAlgorithm='AES' cipherChaining='ChainingModeCBC' hashAlgorithm='SHA512' "
	    "saltValue='AAAAAAAAAAAAAAAAAAAAAA=='/><k><p:encryptedKey spinCount='4000000000' saltSize='16' "
	    "blockSize='16' keyBits='128' hashSize='64' cipherAlgorithm='AES' cipherChaining='ChainingModeCBC' "
	    "hashAlgorithm='SHA512' saltValue='AAAAAAAAAAAAAAAAAAAAAA==' encryptedVerifierHashInput='AAAA' "
	    "encryptedVerifierHashValue='AAAA' encryptedKeyValue='AAAA'/></k></encryption>";
	g_autoptr(GBytes) info = g_bytes_new_static(xml, sizeof xml - 1), body = g_bytes_new_static("12345678", 8);
	Catch c = { .sink = { .spend = catch_spend, .limit = catch_limit } };
	SgProtection out;
	GBytes *package;

	sg_ooxml_open(info, body, &c.sink, &out, &package);
	g_assert_null(package);
	g_assert_cmpstr(out.state, ==, "protected");
	g_assert_cmpuint(c.limits, ==, 1);
}

/* A picture with a zip behind it; what only looks like the end of one is nothing. */
static void
zip_behind_a_picture(void)
{
	static const guint8 jpeg[] = { 0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0 };
	g_autoptr(GBytes) zip = load("plain.zip");

	for (guint k = 0; k < 2; k++) {
		g_autoptr(GByteArray) both = g_byte_array_new();
		g_autoptr(GBytes) bytes = NULL;
		g_autoptr(SgPart) p = NULL;
		gsize n;
		const guint8 *z = g_bytes_get_data(zip, &n);
		Catch c;

		g_byte_array_append(both, jpeg, sizeof jpeg);
		g_byte_array_append(both, z + (k == 0 ? 0 : n - 22), (guint)(k == 0 ? n : 22));
		bytes = g_byte_array_free_to_bytes(g_steal_pointer(&both));
		p = look_at(bytes, "photo.jpg", &c);
		sg_polyglot_look(p, &c.sink);
		g_assert_cmpstr(p->detected, ==, "image/jpeg");
		g_assert_true((c.inside != NULL) == (k == 0));
		g_assert_true((strstr(p->kinds->str, "mismatch") != NULL) == (k == 0));
		if (c.inside != NULL) {
			g_assert_cmpuint(g_bytes_get_size(c.inside->content), ==, n);
			g_assert_cmpstr(c.inside->id, ==, "2.9000");
		}
		g_clear_pointer(&c.inside, sg_part_free);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/protect/every-file", every_file);
	g_test_add_func("/protect/cut-and-broken", cut_and_broken);
	g_test_add_func("/protect/what-is-signed-is-read", what_is_signed_is_read);
	g_test_add_func("/protect/package-that-opens", package_that_opens);
	g_test_add_func("/protect/differing-is-ambiguous", differing_is_ambiguous);
	g_test_add_func("/protect/workbook-xored", workbook_xored);
	g_test_add_func("/protect/spins-are-limited", spins_are_limited);
	g_test_add_func("/protect/zip-behind-a-picture", zip_behind_a_picture);
	return g_test_run();
}
