/*
 * catch - a sink for tests of one extractor: keeps what it was given.
 *
 *   Catch c = catch_new("text = 65536L;");      // scan settings
 *   catch_run(&c, "pdf", "application/pdf", bytes)
 *   c.text  "[attachment] words\n[attachment|3] a\tb\tc\n..."; tables with their columns
 *   c.parts "1.1 name bytes\n"; c.limits "pages rows"; the parts themselves in c.inside
 */
#ifndef SG_T_CATCH_H
#define SG_T_CATCH_H

#include "part/extractor.h"

typedef struct Catch {
	SgSink	   sink;
	SgOptions *options;
	GString	  *text, *parts, *limits;
	GPtrArray *inside;	/* SgPart */
	SgPart	  *part;	/* the one that was read, with its facts */
	guint64	   spent;
	guint	   flags;
} Catch;

Catch *catch_new(const char *settings);
void   catch_free(Catch *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catch, catch_free)

/* Reads bytes as a part "1" of that detected type with the extractor that bids highest,
 * which must be the one called name.  What run() said; *error may be NULL. */
gboolean catch_run(Catch *c, const char *name, const char *mime, GBytes *bytes, GError **error);

#endif
