/*
 * leaf - one text of a message, taken apart and written again with more in it.
 *
 * Every byte that was there stays, decoded, as it was.  The charset is kept where it
 * has the letters of what is inserted, else the leaf becomes UTF-8; the transfer
 * encoding is kept, only 7bit becomes quoted-printable when it must.  Of the header
 * lines at most Content-Type and Content-Transfer-Encoding change.
 */
#ifndef SG_REWRITE_LEAF_H
#define SG_REWRITE_LEAF_H

#include "rewrite/bodies.h"
#include "rewrite/encode.h"

typedef struct SgLeaf {
	const SgNode *node;
	gboolean html, flowed;
	SgCoding coding;
	gboolean seven;		/* 7bit, said or not				*/
	char	*charset;	/* as claimed; "us-ascii" when nothing is	*/
	const char *codec;	/* shape OTHER: charset, or with its byte order	*/
	SgCharsetShape shape;
	const char *eol;
	const char *head, *body;	/* into the message; body in its encoding */
	gsize	 head_len, body_len;
	GString *text;		/* the body without its transfer encoding	*/
	GString *view;		/* text, or as UTF-8 when the shape is OTHER	*/
} SgLeaf;

typedef struct SgInsert {
	gsize	 at;		/* in view */
	GString *text;		/* UTF-8, whole lines with eol; freed by the array */
} SgInsert;

SgSkip	sg_leaf_open(const SgTree *t, const SgNode *node, SgLeaf *leaf);
void	sg_leaf_clear(SgLeaf *leaf);
/* A piece of view as a reader sees it: UTF-8 (nearly, when the label is wrong), LF, no
 * NUL; caller frees. */
char   *sg_leaf_words(const SgLeaf *leaf, const char *bytes, gsize len);
/* Of SgInsert, freed with their texts. */
GArray *sg_inserts_new(void);
/* inserts ascend.  Appends the new header lines (with the empty line behind them) and
 * the new body. */
SgSkip	sg_leaf_write(const SgLeaf *leaf, const GArray *inserts, GString *out);

/* The header lines of a part with charset (NULL: as it is) and encoding (NULL: as it is)
 * set; root: those of the message.  FALSE: they cannot be read for sure. */
gboolean sg_leaf_header(const char *head, gsize len, const char *charset, const char *encoding,
	gboolean root, const char *eol, GString *out);
/* Where the empty line behind the header stands; FALSE when it does not. */
gboolean sg_leaf_header_ends(const char *head, gsize len, gsize *stop);

#endif
