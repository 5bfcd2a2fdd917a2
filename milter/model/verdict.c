#include "model/verdict.h"

static const char *const do_names[SG_DO_N] = {
	[SG_DO_DELIVER] = "deliver", [SG_DO_TAG] = "tag", [SG_DO_DETACH] = "detach",
	[SG_DO_APPROVE] = "approve", [SG_DO_REJECT] = "reject", [SG_DO_HOLD] = "hold",
	[SG_DO_SEAL] = "seal",
};

static const char *const route_names[] = {
	[SG_ROUTE_IN] = "in", [SG_ROUTE_OUT] = "out", [SG_ROUTE_INSIDE] = "inside",
	[SG_ROUTE_TRANSIT] = "transit",
};

static void
line_free(gpointer p)
{
	SgLine *l = p;

	g_free(l->address);
	g_free(l->klass);
	g_free(l->rows);
	g_free(l);
}

SgVerdict *
sg_verdict_new(void)
{
	SgVerdict *v = g_new0(SgVerdict, 1);

	v->lines = g_ptr_array_new_with_free_func(line_free);
	v->notify = g_ptr_array_new_with_free_func(g_free);
	v->bcc = g_ptr_array_new_with_free_func(g_free);
	v->detach = g_ptr_array_new_with_free_func(g_free);
	return v;
}

void
sg_verdict_free(SgVerdict *v)
{
	if (v == NULL)
		return;
	g_ptr_array_unref(v->lines);
	g_ptr_array_unref(v->notify);
	g_ptr_array_unref(v->bcc);
	g_ptr_array_unref(v->detach);
	g_free(v->sender_class);
	g_free(v->category);
	g_free(v->area);
	g_free(v->rows);
	g_free(v->shadow);
	g_free(v->failure);
	g_free(v->reply_status);
	g_free(v->reply_text);
	g_free(v);
}

SgLine *
sg_verdict_add(SgVerdict *v, const char *address, const char *klass)
{
	SgLine *l = g_new0(SgLine, 1);

	l->address = g_strdup(address);
	l->klass = g_strdup(klass);
	l->rows = g_strdup("");
	g_ptr_array_add(v->lines, l);
	return l;
}

const char *
sg_do_name(SgDo d)
{
	return d < SG_DO_N ? do_names[d] : "?";
}

gboolean
sg_do_parse(const char *s, SgDo *d)
{
	for (guint i = 0; i < SG_DO_N; i++)
		if (g_strcmp0(s, do_names[i]) == 0) {
			*d = (SgDo)i;
			return TRUE;
		}
	return FALSE;
}

const char *
sg_route_name(SgRoute r)
{
	return r < G_N_ELEMENTS(route_names) ? route_names[r] : "?";
}

gboolean
sg_route_parse(const char *s, SgRoute *r)
{
	for (guint i = 0; i < G_N_ELEMENTS(route_names); i++)
		if (g_strcmp0(s, route_names[i]) == 0) {
			*r = (SgRoute)i;
			return TRUE;
		}
	return FALSE;
}

guint
sg_verdict_count(const SgVerdict *v, SgDo d)
{
	guint n = 0;

	for (guint i = 0; i < v->lines->len; i++)
		n += ((const SgLine *)g_ptr_array_index(v->lines, i))->what == d;
	return n;
}
