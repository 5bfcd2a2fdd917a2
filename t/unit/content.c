/* fails-if: a matched word is readable at rung 1 wherever it stands, a number is readable in full
 * at any rung, or offsets of a lying scanner cut a character or read beyond the text */
#include <string.h>

#include "console/content.h"

static void
add_text(SgReading *r, const char *where, const char *part, const char *text)
{
	SgText *t = g_new0(SgText, 1);

	t->where = g_strdup(where);
	t->part = g_strdup(part);
	t->name = g_strdup("");
	t->text = g_strdup(text);
	g_ptr_array_add(r->texts, t);
}

static SgFinding *
add_finding(SgReading *r, const char *excerpt, guint at, guint len, gboolean secret)
{
	SgFinding *f = g_new0(SgFinding, 1);

	f->severity = f->confidence = 3;
	f->count = 1;
	f->rule = g_strdup("a.b");
	f->title = g_strdup("t");
	f->category = g_strdup("bullying");
	f->area = g_strdup("conduct");
	f->where = g_strdup("body");
	f->part = g_strdup("1");
	f->name = g_strdup("");
	f->excerpt = g_strdup(excerpt);
	f->hit_at = f->text_at = at;
	f->hit_len = f->text_len = len;
	f->secret = secret;
	g_ptr_array_add(r->findings, f);
	return f;
}

/* All pieces of a model, joined. */
static char *
joined(json_t *model)
{
	GString *s = g_string_new(NULL);
	gsize i;
	json_t *o;

	json_array_foreach(model, i, o) {
		json_t *pieces = json_object_get(
			   o, json_object_get(o, "pieces") != NULL ? "pieces" : "excerpt"),
		       *p;
		gsize k;

		json_array_foreach(pieces, k, p)
			g_string_append(s, json_string_value(json_object_get(p, "text")));
		g_string_append_c(s, '|');
	}
	json_decref(model);
	return g_string_free(s, FALSE);
}

static void
words(void)
{
	g_autoptr(SgReading) r = sg_reading_new();
	const char *one = "he is an idiot and a LOSER", *two = "the loser is an IDIOT";
	g_autoptr(SgContent) c = NULL;
	g_autofree char *masked = NULL, *open = NULL;

	add_finding(r, one, 9, 5, FALSE);
	add_finding(r, two, 4, 5, FALSE);
	c = sg_content_new(r);
	masked = joined(sg_content_hits(c, SG_RUNG_MASKED));
	g_assert_null(strstr(masked, "diot"));
	g_assert_null(strstr(masked, "DIOT"));
	g_assert_null(strstr(masked, "oser"));
	g_assert_null(strstr(masked, "OSER"));
	g_assert_nonnull(strstr(masked, "he is an "));
	open = joined(sg_content_hits(c, SG_RUNG_WORDS));
	g_assert_cmpstr(open, ==, "he is an idiot and a LOSER|the loser is an IDIOT|");
}

static void
numbers(void)
{
	g_autoptr(SgReading) r = sg_reading_new();
	const char *text = "NHS 943 476 5919 and 943 476 5870, sort code 12-34-56, born 2012";
	g_autoptr(SgContent) c = NULL;
	gboolean cut = TRUE;

	add_finding(r, text, 4, 12, TRUE);
	add_text(r, "body", "1", text);
	c = sg_content_new(r);
	for (SgRung rung = SG_RUNG_MASKED; rung <= SG_RUNG_TEXT; rung++) {
		g_autofree char *s = joined(
		    rung == SG_RUNG_TEXT ? sg_content_texts(c, &cut) : sg_content_hits(c, rung));

		g_assert_null(strstr(s, "476"));
		g_assert_null(strstr(s, "34-5"));
		g_assert_nonnull(strstr(s, "NHS 943 "));
		g_assert_nonnull(strstr(s, "born 2012"));
	}
	g_assert_false(cut);
}

static void
liars(void)
{
	static const guint ats[][2] = {{0, 9999}, {9999, 1}, {4, 1}, {3, 1 },
		{ G_MAXUINT32, G_MAXUINT32}, {5, G_MAXUINT32}, {0, 0}};
	const char *text = "caf\xc3\xa9 is not here";

	for (gsize i = 0; i < G_N_ELEMENTS(ats); i++) {
		g_autoptr(SgReading) r = sg_reading_new();
		g_autoptr(SgContent) c = NULL;
		g_autofree char *masked = NULL, *all = NULL;
		gboolean cut;

		add_finding(r, text, ats[i][0], ats[i][1], FALSE);
		add_text(r, "body", "1", text);
		c = sg_content_new(r);
		masked = joined(sg_content_hits(c, SG_RUNG_MASKED));
		all = joined(sg_content_texts(c, &cut));
		g_assert_true(g_utf8_validate(masked, -1, NULL));
		/* an offset that cannot be right hides all of it */
		if (ats[i][1] != 0 && i != 3)
			g_assert_null(strstr(masked, "not here"));
		g_assert_cmpstr(all, ==, "caf\xc3\xa9 is not here|");
	}
}

static void
much(void)
{
	g_autoptr(SgReading) r = sg_reading_new();
	g_autofree char *big = g_strnfill(600000, 'a');
	g_autoptr(SgContent) c = NULL;
	g_autofree char *s = NULL;
	gboolean cut = FALSE;

	add_finding(r, "aa", 0, 2, FALSE);
	add_text(r, "body", "1", big);
	add_text(r, "body", "2", "more");
	c = sg_content_new(r);
	s = joined(sg_content_texts(c, &cut));
	g_assert_true(cut);
	g_assert_cmpuint(strlen(s), <=, 262146);
}

static void
names(void)
{
	g_autoptr(SgReading) r = sg_reading_new();
	SgPartInfo *p = g_new0(SgPartInfo, 1);
	g_autoptr(SgContent) c = NULL;
	json_t *facts, *masked, *open;

	add_finding(r, "idiot list", 0, 5, FALSE);
	p->part = g_strdup("2");
	p->name = g_strdup("Idiot list.xlsx");
	p->detected = g_strdup("application/zip");
	p->state = g_strdup("plain");
	p->strength = g_strdup("none");
	g_ptr_array_add(r->parts, p);
	c = sg_content_new(r);
	facts = sg_content_files(c, SG_RUNG_FACTS);
	masked = sg_content_files(c, SG_RUNG_MASKED);
	open = sg_content_files(c, SG_RUNG_WORDS);
	g_assert_null(json_object_get(json_array_get(facts, 0), "name"));
	g_assert_null(
	    strstr(json_string_value(json_object_get(json_array_get(masked, 0), "name")), "diot"));
	g_assert_cmpstr(json_string_value(json_object_get(json_array_get(open, 0), "name")), ==,
	    "Idiot list.xlsx");
	json_decref(facts);
	json_decref(masked);
	json_decref(open);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/content/words", words);
	g_test_add_func("/content/numbers", numbers);
	g_test_add_func("/content/liars", liars);
	g_test_add_func("/content/much", much);
	g_test_add_func("/content/names", names);
	return g_test_run();
}
