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

#define SG_CHECK_FINDINGS 10000u	/* of one message */
#define SG_CHECK_PARTS	  100000u
#define SG_CHECK_TEXTS	  100000u

gboolean sg_check_finding(const SgFinding *f, guint64 id, guint so_far, GError **error);
gboolean sg_check_part(const SgPartInfo *p, guint64 id, guint so_far, GError **error);
gboolean sg_check_done(const SgWireDONE *d, guint64 id, const SgReading *r, gsize out_most, GError **error);
/* Reads the TEXT frames (u32 length, message) into r->texts. */
gboolean sg_check_texts(GBytes *frames, SgReading *r, GError **error);
/* A place in a text that is not there is forgotten: text_len becomes 0. */
void	 sg_check_places(SgReading *r);

#endif
