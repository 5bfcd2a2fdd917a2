#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sodium.h>

#include "base/err.h"
#include "base/fd.h"
#include "pool/blame.h"

#define ROWS 256u

/* Two zygotes (before and after a reload) may write at once: a row is claimed
 * first, and read only while it is whole. */
enum { ROW_EMPTY, ROW_WRITING, ROW_WHOLE };

typedef struct {
	gint	state;
	guint8	hash[SG_BLAME_HASH];
	gint64	when;
	SgBlame what;
} Row;

typedef struct {
	guint8 key[crypto_shorthash_siphashx24_KEYBYTES];
	gint   used;	/* rows that were ever written: 0 makes finding free */
	Row    rows[ROWS];
} Table;

struct SgBlames {
	Table	    *rw;	/* NULL in a worker */
	const Table *ro;
};

SgBlames *
sg_blames_new(GError **error)
{
	sg_autofd fd = memfd_create("blame", MFD_CLOEXEC);
	g_autofree char *again = g_strdup_printf("/proc/self/fd/%d", fd);
	/* a mapping of a descriptor opened for reading can never become writable */
	sg_autofd ro = open(again, O_RDONLY | O_CLOEXEC);
	void *w = MAP_FAILED, *r = MAP_FAILED;
	SgBlames *b;

	if (fd != -1 && ro != -1 && ftruncate(fd, sizeof(Table)) == 0) {
		w = mmap(NULL, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		r = mmap(NULL, sizeof(Table), PROT_READ, MAP_SHARED, ro, 0);
	}
	if (w == MAP_FAILED || r == MAP_FAILED) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "blame table: %s", g_strerror(errno));
		return NULL;
	}
	b = g_new(SgBlames, 1);
	*b = (SgBlames){ w, r };
	randombytes_buf(b->rw->key, sizeof b->rw->key);
	return b;
}

void
sg_blames_free(SgBlames *b)
{
	if (b == NULL)
		return;
	sg_blames_read_only(b);
	(void)munmap((void *)(guintptr)b->ro, sizeof(Table));
	g_free(b);
}

void
sg_blames_read_only(SgBlames *b)
{
	if (b->rw != NULL)
		(void)munmap(b->rw, sizeof(Table));
	b->rw = NULL;
}

/* Of a large message a sample is enough to know it again: whoever makes two that
 * agree in it gains only that both are read with the same care. */
#define SAMPLES 32u
#define SAMPLE	1024u

void
sg_blames_hash(const SgBlames *b, GBytes *content, guint8 out[SG_BLAME_HASH])
{
	guint8 sample[SAMPLES * SAMPLE + sizeof(guint64)];
	gsize n;
	const guint8 *p = g_bytes_get_data(content, &n);
	guint64 length = n;

	G_STATIC_ASSERT(crypto_shorthash_siphashx24_BYTES == SG_BLAME_HASH);
	if (n > SAMPLES * SAMPLE) {
		for (gsize i = 0; i < SAMPLES; i++)
			memcpy(sample + i * SAMPLE, p + (n - SAMPLE) / (SAMPLES - 1) * i, SAMPLE);
		memcpy(sample + SAMPLES * SAMPLE, &length, sizeof length);
		p = sample;
		n = sizeof sample;
	}
	(void)crypto_shorthash_siphashx24(out, p, n, b->ro->key);
}

static const Row *
find(const Table *t, const guint8 *hash, gint64 now)
{
	if (g_atomic_int_get(&t->used) == 0)
		return NULL;
	for (guint i = 0; i < ROWS; i++)
		if (g_atomic_int_get(&t->rows[i].state) == ROW_WHOLE &&
		    memcmp(t->rows[i].hash, hash, SG_BLAME_HASH) == 0 &&
		    now - t->rows[i].when <= SG_BLAME_AGE)
			return &t->rows[i];
	return NULL;
}

gboolean
sg_blames_find(const SgBlames *b, const guint8 hash[SG_BLAME_HASH], gint64 now, SgBlame *out)
{
	const Row *row = find(b->ro, hash, now);
	SgBlame copy;

	if (row == NULL)
		return FALSE;
	copy = row->what;
	/* a row that was taken for other content meanwhile tells nothing */
	if (g_atomic_int_get(&row->state) != ROW_WHOLE || memcmp(row->hash, hash, SG_BLAME_HASH) != 0)
		return FALSE;
	*out = copy;
	return TRUE;
}

/* The row of this content, else an empty one, else the oldest.  One that is being
 * written is left alone, perhaps for ever: its zygote may have died over it. */
static Row *
choose(Table *t, const guint8 *hash)
{
	Row *best = NULL;

	for (guint i = 0; i < ROWS; i++) {
		Row *r = &t->rows[i];
		gint state = g_atomic_int_get(&r->state);

		if (state == ROW_WRITING)
			continue;
		if (state == ROW_WHOLE && memcmp(r->hash, hash, SG_BLAME_HASH) == 0)
			return r;
		if (best == NULL || (best->state == ROW_WHOLE && (state == ROW_EMPTY || r->when < best->when)))
			best = r;
	}
	return best;
}

void
sg_blames_add(SgBlames *b, const guint8 hash[SG_BLAME_HASH], gint64 now, const SgBlame *what)
{
	Row *r = choose(b->rw, hash);
	gint was = r != NULL ? g_atomic_int_get(&r->state) : ROW_WRITING;
	gboolean same = was == ROW_WHOLE && memcmp(r->hash, hash, SG_BLAME_HASH) == 0 &&
	    now - r->when <= SG_BLAME_AGE;

	if (was == ROW_WRITING || !g_atomic_int_compare_and_exchange(&r->state, was, ROW_WRITING))
		return;		/* the other zygote is at it; the next failure will be noted */
	memcpy(r->hash, hash, SG_BLAME_HASH);
	r->when = now;
	r->what.points = (same ? r->what.points : 0) + what->points;
	if (!same || what->extractor[0] != '\0') {
		g_strlcpy(r->what.extractor, what->extractor, sizeof r->what.extractor);
		g_strlcpy(r->what.part, what->part, sizeof r->what.part);
	}
	g_atomic_int_set(&b->rw->used, 1);
	g_atomic_int_set(&r->state, ROW_WHOLE);
}
