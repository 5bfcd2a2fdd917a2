/*
 * column - what the header of a table's column says its cells are.
 */
#ifndef SG_VALUE_COLUMN_H
#define SG_VALUE_COLUMN_H

#include <glib.h>

enum {	/* bits: what a table tells of each of its people */
	SG_COLUMN_SURNAME = 1 << 0, SG_COLUMN_FORENAME = 1 << 1, SG_COLUMN_NAME = 1 << 2,
	SG_COLUMN_IDENTITY = 1 << 3,	/* UPN, candidate number, NHS number */
	SG_COLUMN_BIRTH = 1 << 4,
	SG_COLUMN_STATUS = 1 << 5,	/* SEN, free meals, looked after, ethnicity */
	SG_COLUMN_CONTACT = 1 << 6,
	SG_COLUMN_HEALTH = 1 << 7,
	SG_COLUMN_RESULTS = 1 << 8,
	SG_COLUMN_BEHAVIOUR = 1 << 9,
	SG_COLUMN_PAY = 1 << 10,	/* salary, bank, NI number, references of staff */
	SG_COLUMN_SUBJECT = 1 << 12,	/* Maths, French; several in a table are results */
	SG_COLUMN_OTHER = 1 << 11,	/* a known header that tells nothing: class, house, seat */
};
#define SG_COLUMN_PERSON (SG_COLUMN_SURNAME | SG_COLUMN_FORENAME | SG_COLUMN_NAME)

/* The bits of a header cell; 0 when it is none we know.  Case, blanks, dots and lines
 * under it do not matter. */
guint sg_column_of(const char *header, gsize len);
/* The bit rules call "birth", "health" ...; 0 when unknown. */
guint sg_column_named(const char *name);

#endif
