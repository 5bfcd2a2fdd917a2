#include <string.h>

#include "console/grants.h"

#define MANY 10000u	/* beyond it the oldest go: nobody reads so many at once */

typedef struct Grant {
	char  *account, *ref;
	SgRung rung;
	gint64 until;
	GHashTable *clear;	/* parts that are pictures seen clearly */
} Grant;

struct SgGrants {
	GMutex	   lock;
	GPtrArray *list;
};

static void
grant_free(gpointer p)
{
	Grant *g = p;

	g_free(g->account);
	g_free(g->ref);
	g_hash_table_unref(g->clear);
	g_free(g);
}

SgGrants *
sg_grants_new(void)
{
	SgGrants *g = g_new0(SgGrants, 1);

	g_mutex_init(&g->lock);
	g->list = g_ptr_array_new_with_free_func(grant_free);
	return g;
}

void
sg_grants_free(SgGrants *g)
{
	if (g == NULL)
		return;
	g_ptr_array_unref(g->list);
	g_mutex_clear(&g->lock);
	g_free(g);
}

/* Those that ended are dropped on the way. */
static Grant *
find(SgGrants *g, const char *account, const char *ref, gint64 now)
{
	Grant *found = NULL;

	for (guint i = g->list->len; i-- > 0;) {
		Grant *one = g_ptr_array_index(g->list, i);

		if (one->until <= now)
			g_ptr_array_remove_index_fast(g->list, i);
		else if (strcmp(one->account, account) == 0 && strcmp(one->ref, ref) == 0)
			found = one;
	}
	return found;
}

void
sg_grants_give(SgGrants *g, const char *account, const char *ref, SgRung rung, gint64 now)
{
	Grant *one;

	g_mutex_lock(&g->lock);
	one = find(g, account, ref, now);
	if (one == NULL) {
		if (g->list->len >= MANY)
			g_ptr_array_remove_index(g->list, 0);
		one = g_new0(Grant, 1);
		one->account = g_strdup(account);
		one->ref = g_strdup(ref);
		one->clear = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		g_ptr_array_add(g->list, one);
	}
	one->rung = MAX(one->rung, rung);
	one->until = now + SG_GRANT_IDLE;
	g_mutex_unlock(&g->lock);
}

SgRung
sg_grants_rung(SgGrants *g, const char *account, const char *ref, gint64 now)
{
	SgRung rung = SG_RUNG_MASKED;
	Grant *one;

	g_mutex_lock(&g->lock);
	one = find(g, account, ref, now);
	if (one != NULL) {
		one->until = now + SG_GRANT_IDLE;
		rung = one->rung;
	}
	g_mutex_unlock(&g->lock);
	return rung;
}

void
sg_grants_clear_picture(SgGrants *g, const char *account, const char *ref, const char *part, gint64 now)
{
	Grant *one;

	g_mutex_lock(&g->lock);
	one = find(g, account, ref, now);
	if (one != NULL)
		g_hash_table_add(one->clear, g_strdup(part));
	g_mutex_unlock(&g->lock);
}

gboolean
sg_grants_is_clear(SgGrants *g, const char *account, const char *ref, const char *part, gint64 now)
{
	Grant *one;
	gboolean is;

	g_mutex_lock(&g->lock);
	one = find(g, account, ref, now);
	is = one != NULL && g_hash_table_contains(one->clear, part);
	g_mutex_unlock(&g->lock);
	return is;
}

static void
end(SgGrants *g, const char *account, const char *ref)
{
	g_mutex_lock(&g->lock);
	for (guint i = g->list->len; i-- > 0;) {
		const Grant *one = g_ptr_array_index(g->list, i);

		if ((account == NULL || strcmp(one->account, account) == 0) &&
		    (ref == NULL || strcmp(one->ref, ref) == 0))
			g_ptr_array_remove_index_fast(g->list, i);
	}
	g_mutex_unlock(&g->lock);
}

void
sg_grants_end(SgGrants *g, const char *account, const char *ref)
{
	end(g, account, ref);
}

void
sg_grants_close(SgGrants *g, const char *ref)
{
	end(g, NULL, ref);
}
