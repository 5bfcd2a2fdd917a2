/*
 * extractor - one document type: turns the bytes of a part into text.
 *
 * An extractor never calls another extractor and never recurses.  What it
 * finds inside (a zip member, a part of a mail) it gives back as a new part;
 * the walk queues it, counts it and applies every limit in one place.
 *
 * To add a type: write x_<name>.c with one SgExtractor in the room of its kind, add it
 * to the list in scan/extractors.c, put samples in t/data/x_<name>/, run "make check".
 *
 * What no extractor reads is not an error and not silence: the part keeps the
 * note "unread:<type>", an empty state (nobody looked whether it is protected),
 * and for documents and archives the kind "unread", so that a policy row can
 * hold them.  The flag "not-fully-scanned" stays for what could not be read
 * although it should have been: limits, failures, an extractor that is off.
 * Pictures, sound and films are expected to hold no text and get only the note.
 */
#ifndef SG_PART_EXTRACTOR_H
#define SG_PART_EXTRACTOR_H

#include "base/options.h"
#include "model/reading.h"
#include "part/part.h"

/* Implemented by walk.c and by the tests.  A FALSE from text, table, spend or part
 * means stop reading this part and return FALSE with the same error. */
typedef struct SgSink SgSink;
struct SgSink {
	const SgOptions *options;
	/* UTF-8 or nearly (the sink repairs it).  where NULL: the words of the part
	 * itself; the sink decides between body, quoted, attachment and so on.  What is
	 * not the author's mail (a document, a file) says "attachment". */
	gboolean (*text)(SgSink *self, const char *where, const char *utf8, gsize len,
	    GError **error);
	/* A table, as model/reading.h has it; through part/table.h. */
	gboolean (*table)(SgSink *self, const char *where, guint columns, const char *utf8,
	    gsize len, GError **error);
	/* Before bytes more (at most a MiB at a time) are unpacked or decoded: FALSE when
	 * the message has had its share of bytes or of processor time.  0 asks for time only. */
	gboolean (*spend)(SgSink *self, guint64 bytes, GError **error);
	/* takes the part, also when it fails */
	gboolean (*part)(SgSink *self, SgPart *part, GError **error);
	/* a limit was reached ("depth", see scan/remarks.h): a finding and the flag,
	 * once a message */
	void	 (*limit)(SgSink *self, const char *name);
	/* this message is malformed or ambiguous: a finding and the flag, once */
	void	 (*flag)(SgSink *self, SgFlag flag);
};

typedef struct SgExtractor {
	const char *name;
	/* 0 = not mine; the highest bid wins; must not allocate, decode or fail */
	guint	 (*bid)(const SgPart *part);
	/* SG_ERR_INPUT: broken, what was given so far counts; SG_ERR_LIMIT.  Who has
	 * much to give may set part->more and return TRUE in between: it is called again
	 * when what it gave has been read, until part->more is NULL. */
	gboolean (*run)(SgPart *part, SgSink *sink, GError **error);
	/* May be NULL.  Opens and fills, before the lock-down, what its libraries would
	 * open or fill later; a worker can open no file. */
	gboolean (*warm)(GError **error);
	gboolean protected_too;	/* also reads protected files: an archive's names */
} SgExtractor;

gboolean sg_extractors_warm_up(GError **error);

/* skip is the name of an extractor that is off, or NULL; *skipped (may be NULL)
 * tells that it would have been chosen.  NULL when nobody reads the type. */
const SgExtractor *sg_extractor_for(const SgPart *part, const char *skip, gboolean *skipped);

#endif
