/*
 * olecrypt - Office files that are encrypted, and yet open without asking.
 *
 * Excel tries a password of its own on every encrypted file, and files saved with it
 * ("VelvetSweatshop") open for everybody.  Such a file is not protected: what is in it
 * is read.  Formats: [MS-OFFCRYPTO] 2.3, [MS-XLS] 2.2.10, [MS-DOC] 2.2.6, [MS-PPT] 2.3.7.
 *
 * Nothing here is tried but that password and the empty one.
 */
#ifndef SG_SCAN_OLECRYPT_H
#define SG_SCAN_OLECRYPT_H

#include "scan/extractor.h"
#include "scan/protect.h"

/* What the FILEPASS record of a Workbook (or Book) stream says: plain without one,
 * open when the built-in password fits, protected otherwise. */
void	sg_biff_look(GBytes *workbook, SgProtection *out);
/* The stream with every record readable, of the same length: each record stays where it
 * is, FILEPASS (0x2F) too.  A new reference to workbook when it has no FILEPASS; NULL with
 * SG_ERR_INPUT when it needs a password, with SG_ERR_LIMIT from sink->spend. */
GBytes *sg_biff_open(GBytes *workbook, SgSink *sink, GError **error);

/* The package inside an encrypted OOXML file (the streams EncryptionInfo and
 * EncryptedPackage) into *package when the built-in or the empty password fits, else
 * NULL there; out says what it is in either case. */
void	sg_ooxml_open(GBytes *info, GBytes *encrypted, SgSink *sink, SgProtection *out, GBytes **package);

#endif
