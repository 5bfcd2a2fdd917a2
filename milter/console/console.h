/*
 * console - what all requests share: the store, the settings in use, the grants.
 *
 * The settings (options, policy, accounts) are one snapshot: a request keeps a
 * reference while it runs, a reload swaps the snapshot whole or not at all.
 * Handlers run in several threads at once; only what says so has a lock.
 */
#ifndef SG_CONSOLE_CONSOLE_H
#define SG_CONSOLE_CONSOLE_H

#include "base/options.h"
#include "console/grants.h"
#include "console/static.h"
#include "console/steps.h"
#include "decide/policy.h"
#include "login/password.h"
#include "model/account.h"
#include "store/store.h"
#include "tpl/tpl.h"

typedef struct SgSetup {
	SgOptions *options;
	SgPolicy  *policy;
	GPtrArray *accounts;	/* SgAccount */
	SgTpl	  *tpl;		/* of the web pages */
	SgAssets  *assets;
	guint	   logo_width;	/* of the school's logo on a page; 0 = there is none */
	SgSteps	  *steps;
} SgSetup;

typedef struct SgCounters SgCounters;	/* p_metrics.c */

typedef struct SgConsole {
	SgStore	   *store;
	SgKeys	   *keys;	/* the store uses them */
	SgGrants   *grants;
	SgHasher   *hasher;	/* of passwords */
	SgCounters *counters;
	GMutex	    lock;	/* of setup */
	SgSetup	   *setup;
	gint64	    started;
} SgConsole;

/* Takes a reference to options.  Opens the store with the vault's secret key. */
SgConsole *sg_console_new(SgOptions *options, GError **error);
void	   sg_console_free(SgConsole *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgConsole, sg_console_free)

/* Everything schoolgate-console reads besides schoolgate.conf, for --check and reload. */
SgSetup	  *sg_setup_load(SgOptions *options, GPtrArray *problems, GError **error);
void	   sg_setup_unref(SgSetup *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSetup, sg_setup_unref)

/* The snapshot in use; give it back with sg_setup_unref(). */
SgSetup	  *sg_console_setup(SgConsole *c);
/* Reads the configuration file again; on failure the old settings stay. */
gboolean   sg_console_reload(SgConsole *c, GError **error);

#endif
