#include <string.h>

#include "store/engine.h"

/* Every call that can fail in reality counts; the n-th, or all from it on, fail.  A commit
 * can also do its work and only say that it failed. */
typedef struct Conn {
	const SgStoreEngine *inner;
	gpointer c;
	gint	 at;		/* calls so far; atomic */
	gint	 from;
	gboolean onwards, liar;
} Conn;

static gboolean
fails(Conn *f, GError **error)
{
	gint n = g_atomic_int_add(&f->at, 1) + 1;

	if (n != f->from && !(f->onwards && n > f->from))
		return FALSE;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "store: call %d fails, as a test asked for", n);
	return TRUE;
}

static gpointer
failing_open(const char *place, GError **error)
{
	char *rest = NULL;
	guint64 from = g_ascii_strtoull(place, &rest, 10);
	gboolean onwards = *rest == '+', liar = *rest == '!';
	const char *inner_place = NULL;
	const SgStoreEngine *inner;
	g_autofree Conn *f = g_new0(Conn, 1);

	if (onwards || liar)
		rest++;
	if (*rest != ':') {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "write failing:N:URL");
		return NULL;
	}
	inner = sg_engine_for(rest + 1, &inner_place, error);
	f->inner = inner;
	f->from = (gint)MIN(from, G_MAXINT);
	f->onwards = onwards;
	f->liar = liar;
	if (inner == NULL || fails(f, error) || (f->c = inner->open(inner_place, error)) == NULL)
		return NULL;
	return g_steal_pointer(&f);
}

static void
failing_close(gpointer data)
{
	Conn *f = data;

	f->inner->close(f->c);
	g_free(f);
}

static const SgSchema *
failing_schema(gpointer data)
{
	Conn *f = data;

	return f->inner->schema(f->c);
}

static gboolean
failing_begin(gpointer data, gboolean writing, gint64 wait, GError **error)
{
	Conn *f = data;

	return !fails(f, error) && f->inner->begin(f->c, writing, wait, error);
}

static gboolean
failing_run(gpointer data, const char *sql, const SgValue *v, guint n, SgRowFn row, gpointer row_data,
    guint64 *changed, GError **error)
{
	Conn *f = data;

	return !fails(f, error) && f->inner->run(f->c, sql, v, n, row, row_data, changed, error);
}

static gboolean
failing_script(gpointer data, const char *sql, GError **error)
{
	Conn *f = data;

	return !fails(f, error) && f->inner->script(f->c, sql, error);
}

static gboolean
failing_commit(gpointer data, GError **error)
{
	Conn *f = data;
	gboolean bad = fails(f, error);

	if (!bad || !f->liar)
		return !bad && f->inner->commit(f->c, error);
	f->inner->commit(f->c, NULL);
	return FALSE;
}

static void
failing_rollback(gpointer data)
{
	Conn *f = data;

	f->inner->rollback(f->c);
}

static gboolean
failing_scrub(gpointer data, GError **error)
{
	Conn *f = data;

	return !fails(f, error) && f->inner->scrub(f->c, error);
}

static gboolean
failing_put(gpointer data, const char *ref, const char *object, SgSeal *seal, GError **error)
{
	Conn *f = data;

	return !fails(f, error) && f->inner->put(f->c, ref, object, seal, error);
}

static GBytes *
failing_get(gpointer data, const char *ref, const char *object, GError **error)
{
	Conn *f = data;

	return fails(f, error) ? NULL : f->inner->get(f->c, ref, object, error);
}

static gboolean
failing_has(gpointer data, const char *ref, const char *object)
{
	Conn *f = data;

	return f->inner->has(f->c, ref, object);
}

static gboolean
failing_drop(gpointer data, const char *ref, const char *object, GError **error)
{
	Conn *f = data;

	return !fails(f, error) && f->inner->drop(f->c, ref, object, error);
}

static gboolean
failing_each(gpointer data, SgObjectFn fn, gpointer fn_data, GError **error)
{
	Conn *f = data;

	return !fails(f, error) && f->inner->each(f->c, fn, fn_data, error);
}

const SgStoreEngine sg_s_failing = {
	.name = "failing",
	.open = failing_open,
	.close = failing_close,
	.schema = failing_schema,
	.begin = failing_begin,
	.run = failing_run,
	.script = failing_script,
	.commit = failing_commit,
	.rollback = failing_rollback,
	.scrub = failing_scrub,
	.put = failing_put,
	.get = failing_get,
	.has = failing_has,
	.drop = failing_drop,
	.each = failing_each,
};
