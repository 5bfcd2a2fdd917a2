#include "base/err.h"
#include "t/lib/catch.h"
#include "t/lib/fakematch.h"

static gboolean
keep_table(SgSink *self, const char *where, guint columns, const char *utf8, gsize len, GError **error)
{
	Catch *c = (Catch *)self;

	(void)error;
	g_string_append_printf(c->text, "[%s|%u] ", where != NULL ? where : "", columns);
	g_string_append_len(c->text, utf8, (gssize)len);
	g_string_append_c(c->text, '\n');
	return TRUE;
}

static gboolean
keep_text(SgSink *self, const char *where, const char *utf8, gsize len, GError **error)
{
	Catch *c = (Catch *)self;

	(void)error;
	g_string_append_printf(c->text, "[%s] ", where != NULL ? where : "");
	g_string_append_len(c->text, utf8, (gssize)len);
	g_string_append_c(c->text, '\n');
	return TRUE;
}

static gboolean
keep_spend(SgSink *self, guint64 bytes, GError **error)
{
	Catch *c = (Catch *)self;

	c->spent += bytes;
	if (c->spent <= (guint64)c->options->scan.unpacked)
		return TRUE;
	self->limit(self, "unpacked");
	g_set_error(error, SG_ERR, SG_ERR_LIMIT, "unpacked");
	return FALSE;
}

static gboolean
keep_part(SgSink *self, SgPart *part, GError **error)
{
	Catch *c = (Catch *)self;

	(void)error;
	g_string_append_printf(c->parts, "%s %s %" G_GUINT64_FORMAT "\n", part->id, part->name,
	    sg_part_size(part));
	g_ptr_array_add(c->inside, part);
	return TRUE;
}

static void
keep_limit(SgSink *self, const char *name)
{
	Catch *c = (Catch *)self;

	g_string_append_printf(c->limits, "%s%s", c->limits->len > 0 ? " " : "", name);
}

static void
keep_flag(SgSink *self, SgFlag flag)
{
	((Catch *)self)->flags |= flag;
}

static void
free_part(gpointer p)
{
	sg_part_free(p);
}

Catch *
catch_new(const char *settings)
{
	Catch *c = g_new0(Catch, 1);

	c->options = fake_options(settings);
	c->sink = (SgSink){ c->options, keep_text, keep_table, keep_spend, keep_part, keep_limit,
		keep_flag };
	c->text = g_string_new(NULL);
	c->parts = g_string_new(NULL);
	c->limits = g_string_new(NULL);
	c->inside = g_ptr_array_new_with_free_func(free_part);
	return c;
}

void
catch_free(Catch *c)
{
	if (c == NULL)
		return;
	sg_part_free(c->part);
	g_ptr_array_unref(c->inside);
	g_string_free(c->text, TRUE);
	g_string_free(c->parts, TRUE);
	g_string_free(c->limits, TRUE);
	sg_options_unref(c->options);
	g_free(c);
}

gboolean
catch_run(Catch *c, const char *name, const char *mime, GBytes *bytes, GError **error)
{
	const SgExtractor *x;
	gboolean ok;

	sg_part_free(c->part);
	c->part = sg_part_new("1", mime, bytes, SG_AS_IS);
	g_free(c->part->detected);
	c->part->detected = g_strdup(mime);
	x = sg_extractor_for(c->part, NULL, NULL);
	g_assert_nonnull(x);
	g_assert_cmpstr(x->name, ==, name);
	ok = x->run(c->part, &c->sink, error);
	while (ok && c->part->more != NULL)
		ok = x->run(c->part, &c->sink, error);
	return ok;
}
