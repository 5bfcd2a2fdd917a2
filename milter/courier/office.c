#include "courier/office.h"

SgSetup *
sg_setup_load(SgOptions *o, GPtrArray *problems, GError **error)
{
	g_autoptr(SgPolicy) policy = sg_policy_load(o, problems, error);
	g_autoptr(SgTexts) texts = NULL;
	SgSetup *s;

	/* The first failure is the error; the second still adds its problems. */
	texts = sg_texts_load(o, problems, policy != NULL ? error : NULL);
	if (policy == NULL || texts == NULL)
		return NULL;
	s = g_new0(SgSetup, 1);
	g_atomic_ref_count_init(&s->refs);
	s->options = sg_options_ref(o);
	s->policy = g_steal_pointer(&policy);
	s->texts = g_steal_pointer(&texts);
	return s;
}

SgSetup *
sg_setup_ref(SgSetup *s)
{
	g_atomic_ref_count_inc(&s->refs);
	return s;
}

void
sg_setup_unref(SgSetup *s)
{
	if (!g_atomic_ref_count_dec(&s->refs))
		return;
	sg_options_unref(s->options);
	sg_policy_unref(s->policy);
	sg_texts_free(s->texts);
	g_free(s);
}

void
sg_outcome_set(SgOutcome *out, SgSent how, gint64 when, const char *answer)
{
	g_free(out->answer);
	*out = (SgOutcome){ .known = TRUE, .how = how, .when = when, .answer = g_strdup(answer) };
}

void
sg_outcome_again(SgOutcome *out, gint64 when)
{
	g_free(out->answer);
	*out = (SgOutcome){ .when = when, .answer = g_strdup("") };
}

gint64
sg_office_backoff(const SgOptions *o, guint attempts)
{
	gint64 wait = o->courier.retry;

	for (guint i = 0; i < attempts && wait < 3600; i++)
		wait *= 2;
	return MIN(wait, 3600);
}
