/*
 * rosterfile - how pupils.roster is laid out; private to its reader and its maker.
 *
 * Numbers are little-endian.  Header, slots, code: nothing else, not one byte more.  A slot
 * whose hash is 0 is empty; at most half of them are taken, so that a look-up ends soon.
 */
#ifndef SG_ROSTER_ROSTERFILE_H
#define SG_ROSTER_ROSTERFILE_H

#include "roster/roster.h"

#define SG_ROSTER_FILE	"pupils.roster"
#define SG_ROSTER_KEYS	"roster.key"
#define SG_ROSTER_MAGIC "SGROST1\n"
#define SG_ROSTER_CODE	32u

typedef struct SgRosterHead {
	char	magic[8];
	guint32 kinds, pupils, entries, log2_slots;
	guint64 made;
} SgRosterHead;

typedef struct SgRosterSlot {
	guint64 hash;
	guint32 pupil, flags;
} SgRosterSlot;

/* The hash of a value; never 0. */
guint64	 sg_roster_hash(const guint8 sip[16], SgRosterKind kind, guint32 pupil, const char *text, gsize len);
/* From roster.key: the key of the hashes. */
void	 sg_roster_sip(const guint8 key[SG_ROSTER_KEY], guint8 sip[16]);
/* The code that ends the file, over the n bytes before it. */
void	 sg_roster_code(const guint8 key[SG_ROSTER_KEY], const guint8 *p, gsize n, guint8 out[SG_ROSTER_CODE]);
/* roster.key of dir.  make: there is none yet, make one. */
gboolean sg_roster_read_key(const char *dir, gboolean make, guint8 key[SG_ROSTER_KEY], GError **error);

#endif
