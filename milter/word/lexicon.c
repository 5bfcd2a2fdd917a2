#include <string.h>

#include "word/lexicon.h"
#include "word/slot.h"
#include "word/usage.h"

#define WORD_BYTES 64u	/* a longer word of a text is nobody's */

typedef struct {
	GPtrArray *forms;	/* char * */
	gboolean   begin;
	guint	   usage;
} Word;

typedef struct {
	char	  *path;
	GPtrArray *phrases;	/* guint32 *, ended by SG_WORD_NONE */
} Class;

typedef struct {	/* of a table with open addressing; word SG_WORD_NONE: free */
	guint64 hash;
	guint32 word;
} Slot;

typedef struct {	/* by class, then as they were put there */
	guint	       class;
	const guint32 *phrase;
} Start;

struct SgLexicon {
	GHashTable *words;	/* char * -> number */
	GHashTable *begins;	/* "kill" of "kill*" -> number */
	GHashTable *aliases;	/* spelling -> char * */
	GPtrArray  *word;	/* Word, by number */
	GPtrArray  *class;	/* Class, by number */
	GHashTable *paths;	/* Class.path -> its number + 1 */
	guint64	   *begun;	/* by word, `row` each: a bit for every class it begins a phrase of */
	guint64	   *longer;	/* the same: it begins one of several words */
	gsize	    row;
	Slot	   *slot, *begin_slot;	/* of words and their spellings; of beginnings */
	gsize	    slots, begin_slots;	/* powers of two */
	guint64	    begin_lengths;	/* bits: bytes of beginnings */
	guint	   *first;	/* by word: its phrases are start[first[word] ... first[word + 1]) */
	Start	   *start;
};

static void
word_free(gpointer p)
{
	Word *w = p;

	g_ptr_array_unref(w->forms);
	g_free(w);
}

static void
class_free(gpointer p)
{
	Class *c = p;

	g_free(c->path);
	g_ptr_array_unref(c->phrases);
	g_free(c);
}

static guint32
word_new(SgLexicon *l, const char *form, gboolean begin)
{
	Word *w = g_new0(Word, 1);

	w->forms = g_ptr_array_new_with_free_func(g_free);
	w->begin = begin;
	w->usage = form[0] != '\0' ? sg_usage_of(form) : SG_USAGE_ALWAYS;
	g_ptr_array_add(w->forms, g_strdup(form));
	g_ptr_array_add(l->word, w);
	return l->word->len - 1;
}

SgLexicon *
sg_lexicon_new(void)
{
	SgLexicon *l = g_new0(SgLexicon, 1);

	l->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	l->begins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	l->aliases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	l->word = g_ptr_array_new_with_free_func(word_free);
	l->class = g_ptr_array_new_with_free_func(class_free);
	l->paths = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i <= SG_WORD_NUMBER; i++)
		(void)word_new(l, "", FALSE);
	return l;
}

void
sg_lexicon_free(SgLexicon *l)
{
	if (l == NULL)
		return;
	g_hash_table_unref(l->words);
	g_hash_table_unref(l->begins);
	g_hash_table_unref(l->aliases);
	g_ptr_array_unref(l->word);
	g_hash_table_unref(l->paths);
	g_ptr_array_unref(l->class);
	g_free(l->begun);
	g_free(l->longer);
	g_free(l->first);
	g_free(l->start);
	g_free(l->slot);
	g_free(l->begin_slot);
	g_free(l);
}

static char *
without_apostrophes(const char *word, gsize len)
{
	GString *s = g_string_sized_new(len + 1);

	for (gsize i = 0; i < len; i++)
		if (word[i] != '\'')
			g_string_append_c(s, word[i]);
	return g_string_free(s, FALSE);
}

static void
add_form(SgLexicon *l, guint32 number, const char *form)
{
	Word *w = g_ptr_array_index(l->word, number);

	if (!g_ptr_array_find_with_equal_func(w->forms, form, g_str_equal, NULL))
		g_ptr_array_add(w->forms, g_strdup(form));
}

guint32
sg_lexicon_add(SgLexicon *l, const char *word)
{
	gsize len = strlen(word);
	gboolean begin = len > 1 && word[len - 1] == '*';
	g_autofree char *key = without_apostrophes(word, begin ? len - 1 : len);
	const char *target = begin ? NULL : g_hash_table_lookup(l->aliases, key);
	GHashTable *table = begin ? l->begins : l->words;
	guint32 number;

	if (target != NULL) {	/* which is no spelling of a third: sg_lexicon_alias */
		g_free(key);
		key = without_apostrophes(target, strlen(target));
		word = target;
	}
	number = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
	if (number == SG_WORD_NONE) {
		number = word_new(l, key, begin);
		g_hash_table_insert(table, g_strdup(key), GUINT_TO_POINTER(number));
	}
	if (!begin)
		add_form(l, number, word);
	return number;
}

guint
sg_lexicon_size(const SgLexicon *l)
{
	return l->word->len;
}

gboolean
sg_lexicon_alias(SgLexicon *l, const char *spelling, const char *word)
{
	guint32 number = sg_lexicon_add(l, word);
	const char *own = sg_lexicon_forms(l, number)->pdata[0];
	char *key = without_apostrophes(spelling, strlen(spelling));

	if (strcmp(key, own) == 0 || g_hash_table_contains(l->words, key)) {
		g_free(key);
		return FALSE;
	}
	add_form(l, number, spelling);
	add_form(l, number, key);
	g_hash_table_insert(l->aliases, key, g_strdup(own));
	return TRUE;
}

const GPtrArray *
sg_lexicon_forms(const SgLexicon *l, guint32 word)
{
	return ((const Word *)g_ptr_array_index(l->word, word))->forms;
}

guint
sg_lexicon_usage(const SgLexicon *l, guint32 word)
{
	return ((const Word *)g_ptr_array_index(l->word, word))->usage;
}

gboolean
sg_lexicon_is_begin(const SgLexicon *l, guint32 word)
{
	return ((const Word *)g_ptr_array_index(l->word, word))->begin;
}

guint
sg_lexicon_class(SgLexicon *l, const char *path, gboolean *fresh)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(l->paths, path));
	Class *c;

	*fresh = number == 0;
	if (!*fresh)
		return number - 1;
	c = g_new0(Class, 1);
	c->path = g_strdup(path);
	c->phrases = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(l->class, c);
	g_hash_table_insert(l->paths, c->path, GUINT_TO_POINTER(l->class->len));
	return l->class->len - 1;
}

void
sg_lexicon_put(SgLexicon *l, guint class, const guint32 *words, guint n)
{
	Class *c = g_ptr_array_index(l->class, class);
	guint32 *phrase = g_new0(guint32, n + 1);

	memcpy(phrase, words, n * sizeof *words);
	g_ptr_array_add(c->phrases, phrase);
}

void
sg_lexicon_put_class(SgLexicon *l, guint class, guint other)
{
	const GPtrArray *phrases = sg_lexicon_phrases(l, other);

	for (guint i = 0; class != other && i < phrases->len; i++) {
		const guint32 *phrase = g_ptr_array_index(phrases, i);
		guint n = 0;

		while (phrase[n] != SG_WORD_NONE)
			n++;
		sg_lexicon_put(l, class, phrase, n);
	}
}

const GPtrArray *
sg_lexicon_phrases(const SgLexicon *l, guint class)
{
	return ((const Class *)g_ptr_array_index(l->class, class))->phrases;
}

guint32
sg_lexicon_rarest(const SgLexicon *l, const guint32 *phrase)
{
	guint32 best = phrase[0];

	for (guint i = 1; phrase[i] != SG_WORD_NONE; i++)
		if (sg_lexicon_usage(l, phrase[i]) < sg_lexicon_usage(l, best))
			best = phrase[i];
	return best;
}

guint
sg_lexicon_class_usage(const SgLexicon *l, guint class)
{
	const GPtrArray *phrases = sg_lexicon_phrases(l, class);
	guint sum = 0;

	for (guint i = 0; i < phrases->len; i++) {
		guint one = sg_lexicon_usage(l, sg_lexicon_rarest(l, g_ptr_array_index(phrases, i)));

		if (one == SG_USAGE_ALWAYS)
			return SG_USAGE_ALWAYS;
		sum = MIN(sum + one, SG_USAGE_ALWAYS - 1);
	}
	return sum;
}

static guint64
add_byte(guint64 h, char c)
{
	return (h ^ (guchar)c) * 0x100000001b3u;	/* FNV-1a */
}

static guint64
hash_of(const char *word)
{
	guint64 h = SG_LEXICON_HASH;

	for (; *word != '\0'; word++)
		h = add_byte(h, *word);
	return h;
}

static guint32
find_slot(const Slot *slots, gsize n, guint64 hash)
{
	gsize at = sg_slot(hash, n);

	while (slots[at].word != SG_WORD_NONE && slots[at].hash != hash)
		at = (at + 1) & (n - 1);
	return slots[at].word;
}

static void
put_slot(Slot *slots, gsize n, guint64 hash, guint32 word)
{
	gsize at = sg_slot(hash, n);

	while (slots[at].word != SG_WORD_NONE)
		at = (at + 1) & (n - 1);
	slots[at] = (Slot){ hash, word };
}

/* Room for n, at most half full. */
static gsize
room_for(guint n)
{
	gsize size = 16;

	while (size < 2 * (gsize)n)
		size *= 2;
	return size;
}

static guint32
find(const SgLexicon *l, const char *word)
{
	return find_slot(l->slot, l->slots, hash_of(word));
}

static void
make_slots(SgLexicon *l)
{
	GHashTableIter it;
	gpointer key, value;

	l->slots = room_for(g_hash_table_size(l->words) + g_hash_table_size(l->aliases));
	l->slot = g_new0(Slot, l->slots);
	g_hash_table_iter_init(&it, l->words);
	while (g_hash_table_iter_next(&it, &key, &value))
		put_slot(l->slot, l->slots, hash_of(key), GPOINTER_TO_UINT(value));
	g_hash_table_iter_init(&it, l->aliases);
	while (g_hash_table_iter_next(&it, &key, &value)) {
		gpointer word = g_hash_table_lookup(l->words, value);

		if (word != NULL)
			put_slot(l->slot, l->slots, hash_of(key), GPOINTER_TO_UINT(word));
	}
	l->begin_slots = room_for(g_hash_table_size(l->begins));
	l->begin_slot = g_new0(Slot, l->begin_slots);
	g_hash_table_iter_init(&it, l->begins);
	while (g_hash_table_iter_next(&it, &key, &value)) {
		gsize len = strlen(key);

		if (len >= WORD_BYTES)	/* no word is */
			continue;
		put_slot(l->begin_slot, l->begin_slots, hash_of(key), GPOINTER_TO_UINT(value));
		l->begin_lengths |= G_GUINT64_CONSTANT(1) << len;
	}
}

/* No run of a letter longer than most. */
static void
shorten_runs(char *word, guint most)
{
	char *out = word;
	guint run = 0;
	char last = '\0';

	for (const char *p = word; *p != '\0'; p++) {
		run = *p == last ? run + 1 : 1;
		last = *p;
		if (run <= most || (guchar)*p >= 0x80)
			*out++ = *p;
	}
	*out = '\0';
}

static gboolean
has_run(const char *word)
{
	for (const char *p = word; p[0] != '\0' && p[1] != '\0' && p[2] != '\0'; p++)
		if (p[0] == p[1] && p[1] == p[2])
			return TRUE;
	return FALSE;
}

/* The longest beginning. */
static guint32
find_begin(const SgLexicon *l, const char *word, gsize len)
{
	guint64 h = SG_LEXICON_HASH;
	guint32 best = SG_WORD_NONE;

	for (gsize n = 1; n <= MIN(len, WORD_BYTES - 1); n++) {
		guint32 one = SG_WORD_NONE;

		h = add_byte(h, word[n - 1]);
		if ((l->begin_lengths >> n & 1) != 0)
			one = find_slot(l->begin_slot, l->begin_slots, h);
		if (one != SG_WORD_NONE)
			best = one;
	}
	return best;
}

void
sg_lexicon_look_up(const SgLexicon *l, const char *word, gsize len, SgToken *token)
{
	char key[WORD_BYTES + 1];
	gsize n = 0;

	token->word = token->begin = SG_WORD_NONE;
	if (len > WORD_BYTES)
		return;
	for (gsize i = 0; i < len; i++)
		if (word[i] != '\'')
			key[n++] = word[i];
	key[n] = '\0';
	if (g_ascii_isdigit(key[0]) && strspn(key, "0123456789") == n)
		token->begin = SG_WORD_NUMBER;
	token->word = find(l, key);
	for (guint most = 2; most > 0 && token->word == SG_WORD_NONE && has_run(key); most--) {
		char shorter[WORD_BYTES + 1];

		memcpy(shorter, key, n + 1);
		shorten_runs(shorter, most);
		token->word = find(l, shorter);
	}
	if (token->begin == SG_WORD_NONE)
		token->begin = find_begin(l, key, n);
}

static gboolean
is_word(const SgToken *token, guint32 word)
{
	return token->word == word || token->begin == word;
}

/* The phrases of all classes by their first words. */
static void
sort_starts(SgLexicon *l)
{
	g_autofree guint *next = NULL;

	l->first = g_new0(guint, l->word->len + 1);
	for (guint c = 0; c < l->class->len; c++) {
		const GPtrArray *phrases = sg_lexicon_phrases(l, c);

		for (guint i = 0; i < phrases->len; i++)
			l->first[*(const guint32 *)g_ptr_array_index(phrases, i) + 1]++;
	}
	for (guint w = 0; w < l->word->len; w++)
		l->first[w + 1] += l->first[w];
	l->start = g_new0(Start, MAX(l->first[l->word->len], 1));
	next = g_memdup2(l->first, l->word->len * sizeof *next);
	for (guint c = 0; c < l->class->len; c++) {
		const GPtrArray *phrases = sg_lexicon_phrases(l, c);

		for (guint i = 0; i < phrases->len; i++) {
			const guint32 *phrase = g_ptr_array_index(phrases, i);

			l->start[next[phrase[0]]++] = (Start){ c, phrase };
		}
	}
}

void
sg_lexicon_close(SgLexicon *l)
{
	l->row = (l->class->len + 63) / 64;
	l->begun = g_new0(guint64, MAX(l->row * l->word->len, 1));
	l->longer = g_new0(guint64, MAX(l->row * l->word->len, 1));
	make_slots(l);
	sort_starts(l);
	for (guint i = 0; i < l->first[l->word->len]; i++) {
		const Start *s = &l->start[i];
		guint64 bit = G_GUINT64_CONSTANT(1) << s->class % 64;
		gsize at = s->phrase[0] * l->row + s->class / 64;

		l->begun[at] |= bit;
		if (s->phrase[1] != SG_WORD_NONE)
			l->longer[at] |= bit;
	}
}

const guint64 *
sg_lexicon_begun(const SgLexicon *l, guint32 word)
{
	return l->begun + word * l->row;
}

gsize
sg_lexicon_row(const SgLexicon *l)
{
	return l->row;
}

static gboolean
has_bit(const guint64 *row, guint class)
{
	return (row[class / 64] >> class % 64 & 1) != 0;
}

/* The first of a word's phrases that is of the class, which has one. */
static const Start *
first_start(const SgLexicon *l, guint class, guint32 word)
{
	guint low = l->first[word], high = l->first[word + 1];

	while (low < high) {
		guint mid = low + (high - low) / 2;

		if (l->start[mid].class < class)
			low = mid + 1;
		else
			high = mid;
	}
	return &l->start[low];
}

static guint
match_from(const SgLexicon *l, guint class, guint32 first, const SgToken *tokens, guint n)
{
	const Start *end = l->start + l->first[first + 1];
	guint bits = 0;

	/* nearly every word begins nothing of the class, or is all of it */
	if (first <= SG_WORD_STOP || !has_bit(l->begun + first * l->row, class))
		return 0;
	if (!has_bit(l->longer + first * l->row, class))
		return 1u << 1;
	for (const Start *s = first_start(l, class, first); s < end && s->class == class; s++) {
		guint k = 1;

		while (s->phrase[k] != SG_WORD_NONE && k < n && is_word(&tokens[k], s->phrase[k]))
			k++;
		if (s->phrase[k] == SG_WORD_NONE)
			bits |= 1u << k;
	}
	return bits;
}

guint
sg_lexicon_match(const SgLexicon *l, guint class, const SgToken *tokens, guint n)
{
	if (n == 0)
		return 0;
	return match_from(l, class, tokens[0].word, tokens, n) |
	    match_from(l, class, tokens[0].begin, tokens, n);
}
