/* fails-if: a picture that stands for a word is not read as one, or one that is only a mood is */
#include <string.h>

#include <glib.h>

#include "disguise/emoji.h"

/* The text with each picture that stands for a word read as that word. */
static char *
read_all(const char *text)
{
	GString *out = g_string_new(NULL);
	gsize len = strlen(text), last = 0;

	for (gsize i = 0; i < len;) {
		SgEmoji e;
		gsize n = sg_emoji_at(text, len, i, last, &e);

		if (n == 0) {
			g_string_append_c(out, text[i++]);
			continue;
		}
		g_assert_cmpuint(i + n, <=, len);
		g_string_append_printf(out, "[%s]", e.word);
		last = i += n;
	}
	return g_string_free(out, FALSE);
}

static void
is(const char *text, const char *want)
{
	g_autofree char *got = read_all(text);

	g_assert_cmpstr(got, ==, want);
}

static void
words(void)
{
	is("they are all 🐍🐀", "they are all [snakes][rats]");
	is("they are all 🐍 🐀 !", "they are all [snakes] [rats] !");
	is("I will 🔪 you", "I will [stab] you");
	is("🤡 are here. 👩🏽 can't teach", "[clowns] are here. [women] can't teach");
	is("some 👳🏿‍♂️ here", "some [muslims] here");
	is("the 🇵🇰 and the 🇯🇲🇯", "the [pakistani] and the 🇯🇲🇯");
	is("don't 🚫it", "don't [ban]it");
}

static void
moods(void)
{
	is("happy birthday 🐷🎂 see you at 8", "happy birthday 🐷🎂 see you at 8");
	is("🐷", "🐷");
	is("well played 💣", "well played 💣");
	is("i love the 🎂", "i love the 🎂");
	is("come here 🐕", "come here 🐕");
	is("are 🐸🐀", "are 🐸🐀");	/* behind a picture without a word nobody knows */
	is("are  🐀  🐀", "are  [rats]  🐀");
	is("", "");
}

/* cut anywhere, and broken */
static void
any_bytes(void)
{
	static const char text[] = "are 👳🏿‍♂️ the 🇵🇰 are \xf0\x9f\x90";

	for (gsize len = 0; len < sizeof text; len++)
		for (gsize i = 0; i < len; i++) {
			SgEmoji e;

			g_assert_cmpuint(i + sg_emoji_at(text, len, i, 0, &e), <=, len);
		}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/emoji/words", words);
	g_test_add_func("/emoji/moods", moods);
	g_test_add_func("/emoji/any-bytes", any_bytes);
	return g_test_run();
}
