/*
 * rostermake - builds pupils.roster, pupil by pupil, and puts it in place.
 *
 *   m = sg_roster_maker_new(key, words);
 *   for each pupil:
 *       number = sg_roster_maker_pupil(m);
 *       sg_roster_maker_name(m, number, "Mia Grace", "Chen-Hall");    once for each name they go by
 *       sg_roster_maker_value(m, number, SG_ROSTER_UPN, "H801200001001"); ...
 *   bytes = sg_roster_maker_bytes(m, now);
 *   sg_roster_put(dir, bytes, &error);
 *
 * Values are brought into the form of roster.h first (sg_roster_plain); what has no such
 * form is refused, so that a wrong column is seen at the import and not by silence later.
 */
#ifndef SG_ROSTER_ROSTERMAKE_H
#define SG_ROSTER_ROSTERMAKE_H

#include "roster/roster.h"

typedef struct SgRosterMaker SgRosterMaker;

/* words: folded words that are names and ordinary words as well (a set), or NULL. */
SgRosterMaker *sg_roster_maker_new(const guint8 key[SG_ROSTER_KEY], GHashTable *words);
void	 sg_roster_maker_free(SgRosterMaker *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgRosterMaker, sg_roster_maker_free)
/* The next one's number; 0 when there are too many. */
guint32	 sg_roster_maker_pupil(SgRosterMaker *m);
/* Every way of writing it: first, all or the first two given names, a double name whole and
 * each of its halves, in both orders.  FALSE when no full name is left once it is folded. */
gboolean sg_roster_maker_name(SgRosterMaker *m, guint32 pupil, const char *given, const char *family);
/* FALSE when text has no such form. */
gboolean sg_roster_maker_value(SgRosterMaker *m, guint32 pupil, SgRosterKind kind, const char *text);
/* House number and postcode out of an address; FALSE when it lacks one of them. */
gboolean sg_roster_maker_address(SgRosterMaker *m, guint32 pupil, const char *address, const char *postcode);
/* The whole file.  made: seconds. */
GBytes	*sg_roster_maker_bytes(SgRosterMaker *m, gint64 made);

/* text in the form of roster.h, or NULL; caller frees.  Dates: day first, or ISO. */
char	*sg_roster_plain(SgRosterKind kind, const char *text);

/* Writes beside it, to the disk, then takes its place: a reader sees the old or the new one,
 * whole.  Group and rights are those of the directory's files (0640). */
gboolean sg_roster_put(const char *dir, GBytes *bytes, GError **error);
/* roster.key of dir, made when it is missing; the directory too. */
gboolean sg_roster_key(const char *dir, guint8 key[SG_ROSTER_KEY], GError **error);
/* Roster and key.  FALSE with error; *was says whether there was one. */
gboolean sg_roster_remove(const char *dir, gboolean *was, GError **error);

#endif
