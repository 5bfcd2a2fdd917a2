/* disclaim - the scanner writes the school's texts into what is sent on.
 *
 * Only the body and the three header fields that say what it is may come back changed;
 * anything else, and whatever goes wrong, leaves the message as it is, and is counted. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "front/job.h"
#include "model/mark.h"

#define ROOM 2048u	/* for header fields that are added on the way */

static const char *const free_fields[] = { "MIME-Version", "Content-Type", "Content-Transfer-Encoding" };

/* One field with its folds: [at, end) of header; the name ends before colon. */
typedef struct Field {
	const char *at, *colon, *end;
} Field;

static gboolean
next_field(const char **p, const char *stop, Field *f)
{
	const char *q = *p;

	if (q >= stop)
		return FALSE;
	f->at = q;
	do {
		const char *nl = memchr(q, '\n', (gsize)(stop - q));

		q = nl != NULL ? nl + 1 : stop;
	} while (q < stop && (*q == ' ' || *q == '\t'));
	f->end = *p = q;
	f->colon = memchr(f->at, ':', (gsize)(f->end - f->at));
	if (f->colon == NULL)
		f->colon = f->end;
	return TRUE;
}

static gint
free_field(const Field *f)
{
	for (gsize i = 0; i < G_N_ELEMENTS(free_fields); i++)
		if (strlen(free_fields[i]) == (gsize)(f->colon - f->at) &&
		    g_ascii_strncasecmp(free_fields[i], f->at, strlen(free_fields[i])) == 0)
			return (gint)i;
	return -1;
}

/* The header without the three, and the first of each of them. */
static void
sort_out(const char *p, gsize len, GString *rest, Field first[3])
{
	const char *stop = p + len;
	Field f;

	memset(first, 0, 3 * sizeof *first);
	while (next_field(&p, stop, &f)) {
		gint i = free_field(&f);

		if (i < 0)
			g_string_append_len(rest, f.at, (gssize)(f.end - f.at));
		else if (first[i].at == NULL)
			first[i] = f;
	}
}

/* As the mail server takes it: LF in folds, no line end, the blank before it as it came. */
static char *
value_of(const SgJob *j, const Field *f)
{
	const char *from = f->colon + 1;
	GString *v = g_string_new(NULL);

	if (j->s->bare && from < f->end && *from == ' ')
		from++;
	for (const char *p = from; p < f->end; p++)
		if (*p != '\r')
			g_string_append_c(v, *p);
	while (v->len > 0 && v->str[v->len - 1] == '\n')
		g_string_truncate(v, v->len - 1);
	return g_string_free(v, FALSE);
}

static gboolean
refuse(GError **error, const char *why)
{
	g_set_error_literal(error, SG_ERR, SG_ERR_PEER, why);
	return FALSE;
}

/* before, after: whole messages. */
static gboolean
take(SgJob *j, GBytes *before, GBytes *after, GError **error)
{
	g_autoptr(GString) rest = g_string_new(NULL), same = g_string_new(NULL);
	gsize old_head = sg_job_header_length(before), new_head = sg_job_header_length(after);
	Field old[3], new[3];

	sort_out(g_bytes_get_data(before, NULL), old_head, rest, old);
	sort_out(g_bytes_get_data(after, NULL), new_head, same, new);
	if (!g_string_equal(rest, same))
		return refuse(error, "the header changed with the body");
	for (gsize i = 0; i < G_N_ELEMENTS(free_fields); i++)
		if (old[i].at != NULL && new[i].at == NULL)
			return refuse(error, "a header field was lost with the change");
	for (gsize i = 0; i < G_N_ELEMENTS(free_fields); i++) {
		g_autofree char *was = old[i].at != NULL ? value_of(j, &old[i]) : NULL;
		g_autofree char *is = new[i].at != NULL ? value_of(j, &new[i]) : NULL;

		if (g_strcmp0(was, is) != 0)
			sg_effects_edit(j->effects, SG_EDIT_CHANGE_HEADER, free_fields[i], is);
	}
	g_clear_pointer(&j->body, g_bytes_unref);
	j->body = g_bytes_new_from_bytes(after, new_head, g_bytes_get_size(after) - new_head);
	return TRUE;
}

/* Has it been through here before?  Then its mark stays on it. */
static gboolean
is_marked(SgJob *j)
{
	GPtrArray *own = j->s->collect->own;

	for (guint i = 0; own != NULL && i < own->len; i++) {
		const SgOwnHeader *h = g_ptr_array_index(own, i);

		if (g_ascii_strcasecmp(h->name, SG_MARK) == 0 &&
		    sg_mark_is_good(sg_gate_keys(j->s->gate), h->value, j->m->message_id)) {
			g_ptr_array_remove_index(own, i);
			return j->marked = TRUE;
		}
	}
	return j->marked;	/* planned anew */
}

/* With the parts that were taken out gone already. */
static GBytes *
message_now(const SgJob *j)
{
	gsize head = sg_job_header_length(j->m->bytes), len;
	GByteArray *all;
	const guint8 *body;

	if (j->body == NULL)
		return g_bytes_ref(j->m->bytes);
	body = g_bytes_get_data(j->body, &len);
	all = g_byte_array_sized_new((guint)(head + len));
	g_byte_array_append(all, g_bytes_get_data(j->m->bytes, NULL), (guint)head);
	g_byte_array_append(all, body, (guint)len);
	return g_byte_array_free_to_bytes(all);
}

/* "id=reason ..." -> the first reason, one of the words in rewrite/bodies.h. */
static void
note_skips(SgJob *j, const char *skipped)
{
	const char *reason = strchr(skipped, '=');

	g_free(j->disclaimer);
	j->disclaimer = reason != NULL ? g_strndup(reason + 1, strcspn(reason + 1, " ")) : g_strdup("failed");
}

static gboolean
add_texts(SgJob *j, GError **error)
{
	const gint64 max = j->s->snapshot->options->milter.max_size;
	g_autoptr(GBytes) before = message_now(j);
	g_auto(SgScanDisclaimed) done = { 0 };
	g_autofree char *mark = NULL;
	SgScanAsk ask = sg_job_question(j, "");

	if (j->body != NULL)
		ask.bytes = before;
	if (!sg_scan_disclaim(&ask, j->effects->disclaimers->texts, (guint64)max - ROOM, &done, error))
		return FALSE;
	if (done.bytes == NULL) {
		note_skips(j, done.skipped);
		return TRUE;
	}
	if (!take(j, before, done.bytes, error))
		return FALSE;
	mark = sg_mark_make(sg_gate_keys(j->s->gate), done.added, j->m->message_id);
	sg_effects_edit(j->effects, SG_EDIT_ADD_HEADER, SG_MARK, mark);
	j->disclaimer = g_strdup("added");
	return TRUE;
}

void
sg_job_disclaim(SgJob *j)
{
	const SgDisclaimers *d = j->effects->disclaimers;
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&j->disclaimer, g_free);
	if (d == NULL || j->effects->end != SG_END_ACCEPT)
		return;
	if (j->m->sender[0] == '\0')
		j->disclaimer = g_strdup("null-sender");
	else if (is_marked(j))
		j->disclaimer = g_strdup("there");
	else if (d->texts->len == 0)
		j->disclaimer = g_strdup("shadow");
	else if (!add_texts(j, &error)) {
		sg_job_log_failure(j, "disclaimer-failed", error);
		g_free(j->disclaimer);
		j->disclaimer = g_strdup("failed");
	}
	/* copies are kept apart only from a change that was made */
	if (j->verdict != NULL && d->apart->len > 0 && strcmp(j->disclaimer, "added") != 0) {
		sg_act_without_disclaimers(j->verdict);
		sg_job_plan(j);
	}
}
