/* fails-if: a word's end is missed at any place of eight bytes, or two words share a number */
#include <glib.h>
#include <string.h>

#include "word/run.h"
#include "word/slot.h"

static gsize
by_bytes(const char *s, gsize len, gsize at, gboolean digits)
{
	while (at < len && (g_ascii_islower(s[at]) || (digits && g_ascii_isdigit(s[at]))))
		at++;
	return at;
}

/* every byte, at every place of a word, with every number of bytes behind it */
static void
ends(void)
{
	for (gsize at = 0; at < 20; at++)
		for (gsize len = at; len < 24; len++)
			for (guint byte = 0; byte < 256; byte++)
				for (guint digits = 0; digits < 2; digits++) {
					g_autofree char *s = g_malloc(MAX(len, 1));
					guint64 key;

					memset(s, 'a', len);
					if (at < len)
						s[at] = (char)byte;
					g_assert_cmpuint(sg_run_end(s, len, 0, digits != 0, &key), ==,
					    by_bytes(s, len, 0, digits != 0));
				}
}

/* what follows a word and where it stands does not matter; each of its letters does */
static void
keys(void)
{
	const char *word = "supercalifragilistic";
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	for (gsize n = 1; n <= strlen(word); n++)
		for (gsize k = 0; k < n; k++)
			for (char c = 'a'; c <= 'z'; c++) {
				g_autofree char *one = g_strndup(word, n), *other = NULL;
				guint64 key, again;

				one[k] = c;
				other = g_strdup_printf("--%s .more", one);
				(void)sg_run_end(one, n, 0, TRUE, &key);
				(void)sg_run_end(other, strlen(other), 2, TRUE, &again);
				g_assert_cmpuint(key, ==, again);
				if (c != word[k])
					g_assert_true(g_hash_table_add(seen, g_memdup2(&key, sizeof key)));
			}
}

/* words that differ in their last letters do not share a few slots */
static void
slots(void)
{
	guint8 used[1024] = { 0 };
	guint n = 0;

	for (char a = 'a'; a <= 'z'; a++)
		for (char b = 'a'; b <= 'z'; b++) {
			guint64 h = 0xcbf29ce484222325u;

			for (const char *p = (char[]){ 't', 'h', a, b, '\0' }; *p != '\0'; p++)
				h = (h ^ (guchar)*p) * 0x100000001b3u;
			n += used[sg_slot(h, sizeof used)]++ == 0;
		}
	g_assert_cmpuint(n, >, 400);	/* by chance 490 of 676 words stand alone or first */
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/run/ends", ends);
	g_test_add_func("/run/keys", keys);
	g_test_add_func("/run/slots", slots);
	return g_test_run();
}
