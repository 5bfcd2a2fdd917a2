#include <string.h>

#include "base/err.h"
#include "rule/own.h"
#include "rule/set.h"
#include "weigh/linear.h"

typedef struct {
	SgRuleReader reader;
	GPtrArray   *rules;	/* SgRule */
	GHashTable  *index;	/* id -> SgRule, of the directories so far */
	GHashTable  *here;	/* id -> SgRule, of this directory */
	GPtrArray   *ordinary;	/* GBytes: lists of words that are no disguise */
} Loader;

static void
unref_bytes(gpointer p)
{
	g_bytes_unref(p);
}

static void
unref_model(gpointer p)
{
	sg_linear_unref(p);
}

static void
loader_init(Loader *l, GPtrArray *problems, SgCanon *canon)
{
	l->reader = (SgRuleReader){ .canon = canon, .lexicon = sg_lexicon_new(),
		.earlier = g_ptr_array_new(), .problems = problems, .own = sg_own_new(),
		.sum = g_checksum_new(G_CHECKSUM_SHA256),
		.lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_bytes),
		.models = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_model) };
	l->rules = g_ptr_array_new_with_free_func((GDestroyNotify)sg_rule_free);
	l->index = g_hash_table_new(g_str_hash, g_str_equal);
	l->here = g_hash_table_new(g_str_hash, g_str_equal);
	l->ordinary = g_ptr_array_new_with_free_func(unref_bytes);
}

static void
loader_clear(Loader *l)
{
	g_checksum_free(l->reader.sum);
	sg_own_free(l->reader.own);
	g_clear_pointer(&l->reader.lexicon, sg_lexicon_free);
	g_ptr_array_unref(l->reader.earlier);
	g_hash_table_unref(l->reader.lists);
	g_hash_table_unref(l->reader.models);
	g_hash_table_unref(l->index);
	g_hash_table_unref(l->here);
	g_ptr_array_unref(l->ordinary);
	g_clear_pointer(&l->rules, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Loader, loader_clear)

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A rule of this directory in its place: its own, or that of the one it replaces. */
static void
place_rule(Loader *l, SgRule *rule)
{
	SgRule *other = rule->id != NULL ? g_hash_table_lookup(l->here, rule->id) : NULL;
	guint at;

	if (other != NULL)
		sg_rule_tell(l->reader.problems, "%s:%u: the id %s is already that of a rule in "
		    "%s, line %u; give one of them another id", rule->file, rule->line, rule->id,
		    other->file, other->line);
	if (rule->id == NULL || other != NULL) {
		sg_rule_free(rule);
		return;
	}
	other = g_hash_table_lookup(l->index, rule->id);
	if (other != NULL && g_ptr_array_find(l->rules, other, &at)) {
		g_hash_table_remove(l->index, other->id);
		sg_rule_free(other);
		l->rules->pdata[at] = rule;
	} else
		g_ptr_array_add(l->rules, rule);
	g_hash_table_insert(l->here, rule->id, rule);
	g_hash_table_insert(l->index, rule->id, rule);
}

/* words/ordinary*.txt, in order of name. */
static void
load_ordinary(Loader *l, const char *dir)
{
	g_autofree char *words = g_build_filename(dir, "words", NULL);
	g_autoptr(GDir) d = g_dir_open(words, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL)
		if (g_str_has_prefix(name, "ordinary") && g_str_has_suffix(name, ".txt"))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(words, g_ptr_array_index(names, i), NULL);
		g_autoptr(GError) error = NULL;
		char *text = NULL;
		gsize len = 0;

		if (!g_file_get_contents(path, &text, &len, &error)) {
			sg_rule_tell(l->reader.problems, "%s:1: %s; make it readable, or remove it",
			    path, error->message);
			continue;
		}
		g_checksum_update(l->reader.sum, (const guchar *)text, (gssize)len);
		g_ptr_array_add(l->ordinary, g_bytes_new_take(text, len));
	}
}

static void
load_dir(Loader *l, const char *dir)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) d = g_dir_open(dir, 0, &error);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	if (d == NULL) {
		sg_rule_tell(l->reader.problems, "%s:1: %s; make the directory, or correct "
		    "\"rules\" in schoolgate.conf", dir, error->message);
		return;
	}
	while ((name = g_dir_read_name(d)) != NULL)
		if (g_str_has_suffix(name, ".conf") && name[0] != '.')
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);
	l->reader.dir = dir;
	sg_rule_read_spellings(&l->reader);
	g_hash_table_remove_all(l->here);
	for (guint i = 0; i < names->len; i++) {
		g_autoptr(GPtrArray) rules = g_ptr_array_new();

		sg_rule_read_file(&l->reader, g_ptr_array_index(names, i), rules);
		for (guint k = 0; k < rules->len; k++)
			place_rule(l, g_ptr_array_index(rules, k));
	}
	sg_overrides_apply(&l->reader, l->rules, l->index);
	g_ptr_array_add(l->reader.earlier, (gpointer)(gsize)dir);
	load_ordinary(l, dir);
}

/* "count = { rule = ... }" names a rule of the whole set. */
static void
link_counts(Loader *l)
{
	for (guint i = 0; i < l->rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(l->rules, i);
		SgRule *of = rule->of != NULL ? g_hash_table_lookup(l->index, rule->of) : NULL;

		if (rule->of == NULL)
			continue;
		if (of == NULL || of->atleast > 0 || of->matcher == NULL ||
		    of->matcher->part != NULL)
			sg_rule_tell(l->reader.problems, "%s:%u: rule %s counts hits of a rule "
			    "that %s; name one with words, regex or near", rule->file, rule->line,
			    rule->id, of == NULL ? "does not exist" : "has none to count");
		else
			g_array_append_val(of->watchers, i);
	}
}

static SgRuleInfo *
make_info(const GPtrArray *rules)
{
	SgRuleInfo *info = g_new0(SgRuleInfo, MAX(rules->len, 1));

	for (guint i = 0; i < rules->len; i++) {
		const SgRule *r = g_ptr_array_index(rules, i);

		info[i] = (SgRuleInfo){ r->id, r->title, r->category, r->area, r->matcher->name,
			r->file, (const char *const *)r->labels, r->severity, r->confidence, r->line,
			r->hits->len, r->misses->len };
	}
	return info;
}

static void
ruleset_clear(gpointer p)
{
	SgRuleset *r = p;

	sg_database_free(r->database);
	sg_vocab_free(r->vocab);
	sg_sayings_free(r->sayings);
	sg_patterns_free(r->patterns);
	g_free(r->info);
	g_clear_pointer(&r->rules, g_ptr_array_unref);
	sg_lexicon_free(r->lexicon);
}

static void
build(Loader *l, SgRuleset *set, const char *cache_dir)
{
	g_autoptr(GArray) sought = NULL;

	set->rules = g_steal_pointer(&l->rules);
	set->lexicon = g_steal_pointer(&l->reader.lexicon);
	sg_lexicon_close(set->lexicon);
	set->sayings = sg_sayings_new(set->rules, set->lexicon);
	set->info = make_info(set->rules);
	set->patterns = sg_patterns_new(set->rules);
	sought = sg_patterns_sought(set->patterns, set->rules);
	set->vocab = sg_vocab_new(sought, set->lexicon, l->ordinary);
	g_strlcpy(set->hash, g_checksum_get_string(l->reader.sum), sizeof set->hash);
	set->database = sg_database_new(set->rules, set->patterns, cache_dir, l->reader.problems);
	if (set->database != NULL)
		sg_examples_run(set, g_checksum_get_string(l->reader.sum), l->reader.problems);
}

SgRuleset *
sg_ruleset_load(char *const *dirs, const char *cache_dir, GPtrArray *problems, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *told = problems != NULL ? problems : own;
	guint before = told->len;
	g_autoptr(SgCanon) canon = sg_canon_new(error);
	g_autoptr(SgRuleset) set = g_atomic_rc_box_new0(SgRuleset);
	g_auto(Loader) l = { 0 };

	loader_init(&l, told, canon);
	if (canon == NULL)
		return NULL;
	for (char *const *dir = dirs; dir != NULL && *dir != NULL; dir++)
		load_dir(&l, *dir);
	sg_allows_apply(&l.reader, l.rules);
	link_counts(&l);
	if (l.rules->len == 0 && told->len == before)
		sg_rule_tell(told, "%s:1: there are no rules; install the rule packs or correct "
		    "\"rules\" in schoolgate.conf", dirs != NULL && dirs[0] != NULL ? dirs[0] :
		    "schoolgate.conf");
	if (told->len == before)
		build(&l, set, cache_dir);
	if (told->len == before)
		return g_steal_pointer(&set);
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s%s", (char *)g_ptr_array_index(told, before),
	    told->len - before > 1 ? " (and more)" : "");
	return NULL;
}

SgRuleset *
sg_ruleset_ref(SgRuleset *r)
{
	return g_atomic_rc_box_acquire(r);
}

void
sg_ruleset_unref(SgRuleset *r)
{
	if (r != NULL)
		g_atomic_rc_box_release_full(r, ruleset_clear);
}

const char *
sg_ruleset_hash(const SgRuleset *r)
{
	return r->hash;
}

guint
sg_ruleset_size(const SgRuleset *r)
{
	return r->rules->len;
}

const SgRuleInfo *
sg_ruleset_info(const SgRuleset *r, guint i)
{
	return i < r->rules->len ? &r->info[i] : NULL;
}

const SgRuleInfo *
sg_ruleset_find(const SgRuleset *r, const char *id)
{
	for (guint i = 0; i < r->rules->len; i++)
		if (strcmp(r->info[i].id, id) == 0)
			return &r->info[i];
	return NULL;
}
