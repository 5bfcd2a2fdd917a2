/*
 * walk - reads one message: the queue of parts, and all limits.
 *
 * The walk parses the structure, finds each part's type, lets one extractor
 * turn it into texts and further parts, and gives texts and part facts to the
 * matcher.  It holds every limit of the configuration (depth, parts, headers,
 * text, unpacked, malware); reaching one is a finding ("limit.depth") and a flag, never
 * silence.  It is called in a locked-down worker: no file may be opened here.
 *
 * Findings of the matcher come first, then what the walk has to say of the
 * message, each once, in the area "system":
 *   limit.depth .parts .headers .text .unpacked .ratio .entries .memory .seconds and the
 *   others of scan/remarks.h                      and the flag not-fully-scanned
 *                      (also set for the matcher's limit.hits
 *                      and limit.columns)
 *   part.unscannable   a part failed, its extractor is off, or its text is
 *                      elsewhere (message/partial); the same flag
 *   mime.malformed, mime.ambiguous                and the flag of that name
 *
 * What is cut off by depth, parts or headers is still read, as plain text.  A part is
 * read as what it is, and as text too when its label says text: programs go by both.
 * What only another reading of the bytes finds (sweep.h) is part "0.1", "0.2", noted "swept".
 * Parts are numbered as in IMAP; texts of the message itself (subject, header,
 * prologue) have the part "".  The sum (sha256) of a part is only made when texts
 * are wanted always or there is a finding, and then for every part that is an
 * attachment or no text: "file" rules do not see it.  part.state is "" for what
 * nobody opened; extractor.h says how unread parts are marked.
 */
#ifndef SG_SCAN_WALK_H
#define SG_SCAN_WALK_H

#include "base/options.h"
#include "model/reading.h"
#include "rule/ruleset.h"
#include "scan/virus.h"

typedef struct SgWalkJob {
	const SgOptions *options;	/* scan.* limits                           */
	SgMatch		*match;
	GBytes		*raw;		/* the message                             */
	const char	*facts;		/* for the matcher                         */
	const char	*skip;		/* extractor that is off for this message, or NULL */
	SgVirus		*virus;		/* NULL: malware is not looked for         */
	SgTextsWanted	 texts;		/* never: not kept in the reading          */
	/* told before each part is read, for the watchdog's scoreboard; may be NULL */
	void	       (*stage)(gpointer data, const char *part, const char *extractor);
	gpointer	 data;
} SgWalkJob;

/* Everything that opens files or fills tables lazily (libmagic, GMime's iconv,
 * ICU, libxml2): called once by the zygote before it forks. */
gboolean   sg_walk_warm_up(GError **error);
/* Never fails because of the mail: what cannot be read is findings and flags.
 * rules of the reading stays NULL: the caller knows which are in use. */
SgReading *sg_walk(const SgWalkJob *job, GError **error);

#endif
