/*
 * tplrender - the console's templates with models of the tests' own.
 *
 *   t/lib/tplrender DIRECTORY <asked >made
 *
 * asked: one {"template", "model"} a line; made: one {"html"} a line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tpl/tpl.h"

static gboolean
one(const SgTpl *t, const char *line)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	json_t *asked = json_loads(line, 0, NULL), *made;
	const char *name = json_string_value(json_object_get(asked, "template"));
	gboolean ok = name != NULL &&
	    sg_tpl_render(t, name, json_object_get(asked, "model"), out, &error);
	char *text;

	if (ok) {
		made = json_pack("{s:s#}", "html", out->str, (int)out->len);
		text = json_dumps(made, JSON_COMPACT);
		(void)puts(text);
		free(text);
		json_decref(made);
	} else
		(void)fprintf(stderr, "%s\n", error != NULL ? error->message : "no template is named");
	json_decref(asked);
	return ok;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgTpl) t = argc == 2 ? sg_tpl_load(argv[1], NULL, &error) : NULL;
	char *line = NULL;
	size_t size = 0;
	gboolean ok = t != NULL;

	if (t == NULL)
		(void)fprintf(stderr, "%s\n", error != NULL ? error->message : "tplrender DIRECTORY");
	while (ok && getline(&line, &size, stdin) > 0)
		ok = one(t, line);
	free(line);
	return ok ? 0 : 1;
}
