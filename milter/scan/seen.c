#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sodium.h>

#include "base/err.h"
#include "base/fd.h"
#include "scan/seen.h"

#define WAYS	 4u	/* places where a hash may stand */
#define VOICES	 2u
#define NO_TABLE G_MAXUINT

typedef struct {
	guint8 rows[SG_SEEN_ROWS][SG_SEEN_HASH];	/* all zero: empty */
} Table;

/* What the zygote alone knows of a table. */
typedef struct {
	gboolean lent;
	guint64	 turn;	/* when it was handed out last */
} Lending;

struct SgSeen {
	guint8	     key[crypto_generichash_KEYBYTES];
	guint	     n, own;
	guint64	     turn;
	Lending	    *lendings;
	Table	    *rw;	/* in a worker only rw[own] is still there */
	const Table *ro;
};

SgSeen *
sg_seen_new(guint workers, GError **error)
{
	gsize bytes = (gsize)workers * 2 * sizeof(Table);
	sg_autofd fd = memfd_create("seen", MFD_CLOEXEC);
	g_autofree char *again = g_strdup_printf("/proc/self/fd/%d", fd);
	/* a mapping of a descriptor opened for reading can never become writable */
	sg_autofd ro = open(again, O_RDONLY | O_CLOEXEC);
	void *w = MAP_FAILED, *r = MAP_FAILED;
	SgSeen *s;

	G_STATIC_ASSERT(sizeof(Table) % 65536 == 0);	/* whole pages, however large */
	if (fd != -1 && ro != -1 && ftruncate(fd, (off_t)bytes) == 0) {
		w = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		r = mmap(NULL, bytes, PROT_READ, MAP_SHARED, ro, 0);
	}
	if (w == MAP_FAILED || r == MAP_FAILED) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "table of clean parts: %s", g_strerror(errno));
		return NULL;
	}
	s = g_new0(SgSeen, 1);
	s->n = workers * 2;
	s->own = NO_TABLE;
	s->lendings = g_new0(Lending, s->n);
	s->rw = w;
	s->ro = r;
	randombytes_buf(s->key, sizeof s->key);
	return s;
}

void
sg_seen_free(SgSeen *s)
{
	if (s == NULL)
		return;
	if (s->own == NO_TABLE)
		(void)munmap(s->rw, s->n * sizeof(Table));
	else
		(void)munmap(&s->rw[s->own], sizeof(Table));
	(void)munmap((void *)(guintptr)s->ro, s->n * sizeof(Table));
	g_free(s->lendings);
	g_free(s);
}

/* Never read: the pages go back to the kernel and come again as zeros. */
static void
empty(SgSeen *s, guint table)
{
	if (madvise(&s->rw[table], sizeof(Table), MADV_REMOVE) == -1)
		memset(&s->rw[table], 0, sizeof(Table));
}

guint
sg_seen_hand_out(SgSeen *s)
{
	guint best = 0;

	for (guint i = 1; i < s->n; i++)
		if (s->lendings[best].lent || (!s->lendings[i].lent && s->lendings[i].turn < s->lendings[best].turn))
			best = i;
	empty(s, best);
	s->lendings[best] = (Lending){ TRUE, ++s->turn };
	return best;
}

void
sg_seen_take_back(SgSeen *s, guint table, gboolean believed)
{
	if (!believed)
		empty(s, table);
	s->lendings[table].lent = FALSE;
}

void
sg_seen_keep_only(SgSeen *s, guint table)
{
	if (table > 0)
		(void)munmap(s->rw, table * sizeof(Table));
	if (table + 1 < s->n)
		(void)munmap(&s->rw[table + 1], (s->n - table - 1) * sizeof(Table));
	s->own = table;
}

void
sg_seen_hash(const SgSeen *s, const void *bytes, gsize n, guint8 out[SG_SEEN_HASH])
{
	(void)crypto_generichash(out, SG_SEEN_HASH, bytes, n, s->key, sizeof s->key);
	out[0] |= 1;	/* never all zero */
}

static guint
first_row(const guint8 *hash)
{
	guint32 at;

	memcpy(&at, hash + 1, sizeof at);
	return at % (SG_SEEN_ROWS / WAYS) * WAYS;
}

static gboolean
has(const Table *t, const guint8 *hash)
{
	guint first = first_row(hash);

	for (guint i = first; i < first + WAYS; i++)
		if (memcmp(t->rows[i], hash, SG_SEEN_HASH) == 0)
			return TRUE;
	return FALSE;
}

gboolean
sg_seen_is_clean(const SgSeen *s, const guint8 hash[SG_SEEN_HASH])
{
	guint voices = 0;

	if (s->own != NO_TABLE && has(&s->ro[s->own], hash))
		return TRUE;
	for (guint i = 0; i < s->n && voices < VOICES; i++)
		voices += i != s->own && has(&s->ro[i], hash);
	return voices >= VOICES;
}

void
sg_seen_add(SgSeen *s, const guint8 hash[SG_SEEN_HASH])
{
	Table *t = s->own != NO_TABLE ? &s->rw[s->own] : NULL;
	guint first = first_row(hash);

	if (t == NULL || has(t, hash))
		return;
	/* the newest first, the last one falls out */
	memmove(t->rows[first + 1], t->rows[first], (WAYS - 1) * SG_SEEN_HASH);
	memcpy(t->rows[first], hash, SG_SEEN_HASH);
}

