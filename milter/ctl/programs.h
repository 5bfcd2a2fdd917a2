/*
 * programs - the running programs of this installation, as /proc shows them.
 *
 * A program counts when its name is right, it reads the same configuration,
 * and its parent is not the same program (workers of the scanner are not told).
 */
#ifndef SG_CTL_PROGRAMS_H
#define SG_CTL_PROGRAMS_H

#include <glib.h>

typedef struct SgProgramRow {
	const char *name;
	int	    reload;	/* the signal it reloads on */
} SgProgramRow;

extern const SgProgramRow sg_program_rows[4];

/* Process ids (guint, GArray) of one program that reads this configuration file. */
GArray *sg_programs_find(const char *name, const char *config);

#endif
