#include <math.h>
#include <string.h>

#include "base/err.h"
#include "weigh/linear.h"

#define SUM_BYTES 32u
#define FILE_BYTES (sizeof(SgLinearTop) + SG_LINEAR_HEADS * sizeof(SgLinearName) + SG_LINEAR_WORDS * 5 + \
	SG_LINEAR_SLOTS * sizeof(SgLinearEntry) + SUM_BYTES)

G_STATIC_ASSERT(sizeof(SgLinearEntry) == 8 && sizeof(SgLinearTop) == 16 && sizeof(SgLinearName) == 60);
G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

guint
sg_linear_length(guint n)
{
	static const guint8 upto[SG_LINEAR_LENGTHS] = { 1, 2, 4, 7, 12, 20, 32, SG_LINEAR_SEGMENT };
	guint i = 0;

	while (i + 1 < SG_LINEAR_LENGTHS && n > upto[i])
		i++;
	return i;
}

static gboolean
sum_is_right(const guint8 *bytes, gsize len)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 got[SUM_BYTES];
	gsize n = sizeof got;

	g_checksum_update(sum, bytes, (gssize)(len - SUM_BYTES));
	g_checksum_get_digest(sum, got, &n);
	return memcmp(got, bytes + len - SUM_BYTES, SUM_BYTES) == 0;
}

/* What is wrong with the bytes; NULL: nothing. */
static const char *
fault_of(const guint8 *bytes, gsize len)
{
	SgLinearTop top;

	if (len < sizeof top)
		return "it is too short to be a model";
	memcpy(&top, bytes, sizeof top);
	if (memcmp(top.magic, SG_LINEAR_MAGIC, sizeof top.magic) != 0)
		return "it is no model";
	if (top.version != SG_LINEAR_VERSION || top.heads != SG_LINEAR_HEADS)
		return "it is a model of another version";
	if (len != FILE_BYTES)
		return "it is cut off or has something behind it";
	return sum_is_right(bytes, len) ? NULL : "its checksum is wrong";
}

static gboolean
head_is_sane(const SgLinearName *h)
{
	return memchr(h->name, '\0', sizeof h->name) != NULL &&
	    (h->name[0] == '\0' || (h->scale > 0 && h->slope > 0));
}

/* By tokens, so that nothing is to be calculated for a segment. */
static void
make_tables(SgLinear *m)
{
	for (guint h = 0; h < SG_LINEAR_HEADS; h++)
		for (guint n = 0; n <= SG_LINEAR_SEGMENT; n++) {
			const SgLinearName *name = &m->head[h];

			m->scale[h][n] = (float)(name->scale / (double)SG_LINEAR_ONE / sqrt(MAX(n, 1)));
			m->bias[h][n] = (float)(name->bias[sg_linear_length(n)] / (double)SG_LINEAR_ONE);
		}
}

SgLinear *
sg_linear_read(GBytes *file, GError **error)
{
	gsize len;
	const guint8 *bytes = g_bytes_get_data(file, &len), *p;
	const char *fault = fault_of(bytes, len);
	g_autoptr(SgLinear) m = g_atomic_rc_box_new0(SgLinear);

	if (fault == NULL) {
		memcpy(m->head, bytes + sizeof(SgLinearTop), sizeof m->head);
		for (guint h = 0; h < SG_LINEAR_HEADS && fault == NULL; h++)
			fault = head_is_sane(&m->head[h]) ? NULL : "a head of it is damaged";
	}
	if (fault != NULL) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, fault);
		return NULL;
	}
	p = bytes + sizeof(SgLinearTop) + sizeof m->head;
	m->lexicon.mask = SG_LINEAR_WORDS - 1;
	m->lexicon.hash = g_memdup2(p, SG_LINEAR_WORDS * sizeof(guint32));
	p += SG_LINEAR_WORDS * sizeof(guint32);
	m->lexicon.word_class = g_memdup2(p, SG_LINEAR_WORDS);
	m->entry = (const SgLinearEntry *)(gconstpointer)(p + SG_LINEAR_WORDS);	/* bytes only: any place will do */
	m->file = g_bytes_ref(file);
	make_tables(m);
	return g_steal_pointer(&m);
}

static void
linear_clear(gpointer p)
{
	SgLinear *m = p;

	g_free(m->lexicon.hash);
	g_free(m->lexicon.word_class);
	g_clear_pointer(&m->file, g_bytes_unref);
}

SgLinear *
sg_linear_ref(SgLinear *m)
{
	return g_atomic_rc_box_acquire(m);
}

void
sg_linear_unref(SgLinear *m)
{
	if (m != NULL)
		g_atomic_rc_box_release_full(m, linear_clear);
}

int
sg_linear_head(const SgLinear *m, const char *name)
{
	for (guint h = 0; h < SG_LINEAR_HEADS; h++)
		if (name[0] != '\0' && strcmp(m->head[h].name, name) == 0)
			return (int)h;
	return -1;
}

double
sg_linear_margin(const SgLinear *m, guint head, double value)
{
	const SgLinearName *h = &m->head[head];

	return (log(value / (1.0 - value)) * SG_LINEAR_ONE - h->offset) / h->slope;
}

double
sg_linear_value(const SgLinear *m, guint head, double margin)
{
	const SgLinearName *h = &m->head[head];

	return 1.0 / (1.0 + exp(-(h->slope * margin + h->offset) / SG_LINEAR_ONE));
}
