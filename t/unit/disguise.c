/* fails-if: a disguised word is not found at its place, or an innocent one like it is */
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "rule/ruleset.h"

/* Mild words that stand for worse ones.  The twin of each goes through the same mill. */
static const struct {
	const char *word, *twin;
} words[] = {
	{ "idiot", "radio" }, { "muppet", "puppet" }, { "pillock", "hillock" }, { "plonker", "bunker" },
	{ "numpty", "empty" }, { "wazzock", "haddock" }, { "dimwit", "outfit" }, { "nincompoop", "dinosaur" },
};

static void
replace_nth(GString *s, const char *of, guint nth, const char *with)
{
	for (gsize i = 1; i + 1 < s->len; i++)
		if (strchr(of, s->str[i]) != NULL && nth-- == 0) {
			g_string_erase(s, (gssize)i, 1);
			g_string_insert(s, (gssize)i, with);
			return;
		}
}

static void
between(GString *s, const char *with)
{
	gsize n = strlen(with);

	for (gsize i = 1; i < s->len; i += n + 1)
		g_string_insert(s, (gssize)i, with);
}

static void
each(GString *s, const char *from, const char *const *to)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (gsize i = 0; i < s->len; i++) {
		const char *at = strchr(from, s->str[i]);

		if (at != NULL)
			g_string_append(out, to[at - from]);
		else
			g_string_append_c(out, s->str[i]);
	}
	g_string_assign(s, out->str);
}

static void
letters_from(GString *s, gunichar first)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (gsize i = 0; i < s->len; i++)
		g_string_append_unichar(out, first + (gunichar)(s->str[i] - 'a'));
	g_string_assign(s, out->str);
}

static void star(GString *s) { replace_nth(s, "aeiouy", 0, "*"); }
static void hash(GString *s) { replace_nth(s, "aeiouy", 0, "#"); }
static void percent(GString *s) { replace_nth(s, "aeiouy", 0, "%"); }
static void two_stars(GString *s) { star(s); star(s); }
static void digits(GString *s) { each(s, "aeio", (const char *const[]){ "4", "3", "1", "0" }); }
static void one_digit(GString *s) { replace_nth(s, "o", 0, "0"); replace_nth(s, "i", 0, "1"); replace_nth(s, "e", 0, "3"); }
static void signs(GString *s) { each(s, "aisto", (const char *const[]){ "@", "!", "$", "+", "0" }); }
static void bar(GString *s) { each(s, "il", (const char *const[]){ "|", "|" }); }
static void spaced(GString *s) { between(s, " "); }
static void dotted(GString *s) { between(s, "."); }
static void dashed(GString *s) { between(s, "-"); }
static void underscored(GString *s) { between(s, "_"); }
static void slashed(GString *s) { between(s, "/"); }
static void tilded(GString *s) { between(s, "~"); }
static void starred(GString *s) { between(s, "*"); }
static void wide_apart(GString *s) { between(s, " . "); }
static void pictures(GString *s) { between(s, "😀"); }
static void commas(GString *s) { between(s, ","); }
static void one_dash(GString *s) { g_string_insert_c(s, 2, '-'); }
static void one_dot(GString *s) { g_string_insert_c(s, 3, '.'); }
static void apostrophe(GString *s) { g_string_insert_c(s, 2, '\''); }
static void long_run(GString *s) { g_string_insert_len(s, 2, "\1\1\1\1", 4); memset(s->str + 2, s->str[1], 4); }
static void double_run(GString *s) { long_run(s); g_string_append_printf(s, "%c%c%c", s->str[s->len - 1], s->str[s->len - 1], s->str[s->len - 1]); }
static void doubled(GString *s) { g_string_insert_c(s, 2, s->str[1]); }
static void swapped(GString *s) { char c = s->str[s->len - 3]; s->str[s->len - 3] = s->str[s->len - 2]; s->str[s->len - 2] = c; }
static void vowel_gone(GString *s) { replace_nth(s, "aeiou", strlen(s->str) > 5, ""); }
static void backwards(GString *s) { g_strreverse(s->str); }
static void no_blanks(GString *s) { g_string_prepend(s, "suchan"); g_string_append(s, "today"); }
static void cyrillic(GString *s) { each(s, "aeiopcxy", (const char *const[]){ "а", "е", "і", "о", "р", "с", "х", "у" }); }
static void greek(GString *s) { each(s, "aiouk", (const char *const[]){ "α", "ι", "ο", "υ", "κ" }); }
static void small_capitals(GString *s) { each(s, "abcdeiklmnoptuw", (const char *const[]){ "ᴀ", "ʙ", "ᴄ", "ᴅ", "ᴇ", "ɪ", "ᴋ", "ʟ", "ᴍ", "ɴ", "ᴏ", "ᴘ", "ᴛ", "ᴜ", "ᴡ" }); }
static void accents(GString *s) { each(s, "aeiou", (const char *const[]){ "ä", "é", "ï", "ö", "ü" }); }
static void struck(GString *s) { between(s, "\xCC\xB6"); }
static void strewn(GString *s) { between(s, "\xCC\x81\xCC\xA7\xCD\x9D"); }
static void flags(GString *s) { letters_from(s, 0x1F1E6); }
static void boxes(GString *s) { letters_from(s, 0x1F170); }
static void discs(GString *s) { letters_from(s, 0x1F150); }

static const struct {
	const char *name;
	void (*disguise)(GString *s);
	const char *not;	/* words of which it makes too little, or another word */
} kinds[] = {
	{ "star", star, "" }, { "hash", hash, "" }, { "percent", percent, "" }, { "two stars", two_stars, "" },
	{ "digits", digits, "numpty" }, { "one digit", one_digit, "numpty wazzock" }, { "signs", signs, "muppet" },
	{ "bar", bar, "idiot muppet wazzock numpty" },
	{ "spaced", spaced, "" }, { "dotted", dotted, "" }, { "dashed", dashed, "" }, { "underscored", underscored, "" },
	{ "slashed", slashed, "" }, { "tilded", tilded, "" }, { "starred", starred, "" }, { "wide apart", wide_apart, "" },
	{ "pictures", pictures, "" }, { "commas", commas, "" }, { "one dash", one_dash, "" }, { "one dot", one_dot, "dimwit" },
	{ "apostrophe", apostrophe, "" }, { "long run", long_run, "" }, { "double run", double_run, "" },
	{ "doubled", doubled, "" }, { "swapped", swapped, "nincompoop" }, { "vowel gone", vowel_gone, "numpty" },
	{ "backwards", backwards, "" }, { "no blanks", no_blanks, "" }, { "cyrillic", cyrillic, "" },
	{ "greek", greek, "numpty" }, { "small capitals", small_capitals, "" }, { "accents", accents, "" },
	{ "struck", struck, "" }, { "strewn", strewn, "" }, { "flags", flags, "" }, { "boxes", boxes, "" },
	{ "discs", discs, "" },
};

static SgRuleset *
load(void)
{
	g_autofree char *dir = g_dir_make_tmp("sg-disguise-XXXXXX", NULL), *list = NULL;
	g_autofree char *file = g_build_filename(dir, "a.conf", NULL), *sub = g_build_filename(dir, "words", NULL);
	g_autofree char *ordinary = g_build_filename(sub, "ordinary.txt", NULL);
	g_autofree char *shipped = g_build_filename(g_getenv("top_srcdir"), "rules", "words", "ordinary.txt", NULL);
	g_autoptr(GString) rules = g_string_new("category = \"test\"; area = \"conduct\"; rules = (\n"
	    "{ id = \"a.word\"; title = \"T\"; severity = 3; confidence = \"low\"; words = [ \"zzhit\"");
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	char *dirs[] = { dir, NULL };
	SgRuleset *r;
	gsize len = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		g_string_append_printf(rules, ", \"%s\"", words[i].word);
	g_string_append(rules, " ]; hit = [ \"zzhit\" ]; miss = [ \"x\" ]; },\n"
	    "{ id = \"a.regex\"; title = \"T\"; severity = 3; confidence = \"low\"; hit = [ \"we will paint all museums\" ];\n"
	    "  regex = [ \"\\\\bpaint (all|every) (museums|gardens)\\\\b\" ]; miss = [ \"x\" ]; },\n"
	    "{ id = \"a.near\"; title = \"T\"; severity = 3; confidence = \"low\"; hit = [ \"a purple old giraffe\" ];\n"
	    "  near = { a = [ \"purple\" ]; b = [ \"giraffe\", \"giraffes\" ]; within = 20; }; miss = [ \"x\" ]; },\n"
	    "{ id = \"a.say\"; title = \"T\"; severity = 3; confidence = \"low\"; hit = [ \"ask the tea\" ];\n"
	    "  say = [ \"ask the tea\" ]; miss = [ \"x\" ]; } );\n");
	g_assert_true(g_file_get_contents(shipped, &list, &len, NULL));
	g_assert_cmpint(g_mkdir(sub, 0700), ==, 0);
	g_assert_true(g_file_set_contents(ordinary, list, (gssize)len, NULL));
	g_assert_true(g_file_set_contents(file, rules->str, -1, NULL));
	r = sg_ruleset_load(dirs, NULL, problems, NULL);
	for (guint i = 0; i < problems->len; i++)
		g_test_message("%s", (char *)g_ptr_array_index(problems, i));
	g_assert_nonnull(r);
	(void)g_unlink(file);
	(void)g_unlink(ordinary);
	(void)g_rmdir(sub);
	(void)g_rmdir(dir);
	return r;
}

static void
give(SgMatch *m, const char *part, const char *text)
{
	g_autofree char *where = g_strdup("body"), *of = g_strdup(part), *name = g_strdup(""), *copy = g_strdup(text);
	SgText t = { .where = where, .part = of, .name = name, .text = copy };

	g_assert_true(sg_match_text(m, &t, NULL));
}

static GPtrArray *
findings_in(SgRuleset *r, const char *text)
{
	GPtrArray *findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

	sg_match_begin(m, "");
	give(m, "1", text);
	sg_match_end(m, findings);
	return findings;
}

static gboolean
is_not_for(const char *not, const char *word)
{
	g_auto(GStrv) list = g_strsplit(not, " ", -1);

	return g_strv_contains((const char *const *)list, word);
}

/* One finding, disguised, of the n bytes at skip behind the quote; says what is wrong. */
static gboolean
is_found(SgRuleset *r, const char *text, gsize skip, gsize n)
{
	g_autoptr(GPtrArray) found = findings_in(r, text);
	const SgFinding *f = found->len == 1 ? g_ptr_array_index(found, 0) : NULL;
	gsize at = (gsize)(strstr(text, "“") - text) + strlen("“") + skip;

	return f != NULL && f->disguised && f->count == 1 && f->text_at == at && f->text_len == n;
}

static void
every_kind_on_every_word(void)
{
	g_autoptr(SgRuleset) r = load();
	guint n = 0;

	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
		for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
			g_autoptr(GString) word = g_string_new(words[i].word), twin = g_string_new(words[i].twin);
			g_autofree char *text = NULL, *innocent = NULL;
			g_autoptr(GPtrArray) none = NULL;
			gboolean inside = kinds[k].disguise == no_blanks;

			kinds[k].disguise(word);
			kinds[k].disguise(twin);
			innocent = g_strdup_printf("We saw the “%s” there, dear René, and liked it.", twin->str);
			none = findings_in(r, innocent);
			if (none->len > 0) {
				g_test_message("found, %s: %s", kinds[k].name, innocent);
				g_test_fail();
			}
			if (is_not_for(kinds[k].not, words[i].word))
				continue;
			text = g_strdup_printf("He called the “%s” there, dear René, and left it.", word->str);
			n++;
			if (!is_found(r, text, inside ? 6 : 0, word->len - (inside ? 11 : 0))) {
				g_test_message("not found, %s: %s", kinds[k].name, text);
				g_test_fail();
			}
		}
	g_assert_cmpuint(n, >=, 200);
}

/* what is not written plainly and is no disguise */
static void
innocents(void)
{
	static const char *const t[] = {
		"Room B2B at 10k, 4th floor, W1A 1AA, SO14 5EX, A55 and M25", "mp3, h264, covid19, year7, ISO9001, RFC822",
		"$x = $y->{'a'} || @z; s/a/b/g; if (!$i++) { *p = &q; }", "5 * 3 * x = 15x; a*b*c; 2^10; 100% of 3.5%",
		"**bold** and _stressed_ and *starred*, ~gone~", "https://www.idi-ot.example/id1ot and id.iot@idiot1.example",
		":-) ;-) :'( <3 8) xD", "A* in maths, A*A*B overall", "i.e. e.g. a.m. p.m. U.S.A. B.A. Ph.D.",
		"A B C D E F G, or x, y, z", "id: 10t, 1d, 10 t", "Sgt. Pepper's; Mr. O'Neil's; rock 'n' roll",
		"tel. 01632 960 961, ext. 12", "password: xK9!vv2$Qp", "Her id is 1d107", "The ID, IOT devices",
		"The road to idiothurst", "Ask the TA for a pen",
		"Mae'r ysgol ar gau heddiw oherwydd yr eira", "Die Schule ist heute wegen Schnee geschlossen",
		"Szkoła jest dzisiaj zamknięta z powodu śniegu", "Η σχολή είναι κλειστή σήμερα", "Школа сегодня закрыта",
	};
	g_autoptr(SgRuleset) r = load();

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autoptr(GPtrArray) none = findings_in(r, t[i]);

		g_test_message("%s", t[i]);
		g_assert_cmpuint(none->len, ==, 0);
	}
}

/* all matchers see what is restored, and beside it what is plain */
static void
every_matcher(void)
{
	static const struct {
		const char *text, *rule, *hit;
	} t[] = {
		{ "é: p4int all mus3ums now", "a.regex", "p4int all mus3ums" }, { "pa int every g a r d e n s!", "a.regex", "pa int every g a r d e n s" },
		{ "so paintallmuseums today", "a.regex", "paintallmuseums" }, { "a purple old g1raffe, é", "a.near", "purple old g1raffe" },
		{ "a p.u.r.p.l.e old giraffe", "a.near", "p.u.r.p.l.e old giraffe" }, { "purpel giraffes", "a.near", "purpel giraffes" },
	};
	g_autoptr(SgRuleset) r = load();

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autoptr(GPtrArray) found = findings_in(r, t[i].text);
		const SgFinding *f;

		g_test_message("%s", t[i].text);
		g_assert_cmpuint(found->len, ==, 1);
		f = g_ptr_array_index(found, 0);
		g_assert_cmpstr(f->rule, ==, t[i].rule);
		g_assert_true(f->disguised);
		g_assert_cmpuint(f->count, ==, 1);
		g_assert_cmpmem(t[i].text + f->text_at, f->text_len, t[i].hit, strlen(t[i].hit));
	}
}

/* plain in one text of an alternative and disguised in the other: the same words */
static void
alternatives(void)
{
	static const char *const t[][2] = {
		{ "You are an idiot and a muppet, he said.", "You are an id1ot and a mup pet, he said." },
		{ "You are an 1d1ot and a m*ppet, he said.", "You are an idiot and a muppet, he said." },
		{ "You are an i d i o t and a muppet.", "You are an i.d.i.o.t and a m u p p e t." },
	};
	g_autoptr(SgRuleset) r = load();
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);

		sg_match_begin(m, "");
		give(m, "1.1", t[i][0]);
		give(m, "1.2", t[i][1]);
		sg_match_end(m, findings);
		g_test_message("%s", t[i][0]);
		g_assert_cmpuint(findings->len, ==, 1);
		g_assert_cmpuint(((SgFinding *)g_ptr_array_index(findings, 0))->count, ==, 2);
	}
}

/* across the chunks of a long text, each once and at its place */
static void
long_texts(void)
{
	g_autoptr(SgRuleset) r = load();

	for (gsize pad = 63000; pad < 68000; pad += 97) {
		g_autoptr(GString) s = g_string_new(NULL);
		g_autoptr(GPtrArray) found = NULL;
		const SgFinding *f;

		while (s->len < pad)
			g_string_append(s, pad % 2 != 0 ? "all is well here. " : "café “closed” today\n");
		pad = s->len;
		g_string_append(s, "p l o n k e r, no");
		while (s->len < 80000)
			g_string_append(s, " and more of it");
		found = findings_in(r, s->str);
		g_assert_cmpuint(found->len, ==, 1);
		f = g_ptr_array_index(found, 0);
		g_assert_cmpuint(f->count, ==, 1);
		g_assert_cmpuint(f->text_at, ==, pad);
		g_assert_cmpuint(f->text_len, ==, 13);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/disguise/every-kind-on-every-word", every_kind_on_every_word);
	g_test_add_func("/disguise/innocents", innocents);
	g_test_add_func("/disguise/every-matcher", every_matcher);
	g_test_add_func("/disguise/alternatives", alternatives);
	g_test_add_func("/disguise/long-texts", long_texts);
	return g_test_run();
}
