/*
 * x_msg - an Outlook message, [MS-OXMSG]: each property is a stream, each recipient and
 * each attachment a storage.  A message in the message is given as a file of its own.
 */
#include <string.h>

#include "old/mapi.h"
#include "old/olejob.h"

#define STREAM	"__substg1.0_"
#define FILE_OBJECT "3701000D"

typedef struct Msg {
	SgOleJob *job;
	SgMapi	*message;
	GHashTable *files;	/* storage of an attachment, plus 1, to its SgMapi */
	GArray	*order;		/* gint: those storages */
} Msg;

/* The number and the type of the property that a stream's name tells. */
static gboolean
property_of(const char *name, guint *id, guint *type)
{
	char hex[9] = "";
	gboolean value;
	guint64 v;

	if (g_ascii_strncasecmp(name, STREAM, strlen(STREAM)) != 0)
		return FALSE;
	name += strlen(STREAM);
	for (guint i = 0; i < 8; i++) {
		if (!g_ascii_isxdigit(name[i]))
			return FALSE;
		hex[i] = name[i];
	}
	v = g_ascii_strtoull(hex, NULL, 16);
	value = name[8] == '-';		/* one of several; the stream without it holds their sizes */
	*id = (guint)(v >> 16);
	*type = (guint)v & 0xffff;
	if ((*type & 0x1000) != 0)
		*type = value ? *type & 0xefff : 0;
	return TRUE;
}

/* Numbers stand in the properties stream: 16 bytes each, behind a header. */
static void
read_numbers(SgMapi *m, GBytes *stream, gsize at)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(stream, &n);

	for (; n >= at && n - at >= 16; at += 16) {
		g_autoptr(GBytes) value = NULL;

		if (sg_le16(p + at) != SG_MAPI_LONG)
			continue;
		value = g_bytes_new_from_bytes(stream, at + 8, 4);
		sg_mapi_put(m, sg_le16(p + at + 2), SG_MAPI_LONG, value);
	}
}

/* Whose property it is: of the message, of an attachment, or of a recipient, whose
 * names are names of the message.  NULL: of something else. */
static SgMapi *
owner_of(Msg *x, gint storage)
{
	const char *name;
	SgMapi *m;

	if (storage == 0)
		return x->message;
	m = g_hash_table_lookup(x->files, GINT_TO_POINTER(storage + 1));
	name = sg_ole_entry(x->job->ole, (guint)storage)->name;
	if (m != NULL || sg_ole_entry(x->job->ole, (guint)storage)->parent != 0)
		return m;
	return g_ascii_strncasecmp(name, "__recip_", 8) == 0 ? x->message : NULL;
}

static void
begin_file(Msg *x, gint storage)
{
	SgMapi *m = sg_mapi_new(x->job->pages);

	x->job->seen[storage] = 1;
	sg_mapi_page(m, sg_mapi_get_page(x->message));
	g_hash_table_insert(x->files, GINT_TO_POINTER(storage + 1), m);
	g_array_append_val(x->order, storage);
}

static gboolean
read_stream(Msg *x, guint i, GError **error)
{
	const SgOleEntry *e = sg_ole_entry(x->job->ole, i);
	SgMapi *m = owner_of(x, e->parent);
	guint id, type;
	g_autoptr(GBytes) b = NULL;

	if (m == NULL || !property_of(e->name, &id, &type))
		return TRUE;
	x->job->seen[i] = 1;
	/* the header as it came over the network, keys and the like */
	if (type == 0 || (type == SG_MAPI_BINARY && id != 0x1013 && id != 0x1009 && id != 0x3701))
		return TRUE;
	if (!sg_ole_spend(x->job->sink, MIN(e->size, g_bytes_get_size(sg_part_bytes(x->job->part))), error))
		return FALSE;
	b = sg_ole_read(x->job->ole, i);
	/* a name of a recipient is not the name of a file */
	if (e->parent == 0 || m != x->message || id == 0x3001 || id == 0x3003 || id == 0x39fe || id == 0x5ff6)
		sg_mapi_put(m, id, type, b);
	return TRUE;
}

static gboolean
read_entries(Msg *x, GError **error)
{
	SgOle *o = x->job->ole;

	for (guint i = 1; i < sg_ole_count(o); i++) {
		const SgOleEntry *e = sg_ole_entry(o, i);

		if (e->type == SG_OLE_STORAGE && e->parent == 0 &&
		    g_ascii_strncasecmp(e->name, "__attach_", 9) == 0)
			begin_file(x, (gint)i);
		else if (e->type == SG_OLE_STORAGE && e->parent == 0 &&
		    g_ascii_strncasecmp(e->name, "__recip_", 8) == 0)
			x->job->seen[i] = 1;
		else if (g_ascii_strncasecmp(e->name, "__nameid_", 9) == 0 ||
		    (e->parent > 0 && x->job->seen[e->parent] == 2))
			x->job->seen[i] = e->type == SG_OLE_STORAGE ? 2 : 1;
		else if (e->type == SG_OLE_STREAM && e->name[0] == '_' && !read_stream(x, i, error))
			return FALSE;
	}
	return TRUE;
}

/* A storage in an attachment is a message, or an object of another program. */
static gboolean
give_files(Msg *x, GError **error)
{
	for (guint i = 0; i < x->order->len; i++) {
		gint storage = g_array_index(x->order, gint, i);
		SgMapi *m = g_hash_table_lookup(x->files, GINT_TO_POINTER(storage + 1));
		gint inner = sg_ole_find(x->job->ole, storage, STREAM FILE_OBJECT);

		if (!sg_mapi_give(m, x->job->part, x->job->sink, x->job->strings, &x->job->inside, error))
			return FALSE;
		if (inner > 0 && sg_ole_entry(x->job->ole, (guint)inner)->type == SG_OLE_STORAGE &&
		    !sg_ole_give_storage(x->job, inner, sg_mapi_get_name(m), error))
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_msg_read(SgOleJob *j, GBytes *stream, GError **error)
{
	g_autoptr(SgMapi) message = sg_mapi_new(j->pages);
	g_autoptr(GHashTable) files = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)sg_mapi_free);
	g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(gint));
	Msg x = { j, message, files, order };

	/* a message in a message has a shorter header */
	read_numbers(message, stream, g_bytes_get_size(stream) % 16 == 8 ? 24 : 32);
	return read_entries(&x, error) &&
	    sg_mapi_give(message, j->part, j->sink, j->strings, &j->inside, error) && give_files(&x, error);
}
