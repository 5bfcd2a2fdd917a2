#include <string.h>

#include "value/column.h"
#include "value/column_words.h"

#define HEADER_MAX 100u	/* letters of a header that are looked at: forms ask whole questions */
#define WORDS_MAX  20u
#define PHRASE_MAX 3u	/* words of the longest phrase in column_words.c */

static const SgColumnWord *
lookup(const char *phrase)
{
	guint low = 0, high = sg_n_column_words;

	while (low < high) {
		guint mid = low + (high - low) / 2;
		int c = strcmp(phrase, sg_column_words[mid].phrase);

		if (c == 0)
			return &sg_column_words[mid];
		if (c > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* Small letters, one blank between words; where each word begins.  Returns how many. */
static guint
plain(const char *header, gsize len, char *out, guint8 *word)
{
	guint n = 0, words = 0;
	gboolean gap = TRUE;

	for (gsize i = 0; i < len && n < HEADER_MAX; i++) {
		char c = header[i];

		if (c == '%') {
			gap = TRUE;
			continue;
		}
		if (c == '\'' || c == '\x7f')
			continue;
		if (!g_ascii_isalnum(c) && (guchar)c < 0x80) {
			gap = TRUE;
			continue;
		}
		if (gap && words == WORDS_MAX)
			break;
		if (gap && n > 0)
			out[n++] = ' ';
		if (gap)
			word[words++] = (guint8)n;
		gap = FALSE;
		out[n++] = g_ascii_tolower(c);
	}
	out[n] = '\0';
	word[words] = (guint8)(n + 1);
	return words;
}

/* The longest phrase in it that says more than "other"; "Date of birth (dd/mm/yy)". */
guint
sg_column_of(const char *header, gsize len)
{
	char text[HEADER_MAX + 4], phrase[HEADER_MAX + 4];
	guint8 word[WORDS_MAX + 1];
	guint words = plain(header, len, text, word), what = 0;

	for (guint n = MIN(words, PHRASE_MAX); n > 0; n--)
		for (guint i = 0; i + n <= words; i++) {
			gsize bytes = (gsize)(word[i + n] - word[i]) - 1;
			const SgColumnWord *found;

			memcpy(phrase, text + word[i], bytes);
			phrase[bytes] = '\0';
			found = lookup(phrase);
			if (found != NULL && found->what != SG_COLUMN_OTHER)
				return found->what;
			if (found != NULL)
				what = SG_COLUMN_OTHER;
		}
	return what;
}

guint
sg_column_named(const char *name)
{
	static const struct {
		const char *name;
		guint	    bit;
	} names[] = { { "identity", SG_COLUMN_IDENTITY }, { "birth", SG_COLUMN_BIRTH },
		{ "status", SG_COLUMN_STATUS }, { "contact", SG_COLUMN_CONTACT },
		{ "health", SG_COLUMN_HEALTH }, { "results", SG_COLUMN_RESULTS },
		{ "behaviour", SG_COLUMN_BEHAVIOUR }, { "pay", SG_COLUMN_PAY } };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].bit;
	return 0;
}
