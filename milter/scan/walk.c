#include <string.h>

#include "base/err.h"
#include "mail/offer.h"
#include "mail/sweep.h"
#include "pack/second.h"
#include "page/ocr.h"
#include "part/extractor.h"
#include "protect/protect.h"
#include "scan/polyglot.h"
#include "scan/remarks.h"
#include "scan/spent.h"
#include "scan/type.h"
#include "scan/walk.h"
#include "text/charset.h"
#include "text/passages.h"

/* So many times its own size may be unpacked from a message, beyond what is no burden. */
#define TIGHT	   50u
#define TIGHT_FROM (48u << 20)
#define KEPT_MOST (16u << 20)	/* bytes that came out of archives and are kept for their sums */

typedef struct Walk {
	SgSink		 sink;		/* first: the extractors give back this pointer */
	const SgWalkJob *job;
	SgReading	*reading;
	GPtrArray	*stack;		/* SgPart still to be read, next one last	*/
	GPtrArray	*found;		/* SgPart that the current one gave, in order	*/
	GPtrArray	*done;		/* SgPart whose facts are reading->parts	*/
	SgPart		*now;
	GError		*error;		/* of the matcher, from inside a callback	*/
	guint64		 text, unpacked;
	SgSpent		 spent;		/* beside: the virus scanner's			*/
	gsize		 kept;		/* bytes of members of archives, in done	*/
	guint		 parts, said;	/* said: bits of sg_remarks[]			*/
} Walk;

static void
remark(Walk *w, const char *rule)
{
	for (gsize i = 0; sg_remarks[i].rule != NULL; i++) {
		SgFinding *f;

		if (strcmp(sg_remarks[i].rule, rule) != 0 || (w->said & (1u << i)) != 0)
			continue;
		w->said |= 1u << i;
		w->reading->flags |= sg_remarks[i].flags;
		f = sg_finding_of_ours(rule, sg_remarks[i].title, sg_remarks[i].category, sg_remarks[i].severity);
		if (w->now != NULL) {
			g_free(f->part);
			g_free(f->name);
			f->part = sg_wire_cut(w->now->id);
			f->name = sg_wire_cut(w->now->name);
		}
		g_ptr_array_add(w->reading->findings, f);
	}
}

static void
sink_limit(SgSink *sink, const char *name)
{
	Walk *w = (Walk *)sink;
	g_autofree char *rule = g_strconcat("limit.", name, NULL), *note = NULL;

	remark(w, rule);
	if (w->now != NULL && w->now->id[0] != '\0') {
		note = g_strconcat("limit:", name, NULL);
		sg_part_note(w->now, note);
	}
}

static void
sink_flag(SgSink *sink, SgFlag flag)
{
	Walk *w = (Walk *)sink;

	/* One reading of several: its structure is no fact about the message. */
	if (w->now != NULL && (w->now->traits & SG_PART_SWEPT) != 0)
		return;
	for (gsize i = 0; sg_remarks[i].rule != NULL; i++)
		if (sg_remarks[i].flags == (guint)flag && flag != SG_FLAG_NOT_FULLY)
			remark(w, sg_remarks[i].rule);
}

static gboolean
sink_spend(SgSink *sink, guint64 bytes, GError **error)
{
	Walk *w = (Walk *)sink;
	const char *limit = NULL;

	if (bytes > (guint64)w->job->options->scan.unpacked - w->unpacked)
		limit = "unpacked";
	else if (w->unpacked > TIGHT_FROM && w->unpacked / TIGHT > g_bytes_get_size(w->job->raw))
		limit = "ratio";
	else if (sg_spent_is_over(&w->spent, (gint64)w->job->options->scan.seconds * G_USEC_PER_SEC))
		limit = "seconds";
	if (limit == NULL) {
		w->unpacked += bytes;
		return TRUE;
	}
	sink_limit(sink, limit);
	g_set_error(error, SG_ERR, SG_ERR_LIMIT, "%s of the message", limit);
	return FALSE;
}

static void
emit_shaped(Walk *w, const char *where, guint columns, const char *text, gsize len)
{
	SgText t = { .where = g_strdup(where), .part = sg_wire_cut(w->now->id),
		.name = sg_wire_cut(w->now->name), .columns = columns };

	/* The matcher only reads: text is lent, not copied. */
	t.text = (char *)(guintptr)text;
	if (w->error == NULL)
		sg_match_text(w->job->match, &t, &w->error);
	if (w->job->texts != SG_TEXTS_NEVER) {
		SgText *kept = g_new0(SgText, 1);

		*kept = t;
		kept->text = g_strndup(text, len);
		kept->hidden = w->error == NULL ? sg_match_hidden(w->job->match) : NULL;
		g_ptr_array_add(w->reading->texts, kept);
		return;
	}
	g_free(t.where);
	g_free(t.part);
	g_free(t.name);
}

static void
emit(gpointer data, const char *where, const char *text, gsize len)
{
	emit_shaped(data, where, 0, text, len);
}

/* The words of the part itself: whose they are depends on what it is. */
static void
emit_own(Walk *w, const char *text, gsize len)
{
	if ((w->now->traits & SG_PART_ATTACHED) != 0)
		emit(w, "attachment", text, len);
	else if ((w->now->traits & SG_PART_FORWARDED) != 0)
		emit(w, "forwarded", text, len);
	else
		sg_passages(text, len, emit, w);
}

static gboolean
take_text(Walk *w, const char *where, guint columns, const char *utf8, gsize len, GError **error)
{
	guint64 left = (guint64)w->job->options->scan.text - w->text;
	g_autofree char *tidied = NULL, *cut = NULL;

	tidied = sg_charset_tidy(utf8, len, &len);
	if (tidied != NULL)
		utf8 = tidied;
	if (len > left) {
		len = (gsize)left;
		while (len > 0 && ((guchar)utf8[len] & 0xc0) == 0x80)
			len--;
		cut = g_strndup(utf8, len);
		utf8 = cut;
		sink_limit(&w->sink, "text");
	}
	w->text += len;
	w->now->text_bytes += len;
	if (len > 0 && where != NULL)
		emit_shaped(w, where, columns, utf8, len);
	else if (len > 0)
		emit_own(w, utf8, len);
	if (w->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&w->error));
		return FALSE;
	}
	if (cut != NULL)
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "text of the message");
	return cut == NULL;
}

static gboolean
sink_text(SgSink *sink, const char *where, const char *utf8, gsize len, GError **error)
{
	return take_text((Walk *)sink, where, 0, utf8, len, error);
}

static gboolean
sink_table(SgSink *sink, const char *where, guint columns, const char *utf8, gsize len, GError **error)
{
	return take_text((Walk *)sink, where != NULL ? where : "attachment", columns, utf8, len, error);
}

static gboolean
sink_part(SgSink *sink, SgPart *part, GError **error)
{
	Walk *w = (Walk *)sink;
	gboolean many = w->parts >= w->job->options->scan.parts;
	gboolean deep = part->depth > w->job->options->scan.depth;

	if (!many && !deep) {
		w->parts += part->id[0] != '\0';
		g_ptr_array_add(w->found, part);
		return TRUE;
	}
	sg_part_free(part);
	sink_limit(sink, many ? "parts" : "depth");
	if (!many)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LIMIT, "parts of the message");
	return FALSE;
}

static void
mark_unread(SgPart *p)
{
	g_autofree char *note = g_strconcat("unread:", p->detected, NULL);

	sg_part_note(p, note);
	if (strcmp(p->detected, "message/partial") == 0 ||
	    strcmp(p->detected, "message/external-body") == 0)
		sg_part_kind(p, "unscannable");
	if (!sg_type_is_media(p->detected))
		sg_part_kind(p, "unread");
}

/* A piece or a pointer of a message: its text is not what the reader will get. */
static gboolean
is_elsewhere(const SgPart *p)
{
	return strcmp(p->declared, "message/partial") == 0 ||
	    strcmp(p->declared, "message/external-body") == 0;
}

/* FALSE when decoding the part would go above the limit. */
static gboolean
may_unpack(Walk *w)
{
	SgPart *p = w->now;

	if (p->coding == SG_AS_IS)
		return TRUE;
	if (sg_part_size(p) > (guint64)w->job->options->scan.unpacked - w->unpacked) {
		sink_limit(&w->sink, "unpacked");
		sg_part_kind(p, "unscannable");
		return FALSE;
	}
	w->unpacked += p->size;
	return TRUE;
}

/* FALSE only when the matcher failed: then nothing can be said about the message. */
static gboolean
run(Walk *w, const SgExtractor *x, gboolean *failed, GError **error)
{
	SgPart *p = w->now;
	g_autoptr(GError) local = NULL;

	if (x->run(p, &w->sink, &local) || g_error_matches(local, SG_ERR, SG_ERR_LIMIT))
		return TRUE;
	if (g_error_matches(local, SG_ERR, SG_ERR_INPUT)) {
		sg_part_note(p, "broken");
		sg_part_kind(p, "unscannable");
		remark(w, "part.unscannable");
		*failed = TRUE;
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* What its header says, before what is in it. */
static gboolean
emit_headers(Walk *w, GError **error)
{
	const char *const texts[][2] = { { "name", w->now->name }, { "forwarded", w->now->subject },
		{ "header", w->now->shown } };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) local = NULL;
		const char *text = texts[i][1];

		if (text == NULL || text[0] == '\0' ||
		    w->sink.text(&w->sink, texts[i][0], text, strlen(text), &local) ||
		    g_error_matches(local, SG_ERR, SG_ERR_LIMIT))
			continue;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	w->now->text_bytes = 0;		/* of the content only */
	return TRUE;
}

/* Mail programs show as text what is labelled so, whatever its bytes and its name.  The
 * words of a table or a card are all there already. */
static const SgExtractor *
reader_of_label(const Walk *w)
{
	static const char *const forms[] = { "text/csv", "text/tab-separated-values", "text/calendar",
		"text/vcard" };
	SgPart as_labelled = *w->now;

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		if (strcmp(as_labelled.declared, "text/plain") == 0 &&
		    strcmp(as_labelled.detected, forms[i]) == 0)
			return NULL;
	as_labelled.detected = as_labelled.declared;
	return g_str_has_prefix(as_labelled.declared, "text/") ?
	    sg_extractor_for(&as_labelled, w->job->skip, NULL) : NULL;
}

static void
stage(const Walk *w, const char *reader)
{
	if (w->job->stage != NULL)
		w->job->stage(w->job->data, w->now->id, reader);
}

/* Not in mails, whose parts come by themselves.  It has its own scan.seconds: a large
 * film must not use up the time for the words. */
static void
look_for_malware(Walk *w, const SgExtractor *x)
{
	const SgWalkJob *job = w->job;
	gint64 left = job->options->scan.seconds * 1000 - w->spent.beside / 1000, began;
	SgFinding *f;

	if (job->virus == NULL || w->now->id[0] == '\0' || g_strcmp0(job->skip, SG_VIRUS_NAME) == 0 ||
	    strcmp(w->now->detected, "message/rfc822") == 0)
		return;
	if (left <= 0) {
		sink_limit(&w->sink, "malware");
		return;
	}
	stage(w, SG_VIRUS_NAME);
	began = sg_spent_cpu();
	f = sg_virus_look(job->virus, w->now, left, &w->sink);
	if (f != NULL)
		g_ptr_array_add(w->reading->findings, f);
	w->spent.beside += sg_spent_cpu() - began;
	stage(w, x != NULL ? x->name : "");
}

/* Text with elements of HTML in it: some programs show a page whatever the label says. */
static gboolean
read_markup(Walk *w, const SgExtractor *x, const SgExtractor *label, GError **error)
{
	SgPart as_page = *w->now;
	const SgExtractor *page;
	const char *p;
	gboolean failed;
	gsize n;

	if (!g_str_has_prefix(as_page.detected, "text/"))
		return TRUE;
	as_page.detected = (char *)(guintptr)"text/html";
	page = sg_extractor_for(&as_page, w->job->skip, NULL);
	if (page == NULL || page == x || page == label)
		return TRUE;
	p = g_bytes_get_data(sg_part_bytes(w->now), &n);
	return !sg_offer_has_markup(p, n) || run(w, page, &failed, error);
}

/* Text that is not coded was swept with the message it stands in. */
static gboolean
sweep_text(Walk *w, GError **error)
{
	SgPart *p = w->now;
	g_autoptr(GError) local = NULL;

	if (strcmp(p->detected, "application/octet-stream") != 0 &&
	    (p->coding == SG_AS_IS || !g_str_has_prefix(p->detected, "text/")))
		return TRUE;
	if (strcmp(p->state, "protected") == 0 ||
	    sg_sweep_text(p, &w->sink, &local) || g_error_matches(local, SG_ERR, SG_ERR_LIMIT))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* It may be an archive as well as what it was read as. */
static gboolean
read_second(Walk *w, const SgExtractor *first, gboolean failed, GError **error)
{
	const SgExtractor *second = w->now->more == NULL ? sg_second_reader(w->now, first, failed) : NULL;

	return second == NULL || g_strcmp0(second->name, w->job->skip) == 0 ||
	    run(w, second, &failed, error);
}

/* Where an extractor has stopped in between. */
static gboolean
read_on(Walk *w, GError **error)
{
	const SgExtractor *x = w->now->more->by;
	gboolean failed = FALSE, ok;

	stage(w, x->name);
	ok = run(w, x, &failed, error) && read_second(w, x, failed, error);
	if (w->now->more == NULL)
		sg_part_drop_bytes(w->now);
	return ok;
}

static gboolean
read_content(Walk *w, const SgExtractor *x, GError **error)
{
	SgPart *p = w->now;
	gboolean failed = FALSE;
	const SgExtractor *label = reader_of_label(w);

	if ((p->traits & SG_PART_READ) != 0 || !may_unpack(w))
		return TRUE;
	look_for_malware(w, x);
	sg_protect_look(p, &w->sink);
	sg_polyglot_look(p, &w->sink);
	if ((p->traits & SG_PART_READ) != 0 ||
	    (strcmp(p->state, "protected") == 0 && (x == NULL || !x->protected_too)))
		return TRUE;
	if (x != NULL && p->state[0] == '\0') {
		p->state = "plain";
		p->strength = "none";
	}
	return (x == NULL || run(w, x, &failed, error)) &&
	    (label == NULL || label == x || run(w, label, &failed, error)) &&
	    (x == NULL || read_markup(w, x, label, error)) && sweep_text(w, error) &&
	    read_second(w, x, failed, error);
}

static gboolean
read_part(Walk *w, GError **error)
{
	SgPart *p = w->now;
	const SgExtractor *x;
	gboolean skipped, ok;

	if (p->id[0] == '\0' && (p->traits & SG_PART_RAW) == 0) {
		g_free(p->detected);
		p->detected = g_strdup("message/rfc822");	/* the message itself */
	} else {
		sg_type_detect(p);
	}
	if (!emit_headers(w, error))
		return FALSE;
	x = sg_extractor_for(p, w->job->skip, &skipped);
	stage(w, x != NULL ? x->name : "");
	if (skipped) {
		sg_part_kind(p, "unscannable");
		sg_part_note(p, "skipped");
		remark(w, "part.unscannable");
	}
	if (is_elsewhere(p)) {
		sg_part_kind(p, "unscannable");
		remark(w, "part.unscannable");
	}
	ok = read_content(w, x, error);
	if (x == NULL && strcmp(p->state, "protected") != 0 && (p->traits & SG_PART_READ) == 0)
		mark_unread(p);
	if (p->more == NULL)
		sg_part_drop_bytes(p);
	return ok;
}

/* Members of archives may be many times the mail; without their bytes they have no sum. */
static void
drop_content(Walk *w, SgPart *p)
{
	static const char none[1] = "";
	gsize n = g_bytes_get_size(p->content);

	if ((p->traits & SG_PART_INSIDE) == 0)
		return;
	if (n <= KEPT_MOST - w->kept) {
		w->kept += n;
		return;
	}
	sg_part_size(p);
	g_bytes_unref(p->content);
	p->content = g_bytes_new_static(none, 0);
	p->traits |= SG_PART_DROPPED;
}

/* The facts of a part are complete when it has been read.  slot: it stands before what
 * was found in it. */
static void
file_part(Walk *w, SgPart *p, guint slot)
{
	SgPartInfo *info;

	if (p->id[0] == '\0') {
		sg_part_free(p);
		return;
	}
	info = sg_part_info(p);
	sg_match_part(w->job->match, info);
	g_ptr_array_insert(w->reading->parts, (gint)slot, info);
	g_ptr_array_insert(w->done, (gint)slot, p);
	drop_content(w, p);
}

static gboolean
read_all(Walk *w, GError **error)
{
	while (w->stack->len > 0) {
		gboolean ok, more;
		guint slot;

		w->now = g_ptr_array_steal_index(w->stack, w->stack->len - 1);
		slot = w->now->more != NULL ? w->now->more->slot : w->done->len;
		ok = w->now->more != NULL ? read_on(w, error) : read_part(w, error);
		more = w->now->more != NULL;
		if (more) {
			w->now->more->slot = slot;
			g_ptr_array_add(w->stack, w->now);
		}
		/* Turned round, so that the first one found is the next one read. */
		while (w->found->len > 0)
			g_ptr_array_add(w->stack, g_ptr_array_steal_index(w->found, w->found->len - 1));
		if (!more)
			file_part(w, w->now, slot);
		w->now = NULL;
		if (!ok)
			return FALSE;
	}
	return TRUE;
}

static void
add_sums(Walk *w)
{
	if (w->reading->findings->len == 0 && w->job->texts != SG_TEXTS_ALWAYS)
		return;
	for (guint i = 0; i < w->done->len; i++) {
		SgPart *p = g_ptr_array_index(w->done, i);
		SgPartInfo *info = g_ptr_array_index(w->reading->parts, i);

		if ((p->traits & SG_PART_DROPPED) != 0)
			continue;
		if ((p->traits & SG_PART_ATTACHED) == 0 && g_str_has_prefix(p->declared, "text/") &&
		    g_str_has_prefix(p->detected, "text/"))
			continue;
		g_free(info->sha256);
		info->sha256 = sg_part_sha256(p);
		info->bytes = sg_part_size(p);
	}
}

/* Where the matcher gave up, text was not searched. */
static void
flag_limits(SgReading *r)
{
	static const char *const limits[] = { "limit.hits", "limit.columns", NULL };

	for (guint i = 0; i < r->findings->len; i++)
		if (g_strv_contains(limits, ((SgFinding *)g_ptr_array_index(r->findings, i))->rule))
			r->flags |= SG_FLAG_NOT_FULLY;
}

static void
part_free(gpointer p)
{
	sg_part_free(p);
}

SgReading *
sg_walk(const SgWalkJob *job, GError **error)
{
	gint64 began = g_get_monotonic_time();
	g_autoptr(SgReading) reading = sg_reading_new();
	g_autoptr(GPtrArray) stack = g_ptr_array_new_with_free_func(part_free);
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(part_free);
	g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func(part_free);
	g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
	GBytes *raw = g_bytes_get_size(job->raw) > 0 ? job->raw : nothing;
	Walk w = { .sink = { job->options, sink_text, sink_table, sink_spend, sink_part, sink_limit,
		sink_flag }, .job = job, .spent = sg_spent_begin(), .reading = reading,
		.stack = stack, .found = found, .done = done };
	g_autoptr(GPtrArray) own = NULL;
	gboolean ok;

	sg_ocr_message(job->options);
	sg_match_begin(job->match, job->facts);
	g_ptr_array_add(stack, sg_part_new("", "message/rfc822", raw, SG_AS_IS));
	ok = read_all(&w, error);
	g_clear_error(&w.error);
	if (!ok)
		return NULL;
	/* The matcher's findings come first, ours behind them. */
	own = g_steal_pointer(&reading->findings);
	reading->findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	sg_match_end(job->match, reading->findings);
	g_ptr_array_extend_and_steal(reading->findings, g_steal_pointer(&own));
	flag_limits(reading);
	add_sums(&w);
	reading->micros = (guint64)(g_get_monotonic_time() - began);
	return g_steal_pointer(&reading);
}
