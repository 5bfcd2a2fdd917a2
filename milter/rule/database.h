/*
 * database - the Hyperscan database of a set of patterns, kept between starts.
 *
 * Flag-less byte patterns, block mode.  A file in cache_dir is named after a
 * hash of the expressions, the library's version and the processor's features,
 * and written whole or not at all; one that is missing, damaged or of other
 * origin is made anew.  The few newest files are kept, older ones removed.
 */
#ifndef SG_RULE_DATABASE_H
#define SG_RULE_DATABASE_H

#include <hs.h>

#include "rule/patterns.h"

typedef struct SgDatabase {
	hs_database_t *words;	/* for canonical text; ids are patterns; may be NULL */
	gboolean       cached;	/* came from the cache */
	char	      *path;	/* there; or NULL */
	char	       passed[65];	/* the examples that it passed, when it was noted there; or "" */
} SgDatabase;

/* NULL with what is wrong appended to problems.  cache_dir may be NULL; a cache
 * that cannot be written is no problem. */
SgDatabase *sg_database_new(const GPtrArray *rules, const SgPatterns *patterns,
	const char *cache_dir, GPtrArray *problems);
/* Notes beside it which examples (a hash) rules with this database have passed. */
void	    sg_database_note_passed(const SgDatabase *d, const char *examples);
void	    sg_database_free(SgDatabase *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgDatabase, sg_database_free)

#endif
