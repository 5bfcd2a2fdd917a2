/*
 * pupils - whom of the roster a text speaks of, and by what.
 *
 * A name counts where its words stand side by side and begin with a capital letter (in a
 * file's name, and in a table's cell with nothing else in it, small letters do too), or
 * where they fill two cells of one row.  The surname may come first when a comma, a
 * cell or capitals say so.  A name of ordinary words (Will Young, Summer Day) counts in a
 * column for names, or with a second field beside it: otherwise it is prose.
 *
 * "Beside" is the same row of a table, or SG_PUPILS_NEAR bytes of running text.
 * Time is linear in the text; at most SG_PUPILS_MOST are found in one.
 */
#ifndef SG_ROSTER_PUPILS_H
#define SG_ROSTER_PUPILS_H

#include "roster/roster.h"

#define SG_PUPILS_NEAR 160u
#define SG_PUPILS_MOST 100000u

typedef enum {
	SG_PUPIL_NAME = 1 << 0,
	SG_PUPIL_DOB = 1 << 1,		/* the name, and this pupil's date of birth beside it */
	SG_PUPIL_UPN = 1 << 2,
	SG_PUPIL_ADDRESS = 1 << 3,	/* house number and postcode, or the name with its postcode */
	SG_PUPIL_EMAIL = 1 << 4,
	SG_PUPIL_PHONE = 1 << 5,
} SgPupilBy;

typedef struct SgPupilAt {
	guint32 pupil, by;	/* SgPupilBy bits; 0: an ordinary pair of words after all */
	guint32 at, len;
	guint32 from, to;	/* the row it stands in; 0, 0: running text	 */
	guint32 others, n_others;	/* of the same name; in an array of ours */
} SgPupilAt;

typedef enum { SG_TEXT_PROSE, SG_TEXT_TABLE, SG_TEXT_NAME } SgTextForm;

typedef struct SgPupils SgPupils;

/* One a thread, reused for every text; keeps a reference. */
SgPupils *sg_pupils_new(SgRoster *r);
void	  sg_pupils_free(SgPupils *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPupils, sg_pupils_free)

/* SgPupilAt in order of place; belongs to p, until the next call.  *over: there were more. */
const GArray *sg_pupils_find(SgPupils *p, const char *text, gsize len, SgTextForm form, gboolean *over);

#endif
