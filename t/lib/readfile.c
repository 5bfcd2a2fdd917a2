#include <string.h>

#include "scan/walk.h"
#include "t/lib/fakematch.h"
#include "t/lib/readfile.h"

SgReading *
read_bytes(const char *name, const void *bytes, gsize n, const char *settings)
{
	g_autoptr(SgOptions) options = fake_options(settings);
	g_autoptr(SgMatch) match = fake_match_new(NULL);
	g_autoptr(GString) mail = g_string_new("From: a@hill.example\nMIME-Version: 1.0\n");
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *letters = g_base64_encode(bytes, n);
	SgWalkJob job = { .options = options, .match = match, .facts = "", .texts = SG_TEXTS_ALWAYS };
	SgReading *r;

	g_string_append_printf(mail, "Content-Type: application/octet-stream; name=\"%s\"\n"
	    "Content-Disposition: attachment; filename=\"%s\"\nContent-Transfer-Encoding: base64\n\n", name, name);
	for (gsize i = 0; i < strlen(letters); i += 76)
		g_string_append_printf(mail, "%.76s\n", letters + i);
	job.raw = raw = g_bytes_new(mail->str, mail->len);
	g_assert_true(sg_walk_warm_up(&error));
	r = sg_walk(&job, &error);
	g_assert_no_error(error);
	return r;
}

SgReading *
read_sample(const char *name, const char *settings)
{
	g_autofree char *path = g_strdup_printf("%s/t/data/%s", g_getenv("top_srcdir") != NULL ?
	    g_getenv("top_srcdir") : ".", name);
	g_autofree char *base = g_path_get_basename(name), *bytes = NULL;
	g_autoptr(GError) error = NULL;
	gsize n;

	g_file_get_contents(path, &bytes, &n, &error);
	g_assert_no_error(error);
	return read_bytes(base, bytes, n, settings);
}

char *
read_texts(const SgReading *r)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < r->texts->len; i++) {
		const SgText *t = g_ptr_array_index(r->texts, i);

		if (strcmp(t->where, "name") == 0)
			continue;
		if (t->columns > 0)
			g_string_append(all, "[columns]\n");
		g_string_append(all, t->text);
		if (all->len > 0 && all->str[all->len - 1] != '\n')
			g_string_append_c(all, '\n');
	}
	return g_string_free(all, FALSE);
}
