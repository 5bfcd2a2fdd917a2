/*
 * linear - a model read from its file: a weight for every feature, for several heads at once.
 *
 * A head is one question ("hate", "threat"); its margin for a segment of n tokens is
 * bias of n + scale * sum of weights / sqrt(n), its value 0 to 1 the margin's logistic.
 * The weights of all heads of a feature stand side by side behind the check of the feature's
 * id, so that one look-up serves all and a feature the trainer did not keep counts nothing.
 *
 * The file, little-endian: SgLinearHead, SG_LINEAR_HEADS times SgLinearName, the lexicon
 * (hashes, then classes), the entries; then the SHA-256 of all before.  Anything else is
 * refused.  Never changed after it is read; shared by all workers.
 */
#ifndef SG_WEIGH_LINEAR_H
#define SG_WEIGH_LINEAR_H

#include "weigh/grams.h"

#define SG_LINEAR_HEADS	  7u
#define SG_LINEAR_SEGMENT 45u	/* tokens */
#define SG_LINEAR_LENGTHS 8u	/* kinds of length, each with a bias of its own */
#define SG_LINEAR_SLOTS	  (1u << SG_GRAM_SLOT_BITS)
#define SG_LINEAR_WORDS	  8192u	/* of the lexicon; a power of two */
#define SG_LINEAR_VERSION 1u
#define SG_LINEAR_MAGIC	  "SGlinear"
#define SG_LINEAR_ONE	  65536	/* fixed point in the file */

typedef struct SgLinearEntry {
	guint8 check;		/* 0: empty */
	gint8  weight[SG_LINEAR_HEADS];
} SgLinearEntry;

typedef struct SgLinearTop {
	char	magic[8];
	guint32 version, heads;
} SgLinearTop;

typedef struct SgLinearName {	/* fixed point: SG_LINEAR_ONE is 1 */
	char   name[16];	/* "" : not used */
	gint32 scale, slope, offset;	/* value = logistic(slope * margin + offset) */
	gint32 bias[SG_LINEAR_LENGTHS];
} SgLinearName;

typedef struct SgLinear {
	SgLinearName	     head[SG_LINEAR_HEADS];
	float		     scale[SG_LINEAR_HEADS + 1][SG_LINEAR_SEGMENT + 1];	/* by tokens */
	float		     bias[SG_LINEAR_HEADS + 1][SG_LINEAR_SEGMENT + 1];
	SgGramWords	     lexicon;
	const SgLinearEntry *entry;
	GBytes		    *file;
} SgLinear;

/* NULL with SG_ERR_SETUP: what is wrong with the bytes, without the file's name. */
SgLinear *sg_linear_read(GBytes *file, GError **error);
SgLinear *sg_linear_ref(SgLinear *m);
void	  sg_linear_unref(SgLinear *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgLinear, sg_linear_unref)

/* The number of a head; -1: none of this name. */
int	  sg_linear_head(const SgLinear *m, const char *name);
/* A value (0 to 1, not included) as the margin at which it is reached, and back. */
double	  sg_linear_margin(const SgLinear *m, guint head, double value);
double	  sg_linear_value(const SgLinear *m, guint head, double margin);
/* Which kind of length n tokens are: below SG_LINEAR_LENGTHS. */
guint	  sg_linear_length(guint n);

static inline const SgLinearEntry *
sg_linear_entry(const SgLinear *m, guint32 id)
{
	const SgLinearEntry *e = &m->entry[id & (SG_LINEAR_SLOTS - 1)];

	return e->check == (guint8)((id >> SG_GRAM_SLOT_BITS) | 1) ? e : NULL;
}

#endif
