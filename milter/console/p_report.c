#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/view.h"

#define WEEK (7 * 24 * 3600)

/* The milter's and the scanner's words (rewrite/bodies.h, front/disclaim.c), for people. */
static const struct {
	const char *word, *means;
} reasons[] = {
	{ "signed", "signed: a change would break the signature" },
	{ "encrypted", "encrypted: there is nothing to write in" },
	{ "pgp", "signed or encrypted text (PGP) in the message" },
	{ "calendar", "an invitation, or an answer to one" },
	{ "report", "a report of a mail program or server" },
	{ "partial", "a piece of a message" },
	{ "tnef", "written by Outlook in its own format (winmail.dat)" },
	{ "list", "from a mailing list" },
	{ "automatic", "not written by a person" },
	{ "dkim", "already signed by a mail server (DKIM)" },
	{ "no-text", "attachments only" },
	{ "alternative", "has a form in which the text cannot be added" },
	{ "encoding", "in an encoding that is not known" },
	{ "charset", "in a character set that would be damaged" },
	{ "html", "a page on which the text would not be seen" },
	{ "unclear", "mail programs may read it in different ways" },
	{ "size", "would become too large" },
	{ "there", "has the text already" },
	{ "reply", "a reply, and the policy says not in replies" },
	{ "null-sender", "a report without a sender" },
	{ "shadow", "the policy only tries the text out" },
	{ "failed", "could not be changed; the log of the milter says why" },
};

static const char *
meaning(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(reasons[i].word, word) == 0)
			return reasons[i].means;
	return "another reason";
}

static int
by_count(const void *a, const void *b)
{
	const json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "messages"));
	const json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "messages"));

	return x > y ? -1 : x < y;
}

/* The reasons, most frequent first. */
static json_t *
reason_rows(GHashTable *words)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	json_t *rows = json_array();
	GHashTableIter i;
	gpointer word, n;

	g_hash_table_iter_init(&i, words);
	while (g_hash_table_iter_next(&i, &word, &n))
		if (*(const char *)word != '\0' && strcmp(word, "added") != 0)
			g_ptr_array_add(list, json_pack("{s:s s:I s:s}", "reason", word, "messages",
			    (json_int_t)GPOINTER_TO_UINT(n), "means", meaning(word)));
	qsort(list->pdata, list->len, sizeof *list->pdata, by_count);
	for (guint k = 0; k < list->len; k++)
		json_array_append_new(rows, g_ptr_array_index(list, k));
	return rows;
}

/* Mail that has the text already carries it: it counts as covered. */
void
sg_p_report_disclaimers(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GHashTable) words = NULL;
	guint64 since = (guint64)(q->now - WEEK), outgoing = 0, due = 0, with = 0;
	g_autofree char *since_words = NULL;
	GHashTableIter i;
	gpointer word, n;

	if (!sg_field_number(q->query, "since", G_MAXINT64, &since)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The report cannot be made.", "since is not understood", NULL);
		return;
	}
	words = sg_store_coverage(q->console->store, (gint64)since, &error);
	if (words == NULL) {
		sg_refuse_error(r, "The report cannot be made.", error);
		return;
	}
	g_hash_table_iter_init(&i, words);
	while (g_hash_table_iter_next(&i, &word, &n)) {
		outgoing += GPOINTER_TO_UINT(n);
		due += *(const char *)word != '\0' ? GPOINTER_TO_UINT(n) : 0;
		if (strcmp(word, "added") == 0 || strcmp(word, "there") == 0)
			with += GPOINTER_TO_UINT(n);
	}
	since_words = sg_view_words((gint64)since, q->now);
	sg_reply(r, json_pack("{s:o s:I s:I s:I s:f s:o}", "since", sg_view_time((gint64)since), "outgoing",
	    (json_int_t)outgoing, "due", (json_int_t)due, "with", (json_int_t)with, "coverage",
	    due > 0 ? (double)with / (double)due : 1.0, "rows", reason_rows(words)));
	json_object_set_new(r->body, "title", json_string("Disclaimers"));
	if (!q->html)
		return;
	json_object_set_new(r->body, "since_words", json_string(since_words));
	json_object_set_new(r->body, "percent", json_integer(due > 0 ? (json_int_t)(100 * with / due) : 100));
	json_object_set_new(r->body, "any", json_boolean(json_array_size(json_object_get(r->body, "rows")) > 0));
}
