/*
 * pdfraw - a PDF read without its directory: stream by stream, as they lie in the file.
 *
 * Two uses.  Before the library sees a file, the streams are unpacked once and thrown
 * away, counted by sink->spend: what would unpack to more than any honest page is a
 * limit ("unpacked", "ratio", "text") and never reaches the library, which has no limits of
 * its own.  On the way the names of actions are noted, and XFA forms, which the library
 * does not give, are kept.  And when the library cannot read a file, the strings that
 * its pages show are collected as far as one-byte fonts go: better than nothing.
 *
 * What is not looked into: pictures (nobody unpacks them here), encrypted streams,
 * LZW.  For these the limits of the process remain.
 */
#ifndef SG_PDF_PDFRAW_H
#define SG_PDF_PDFRAW_H

#include "part/extractor.h"

typedef enum {
	SG_PDF_SCRIPT = 1 << 0,		/* JavaScript		      */
	SG_PDF_LAUNCH = 1 << 1,		/* starts a program, opens a file */
	SG_PDF_SUBMIT = 1 << 2,		/* sends a form away	      */
	SG_PDF_MEDIA = 1 << 3,		/* Flash, film, 3-D	      */
	SG_PDF_XFA = 1 << 4,
} SgPdfMark;

typedef struct SgPdfRaw {
	guint	   marks;	/* SgPdfMark */
	GPtrArray *xfa;		/* GBytes */
} SgPdfRaw;

SgPdfRaw *sg_pdf_raw_new(void);
void	  sg_pdf_raw_free(SgPdfRaw *raw);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPdfRaw, sg_pdf_raw_free)

/* FALSE: a limit was reached, and the sink was told. */
gboolean sg_pdf_raw_check(SgPdfRaw *raw, GBytes *file, SgSink *sink, GError **error);
/* Appends to text; up to scan.text bytes.  FALSE as above. */
gboolean sg_pdf_raw_text(GBytes *file, SgSink *sink, GString *text, GError **error);

#endif
