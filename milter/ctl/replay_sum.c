#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "ctl/out.h"
#include "ctl/replay.h"
#include "model/incident.h"

#define FIRST_US  100.0	/* the first step of the times ends here */
#define QUARTER	  1.189207115	/* the fourth root of two */
#define FILE_MOST (16u << 20)

typedef struct {
	guint64	    held, was;
	GHashTable *rules;	/* name -> guint64 * */
} Category;

static void
category_free(gpointer p)
{
	Category *c = p;

	g_hash_table_unref(c->rules);
	g_free(c);
}

SgReplaySum *
sg_replay_sum_new(void)
{
	SgReplaySum *s = g_new0(SgReplaySum, 1);

	s->next = 1;
	s->hash = g_strdup("");
	s->categories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, category_free);
	return s;
}

void
sg_replay_sum_free(SgReplaySum *s)
{
	if (s == NULL)
		return;
	g_hash_table_unref(s->categories);
	g_free(s->hash);
	g_free(s);
}

static Category *
category_of(SgReplaySum *s, const char *name)
{
	Category *c = g_hash_table_lookup(s->categories, name);

	if (c != NULL)
		return c;
	c = g_new0(Category, 1);
	c->rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(s->categories, g_strdup(name), c);
	return c;
}

static void
count_rule(Category *c, const char *rule, guint64 n)
{
	guint64 *count = g_hash_table_lookup(c->rules, rule);

	if (count == NULL) {
		count = g_new0(guint64, 1);
		g_hash_table_insert(c->rules, g_strdup(rule), count);
	}
	*count += n;
}

/* Where step i ends, in microseconds. */
static double
step_end(guint i)
{
	double end = FIRST_US;

	for (; i > 0; i--)
		end *= QUARTER;
	return end;
}

static guint
step_of(guint64 micros)
{
	guint i = 0;

	for (double end = FIRST_US; end < (double)micros && i + 1 < SG_REPLAY_TIMES; end *= QUARTER)
		i++;
	return i;
}

void
sg_replay_sum_add(SgReplaySum *s, const SgReplayJob *j)
{
	gboolean held = j->error == NULL && sg_replay_stops(&j->is);
	gboolean was = j->compared && sg_replay_stops(&j->was);
	Category *c;

	s->next = j->mail.number + 1;
	s->seen++;
	if (j->error != NULL) {
		s->errors++;
		return;
	}
	s->times[step_of(j->micros)]++;
	s->held += held;
	s->refused += j->is.what == SG_DO_REJECT;
	s->was_held += was;
	s->newly += j->compared && held && !was;
	s->no_longer += j->compared && !held && was;
	if (held) {
		c = category_of(s, j->is.category);
		c->held++;
		for (guint i = 0; i < j->is.rules->len; i++)
			count_rule(c, g_ptr_array_index(j->is.rules, i), 1);
	}
	if (was)
		category_of(s, j->was.category)->was++;
}

/* --- the checkpoint ----------------------------------------------------------- */

typedef struct {
	const char *name;
	gsize	    at;
} Field;

#define F(x) { #x, offsetof(SgReplaySum, x) }
static const Field fields[] = { F(next), F(seen), F(held), F(refused), F(errors), F(was_held), F(newly),
	F(no_longer), F(seconds_ms), F(out_at), F(since) };
#undef F

static guint64 *
field(const SgReplaySum *s, const Field *f)
{
	return (guint64 *)(gpointer)((char *)(gsize)s + f->at);
}

static json_t *
categories_json(const SgReplaySum *s)
{
	json_t *all = json_object();
	GHashTableIter i, k;
	gpointer name, value, rule, count;

	g_hash_table_iter_init(&i, s->categories);
	while (g_hash_table_iter_next(&i, &name, &value)) {
		const Category *c = value;
		json_t *rules = json_object();

		g_hash_table_iter_init(&k, c->rules);
		while (g_hash_table_iter_next(&k, &rule, &count))
			json_object_set_new(rules, rule, json_integer((json_int_t)*(guint64 *)count));
		json_object_set_new(all, name, json_pack("{s:I s:I s:o}", "held", (json_int_t)c->held,
		    "was", (json_int_t)c->was, "rules", rules));
	}
	return all;
}

gboolean
sg_replay_sum_save(const SgReplaySum *s, const char *file, const char *plan, GError **error)
{
	json_t *o = json_pack("{s:i s:s s:s s:b s:o}", "schema", 1, "plan", plan, "rules", s->hash,
	    "done", s->done != 0, "categories", categories_json(s)), *times = json_array();
	char *text;
	gboolean ok;

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		json_object_set_new(o, fields[i].name, json_integer((json_int_t)*field(s, &fields[i])));
	for (guint i = 0; i < SG_REPLAY_TIMES; i++)
		json_array_append_new(times, json_integer((json_int_t)s->times[i]));
	json_object_set_new(o, "times", times);
	text = json_dumps(o, JSON_INDENT(1) | JSON_SORT_KEYS);
	ok = g_file_set_contents_full(file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
	free(text);
	json_decref(o);
	return ok;
}

static void
take_categories(SgReplaySum *s, const json_t *all)
{
	const char *name, *rule;
	json_t *value, *count;

	json_object_foreach((json_t *)(gsize)all, name, value) {
		Category *c = category_of(s, name);

		c->held = (guint64)json_integer_value(json_object_get(value, "held"));
		c->was = (guint64)json_integer_value(json_object_get(value, "was"));
		json_object_foreach(json_object_get(value, "rules"), rule, count)
			count_rule(c, rule, (guint64)json_integer_value(count));
	}
}

SgReplaySum *
sg_replay_sum_load(const char *file, const char *plan, GError **error)
{
	g_autofree char *text = NULL;
	gsize len = 0;
	SgReplaySum *s = NULL;
	json_t *o;

	if (!g_file_test(file, G_FILE_TEST_EXISTS))
		return NULL;
	if (!g_file_get_contents(file, &text, &len, error))
		return NULL;
	o = len <= FILE_MOST ? json_loads(text, 0, NULL) : NULL;
	if (json_integer_value(json_object_get(o, "schema")) != 1)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s is no checkpoint of a replay; name another "
		    "file", file);
	else if (strcmp(sg_json_str(o, "plan"), plan) != 0)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s belongs to a replay of other mailboxes, rules "
		    "or options; give the same ones, or name another file", file);
	else {
		s = sg_replay_sum_new();
		for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
			*field(s, &fields[i]) =
			    (guint64)json_integer_value(json_object_get(o, fields[i].name));
		for (guint i = 0; i < SG_REPLAY_TIMES; i++)
			s->times[i] = (guint64)json_integer_value(
			    json_array_get(json_object_get(o, "times"), i));
		g_free(s->hash);
		s->hash = g_strdup(sg_json_str(o, "rules"));
		s->done = json_is_true(json_object_get(o, "done"));
		take_categories(s, json_object_get(o, "categories"));
	}
	json_decref(o);
	return s;
}

/* --- printed --------------------------------------------------------------------- */

static double
p99_ms(const SgReplaySum *s)
{
	guint64 all = 0, sum = 0;
	guint i = 0;

	for (guint k = 0; k < SG_REPLAY_TIMES; k++)
		all += s->times[k];
	while (i + 1 < SG_REPLAY_TIMES && (sum += s->times[i]) * 100 < all * 99)
		i++;
	return step_end(i) / 1000;
}

/* Most held first; then by name, so that two runs print the same. */
static gint
by_held(gconstpointer a, gconstpointer b, gpointer data)
{
	const SgReplaySum *s = data;
	const Category *x = g_hash_table_lookup(s->categories, a);
	const Category *y = g_hash_table_lookup(s->categories, b);

	if (x->held != y->held)
		return x->held > y->held ? -1 : 1;
	if (x->was != y->was)
		return x->was > y->was ? -1 : 1;
	return strcmp(a, b);
}

static GList *
ordered(const SgReplaySum *s)
{
	return g_list_sort_with_data(g_hash_table_get_keys(s->categories), by_held, (gpointer)(gsize)s);
}

static const char *
top_rule(const Category *c, guint64 *n)
{
	GHashTableIter i;
	gpointer rule, count;
	const char *best = "";

	*n = 0;
	g_hash_table_iter_init(&i, c->rules);
	while (g_hash_table_iter_next(&i, &rule, &count)) {
		guint64 k = *(guint64 *)count;

		if (k < *n || (k == *n && strcmp(rule, best) > 0))
			continue;
		*n = k;
		best = rule;
	}
	return best;
}

static void
print_json(const SgReplaySum *s, const char *against)
{
	json_t *o = json_pack("{s:I s:I s:I s:I s:f s:f s:o}", "messages", (json_int_t)s->seen, "held",
	    (json_int_t)s->held, "refused", (json_int_t)s->refused, "errors", (json_int_t)s->errors,
	    "seconds", (double)s->seconds_ms / 1000, "p99_ms", p99_ms(s), "categories", categories_json(s));

	if (against != NULL) {
		json_object_set_new(o, "was_held", json_integer((json_int_t)s->was_held));
		json_object_set_new(o, "newly_held", json_integer((json_int_t)s->newly));
		json_object_set_new(o, "no_longer_held", json_integer((json_int_t)s->no_longer));
	}
	json_object_set_new(o, "complete", json_boolean(s->done));
	sg_out_json(o);
	json_decref(o);
}

/* "-73", "+12", "+-0" as one would write it. */
static char *
difference(guint64 now, guint64 was)
{
	gboolean utf8 = g_get_charset(NULL);
	g_autofree char *n = sg_replay_number(now > was ? now - was : was - now);

	return g_strconcat(now > was ? "+" : now < was ? "-" : utf8 ? "±" : "+", n, NULL);
}

/* A number right-aligned by columns, which are not bytes. */
static void
put_right(const char *text, int columns)
{
	printf("%*s%s", MAX(columns - (int)g_utf8_strlen(text, -1), 0), "", text);
}

static void
print_category(const SgReplaySum *s, const char *name, gboolean compared)
{
	const Category *c = g_hash_table_lookup(s->categories, name);
	g_autofree char *held = sg_replay_number(c->held), *change = difference(c->held, c->was);
	g_autofree char *top = NULL;
	guint64 n;
	const char *rule = top_rule(c, &n);

	printf("  %-26.26s", name[0] != '\0' ? sg_category_label(name) : "No reason by words");
	put_right(held, 8);
	if (compared) {
		printf("  (");
		put_right(change, 6);
		putchar(')');
	}
	top = sg_replay_number(n);
	if (n > 0)
		printf("  %-24s%7s", rule, top);
	putchar('\n');
}

static void
print_time(const SgReplaySum *s)
{
	guint64 seconds = (s->seconds_ms + 500) / 1000;

	if (seconds >= 60)
		printf(" in %" G_GUINT64_FORMAT " min %" G_GUINT64_FORMAT " s", seconds / 60, seconds % 60);
	else
		printf(" in %" G_GUINT64_FORMAT " s", seconds);
	printf(" (%" G_GUINT64_FORMAT "/s, p99 %.0f ms)\n", s->seen * 1000 / MAX(s->seconds_ms, 1), p99_ms(s));
}

void
sg_replay_sum_print(const SgCtl *c, const SgReplaySum *s, const char *against, const char *out)
{
	g_autofree char *seen = sg_replay_number(s->seen), *held = sg_replay_number(s->held);
	g_autofree char *was = sg_replay_number(s->was_held), *change = difference(s->held, s->was_held);
	GList *names = ordered(s);

	if (sg_ctl_has(c, "json")) {
		print_json(s, against);
		g_list_free(names);
		return;
	}
	printf("%-16s%12s", "Messages", seen);
	print_time(s);
	printf("%-16s%12s (%.2f %%)", "Would be held", held,
	    s->seen > 0 ? 100.0 * (double)s->held / (double)s->seen : 0.0);
	if (against != NULL)
		printf("   with %s: %s (%s)", against, was, change);
	putchar('\n');
	for (GList *l = names; l != NULL; l = l->next)
		print_category(s, l->data, against != NULL);
	g_list_free(names);
	if (s->refused > 0)
		printf("%-16s%12" G_GUINT64_FORMAT "\n", "Refused", s->refused);
	if (against != NULL)
		printf("%-16s%12" G_GUINT64_FORMAT "   no longer held %" G_GUINT64_FORMAT "%s%s%s\n",
		    "Newly held", s->newly, s->no_longer, out != NULL ? "   (lists in " : "",
		    out != NULL ? out : "", out != NULL ? ")" : "");
	if (s->errors > 0)
		printf("%-16s%12" G_GUINT64_FORMAT "%s%s%s\n", "Not read", s->errors,
		    out != NULL ? "   (listed in " : "   (--out lists them)", out != NULL ? out : "",
		    out != NULL ? ")" : "");
}
