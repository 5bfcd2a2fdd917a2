/*
 * grants - who may see which rung of the reading ladder of which message, for how long.
 *
 * A grant begins with a reveal that the audit has, and ends after ten idle
 * minutes, with "hide", or with the program: nothing of it is stored.  Safe
 * for several threads.
 */
#ifndef SG_CONSOLE_GRANTS_H
#define SG_CONSOLE_GRANTS_H

#include <glib.h>

typedef enum {
	SG_RUNG_FACTS,	/* category, people, times	 */
	SG_RUNG_MASKED,	/* excerpts, matched words masked */
	SG_RUNG_WORDS,	/* matched words		 */
	SG_RUNG_TEXT,	/* plain text			 */
	SG_RUNG_PICTURES,	/* still pictures, grey and blurred */
	SG_RUNG_PICTURE,	/* one of them clearly: of a part, not of the page */
} SgRung;

#define SG_GRANT_IDLE 600	/* seconds */

typedef struct SgGrants SgGrants;

SgGrants *sg_grants_new(void);
void	  sg_grants_free(SgGrants *g);
void sg_grants_give(SgGrants *g, const char *account, const char *ref, SgRung rung, gint64 now);
/* The highest live rung, SG_RUNG_MASKED when there is none; a live one lasts ten minutes more. */
SgRung	  sg_grants_rung(SgGrants *g, const char *account, const char *ref, gint64 now);
/* One picture more (its part) is seen clearly; does nothing without a live grant. */
void	  sg_grants_clear_picture(SgGrants *g, const char *account, const char *ref, const char *part, gint64 now);
gboolean  sg_grants_is_clear(SgGrants *g, const char *account, const char *ref, const char *part, gint64 now);
/* ref NULL: all of this account. */
void	  sg_grants_end(SgGrants *g, const char *account, const char *ref);
/* Everybody's, of one message: it was sealed. */
void	  sg_grants_close(SgGrants *g, const char *ref);

#endif
