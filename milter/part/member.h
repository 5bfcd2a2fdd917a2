/*
 * member - one file that comes out of an archive, on its way to being a part.
 *
 * Its bytes are kept in memory up to SG_MEMBER_MOST; more is sink->limit("unpacked"), and
 * of a member that reached a limit only the begin is read.  Archives give their members in small batches (SG_BATCH_*) and
 * go on when those have been read (SgMore in part.h): however many there are, few are in
 * memory at once.
 *
 * A member that asks for a secret becomes a part too, without bytes: its name can be
 * read, and its state says why nothing else can.
 */
#ifndef SG_PART_MEMBER_H
#define SG_PART_MEMBER_H

#include "part/extractor.h"

#define SG_MEMBER_MOST	 (64u << 20)
#define SG_BATCH_BYTES	 (4u << 20)
#define SG_BATCH_PARTS	 32u
#define SG_ARCHIVE_MOST	 20000u	/* entries of one archive, folders too */

/* What is the same for all members of an archive. */
typedef struct SgBatch {
	SgPart	*archive;
	SgSink	*sink;
	guint	 n;		/* parts given, all batches together */
	gsize	 bytes;		/* given in this batch */
	guint	 parts;
	GString *names;		/* of what becomes no part: folders, links; a line each */
	gboolean broken;	/* some member could not be read */
	gboolean spent;		/* a limit of the whole message: no more members */
} SgBatch;

typedef struct SgMember {
	SgBatch *batch;
	const char *name;
	GByteArray *bytes;
	guint64	 size;		/* as claimed: a hint */
	const char *state, *strength, *method;	/* NULL, or of a protected one */
	const char *note;	/* or NULL */
	gboolean hidden;	/* its name hides what it is */
} SgMember;

void	 sg_batch_clear(SgBatch *b);
gboolean sg_batch_is_full(const SgBatch *b);
/* A name that becomes no part is text all the same. */
void	 sg_batch_name(SgBatch *b, const char *name);
/* The names so far; at the end of the archive. */
gboolean sg_batch_names(SgBatch *b, GError **error);

/* An SgUnpackOut; data is the SgMember. */
gboolean sg_member_take(gpointer data, const char *piece, gsize n, GError **error);
/* The part, and the end of m.  error is what reading it ended with, or NULL: it is freed;
 * what it says goes to the part and into the batch.  FALSE: stop with that error. */
gboolean sg_member_give(SgMember *m, GError *why, GError **error);

#endif
