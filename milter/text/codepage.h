/*
 * codepage - the charsets of old Office files, RTF and Outlook by their numbers.
 *
 * Unlike text/charset.h, which weighs a label against the bytes of a whole text, this
 * converts many short runs whose charset the file itself uses: the converters stay
 * open for the length of a document.  ICU only; nothing is loaded from files.
 */
#ifndef SG_TEXT_CODEPAGE_H
#define SG_TEXT_CODEPAGE_H

#include <glib.h>

typedef struct SgCodepages SgCodepages;

SgCodepages *sg_codepages_new(void);
void	     sg_codepages_free(SgCodepages *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgCodepages, sg_codepages_free)

/* cp is Windows' number (1252, 932, 10000, 65001, 1200); an unknown one is read as 1252. */
void sg_codepage_append(SgCodepages *c, guint cp, const void *data, gsize len, GString *out);
void sg_cp1252_append(const void *data, gsize len, GString *out);
/* len in bytes; a half unit at the end is dropped, lone surrogates become U+FFFD. */
void sg_utf16le_append(const void *data, gsize len, GString *out);

guint sg_codepage_of_language(guint lcid);	/* 0x0419: 1251 */
guint sg_codepage_of_fcharset(guint charset);	/* \fcharset204: 1251; 0 when it says nothing */
/* Windows-1252 to Unicode. */
gunichar sg_cp1252_char(guint8 c);

#endif
