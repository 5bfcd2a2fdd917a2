/*
 * blame - what a message did to the worker that read it, for the next worker
 * that gets the same bytes.
 *
 * Content is known by a keyed hash (SipHash-128 with a key made at start):
 * nothing here tells what a message was, and nobody outside can make two that
 * collide.  The table is written by zygotes only; workers have a view that
 * they cannot make writable.  It outlives a reload.
 *
 * A crash or a time-out counts 2, a death that came from outside (somebody's
 * kill -9, a machine short of memory) 1.  Below SG_BLAME_POISON the content is
 * read again, without the extractor that was at work; from there on it is not
 * read at all but answered as unscannable, so that no mail comes back for ever.
 */
#ifndef SG_POOL_BLAME_H
#define SG_POOL_BLAME_H

#include <glib.h>

#define SG_BLAME_HASH	16
#define SG_BLAME_NAME	64	/* part id, extractor; cut */
#define SG_BLAME_POISON 4
#define SG_BLAME_AGE	(24 * 60 * 60)	/* seconds after which one is forgotten */

typedef struct SgBlame {
	guint  points;
	char   extractor[SG_BLAME_NAME];	/* "" when none was at work */
	char   part[SG_BLAME_NAME];
} SgBlame;

typedef struct SgBlames SgBlames;

SgBlames *sg_blames_new(GError **error);
void	  sg_blames_free(SgBlames *b);
/* In a worker: gives up the writable view for good. */
void	  sg_blames_read_only(SgBlames *b);

void	  sg_blames_hash(const SgBlames *b, GBytes *content, guint8 out[SG_BLAME_HASH]);
gboolean  sg_blames_find(const SgBlames *b, const guint8 hash[SG_BLAME_HASH], gint64 now, SgBlame *out);
/* Adds to what is known of this content; names are cut and need not be text. */
void	  sg_blames_add(SgBlames *b, const guint8 hash[SG_BLAME_HASH], gint64 now, const SgBlame *what);

#endif
