/*
 * seen - parts that were looked at for malware and found clean, so that the same
 * newsletter to two hundred people is looked at twice and not two hundred times.
 *
 * The zygote makes it together with the engine: it knows one set of signatures and
 * goes with it.  A part is known by a keyed hash (BLAKE2b, 32 bytes, of all of it):
 * nothing tells what it was, and not even who has the key can make two that collide.
 *
 * Whom to believe.  Workers read hostile bytes, and one may be captured.  It can then
 * lie about the message it has in hand; it must not be able to speak for others.
 * So each worker writes a table of its own and can only read those of the others
 * (the kernel sees to that), and a part counts as clean when
 *   the worker itself has looked at it, or
 *   the tables of two other workers, which are two other processes, both say so.
 * One captured worker therefore decides nothing for the others.  Whoever captures
 * two, with two messages, could have sent the harmful file along with the first.
 * The zygote hands out tables and empties them: a new worker never inherits what
 * the one before it wrote as its own, and who crashes, is killed or leaves because
 * of something unusual loses its say.
 *
 * Only "clean, all of it, within every limit" is written down; findings never are.
 */
#ifndef SG_SCAN_SEEN_H
#define SG_SCAN_SEEN_H

#include <glib.h>

#define SG_SEEN_HASH 32u
#define SG_SEEN_ROWS 2048u	/* parts that one table holds: 64 KiB; more push old ones out */

typedef struct SgSeen SgSeen;

/* Tables for so many workers, and as many for those that have left in good order. */
SgSeen	*sg_seen_new(guint workers, GError **error);
void	 sg_seen_free(SgSeen *s);

/* In the zygote, before a worker is forked: the table that is its own now, empty. */
guint	 sg_seen_hand_out(SgSeen *s);
/* In the zygote, when it has gone: with or without its say. */
void	 sg_seen_take_back(SgSeen *s, guint table, gboolean believed);
/* In the worker: from here on only this table can be written. */
void	 sg_seen_keep_only(SgSeen *s, guint table);

void	 sg_seen_hash(const SgSeen *s, const void *bytes, gsize n, guint8 out[SG_SEEN_HASH]);
gboolean sg_seen_is_clean(const SgSeen *s, const guint8 hash[SG_SEEN_HASH]);
void	 sg_seen_add(SgSeen *s, const guint8 hash[SG_SEEN_HASH]);

#endif
