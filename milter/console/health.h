/*
 * health - is everything working?  For the page, the command line and the metrics.
 *
 * The console looks from outside: do the sockets of milter and scanner take a
 * connection, does the outbox move, does the store answer, is there room on
 * its disk.  Counts of held mail leave out what the asking account may not
 * know of.
 */
#ifndef SG_CONSOLE_HEALTH_H
#define SG_CONSOLE_HEALTH_H

#include "console/page.h"

typedef struct SgHealth {
	SgStoreStatus status;
	gboolean      store, scan, milter, courier, disk;	/* working? */
	gboolean      contacts;	/* enough have confirmed that mail reaches them */
	gint64	      rules_changed;	/* newest rule pack, 0 = none */
	gint64	      signatures_made;	/* virus signatures on disk, 0 = none are used */
	guint64	      disk_free;
	gint64	      oldest;	/* since when mail waits to go out, due or put off; 0 = none */
} SgHealth;

void sg_health_look(SgConsole *console, const SgSetup *setup, gint64 now, SgHealth *h);

#endif
