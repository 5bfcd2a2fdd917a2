/*
 * virus - is a part a file that is known to be harmful?  By libclamav.
 *
 * The zygote loads the signatures once; its workers share the engine's memory.  Each
 * part is looked at, decoded, when the walk comes to it: what is said of it can then
 * be said of that part, and encodings that libclamav cannot see through are gone.
 * libclamav unpacks for itself as well (archives, documents, programs): it is a second
 * reading beside that of the extractors, in memory (scan/tempfiles.h).
 *
 *   malware.signature  severity 5: known; the excerpt is the signature's name
 *   malware.heuristic  severity 4: built like something harmful ("Heuristics....")
 *   limit.malware      not all of it was looked at: a limit of size, depth, number or
 *                      time was reached, or the engine failed; the flag not-fully-scanned
 *
 * Not looked for: unwanted but harmless programs (PUA), encryption and macros, which
 * are facts of the part already, and phishing by the look of links.
 *
 * For one thread.  A part found clean is not looked at again (scan/seen.h), nor is what
 * lies inside one: the picture in each letter of the school, and what libclamav comes to
 * on two ways, as it does with every member of a zip.
 */
#ifndef SG_SCAN_VIRUS_H
#define SG_SCAN_VIRUS_H

#include "base/options.h"
#include "base/signatures.h"
#include "part/extractor.h"

#define SG_VIRUS_NAME "virus"	/* of this reader, for the scoreboard and for SgWalkJob.skip */

typedef struct SgVirus SgVirus;

/* Loads what is in dir.  FALSE with SG_ERR_SETUP when it is missing, empty, broken or
 * half there; the message has no text of it.  workers: how many will share it. */
SgVirus	*sg_virus_load(const SgOptions *o, const char *dir, guint workers, GError **error);
void	 sg_virus_free(SgVirus *v);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgVirus, sg_virus_free)
const SgSignatures *sg_virus_signatures(const SgVirus *v);	/* as they were when loaded */
guint	 sg_virus_count(const SgVirus *v);

/* Around a worker's life; see scan/seen.h.  The second is called in the worker. */
guint	 sg_virus_hand_out(SgVirus *v);
void	 sg_virus_begin(SgVirus *v, guint table);
void	 sg_virus_take_back(SgVirus *v, guint table, gboolean believed);

/* What is known of the part, or NULL; limits go to the sink.  Caller frees.
 * ms: how long it may take, more than 0. */
SgFinding *sg_virus_look(SgVirus *v, SgPart *p, gint64 ms, SgSink *sink);

#endif
