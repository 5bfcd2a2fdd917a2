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

void
sg_relation_free(gpointer relation)
{
	SgRelation *r = relation;

	g_free(r->address);
	g_free(r->domain);
	g_free(r->surname);
	g_free(r->home);
	g_free(r);
}

SgRelations *
sg_relations_new(void)
{
	SgRelations *r = g_new0(SgRelations, 1);

	r->to = g_ptr_array_new_with_free_func(sg_relation_free);
	return r;
}

void
sg_relations_free(SgRelations *r)
{
	if (r == NULL)
		return;
	g_free(r->from);
	g_free(r->home);
	g_ptr_array_unref(r->to);
	g_free(r);
}
