#include <string.h>

#include <microhttpd.h>

#include "console/view.h"

#define ROWS 1000u

static gboolean
one_of(const char *value, const char *const *words)
{
	return value == NULL || g_strv_contains(words, value);
}

static gboolean
read_filter(const SgRequest *q, SgFilter *f, SgReply *r)
{
	static const char *const urgencies[] = { "urgent", "high", "medium", "low", NULL };
	static const char *const shows[] = { "waiting", "all", NULL };
	const char *show = sg_field(q->query, "show");
	guint64 since = 0, limit = ROWS, offset = 0;

	*f = sg_view_filter(q);
	f->urgency = sg_field(q->query, "urgency");
	f->category = sg_field(q->query, "reason");
	f->late = sg_field_true(q->query, "late");
	f->waiting = show == NULL || strcmp(show, "all") != 0;
	if (!one_of(f->urgency, urgencies))
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such urgency.", NULL,
		    "Choose urgent, high, medium or low.");
	else if (!one_of(show, shows))
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such list.", NULL,
		    "Choose waiting or all.");
	else if (!sg_field_number(q->query, "since", G_MAXINT64, &since) ||
		 !sg_field_number(q->query, "limit", ROWS, &limit) ||
		 !sg_field_number(q->query, "offset", 1000000, &offset))
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "A number is needed here.",
		    "since, limit or offset", NULL);
	else {
		f->since = (gint64)since;
		f->limit = (guint)limit;
		f->offset = (guint)offset;
		return TRUE;
	}
	return FALSE;
}

static void
count(const SgIncident *i, gint64 now, guint *urgent, guint *late)
{
	*urgent += g_strcmp0(i->urgency, "urgent") == 0;
	*late += i->look_by > 0 && i->look_by < now;
}

void
sg_p_queue(const SgRequest *q, SgReply *r)
{
	gboolean people = sg_field_true(q->query, "people");
	g_autoptr(GPtrArray) list = NULL;
	SgFilter f;
	json_t *rows;
	guint urgent = 0, late = 0;
	gboolean more;

	if (!read_filter(q, &f, r))
		return;
	list = sg_view_list(q, &f, &more, r);
	if (list == NULL || (people && !sg_view_audit(q, "listed", "people", r)))
		return;
	rows = json_array();
	for (guint k = 0; k < list->len; k++) {
		json_array_append_new(rows, sg_view_row(q, g_ptr_array_index(list, k), people));
		count(g_ptr_array_index(list, k), q->now, &urgent, &late);
	}
	sg_reply(r, json_pack("{s:s s:o s:i s:i s:b}", "title", "Queue", "rows", rows, "urgent",
			(int)urgent, "late", (int)late, "more", more));
	if (more)
		json_object_set_new(r->body, "next", json_integer(f.offset + f.limit));
}

void
sg_p_queue_count(const SgRequest *q, SgReply *r)
{
	SgFilter f = sg_view_filter(q);
	g_autoptr(GPtrArray) list = NULL;
	guint urgent = 0, late = 0;
	gboolean more;

	/* asked every minute by every open page: beyond a thousand "more" is enough */
	f.waiting = TRUE;
	f.limit = ROWS;
	list = sg_view_list(q, &f, &more, r);
	if (list == NULL)
		return;
	for (guint k = 0; k < list->len; k++)
		count(g_ptr_array_index(list, k), q->now, &urgent, &late);
	sg_reply(r, json_pack("{s:i s:i s:i s:b}", "waiting", (int)list->len, "urgent", (int)urgent,
			"late", (int)late, "more", more));
}
