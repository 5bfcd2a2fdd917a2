#include <string.h>

#include "model/finding.h"
#include "value/values.h"
#include "word/flat.h"

#define LEAD_MAX 5u	/* letters that may stand before the first digits: "MORGA 657054" */

typedef struct {
	const char   *text;
	gsize	      from, to;
	const SgCues *column;
	GArray	     *values;
	guint	      most;
	gsize	      done;	/* what is before has been looked at */
} Scan;

/* What one place may be; the best so far. */
typedef struct {
	gsize	at, end;
	SgKind	kind;
	guint	confidence, distance;
	guint64 words;
} Best;

/* What there is at one place to judge by. */
typedef struct {
	gsize	 at;
	SgCues	 cues;
	gboolean known;	/* the cues have been read */
	SgCompact v;
	gsize	 end[SG_GROUPS_MAX];
} Place;

static gboolean
is_alnum(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

static const SgCues *
cues_at(const Scan *s, Place *p)
{
	if (s->column != NULL)
		return s->column;
	if (!p->known) {
		sg_cues_none(&p->cues);
		sg_cues_before(&p->cues, s->text, s->from, p->at);
		p->known = TRUE;
	}
	return &p->cues;
}

static gsize
skip(const Scan *s, gsize i)
{
	while (i < s->to && s->text[i] == SG_FLAT_SKIP)
		i++;
	return i;
}

/* How many groups a value can have that begins with this one: "24-95-91", "4465 7871 3315
 * 0989", "GB78 NWBK ...".  A single digit begins none. */
static guint
groups_most(const SgCompact *v)
{
	if (!g_ascii_isdigit(v->text[0]))
		return SG_GROUPS_MAX;
	return v->group[0] == 1 ? 0 : v->group[0] == 2 ? 3 : 5;
}

/* The groups of letters and digits from p->at on, one separator between them. */
static void
gather(const Scan *s, Place *p)
{
	SgCompact *v = &p->v;
	gsize i = p->at;

	v->n = v->groups = 0;
	v->capitals = TRUE;
	while (v->groups < SG_GROUPS_MAX) {
		guint from = v->n;
		char c = 0;

		for (; i < s->to && v->n < SG_COMPACT_MAX; i = skip(s, i + 1)) {
			c = s->text[i];
			if (!g_ascii_isalnum(c))
				break;
			v->capitals = v->capitals && !g_ascii_islower(c);
			v->text[v->n++] = g_ascii_toupper(c);
		}
		if (v->n == from || (i < s->to && is_alnum(s->text[i]))) {
			v->n = (guint8)from;	/* too long, or there is none */
			break;
		}
		v->group[v->groups] = (guint8)(v->n - from);
		p->end[v->groups++] = i;
		if (v->groups >= groups_most(v) || i >= s->to || strchr(" -./", s->text[i]) == NULL)
			break;
		v->sep[v->groups] = s->text[i];
		i = skip(s, i + 1);
	}
	v->text[v->n] = '\0';
}

/* Not in the middle of something longer that a dot, dash or line holds together. */
static gboolean
stands_free(const Scan *s, gsize at, gsize end)
{
	gsize i = at;

	if (end + 1 < s->to && strchr("-._", s->text[end]) != NULL && is_alnum(s->text[end + 1]))
		return FALSE;
	if (end < s->to && strchr("@%", s->text[end]) != NULL)
		return FALSE;
	if (at < s->from + 2 || strchr("-._", s->text[at - 1]) == NULL || !is_alnum(s->text[at - 2]))
		return at == s->from || s->text[at - 1] != '@';
	for (i = at - 1; i > s->from && is_alnum(s->text[i - 1]); i--)
		if (g_ascii_isdigit(s->text[i - 1]))
			return FALSE;
	return s->text[at - 1] == '-';	/* "NHS-943..." is fine, "file.943" is not */
}

/* Inside an address of the web: what stands there identifies a page. */
static gboolean
in_url(const Scan *s, gsize at)
{
	gsize stop = at > s->from + 120 ? at - 120 : s->from;

	for (gsize i = at; i > stop + 2; i--) {
		if (strchr(" \n\t", s->text[i - 1]) != NULL)
			return FALSE;
		if (memcmp(s->text + i - 3, "://", 3) == 0)
			return TRUE;
	}
	return FALSE;
}

/* How sure a value of this kind is with these words around it; 0: it is none. */
static guint
judge(SgKind kind, SgProof proof, const SgCues *c, guint *distance)
{
	guint strong = c->strong[kind], topic = c->topic[kind];
	guint against = MIN(c->strong[SG_CUE_AGAINST], SG_CUE_NONE);
	gboolean beside = (c->beside & 1u << kind) != 0, refused = against < MIN(strong, topic);

	if (refused)
		strong = topic = SG_CUE_NONE;
	*distance = MIN(strong, topic == SG_CUE_NONE ? SG_CUE_NONE : topic + 100u);
	if (proof == SG_PROOF_NONE)
		return 0;
	if (proof == SG_PROOF_SAMPLE || c->strong[SG_CUE_SAMPLE] != SG_CUE_NONE)
		return SG_CONF_LOW;
	if (proof == SG_PROOF_FULL)
		return c->strong[kind] != SG_CUE_NONE || topic != SG_CUE_NONE ? SG_CONF_HIGH :
		    refused && (kind == SG_KIND_CARD || kind == SG_KIND_NINO) ? SG_CONF_LOW : SG_CONF_MEDIUM;
	if (proof == SG_PROOF_CHECK)
		return strong != SG_CUE_NONE ? SG_CONF_HIGH : topic != SG_CUE_NONE ? SG_CONF_MEDIUM :
		    SG_CONF_LOW;
	return strong == SG_CUE_NONE ? 0 : beside ? SG_CONF_HIGH : SG_CONF_MEDIUM;
}

static void
offer(Best *best, const Best *one)
{
	if (one->confidence > best->confidence || (one->confidence == best->confidence &&
	    (one->distance < best->distance || (one->distance == best->distance &&
	    one->end > best->end))))
		*best = *one;
}

static guint64
hash(SgKind kind, const char *text, gsize n)
{
	guint64 h = 0xcbf29ce484222325u ^ kind;

	for (gsize i = 0; i < n; i++)
		if (is_alnum(text[i]) || text[i] == '@')
			h = (h ^ (guchar)g_ascii_toupper(text[i])) * 0x100000001b3u;
	return h;
}

/* In capitals few other things look like it; "pm 12 12 12 a" is none. */
static SgProof
fit_nino(const Scan *s, SgProof proof, const SgCompact *v, const SgCues *c)
{
	if (v->capitals && proof == SG_PROOF_CHECK)
		return SG_PROOF_FULL;
	return v->capitals || c->strong[SG_KIND_NINO] != SG_CUE_NONE || s->column != NULL ? proof :
	    SG_PROOF_NONE;
}

/* Kinds that a bare shape says nothing of: when and how near a word must name them. */
static guint
fit(const Scan *s, SgKind kind, SgProof proof, const Place *p, const SgCompact *v, const SgCues *c)
{
	const SgValue *last = s->values->len > 0 ? &g_array_index(s->values, SgValue, s->values->len - 1) : NULL;
	gboolean beside = (c->beside & 1u << kind) != 0;
	guint strong = c->strong[kind];

	switch ((guint)kind) {
	case SG_KIND_NINO:
		return fit_nino(s, proof, v, c);
	case SG_KIND_UTR:
		return strong != SG_CUE_NONE || c->topic[kind] != SG_CUE_NONE ? proof : SG_PROOF_NONE;
	case SG_KIND_TRN:
		return beside || (strong < 40 && v->n == 7) ? proof : SG_PROOF_NONE;
	case SG_KIND_PASSPORT:
		return strong < 60 ? proof : SG_PROOF_NONE;
	case SG_KIND_SORTCODE:
		return v->groups == 1 && !beside ? SG_PROOF_NONE : proof;
	case SG_KIND_ACCOUNT:
		if (last != NULL && last->kind == SG_KIND_SORTCODE && last->at + last->len + 45 > p->at)
			return SG_PROOF_CHECK;	/* the second half of a pair */
		return v->groups == 1 || beside ? proof : SG_PROOF_NONE;
	case SG_KIND_POSTCODE:
		return beside ? proof : SG_PROOF_NONE;
	default:
		return proof;
	}
}

/* A sort code is nothing alone, unless an account follows it: "56-17-44 / 65350511". */
static gboolean
account_follows(const Scan *s, gsize end)
{
	guint digits = 0;
	gsize stop = MIN(s->to, end + 48);

	for (gsize i = end; i <= stop; i++) {
		if (i < stop && g_ascii_isdigit(s->text[i])) {
			digits++;
			continue;
		}
		if (digits == 8 && (i == s->to || !is_alnum(s->text[i])))
			return TRUE;
		if (i < stop && s->text[i] == '\n' && digits == 0 && i > end + 30)
			break;
		digits = 0;
	}
	return FALSE;
}

static void
try_kind(const Scan *s, Place *p, SgKind kind, guint groups, Best *best)
{
	const SgKindRow *row = sg_kind_row(kind);
	Best one = { .at = p->at, .end = p->end[groups - 1], .kind = kind };
	SgCompact v = p->v;
	SgProof proof;
	SgCues c;

	v.groups = (guint8)groups;
	v.n = 0;
	for (guint g = 0; g < groups; g++)
		v.n += v.group[g];
	if (v.n < row->min || v.n > row->max)
		return;
	v.text[v.n] = '\0';
	proof = row->check(&v);
	if (proof == SG_PROOF_NONE || !stands_free(s, one.at, one.end))
		return;
	c = *cues_at(s, p);
	if (s->column == NULL)
		sg_cues_after(&c, s->text, one.end, s->to);
	if (kind == SG_KIND_SORTCODE && c.strong[kind] == SG_CUE_NONE &&
	    c.topic[kind] != SG_CUE_NONE && account_follows(s, one.end))
		c.strong[kind] = c.topic[kind];
	proof = fit(s, kind, proof, p, &v, &c);
	one.confidence = judge(kind, proof, &c, &one.distance);
	one.words = hash(kind, v.text, v.n);
	if (one.confidence > 0 && (s->column != NULL || !in_url(s, p->at)))
		offer(best, &one);
}

static void
try_groups(const Scan *s, Place *p, Best *best)
{
	guint n = 0;

	gather(s, p);
	for (guint g = 1; g <= p->v.groups; g++) {
		n += p->v.group[g - 1];
		if (n < 2 || n == 3 || n == 4)
			continue;
		for (guint k = 0; k < SG_KINDS; k++)
			if (n >= sg_kind_row(k)->min && n <= sg_kind_row(k)->max)
				try_kind(s, p, (SgKind)k, g, best);
	}
}

static void
try_phone(const Scan *s, Place *p, Best *best)
{
	gsize end = strchr("0+(", s->text[p->at]) != NULL ? sg_kind_phone(s->text, s->to, p->at) : 0;
	Best one = { p->at, end, SG_KIND_PHONE, SG_CONF_LOW, SG_CUE_NONE, 0 };
	const SgCues *c;
	guint named;

	if (end == 0 || !stands_free(s, p->at, end))
		return;
	c = cues_at(s, p);
	named = c->strong[SG_KIND_PHONE];
	if (named != SG_CUE_NONE && named < c->strong[SG_CUE_OFFICE] && c->strong[SG_CUE_SAMPLE] == SG_CUE_NONE)
		one.confidence = SG_CONF_MEDIUM;
	one.distance = MIN(named, c->topic[SG_KIND_PHONE]);
	one.words = hash(SG_KIND_PHONE, s->text + p->at, end - p->at);
	offer(best, &one);
}

static void
try_date(const Scan *s, Place *p, Best *best)
{
	guint year = 0;
	gsize end = g_ascii_isdigit(s->text[p->at]) ? sg_kind_date(s->text, s->to, p->at, &year) : 0;
	Best one = { p->at, end, SG_KIND_DOB, 0, 0, 0 };
	const SgCues *c;

	if (end == 0)
		return;
	c = cues_at(s, p);
	one.distance = c->strong[SG_KIND_DOB];
	if (one.distance > 45 || c->strong[SG_CUE_SAMPLE] != SG_CUE_NONE || year < 1925)
		one.confidence = SG_CONF_LOW;
	else
		one.confidence = (c->beside & 1u << SG_KIND_DOB) != 0 ? SG_CONF_HIGH : SG_CONF_MEDIUM;
	one.words = hash(SG_KIND_DOB, s->text + p->at, end - p->at);
	offer(best, &one);
}

static void
try_address(const Scan *s, Place *p, Best *best)
{
	gsize end = g_ascii_isdigit(s->text[p->at]) ? sg_kind_address(s->text, s->to, p->at) : 0;
	Best one = { p->at, end, SG_KIND_ADDRESS, SG_CONF_MEDIUM, 0, 0 };
	const SgCues *c;

	if (end == 0)
		return;
	c = cues_at(s, p);
	one.distance = c->strong[SG_KIND_ADDRESS];
	if (c->strong[SG_CUE_OFFICE] < one.distance || c->strong[SG_CUE_SAMPLE] != SG_CUE_NONE)
		one.confidence = SG_CONF_LOW;
	else if (one.distance != SG_CUE_NONE)
		one.confidence = SG_CONF_HIGH;
	one.words = hash(SG_KIND_ADDRESS, s->text + p->at, end - p->at);
	offer(best, &one);
}

static gboolean
add(Scan *s, const Best *best)
{
	SgValue v = { .at = best->at, .len = (guint32)(best->end - best->at), .kind = (guint8)best->kind,
		.confidence = (guint8)best->confidence, .words = best->words };

	if (s->values->len >= s->most)
		return FALSE;
	g_array_append_val(s->values, v);
	s->done = best->end;
	return TRUE;
}

/* What looked like a number is part of something longer that begins at from. */
static void
take_back(Scan *s, gsize from)
{
	while (s->values->len > 0) {
		const SgValue *last = &g_array_index(s->values, SgValue, s->values->len - 1);

		if (last->at + last->len <= from)
			break;
		g_array_set_size(s->values, s->values->len - 1);
	}
}

static gboolean
at_sign(Scan *s, gsize at)
{
	Best best = { .kind = SG_KIND_EMAIL, .confidence = SG_CONF_MEDIUM };

	best.end = sg_kind_email(s->text, s->to, at, &best.at);
	if (best.end == 0 || best.at < s->from)
		return TRUE;
	take_back(s, best.at);
	best.words = hash(SG_KIND_EMAIL, s->text + best.at, best.end - best.at);
	return add(s, &best);
}

/* The lower line of a passport, its forty-four characters around a filler. */
static gboolean
at_filler(Scan *s, gsize at)
{
	Best best = { .kind = SG_KIND_MRZ, .confidence = SG_CONF_HIGH };
	SgCompact v = { .groups = 1 };
	gsize from = at, stop = at > s->from + 44 ? at - 44 : s->from, i;

	while (from > stop && (g_ascii_isupper(s->text[from - 1]) || g_ascii_isdigit(s->text[from - 1]) ||
	    s->text[from - 1] == '<'))
		from--;
	for (i = from; i < s->to && v.n < SG_COMPACT_MAX && (g_ascii_isupper(s->text[i]) ||
	    g_ascii_isdigit(s->text[i]) || s->text[i] == '<'); i++)
		v.text[v.n++] = s->text[i];
	if (sg_check_mrz(&v) == SG_PROOF_NONE)
		return TRUE;
	best.at = from;
	best.end = i;
	take_back(s, from);
	best.words = hash(SG_KIND_MRZ, v.text, v.n);
	return add(s, &best);
}

/* A digit: the value may begin before it, with letters of its own group or of one before. */
static gsize
group_start(const Scan *s, gsize at)
{
	gsize i = at, lead;

	while (i > s->done && i > s->from && at - i < SG_COMPACT_MAX &&
	    (g_ascii_isalnum(s->text[i - 1]) || s->text[i - 1] == SG_FLAT_SKIP))
		i--;
	if (i <= s->done + 1 || i <= s->from + 1 || strchr(" -", s->text[i - 1]) == NULL || i != at)
		return i;
	lead = i - 1;
	while (lead > s->done && lead > s->from && i - lead <= LEAD_MAX + 1 && g_ascii_isalpha(s->text[lead - 1]))
		lead--;
	if (lead == i - 1 || i - 1 - lead > LEAD_MAX || (lead > s->from && is_alnum(s->text[lead - 1])))
		return i;
	return lead;
}

static gsize
group_end(const Scan *s, gsize at)
{
	while (at < s->to && (is_alnum(s->text[at]) || s->text[at] == SG_FLAT_SKIP))
		at++;
	return at;
}

/* A group with a digit in it; FALSE when there is no more room. */
static gboolean
at_digit(Scan *s, gsize digit)
{
	gsize start = group_start(s, digit), plain = digit;
	Best best = { 0 };

	while (plain > start && is_alnum(s->text[plain - 1]))
		plain--;
	for (gsize at = start;; at = plain) {
		Place p = { .at = at };

		if (at == s->from || !is_alnum(s->text[at - 1]))
			try_groups(s, &p, &best);
		if (at == plain)
			break;
	}
	if (plain == digit) {
		Place p = { .at = plain };

		try_date(s, &p, &best);
		try_address(s, &p, &best);
		if (plain > s->done && plain > s->from && strchr("+(", s->text[plain - 1]) != NULL)
			p.at--;
		try_phone(s, &p, &best);
	}
	if (best.confidence > 0)
		return add(s, &best);
	s->done = group_end(s, digit);
	return TRUE;
}

gboolean
sg_values_find(const char *text, gsize from, gsize to, const SgCues *column, guint most, GArray *values)
{
	Scan s = { .text = text, .from = from, .to = to, .column = column, .values = values, .most = most,
		.done = from };
	gboolean room = TRUE;

	for (gsize i = from; i < to && room; i++) {
		char c = text[i];

		if (c > '@' || c < '0')
			continue;
		if (g_ascii_isdigit(c) && i >= s.done)
			room = at_digit(&s, i);
		else if (c == '@')
			room = at_sign(&s, i);
		else if (c == '<' && i + 1 < to && (text[i + 1] == '<' || g_ascii_isdigit(text[i + 1])))
			room = at_filler(&s, i);
		if (s.done > i + 1)
			i = s.done - 1;
	}
	return room;
}
