/*
 * reader - one picture in, its words out; tesseract and leptonica behind a small door.
 *
 * Everything that opens a file is done by sg_reader_new(): afterwards the process can be
 * locked in.  sg_reader_run() may crash, or take longer than it was told, over a hostile
 * picture: the program's alarm clock ends it then, and the zygote starts another one.
 */
#ifndef SG_OCR_READER_H
#define SG_OCR_READER_H

#include <glib.h>

typedef struct SgReader SgReader;

/* language: as tesseract names them, "eng" or "eng+cym". */
SgReader *sg_reader_new(const char *language, GError **error);
void	  sg_reader_free(SgReader *r);

/* The words, "" when there are none or it is no picture; valid UTF-8, at most most bytes.
 * *limit: more pixels than allowed, more pages, longer text, or out of time. */
char	 *sg_reader_run(SgReader *r, const void *bytes, gsize n, guint pixels, guint ms, gsize most,
    gboolean *limit);

#endif
