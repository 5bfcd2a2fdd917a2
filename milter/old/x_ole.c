/* x_ole - compound files: old Office documents, Outlook messages, VBA projects. */
#include <string.h>

#include "base/err.h"
#include "old/olejob.h"
#include "old/package.h"

#define BESIDE 8u		/* least run of a sweep where a reader has worked	*/
#define ALONE  5u	/* and where there was none				*/

typedef gboolean (*Reader)(SgOleJob *j, GBytes *stream, GError **error);

static const struct {
	const char *stream;
	Reader read;
} readers[] = {
	{ "WordDocument", sg_doc_read },
	{ "Workbook", sg_xls_read },
	{ "Book", sg_xls_read },
	{ "PowerPoint Document", sg_ppt_read },
	{ "__properties_version1.0", sg_msg_read },
};

/* Streams of pictures, drawings and caches: bytes that hold no words. */
static const char *const wordless[] = { "Pictures", "\001CompObj", "\001Ole", "\003ObjInfo",
	"\002OlePres000", "\003PRINT", "\003EPRINT", "\003META" };

static guint
ole_bid(const SgPart *part)
{
	static const char *const types[] = { "application/msword", "application/vnd.ms-excel",
		"application/vnd.ms-powerpoint", "application/vnd.ms-outlook", "application/vnd.ms-works",
		"application/vnd.ms-project", "application/vnd.ms-office", "application/vnd.visio",
		"application/vnd.ms-office.vbaproject", "application/x-mspublisher",
		"application/x-ole-storage", "application/cdfv2", "application/cdfv2-corrupt" };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(part->detected, types[i]) == 0)
			return 20;
	return 0;
}

gboolean
sg_ole_say(SgOleJob *j, GString *text, GError **error)
{
	gboolean ok;

	if (strspn(text->str, "\t\n\r ") == text->len) {
		g_string_truncate(text, 0);
		return TRUE;
	}
	sg_strings_known(j->strings, text->str, text->len);
	ok = j->sink->text(j->sink, "attachment", text->str, text->len, error);
	g_string_truncate(text, 0);
	return ok;
}

gboolean
sg_ole_spend(SgSink *sink, guint64 bytes, GError **error)
{
	for (; bytes > 1u << 20; bytes -= 1u << 20)
		if (!sink->spend(sink, 1u << 20, error))
			return FALSE;
	return sink->spend(sink, bytes, error);
}

gboolean
sg_ole_give(SgOleJob *j, const char *name, GBytes *bytes, GError **error)
{
	if (g_bytes_get_size(bytes) == 0)
		return TRUE;
	return j->sink->part(j->sink, sg_part_inside(j->part, ++j->inside, name, bytes), error);
}

gboolean
sg_ole_give_storage(SgOleJob *j, gint storage, const char *name, GError **error)
{
	g_autoptr(GBytes) cut = NULL;
	guint64 size = 0;

	for (guint i = (guint)storage, end = sg_ole_end(j->ole, storage); i < end; i++) {
		j->seen[i] = 1;
		size += MIN(sg_ole_entry(j->ole, i)->size, g_bytes_get_size(sg_part_bytes(j->part)));
	}
	if (!sg_ole_spend(j->sink, size, error))
		return FALSE;
	cut = sg_ole_cut(j->ole, storage);
	return sg_ole_give(j, name, cut, error);
}

GBytes *
sg_ole_take(SgOleJob *j, gint storage, const char *name, GError **error)
{
	gint i = j->ole != NULL ? sg_ole_find(j->ole, storage, name) : -1;

	if (i < 0)
		return NULL;
	j->seen[i] = 1;
	if (!sg_ole_spend(j->sink, MIN(sg_ole_entry(j->ole, (guint)i)->size,
	    g_bytes_get_size(sg_part_bytes(j->part))), error))
		return NULL;
	return sg_ole_read(j->ole, (guint)i);
}

static gboolean
give_native(SgOleJob *j, GBytes *stream, GError **error)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(GBytes) file = sg_package_file(stream, 4, name);

	return sg_ole_give(j, name->str, file, error);
}

/* Does a stream begin as a file does that programs open by itself? */
static gboolean
is_file(GBytes *b)
{
	static const char *const begins[] = { "%PDF", "PK\003\004", "BM", "GIF8", "\x89PNG", "\xff\xd8\xff",
		"{\\rt", "\xd0\xcf\x11\xe0", "II*", "RIFF", "<" };
	gsize n;
	const char *p = g_bytes_get_data(b, &n);

	for (gsize i = 0; i < G_N_ELEMENTS(begins); i++)
		if (n > 4 && strncmp(p, begins[i], strlen(begins[i])) == 0)
			return TRUE;
	return FALSE;
}

/* An object of another program in this document.  What Word, Excel and others keep of
 * it is a storage with its streams, or with one stream that is the file itself. */
static gboolean
give_object(SgOleJob *j, gint storage, GError **error)
{
	static const char *const files[] = { "\001Ole10Native", "Package", "CONTENTS" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		gint k = sg_ole_find(j->ole, storage, files[i]);
		g_autoptr(GBytes) b = NULL;

		if (k < 0 || j->seen[k] || (i > 0 && sg_ole_entry(j->ole, (guint)k)->size < 16))
			continue;
		b = sg_ole_take(j, storage, files[i], error);
		if (b == NULL)
			return FALSE;
		if (i == 2 && !is_file(b)) {
			j->seen[k] = 0;		/* words of Publisher or Works: for the sweep */
			continue;
		}
		return i == 0 ? give_native(j, b, error) : sg_ole_give(j, files[i], b, error);
	}
	for (gsize i = 0; storage > 0 && i < G_N_ELEMENTS(readers); i++)
		if (sg_ole_find(j->ole, storage, readers[i].stream) > 0)
			return sg_ole_give_storage(j, storage, "", error);
	return TRUE;
}

static gboolean
give_objects(SgOleJob *j, GError **error)
{
	for (guint i = 0; i < sg_ole_count(j->ole); i++) {
		const SgOleEntry *e = sg_ole_entry(j->ole, i);

		if (e->type != SG_OLE_STREAM && !j->seen[i] && !give_object(j, (gint)i, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_wordless(const SgOleEntry *e)
{
	for (gsize i = 0; i < G_N_ELEMENTS(wordless); i++)
		if (strcmp(e->name, wordless[i]) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
sweep_rest(SgOleJob *j, gboolean read, GError **error)
{
	gsize all = g_bytes_get_size(sg_part_bytes(j->part));

	for (guint i = 1; i < sg_ole_count(j->ole); i++) {
		const SgOleEntry *e = sg_ole_entry(j->ole, i);
		g_autoptr(GBytes) b = NULL;

		if (e->type != SG_OLE_STREAM || j->seen[i] || is_wordless(e))
			continue;
		if (!sg_ole_spend(j->sink, MIN(e->size, all), error))
			return FALSE;
		b = sg_ole_read(j->ole, i);
		sg_strings_sweep(j->strings, g_bytes_get_data(b, NULL), g_bytes_get_size(b),
		    read ? BESIDE : ALONE);
	}
	return TRUE;
}

/* FALSE: stop.  A reader's complaint about the file is kept for the end. */
static gboolean
go_on(gboolean ok, GError **local, GError **broken)
{
	if (ok)
		return TRUE;
	if (!g_error_matches(*local, SG_ERR, SG_ERR_INPUT))
		return FALSE;
	if (*broken == NULL)
		*broken = g_steal_pointer(local);
	else
		g_clear_error(local);
	return TRUE;
}

static gboolean
run_readers(SgOleJob *j, gboolean *read, GError **broken, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
		GError *local = NULL;
		g_autoptr(GBytes) b = sg_ole_take(j, 0, readers[i].stream, &local);

		if (b != NULL)
			*read = readers[i].read(j, b, &local) || *read;
		if (!go_on(local == NULL, &local, broken)) {
			g_propagate_error(error, local);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean
read_compound(SgOleJob *j, GError **broken, GError **error)
{
	gboolean read = FALSE;

	if (!run_readers(j, &read, broken, error) || !sg_ole_properties(j, error) ||
	    !sg_vba_read(j, error) || !give_objects(j, error) ||
	    !sweep_rest(j, read && *broken == NULL, error))
		return FALSE;
	if (sg_ole_over(j->ole))
		j->sink->limit(j->sink, "unpacked");
	return TRUE;
}

/* No compound file: the bare stream of an older program, or damage. */
static gboolean
read_bare(SgOleJob *j, GBytes *bytes, GError **broken, GError **error)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(bytes, &n);
	gboolean word = n > 2 && (p[0] == 0xdb || p[0] == 0xdc || p[0] == 0xec) && p[1] == 0xa5;
	gboolean excel = n > 8 && p[0] == 9 && p[1] <= 8 && p[2] < 32 && p[3] == 0;
	GError *local = NULL;

	if (word || excel) {
		if (go_on((word ? sg_doc_read : sg_xls_read)(j, bytes, &local), &local, broken))
			return TRUE;
		g_propagate_error(error, local);
		return FALSE;
	}
	return TRUE;
}

static gboolean
ole_run(SgPart *part, SgSink *sink, GError **error)
{
	g_autoptr(SgStrings) strings = sg_strings_new(sink);
	g_autoptr(SgCodepages) pages = sg_codepages_new();
	g_autoptr(GError) broken = NULL;
	GBytes *bytes = sg_part_bytes(part);
	gsize n;
	const void *data = g_bytes_get_data(bytes, &n);
	gboolean compound = sg_ole_is(data, n);
	g_autoptr(SgOle) ole = compound ? sg_ole_open(bytes, &broken) : NULL;
	g_autofree guint8 *seen = ole != NULL ? g_malloc0(sg_ole_count(ole) + 1) : NULL;
	SgOleJob j = { part, sink, ole, strings, pages, seen, 0 };

	if (ole != NULL ? !read_compound(&j, &broken, error) :
	    !compound && !read_bare(&j, bytes, &broken, error)) {
		sg_strings_give(strings, NULL);
		return FALSE;
	}
	/* Where the structure does not hold, words may stand anywhere. */
	if (ole == NULL || broken != NULL || sg_ole_broken(ole)) {
		if (!sg_ole_spend(sink, n, error))
			return FALSE;
		sg_strings_sweep(strings, data, n, ALONE);
	}
	if (!sg_strings_give(strings, error))
		return FALSE;
	if (broken == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&broken));
	return FALSE;
}

extern const SgExtractor sg_x_ole;
const SgExtractor sg_x_ole = { "ole", ole_bid, ole_run, NULL, FALSE };
