/*
 * scanner - a scanner for one command: the one that runs, or a private one.
 *
 * When nothing answers on scan.listen, schoolgate-scan is started with a
 * configuration of its own in a new directory under $TMPDIR, and ends with
 * this command.  SCHOOLGATE_SCAN names another program; else it is looked for
 * beside this one and in the place where it is installed.
 */
#ifndef SG_CTL_SCANNER_H
#define SG_CTL_SCANNER_H

#include "ctl/ctl.h"

typedef struct SgScanner {
	SgOptions *options;	/* ask with these */
	GPid	   child;	/* 0: it was there already */
	char	  *dir;
} SgScanner;

typedef struct SgScannerAsk {
	SgOptions  *base;	/* schoolgate.conf, or NULL: then all of these count */
	const char *const *rules;	/* directories; NULL: those of base */
	const char *policy;	/* NULL: that of base */
	const char *domain;
	gboolean    own;	/* never use the one that runs */
	guint	    workers;	/* of a private one; 0: one */
} SgScannerAsk;

SgScanner *sg_scanner_open(const SgCtl *c, const SgScannerAsk *ask, GError **error);
void	   sg_scanner_close(SgScanner *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgScanner, sg_scanner_close)

#endif
