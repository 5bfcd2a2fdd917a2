#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/keys.h"

typedef struct {
	const char *name;
	guint	    bit;
	gsize	    at;
	gboolean    secret;
} Row;

static const Row rows[] = {
	{ "vault.pub", SG_KEY_VAULT_PUBLIC, offsetof(SgKeys, vault_public), FALSE },
	{ "vault.key", SG_KEY_VAULT_SECRET, offsetof(SgKeys, vault_secret), TRUE },
	{ "audit.key", SG_KEY_AUDIT, offsetof(SgKeys, audit), TRUE },
	{ "mail.key", SG_KEY_MAIL, offsetof(SgKeys, mail), TRUE },
};

static gboolean
read_key(const char *dir, const Row *row, SgKeys *k, GError **error)
{
	g_autofree char *path = g_build_filename(dir, row->name, NULL);
	sg_autofd fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char hex[SG_KEY_LEN * 2 + 2] = "";
	gsize len = 0;
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s; %s", path, g_strerror(errno),
		    errno == EACCES ? "see who may read it with \"schoolgatectl key list\""
				    : "make the keys with \"schoolgatectl key init\"");
		return FALSE;
	}
	if (row->secret && (st.st_mode & (S_IROTH | S_IWOTH)) != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: everybody can read this key; chmod o-rwx it", path);
		return FALSE;
	}
	if (read(fd, hex, sizeof hex - 1) < SG_KEY_LEN * 2 ||
	    sodium_hex2bin((guint8 *)k + row->at, SG_KEY_LEN, hex, SG_KEY_LEN * 2, NULL, &len, NULL) != 0 ||
	    len != SG_KEY_LEN) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: not a key of 64 hexadecimal digits; restore it from a backup",
		    path);
		return FALSE;
	}
	sodium_memzero(hex, sizeof hex);
	k->have |= row->bit;
	return TRUE;
}

SgKeys *
sg_keys_load(const char *dir, guint wanted, GError **error)
{
	g_autoptr(SgKeys) k = g_new0(SgKeys, 1);

	if (sodium_init() == -1) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "libsodium cannot be used on this machine");
		return NULL;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if ((wanted & rows[i].bit) != 0 && !read_key(dir, &rows[i], k, error))
			return NULL;
	return g_steal_pointer(&k);
}

/* 1 made, 0 was there, -1 failed */
static int
write_key(const char *dir, const Row *row, const SgKeys *k, GError **error)
{
	g_autofree char *path = g_build_filename(dir, row->name, NULL);
	char hex[SG_KEY_LEN * 2 + 1];
	sg_autofd fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, row->secret ? 0640 : 0644);

	if (fd == -1 && errno == EEXIST)
		return 0;
	sodium_bin2hex(hex, sizeof hex, (const guint8 *)k + row->at, SG_KEY_LEN);
	hex[SG_KEY_LEN * 2] = '\n';
	if (fd == -1 || write(fd, hex, sizeof hex) != (gssize)sizeof hex || fsync(fd) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", path, g_strerror(errno));
		return -1;
	}
	return 1;
}

static gboolean
exists(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

int
sg_keys_init(const char *dir, GError **error)
{
	g_autoptr(SgKeys) k = g_new0(SgKeys, 1);
	int made = 0;

	if (sodium_init() == -1 || g_mkdir_with_parents(dir, 0750) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", dir, g_strerror(errno));
		return -1;
	}
	if (exists(dir, "vault.pub") != exists(dir, "vault.key")) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: one of vault.pub and vault.key is missing; "
		    "restore it from a backup, a new pair could not open what is held", dir);
		return -1;
	}
	crypto_box_keypair(k->vault_public, k->vault_secret);
	randombytes_buf(k->audit, sizeof k->audit);
	randombytes_buf(k->mail, sizeof k->mail);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		int one = write_key(dir, &rows[i], k, error);

		if (one == -1)
			return -1;
		made += one;
	}
	return made;
}

void
sg_keys_free(SgKeys *k)
{
	if (k == NULL)
		return;
	sodium_memzero(k, sizeof *k);
	g_free(k);
}
