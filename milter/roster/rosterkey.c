/* rosterkey - the key of the roster, and what is derived from it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/err.h"
#include "base/fd.h"
#include "roster/rosterfile.h"

#define HEX (SG_ROSTER_KEY * 2)

void
sg_roster_sip(const guint8 key[SG_ROSTER_KEY], guint8 sip[16])
{
	static const char what[] = "schoolgate roster: names";

	crypto_generichash(sip, 16, (const guint8 *)what, sizeof what - 1, key, SG_ROSTER_KEY);
}

void
sg_roster_code(const guint8 key[SG_ROSTER_KEY], const guint8 *p, gsize n, guint8 out[SG_ROSTER_CODE])
{
	crypto_generichash(out, SG_ROSTER_CODE, p, n, key, SG_ROSTER_KEY);
}

guint64
sg_roster_hash(const guint8 sip[16], SgRosterKind kind, guint32 pupil, const char *text, gsize len)
{
	guint8 in[5 + SG_ROSTER_TEXT], out[crypto_shorthash_BYTES];
	guint32 number = GUINT32_TO_LE(pupil);
	guint64 hash;

	len = MIN(len, SG_ROSTER_TEXT);
	in[0] = (guint8)kind;
	memcpy(in + 1, &number, sizeof number);
	memcpy(in + 5, text, len);
	crypto_shorthash(out, in, 5 + len, sip);
	memcpy(&hash, out, sizeof hash);
	hash = GUINT64_FROM_LE(hash);
	return hash != 0 ? hash : 1;
}

/* As others of the directory: its group may read. */
static gboolean
make_key(const char *dir, const char *path, GError **error)
{
	guint8 key[SG_ROSTER_KEY];
	char hex[HEX + 1];
	struct stat st;
	sg_autofd fd = -1;
	gboolean ok;

	if (stat(dir, &st) == -1 || (fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s; see who may write there", path, g_strerror(errno));
		return FALSE;
	}
	randombytes_buf(key, sizeof key);
	sodium_bin2hex(hex, sizeof hex, key, sizeof key);
	hex[HEX] = '\n';
	/* only who is in the group can give it away; root always can */
	ok = (fchown(fd, (uid_t)-1, st.st_gid) == 0 || errno == EPERM) && fchmod(fd, 0640) == 0 &&
	    write(fd, hex, sizeof hex) == (gssize)sizeof hex && fsync(fd) == 0;
	sodium_memzero(key, sizeof key);
	sodium_memzero(hex, sizeof hex);
	if (!ok) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", path, g_strerror(errno));
		(void)unlink(path);
	}
	return ok;
}

gboolean
sg_roster_read_key(const char *dir, gboolean make, guint8 key[SG_ROSTER_KEY], GError **error)
{
	g_autofree char *path = g_build_filename(dir, SG_ROSTER_KEYS, NULL);
	char hex[HEX + 1] = "";
	struct stat st;
	gsize len = 0;
	sg_autofd fd = -1;

	if (sodium_init() == -1) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "libsodium cannot be used on this machine");
		return FALSE;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1 && errno == ENOENT && make)
		return make_key(dir, path, error) && sg_roster_read_key(dir, FALSE, key, error);
	if (fd == -1 || fstat(fd, &st) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s; import the roster again: \"schoolgatectl roster import\"",
		    path, g_strerror(errno));
		return FALSE;
	}
	if ((st.st_mode & S_IRWXO) != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: everybody can read this key; chmod o-rwx it", path);
		return FALSE;
	}
	if (read(fd, hex, HEX) != HEX || sodium_hex2bin(key, SG_ROSTER_KEY, hex, HEX, NULL, &len, NULL) != 0 ||
	    len != SG_ROSTER_KEY) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: not a key of 64 hexadecimal digits; remove it and import "
		    "the roster again", path);
		return FALSE;
	}
	sodium_memzero(hex, sizeof hex);
	return TRUE;
}
