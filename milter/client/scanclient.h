/*
 * scanclient - asks the scanner to read one message.
 *
 * One connection a message on a SEQPACKET socket: SCAN with the message's
 * sealed memfd and an empty one for texts; then FINDING..., PART..., DONE.
 * End of file without DONE is the only failure path.  What comes back is
 * checked as hostile: counts, sizes, UTF-8, ids.  Thread-safe: no state.
 *
 * Messages of bulk_size bytes and more go to the second listener (".bulk"),
 * so that a large one never holds up small ones.
 */
#ifndef SG_CLIENT_SCANCLIENT_H
#define SG_CLIENT_SCANCLIENT_H

#include "base/options.h"
#include "model/reading.h"

typedef struct SgScanAsk {
	const SgOptions *options;	/* scan.* and milter.max_size	       */
	GBytes		*bytes;		/* or, when NULL,		       */
	int		 fd;		/* a sealed memfd; stays the caller's  */
	SgTextsWanted	 texts;
	const char	*facts;		/* "from=pupil to=outside route=out"   */
	/* called about every five seconds while waiting; FALSE gives up; may be NULL */
	gboolean       (*progress)(gpointer data);
	gpointer	 data;
} SgScanAsk;

/*
 * NULL on failure: SG_ERR_LATER no scanner, too busy, or out of time;
 * SG_ERR_PEER it died or broke the contract.  A message whose scan died is
 * asked once more here (the scanner then leaves out the extractor that
 * failed) before the error is returned.
 */
SgReading *sg_scan(const SgScanAsk *ask, GError **error);

/* The same message with the named parts ("2,3.1") replaced by a line of text.
 * SG_ERR_INPUT: it cannot be done safely (signed, root part, malformed). */
GBytes	  *sg_scan_detach(const SgScanAsk *ask, const char *parts, const char *note, GError **error);

#define SG_SCAN_PICTURE (20u << 20)	/* bytes of a picture that is shown */
/* One still picture of the message, the part of this id ("2.1"), as it was sent; *type is
 * "image/png", "image/jpeg" or "image/webp" (static).  SG_ERR_INPUT: there is no such part,
 * or it is not one that can be shown: the message says why. */
GBytes	  *sg_scan_picture(const SgScanAsk *ask, const char *part, const char **type, GError **error);

/* What became of the school's texts. */
typedef struct SgScanDisclaimed {
	GBytes *bytes;		/* the new message; NULL: it stays as it is */
	char   *added;		/* ids, blank-separated */
	char   *skipped;	/* "id=reason", blank-separated */
} SgScanDisclaimed;

/* Adds texts (SgWireDISCLAIM, in order) to what the sender wrote; most: bytes the new
 * message may have.  TRUE also when none could be added: out says why. */
gboolean   sg_scan_disclaim(const SgScanAsk *ask, const GPtrArray *texts, guint64 most,
		SgScanDisclaimed *out, GError **error);
void	   sg_scan_disclaimed_clear(SgScanDisclaimed *d);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgScanDisclaimed, sg_scan_disclaimed_clear)

#endif
