/* emoji - the word that a picture stands for in a sentence: see emoji.h. */
#include <string.h>

#include "disguise/emoji.h"
#include "word/utf8.h"

#define WORD_MOST 24u	/* letters of a word beside it that are looked at */

typedef struct {
	UChar32 cp;
	SgEmoji emoji;
} Row;

static const Row rows[] = {
	{ 0x02620, { "die", NULL } },
	{ 0x0262A, { "muslims", "islam" } },
	{ 0x0267F, { "disabled", NULL } },
	{ 0x02694, { "kill", NULL } },
	{ 0x026A7, { "trans", NULL } },
	{ 0x026B0, { "die", NULL } },
	{ 0x026D4, { "ban", NULL } },
	{ 0x02721, { "jews", "jew" } },
	{ 0x1F308, { "gays", "gay" } },
	{ 0x1F400, { "rats", "rat" } },
	{ 0x1F401, { "rats", "rat" } },
	{ 0x1F404, { "cows", "cow" } },
	{ 0x1F40B, { "whales", "whale" } },
	{ 0x1F40D, { "snakes", "snake" } },
	{ 0x1F410, { "goats", "goat" } },
	{ 0x1F411, { "sheep", NULL } },
	{ 0x1F412, { "monkeys", "monkey" } },
	{ 0x1F415, { "dogs", "dog" } },
	{ 0x1F416, { "pigs", "pig" } },
	{ 0x1F417, { "pigs", "pig" } },
	{ 0x1F41B, { "maggots", "maggot" } },
	{ 0x1F41C, { "insects", "insect" } },
	{ 0x1F42D, { "rats", "rat" } },
	{ 0x1F42E, { "cows", "cow" } },
	{ 0x1F433, { "whales", "whale" } },
	{ 0x1F435, { "monkeys", "monkey" } },
	{ 0x1F436, { "dogs", "dog" } },
	{ 0x1F437, { "pigs", "pig" } },
	{ 0x1F43D, { "pigs", "pig" } },
	{ 0x1F466, { "boys", "boy" } },
	{ 0x1F467, { "girls", "girl" } },
	{ 0x1F468, { "men", "man" } },
	{ 0x1F469, { "women", "woman" } },
	{ 0x1F46C, { "gays", "gay" } },
	{ 0x1F46D, { "lesbians", "lesbian" } },
	{ 0x1F473, { "muslims", "sikhs" } },
	{ 0x1F474, { "men", "man" } },
	{ 0x1F475, { "women", "woman" } },
	{ 0x1F480, { "die", NULL } },
	{ 0x1F4A3, { "bomb", NULL } },
	{ 0x1F4A9, { "shit", NULL } },
	{ 0x1F52A, { "stab", NULL } },
	{ 0x1F52B, { "shoot", NULL } },
	{ 0x1F54B, { "muslims", "islam" } },
	{ 0x1F54C, { "muslims", "islam" } },
	{ 0x1F54D, { "jews", "jew" } },
	{ 0x1F54E, { "jews", "jew" } },
	{ 0x1F577, { "spiders", "spider" } },
	{ 0x1F595, { "fuck", NULL } },
	{ 0x1F5D1, { "trash", "rubbish" } },
	{ 0x1F5E1, { "stab", NULL } },
	{ 0x1F648, { "monkeys", "monkey" } },
	{ 0x1F649, { "monkeys", "monkey" } },
	{ 0x1F64A, { "monkeys", "monkey" } },
	{ 0x1F6AB, { "ban", NULL } },
	{ 0x1F6AE, { "trash", "rubbish" } },
	{ 0x1F6AF, { "ban", NULL } },
	{ 0x1F6B7, { "ban", NULL } },
	{ 0x1F6BD, { "toilet", NULL } },
	{ 0x1F921, { "clowns", "clown" } },
	{ 0x1F922, { "disgusting", "hate" } },
	{ 0x1F92E, { "disgusting", "hate" } },
	{ 0x1F98D, { "gorillas", "gorilla" } },
	{ 0x1F99F, { "insects", "insect" } },
	{ 0x1F9A0, { "germs", "disease" } },
	{ 0x1F9A7, { "apes", "ape" } },
	{ 0x1F9AF, { "blind", NULL } },
	{ 0x1F9BB, { "deaf", NULL } },
	{ 0x1F9BC, { "disabled", NULL } },
	{ 0x1F9BD, { "disabled", NULL } },
	{ 0x1F9CF, { "deaf", NULL } },
	{ 0x1F9D5, { "muslims", "muslim" } },
	{ 0x1F9E8, { "bomb", NULL } },
	{ 0x1FA93, { "kill", NULL } },
	{ 0x1FAA6, { "die", NULL } },
	{ 0x1FAB1, { "worms", "worm" } },
	{ 0x1FAB2, { "insects", "insect" } },
	{ 0x1FAB3, { "cockroaches", "cockroach" } },
};

static const struct {	/* the two letters of a flag (ISO 3166), and whose it is */
	char	letters[3];
	SgEmoji emoji;
} flags[] = {
	{ "AF", { "afghan", "afghans" } }, { "AL", { "albanian", "albanians" } },
	{ "BD", { "bangladeshi", "bangladeshis" } }, { "CN", { "chinese", NULL } },
	{ "DE", { "german", "germans" } }, { "EG", { "egyptian", "egyptians" } },
	{ "ES", { "spanish", NULL } }, { "FR", { "french", NULL } }, { "GB", { "english", NULL } },
	{ "GH", { "ghanaian", "ghanaians" } }, { "IE", { "irish", NULL } },
	{ "IL", { "israeli", "jews" } }, { "IN", { "indian", "indians" } },
	{ "IQ", { "iraqi", "iraqis" } }, { "IR", { "iranian", "iranians" } },
	{ "IT", { "italian", "italians" } }, { "JM", { "jamaican", "jamaicans" } },
	{ "JP", { "japanese", NULL } }, { "KR", { "korean", "koreans" } },
	{ "LT", { "lithuanian", "lithuanians" } }, { "MX", { "mexican", "mexicans" } },
	{ "NG", { "nigerian", "nigerians" } }, { "PK", { "pakistani", "pakistanis" } },
	{ "PL", { "polish", "poles" } }, { "RO", { "romanian", "romanians" } },
	{ "RU", { "russian", "russians" } }, { "SA", { "saudi", "saudis" } },
	{ "SO", { "somali", "somalis" } }, { "SY", { "syrian", "syrians" } },
	{ "TR", { "turkish", "turks" } }, { "UA", { "ukrainian", "ukrainians" } },
	{ "US", { "american", "americans" } }, { "VN", { "vietnamese", NULL } },
	{ "ZW", { "zimbabwean", "zimbabweans" } }
};

/* A sentence does not end behind one of these. */
static const char *const go_on[] = {
	"a", "african", "aint", "all", "am", "an", "and", "another", "any", "arab", "are", "arent", "as",
	"asian", "ban", "be", "because", "been", "being", "black", "bloody", "brown", "bunch", "but", "can",
	"cannot", "cant", "chinese", "could", "damn", "dirty", "disabled", "disgusting", "doesnt", "dont",
	"even", "every", "fat", "filthy", "foreign", "fuck", "fucking", "gay", "gonna", "gotta", "hate",
	"hates", "he", "her", "hes", "his", "i", "id", "ill", "illegal", "imma", "indian", "is", "isnt",
	"jewish", "just", "kill", "let", "lets", "like", "love", "more", "most", "muslim", "must", "my", "no",
	"not", "of", "old", "only", "or", "our", "polish", "r", "really", "she", "shes", "should", "shouldnt",
	"smelly", "so", "some", "stab", "stop", "stupid", "such", "than", "that", "the", "their", "these",
	"they", "theyre", "this", "those", "to", "trans", "ugly", "ur", "wanna", "was", "we", "were", "white",
	"who", "will", "wont", "would", "young", "your", "youre"
};

/* What stands at the beginning before one of these is who it is about. */
static const char *const verbs[] = {
	"aint", "are", "arent", "belong", "belongs", "can", "cannot", "cant", "deserve", "deserves", "do",
	"doesnt", "dont", "get", "gets", "has", "have", "is", "isnt", "make", "makes", "must", "mustnt",
	"need", "needs", "never", "r", "ruin", "ruins", "should", "shouldnt", "smell", "smells", "stink",
	"stinks", "was", "were", "will", "wont"
};

static int
by_code(gconstpointer key, gconstpointer row)
{
	UChar32 a = *(const UChar32 *)key, b = ((const Row *)row)->cp;

	return a < b ? -1 : a > b;
}

static int
by_word(gconstpointer key, gconstpointer row)
{
	return strcmp(key, *(const char *const *)row);
}

static gboolean
is_among(const char *word, const char *const *list, gsize n)
{
	return bsearch(word, list, n, sizeof *list, by_word) != NULL;
}

/* Skin tones, man and woman, what joins pictures, and what says that it is one. */
static gboolean
is_trait(UChar32 cp)
{
	return (cp >= 0x1F3FB && cp <= 0x1F3FF) || cp == 0x2640 || cp == 0x2642 || cp == 0x200D || cp == 0xFE0F;
}

static char
flag_letter(UChar32 cp)
{
	return cp >= 0x1F1E6 && cp <= 0x1F1FF ? (char)('A' + (cp - 0x1F1E6)) : 0;
}

/* Two letters and no more: a longer row of them spells a word. */
static gsize
flag_at(const char *text, gsize len, gsize at, SgEmoji *e)
{
	char letters[3] = "";
	gsize end = at, next = at;
	guint n = 0;

	while (next < len) {
		char c = flag_letter(sg_utf8_next(text, &next, len));

		if (c == 0)
			break;
		if (n == 2)
			return 0;
		letters[n++] = c;
		end = next;
	}
	for (gsize i = 0; n == 2 && i < G_N_ELEMENTS(flags); i++)
		if (memcmp(flags[i].letters, letters, 2) == 0) {
			*e = flags[i].emoji;
			return end - at;
		}
	return 0;
}

/* The picture at byte `at`, whatever it stands for: bytes it takes, or 0. */
static gsize
picture_at(const char *text, gsize len, gsize at, SgEmoji *e)
{
	gsize next = at, end;
	UChar32 cp = sg_utf8_next(text, &next, len);
	const Row *row;

	if (cp < 0x2600)
		return 0;
	if (flag_letter(cp) != 0)
		return flag_at(text, len, at, e);
	row = bsearch(&cp, rows, G_N_ELEMENTS(rows), sizeof *rows, by_code);
	if (row == NULL)
		return 0;
	*e = row->emoji;
	for (end = next; next < len && is_trait(sg_utf8_next(text, &next, len)); end = next)
		;
	return end - at;
}

/* The word that ends before (or begins behind) byte at, small letters; "" when it is none. */
static void
word_before(const char *text, gsize at, char *word)
{
	gsize end, from;
	guint n = 0;

	while (at > 0 && text[at - 1] == ' ')
		at--;
	for (end = at, from = at; from > 0 && end - from < WORD_MOST &&
	    (g_ascii_isalpha(text[from - 1]) || text[from - 1] == '\''); from--)
		;
	for (; from < end; from++)
		if (text[from] != '\'')
			word[n++] = g_ascii_tolower(text[from]);
	word[n] = '\0';
}

static void
word_behind(const char *text, gsize len, gsize at, char *word)
{
	guint n = 0;

	while (at < len && text[at] == ' ')
		at++;
	for (; at < len && n < WORD_MOST && (g_ascii_isalpha(text[at]) || text[at] == '\''); at++)
		if (text[at] != '\'')
			word[n++] = g_ascii_tolower(text[at]);
	word[n] = '\0';
}

static gboolean
begins(const char *text, gsize at)
{
	while (at > 0 && text[at - 1] == ' ')
		at--;
	return at == 0 || strchr(".!?\n>", text[at - 1]) != NULL;
}

static gboolean
is_word(const char *text, gsize len, gsize from, gsize to)
{
	char word[WORD_MOST + 1];

	word_before(text, from, word);
	if (word[0] != '\0')
		return is_among(word, go_on, G_N_ELEMENTS(go_on));
	word_behind(text, len, to, word);
	return begins(text, from) && is_among(word, verbs, G_N_ELEMENTS(verbs));
}

gsize
sg_emoji_at(const char *text, gsize len, gsize at, gsize last, SgEmoji *e)
{
	gsize n = (guchar)text[at] >= 0xE2 ? picture_at(text, len, at, e) : 0;
	gboolean goes_on = last > 0 && (at == last || (at == last + 1 && text[last] == ' '));

	return n > 0 && (goes_on || is_word(text, len, at, at + n)) ? n : 0;
}

void
sg_emoji_put(SgEdits *edits, const SgVocab *v, gsize from, gsize to, const SgEmoji *e)
{
	const SgWord *word = sg_vocab_find(v, e->word, strlen(e->word));
	const SgWord *second = e->second != NULL ? sg_vocab_find(v, e->second, strlen(e->second)) : NULL;
	SgWeight weight = word != NULL ? (SgWeight)word->weight : SG_WEIGHT_NONE;
	gboolean matters = weight > SG_WEIGHT_NONE || (second != NULL && second->weight > SG_WEIGHT_NONE);

	if (sg_edits_add(edits, from, to, e->word, strlen(e->word), weight, matters) && second != NULL)
		sg_edits_second(edits, second);
}
