#include <string.h>

#include "value/cue.h"
#include "word/flat.h"

#define WORD_MAX  20u	/* letters of a word; a longer one is in no cue */
#define WORDS_MAX 40u

typedef struct {
	char   text[WORD_MAX + 1];	/* small letters; "" when it counts for nothing */
	gsize  end;
} Word;

typedef struct {
	Word  word[WORDS_MAX];
	guint n;
} Words;

/* Small ASCII letters; as fast as it can be, it sees every letter near every number. */
static inline char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static gboolean
in_word(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

/* Part of an address or a file name: "example" in ann@mail.example says nothing. */
static gboolean
in_address(const char *text, gsize from, gsize at, gsize end, gsize to)
{
	if (end < to && text[end] == '@')
		return TRUE;
	if (at == from)
		return FALSE;
	return text[at - 1] == '@' || (text[at - 1] == '.' && at >= from + 3 && end > at + 1 &&
	    in_word(text[at - 2]) && (in_word(text[at - 3]) || text[at - 3] == '@'));
}

static void
read_words(Words *w, const char *text, gsize from, gsize to)
{
	gsize i = from;

	w->n = 0;
	while (i < to && w->n < WORDS_MAX) {
		Word *word = &w->word[w->n];
		gsize n = 0, at;

		while (i < to && !in_word(text[i]))
			i++;
		at = i;
		for (; i < to && (in_word(text[i]) || text[i] == '\'' || text[i] == SG_FLAT_SKIP); i++) {
			if (text[i] == '\'' || text[i] == SG_FLAT_SKIP)
				continue;
			if (n < WORD_MAX)
				word->text[n] = small(text[i]);
			n++;
		}
		if (i == at)
			break;
		if (n > WORD_MAX || in_address(text, from, at, i, to))
			n = 0;
		word->text[n] = '\0';
		word->end = i;
		w->n++;
	}
}

/* As strcmp of a word and the first word of a phrase. */
static int
compare(const char *word, const char *phrase)
{
	while (*word != '\0' && *word == *phrase) {
		word++;
		phrase++;
	}
	return (guchar)*word - (*phrase == ' ' ? 0 : (guchar)*phrase);
}

/* The first row whose first word is not before this one. */
static guint
lower_bound(const char *word)
{
	gboolean letter = g_ascii_islower(word[0]);
	guint low = letter ? sg_cue_letters[word[0] - 'a'] : 0;
	guint high = letter ? sg_cue_letters[word[0] - 'a' + 1] : 0;

	if (low == high)
		return sg_n_cue_words;

	while (low < high) {
		guint mid = low + (high - low) / 2;

		if (compare(word, sg_cue_words[mid].phrase) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* How many words from the i-th on make up the phrase; 0 when they do not. */
static guint
matches(const Words *w, guint i, const char *phrase)
{
	for (guint n = 1; i < w->n; i++, n++) {
		if (compare(w->word[i].text, phrase) != 0)
			return 0;
		phrase = strchr(phrase, ' ');
		if (phrase == NULL)
			return n;
		phrase++;
	}
	return 0;
}

static gboolean
is_filler(const char *word)
{
	static const char *const fillers[] = { "no", "nos", "number", "numbers", "num", "nr", "is", "are",
		"was", "code", "of", "the", "her", "his", "on", "as", "ends", "it", "s", "id" };

	for (gsize i = 0; i < G_N_ELEMENTS(fillers); i++)
		if (fillers[i][0] == word[0] && strcmp(fillers[i], word) == 0)
			return TRUE;
	return word[0] == '\0';
}

/* Takes the cues that begin at the i-th word, all those of the longest phrase; returns how
 * many words that has. */
static guint
take(SgCues *c, const Words *w, guint i, gsize to, gboolean beside_all)
{
	guint first = w->word[i].text[0] != '\0' ? lower_bound(w->word[i].text) : sg_n_cue_words, longest = 0;

	for (guint k = first; k < sg_n_cue_words; k++) {
		if (compare(w->word[i].text, sg_cue_words[k].phrase) != 0)
			break;
		longest = MAX(longest, matches(w, i, sg_cue_words[k].phrase));
	}
	for (guint k = first; longest > 0 && k < sg_n_cue_words; k++) {
		const SgCueWord *cue = &sg_cue_words[k];
		guint16 *place = cue->weight == SG_CUE_STRONG ? c->strong : c->topic;
		gsize far = to - w->word[i + longest - 1].end;
		gboolean beside = TRUE;

		if (compare(w->word[i].text, cue->phrase) != 0)
			break;
		if (matches(w, i, cue->phrase) != longest)
			continue;
		place[cue->what] = (guint16)MIN(place[cue->what], beside_all ? 0 : far);
		for (guint j = i + longest; j < w->n && beside && !beside_all; j++)
			beside = is_filler(w->word[j].text);
		if (beside || beside_all)
			c->beside |= 1u << cue->what;
	}
	return MAX(longest, 1);
}

void
sg_cues_none(SgCues *c)
{
	memset(c->strong, 0xFF, sizeof c->strong);
	memset(c->topic, 0xFF, sizeof c->topic);
	c->beside = 0;
}

void
sg_cues_before(SgCues *c, const char *text, gsize from, gsize at)
{
	gsize start = at - from > SG_CUE_WINDOW ? at - SG_CUE_WINDOW : from;
	guint lines = 0;
	Words w;

	while (start > from && in_word(text[start]) && in_word(text[start - 1]))
		start++;	/* not in the middle of a word */
	for (gsize i = at; i > start; i--) {
		if (text[i - 1] != '\n')
			continue;
		if (++lines == 3 || (i >= 2 && text[i - 2] == '\n')) {
			start = i;
			break;
		}
	}
	if (start >= at)
		return;
	read_words(&w, text, start, at);
	for (guint i = 0; i < w.n;)
		i += take(c, &w, i, at, FALSE);
}

void
sg_cues_after(SgCues *c, const char *text, gsize end, gsize len)
{
	gsize to = MIN(len, end + SG_CUE_AFTER);
	SgCues found;
	Words w;

	for (gsize i = end; i < to; i++)
		if (text[i] == '\n')
			to = i;
	sg_cues_none(&found);
	read_words(&w, text, end, to);
	for (guint i = 0; i < w.n && i < 6;) {
		guint n = take(&found, &w, i, to, TRUE);
		gsize stop = w.word[i + n - 1].end;

		/* "exp 09/27" speaks of the card before it; "NHS: 943" of what follows */
		for (guint k = 0; k < SG_CUE_WHATS; k++) {
			gboolean own = k != SG_KIND_CARD && k < SG_KINDS &&
			    (stop >= len || text[stop] != ')');

			if (found.topic[k] == 0 && !own)
				c->topic[k] = MIN(c->topic[k], 30);
			if (found.strong[k] == 0 && !own && k != SG_CUE_AGAINST && k != SG_CUE_OFFICE)
				c->strong[k] = MIN(c->strong[k], 30);
		}
		i += n;
	}
}

void
sg_cues_column(SgCues *c, const char *header, gsize len)
{
	Words w;

	read_words(&w, header, 0, len);
	for (guint i = 0; i < w.n;)
		i += take(c, &w, i, len, TRUE);
}
