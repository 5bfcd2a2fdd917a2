/*
 * olecrypt - Office files that are encrypted, and yet open without asking.
 *
 * Excel tries a password of its own on every encrypted file, and files saved with it
 * ("VelvetSweatshop") open for everybody; PowerPoint has one as well.  Such a file is
 * not protected: what is in it is read.  Formats: [MS-OFFCRYPTO] 2.3, [MS-XLS] 2.2.10,
 * [MS-DOC] 2.2.6, [MS-PPT] 2.3.7.  Nothing is tried but those passwords and none at all.
 *
 * How often a key is to be stirred stands in the file: above a million times nobody
 * waits here (a limit), and every ten thousand the message's time is asked for.
 */
#ifndef SG_PROTECT_OLECRYPT_H
#define SG_PROTECT_OLECRYPT_H

#include "part/extractor.h"
#include "protect/crypto.h"
#include "protect/protect.h"

/* What the FILEPASS record of a Workbook (or Book) stream says: plain without one,
 * open when the built-in password fits, protected otherwise. */
void	sg_biff_look(GBytes *workbook, SgProtection *out);
/* The stream with every record readable, of the same length: each record stays where it
 * is, FILEPASS (0x2F) too.  A new reference to workbook when it has no FILEPASS; NULL with
 * SG_ERR_INPUT when it needs a password, with SG_ERR_LIMIT from sink->spend. */
GBytes *sg_biff_open(GBytes *workbook, SgSink *sink, GError **error);

/* The same for a "PowerPoint Document" stream. */
void	sg_ppt_look(GBytes *document, SgProtection *out);
GBytes *sg_ppt_open(GBytes *document, SgSink *sink, GError **error);

/* The package inside an encrypted OOXML file (the streams EncryptionInfo and
 * EncryptedPackage) into *package when a built-in password fits, else NULL there; out
 * says what it is in either case.  In ooxmlcrypt.c. */
void	sg_ooxml_open(GBytes *info, GBytes *encrypted, SgSink *sink, SgProtection *out, GBytes **package);

/* Keys of the old binary formats, for pr_ole.c as well. */
typedef struct SgOldKey {
	enum { SG_OLD_NONE, SG_OLD_XOR, SG_OLD_RC4, SG_OLD_CAPI } how;
	guint	    bits;
	const char *password;	/* that fits, or NULL */
	guint8	    base[SG_DIGEST_MAX];
} SgOldKey;

/* An EncryptionHeader as it stands in FILEPASS, a table stream or a CryptSession: from
 * its version on. */
void	sg_old_key_read(SgSpan header, SgOldKey *key);
void	sg_old_key_say(const SgOldKey *key, SgProtection *out);
/* Key stream of a block. */
void	sg_old_key_block(const SgOldKey *key, guint32 block, SgRc4 *rc4);

#endif
