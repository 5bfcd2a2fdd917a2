/*
 * rostercsv - a list of pupils as the school's information system exports it.
 *
 * The words in its first line decide what a column is, whatever their order and number;
 * others are not used.  Comma, semicolon, tab or bar; quotes; any line ends; UTF-8 with or
 * without a mark, UTF-16, or the Windows code page.  Limits: 64 MiB, 256 columns, 200,000
 * lines, 2,000 bytes a field.
 *
 * Problems are "file:line: what; remedy", warnings "file:line: warning: ...": they name
 * lines and columns, never what stands there.
 */
#ifndef SG_CTL_ROSTERCSV_H
#define SG_CTL_ROSTERCSV_H

#include "roster/rostermake.h"

#define SG_ROSTER_EXPORT (64u << 20)

typedef struct SgRosterCount {
	guint	 pupils, skipped;	/* lines with and without a name	  */
	guint	 fields;		/* SgRosterKind bits of the columns used */
	guint	 unread;		/* fields that are not what their column says */
	GString *used, *unused;		/* names of columns */
} SgRosterCount;

void	 sg_roster_count_clear(SgRosterCount *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgRosterCount, sg_roster_count_clear)

/* Everybody of it into m.  FALSE when there is a problem that is no warning. */
gboolean sg_roster_csv(const char *file, const char *data, gsize len, SgRosterMaker *m, GPtrArray *problems,
		SgRosterCount *out);

#endif
