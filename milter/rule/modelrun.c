#include <math.h>
#include <string.h>

#include "model/finding.h"
#include "rule/modelrun.h"
#include "weigh/worst.h"

#define HITS_MAX 200000u	/* of one chunk, with those of the phrases */
#define QUOTED	 (G_GUINT64_CONSTANT(1) << SG_MODEL_RULES)	/* in a hit's note; below: a bit for every asker it lets off */
#define HOLDS	 3u		/* severity from which the default policy holds */

typedef struct {
	SgLinear *model;
	SgWorst	 *plain, *restored;
	float	  least[SG_LINEAR_HEADS];
	guint	  alone;	/* bits by head */
} Engine;

typedef struct {
	const SgRule	  *whole;
	const SgModelRule *rule;
	guint		   index;	/* of the rule in the set */
	guint		   engine;
	gboolean	   holds;
} Asker;

struct SgModelRun {
	GArray	*engines;	/* Engine */
	GArray	*askers;	/* Asker */
	SgModelAround around;
	SgTally *tally;
	GArray	*hits;
	const SgEdits *edits;	/* of the chunk */
	guint	 now;		/* the engine that is running */
	gboolean restored;	/* and on what */
	double	 nearness;
};

static void
engine_clear(gpointer p)
{
	sg_worst_free(((Engine *)p)->plain);
	sg_worst_free(((Engine *)p)->restored);
}

static guint
engine_for(SgModelRun *r, SgLinear *model)
{
	Engine e = { .model = model };

	for (guint i = 0; i < r->engines->len; i++)
		if (g_array_index(r->engines, Engine, i).model == model)
			return i;
	e.plain = sg_worst_new(model);
	e.restored = sg_worst_new(model);
	g_array_append_val(r->engines, e);
	return r->engines->len - 1;
}

SgModelRun *
sg_model_run_new(const GPtrArray *rules)
{
	g_autoptr(SgModelRun) r = g_new0(SgModelRun, 1);

	r->engines = g_array_new(FALSE, FALSE, sizeof(Engine));
	g_array_set_clear_func(r->engines, engine_clear);
	r->askers = g_array_new(FALSE, FALSE, sizeof(Asker));
	for (guint i = 0; i < rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(rules, i);
		Asker a = { rule, rule->data, i, 0, rule->severity >= HOLDS && rule->confidence >= SG_CONF_MEDIUM };

		if (rule->matcher != sg_matcher_named("model"))
			continue;
		a.engine = engine_for(r, a.rule->model);
		g_array_append_val(r->askers, a);
	}
	return r->askers->len > 0 ? g_steal_pointer(&r) : NULL;
}

void
sg_model_run_free(SgModelRun *r)
{
	if (r == NULL)
		return;
	g_array_unref(r->engines);
	g_array_unref(r->askers);
	g_free(r);
}

void
sg_model_run_start(SgModelRun *r, const SgModelAround *around, SgTally *tally, GArray *hits)
{
	r->around = around != NULL ? *around : (SgModelAround){ NULL };
	r->tally = tally;
	r->hits = hits;
	for (guint i = 0; i < r->engines->len; i++) {
		Engine *e = &g_array_index(r->engines, Engine, i);

		e->alone = 0;
		for (guint h = 0; h < SG_LINEAR_HEADS; h++)
			e->least[h] = INFINITY;
		for (guint k = 0; k < r->askers->len; k++) {
			const Asker *a = &g_array_index(r->askers, Asker, k);

			if (a->engine != i || !sg_tally_wants(tally, a->index))
				continue;
			e->least[a->rule->head] = MIN(e->least[a->rule->head], a->rule->margin);
			e->alone |= (a->rule->alone ? 1u : 0u) << a->rule->head;
		}
		sg_worst_start(e->plain, e->least, e->alone);
	}
}

static gboolean
is_let_off(const SgWorstHit *hit, guint asker)
{
	return asker < SG_MODEL_RULES && (hit->note >> asker & 1) != 0;
}

static void
found(const SgWorstHit *hit, gpointer data)
{
	SgModelRun *r = data;

	for (guint k = 0; k < r->askers->len; k++) {
		const Asker *a = &g_array_index(r->askers, Asker, k);
		SgHitAt h = { .rule = a->index, .at = (guint32)hit->at, .len = (guint32)(hit->end - hit->at),
			.from = hit->from, .to = hit->to, .words = hit->words, .disguised = r->restored != 0,
			.quoted = a->whole->quoted > 0 && (hit->note & QUOTED) != 0 };

		if (a->engine != r->now || a->rule->head != hit->head || hit->margin < a->rule->margin ||
		    (hit->alone && !a->rule->alone) || hit->end <= hit->at || is_let_off(hit, k) ||
		    !sg_tally_wants(r->tally, a->index))
			continue;
		if (r->hits->len < HITS_MAX)
			g_array_append_val(r->hits, h);
		else
			sg_tally_over(r->tally, a->index);
	}
}

static void
note_nearness(SgModelRun *r, guint engine, const SgWorst *worst)
{
	for (guint k = 0; k < r->askers->len; k++) {
		const Asker *a = &g_array_index(r->askers, Asker, k);
		const SgLinearName *name = &a->rule->model->head[a->rule->head];
		double beyond = (double)sg_worst_most(worst, a->rule->head) - (double)a->rule->margin;

		if (a->holds && a->engine == engine && sg_tally_wants(r->tally, a->index))
			r->nearness = MAX(r->nearness, 1.0 / (1.0 + exp(-beyond * name->slope / SG_LINEAR_ONE)));
	}
}

/* Looked at while the text is here: the hit may be told when it has gone. */
static guint64
note_around(const SgModelRun *r, gsize from, gsize to)
{
	const SgModelAround *look = &r->around;
	guint64 note;

	if (look->let_off == NULL)
		return 0;
	note = look->quoted(look->data, r->restored, from, to) ? QUOTED : 0;

	for (guint k = 0; k < MIN(r->askers->len, SG_MODEL_RULES); k++) {
		const Asker *a = &g_array_index(r->askers, Asker, k);

		if (a->engine == r->now && a->whole->unless != NULL &&
		    look->let_off(look->data, a->whole, r->restored, from, to))
			note |= G_GUINT64_CONSTANT(1) << k;
	}
	return note;
}

static gboolean
plain_place(const SgWorstPiece *p, gsize from, gsize to, SgWorstHit *hit)
{
	hit->note = note_around(p->data, from, to);
	return sg_worst_canon_place(p, from, to, hit);
}

/* Only where a word was read otherwise: the rest has been judged as it stands. */
static gboolean
restored_place(const SgWorstPiece *p, gsize from, gsize to, SgWorstHit *hit)
{
	const SgModelRun *r = p->data;
	const SgEdits *edits = r->edits;
	gsize before = (gsize)(p->text - edits->text->str), at = 0, end = 0;

	if (!sg_edits_place(edits, before + from, before + to, &at, &end) ||
	    !sg_canon_source(p->canon, at, end, &hit->at, &hit->end))
		return FALSE;
	hit->from = sg_canon_chars(p->canon, at);
	hit->to = sg_canon_chars(p->canon, end);
	hit->note = note_around(r, before + from, before + to);
	return TRUE;
}

/* Each window of the restored text is a text of its own. */
static void
run_restored(SgModelRun *r, Engine *e, SgCanon *c)
{
	const char *at = r->edits->text->str, *end = at + r->edits->text->len;

	r->restored = TRUE;
	while (at < end) {
		const char *stop = memchr(at, '\n', (gsize)(end - at));
		gsize len = (gsize)((stop != NULL ? stop : end) - at);
		SgWorstPiece p = { at, len, len, 0, TRUE, restored_place, c, r };

		sg_worst_start(e->restored, e->least, e->alone);
		sg_worst_piece(e->restored, &p, found, r);
		note_nearness(r, r->now, e->restored);
		at += len + 1;
	}
	r->restored = FALSE;
}

void
sg_model_run_chunk(SgModelRun *r, SgCanon *c, const SgEdits *edits)
{
	SgWorstPiece p = sg_worst_canon(c);

	p.place = plain_place;
	p.data = r;
	r->edits = edits;
	for (r->now = 0; r->now < r->engines->len; r->now++) {
		Engine *e = &g_array_index(r->engines, Engine, r->now);

		sg_worst_piece(e->plain, &p, found, r);
		if (c->last)
			note_nearness(r, r->now, e->plain);
		run_restored(r, e, c);
	}
}

guint64
sg_model_run_known(const SgModelRun *r, guint64 known)
{
	for (guint i = 0; known != G_MAXUINT64 && i < r->engines->len; i++)
		known = MIN(known, sg_worst_pending(g_array_index(r->engines, Engine, i).plain));
	return known;
}

double
sg_model_run_nearness(SgModelRun *r)
{
	double nearness = r->nearness;

	r->nearness = 0;
	return nearness;
}
