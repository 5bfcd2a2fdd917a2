/*
 * modelrun - the models of a set of rules, run over one text beside its phrases.
 *
 * Every model is read once, whatever number of rules asks it.  One run a worker.
 */
#ifndef SG_RULE_MODELRUN_H
#define SG_RULE_MODELRUN_H

#include "disguise/edits.h"
#include "rule/tally.h"
#include "weigh/linear.h"

typedef struct SgModelRun SgModelRun;

/* What a rule with "model" has as its data. */
typedef struct SgModelRule {
	SgLinear *model;
	guint	  head;
	float	  margin;	/* from which on a segment is a hit */
	gboolean  alone;	/* one word may be enough */
} SgModelRule;

/* What stands around a hit: bytes [from, to) of the chunk's canonical text, or of the text
 * restored from it. */
typedef struct SgModelAround {
	/* Does the rule's "unless" let it off? */
	gboolean (*let_off)(gpointer data, const SgRule *rule, gboolean restored, gsize from, gsize to);
	/* Is it between quotation marks? */
	gboolean (*quoted)(gpointer data, gboolean restored, gsize from, gsize to);
	gpointer data;
} SgModelAround;

/* NULL when no rule has a model.  rules (SgRule) must live longer.  More than SG_MODEL_RULES
 * rules: "unless" of those beyond lets nothing off. */
#define SG_MODEL_RULES 63u
SgModelRun *sg_model_run_new(const GPtrArray *rules);
void	    sg_model_run_free(SgModelRun *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgModelRun, sg_model_run_free)

/* A new text; tally and hits (SgHitAt) must stay until its last chunk.  around: copied; NULL: not looked at. */
void	    sg_model_run_start(SgModelRun *r, const SgModelAround *around, SgTally *tally, GArray *hits);
/* Appends the hits of the next chunk: as it stands, and as its disguised words are read. */
void	    sg_model_run_chunk(SgModelRun *r, SgCanon *c, const SgEdits *edits);
/* Hits to come begin here or later (characters); not above known. */
guint64	    sg_model_run_known(const SgModelRun *r, guint64 known);
/* How near the worst text since the last call came to a rule that holds mail: the rule's
 * own logistic of the distance, 0 to 1; 0.5 where it begins. */
double	    sg_model_run_nearness(SgModelRun *r);

#endif
