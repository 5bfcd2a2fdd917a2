/*
 * ocr - the words in a picture, asked of schoolgate-ocr by a worker.
 *
 * The recognition (tesseract, leptonica) is a program of its own: its licence does not go
 * with libclamav's in one process, it is slow, and pictures are hostile.  A worker has one
 * socket to it, made before the doors were locked; a picture goes out as a memfd, words come
 * back in one message.  Off unless scan.ocr says so: then every call returns at once.
 *
 * One message has scan.ocr_images pictures, scan.ocr_seconds seconds (waiting counts too)
 * and scan.ocr_pixels for each.  What is above that, and a picture over which schoolgate-ocr
 * dies or hangs, is the finding "limit.pictures", the flag not-fully-scanned, and the note
 * "unread:picture" at the part; so is nothing that is too small for words, or no picture.
 */
#ifndef SG_PAGE_OCR_H
#define SG_PAGE_OCR_H

#include "part/extractor.h"

/* In the worker: the socket is this descriptor, -1: off. */
void	 sg_ocr_begin(int sock);
/* A new message: its budget is whole. */
void	 sg_ocr_message(const SgOptions *o);
/* Gives the words to the sink, as "attachment".  FALSE only when the sink says so. */
gboolean sg_ocr_read(SgPart *part, SgSink *sink, GError **error);

#endif
