/*
 * sweep - the second reading of a message: its raw bytes, blind to the structure.
 *
 * GMime's tree shows what the structure says; mail programs that read the structure
 * otherwise show more.  The sweep looks at what the tree has not read just as every
 * program would: header lines that are none, gaps, contents that are not what their
 * coding promises, and contents without coding.  There it
 *
 *   joins lines that look like base64, and decodes them leniently
 *   decodes leniently what looks quoted-printable
 *   takes out uuencode, yEnc, gzip and zip
 *   reads what follows a line "--..." with a field "Content-..." below it as a part
 *
 * Where the structure is odd (structure.h) it also takes every block there between blank
 * lines and "--" lines for base64 and for quoted-printable; where it is malformed or
 * ambiguous, every block of the message, whatever the tree said of it.  What comes out and was not seen yet is a text of the message, or,
 * when it is a file, a part "0.1", "0.2" ... ("2.0.1" below part 2).  Such a part has the
 * trait SG_PART_SWEPT: it is only one reading, so its structure raises no flag.
 * Words found twice count once: the matcher knows them by their surroundings.
 *
 * All of it is linear in the size; a mail in order costs one pass over its lines.
 */
#ifndef SG_MAIL_SWEEP_H
#define SG_MAIL_SWEEP_H

#include "mail/tree.h"
#include "part/extractor.h"

gboolean sg_sweep(const SgTree *t, const SgPart *message, SgSink *sink, GError **error);
/* The decoded text of a leaf: programs also open what is uuencoded in there.  Of a file
 * of no known type, the text that it mostly is. */
gboolean sg_sweep_text(SgPart *part, SgSink *sink, GError **error);
#endif
