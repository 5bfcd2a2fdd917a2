/*
 * x_archive - archives that libarchive reads: 7z, RAR, tar, CAB, ISO, cpio, ar, LHA, XAR;
 * and single files packed by compress or LZ4.
 *
 * Only formats and filters are switched on that read memory and start no program and
 * open no file; each file is given to the one format that its first bytes name.  A name
 * never is a path: nothing is ever written.  Programs that unpack themselves are searched
 * for the archive behind them.
 */
#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>
#include <zlib.h>

#include "base/err.h"
#include "pack/second.h"
#include "pack/unpack.h"
#include "pack/zip_name.h"
#include "pack/zip_record.h"
#include "part/member.h"

#define PIECE	(64u << 10)
#define RETRIES 64u		/* damaged places that are passed over */
#define ISO_AT	32769u
#define STUB	(4u << 20)	/* how far a program may stand before its archive */

typedef enum {
	NONE, SEVENZIP, RAR, RAR5, TAR, CAB, ISO, CPIO, AR, LHA, XAR, COMPRESS, LZ4,
} Format;

static const struct {
	Format	    format;
	gsize	    at, n;
	const char *signature;
	int	  (*support)(struct archive *a);
	gboolean    self;	/* is found behind a program */
} formats[] = {
	{ SEVENZIP, 0, 6, "7z\xbc\xaf\x27\x1c", archive_read_support_format_7zip, TRUE },
	{ RAR5, 0, 8, "Rar!\x1a\x07\x01", archive_read_support_format_rar5, TRUE },
	{ RAR, 0, 7, "Rar!\x1a\x07", archive_read_support_format_rar, TRUE },
	{ CAB, 0, 8, "MSCF\0\0\0", archive_read_support_format_cab, TRUE },
	{ TAR, 257, 5, "ustar", archive_read_support_format_tar, FALSE },
	{ ISO, ISO_AT, 5, "CD001", archive_read_support_format_iso9660, FALSE },
	{ CPIO, 0, 5, "07070", archive_read_support_format_cpio, FALSE },
	{ CPIO, 0, 2, "\xc7\x71", archive_read_support_format_cpio, FALSE },
	{ AR, 0, 8, "!<arch>\n", archive_read_support_format_ar, FALSE },
	{ LHA, 2, 3, "-lh", archive_read_support_format_lha, FALSE },
	{ LHA, 2, 3, "-lz", archive_read_support_format_lha, FALSE },
	{ XAR, 0, 4, "xar!", archive_read_support_format_xar, FALSE },
	{ COMPRESS, 0, 2, "\x1f\x9d", archive_read_support_filter_compress, FALSE },
	{ LZ4, 0, 4, "\x04\x22\x4d\x18", archive_read_support_filter_lz4, FALSE },
};

typedef struct State {
	SgBatch	 batch;
	struct archive *a;
	GBytes	*bytes;
	const guint8 *p;	/* of the archive, without what stands before it */
	gsize	 n, at;
	guint64	 served, given;	/* bytes libarchive has asked for; bytes of members */
	guint	 entries, retries;
	gboolean only_names;
} State;

/* Names are converted into the charset of the locale, and the worker has none. */
static locale_t *
utf8_locale(void)
{
	static locale_t locale;

	return &locale;
}

static gboolean
archive_warm(GError **error)
{
	locale_t *l = utf8_locale();

	if (*l == (locale_t)0)
		*l = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (*l != (locale_t)0)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "the locale C.UTF-8 is missing");
	return FALSE;
}

/* A tar of before 1988 has no signature; its sum tells. */
static gboolean
is_old_tar(const guint8 *p, gsize n)
{
	guint sum = 8 * ' ', claimed = 0;
	gsize i = 148;

	if (n < 512 || p[0] == '\0')
		return FALSE;
	for (gsize k = 0; k < 512; k++)
		sum += k < 148 || k >= 156 ? p[k] : 0;
	while (i < 156 && p[i] == ' ')
		i++;
	for (; i < 156 && p[i] >= '0' && p[i] <= '7'; i++)
		claimed = claimed * 8 + (p[i] - '0');
	return sum == claimed;
}

/* Row of formats, or -1. */
static gint
row_of(const guint8 *p, gsize n)
{
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (n >= formats[i].at + formats[i].n &&
		    memcmp(p + formats[i].at, formats[i].signature, formats[i].n) == 0)
			return (gint)i;
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (formats[i].format == TAR && is_old_tar(p, n))
			return (gint)i;
	return -1;
}

static guint
archive_bid(const SgPart *part)
{
	guint8 head[ISO_AT + 8];

	/* most parts are decided by a few bytes */
	if (row_of(head, sg_part_head(part, head, 512)) >= 0)
		return 15;
	return (strcmp(part->detected, "application/octet-stream") == 0 ||
	    strcmp(part->detected, "application/x-iso9660-image") == 0) &&
	    row_of(head, sg_part_head(part, head, sizeof head)) >= 0 ? 15 : 0;
}

/* A signature in the middle of something else must be followed by what belongs there. */
static gboolean
is_sure(Format f, const guint8 *p, gsize n)
{
	if (f == SEVENZIP)
		return n >= 32 && sg_zip_u32(p + 8) == (guint32)crc32(0, p + 12, 20);
	if (f == RAR)	/* the first header is that of the archive */
		return n >= 20 && p[6] == 0 && p[9] == 0x73;
	if (f == RAR5)
		return n >= 16 && p[7] == 0;
	return n >= 36 && p[25] == 1 && sg_zip_u32(p + 8) <= n;
}

/* Where behind something else an archive begins, or n. */
static gsize
find_behind(const guint8 *p, gsize n)
{
	const SgZipView v = { p, MIN(n, STUB) };
	gsize first = n;

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		gsize at = formats[i].self ? 0 : v.n;

		for (; (at = sg_zip_next(v, at, v.n, formats[i].signature)) < MIN(v.n, first); at++)
			if (n - at >= formats[i].n && memcmp(p + at, formats[i].signature, formats[i].n) == 0 &&
			    is_sure(formats[i].format, p + at, n - at))
				first = at;
	}
	return first;
}

gboolean
sg_archive_is_behind(SgPart *part)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(sg_part_bytes(part), &n);

	return n > 0 && row_of(p, n) < 0 && find_behind(p, n) < n;
}

static la_ssize_t
serve(struct archive *a, void *data, const void **piece)
{
	State *s = data;
	gsize n = MIN(s->n - s->at, PIECE);

	(void)a;
	*piece = s->p + s->at;
	s->at += n;
	s->served += n;
	return (la_ssize_t)n;
}

static la_int64_t
pass(struct archive *a, void *data, la_int64_t want)
{
	State *s = data;
	gsize n = want > 0 ? (gsize)MIN((guint64)want, s->n - s->at) : 0;

	(void)a;
	s->at += n;
	return (la_int64_t)n;
}

static la_int64_t
go_to(struct archive *a, void *data, la_int64_t offset, int whence)
{
	State *s = data;
	gint64 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (gint64)s->at : (gint64)s->n;

	(void)a;
	if (offset < -base || offset > (gint64)s->n - base)
		return ARCHIVE_FATAL;
	s->at = (gsize)(base + offset);
	return (la_int64_t)s->at;
}

static void
state_free(gpointer data)
{
	State *s = data;

	if (s->a != NULL)
		archive_read_free(s->a);
	sg_batch_clear(&s->batch);
	g_bytes_unref(s->bytes);
	g_free(s);
}

static gboolean
open_archive(State *s, gint row)
{
	s->a = archive_read_new();
	formats[row].support(s->a);
	if (formats[row].format == COMPRESS || formats[row].format == LZ4)
		archive_read_support_format_raw(s->a);
	/* what stands behind the end of a tar is read too */
	archive_read_set_option(s->a, "tar", "read_concatenated_archives", "1");
	archive_read_set_read_callback(s->a, serve);
	archive_read_set_skip_callback(s->a, pass);
	archive_read_set_seek_callback(s->a, go_to);
	archive_read_set_callback_data(s->a, s);
	return archive_read_open1(s->a) == ARCHIVE_OK;
}

/* NULL without error: something else without an archive behind it. */
static State *
begin(SgPart *part, SgSink *sink, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_ref(sg_part_bytes(part));
	gsize n, from = 0;
	const guint8 *p = g_bytes_get_data(bytes, &n);
	gint row = row_of(p, n);
	State *s;

	if (row < 0) {
		from = find_behind(p, n);
		row = row_of(p + from, n - from);
		if (row < 0)
			return NULL;
		sg_second_mark(part, sink, "archive-inside");
	}
	s = g_new0(State, 1);
	s->batch = (SgBatch){ .archive = part, .sink = sink, .n = from > 0 ? SG_SECOND_FROM : 0 };
	s->bytes = g_steal_pointer(&bytes);
	s->p = p + from;
	s->n = n - from;
	s->only_names = part->depth >= sink->options->scan.depth;
	if (s->only_names)
		sink->limit(sink, "depth");
	if (row >= 0 && open_archive(s, row)) {
		part->more = sg_more_new(&sg_x_archive, s, state_free);
		return s;
	}
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "archive: cannot be opened");
	state_free(s);
	return NULL;
}

/* The bytes of one file; libarchive gives them block by block, without holes. */
static gboolean
read_data(State *s, SgMember *m, GError **error)
{
	const void *block;
	size_t n;
	la_int64_t offset;
	int r;

	while ((r = archive_read_data_block(s->a, &block, &n, &offset)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
		if (!s->batch.sink->spend(s->batch.sink, n, error) || !sg_member_take(m, block, n, error))
			return FALSE;
		s->given += n;
		if (s->given > SG_UNPACK_FREE && s->given / SG_UNPACK_RATIO > s->served) {
			s->batch.sink->limit(s->batch.sink, "ratio");
			g_set_error(error, SG_ERR, SG_ERR_LIMIT, "archive: ratio");
			s->batch.spent = TRUE;	/* the rest is no better, and cannot be skipped cheaply */
			return FALSE;
		}
	}
	if (r == ARCHIVE_EOF)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "archive: damaged");
	return FALSE;
}

static char *
entry_name(struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);

	if (name == NULL)
		name = archive_entry_pathname_utf8(e);
	return name != NULL ? sg_name_show(name, strlen(name), NULL) : g_strdup("");
}

static gboolean
give(State *s, struct archive_entry *e, GError **error)
{
	g_autofree char *name = entry_name(e);
	const char *target = archive_entry_symlink(e) != NULL ? archive_entry_symlink(e) : archive_entry_hardlink(e);
	SgMember m = { .batch = &s->batch, .name = name };
	GError *why = NULL;
	gboolean spent;

	if (archive_format(s->a) == ARCHIVE_FORMAT_RAW)
		name[0] = '\0';
	if (archive_entry_is_encrypted(e) == 1) {
		m.state = "protected";
		m.strength = "strong";
		m.method = "";
		return sg_member_give(&m, NULL, error);
	}
	if (target != NULL) {
		g_autofree char *shown = sg_name_show(target, strlen(target), NULL);

		sg_part_note(s->batch.archive, "links");
		sg_batch_name(&s->batch, shown);
	}
	/* links and devices are facts, unless they bring content */
	if (s->only_names || (archive_entry_filetype(e) != AE_IFREG && archive_entry_filetype(e) != 0 &&
	    archive_entry_size(e) == 0)) {
		sg_batch_name(&s->batch, name);
		return TRUE;
	}
	if (archive_entry_size_is_set(e) && archive_entry_size(e) > 0)
		m.size = (guint64)archive_entry_size(e);
	read_data(s, &m, &why);
	spent = s->batch.spent;
	if (!sg_member_give(&m, why, error))
		return FALSE;
	s->batch.spent |= spent;
	return TRUE;
}

/* TRUE while there may be more. */
static gboolean
next(State *s, gboolean *ok, GError **error)
{
	struct archive_entry *e;
	int r;

	if (++s->entries > SG_ARCHIVE_MOST) {
		s->batch.sink->limit(s->batch.sink, "entries");
		return FALSE;
	}
	if (!s->batch.sink->spend(s->batch.sink, 0, error)) {
		*ok = FALSE;
		return FALSE;
	}
	r = archive_read_next_header(s->a, &e);
	if (r == ARCHIVE_OK || r == ARCHIVE_WARN) {
		*ok = give(s, e, error);
		return *ok && !s->batch.spent;
	}
	if (r == ARCHIVE_EOF) {
		/* a packed file that holds no file is none */
		s->batch.broken |= s->entries == 1 && archive_format(s->a) == ARCHIVE_FORMAT_RAW;
		return FALSE;
	}
	s->batch.broken = TRUE;
	return r != ARCHIVE_FATAL && ++s->retries < RETRIES;
}

static gboolean
read_on(State *s, gboolean *ok, GError **error)
{
	locale_t before = uselocale(*utf8_locale());
	gboolean more = TRUE;

	while (more && !sg_batch_is_full(&s->batch))
		more = next(s, ok, error);
	uselocale(before);
	return more;
}

static gboolean
archive_run(SgPart *part, SgSink *sink, GError **error)
{
	State *s = part->more != NULL ? part->more->state : NULL;
	g_autoptr(GError) local = NULL;
	gboolean ok = TRUE, broken;

	if (s == NULL && (s = begin(part, sink, &local)) == NULL) {
		if (local == NULL)
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	s->batch.sink = sink;
	s->batch.bytes = s->batch.parts = 0;
	if (read_on(s, &ok, error))
		return TRUE;
	/* what asks for a password cannot be read to its end, and says so elsewhere */
	broken = s->batch.broken && strcmp(part->state, "protected") != 0;
	ok = ok && sg_batch_names(&s->batch, error);
	sg_part_end_more(part);
	if (ok && broken)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "archive: damaged");
	return ok && !broken;
}

const SgExtractor sg_x_archive = { "archive", archive_bid, archive_run, archive_warm, TRUE };
