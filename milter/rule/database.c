#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "rule/database.h"
#include "rule/expression.h"
#include "rule/translate.h"

#define FORMAT "schoolgate rules 3\n"	/* of the cache file: change it with the layout */
#define SUFFIX ".hsdb"
#define KEPT   4u			/* cache files left in the directory */

typedef struct {
	char	format[24];
	char	key[65];	/* also the file's name */
	char	passed[65];	/* a hash of the examples passed with it; noted later, in place */
	guint64 words;		/* bytes that follow, serialised */
} Head;

typedef struct {
	GPtrArray *expressions;	/* char * */
	GArray	  *ids;
} Source;

static void
source_clear(Source *s)
{
	g_ptr_array_unref(s->expressions);
	g_array_unref(s->ids);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static void
source_add(Source *s, char *expression, guint id)
{
	g_ptr_array_add(s->expressions, expression);
	g_array_append_val(s->ids, id);
}

static void
source_init(Source *s)
{
	s->expressions = g_ptr_array_new_with_free_func(g_free);
	s->ids = g_array_new(FALSE, FALSE, sizeof(guint));
}

static void
gather(const SgPatterns *p, Source *words)
{
	source_init(words);
	for (guint i = 0; i < p->n; i++) {
		g_autofree char *why = NULL;
		char *e = p->pattern[i].regex ? sg_translate_regex(p->pattern[i].text, &why) :
		    sg_translate_literal(p->pattern[i].text);

		if (e != NULL)
			source_add(words, e, i);
	}
}

static char *
key_of(const Source *words)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	hs_platform_info_t platform = { 0 };
	g_autofree char *origin = NULL;

	(void)hs_populate_platform(&platform);
	origin = g_strdup_printf("%s%s %u %llx", FORMAT, hs_version(), platform.tune,
	    platform.cpu_features);
	g_checksum_update(sum, (const guchar *)origin, (gssize)strlen(origin));
	for (guint i = 0; i < words->expressions->len; i++) {
		const char *e = g_ptr_array_index(words->expressions, i);

		g_checksum_update(sum, (const guchar *)e, (gssize)strlen(e) + 1);
	}
	return g_strdup(g_checksum_get_string(sum));
}

static hs_database_t *
compile(const Source *s, GPtrArray *problems)
{
	hs_database_t *db = NULL;
	hs_compile_error_t *why = NULL;
	g_autofree unsigned *flags = NULL;

	if (s->expressions->len == 0)
		return NULL;
	flags = g_new0(unsigned, s->expressions->len);
	if (hs_compile_multi((const char *const *)s->expressions->pdata, flags,
	    (const unsigned *)(gpointer)s->ids->data,
	    s->expressions->len, HS_MODE_BLOCK, NULL, &db, &why) == HS_SUCCESS)
		return db;
	sg_rule_tell(problems, "the rules cannot be compiled: %s; make them fewer or simpler",
	    why != NULL ? why->message : "no memory");
	hs_free_compile_error(why);
	return NULL;
}

static gboolean
deserialize(const char *bytes, gsize len, hs_database_t **db)
{
	return len == 0 || hs_deserialize_database(bytes, len, db) == HS_SUCCESS;
}

static gboolean
load(SgDatabase *d, const char *path, const char *key)
{
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
	const char *bytes;
	gsize len;
	Head head;

	if (file == NULL || (len = g_mapped_file_get_length(file)) < sizeof head)
		return FALSE;
	bytes = g_mapped_file_get_contents(file);
	memcpy(&head, bytes, sizeof head);
	len -= sizeof head;
	if (strncmp(head.format, FORMAT, sizeof head.format) != 0 ||
	    strncmp(head.key, key, sizeof head.key) != 0 ||
	    head.words != len)
		return FALSE;
	memcpy(d->passed, head.passed, sizeof d->passed);
	d->passed[sizeof d->passed - 1] = '\0';
	return deserialize(bytes + sizeof head, len, &d->words);
}

static gboolean
serialize(const hs_database_t *db, GByteArray *out, guint64 *len)
{
	char *bytes = NULL;
	gsize n = 0;

	*len = 0;
	if (db == NULL)
		return TRUE;
	if (hs_serialize_database(db, &bytes, &n) != HS_SUCCESS)
		return FALSE;
	g_byte_array_append(out, (const guint8 *)bytes, (guint)n);
	*len = n;
	free(bytes);
	return TRUE;
}

static void
save(const SgDatabase *d, const char *path, const char *key)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	Head head = { FORMAT, "", "", 0 };

	g_strlcpy(head.key, key, sizeof head.key);
	g_byte_array_append(out, (const guint8 *)&head, sizeof head);
	if (!serialize(d->words, out, &head.words))
		return;
	memcpy(out->data, &head, sizeof head);
	(void)g_file_set_contents_full(path, (const char *)out->data, (gssize)out->len,
	    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL);
}

void
sg_database_note_passed(const SgDatabase *d, const char *examples)
{
	gsize n = MIN(strlen(examples) + 1, sizeof d->passed);
	int fd = d->path != NULL ? open(d->path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	/* half of it is no hash of any examples: they are run again */
	(void)!pwrite(fd, examples, n, offsetof(Head, passed));
	(void)close(fd);
}

typedef struct {
	char  *path;
	gint64 when;
} Old;

static int
newest_first(gconstpointer x, gconstpointer y)
{
	const Old *a = x, *b = y;

	return a->when > b->when ? -1 : a->when < b->when;
}

static void
old_clear(gpointer p)
{
	g_free(((Old *)p)->path);
}

static void
prune(const char *dir)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(Old));
	const char *name;

	g_array_set_clear_func(files, old_clear);
	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		Old old = { g_build_filename(dir, name, NULL), 0 };
		GStatBuf st;

		if (g_str_has_prefix(name, "rules-") && g_str_has_suffix(name, SUFFIX) &&
		    g_stat(old.path, &st) == 0) {
			old.when = st.st_mtime;
			g_array_append_val(files, old);
		} else
			g_free(old.path);
	}
	g_array_sort(files, newest_first);
	for (guint i = KEPT; i < files->len; i++)
		(void)g_unlink(g_array_index(files, Old, i).path);
}

static gboolean
make(SgDatabase *d, const GPtrArray *rules, const Source *words, GPtrArray *problems)
{
	guint before = problems->len;

	sg_expressions_check(rules, problems);
	if (problems->len == before)
		d->words = compile(words, problems);
	/* compiling takes ten times what it leaves, and workers are forked from here */
	(void)malloc_trim(0);
	return problems->len == before;
}

SgDatabase *
sg_database_new(const GPtrArray *rules, const SgPatterns *patterns, const char *cache_dir,
    GPtrArray *problems)
{
	g_auto(Source) words = { NULL, NULL };
	g_autoptr(SgDatabase) d = g_new0(SgDatabase, 1);
	g_autofree char *key = NULL;

	gather(patterns, &words);
	if (hs_valid_platform() != HS_SUCCESS) {
		sg_rule_tell(problems, "this processor lacks SSSE3, which the rule engine needs; "
		    "run the scanner on another machine");
		return NULL;
	}
	key = key_of(&words);
	if (cache_dir != NULL) {
		g_autofree char *name = g_strdup_printf("rules-%.32s" SUFFIX, key);

		d->path = g_build_filename(cache_dir, name, NULL);
		d->cached = load(d, d->path, key);
	}
	if (!d->cached && !make(d, rules, &words, problems))
		return NULL;
	if (!d->cached && d->path != NULL) {
		(void)g_mkdir(cache_dir, 0750);	/* its parent is the administrator's */
		save(d, d->path, key);
		prune(cache_dir);
	}
	return g_steal_pointer(&d);
}

void
sg_database_free(SgDatabase *d)
{
	if (d == NULL)
		return;
	hs_free_database(d->words);
	g_free(d->path);
	g_free(d);
}
