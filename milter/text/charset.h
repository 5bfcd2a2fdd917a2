/*
 * charset - bytes of a mail to UTF-8, with LF line ends and without NUL.
 *
 * Only ICU converts here: iconv loads its tables from files and fails silently
 * where files cannot be opened.  A label is a claim: a byte order mark is
 * believed before it, valid UTF-8 before an eight-bit label, and bytes that make
 * no sense in the claimed charset are detected instead.  Nothing is ever lost
 * because a label is wrong or unknown.
 */
#ifndef SG_TEXT_CHARSET_H
#define SG_TEXT_CHARSET_H

#include <glib.h>

/* label may be NULL or "".  At most SG_CHARSET_MAX bytes are read (ICU counts in
 * gint32, and the result may be five times as long): who gives more tells of a limit.
 * Caller frees; *out_len is its length; *lied (may be NULL) tells that another
 * charset than the label was used. */
#define SG_CHARSET_MAX (256u << 20)
char *sg_charset_decode(const char *label, const void *data, gsize len, gsize *out_len,
    gboolean *lied);

/* Do these bytes look like text (of any charset), so that nobody need ask libmagic? */
gboolean sg_charset_looks_text(const void *data, gsize len);

/* A NUL is a character like others here. */
gboolean sg_charset_is_utf8(const char *text, gsize len);

/* Valid UTF-8 without NUL and CR: in place when it already is; NULL then. */
char *sg_charset_tidy(const char *text, gsize len, gsize *out_len);

/* Loads every table that ICU would load later. */
void sg_charset_warm_up(void);

#endif
