/*
 * pdfkey - does an encrypted PDF open without a password?
 *
 * The standard security handler of ISO 32000-2, 7.6.4, revisions 2 to 6, for the one
 * password that every reader tries: the empty one.  Nothing is decrypted.
 */
#ifndef SG_PROTECT_PDFKEY_H
#define SG_PROTECT_PDFKEY_H

#include "protect/crypto.h"

typedef struct SgPdfString {
	guint8 p[160];
	gsize  n;
} SgPdfString;

typedef struct SgPdfKey {
	guint	    revision, bytes;	/* of the key: 5 to 16 */
	guint32	    permissions;
	gboolean    metadata;		/* is encrypted too */
	SgPdfString owner, user, id;
} SgPdfKey;

gboolean sg_pdf_opens(const SgPdfKey *key);

#endif
