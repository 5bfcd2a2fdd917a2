/*
 * signatures - a directory of virus signatures, seen from outside: is it there,
 * has it changed, how old is what is in it?
 *
 * Nothing is loaded here: the scanner's engine does that (scan/virus.h).  The keeper
 * looks whether it changed, doctor and the console how old it is.
 *
 * scan.signatures is "auto" (SG_SIGNATURES_USUAL, where freshclam puts them, when
 * there are any), "off", or a directory, which then must hold some.
 */
#ifndef SG_BASE_SIGNATURES_H
#define SG_BASE_SIGNATURES_H

#include <glib.h>

#define SG_SIGNATURES_USUAL "/var/lib/clamav"

typedef struct SgSignatures {
	guint	files;	/* 0: none, or no such directory                           */
	/* When the newest was made, in seconds: of the set called "daily" when there is
	 * one, since a list of one's own that was touched today makes that no younger;
	 * as its header says, for loose files when they were written. */
	gint64	made;
	guint64	stamp;	/* other files, sizes or times: another stamp; 0 = no files */
} SgSignatures;

/* The directory that is meant, or NULL: off, or "auto" and there is nothing.  Caller frees. */
char	*sg_signatures_dir(const char *setting);
/* Never fails: what cannot be looked at is not there. */
void	 sg_signatures_look(const char *dir, SgSignatures *out);

#endif
