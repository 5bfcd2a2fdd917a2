/* fails-if: a value that stands beside a hit is shown, or the text around is lost */
#include <string.h>

#include <glib.h>

#include "model/finding.h"
#include "rule/excerpt.h"

static char *
around(const char *text, const char *hit, const char *secret)
{
	g_autoptr(SgFinding) f = g_new0(SgFinding, 1);
	const char *at = strstr(text, hit), *other = secret != NULL ? strstr(text, secret) : NULL;
	SgHidden h = { 0, 0 };

	if (other != NULL)
		h = (SgHidden){ (gsize)(other - text), (gsize)(other - text) + strlen(secret) };
	f->secret = TRUE;
	sg_excerpt_set(f, text, strlen(text), (gsize)(at - text), strlen(hit), &h, other != NULL);
	return sg_finding_masked(f);
}

static void
is(const char *text, const char *hit, const char *secret, const char *want)
{
	g_autofree char *got = around(text, hit, secret);

	g_assert_cmpstr(got, ==, want);
}

#define DOT "\xe2\x80\xa2"
#define DOT3 DOT DOT DOT

static void
values_beside(void)
{
	is("ring 07700900403, NHS 999 200 1003 born 04/03/2012", "999 200 1003", NULL,
	    "ring " DOT3 DOT3 DOT3 DOT DOT ", NHS 999 " DOT3 " " DOT DOT "03 born " DOT3 DOT3 DOT3 DOT);
	is("ann@hill.example is an idiot", "idiot", NULL,
	    DOT3 DOT3 DOT3 DOT3 DOT3 DOT " is an " DOT3 DOT DOT);
	is("build 12345 of version 2", "of", NULL, "build " DOT3 DOT DOT " " DOT DOT " version 2");
}

static void
secrets_beside(void)
{
	is("login ann, giraffe, then idiot", "idiot", "giraffe",
	    "login ann, " DOT3 DOT3 DOT ", then " DOT3 DOT DOT);
}

/* a number that the edge of the window cuts is still a number */
static void
cut_by_the_edge(void)
{
	g_autofree char *gap = g_strnfill(74, 'x');
	g_autofree char *text = g_strdup_printf("NHS 999 200 1003 %s idiot", gap);
	g_autofree char *got = around(text, "idiot", NULL);

	g_assert_null(strstr(got, "03"));
	g_assert_nonnull(strstr(got, "xxx"));
}

static void
nothing_is_lost(void)
{
	is("caf\xc3\xa9 idiot na\xc3\xafve", "idiot", NULL, "caf\xc3\xa9 " DOT3 DOT DOT " na\xc3\xafve");
	is("idiot", "idiot", NULL, DOT3 DOT DOT);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/excerpt/values-beside", values_beside);
	g_test_add_func("/excerpt/secrets-beside", secrets_beside);
	g_test_add_func("/excerpt/cut-by-the-edge", cut_by_the_edge);
	g_test_add_func("/excerpt/nothing-is-lost", nothing_is_lost);
	return g_test_run();
}
