#include "model/relation.h"

SgContact *
sg_contact_new(const char *child, const char *other)
{
	SgContact *c = g_new0(SgContact, 1);

	c->child = g_strdup(child);
	c->other = g_strdup(other);
	c->before = g_array_new(FALSE, FALSE, sizeof(SgSign));
	return c;
}

void
sg_contact_free(SgContact *c)
{
	if (c == NULL)
		return;
	g_free(c->child);
	g_free(c->other);
	g_array_unref(c->before);
	g_free(c);
}
