#include <string.h>

#include "rule/rule.h"

#define MATCHERS X(words) X(regex) X(near) X(say) X(count) X(file) X(model) X(number) X(list) X(person) \
	X(roster)

#define X(n) extern const SgMatcher sg_m_##n;
MATCHERS
#undef X

static const SgMatcher *const matchers[] = {
#define X(n) &sg_m_##n,
	MATCHERS
#undef X
};

const SgMatcher *
sg_matcher_named(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(matchers); i++)
		if (strcmp(matchers[i]->name, name) == 0)
			return matchers[i];
	return NULL;
}

char *
sg_matcher_names(void)
{
	GString *names = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(matchers); i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", matchers[i]->name);
	return g_string_free(names, FALSE);
}
