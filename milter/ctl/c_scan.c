#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/err.h"
#include "client/scanclient.h"
#include "ctl/c_scan.h"
#include "ctl/out.h"
#include "ctl/mailfile.h"
#include "ctl/verbs.h"
#include "decide/decide.h"
#include "decide/disclaimer.h"

typedef struct Job {
	SgCtl	  *ctl;
	SgWorkshop shop;
	json_t	  *rows;	/* for the table */
	gboolean   stopped, failed;
} Job;

/* The texts that those who get their mail at once would see on it. */
static json_t *
disclaimers_json(const Job *j, const SgMessage *m, const SgVerdict *v)
{
	g_autoptr(GPtrArray) now = g_ptr_array_new();
	g_autoptr(SgDisclaimers) d = NULL;
	json_t *ids = json_array();

	for (guint i = 0; i < v->lines->len; i++) {
		const SgLine *l = g_ptr_array_index(v->lines, i);

		if (l->what <= SG_DO_DETACH)
			g_ptr_array_add(now, l->address);
	}
	if (m->sender[0] != '\0')
		d = sg_disclaimers_for(j->shop.policy, m, now, m->arrived);
	for (guint i = 0; d != NULL && i < d->texts->len; i++)
		json_array_append_new(ids, json_string(((SgWireDISCLAIM *)g_ptr_array_index(d->texts, i))->name));
	return ids;
}

static json_t *
verdict_json(const Job *j, const SgMessage *m, const SgVerdict *v)
{
	json_t *lines = json_object(), *rows = json_array(), *o;
	g_auto(GStrv) ids = g_strsplit(v->rows != NULL ? v->rows : "", ",", -1);

	for (guint i = 0; i < v->lines->len; i++) {
		const SgLine *l = g_ptr_array_index(v->lines, i);

		json_object_set_new(lines, l->address, json_string(sg_do_name(l->what)));
	}
	for (char **id = ids; *id != NULL; id++)
		if (**id != '\0')
			json_array_append_new(rows, json_string(*id));
	o = json_pack("{s:s s:i s:o s:o s:o}", "do", sg_do_name(v->strongest), "severity",
	    (int)v->severity, "rows", rows, "recipients", lines, "disclaimer", disclaimers_json(j, m, v));
	if (v->shadow != NULL && v->shadow[0] != '\0')
		json_object_set_new(o, "shadow", json_string(v->shadow));
	if (v->category != NULL && v->category[0] != '\0')
		json_object_set_new(o, "category", json_string(v->category));
	return o;
}

static json_t *
flags_json(guint flags)
{
	g_autofree char *text = sg_flags_string(flags);
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	json_t *a = json_array();

	for (char **w = words; *w != NULL; w++)
		if (**w != '\0')
			json_array_append_new(a, json_string(*w));
	return a;
}

/* A part's texts, joined: a part may give several (body, quoted, signature). */
static void
add_text(json_t *part, const SgReading *r, const char *id)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (guint i = 0; i < r->texts->len; i++) {
		const SgText *t = g_ptr_array_index(r->texts, i);

		if (strcmp(t->part, id) == 0)
			g_string_append_printf(s, "%s%s", s->len > 0 ? "\n" : "", t->text);
	}
	if (s->len > 0)
		json_object_set_new(part, "text", json_string(s->str));
}

/* A value in a file's name is a value, too. */
static json_t *
with_name(json_t *o, const SgReading *r, const char *name)
{
	g_autofree char *masked = sg_finding_mask_name(r->findings, name);

	json_object_set_new(o, "name", json_string(masked));
	return o;
}

static json_t *
result_json(
    const Job *j, const char *file, const SgMessage *m, const SgReading *r, const SgVerdict *v)
{
	json_t *findings = json_array(), *parts = json_array();

	for (guint i = 0; i < r->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(r->findings, i);

		json_array_append_new(findings, with_name(sg_finding_json(f), r, f->name));
	}
	for (guint i = 0; i < r->parts->len; i++) {
		const SgPartInfo *info = g_ptr_array_index(r->parts, i);
		json_t *part = with_name(sg_part_json(info), r, info->name);

		if (sg_ctl_has(j->ctl, "texts"))
			add_text(part, r, info->part);
		json_array_append_new(parts, part);
	}
	return json_pack("{s:s s:s s:s s:f s:o s:o s:o s:o}", "file", file, "from", m->sender,
	    "route", sg_route_name(v->route), "ms", (double)r->micros / 1000.0, "verdict",
	    verdict_json(j, m, v), "flags", flags_json(r->flags), "findings", findings, "parts", parts);
}

/* What the table shows of a result. */
static void
add_row(Job *j, json_t *result)
{
	const json_t *findings = json_object_get(result, "findings");
	g_autoptr(GString) why = g_string_new(NULL);

	for (gsize i = 0; i < json_array_size(findings) && i < 20; i++) {
		const char *rule = sg_json_str(json_array_get(findings, i), "rule");

		if (strstr(why->str, rule) == NULL)
			g_string_append_printf(why, "%s%s", why->len > 0 ? " " : "", rule);
	}
	json_object_set_new(result, "_why", json_string(why->str));
	json_array_append(j->rows, result);
}

static gboolean
scan_one(Job *j, const char *file, GError **error)
{
	g_autoptr(GBytes) mail = sg_mailfile_read(file, TRUE, error);
	g_autoptr(SgMessage) m = mail != NULL ? sg_mailfile_message(j->ctl, mail) : NULL;
	g_autoptr(SgReading) r = NULL;
	g_autoptr(SgVerdict) v = NULL;
	g_autofree char *facts = NULL;
	SgScanAsk ask = { .options = j->shop.scanner->options, .bytes = mail, .fd = -1,
		.progress = sg_workshop_goes_on, .data = j->ctl };
	json_t *result;

	if (m == NULL)
		return FALSE;
	facts = sg_decide_facts(j->shop.policy, m);
	ask.facts = facts;
	ask.texts = sg_ctl_has(j->ctl, "texts") ? SG_TEXTS_ALWAYS : SG_TEXTS_NEVER;
	r = sg_scan(&ask, error);
	if (r == NULL)
		return FALSE;
	v = sg_decide(j->shop.policy, m, r, m->arrived);
	j->stopped = j->stopped || v->strongest >= SG_DO_APPROVE;
	result = result_json(j, file, m, r, v);
	if (sg_ctl_has(j->ctl, "json"))
		sg_out_json(result);
	else
		add_row(j, result);
	json_decref(result);
	return TRUE;
}

static void
scan_all(Job *j)
{
	SgCtl *c = j->ctl;
	const char *file;

	for (guint i = 0; (file = sg_ctl_arg(c, i)) != NULL && !c->interrupted(); i++) {
		g_autoptr(GError) error = NULL;

		if (scan_one(j, file, &error))
			continue;
		j->failed = TRUE;
		(void)sg_ctl_fail(c, SG_EXIT_AWAY, file, error->message, NULL);
	}
}

SgExit
sg_c_scan(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "FILE", "file", SG_COL_TEXT, 7 },
		{ "DO", "verdict.do", SG_COL_TEXT, 0 },
		{ "SEVERITY", "verdict.severity", SG_COL_NUMBER, 0 },
		{ "WAY", "route", SG_COL_TEXT, 0 },
		{ "RULES", "_why", SG_COL_TEXT, 9 },
		{ "MS", "ms", SG_COL_NUMBER, 0 },
	};
	g_autoptr(GError) error = NULL;
	Job j = { .ctl = c };
	SgExit code;
	gboolean shown = TRUE;

	if (sg_ctl_has(c, "lines"))
		return sg_scan_lines(c);
	if (c->args->len == 0)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "no file was named", NULL,
		    "Name mail files, or - for standard input.");
	if (!sg_workshop_open(c, NULL, &j.shop, &error))
		return sg_ctl_fail_error(c, "nothing was scanned", error);
	j.rows = json_array();
	scan_all(&j);
	if (!sg_ctl_has(c, "json"))
		shown = sg_out_rows(c, j.rows, columns, G_N_ELEMENTS(columns));
	code = !shown      ? SG_EXIT_USAGE
	       : j.failed  ? SG_EXIT_AWAY
	       : j.stopped ? SG_EXIT_NO
			   : SG_EXIT_OK;
	json_decref(j.rows);
	sg_workshop_close(&j.shop);
	return code;
}
