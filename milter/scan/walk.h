/*
 * walk - reads one message: the queue of parts, and all limits.
 *
 * The walk parses the structure, finds each part's type, lets one extractor
 * turn it into texts and further parts, and gives texts and part facts to the
 * matcher.  It holds every limit of the configuration (depth, parts, headers,
 * text, unpacked); reaching one is a finding ("limit.depth") and a flag, never
 * silence.  It is called in a locked-down worker: no file may be opened here.
 */
#ifndef SG_SCAN_WALK_H
#define SG_SCAN_WALK_H

#include "base/options.h"
#include "model/reading.h"
#include "rule/ruleset.h"

typedef struct SgWalkJob {
	const SgOptions *options;	/* scan.* limits                           */
	SgMatch		*match;
	GBytes		*raw;		/* the message                             */
	const char	*facts;		/* for the matcher                         */
	const char	*skip;		/* extractor that is off for this message, or NULL */
	gboolean	 texts;		/* keep texts in the reading               */
	/* told before each part is read, for the watchdog's scoreboard; may be NULL */
	void	       (*stage)(gpointer data, const char *part, const char *extractor);
	gpointer	 data;
} SgWalkJob;

/* Everything that opens files or fills tables lazily (libmagic, GMime's iconv,
 * ICU, libxml2): called once by the zygote before it forks. */
gboolean   sg_walk_warm_up(GError **error);
/* Never fails because of the mail: what cannot be read is findings and flags. */
SgReading *sg_walk(const SgWalkJob *job, GError **error);

#endif
