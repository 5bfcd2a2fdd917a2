#include <string.h>

#include "disguise/alike.h"
#include "disguise/beside.h"
#include "disguise/emoji.h"
#include "disguise/guessed.h"
#include "disguise/known.h"
#include "disguise/restore.h"
#include "word/run.h"
#include "word/utf8.h"

#define MOST	SG_GUESS_LONGEST
#define GAP	4u	/* bytes between spaced letters, at most */
#define SPACED	3u	/* single letters in a row that make a spaced word */
#define FOREIGN 160u	/* of 256: so many unknown words are another language's */

typedef enum {
	OTHER,		/* ends a piece */
	LETTER,
	SIGN,		/* passes for a letter */
	WILD,		/* stands for any letter */
	WIDE,		/* not ASCII */
	QUOTE,		/* an apostrophe */
} Kind;

typedef struct {
	gsize	 from, to;
	guint	 n;
	char	 s[MOST];
	guint32	 pos[MOST + 1];	/* where each of s begins */
	guint	 letters, signs, wild, stars;	/* stars: cut off its end */
	gsize	 gap;		/* bytes between two of s */
	gboolean odd;		/* look-alikes, marks or apostrophes were taken away */
	gboolean unlike;	/* has letters that look like none of ours, or is too long */
} Piece;

struct SgRestore {
	const SgVocab *vocab;
	SgKnownWords   known;
	SgAlike	      *alike;
	SgGuessed     *guessed;
	SgEdits	       edits;
	const SgCanon *canon;
	gsize	       last_from, last_to;	/* the piece before, when it is of letters */
	gsize	       picture;	/* where the last one ended that stood for a word */
	guint	       unknown;	/* of 256: how many of the last words were */
	Piece	       single;	/* single letters in a row */
};

SgRestore *
sg_restore_new(const SgVocab *vocab)
{
	SgRestore *r = g_new0(SgRestore, 1);

	r->vocab = vocab;
	r->alike = sg_alike_new();
	r->guessed = sg_guessed_new(vocab);
	sg_edits_init(&r->edits);
	return r;
}

void
sg_restore_free(SgRestore *r)
{
	if (r == NULL)
		return;
	sg_alike_free(r->alike);
	sg_guessed_free(r->guessed);
	sg_edits_clear(&r->edits);
	g_free(r);
}

static Kind
kind_of(char c)
{
	static const guint8 kind[256] = {
		['a' ... 'z'] = LETTER,
		['0' ... '9'] = SIGN, ['!'] = SIGN, ['$'] = SIGN, ['+'] = SIGN, ['@'] = SIGN,
		    ['|'] = SIGN,
		['*'] = WILD, ['#'] = WILD, ['%'] = WILD, ['&'] = WILD, ['^'] = WILD,
		['\''] = QUOTE,
		[0x80 ... 0xFF] = WIDE,
	};

	return kind[(guchar)c];
}

/* "it's", "we'll": the word before the apostrophe at i decides.  Where the ending ends;
 * 0: there is none. */
static gsize
whole_ending(const char *text, gsize len, gsize i)
{
	gsize n = 0;

	while (i + 1 + n < len && n < 3 && kind_of(text[i + 1 + n]) == LETTER)
		n++;
	if (n > 2 || (n == 2 && strchr("lrv", text[i + 1]) == NULL))
		return 0;
	i += 1 + n;
	return i >= len || kind_of(text[i]) == OTHER ? i : 0;
}

/* "isn't" is "isnt"; there is one apostrophe. */
static gboolean
knows_whole(const SgRestore *r, const char *text, gsize from, gsize end)
{
	guint64 h = SG_VOCAB_HASH;

	for (; from < end; from++)
		if (text[from] != '\'')
			h = sg_vocab_hash(h, text[from]);
	return sg_vocab_known(r->vocab, h) != SG_KNOWN_NOT;
}

/* The end of a known word of letters that begins at i; i when it needs a closer look. */
static gsize
plain_word(SgRestore *r, const char *text, gsize len, gsize i)
{
	gsize from = i, end;
	gboolean is_known;
	guint64 key;
	Kind next;

	i = sg_run_end(text, len, i, FALSE, &key);
	next = i < len ? kind_of(text[i]) : OTHER;
	is_known = i - from >= 2 && sg_known_word(&r->known, r->vocab, key, text + from, i - from) != SG_KNOWN_NOT;
	if (next == QUOTE && (end = whole_ending(text, len, i)) > 0)
		return is_known || knows_whole(r, text, from, end) ? end : from;
	if (!is_known || next == QUOTE)
		return from;
	if (next == OTHER)
		return i;
	/* signs behind it that end a sentence or stress a word */
	for (end = i; end < len && end < i + 4 && strchr("!+*|", text[end]) != NULL; end++)
		;
	return end > i && (end >= len || kind_of(text[end]) == OTHER) ? end : from;
}

/* Its places and letters are not looked at before they are there: a whole one is large. */
static void
begin(Piece *p, gsize from)
{
	p->from = p->to = from;
	p->n = p->letters = p->signs = p->wild = p->stars = 0;
	p->gap = 0;
	p->odd = p->unlike = FALSE;
}

static void
put(Piece *p, char c, gsize at)
{
	if (p->n >= 3 && g_ascii_islower(c) && p->s[p->n - 1] == c && p->s[p->n - 2] == c &&
	    p->s[p->n - 3] == c)
		return;		/* a long run is no more than a run */
	if (p->n == MOST) {
		p->unlike = TRUE;
		return;
	}
	p->pos[p->n] = (guint32)at;
	p->s[p->n++] = c;
}

/* FALSE: it does not belong to the piece. */
static gboolean
put_wide(SgRestore *r, Piece *p, const char *text, gsize len, gsize *at)
{
	gsize from = *at;
	UChar32 cp = sg_utf8_next(text, at, len);
	char like = cp < 0 ? SG_ALIKE_SYMBOL : sg_alike_char(r->alike, cp);

	if (like == SG_ALIKE_SYMBOL) {
		*at = from;
		return FALSE;
	}
	if (like == SG_ALIKE_NONE)
		p->unlike = TRUE;
	else if (like != SG_ALIKE_MARK)
		put(p, like, from);
	p->odd = TRUE;
	return TRUE;
}

static void
cut_last(Piece *p)
{
	p->n--;
	p->to = p->pos[p->n];
}

/* Before its last letter: then that may be a sign as well. */
static gboolean
has_signs(const Piece *p)
{
	for (guint i = 0; i + 1 < p->n; i++)
		if (kind_of(p->s[i]) == SIGN && p->s[i] != '+')
			return TRUE;
	return FALSE;
}

/* Punctuation around a word is not part of it. */
static void
trim(Piece *p)
{
	guint k = 0;

	while (p->n > 0 && kind_of(p->s[p->n - 1]) != LETTER && strchr("!+*|&%#^", p->s[p->n - 1]) != NULL) {
		if (p->s[p->n - 1] == '+' && has_signs(p))
			break;
		p->stars += p->s[p->n - 1] == '*';
		cut_last(p);
	}
	while (k < p->n && kind_of(p->s[k]) != LETTER && strchr("+*|&%#^", p->s[k]) != NULL)
		k++;
	if (k > 0) {
		p->n -= k;
		memmove(p->s, p->s + k, p->n);
		memmove(p->pos, p->pos + k, (p->n + 1) * sizeof *p->pos);
		p->from = p->pos[0];
	}
	for (k = 0; k < p->n; k++) {
		Kind kind = kind_of(p->s[k]);

		p->letters += kind == LETTER;
		if (kind == WILD) {
			p->s[k] = '*';
			p->wild++;
		}
	}
	p->signs = p->n - p->letters - p->wild;
}

/* Reads the piece at i; returns where it ends. */
static gsize
collect(SgRestore *r, const char *text, gsize len, gsize i, Piece *p)
{
	gsize ending = 0;

	begin(p, i);
	while (i < len) {
		gsize at = i;
		Kind kind = kind_of(text[i]);

		if (kind == OTHER || (kind == WIDE && !put_wide(r, p, text, len, &i)))
			break;
		if (kind == WIDE)
			continue;
		if (kind == QUOTE && (ending = whole_ending(text, len, i)) > 0)
			break;
		i++;
		if (kind == QUOTE)
			p->odd = p->odd || p->n > 0;
		else
			put(p, text[at], at);
	}
	p->to = i;
	while (p->to > p->from && text[p->to - 1] == '\'')
		p->to--;
	p->pos[p->n] = (guint32)p->to;
	if (!p->unlike)
		trim(p);
	return MAX(i, ending);
}

static gboolean
is_welcome(const SgRestore *r, const Piece *p, const SgGuess *g)
{
	const SgCanon *c = r->canon;
	guint weight = 0;

	for (guint i = 0; i < g->n; i++)
		weight = MAX(weight, g->word[i].weight);
	if (sg_beside_address(c->text, c->len, p->from, p->to))
		return FALSE;
	return weight < SG_WEIGHT_ALONE || !g->name_like || !sg_beside_is_name(c, p->from);
}

/* Of words written together small ones do not make a hit. */
static gboolean
matters(const SgGuess *g, const SgGuessWord *w)
{
	return w->weight == SG_WEIGHT_ALONE || (w->weight == SG_WEIGHT_PART && w->len >= (g->n > 1 ? 4 : 3));
}

static gboolean
take(SgRestore *r, const Piece *p, const SgGuess *g)
{
	if (!is_welcome(r, p, g))
		return FALSE;
	for (guint i = 0; i < g->n; i++) {
		const SgGuessWord *w = &g->word[i];
		gsize to = w->to == p->n ? p->to : p->pos[w->to] - (i + 1 == g->n ? p->gap : 0);

		if (!sg_edits_add(&r->edits, w->from == 0 ? p->from : p->pos[w->from], to,
		    g->text + w->at, w->len, (SgWeight)w->weight, matters(g, w)))
			return FALSE;
	}
	if (g->second != NULL)
		sg_edits_second(&r->edits, g->second);
	return TRUE;
}

static void
end_singles(SgRestore *r)
{
	Piece *p = &r->single;
	SgGuess g;

	if (p->n == 0)
		return;
	p->pos[p->n] = (guint32)p->to;
	if (p->n >= SPACED && p->letters * 2 >= p->n && !p->unlike &&
	    sg_guess_spaced(r->vocab, p->s, p->n, &g))
		(void)take(r, p, &g);
	begin(p, 0);
}

/* What stands behind a single letter at `at`: is it what stood between the last two? */
static gboolean
same_gap(const SgRestore *r, gsize at, gsize gap)
{
	const char *text = r->canon->text;

	return gap == r->single.gap && memcmp(text + r->single.pos[r->single.n - 1] - gap, text + at, gap) == 0;
}

static gboolean
add_single(SgRestore *r, const Piece *p)
{
	Piece *s = &r->single;
	gsize gap;

	if (p->n != 1)
		return FALSE;
	gap = p->from - s->to;
	if (s->n == 2 && gap <= GAP && !same_gap(r, s->to, gap)) {
		Piece second = { .from = s->pos[1], .n = 1, .to = s->to };

		second.pos[0] = s->pos[1];	/* "a d-o-g": the run begins with the d */
		second.s[0] = s->s[1];
		second.letters = g_ascii_islower(s->s[1]);
		*s = second;
	} else if (s->n > 0 && (s->n == MOST || gap > GAP || (s->n > 1 && !same_gap(r, s->to, gap)))) {
		end_singles(r);
	}
	if (s->n == 0)
		s->from = p->from;
	else if (s->n == 1)
		s->gap = gap;
	s->pos[s->n] = (guint32)p->from;
	s->s[s->n++] = p->s[0];
	s->letters += p->letters;
	s->to = p->to;
	return TRUE;
}

/* The letters from i on, if they are a word of their own and short; 0: no. */
static gsize
short_word(const SgCanon *c, gsize i)
{
	gsize from = i;

	while (i < c->len && i - from < SG_VOCAB_LONGEST && kind_of(c->text[i]) == LETTER)
		i++;
	return i > from && (i == c->len || kind_of(c->text[i]) == OTHER) ? i : 0;
}

static SgKnown
known(const SgRestore *r, gsize from, gsize to)
{
	guint64 h = SG_VOCAB_HASH;

	for (gsize i = from; i < to; i++)
		h = sg_vocab_hash(h, r->canon->text[i]);
	return sg_vocab_known(r->vocab, h);
}

/* Two to three pieces of one word, the unknown one from to to among them. */
static gboolean
join(SgRestore *r, const gsize (*parts)[2], guint n, Piece *p)
{
	char word[SG_VOCAB_LONGEST];
	gsize len = 0, whole = 0;
	gboolean blanks = FALSE;
	const SgWord *w;
	SgGuess g;

	for (guint i = 0; i < n; i++) {
		gsize size = parts[i][1] - parts[i][0];

		blanks = blanks || (i > 0 && r->canon->text[parts[i][0] - 1] == ' ');
		if (len + size > sizeof word)
			return FALSE;
		memcpy(word + len, r->canon->text + parts[i][0], size);
		len += size;
	}
	if (len < 4 || (w = sg_vocab_find(r->vocab, word, len)) == NULL)
		return FALSE;
	for (guint i = 0; i < n; i++) {
		gsize size = parts[i][1] - parts[i][0];

		if (size == 1 || known(r, parts[i][0], parts[i][1]) != SG_KNOWN_NOT)
			whole = MAX(whole, size);
	}
	/* a part that is a word itself speaks against it, the more when a blank is between */
	if (whole > (w->weight == SG_WEIGHT_ALONE ? 3u : w->weight == SG_WEIGHT_PART ? 4u : 1u) +
	    (blanks ? 0u : 2u))
		return FALSE;
	sg_guess_word(r->vocab, word, len, &g);
	g.word[0].to = (guint8)p->n;
	p->from = parts[0][0];
	p->to = parts[n - 1][1];
	return take(r, p, &g);
}

/* May what stands either side of byte i be one word?  Without a list of words all are
 * unknown, and a blank says nothing. */
static gboolean
may_join(const SgRestore *r, gsize i)
{
	char between = r->canon->text[i];

	return between != '\'' && (between != ' ' || sg_vocab_is_full(r->vocab));
}

/* Where the short word behind the one that ends at i ends; 0: none. */
static gsize
next_word(const SgRestore *r, gsize i)
{
	return i > 0 && i + 1 < r->canon->len && may_join(r, i) ? short_word(r->canon, i + 1) : 0;
}

/* "mus lims": the unknown piece p with its neighbours.  Returns where the word ends. */
static gsize
join_neighbours(SgRestore *r, Piece *p)
{
	gsize next = next_word(r, p->to), after = next_word(r, next);
	gboolean last = r->last_to > 0 && r->last_to + 1 == p->from && may_join(r, r->last_to) &&
	    r->last_from >= sg_edits_end(&r->edits);
	const gsize parts[4][2] = { { r->last_from, r->last_to }, { p->from, p->to },
		{ p->to + 1, next }, { next + 1, after } };

	if (last && next > 0 && join(r, &parts[0], 3, p))
		return next;
	if (after > 0 && join(r, &parts[1], 3, p))
		return after;
	if (next > 0 && join(r, &parts[1], 2, p))
		return next;
	return last && join(r, &parts[0], 2, p) ? parts[1][1] : 0;
}

static gsize
unknown_word(SgRestore *r, Piece *p, gsize end)
{
	SgGuess g;
	gsize joined;
	gboolean strict;

	r->unknown += (256 - r->unknown) >> 3;
	strict = r->unknown > FOREIGN || sg_beside_address_sign(r->canon, p->from, p->to);
	if (!p->odd && (joined = join_neighbours(r, p)) > 0)
		return joined;
	if (p->stars > 0 && p->n >= 2 && p->n + p->stars <= MOST) {
		Piece whole = *p;

		memset(whole.s + p->n, '*', p->stars);
		if (sg_guessed(r->guessed, SG_GUESS_SIGNS, whole.s, p->n + p->stars, &g)) {
			g.word[0].to = (guint8)p->n;
			(void)take(r, p, &g);
			return end;
		}
	}
	if (sg_guessed(r->guessed, strict ? SG_GUESS_STRICT : SG_GUESS_LETTERS, p->s, p->n, &g))
		(void)take(r, p, &g);
	return end;
}

/* Letters once look-alikes, marks and apostrophes are gone. */
static gsize
letters(SgRestore *r, Piece *p, gsize end)
{
	guint64 h = SG_VOCAB_HASH;
	SgGuess g;

	for (guint i = 0; i < p->n; i++)
		h = sg_vocab_hash(h, p->s[i]);
	if (sg_vocab_known(r->vocab, h) == SG_KNOWN_NOT)
		return unknown_word(r, p, end);
	r->unknown -= r->unknown >> 3;
	if (p->odd && p->n <= SG_VOCAB_LONGEST) {
		sg_guess_word(r->vocab, p->s, p->n, &g);
		if (g.word[0].weight > SG_WEIGHT_NONE)
			(void)take(r, p, &g);
	}
	return end;
}

/* Reads the piece at i and what is behind it, as far as it belongs to it. */
static gsize
read_piece(SgRestore *r, gsize i)
{
	const SgCanon *c = r->canon;
	Piece p;
	SgGuess g;
	SgEmoji e;
	gsize end = i + sg_emoji_at(c->text, c->len, i, r->picture, &e);

	if (end > i) {	/* a picture that stands for a word */
		end_singles(r);
		sg_emoji_put(&r->edits, r->vocab, i, end, &e);
		r->last_to = 0;
		return r->picture = end;
	}
	end = collect(r, c->text, c->len, i, &p);
	if (end == i)	/* a symbol */
		return i + MAX(1u, (gsize)g_utf8_skip[(guchar)c->text[i]]);
	if (p.n == 0 || p.unlike) {
		end_singles(r);
		r->last_to = 0;
		return end;
	}
	if (add_single(r, &p)) {
		r->last_from = p.from;
		r->last_to = p.letters == 1 ? p.to : 0;
		return end;
	}
	end_singles(r);
	if (p.letters == p.n)
		end = letters(r, &p, end);
	else if ((p.letters > 0 || p.wild == 0) && !(p.s[0] == '$' && p.signs == 1 && sg_beside_variable(c, p.to)))
		if (sg_guessed(r->guessed, SG_GUESS_SIGNS, p.s, p.n, &g))
			(void)take(r, &p, &g);
	r->last_from = p.from;
	r->last_to = p.letters == p.n && !p.odd ? p.to : 0;
	return end;
}

/* A number and nothing else: where it ends, or i. */
static gsize
number_end(const char *text, gsize len, gsize i)
{
	gsize from = i;

	while (i < len && g_ascii_isdigit(text[i]))
		i++;
	return i - from > 1 && (i == len || kind_of(text[i]) == OTHER) ? i : from;
}

SgEdits *
sg_restore_read(SgRestore *r, const SgCanon *c)
{
	const char *text = c->text;
	gsize i = 0, len = c->len, end;

	sg_edits_empty(&r->edits);
	r->canon = c;
	r->last_to = r->picture = 0;
	begin(&r->single, 0);
	if (!c->begun || c->lo == 0)
		r->unknown = 0;
	while (i < len) {
		Kind kind = kind_of(text[i]);

		if (kind == OTHER || kind == QUOTE) {
			i++;
			continue;
		}
		if (kind == LETTER && (end = plain_word(r, text, len, i)) > i) {
			if (r->single.n > 0)
				end_singles(r);
			r->unknown -= r->unknown >> 3;
			r->last_from = i;
			r->last_to = end;
			i = end;
			continue;
		}
		if (kind == SIGN && (end = number_end(text, len, i)) > i) {
			end_singles(r);
			r->last_to = 0;
			i = end;
			continue;
		}
		i = read_piece(r, i);
	}
	end_singles(r);
	return &r->edits;
}
