#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/keys.h"
#include "console/console.h"
#include "console/html.h"
#include "model/logo.h"

static void
setup_clear(gpointer p)
{
	SgSetup *s = p;

	sg_policy_unref(s->policy);
	sg_steps_free(s->steps);
	sg_options_unref(s->options);
	sg_tpl_free(s->tpl);
	sg_assets_free(s->assets);
	if (s->accounts != NULL)
		g_ptr_array_unref(s->accounts);
}

void
sg_setup_unref(SgSetup *s)
{
	if (s != NULL)
		g_atomic_rc_box_release_full(s, setup_clear);
}

/* What the web pages are made of; everything that is wrong goes to problems. */
static gboolean
load_pages(SgSetup *s, GPtrArray *problems, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(SgLogo) logo = NULL;

	s->tpl = sg_tpl_load(s->options->console.templates, problems, error);
	if (s->tpl == NULL)
		return FALSE;
	if (sg_html_check(s->tpl, &why) && sg_logo_load(s->options, &logo, &why))
		s->assets = sg_assets_load(s->options->console.assets, logo != NULL ? logo->png : NULL, &why);
	s->logo_width = logo != NULL ? logo->width : 0;
	if (s->assets != NULL)
		return TRUE;
	if (problems != NULL)
		g_ptr_array_add(problems, g_strdup(why->message));
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
check_words(const SgOptions *o, GPtrArray *problems, GError **error)
{
	g_autofree char *why = NULL;

	if (strcmp(o->console.sealed_view, "never") == 0 || strcmp(o->console.sealed_view, "two_person") == 0)
		return TRUE;
	why = g_strdup_printf("console.sealed_view: \"%s\" is no choice; write never or two_person", o->console.sealed_view);
	if (problems != NULL)
		g_ptr_array_add(problems, g_strdup(why));
	g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, why);
	return FALSE;
}

/* Where the next failure may be told: the first one is the one that is. */
static GError **
unset(GError **error)
{
	return error != NULL && *error == NULL ? error : NULL;
}

/* With a list of problems to fill, everything is looked at; without, the first one ends it. */
SgSetup *
sg_setup_load(SgOptions *options, GPtrArray *problems, GError **error)
{
	g_autoptr(SgSetup) s = g_atomic_rc_box_new0(SgSetup);
	gboolean all = problems != NULL, good;

	s->options = sg_options_ref(options);
	s->accounts = sg_accounts_parse(options->cli.accounts, problems, error);
	good = s->accounts != NULL;
	if (good || all)
		good &= check_words(options, problems, unset(error));
	if (good || all)
		good &= (s->steps = sg_steps_load(options, problems, unset(error))) != NULL;
	if (good || all)
		good &= (s->policy = sg_policy_load(options, problems, unset(error))) != NULL;
	if (good || all)
		good &= load_pages(s, problems, unset(error));
	return good ? g_steal_pointer(&s) : NULL;
}

SgConsole *
sg_console_new(SgOptions *options, GError **error)
{
	g_autoptr(SgConsole) c = g_new0(SgConsole, 1);
	g_autoptr(SgKeys) keys = NULL;

	g_mutex_init(&c->lock);
	c->started = sg_clock_now();
	c->setup = sg_setup_load(options, NULL, error);
	keys = c->setup != NULL ? sg_keys_load(options->keys.dir,
	    SG_KEY_VAULT_PUBLIC | SG_KEY_VAULT_SECRET | SG_KEY_AUDIT | SG_KEY_MAIL, error) : NULL;
	c->store = keys != NULL ? sg_store_open(options, keys, error) : NULL;
	c->grants = sg_grants_new();
	c->hasher = sg_hasher_new();
	c->counters = sg_counters_new(c->started);
	c->keys = g_steal_pointer(&keys);
	return c->store != NULL ? g_steal_pointer(&c) : NULL;
}

void
sg_console_free(SgConsole *c)
{
	if (c == NULL)
		return;
	sg_store_close(c->store);
	sg_grants_free(c->grants);
	sg_hasher_free(c->hasher);
	sg_counters_free(c->counters);
	sg_keys_free(c->keys);
	sg_setup_unref(c->setup);
	g_mutex_clear(&c->lock);
	g_free(c);
}

SgSetup *
sg_console_setup(SgConsole *c)
{
	SgSetup *s;

	g_mutex_lock(&c->lock);
	s = g_atomic_rc_box_acquire(c->setup);
	g_mutex_unlock(&c->lock);
	return s;
}

gboolean
sg_console_reload(SgConsole *c, GError **error)
{
	g_autoptr(SgOptions) o = sg_options_load(c->setup->options->file, NULL, error);
	SgSetup *s = o != NULL ? sg_setup_load(o, NULL, error) : NULL, *old;

	if (s == NULL)
		return FALSE;
	g_mutex_lock(&c->lock);
	old = c->setup;
	c->setup = s;
	g_mutex_unlock(&c->lock);
	sg_setup_unref(old);
	return TRUE;
}
