/*
 * worst - a text through a model: its segments, and the worst of them.
 *
 * A segment is up to SG_LINEAR_SEGMENT tokens; one is judged where a sentence ends, where
 * the text ends, and every few tokens.  Segments that overlap and are bad enough are one
 * hit, the worst of them, at its strongest words.  One a worker; memory does not grow.
 *
 *   sg_worst_start(s, least);
 *   for every chunk of the text:
 *           sg_worst_piece(s, &piece, found, data);
 */
#ifndef SG_WEIGH_WORST_H
#define SG_WEIGH_WORST_H

#include "weigh/linear.h"
#include "word/canon.h"

typedef struct SgWorst SgWorst;

typedef struct SgWorstHit {
	guint	head;
	float	margin;
	gboolean alone;		/* it hangs on one word */
	gsize	at, end;	/* in the text as sent: the strongest words */
	guint64 from, to;	/* the same in characters of canonical text */
	guint64 words;		/* a hash of the segment's tokens */
	guint64 note;		/* the piece's: what its place() has seen around the words */
} SgWorstHit;

typedef void (*SgWorstFound)(const SgWorstHit *hit, gpointer data);

/* What is read next: a chunk of canonical text, or text restored from it. */
typedef struct SgWorstPiece SgWorstPiece;
struct SgWorstPiece {
	const char *text;
	gsize	    len, hi;	/* tokens that end above hi wait for the next piece */
	gsize	    dropped;	/* bytes of the piece before that are gone from the front */
	gboolean    last;
	/* Sets at, end, from, to and note for bytes [from, to); FALSE when they are to be no hit. */
	gboolean  (*place)(const SgWorstPiece *p, gsize from, gsize to, SgWorstHit *hit);
	SgCanon	   *canon;
	gconstpointer data;	/* of place */
};

SgWorst *sg_worst_new(SgLinear *model);
void	    sg_worst_free(SgWorst *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgWorst, sg_worst_free)

/*
 * A new text.  least: by head, the margin from which a segment is a hit; alone: bits by head
 * (1u << head) for which one word may be enough, if it is strong.  For others three words must speak for it, and
 * words beside each other must say more than each alone.  For all of them: letters in a row, of
 * words that say nothing as a whole, are no evidence, nor is the same word again and again.
 */
void	    sg_worst_start(SgWorst *s, const float *least, guint alone);
void	    sg_worst_piece(SgWorst *s, const SgWorstPiece *p, SgWorstFound found, gpointer data);
/* The chunk that sg_canon_next() has made, as a piece; and its place(). */
SgWorstPiece sg_worst_canon(SgCanon *c);
gboolean    sg_worst_canon_place(const SgWorstPiece *p, gsize from, gsize to, SgWorstHit *hit);
/* Hits still to come begin here or later, in characters of canonical text. */
guint64	    sg_worst_pending(const SgWorst *s);
/* The highest margin of the text so far. */
float	    sg_worst_most(const SgWorst *s, guint head);

#endif
