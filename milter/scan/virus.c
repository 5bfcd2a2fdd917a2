#include <signal.h>
#include <string.h>
#include <time.h>

#include <clamav.h>

#include "base/err.h"
#include "scan/seen.h"
#include "scan/tempfiles.h"
#include "scan/virus.h"

/* Without unwanted programs, and without the lists of links, which serve whole mails only. */
#define LOAD (CL_DB_PHISHING | CL_DB_BYTECODE)

/* All that libclamav can open, but for the likeness of pictures, which costs more than
 * all the rest and knows a handful of them. */
#define PARSE (~0u & ~(unsigned)CL_SCAN_PARSE_IMAGE_FUZZY_HASH)

#define RECURSION_MOST	 30	/* the engine's stack is made for about so many */
#define FILES_PER_PART	 5u	/* of scan.parts: an archive has more members than a mail has parts */
#define BYTECODE_MS	 2000
#define COMPLAINT	 160u
#define LAYERS_MOST	 256u	/* of one part: an archive must not push out all else */

struct SgVirus {
	struct cl_engine *engine;
	SgSeen		 *seen;
	SgSignatures	  have;
	unsigned	  n;
};

static guint
layer_hash(gconstpointer key)
{
	guint h;

	memcpy(&h, key, sizeof h);
	return h;
}

static gboolean
layer_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, SG_SEEN_HASH) == 0;
}

/* One part that is being looked at. */
typedef struct {
	SgVirus	   *virus;
	GHashTable *layers;	/* hashes of what was met inside; g_free */
} Look;

/* Called for each file that libclamav finds, before it looks at it.  The scan ends with
 * the first thing that is harmful: so whatever was met before was clean, or is one of those
 * this file lies in.  Where a limit was reached, nothing of the part is called clean. */
static cl_error_t
on_layer(int fd, const char *type, const char **ancestors, size_t parent_size, const char *name, size_t size,
    const char *bytes, uint32_t level, uint32_t attributes, void *data)
{
	Look *l = data;
	guint8 hash[SG_SEEN_HASH];

	(void)fd;
	(void)type;
	(void)ancestors;
	(void)parent_size;
	(void)name;
	(void)attributes;
	if (l == NULL || level == 0 || bytes == NULL || size == 0)
		return CL_CLEAN;
	sg_seen_hash(l->virus->seen, bytes, size, hash);
	if (g_hash_table_contains(l->layers, hash) || sg_seen_is_clean(l->virus->seen, hash))
		return CL_BREAK;
	if (g_hash_table_size(l->layers) < LAYERS_MOST)
		g_hash_table_add(l->layers, g_memdup2(hash, sizeof hash));
	return CL_CLEAN;
}

static gboolean
failed(GError **error, const char *dir, const char *what)
{
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "virus signatures in %s: %s", dir, what);
	return FALSE;
}

/* Limits of the message are limits of each part here; but time is what is left of it. */
static gboolean
set_limits(struct cl_engine *e, const SgOptions *o)
{
	guint64 largest = MIN((guint64)o->milter.max_size, (guint64)o->scan.unpacked);
	const struct {
		enum cl_engine_field field;
		long long value;
	} limits[] = {
		{ CL_ENGINE_MAX_SCANSIZE, o->scan.unpacked },
		{ CL_ENGINE_MAX_FILESIZE, (long long)largest },
		{ CL_ENGINE_MAX_RECURSION, MIN(o->scan.depth, RECURSION_MOST) },
		{ CL_ENGINE_MAX_FILES, MIN(o->scan.parts * FILES_PER_PART, G_MAXINT32) },
		{ CL_ENGINE_BYTECODE_MODE, CL_BYTECODE_MODE_INTERPRETER },
		{ CL_ENGINE_BYTECODE_TIMEOUT, BYTECODE_MS },
		/* its own memory of clean files goes by MD5, of which anybody can make two */
		{ CL_ENGINE_DISABLE_CACHE, 1 },
		{ CL_ENGINE_KEEPTMP, 0 },
		{ CL_ENGINE_FORCETODISK, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++)
		if (cl_engine_set_num(e, limits[i].field, limits[i].value) != CL_SUCCESS)
			return FALSE;
	sg_tempfiles_limit(MIN(largest * 2, (guint64)o->scan.unpacked), largest);
	return cl_engine_set_str(e, CL_ENGINE_TMPDIR, SG_TEMPFILES) == CL_SUCCESS;
}

/* The first thing it says is wrong; libclamav has no other way to name a file. */
static char *
complaint(void)
{
	static char text[COMPLAINT];

	return text;
}

/* It would print to standard error. */
static void
on_message(enum cl_msg severity, const char *full, const char *text, void *unused)
{
	const char *file = strrchr(text, '/');

	(void)full;
	(void)unused;
	if (severity == CL_MSG_ERROR && g_str_has_prefix(text, "Can't load ") && file != NULL &&
	    complaint()[0] == '\0') {
		(void)g_strlcpy(complaint(), file + 1, COMPLAINT);
		(void)g_strchomp(complaint());
	}
}

static gboolean
init(GError **error)
{
	static gsize once;
	static gboolean ok;

	if (g_once_init_enter(&once)) {
		tzset();	/* it names its directories by the time of day */
		cl_set_clcb_msg(on_message);
		ok = cl_init(CL_INIT_DEFAULT) == CL_SUCCESS;
		g_once_init_leave(&once, 1);
	}
	if (!ok)
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "libclamav does not work on this machine");
	return ok;
}

/* What libraries do only once and lazily, done before there are no more files. */
static void
warm_up(SgVirus *v)
{
	static const char text[] = "<html><body>warm</body></html>";
	struct cl_scan_options how = { .general = CL_SCAN_GENERAL_HEURISTICS, .parse = PARSE };
	cl_fmap_t *map = cl_fmap_open_memory(text, sizeof text - 1);
	const char *name = NULL;

	if (map == NULL)
		return;
	(void)cl_scanmap_callback(map, NULL, &name, NULL, v->engine, &how, NULL);
	cl_fmap_close(map);
	(void)sg_tempfiles_clear();
}

static gboolean
load(SgVirus *v, const SgOptions *o, const char *dir, GError **error)
{
	cl_error_t r;

	sg_signatures_look(dir, &v->have);
	if (v->have.files == 0)
		return failed(error, dir, "there are none; run freshclam, or set scan.signatures");
	v->engine = cl_engine_new();
	if (v->engine == NULL || !set_limits(v->engine, o))
		return failed(error, dir, "the engine cannot be made");
	complaint()[0] = '\0';
	cl_engine_set_clcb_file_inspection(v->engine, on_layer);
	r = cl_load(dir, v->engine, &v->n, LOAD);
	if (r == CL_SUCCESS && v->n > 0)
		r = cl_engine_compile(v->engine);
	if (r != CL_SUCCESS)
		return failed(error, dir, complaint()[0] != '\0' ? complaint() : cl_strerror(r));
	if (v->n == 0)
		return failed(error, dir, "the files are empty");
	warm_up(v);
	return TRUE;
}

SgVirus *
sg_virus_load(const SgOptions *o, const char *dir, guint workers, GError **error)
{
	g_autoptr(SgVirus) v = g_new0(SgVirus, 1);

	if (!init(error))
		return NULL;
	v->seen = sg_seen_new(workers, error);
	if (v->seen == NULL || !load(v, o, dir, error))
		return NULL;
	return g_steal_pointer(&v);
}

void
sg_virus_free(SgVirus *v)
{
	if (v == NULL)
		return;
	if (v->engine != NULL)
		(void)cl_engine_free(v->engine);
	sg_seen_free(v->seen);
	g_free(v);
}

const SgSignatures *
sg_virus_signatures(const SgVirus *v)
{
	return &v->have;
}

guint
sg_virus_count(const SgVirus *v)
{
	return v->n;
}

guint
sg_virus_hand_out(SgVirus *v)
{
	return sg_seen_hand_out(v->seen);
}

void
sg_virus_begin(SgVirus *v, guint table)
{
	/* a file above the process's limit is an error for libclamav, not our end */
	(void)signal(SIGXFSZ, SIG_IGN);
	sg_seen_keep_only(v->seen, table);
}

void
sg_virus_take_back(SgVirus *v, guint table, gboolean believed)
{
	sg_seen_take_back(v->seen, table, believed);
}

/* Names are made of letters, digits and a few signs; of what is not, nothing is kept. */
static SgFinding *
finding(const SgPart *p, const char *name)
{
	gboolean known = !g_str_has_prefix(name, "Heuristics.");
	SgFinding *f = known ?
	    sg_finding_of_ours("malware.signature", "A file that is known to be harmful", "malware", 5) :
	    sg_finding_of_ours("malware.heuristic", "A file that is built to do harm", "malware", 4);

	g_free(f->area);
	g_free(f->part);
	g_free(f->name);
	g_free(f->excerpt);
	f->area = g_strdup("content");
	f->part = sg_wire_cut(p->id);
	f->name = sg_wire_cut(p->name);
	f->excerpt = g_strndup(name, 120);
	g_strcanon(f->excerpt, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ".-_/+:", '?');
	return f;
}

/* "Heuristics.Limits.Exceeded.MaxFileSize", "Heuristics.XZ.DicSizeLimit" ... */
static gboolean
is_limit(const char *name)
{
	return g_str_has_prefix(name, "Heuristics.") && strstr(name, "Limit") != NULL;
}

static cl_error_t
scan(Look *l, const void *p, gsize n, const char **name)
{
	struct cl_scan_options how = { .general = CL_SCAN_GENERAL_HEURISTICS, .parse = PARSE,
		.heuristic = CL_SCAN_HEURISTIC_EXCEEDS_MAX };
	cl_fmap_t *map = cl_fmap_open_memory(p, n);
	cl_error_t r = CL_EMEM;

	if (map == NULL)
		return r;
	r = cl_scanmap_callback(map, NULL, name, NULL, l->virus->engine, &how, l);
	cl_fmap_close(map);
	return r;
}

static void
remember(const Look *l, const guint8 *part)
{
	GHashTableIter i;
	gpointer layer;

	g_hash_table_iter_init(&i, l->layers);
	while (g_hash_table_iter_next(&i, &layer, NULL))
		sg_seen_add(l->virus->seen, layer);
	sg_seen_add(l->virus->seen, part);
}

SgFinding *
sg_virus_look(SgVirus *v, SgPart *p, gint64 ms, SgSink *sink)
{
	g_autoptr(GHashTable) layers = NULL;
	Look l = { .virus = v };
	guint8 hash[SG_SEEN_HASH];
	const char *name = NULL;
	gboolean lacked;
	gsize n;
	const void *bytes = g_bytes_get_data(sg_part_bytes(p), &n);
	cl_error_t r;

	if (n == 0)
		return NULL;
	sg_seen_hash(v->seen, bytes, n, hash);
	if (sg_seen_is_clean(v->seen, hash))
		return NULL;
	l.layers = layers = g_hash_table_new_full(layer_hash, layer_equal, g_free, NULL);
	(void)cl_engine_set_num(v->engine, CL_ENGINE_MAX_SCANTIME, ms);
	r = scan(&l, bytes, n, &name);
	lacked = sg_tempfiles_clear();
	if (r == CL_VIRUS && name != NULL && !is_limit(name))
		return finding(p, name);
	if (r != CL_SUCCESS || lacked)
		sink->limit(sink, "malware");
	else
		remember(&l, hash);
	return NULL;
}
