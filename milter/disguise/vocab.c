#include <string.h>

#include "disguise/spelling.h"
#include "disguise/vocab.h"

#define SHORTEST   3u	/* letters of a word that is looked for with a letter wrong */
#define BASE	   0x100000001b3u	/* of keys in the index */
#define LONG	   5u	/* letters of a word that is no hit alone, for a star to stand in */
#define PROBES	   48u	/* slots looked at for one key */
#define LENGTHS	   (SG_VOCAB_LONGEST + 1)
#define KNOWN	   3u	/* bits of an entry that hold SgKnown */
#define PART	   4u	/* ... that say that it is of SG_WEIGHT_PART */
#define FACTS	   (KNOWN | PART)
#define LETTERS	   "abcdefghijklmnopqrstuvwxyz"
#define LITERAL	   4u	/* letters of an expression in a row that are taken for a beginning */

#define PAIR(s) (((guchar)(s)[0] & 31u) << 5 | ((guchar)(s)[1] & 31u))

typedef struct {	/* of a word; weight 0: free */
	guint64 hash;
	guint	weight;
} Beginning;

struct SgVocab {
	GArray	 *words;	/* SgWord: rules' first, then common and usual ones */
	GStringChunk *chars;
	guint32	 *known;	/* of every word: 29 bits of its hash, PART and SgKnown */
	gsize	  n_known, known_mask;
	guint32	 *index;	/* of words, and of words without one letter: id + 1, and 12 bits */
	gsize	  index_mask;
	Beginning *prefix;	/* "stupid" of "stupid*" */
	gsize	  prefix_mask;
	guint32	  prefix_lengths[1024];	/* bits: by PAIR of their first two letters */
	GArray	 *starred[LENGTHS][26];	/* guint: words of the rules by length and first letter */
	gboolean  full;
};

typedef struct {	/* what is gathered before the tables are made */
	SgVocab	   *v;
	GHashTable *at;		/* text -> index in words + 1 */
	GHashTable *prefixes;	/* text -> SgWeight */
	GArray	   *hashes;	/* guint64, FACTS in the lowest bits */
} Maker;

typedef struct {	/* of a word in the index: its own, and those without one letter */
	guint64 key[SG_VOCAB_LONGEST + 1];
	guint	n;
} Keys;

static guint64
spread(guint64 h)
{
	return (h ^ (h >> 29)) * 0x9e3779b97f4a7c15u;
}

static guint64
hash_of(const char *s, gsize n)
{
	guint64 h = SG_VOCAB_HASH;

	for (gsize i = 0; i < n; i++)
		h = sg_vocab_hash(h, s[i]);
	return h;
}

static void
note_known(Maker *m, const char *s, gsize n, guint facts)
{
	guint64 h = (hash_of(s, n) & ~(guint64)FACTS) | facts;

	g_array_append_val(m->hashes, h);
}

static SgWord *
word_for(Maker *m, const char *s, gsize n)
{
	char text[SG_VOCAB_LONGEST + 1];
	gpointer at;
	SgWord w = { NULL, (guint8)n, SG_KNOWN_NOT, SG_WEIGHT_NONE };

	memcpy(text, s, n);
	text[n] = '\0';
	if ((at = g_hash_table_lookup(m->at, text)) == NULL) {
		w.text = g_string_chunk_insert_len(m->v->chars, s, (gssize)n);
		g_array_append_val(m->v->words, w);
		at = GUINT_TO_POINTER(m->v->words->len);
		g_hash_table_insert(m->at, (gpointer)w.text, at);
	}
	return &g_array_index(m->v->words, SgWord, GPOINTER_TO_UINT(at) - 1);
}

static void
add_rule_word(Maker *m, const char *s, gsize n, SgWeight weight)
{
	SgWord *w;

	if (n < 1 || n > SG_VOCAB_LONGEST)
		return;
	w = word_for(m, s, n);
	w->weight = MAX(w->weight, (guint8)weight);
}

static void
add_prefix(Maker *m, const char *s, gsize n, SgWeight weight)
{
	g_autofree char *text = g_strndup(s, n);

	if (n < SHORTEST || n > SG_VOCAB_LONGEST)
		return;
	weight = MAX(weight, GPOINTER_TO_UINT(g_hash_table_lookup(m->prefixes, text)));
	g_hash_table_insert(m->prefixes, g_steal_pointer(&text), GUINT_TO_POINTER(weight));
	m->v->prefix_lengths[PAIR(s)] |= 1u << n;
}

/* The words of a phrase; the last one may be a beginning. */
static void
add_phrase(Maker *m, const SgSought *p)
{
	const char *s = p->text;
	SgWeight weight = p->weight;

	if (strspn(s, LETTERS) < strlen(s))
		weight = MIN(weight, SG_WEIGHT_PART);
	while (*s != '\0') {
		gsize n = strspn(s, LETTERS);

		add_rule_word(m, s, n, weight);
		if (p->prefix && s[n] == '\0')
			add_prefix(m, s, n, weight);
		s += MAX(n, 1);
	}
}

/* An expression's letters in a row: a word, or the beginning of some. */
static void
add_expression(Maker *m, const char *s)
{
	while (*s != '\0') {
		gsize n = strspn(s, LETTERS);

		if (*s == '\\' && s[1] != '\0') {
			s += 2;
			continue;
		}
		if (n >= SHORTEST)
			add_rule_word(m, s, n, SG_WEIGHT_PART);
		if (n > SHORTEST && s[n] == '?')
			add_rule_word(m, s, n - 1, SG_WEIGHT_PART);
		if (n >= LITERAL)
			add_prefix(m, s, n, SG_WEIGHT_PART);
		s += MAX(n, 1);
	}
}

static void
add_sought(Maker *m, const GArray *sought)
{
	for (guint i = 0; i < sought->len; i++) {
		const SgSought *p = &g_array_index(sought, SgSought, i);

		if (p->regex)
			add_expression(m, p->text);
		else
			add_phrase(m, p);
	}
}

typedef struct {
	const char *text;
	gboolean    begin;
	guint	    lists;	/* that have it */
} Form;

static int
most_listed_first(gconstpointer x, gconstpointer y)
{
	const Form *a = x, *b = y;

	if (a->lists != b->lists)
		return a->lists > b->lists ? -1 : 1;
	return strcmp(a->text, b->text);
}

/* Words of phrases and of their classes.  Of those that may stand behind a mask the first
 * ones are taken: rather such as many lists have. */
static void
add_lexicon(Maker *m, const SgLexicon *l)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Form));

	for (guint32 i = SG_WORD_NUMBER + 1; i < sg_lexicon_size(l); i++) {
		const GPtrArray *forms = sg_lexicon_forms(l, i);
		guint lists = 0;

		for (gsize k = 0; k < sg_lexicon_row(l); k++)
			lists += (guint)__builtin_popcountll(sg_lexicon_begun(l, i)[k]);
		for (guint k = 0; k < forms->len; k++) {
			Form form = { g_ptr_array_index(forms, k), sg_lexicon_is_begin(l, i), lists };

			if (form.text[strspn(form.text, LETTERS)] == '\0')
				g_array_append_val(all, form);
		}
	}
	g_array_sort(all, most_listed_first);
	for (guint i = 0; i < all->len; i++) {
		const Form *form = &g_array_index(all, Form, i);
		gsize n = strlen(form->text);

		add_rule_word(m, form->text, n, SG_WEIGHT_PART);
		if (form->begin)
			add_prefix(m, form->text, n, SG_WEIGHT_PART);
	}
}

static void
add_ordinary(Maker *m, const char *s, gsize n, SgKnown known)
{
	SgWord *w;

	if (n == 0 || n > SG_VOCAB_LONGEST)
		return;
	if (known == SG_KNOWN_RARE && n < SHORTEST)
		return;
	note_known(m, s, n, known);
	if (known == SG_KNOWN_RARE)
		return;
	w = word_for(m, s, n);
	w->known = MAX(w->known, (guint8)known);
}

/* One line: a word, and its endings. */
static void
add_line(Maker *m, const char *s, const char *end, SgKnown known)
{
	char word[2 * SG_VOCAB_LONGEST];
	gsize stem = 0;

	while (s < end && g_ascii_islower(*s) && stem < SG_VOCAB_LONGEST)
		word[stem++] = *s++;
	add_ordinary(m, word, stem, known);
	while (s < end && *s == ' ') {
		gsize n = stem;

		for (s++; s < end && g_ascii_islower(*s) && n < sizeof word; s++)
			word[n++] = *s;
		if (n > stem)
			add_ordinary(m, word, n, known);
	}
}

static void
add_list(Maker *m, GBytes *list)
{
	gsize len = 0;
	const char *s = g_bytes_get_data(list, &len), *end = s + len;
	SgKnown known = SG_KNOWN_RARE;

	while (s < end) {
		const char *nl = memchr(s, '\n', (gsize)(end - s));

		nl = nl != NULL ? nl : end;
		if (*s == '[')
			known = s[1] == 'c' ? SG_KNOWN_COMMON : s[1] == 'u' ? SG_KNOWN_USUAL :
			    SG_KNOWN_RARE;
		else
			add_line(m, s, nl, known);
		s = nl + 1;
	}
}

static gsize
room_for(gsize n)
{
	gsize size = 1024;

	while (size < n)
		size *= 2;
	return size;
}

static void
put_known(SgVocab *v, guint64 hash, guint32 facts)
{
	guint64 h = spread(hash & ~(guint64)FACTS);
	guint32 entry = ((guint32)(h >> 32) & ~FACTS) | facts;

	for (gsize at = h & v->known_mask;; at = (at + 1) & v->known_mask) {
		if (v->known[at] == 0) {
			v->known[at] = entry;
			return;
		}
		if (((v->known[at] ^ entry) & ~FACTS) == 0) {
			guint32 known = MAX(v->known[at] & KNOWN, facts & KNOWN);

			v->known[at] = (entry & ~FACTS) | known | ((v->known[at] | facts) & PART);
			return;
		}
	}
}

/* The key of a word in the index: a polynomial, so that the keys without one letter
 * follow from those of what is before and behind it. */
static void
keys_of(const char *s, gsize n, Keys *k)
{
	guint64 before[SG_VOCAB_LONGEST + 1] = { 0 }, behind = 0, p = 1;

	for (gsize i = 0; i < n; i++)
		before[i + 1] = before[i] * BASE + (guchar)s[i];
	k->n = 0;
	k->key[k->n++] = spread(before[n] ^ n);
	for (gsize i = n; n >= SHORTEST && i-- > 0;) {
		if (i == 0 || s[i] != s[i - 1])
			k->key[k->n++] = spread((before[i] * p + behind) ^ (n - 1));
		behind += (guchar)s[i] * p;
		p *= BASE;
	}
}

static void
put_index(SgVocab *v, guint64 h, guint id)
{
	guint32 entry = (guint32)(h >> 52) << 20 | (id + 1);
	guint probes = 0;

	for (gsize at = h & v->index_mask; probes < PROBES; at = (at + 1) & v->index_mask, probes++)
		if (v->index[at] == 0) {
			v->index[at] = entry;
			return;
		}
}

/* Every word under its own letters, and under them without each one. */
static void
index_words(SgVocab *v)
{
	for (guint id = 0; id < MIN(v->words->len, (1u << 20) - 1); id++) {
		const SgWord *w = &g_array_index(v->words, SgWord, id);
		Keys k;

		keys_of(w->text, w->len, &k);
		for (guint i = 0; i < k.n; i++)
			put_index(v, k.key[i], id);
	}
}

static Beginning *
beginning(const SgVocab *v, guint64 hash)
{
	gsize at = spread(hash) & v->prefix_mask;

	while (v->prefix[at].weight != 0 && v->prefix[at].hash != hash)
		at = (at + 1) & v->prefix_mask;
	return &v->prefix[at];
}

static void
make_beginnings(Maker *m)
{
	SgVocab *v = m->v;
	GHashTableIter it;
	gpointer text, weight;

	v->prefix_mask = room_for(2 * (gsize)g_hash_table_size(m->prefixes)) - 1;
	v->prefix = g_new0(Beginning, v->prefix_mask + 1);
	g_hash_table_iter_init(&it, m->prefixes);
	while (g_hash_table_iter_next(&it, &text, &weight)) {
		guint64 hash = hash_of(text, strlen(text));

		*beginning(v, hash) = (Beginning){ hash, GPOINTER_TO_UINT(weight) };
	}
}

static void
make_tables(Maker *m)
{
	SgVocab *v = m->v;
	gsize keys = 0;

	make_beginnings(m);
	for (guint i = 0; i < v->words->len; i++) {
		SgWord *w = &g_array_index(v->words, SgWord, i);

		w->weight = MAX(w->weight, (guint8)sg_vocab_weight(v, w->text, w->len));
		keys += w->len + 1u;
		if (w->weight > SG_WEIGHT_NONE)	/* an ordinary word may begin like one */
			note_known(m, w->text, w->len, (w->weight == SG_WEIGHT_PART ? PART : 0) |
			    (w->known != SG_KNOWN_NOT ? w->known : SG_KNOWN_USUAL));
		if (w->len >= (w->weight == SG_WEIGHT_ALONE ? SHORTEST : LONG) &&
		    w->weight > SG_WEIGHT_NONE)
			g_array_append_val(v->starred[w->len][*w->text - 'a'], i);
	}
	v->known_mask = room_for((gsize)m->hashes->len * 3 / 2) - 1;
	v->known = g_new0(guint32, v->known_mask + 1);
	for (guint i = 0; i < m->hashes->len; i++) {
		guint64 h = g_array_index(m->hashes, guint64, i);

		put_known(v, h, (guint32)(h & FACTS));
	}
	v->index_mask = room_for(keys * 3 / 2) - 1;
	v->index = g_new0(guint32, v->index_mask + 1);
	index_words(v);
}

SgVocab *
sg_vocab_new(const GArray *sought, const SgLexicon *lexicon, const GPtrArray *lists)
{
	SgVocab *v = g_new0(SgVocab, 1);
	Maker m = { v, g_hash_table_new(g_str_hash, g_str_equal),
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		g_array_new(FALSE, FALSE, sizeof(guint64)) };

	v->words = g_array_new(FALSE, FALSE, sizeof(SgWord));
	v->chars = g_string_chunk_new(1 << 16);
	for (guint i = 0; i < LENGTHS; i++)
		for (guint k = 0; k < 26; k++)
			v->starred[i][k] = g_array_new(FALSE, FALSE, sizeof(guint));
	add_lexicon(&m, lexicon);
	add_sought(&m, sought);
	for (guint i = 0; i < lists->len; i++)
		add_list(&m, g_ptr_array_index(lists, i));
	v->full = lists->len > 0;
	g_hash_table_unref(m.at);
	make_tables(&m);
	g_hash_table_unref(m.prefixes);
	g_array_unref(m.hashes);
	return v;
}

void
sg_vocab_free(SgVocab *v)
{
	if (v == NULL)
		return;
	g_array_unref(v->words);
	g_string_chunk_free(v->chars);
	g_free(v->prefix);
	for (guint i = 0; i < LENGTHS; i++)
		for (guint k = 0; k < 26; k++)
			g_array_unref(v->starred[i][k]);
	g_free(v->known);
	g_free(v->index);
	g_free(v);
}

gboolean
sg_vocab_is_full(const SgVocab *v)
{
	return v->full;
}

static guint32
facts_of(const SgVocab *v, guint64 hash)
{
	guint64 h = spread(hash & ~(guint64)FACTS);
	guint32 entry = (guint32)(h >> 32) & ~FACTS, found;

	for (gsize at = h & v->known_mask; (found = v->known[at]) != 0;
	    at = (at + 1) & v->known_mask)
		if (((found ^ entry) & ~FACTS) == 0)
			return found & FACTS;
	return 0;
}

SgKnown
sg_vocab_known(const SgVocab *v, guint64 hash)
{
	return facts_of(v, hash) & KNOWN;
}

SgKnown
sg_vocab_known_part(const SgVocab *v, guint64 hash, gboolean *part)
{
	guint32 facts = facts_of(v, hash);

	*part = (facts & PART) != 0;
	return facts & KNOWN;
}

SgWeight
sg_vocab_weight(const SgVocab *v, const char *s, gsize n)
{
	const SgWord *w = v->index != NULL ? sg_vocab_find(v, s, n) : NULL;
	SgWeight weight = w != NULL ? w->weight : SG_WEIGHT_NONE;
	guint32 lengths = n >= SHORTEST ? v->prefix_lengths[PAIR(s)] : 0;
	guint64 h = SG_VOCAB_HASH;

	for (guint k = 1; k <= MIN(n, SG_VOCAB_LONGEST) && lengths >> k != 0; k++) {
		h = sg_vocab_hash(h, s[k - 1]);
		if ((lengths >> k & 1) != 0)
			weight = MAX(weight, beginning(v, h)->weight);
	}
	return weight;
}

/* The next word under a key. */
static const SgWord *
next_under(const SgVocab *v, guint64 key, guint *probe)
{
	for (; *probe < PROBES; (*probe)++) {
		guint32 entry = v->index[(key + *probe) & v->index_mask];

		if (entry == 0)
			break;
		if (entry >> 20 == (guint32)(key >> 52)) {
			(*probe)++;
			return &g_array_index(v->words, SgWord, (entry & 0xFFFFF) - 1);
		}
	}
	return NULL;
}

const SgWord *
sg_vocab_find(const SgVocab *v, const char *s, gsize n)
{
	guint64 h = 0;
	const SgWord *w;

	if (n > SG_VOCAB_LONGEST)
		return NULL;
	for (gsize i = 0; i < n; i++)
		h = h * BASE + (guchar)s[i];
	h = spread(h ^ n);
	for (guint probe = 0; (w = next_under(v, h, &probe)) != NULL;)
		if (w->len == n && memcmp(w->text, s, n) == 0)
			return w;
	return NULL;
}

guint
sg_vocab_near(const SgVocab *v, const char *s, gsize n, const SgWord *out[2])
{
	SgSpelling best = { 0 };
	const SgWord *w;
	Keys k;

	if (n < 2 || n > SG_VOCAB_LONGEST)
		return 0;
	keys_of(s, n, &k);
	for (guint i = 0; i < k.n; i++)		/* all of them are somewhere else in memory */
		__builtin_prefetch(&v->index[k.key[i] & v->index_mask]);
	for (guint i = 0; i < k.n; i++)
		for (guint probe = 0; (w = next_under(v, k.key[i], &probe)) != NULL;)
			sg_spelling_weigh(&best, s, n, w);
	return sg_spelling_best(&best, s, n, out);
}

guint
sg_vocab_starred(const SgVocab *v, const char *s, gsize n, const SgWord *out[2])
{
	const GArray *words;
	guint found = 0;

	if (n < SHORTEST || n > SG_VOCAB_LONGEST || !g_ascii_islower(*s))
		return 0;
	words = v->starred[n][*s - 'a'];
	for (guint i = 0; found < 2 && i < words->len; i++) {
		const SgWord *w = &g_array_index(v->words, SgWord,
		    g_array_index(words, guint, i));
		gsize k = 0;

		while (k < n && (s[k] == '*' || s[k] == w->text[k]))
			k++;
		if (k < n)
			continue;
		out[found] = w;
		if (found++ > 0 && out[0]->weight < out[1]->weight) {
			out[1] = out[0];
			out[0] = w;
		}
	}
	return found;
}
