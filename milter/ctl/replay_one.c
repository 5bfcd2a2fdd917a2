#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "client/scanclient.h"
#include "ctl/envelope.h"
#include "ctl/replay.h"

static void
replayed_clear(SgReplayed *r)
{
	g_free(r->category);
	if (r->rules != NULL)
		g_ptr_array_unref(r->rules);
}

void
sg_replay_job_free(SgReplayJob *j)
{
	if (j == NULL)
		return;
	g_clear_pointer(&j->mail.bytes, g_bytes_unref);
	replayed_clear(&j->is);
	replayed_clear(&j->was);
	g_free(j->error);
	g_free(j->hash);
	json_decref(j->line);
	g_free(j);
}

gboolean
sg_replay_stops(const SgReplayed *r)
{
	return r->what == SG_DO_HOLD || r->what == SG_DO_SEAL || r->what == SG_DO_APPROVE;
}

static gboolean
goes_on(gpointer data)
{
	SgReplayShop *shop = data;

	return g_atomic_int_get(&shop->give_up) == 0;
}

static gboolean
has(const GPtrArray *list, const char *s)
{
	for (guint i = 0; i < list->len; i++)
		if (strcmp(g_ptr_array_index(list, i), s) == 0)
			return TRUE;
	return FALSE;
}

static void
set_replayed(SgReplayed *out, const SgVerdict *v, const SgReading *r)
{
	out->what = v->strongest;
	out->category = g_strdup(v->category != NULL ? v->category : "");
	out->rules = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < r->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(r->findings, i);

		if (strcmp(f->category, out->category) == 0 && !has(out->rules, f->rule))
			g_ptr_array_add(out->rules, g_strdup(f->rule));
	}
}

/* What is told of a finding: rule, category, place; the text only when asked for. */
static json_t *
finding_line(const SgFinding *f, gboolean excerpts)
{
	json_t *o = json_pack("{s:s s:s s:i s:s s:i s:s s:s}", "rule", f->rule, "category",
	    f->category, "severity", (int)f->severity, "confidence", sg_confidence_name(f->confidence),
	    "count", (int)f->count, "where", f->where, "part", f->part);

	if (excerpts && f->excerpt[0] != '\0') {
		g_autofree char *masked = sg_finding_masked(f);

		json_object_set_new(o, "excerpt", json_string(masked));
	}
	return o;
}

static json_t *
message_line(const SgReplayJob *j)
{
	return json_pack("{s:I s:s s:I}", "n", (json_int_t)j->mail.number, "file", j->mail.file, "at",
	    (json_int_t)j->mail.at);
}

static void
set_line(const SgReplayShop *shop, SgReplayJob *j, const SgVerdict *v, const SgReading *r)
{
	gboolean changed = j->compared && sg_replay_stops(&j->is) != sg_replay_stops(&j->was);
	json_t *findings;

	if (r->findings->len == 0 && v->strongest == SG_DO_DELIVER && !changed)
		return;
	j->line = message_line(j);
	findings = json_array();
	for (guint i = 0; i < r->findings->len; i++)
		json_array_append_new(findings,
		    finding_line(g_ptr_array_index(r->findings, i), shop->excerpts));
	json_object_set_new(j->line, "do", json_string(sg_do_name(v->strongest)));
	json_object_set_new(j->line, "category", json_string(j->is.category));
	json_object_set_new(j->line, "severity", json_integer(v->severity));
	json_object_set_new(j->line, "rows", json_string(v->rows != NULL ? v->rows : ""));
	if (j->compared)
		json_object_set_new(j->line, "was", json_string(sg_do_name(j->was.what)));
	if (changed)
		json_object_set_new(j->line, "change",
		    json_string(sg_replay_stops(&j->is) ? "newly-held" : "no-longer-held"));
	json_object_set_new(j->line, "findings", findings);
}

/* The message as one of the two workshops would treat it. */
static SgVerdict *
verdict_of(SgReplayShop *shop, const SgWorkshop *w, const SgMessage *m, SgReading **reading, GError **error)
{
	g_autofree char *facts = sg_decide_facts(w->policy, m);
	SgScanAsk ask = { .options = w->scanner->options, .bytes = m->bytes, .fd = -1,
		.texts = SG_TEXTS_NEVER, .facts = facts, .progress = goes_on, .data = shop };

	*reading = sg_scan(&ask, error);
	return *reading != NULL ? sg_decide(w->policy, m, *reading, m->arrived) : NULL;
}

static gboolean
replay(SgReplayShop *shop, SgReplayJob *j, GError **error)
{
	g_autoptr(GBytes) wire = sg_envelope_wire(j->mail.bytes);
	g_autoptr(SgMessage) m = sg_mailfile_message(shop->ctl, wire);
	g_autoptr(SgReading) r = NULL, other = NULL;
	g_autoptr(SgVerdict) v = verdict_of(shop, &shop->now, m, &r, error), was = NULL;

	if (v == NULL)
		return FALSE;
	set_replayed(&j->is, v, r);
	j->micros = r->micros;
	j->hash = g_strdup(r->rules);
	if (shop->other.scanner != NULL) {
		was = verdict_of(shop, &shop->other, m, &other, error);
		if (was == NULL)
			return FALSE;
		set_replayed(&j->was, was, other);
		g_free(j->hash);
		j->hash = g_strdup_printf("%s %s", r->rules, other->rules);
		j->compared = TRUE;
	}
	set_line(shop, j, v, r);
	return TRUE;
}

void
sg_replay_one(SgReplayShop *shop, SgReplayJob *j)
{
	g_autoptr(GError) error = NULL;

	if (j->mail.bytes == NULL)
		j->error = g_strdup(j->mail.why != NULL ? j->mail.why : "it cannot be read");
	else if (!replay(shop, j, &error)) {
		j->error = g_strdup(error->message);
		j->away = g_error_matches(error, SG_ERR, SG_ERR_LATER);
	}
	g_clear_pointer(&j->mail.bytes, g_bytes_unref);
	if (j->error == NULL)
		return;
	j->line = message_line(j);
	json_object_set_new(j->line, "error", json_string(j->error));
}
