#include <string.h>

#include "rule/excerpt.h"
#include "rule/tally.h"

/* Findings of one message, and then one more for each rule that has none yet: many
 * small ones must not hide a grave one.  Reaching it is a finding itself. */
#define FINDINGS_MAX 2000u
#define SPANS_MAX    2000u
#define HIDDEN_MAX   20000u	/* values of one text; of a text with more nothing is shown */

typedef struct {	/* a hit and its surroundings */
	guint64 key;
	guint	text;	/* the last one that had it */
	guint	here, most;	/* how often there; most in any one text */
} Seen;

typedef struct Line {	/* one finding to be */
	SgFinding   *finding;
	guint	     rule;
	gboolean     said;	/* not only quoted */
	struct Line *next;	/* of the same rule */
	guint	     text, at, len;	/* the hit that is shown */
} Line;

typedef struct {	/* what the message has of one rule */
	guint	    count;
	gboolean    active, over;
	gboolean    waits;	/* for a file that its context asks for */
	Line	   *lines;
	GHashTable *different;	/* rules that count different hits: guint64 */
} State;

struct SgTally {
	const GPtrArray *rules;
	guint		 max;
	State		*state;		/* by rule */
	GArray		*touched;	/* guint: rules whose state is not empty */
	GArray		*beside;	/* guint: rules whose context asks for a file */
	GHashTable	*seen;
	GPtrArray	*lines;
	const SgText	*text;
	gsize		 len;
	guint		 where, text_no;
	guint64		 from, to;	/* hits that begin here count */
	gboolean	 over, unsearched, wide;
	GPtrArray	*fresh;	/* Line: those that show a hit of this text */
	GArray		*hidden;	/* SgHidden: values in this text, counted or not */
	GArray		*spans;	/* SgHitSpan: of the message that is read, or the last one */
};

static void
line_free(gpointer p)
{
	Line *line = p;

	g_clear_pointer(&line->finding, sg_finding_free);
	g_free(line);
}

/* What a rule wants among the files of a message, or NULL. */
static const SgContext *
file_context(const SgRule *rule)
{
	for (guint i = 0; i < rule->context->len; i++)
		if (strcmp(g_array_index(rule->context, SgContext, i).key, "file") == 0)
			return &g_array_index(rule->context, SgContext, i);
	return NULL;
}

SgTally *
sg_tally_new(const GPtrArray *rules, guint max)
{
	SgTally *t = g_new0(SgTally, 1);

	t->rules = rules;
	t->max = MAX(max, 1);
	t->state = g_new0(State, MAX(rules->len, 1));
	for (guint i = 0; i < rules->len; i++)
		t->state[i].active = TRUE;
	t->touched = g_array_new(FALSE, FALSE, sizeof(guint));
	t->beside = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = 0; i < rules->len; i++)
		if (file_context(g_ptr_array_index(rules, i)) != NULL)
			g_array_append_val(t->beside, i);
	t->seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	t->lines = g_ptr_array_new_with_free_func(line_free);
	t->spans = g_array_new(FALSE, FALSE, sizeof(SgHitSpan));
	t->hidden = g_array_new(FALSE, FALSE, sizeof(SgHidden));
	t->fresh = g_ptr_array_new();
	return t;
}

static void
forget(SgTally *t)
{
	for (guint i = 0; i < t->touched->len; i++) {
		State *s = &t->state[g_array_index(t->touched, guint, i)];

		s->count = 0;
		s->over = FALSE;
		s->lines = NULL;
		g_clear_pointer(&s->different, g_hash_table_unref);
	}
	g_array_set_size(t->touched, 0);
	g_hash_table_remove_all(t->seen);
	g_ptr_array_set_size(t->lines, 0);
	g_ptr_array_set_size(t->fresh, 0);
	t->text = NULL;
	t->text_no = 0;
	t->over = t->unsearched = t->wide = FALSE;
}

void
sg_tally_free(SgTally *t)
{
	if (t == NULL)
		return;
	forget(t);
	g_array_unref(t->touched);
	g_array_unref(t->beside);
	g_hash_table_unref(t->seen);
	g_ptr_array_unref(t->lines);
	g_array_unref(t->spans);
	g_array_unref(t->hidden);
	g_ptr_array_unref(t->fresh);
	g_free(t->state);
	g_free(t);
}

/* facts is "from=pupil to=outside,staff route=out": is one of values given for key? */
static gboolean
fact_is(char **facts, const SgContext *c)
{
	gsize n = strlen(c->key);

	for (char **f = facts; *f != NULL; f++) {
		g_auto(GStrv) given = NULL;

		if (strncmp(*f, c->key, n) != 0 || (*f)[n] != '=')
			continue;
		given = g_strsplit(*f + n + 1, ",", -1);
		for (char **v = c->values; *v != NULL; v++)
			if (g_strv_contains((const char *const *)given, *v))
				return TRUE;
	}
	return FALSE;
}

void
sg_tally_begin(SgTally *t, const char *facts)
{
	g_auto(GStrv) words = g_strsplit(facts != NULL ? facts : "", " ", -1);

	forget(t);
	g_array_set_size(t->spans, 0);
	for (guint i = 0; i < t->rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(t->rules, i);
		const SgContext *file = file_context(rule);
		gboolean all = TRUE;

		/* what files there are is known when they have been read */
		t->state[i].waits = file != NULL && !fact_is(words, file);
		for (guint k = 0; all && k < rule->context->len; k++) {
			const SgContext *c = &g_array_index(rule->context, SgContext, k);

			all = c == file || fact_is(words, c);
		}
		t->state[i].active = all;
	}
}

void
sg_tally_text(SgTally *t, const SgText *text, gsize len)
{
	guint bit = sg_where_bit(text->where);

	t->text = text;
	t->len = len;
	t->where = bit != 0 ? bit : sg_where_bit("body");	/* never unread */
	t->text_no++;
	t->from = 0;
	t->to = G_MAXUINT64;
	g_array_set_size(t->hidden, 0);
}

const SgText *
sg_tally_source(const SgTally *t, gsize *len)
{
	*len = t->len;
	return t->text;
}

void
sg_tally_window(SgTally *t, guint64 from, guint64 to)
{
	t->from = from;
	t->to = to;
}

gboolean
sg_tally_wants(const SgTally *t, guint rule)
{
	const SgRule *r = g_ptr_array_index(t->rules, rule);
	const State *s = &t->state[rule];
	/* a value that does not count any more must still be known, to be masked */
	gboolean full = s->over && s->count >= t->max && r->watchers->len == 0 && !r->secret;

	return s->active && (r->where & t->where) != 0 && !full;
}

void
sg_tally_unsearched(SgTally *t)
{
	t->unsearched = TRUE;
}

void
sg_tally_wide(SgTally *t)
{
	t->wide = TRUE;
}

static State *
touch(SgTally *t, guint rule)
{
	State *s = &t->state[rule];

	if (s->count == 0 && !s->over && s->lines == NULL && s->different == NULL)
		g_array_append_val(t->touched, rule);
	return s;
}

void
sg_tally_over(SgTally *t, guint rule)
{
	touch(t, rule)->over = TRUE;
	t->over = TRUE;
}

static SgFinding *
finding_new(const SgRule *rule, const char *where, const char *part, const char *name)
{
	SgFinding *f = g_new0(SgFinding, 1);

	f->severity = rule->severity;
	f->confidence = rule->confidence;
	f->secret = rule->secret;
	f->rule = g_strdup(rule->id);
	f->title = g_strdup(rule->title);
	f->category = g_strdup(rule->category);
	f->area = g_strdup(rule->area);
	f->where = g_strdup(where);
	f->part = g_strdup(part != NULL ? part : "");
	f->name = g_strdup(name != NULL ? name : "");
	f->excerpt = g_strdup("");
	return f;
}

/* The line for this rule, place and part; a new one has count 0. NULL: too many. */
static Line *
line_for(SgTally *t, guint rule, const char *where, const char *part, const char *name)
{
	State *s = touch(t, rule);
	Line *line;

	for (line = s->lines; line != NULL; line = line->next)
		if (strcmp(line->finding->where, where) == 0 &&
		    strcmp(line->finding->part, part != NULL ? part : "") == 0)
			return line;
	if (t->lines->len >= FINDINGS_MAX && s->lines != NULL) {
		sg_tally_over(t, rule);
		return NULL;
	}
	line = g_new0(Line, 1);
	line->rule = rule;
	line->finding = finding_new(g_ptr_array_index(t->rules, rule), where, part, name);
	line->next = s->lines;
	s->lines = line;
	g_ptr_array_add(t->lines, line);
	return line;
}

/* A second text with the same words adds only what it has more of than the first. */
static gboolean
seen_before(SgTally *t, const SgHitAt *hit)
{
	guint64 key = hit->words;
	Seen *seen;

	key = (key ^ hit->around) * 0x100000001b3u;
	key = (key ^ hit->rule) * 0x100000001b3u;
	key = (key ^ t->where) * 0x100000001b3u;
	seen = g_hash_table_lookup(t->seen, &key);
	if (seen == NULL) {
		seen = g_new0(Seen, 1);
		seen->key = key;
		g_hash_table_insert(t->seen, &seen->key, seen);
	}
	if (seen->text != t->text_no) {
		seen->text = t->text_no;
		seen->here = 0;
	}
	if (++seen->here <= seen->most)
		return TRUE;
	seen->most = seen->here;
	return FALSE;
}

static void
keep_span(SgTally *t, const SgHitAt *hit)
{
	SgHitSpan span = { t->text_no, hit->rule, hit->at, hit->len };

	if (t->spans->len < SPANS_MAX)
		g_array_append_val(t->spans, span);
}

const SgHitSpan *
sg_tally_spans(const SgTally *t, guint *n)
{
	*n = t->spans->len;
	return (const SgHitSpan *)(gconstpointer)t->spans->data;
}

/* A line shows its first hit, but rather a plain one than a disguised one. */
static void
show(SgTally *t, Line *line, const SgHitAt *hit)
{
	SgFinding *f = line->finding;
	gboolean said = !hit->quoted && t->where != sg_where_bit("quoted");
	gboolean better = (said && !line->said) || (!hit->disguised && f->disguised);

	line->said = line->said || said;
	f->count += hit->more;
	if (f->count++ > hit->more && !better)
		return;
	f->disguised = hit->disguised;
	if (line->text != t->text_no)
		g_ptr_array_add(t->fresh, line);
	line->text = t->text_no;
	line->at = hit->at;
	line->len = hit->len;
}

static void
hide(SgTally *t, const SgHitAt *hit)
{
	SgHidden h = { hit->at, (gsize)hit->at + hit->len };

	if (t->hidden->len == HIDDEN_MAX)
		g_array_index(t->hidden, SgHidden, 0) = (SgHidden){ 0, t->len };
	else
		g_array_append_val(t->hidden, h);
}

static int
by_place(gconstpointer x, gconstpointer y)
{
	const SgHidden *a = x, *b = y;

	return a->at < b->at ? -1 : a->at > b->at;
}

/* In order, what overlaps as one. */
static void
join_hidden(GArray *hidden)
{
	guint kept = 0;

	g_array_sort(hidden, by_place);
	for (guint i = 0; i < hidden->len; i++) {
		SgHidden h = g_array_index(hidden, SgHidden, i);
		SgHidden *last = kept > 0 ? &g_array_index(hidden, SgHidden, kept - 1) : NULL;

		if (last != NULL && h.at <= last->end)
			last->end = MAX(last->end, h.end);
		else
			g_array_index(hidden, SgHidden, kept++) = h;
	}
	g_array_set_size(hidden, kept);
}

char *
sg_tally_hidden(const SgTally *t)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < t->hidden->len; i++) {
		const SgHidden *h = &g_array_index(t->hidden, SgHidden, i);

		g_string_append_printf(s, "%s%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT, i > 0 ? " " : "", h->at, h->end);
	}
	return g_string_free(s, FALSE);
}

/* Excerpts are made when all is known that must not stand in one. */
void
sg_tally_text_end(SgTally *t)
{
	join_hidden(t->hidden);
	for (guint i = 0; i < t->fresh->len; i++) {
		Line *line = g_ptr_array_index(t->fresh, i);

		sg_excerpt_set(line->finding, t->text->text, t->len, line->at, line->len,
		    (const SgHidden *)(gpointer)t->hidden->data, t->hidden->len);
	}
	g_ptr_array_set_size(t->fresh, 0);
}

/* For rules that count: the hit is one more, if it is a different one. */
static void
add_different(SgTally *t, guint index, const SgHitAt *hit)
{
	const SgRule *rule = g_ptr_array_index(t->rules, index);
	State *s = touch(t, index);
	Line *line;

	if (s->different == NULL)
		s->different = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	if (g_hash_table_contains(s->different, &hit->words))
		return;
	if (g_hash_table_size(s->different) >= MAX(t->max, rule->atleast)) {
		sg_tally_over(t, index);
		return;
	}
	g_hash_table_add(s->different, g_memdup2(&hit->words, sizeof hit->words));
	line = s->lines != NULL ? s->lines :
	    line_for(t, index, t->text->where, t->text->part, t->text->name);
	if (line != NULL)
		show(t, line, hit);
}

void
sg_tally_hit(SgTally *t, const SgHitAt *hit)
{
	const SgRule *rule = g_ptr_array_index(t->rules, hit->rule);
	State *s;
	Line *line;

	if (hit->from < t->from || hit->from >= t->to)
		return;
	if (rule->secret)
		hide(t, hit);
	if (rule->atleast > 0) {
		add_different(t, hit->rule, hit);
		return;
	}
	for (guint i = 0; i < rule->watchers->len; i++)
		if (sg_tally_wants(t, g_array_index(rule->watchers, guint, i)))
			add_different(t, g_array_index(rule->watchers, guint, i), hit);
	s = &t->state[hit->rule];
	if ((s->over && s->count >= t->max) || seen_before(t, hit))
		return;
	s = touch(t, hit->rule);
	if (s->count >= t->max) {
		sg_tally_over(t, hit->rule);
		return;
	}
	line = line_for(t, hit->rule, t->text->where, t->text->part, t->text->name);
	if (line == NULL)
		return;
	s->count++;
	keep_span(t, hit);
	show(t, line, hit);
}

void
sg_tally_part(SgTally *t, guint rule, const SgPartInfo *part)
{
	Line *line = NULL;

	if (t->state[rule].active)
		line = line_for(t, rule, "part", part->part, part->name);
	if (line != NULL)
		line->finding->count = 1;
}

void
sg_tally_kinds(SgTally *t, const SgPartInfo *part)
{
	for (guint i = 0; part->kinds != NULL && i < t->beside->len; i++) {
		guint rule = g_array_index(t->beside, guint, i);
		const SgContext *c = file_context(g_ptr_array_index(t->rules, rule));

		for (char **v = c->values; t->state[rule].waits && *v != NULL; v++)
			t->state[rule].waits = !sg_part_is(part, *v);
	}
}

static int
worst_first(gconstpointer x, gconstpointer y)
{
	const SgFinding *a = *(SgFinding *const *)x, *b = *(SgFinding *const *)y;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->rule, b->rule);
}

/* Has the message a finding of another rule that this one needs beside it? */
static gboolean
has_company(const SgTally *t, const Line *line)
{
	const SgRule *rule = g_ptr_array_index(t->rules, line->rule);

	if (rule->needs == NULL)
		return TRUE;
	for (guint i = 0; i < t->lines->len; i++) {
		const Line *other = g_ptr_array_index(t->lines, i);
		const SgRule *r = g_ptr_array_index(t->rules, other->rule);

		if (other->rule == line->rule || t->state[other->rule].waits ||
		    (r->atleast > 0 &&
			g_hash_table_size(t->state[other->rule].different) < r->atleast))
			continue;
		if (g_strv_contains((const char *const *)rule->needs, r->id) ||
		    g_strv_contains((const char *const *)rule->needs, r->category))
			return TRUE;
	}
	return FALSE;
}

void
sg_tally_end(SgTally *t, GPtrArray *findings)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new();
	g_autofree gboolean *alone = g_new0(gboolean, t->lines->len + 1);

	for (guint i = 0; i < t->lines->len; i++)
		alone[i] = !has_company(t, g_ptr_array_index(t->lines, i));

	for (guint i = 0; i < t->lines->len; i++) {
		Line *line = g_ptr_array_index(t->lines, i);
		const SgRule *rule = g_ptr_array_index(t->rules, line->rule);
		const State *s = &t->state[line->rule];
		SgFinding *f = line->finding;

		if (s->waits || alone[i])
			continue;
		if (rule->atleast > 0 && g_hash_table_size(s->different) < rule->atleast)
			continue;
		if (rule->quoted > 0 && !line->said)
			f->severity = MIN(f->severity, rule->quoted);
		if (s->over) {
			char *title = g_strdup_printf("%s (counting stopped at %u)", f->title,
			    t->max);

			g_free(f->title);
			f->title = title;
		}
		g_ptr_array_add(own, g_steal_pointer(&line->finding));
	}
	if (t->over) {
		g_autofree char *title = g_strdup_printf("More matches than are counted; counting stops "
		    "at %u for each rule", t->max);

		g_ptr_array_add(own, sg_finding_of_ours("limit.matches", title, "limit", 2));
	}
	if (t->unsearched)
		g_ptr_array_add(own, sg_finding_of_ours("limit.hits",
		    "So many matches that some text was not searched", "limit", 2));
	if (t->wide)
		g_ptr_array_add(own, sg_finding_of_ours("limit.columns",
		    "More columns of a table than are told apart", "limit", 2));
	g_ptr_array_sort(own, worst_first);
	g_ptr_array_extend_and_steal(findings, g_steal_pointer(&own));
	forget(t);
}
