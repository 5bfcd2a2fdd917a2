#include "old/docruns.h"
#include "pack/ole.h"

#define PAGE 512u
#define MOST 1000000u		/* runs: more are no document of words */

typedef struct Run {
	guint32 from, to;	/* offsets in the stream */
	guint flags;
} Run;

#define SPRM_IN_TABLE 0x2416u
#define SPRM_ROW_END  0x2417u

/* How many bytes follow a sprm. */
static gsize
operand_size(guint sprm, const guint8 *p, gsize n)
{
	static const guint8 sizes[] = { 1, 1, 2, 4, 2, 2, 0, 3 };
	guint kind = sprm >> 13;

	if (kind != 6)
		return sizes[kind];
	if (n == 0)
		return 0;
	/* the definition of a row has a length of two bytes, one too large */
	if (sprm == 0xd608 && n >= 2)
		return (gsize)sg_le16(p) + 1;
	return (gsize)p[0] + 1;
}

static guint
flags_of(const guint8 *p, gsize n)
{
	guint flags = 0;

	while (n >= 3) {
		guint sprm = sg_le16(p);
		gsize size = operand_size(sprm, p + 2, n - 2);

		if (sprm == SPRM_IN_TABLE && p[2] != 0)
			flags |= SG_DOC_IN_TABLE;
		else if (sprm == SPRM_ROW_END && p[2] != 0)
			flags |= SG_DOC_ROW_END | SG_DOC_IN_TABLE;
		if (size > n - 2)
			break;
		p += 2 + size;
		n -= 2 + size;
	}
	return flags;
}

/* The properties at a word offset in a page: their length, a style, the sprms. */
static guint
flags_at(const guint8 *page, guint word)
{
	gsize at = (gsize)word * 2, n;

	if (at == 0 || at >= PAGE - 2)
		return 0;
	n = page[at] != 0 ? (gsize)page[at] * 2 - 1 : (gsize)page[at + 1] * 2;
	at += page[at] != 0 ? 1 : 2;
	n = MIN(n, PAGE - 1 - at);
	return n > 2 ? flags_of(page + at + 2, n - 2) : 0;
}

static void
read_page(GArray *runs, const guint8 *page)
{
	guint n = page[PAGE - 1];

	if ((n + 1) * 4 + n * 13 > PAGE - 1)
		return;
	for (guint i = 0; i < n; i++) {
		Run r = { sg_le32(page + i * 4), sg_le32(page + i * 4 + 4),
			flags_at(page, page[(n + 1) * 4 + i * 13]) };

		/* in rising order, so that they can be looked up by halves */
		if (r.from < r.to && (runs->len == 0 || g_array_index(runs, Run, runs->len - 1).to <= r.from))
			g_array_append_val(runs, r);
	}
}

GArray *
sg_doc_runs(const guint8 *doc, gsize len, const guint8 *plc, gsize n)
{
	GArray *runs = g_array_new(FALSE, FALSE, sizeof(Run));
	gsize count = n >= 12 ? (n - 4) / 8 : 0;

	for (gsize i = 0; i < count && runs->len < MOST; i++) {
		gsize at = (gsize)(sg_le32(plc + (count + 1) * 4 + i * 4) & 0x3fffff) * PAGE;

		if (at < len && len - at >= PAGE)
			read_page(runs, doc + at);
	}
	return runs;
}

guint
sg_doc_run_at(const GArray *runs, gsize offset)
{
	guint low = 0, high = runs->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const Run *r = &g_array_index(runs, Run, middle);

		if (offset < r->from)
			high = middle;
		else if (offset >= r->to)
			low = middle + 1;
		else
			return r->flags;
	}
	return 0;
}
