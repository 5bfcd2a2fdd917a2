/*
 * store_fixture - a store of its own in a directory of its own, for the tests of the room.
 */
#ifndef T_STORE_FIXTURE_H
#define T_STORE_FIXTURE_H

#include "store/store.h"

#define NOW ((gint64)1772620800)	/* 2026-03-04 10:40 */

typedef struct Place {
	char	  *dir;		/* holds keys/, store/, schoolgate.conf */
	char	  *store;	/* dir/store */
	SgKeys	  *keys;
} Place;

void	   place_make(Place *p);
void	   place_clear(Place *p);	/* removes everything */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)
/* url: NULL for "sqlite:<store>"; extra: more lines for the store section, or NULL */
SgOptions *place_options(const Place *p, const char *url, const char *extra);
SgStore	  *place_open(const Place *p);	/* must succeed */
SgStore	  *place_try(const Place *p, const char *url, const char *extra, GError **error);
/* Every file below the store: does any hold these bytes? */
gboolean   place_holds(const Place *p, const char *marker);
guint	   place_files(const Place *p);	/* regular files below content/ */

/* An incident with these copies waiting ("a@x.example b@x.example"); sender pupil@hillview.example. */
SgIncident *incident_make(const char *ref, const char *dedupe, const char *waiting);
/* A reading whose text, excerpt and file name carry marker. */
SgReading  *reading_make(const char *marker);
/* Files it; must succeed and be new. */
void	    file_one(SgStore *s, const char *ref, const char *waiting);
SgCopyState copy_state(SgStore *s, const char *ref, guint nr);
gboolean    decide_one(SgStore *s, const char *ref, const char *code, GError **error);

#endif
