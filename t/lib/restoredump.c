/*
 * restoredump - lines as the rules read them when something in them looks disguised.
 *
 *   t/lib/restoredump RULES... < LINES
 *
 * A line each: the words that were read otherwise as "was>is/weight", a tab, the text
 * as read.  For measuring; the tests call the same functions.
 */
#include <stdio.h>
#include <string.h>

#include "disguise/restore.h"
#include "rule/set.h"

static void
one_line(SgRestore *r, SgCanon *c, const char *line, gsize len)
{
	sg_canon_start(c, line, len);
	while (sg_canon_next(c)) {
		g_autoptr(GString) read = g_string_new(NULL);
		const SgEdits *e = sg_restore_read(r, c);

		for (guint i = 0; i < e->edit->len; i++) {
			const SgEdit *x = &g_array_index(e->edit, SgEdit, i);

			printf("%s%.*s>%.*s/%u", i > 0 ? " | " : "", (int)(x->to - x->from), c->text + x->from,
			    (int)x->len, e->words->str + x->at, x->weight);
		}
		if (sg_edits_read(e, c->text, 0, c->len, FALSE, read)) {
			g_string_append(read, "\t");
			(void)sg_edits_read(e, c->text, 0, c->len, TRUE, read);
		}
		printf("\t%s\n", read->str);
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgRuleset) set = argc > 1 ? sg_ruleset_load(argv + 1, NULL, problems, NULL) : NULL;
	g_autoptr(SgCanon) c = sg_canon_new(NULL);
	g_autoptr(SgRestore) r = NULL;
	g_autofree char *line = NULL;
	size_t room = 0;
	ssize_t n;

	for (guint i = 0; i < problems->len; i++)
		fprintf(stderr, "%s\n", (char *)g_ptr_array_index(problems, i));
	if (set == NULL || c == NULL)
		return 2;
	r = sg_restore_new(set->vocab);
	while ((n = getline(&line, &room, stdin)) >= 0)
		one_line(r, c, line, n > 0 && line[n - 1] == '\n' ? (gsize)n - 1 : (gsize)n);
	return 0;
}
