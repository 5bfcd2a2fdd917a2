/*
 * roster - the school's pupils as keyed hashes: for "is this one of ours?", nothing else.
 *
 * One directory ("roster" in schoolgate.conf) holds two files:
 *
 *   roster.key      32 random bytes in hexadecimal, made by the first import
 *   pupils.roster   a header, an open-addressed table of 64-bit SipHash-2-4 values under a
 *                   key derived from roster.key, and a keyed BLAKE2b-256 over all of it
 *
 * What is in the table: full names in both orders, date of birth and postcode each under the
 * pupil's number, UPN, house number with postcode, mail address, telephone.  No clear text.
 *
 * Why the scanner, which holds no key of the vault, may hold this one: it opens nothing that
 * is held and signs nothing; without it the table says nothing, not even to a list of all
 * names of the country.  Who has both can only ask "is this one on it?".  So the key is one
 * of its own, readable by whoever imports and by the group of the scanner alone, never by
 * the console; a backup without roster.key gives nobody a name.  A captured worker learns
 * no name either that was not in the message before it.
 *
 * The file is read whole into memory before the doors are locked and never mapped: what is
 * done to it later cannot reach a worker.  It is accepted only with its code under our key.
 */
#ifndef SG_ROSTER_ROSTER_H
#define SG_ROSTER_ROSTER_H

#include <glib.h>

#define SG_ROSTER_KEY	 32
#define SG_ROSTER_SAME	 8u		/* pupils of one name that are told apart */
#define SG_ROSTER_TEXT	 128u		/* bytes of a value that count */
#define SG_ROSTER_PUPILS 1000000u
#define SG_ROSTER_BYTES	 (1u << 30)

typedef enum {		/* what a value is; also the bits of a header */
	SG_ROSTER_NAME = 1 << 0,	/* folded words of a full name, joined		*/
	SG_ROSTER_DOB = 1 << 1,		/* "20120304", under the pupil's number	*/
	SG_ROSTER_UPN = 1 << 2,		/* "H801200001001"			*/
	SG_ROSTER_POSTCODE = 1 << 3,	/* "HV12AB", under the pupil's number	*/
	SG_ROSTER_ADDRESS = 1 << 4,	/* "14|HV12AB"				*/
	SG_ROSTER_EMAIL = 1 << 5,	/* in small letters			*/
	SG_ROSTER_PHONE = 1 << 6,	/* "07700900123"			*/
} SgRosterKind;

typedef enum {
	SG_ROSTER_SWAPPED = 1 << 0,	/* a name with the surname first */
	SG_ROSTER_WORDS = 1 << 1,	/* a name of ordinary words: Will Young, Summer Day */
} SgRosterFlag;

typedef struct SgRosterHit {
	guint32 pupil, flags;
} SgRosterHit;

typedef struct SgRoster SgRoster;

/* *out is NULL when dir has no pupils.roster (that is no error).  FALSE with SG_ERR_SETUP
 * when it has one that cannot be used. */
gboolean    sg_roster_load(const char *dir, SgRoster **out, GError **error);
/* The same from bytes, under this key. */
SgRoster   *sg_roster_parse(GBytes *bytes, const guint8 key[SG_ROSTER_KEY], GError **error);
SgRoster   *sg_roster_ref(SgRoster *r);
void	    sg_roster_unref(SgRoster *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgRoster, sg_roster_unref)

guint	    sg_roster_kinds(const SgRoster *r);		/* SgRosterKind bits */
guint	    sg_roster_pupils(const SgRoster *r);
gint64	    sg_roster_made(const SgRoster *r);		/* seconds */
/* Which pupils have this value; pupil 0 for what is not under a pupil's number.  How many. */
guint	    sg_roster_look(const SgRoster *r, SgRosterKind kind, guint32 pupil, const char *text,
		gsize len, SgRosterHit out[SG_ROSTER_SAME]);

/* What stat() says of the file, as one number: another file, another number; 0: none. */
guint64	    sg_roster_stamp(const char *dir);

#endif
