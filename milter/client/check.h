/*
 * check - what the scanner says, taken for hostile.
 *
 * The wire's reader has seen to lengths and UTF-8; here are the promises of
 * model/finding.h and model/reading.h.  A captured worker can still lie about
 * its own message, but nothing it says can be out of range for those who read
 * it.  FALSE is SG_ERR_PEER.
 */
#ifndef SG_CLIENT_CHECK_H
#define SG_CLIENT_CHECK_H

#include "model/reading.h"

/* Bytes of one answer on the socket: 2,000 parts (scan.parts) and as many findings, with
 * every string as long as can be, are 72 MB. */
#define SG_CHECK_BYTES (96u << 20)

gboolean sg_check_finding(const SgFinding *f, guint64 id, guint so_far, GError **error);
gboolean sg_check_part(const SgPartInfo *p, guint64 id, guint so_far, GError **error);
gboolean sg_check_done(const SgWireDONE *d, guint64 id, const SgReading *r, gsize out_most, GError **error);
/* Reads the TEXT frames (u32 length, message) into r->texts. */
gboolean sg_check_texts(GBytes *frames, SgReading *r, GError **error);
/* What DISCLAIM says it added and left out: names of the texts (SgWireDISCLAIM) and short words. */
gboolean sg_check_disclaimed(const SgWireDONE *d, const GPtrArray *texts, GError **error);
/* A place in a text that is not there is forgotten: text_len becomes 0. */
void	 sg_check_places(SgReading *r);

#endif
