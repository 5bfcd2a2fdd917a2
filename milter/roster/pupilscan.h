/*
 * pupilscan - one stretch of text, word by word; private to the finding of pupils.
 *
 * Words go into the run, dates and postcodes are put down for later, what names a pupil
 * by itself (a UPN, an address) is found at once.
 */
#ifndef SG_ROSTER_PUPILSCAN_H
#define SG_ROSTER_PUPILSCAN_H

#include "roster/pupilrun.h"
#include "roster/pupils.h"
#include "roster/value.h"

typedef struct SgPupilValue {	/* means something only beside a name */
	guint32	     at, from;	/* from: of its row */
	SgRosterKind kind;
	char	     text[SG_VALUE_MOST + 1];
} SgPupilValue;

typedef struct SgPupilScan {
	SgRoster *roster;
	guint	  kinds;	/* that the roster has */
	SgRun	  run;
	GArray	 *found;	/* SgPupilAt	  */
	GArray	 *values;	/* SgPupilValue	  */
	GArray	 *others;	/* guint32: pupils of the same name */
	const char *text;
	gsize	  len;
	guint32	  row, row_end;	/* 0, 0: running text */
	gboolean  over;
} SgPupilScan;

typedef enum {
	SG_SCAN_SMALL = 1 << 0,		/* words in small letters count	  */
	SG_SCAN_CELL = 1 << 1,		/* any order of the words	  */
	SG_SCAN_PEOPLE = 1 << 2,	/* names of ordinary words count  */
	SG_SCAN_FILE = 1 << 3,		/* a file's name: words may be joined by a change of case */
} SgScanHow;

/* Bytes [at, to) of the text; returns how many names there were. */
guint	 sg_pupil_scan(SgPupilScan *s, gsize at, gsize to, guint how);
/* One pupil more, by this. */
void	 sg_pupil_add(SgPupilScan *s, const SgRosterHit *who, guint n, gsize at, gsize end, guint by);
/* The rows of a table. */
void	 sg_pupil_rows(SgPupilScan *s);
/* A value at byte at, the first of a word: bytes it takes, or 0. */
gsize	 sg_pupil_value(SgPupilScan *s, gsize at);
/* The address whose @ stands there. */
void	 sg_pupil_email(SgPupilScan *s, gsize at);

#endif
