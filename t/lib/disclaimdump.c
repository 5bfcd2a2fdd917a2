/*
 * disclaimdump - puts a text into mails and says what happened; for t/20-disclaim.t.
 *
 *   disclaimdump [--place P] [--repeat R] [--most BYTES] PLAIN HTML OUTDIR FILE...
 *
 * PLAIN and HTML are files.  For each FILE one line of JSON; the new message, or the old
 * one when it stays, goes to OUTDIR under the same name.
 */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#include "base/letters.h"
#include "scan/disclaim.h"
#include "scan/walk.h"

static char *
contents(const char *file)
{
	char *text = NULL;

	g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
	return text;
}

static void
do_one(const char *file, const char *dir, const GPtrArray *texts, guint64 most)
{
	g_autofree char *base = g_path_get_basename(file), *to = g_build_filename(dir, base, NULL);
	g_autofree char *data = NULL, *line = NULL;
	g_autoptr(GBytes) raw = NULL;
	g_auto(SgDisclaimed) d = { 0 };
	json_t *o;
	gsize len;

	g_assert_true(g_file_get_contents(file, &data, &len, NULL));
	raw = g_bytes_new_take(g_steal_pointer(&data), len);
	sg_disclaim(raw, texts, most, &d);
	if (d.bytes != NULL)
		raw = (g_bytes_unref(raw), g_bytes_ref(d.bytes));
	g_assert_true(g_file_set_contents(to, g_bytes_get_data(raw, NULL), (gssize)g_bytes_get_size(raw), NULL));
	o = json_pack("{s:s,s:b,s:s,s:s}", "file", base, "changed", d.bytes != NULL, "added", d.added->str,
	    "skipped", d.skipped->str);
	line = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	g_print("%s\n", line);
}

int
main(int argc, char **argv)
{
	g_autofree char *place = g_strdup("bottom"), *repeat = g_strdup("once-per-thread");
	gint64 most = 64 << 20;
	const GOptionEntry entries[] = {
		{ "place", 0, 0, G_OPTION_ARG_STRING, &place, NULL, NULL },
		{ "repeat", 0, 0, G_OPTION_ARG_STRING, &repeat, NULL, NULL },
		{ "most", 0, 0, G_OPTION_ARG_INT64, &most, NULL, NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	SgWireDISCLAIM d = { .name = (char *)(guintptr)"test" };

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, NULL) || argc < 4)
		return 2;
	g_assert_true(sg_walk_warm_up(NULL));
	d.place = place;
	d.repeat = repeat;
	d.plain = contents(argv[1]);
	d.html = contents(argv[2]);
	d.known = sg_letters(d.plain, strlen(d.plain));
	g_ptr_array_add(texts, &d);
	for (int i = 4; i < argc; i++)
		do_one(argv[i], argv[3], texts, (guint64)most);
	g_free(d.plain);
	g_free(d.html);
	g_free(d.known);
	return 0;
}
