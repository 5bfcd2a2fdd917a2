/*
 * encode - text back into the charset and the transfer encoding it came in.
 *
 * Strict both ways: a character that a charset does not have is an error, never a
 * question mark.  A character is never cut by a soft line break (RFC 2045 6.7).
 */
#ifndef SG_REWRITE_ENCODE_H
#define SG_REWRITE_ENCODE_H

#include <glib.h>

typedef enum {
	SG_CS_UNKNOWN,
	SG_CS_ASCII,		/* ASCII stands for itself, and no state: text may be inserted */
	SG_CS_OTHER,		/* UTF-16, ISO-2022-JP, UTF-7, ...: only as a whole	       */
} SgCharsetShape;

SgCharsetShape sg_charset_shape(const char *label);
/* NULL when a character is missing or the label is unknown; caller frees. */
char	*sg_charset_encode(const char *label, const char *utf8, gsize len, gsize *out_len);
/* As the label says and nothing else: NULL when the bytes are not valid in it. */
char	*sg_charset_decode_strictly(const char *label, const char *bytes, gsize len, gsize *out_len);

/* Quoted-printable of whole lines, which end in eol; what else ends a line is coded.
 * label tells where characters begin. */
void	 sg_qp_append(GString *out, const char *bytes, gsize len, const char *label, const char *eol);
/* Decodes as mail programs do (RFC 2045 6.7); at, when not NULL, is an offset in what
 * is decoded and becomes the one in what is encoded. */
GString *sg_qp_decode(const char *coded, gsize len, gsize *at);
/* Lines of 76 letters; no line end behind the last one. */
void	 sg_base64_append(GString *out, const char *bytes, gsize len, const char *eol);

#endif
