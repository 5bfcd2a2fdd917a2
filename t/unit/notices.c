/* fails-if: a text blames, shouts, is too wide, has a value nobody fills, or cannot be read */
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "courier/texts.h"

static char *
source(const char *path)
{
	const char *top = g_getenv("top_srcdir");

	return g_build_filename(top != NULL ? top : ".", path, NULL);
}

static SgTexts *
load_from(char *dir, const char *language, GPtrArray *problems, GError **error)
{
	SgOptions o = { 0 };
	g_autofree char *lang = g_strdup(language);

	o.courier.notices = dir;
	o.courier.language = lang;
	return sg_texts_load(&o, problems, error);
}

static SgTexts *
english(void)
{
	g_autofree char *dir = source("rules/notices");
	g_autoptr(GError) error = NULL;
	SgTexts *t = load_from(dir, "en", NULL, &error);

	g_assert_no_error(error);
	return t;
}

/* mails.md, traps.md T-45: what happened, never what somebody did. */
static const char *const banned[] = {
	"offender",
	"offence",
	"offend",
	"violation",
	"violate",
	"abuse",
	"abusive",
	"caught",
	"infringe",
	"culprit",
	"suspect",
	"guilty",
	"accuse",
	"breach",
	"illegal",
	"crime",
	"punish",
	"penalty",
	"detention",
	"warning",
	"inappropriate",
	"misconduct",
	"forbidden",
	"blocked",
	"strike",
	"dumped",
	"quarantine",
	"false positive",
	"invalid",
	"failed",
	"denied",
	"locked by",
	"!",
};

/* console.md 8: fewer than 20 words a sentence, or it is not read. */
enum { WORDS_MOST = 19 };

/* Sentences of the running text: lines that begin with a blank are rows, and a blank line ends one. */
static void
check_sentences(const char *file, char **lines)
{
	guint words = 0;

	for (guint i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) list = g_strsplit(lines[i], " ", -1);

		if (*lines[i] == '\0' || *lines[i] == ' ' || g_str_has_suffix(lines[i], ":"))
			words = 0;
		for (guint k = 0; *lines[i] != ' ' && list[k] != NULL; k++) {
			words += *list[k] != '\0';
			g_test_message("%s:%u: a sentence of more than %d words", file, i + 1, WORDS_MOST);
			g_assert_cmpuint(words, <=, WORDS_MOST);
			if (g_str_has_suffix(list[k], ".") || g_str_has_suffix(list[k], "?") || g_str_has_suffix(list[k], ":"))
				words = 0;
		}
	}
}

static void
check_words(const char *file, const char *text)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(banned); i++) {
		g_test_message("%s: \"%s\"", file, banned[i]);
		g_assert_null(strstr(lower, banned[i]));
	}
}

static void
linter(void)
{
	g_autofree char *path = source("rules/notices/en");
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL), *text = NULL;
		g_auto(GStrv) lines = NULL;

		g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
		check_words(name, text);
		lines = g_strsplit(text, "\n", -1);
		for (guint i = 0; lines[i] != NULL && strcmp(name, "words.txt") != 0; i++) {
			g_test_message("%s:%u: wider than 72 or a blank at the end", name, i + 1);
			g_assert_cmpint(g_utf8_strlen(lines[i], -1), <=, 72);
			g_assert_false(g_str_has_suffix(lines[i], " "));
		}
		if (strcmp(name, "words.txt") != 0)
			check_sentences(name, lines);
		n++;
	}
	g_assert_cmpuint(n, >=, 25);
}

static void
fill_all(SgValues *v)
{
	char x[] = "x";
#define V(n) v->n = g_strdup(x);
	SG_VALUES(V)
#undef V
}

/* Every text, with every value long: no line but a link passes 72 columns. */
static void
never_too_wide(void)
{
	gsize n;
	const char *const *names = sg_texts_names(&n);
	g_autoptr(SgTexts) t = english();
	g_auto(SgValues) v = { 0 };

	g_assert_nonnull(t);
#define V(n)                                                                                       \
	v.n = g_strdup(                                                                            \
	    "several words of some length \xe2\x80\x94 and then some more of them, to the end");
	SG_VALUES(V)
#undef V
	for (gsize i = 0; i < n; i++) {
		g_autofree char *subject = NULL, *text = sg_texts_fill(t, names[i], &v, &subject);
		g_auto(GStrv) lines = NULL;

		g_assert_nonnull(text);
		g_assert_true(*subject != '\0');
		lines = g_strsplit(text, "\n", -1);
		for (guint k = 0; lines[k] != NULL; k++) {
			g_test_message("%s: %s", names[i], lines[k]);
			g_assert_cmpint(g_utf8_strlen(lines[k], -1), <=, 72);
			g_assert_null(strpbrk(lines[k], "{}"));
		}
	}
}

static void
empty_values_drop_lines(void)
{
	g_autoptr(SgTexts) t = english();
	g_auto(SgValues) v = { 0 };
	g_autofree char *subject = NULL, *text = NULL, *subject2 = NULL, *text2 = NULL;

	fill_all(&v);
	g_clear_pointer(&v.reason, g_free);
	g_clear_pointer(&v.link, g_free);
	g_clear_pointer(&v.next_name, g_free);
	g_clear_pointer(&v.arrived, g_free);
	text = sg_texts_fill(t, "alert-urgent", &v, &subject);
	g_assert_cmpstr(subject, ==, "Schoolgate: 1 urgent message is waiting");
	g_assert_cmpstr(text, ==,
	    "An urgent message is waiting for you.\n\n  Reference     x\n  From          x, x\n"
	    "  Held          x\n  Please look   by x\n\nx Schoolgate is not an emergency service. "
	    "If someone is in danger,\n"
	    "call\xc2\xa0"
	    "999.\n");
	text2 = sg_texts_fill(t, "no-such", &v, &subject2);
	g_assert_null(text2);
}

static void
hostile_values(void)
{
	g_autoptr(SgTexts) t = english();
	g_auto(SgValues) v = { 0 };
	g_autofree char *subject = NULL, *text = NULL;

	fill_all(&v);
	g_free(v.ref);
	v.ref = g_strdup("{ref}\r\nBcc: a@b.example\x1b[1m\n{help}");
	text = sg_texts_fill(t, "given-up", &v, &subject);
	g_assert_null(strpbrk(subject, "\r\n\x1b"));
	g_assert_nonnull(strstr(subject, "{ref}"));
	g_assert_null(strpbrk(text, "\r\x1b"));
}

static void
times(void)
{
	g_autoptr(SgTexts) t = english();
	g_autofree char *full = NULL, *today = NULL, *bare = NULL, *other = NULL, *wild = NULL;
	const gint64 at = 1772620200;	/* 2026-03-04 10:30 UTC, a Wednesday */

	full = sg_texts_full_time(t, at);
	g_assert_cmpstr(full, ==, "Wednesday 4 March, 10:30");
	today = sg_texts_when(t, at, at + 3600, FALSE);
	g_assert_cmpstr(today, ==, "10:30 today");
	bare = sg_texts_when(t, at, at + 3600, TRUE);
	g_assert_cmpstr(bare, ==, "10:30");
	other = sg_texts_when(t, at, at + 86400, TRUE);
	g_assert_cmpstr(other, ==, "10:30 on Wednesday 4 March");
	wild = sg_texts_full_time(t, G_MAXINT64);
	g_assert_nonnull(wild);
}

/* A school's own directory: each mistake is named with file and line. */
static void
mistakes_are_named(void)
{
	static const struct { const char *file, *text, *says; } cases[] = {
		{ "alert.txt", "Subject: x\n\nHello {nobody}\n", "alert.txt:3:" },
		{ "alert.txt", "Subject: {nobody}\n\nHello\n", "alert.txt:1:" },
		{ "alert.txt", "Hello\n", "must begin with" },
		{ "alert.txt", "Subject: x\nHello\n", "must begin with" },
		{ "alert.txt", "Subject: \xff\n\nx\n", "UTF-8" },
		{ "alert.txt", NULL, "cannot be read" },
		{ "words.txt", "class.pupil: x\nbogus: y\n", "words.txt:2:" },
		{ "words.txt", "time.days: Monday\n", "7 days" },
		{ "words.txt", "", "a word is missing" },
	};
	g_autofree char *from = source("rules/notices/en"),
			*tmp = g_dir_make_tmp("notices-XXXXXX", NULL);
	g_autofree char *to = g_build_filename(tmp, "en", NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;
		g_autofree char *cmd = g_strdup_printf(
		    "rm -rf %s && cp -r %s %s && chmod -R u+w %s", to, from, to, to);
		g_autofree char *file = g_build_filename(to, cases[i].file, NULL);
		gboolean found = FALSE;

		g_assert_cmpint(system(cmd), ==, 0);
		if (cases[i].text != NULL)
			g_assert_true(g_file_set_contents(file, cases[i].text, -1, NULL));
		else
			g_assert_cmpint(g_unlink(file), ==, 0);
		g_assert_null(load_from(tmp, "en", problems, &error));
		g_assert_error(error, SG_ERR, SG_ERR_SETUP);
		for (guint k = 0; k < problems->len; k++)
			found |= strstr(problems->pdata[k], cases[i].says) != NULL;
		g_test_message("%s: %s", cases[i].says, error->message);
		g_assert_true(found);
	}
	{
		g_autofree char *cmd = g_strdup_printf("rm -rf %s", tmp);

		g_assert_cmpint(system(cmd), ==, 0);
	}
}

int
main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/notices/linter", linter);
	g_test_add_func("/notices/never-too-wide", never_too_wide);
	g_test_add_func("/notices/empty-values-drop-lines", empty_values_drop_lines);
	g_test_add_func("/notices/hostile-values", hostile_values);
	g_test_add_func("/notices/times", times);
	g_test_add_func("/notices/mistakes-are-named", mistakes_are_named);
	return g_test_run();
}
