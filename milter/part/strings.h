/*
 * strings - the words in bytes of which nothing is known: the sweep.
 *
 * Runs of text are looked for as Windows-1252 and as UTF-16LE at both alignments, of a
 * least length, and kept when they look like words or numbers rather than chance.  Used
 * beside the readers of old formats, for what they do not reach (slack, broken tables,
 * unknown records), and alone where there is no reader.
 *
 * Lines that a reader gave already are not said again when it tells of them with
 * sg_strings_known().  What is found is kept up to a limit of bytes and given as one
 * text "attachment".
 */
#ifndef SG_PART_STRINGS_H
#define SG_PART_STRINGS_H

#include "part/extractor.h"

#define SG_STRINGS_MAX (4u << 20)	/* bytes of UTF-8; more: limit "text" */

typedef struct SgStrings SgStrings;

SgStrings *sg_strings_new(SgSink *sink);
void	   sg_strings_free(SgStrings *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgStrings, sg_strings_free)

void	   sg_strings_known(SgStrings *s, const char *utf8, gsize len);
/* least: bytes of a run that counts; of UTF-16 it is two units fewer.  4 finds single words, 10 is
 * right beside a reader that worked. */
void	   sg_strings_sweep(SgStrings *s, const void *data, gsize len, guint least);
/* One more line, said unless it is known. */
void	   sg_strings_add(SgStrings *s, const char *utf8, gsize len);
/* Hands the text to the sink; then the next one may begin. */
gboolean   sg_strings_give(SgStrings *s, GError **error);

#endif
