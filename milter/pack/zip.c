#include <string.h>
#include <zlib.h>

#include "base/err.h"
#include "pack/zip_inner.h"
#include "pack/zip_name.h"

#define ENDS   8u	/* directories of one file that are followed */
#define TRIES  16u	/* places that look like an end of a directory */
#define METHOD_AES 99u

typedef struct Span {
	gsize from, to;
} Span;

static void
member_free(gpointer p)
{
	g_free(p);
}

void
sg_zip_free(SgZip *z)
{
	if (z == NULL)
		return;
	g_ptr_array_free(z->members, TRUE);
	g_array_free(z->taken, TRUE);
	g_array_free(z->ends, TRUE);
	g_string_chunk_free(z->names);
	g_bytes_unref(z->bytes);
	g_free(z);
}

static void
take(SgZip *z, gsize from, gsize to)
{
	const Span s = { from, to };

	g_array_append_val(z->taken, s);
}

static char *
keep(SgZip *z, char *name)
{
	char *kept = g_string_chunk_insert(z->names, name);

	g_free(name);
	return kept;
}

/* Names that show the same in every program: slashes turn by themselves. */
static gboolean
same_name(const guint8 *a, gsize an, const guint8 *b, gsize bn)
{
	if (an != bn)
		return FALSE;
	for (gsize i = 0; i < an; i++)
		if (a[i] != b[i] && !((a[i] == '\\' && b[i] == '/') || (a[i] == '/' && b[i] == '\\')))
			return FALSE;
	return TRUE;
}

static gboolean
is_ascii(const guint8 *p, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (p[i] >= 0x80)
			return FALSE;
	return TRUE;
}

/* The Unicode path is shown where it belongs to the plain name.  The plain name is
 * then a makeshift; another name in ASCII is none. */
static void
name_member(SgZip *z, SgZipMember *m, const SgZipRecord *r)
{
	gboolean turned, path = r->path != NULL &&
	    r->path_crc == (guint32)crc32(0, r->name, (guint)r->name_len);

	m->name = keep(z, path ? sg_name_show(r->path, r->path_len, &turned)
	    : sg_name_show(r->name, r->name_len, &turned));
	m->traits |= turned ? SG_ZIP_TURNED : 0;
	if (r->path == NULL || same_name(r->path, r->path_len, r->name, r->name_len) ||
	    !is_ascii(r->name, r->name_len) || (path && memchr(r->name, '?', r->name_len) != NULL))
		return;
	m->other = keep(z, path ? sg_name_show(r->name, r->name_len, NULL)
	    : sg_name_show(r->path, r->path_len, NULL));
	/* '_' too stands for what the plain name cannot say */
	if (!path || memchr(r->name, '_', r->name_len) == NULL)
		m->traits |= SG_ZIP_DIFFERS;
}

static guint
attributes(const SgZipRecord *r)
{
	guint mode = r->attributes >> 16 & 0170000;
	gboolean slash = r->name_len > 0 &&
	    (r->name[r->name_len - 1] == '/' || r->name[r->name_len - 1] == '\\');

	/* what has content is a file, whatever it says */
	if (r->size == 0 && r->packed <= 2 && (slash || (r->attributes & 0x10) != 0))
		return SG_ZIP_FOLDER;
	return r->made_by >> 8 == 3 && mode == 0120000 ? SG_ZIP_LINK : 0;
}

static SgZipMember *
add(SgZip *z, const SgZipRecord *r, gsize at, gsize data, guint traits)
{
	SgZipMember *m;

	if (z->members->len >= z->max) {
		z->facts |= SG_ZIP_MORE;
		return NULL;
	}
	m = g_new0(SgZipMember, 1);
	*m = (SgZipMember){ .at = at, .data = data, .packed = r->packed, .size = r->size,
		.crc = r->crc, .method = r->method, .traits = traits | attributes(r) };
	if ((r->flags & SG_ZIP_FLAG_ENCRYPTED) != 0 || r->method == METHOD_AES)
		m->traits |= SG_ZIP_ENCRYPTED;
	if ((r->flags & SG_ZIP_FLAG_STRONG) != 0)
		m->traits |= SG_ZIP_STRONG;
	if ((r->flags & SG_ZIP_FLAG_MASKED) != 0) {
		m->traits |= SG_ZIP_MASKED;
		z->facts |= SG_ZIP_NAMES_HIDDEN;
	}
	if (r->method == METHOD_AES) {
		m->traits |= SG_ZIP_STRONG;
		m->aes = r->aes != 0 ? r->aes : 256;
		m->method = r->aes != 0 ? r->aes_method : r->method;
	}
	name_member(z, m, r);
	g_ptr_array_add(z->members, m);
	return m;
}

/* A local header may leave a field to the data descriptor. */
static gboolean
differs(guint64 local, guint64 central, const SgZipRecord *l)
{
	return local != central && local != G_MAXUINT32 &&
	    !(local == 0 && ((l->flags & SG_ZIP_FLAG_DESCRIPTOR) != 0 || (l->packed == 0 && l->size == 0)));
}

/* A listed member and the local header it points at. */
static void
add_pair(SgZip *z, const SgZipRecord *c, const SgZipRecord *l)
{
	gboolean masked = ((c->flags | l->flags) & SG_ZIP_FLAG_MASKED) != 0;
	gboolean sizes = !masked && (differs(l->packed, c->packed, l) || differs(l->size, c->size, l));
	gboolean content = l->method != c->method ||
	    ((l->flags ^ c->flags) & SG_ZIP_FLAG_ENCRYPTED) != 0;
	gboolean name = !masked && !same_name(c->name, c->name_len, l->name, l->name_len);
	guint64 least = differs(l->packed, c->packed, l) ? MIN(l->packed, c->packed) : c->packed;
	SgZipMember *m = add(z, c, l->at, l->next, SG_ZIP_LISTED | SG_ZIP_STREAMED);

	take(z, l->at, least < z->v.n - l->next ? l->next + (gsize)least : z->v.n);
	if (m == NULL)
		return;
	if (sizes || content || name)
		m->traits |= SG_ZIP_DIFFERS;
	if (sizes && !content) {	/* one stream, however long it is said to be */
		m->packed = MAX(l->packed, c->packed);
		m->size = MAX(l->size, c->size);
	}
	if (name && m->other == NULL)
		m->other = keep(z, sg_name_show(l->name, l->name_len, NULL));
	if (content) {
		m->traits &= ~(guint)SG_ZIP_STREAMED;
		m = add(z, l, l->at, l->next, SG_ZIP_STREAMED | SG_ZIP_DIFFERS);
		if (m != NULL && l->packed == 0) {
			m->packed = c->packed;
			m->size = c->size;
		}
	}
}

/* What the directory promises where no local header is: some programs do not look
 * whether one is there. */
static void
add_lost(SgZip *z, const SgZipRecord *c, guint64 at)
{
	gsize data = z->v.n;
	SgZipMember *m;

	if (z->v.n >= SG_ZIP_LOCAL_LEN && at <= z->v.n - SG_ZIP_LOCAL_LEN) {
		const guint8 *p = z->v.p + (gsize)at;

		data = MIN(z->v.n, (gsize)at + SG_ZIP_LOCAL_LEN + sg_zip_u16(p + 26) + sg_zip_u16(p + 28));
	}
	m = add(z, c, (gsize)MIN(at, z->v.n), data, SG_ZIP_LISTED | SG_ZIP_DIFFERS);
	if (m != NULL && (m->traits & SG_ZIP_FOLDER) == 0)
		z->facts |= SG_ZIP_CUT;
}

/* shift: how much was put before the zip after its offsets had been counted. */
static void
add_listed(SgZip *z, const SgZipRecord *c, gsize shift)
{
	SgZipRecord l;
	guint64 at = c->offset;

	if (at < z->v.n && sg_zip_local(z->v, (gsize)at + MIN(shift, z->v.n), &l))
		add_pair(z, c, &l);
	else if (at < z->v.n && shift != 0 && sg_zip_local(z->v, (gsize)at, &l))
		add_pair(z, c, &l);
	else
		add_lost(z, c, at < z->v.n ? at + shift : at);
}

/* The records that stand at this place, as many as there are. */
static gboolean
read_records(SgZip *z, const SgZipEnd *e, gsize at, gsize shift)
{
	gsize begin = at;
	guint64 n = 0;
	SgZipRecord r;

	while ((z->facts & SG_ZIP_MORE) == 0 && sg_zip_central(z->v, at, &r)) {
		add_listed(z, &r, shift);
		at = r.next;
		n++;
	}
	if (n == 0)
		return FALSE;
	take(z, begin, at);
	/* the count is kept in 16 bits by some */
	if (n != e->entries && (n & G_MAXUINT16) != (e->entries & G_MAXUINT16) &&
	    (z->facts & SG_ZIP_MORE) == 0)
		z->facts |= n > e->entries ? SG_ZIP_AMBIGUOUS : SG_ZIP_CUT;
	return TRUE;
}

static gboolean
is_followed(const SgZip *z, gsize at)
{
	for (guint i = 0; i < z->ends->len; i++)
		if (g_array_index(z->ends, SgZipEnd, i).directory == at)
			return TRUE;
	return FALSE;
}

static gboolean
is_central(const SgZip *z, guint64 at)
{
	return at < z->v.n && z->v.n - at >= SG_ZIP_CENTRAL_LEN &&
	    memcmp(z->v.p + (gsize)at, SG_ZIP_CENTRAL, 4) == 0;
}

static gboolean
follow(SgZip *z, const SgZipEnd *e, gsize at, gsize shift)
{
	SgZipEnd mark = *e;
	gboolean first = z->ends->len == 0;

	if (is_followed(z, at) || z->ends->len >= ENDS || !read_records(z, e, at, shift))
		return FALSE;
	if (!first)
		z->facts |= SG_ZIP_AMBIGUOUS;
	mark.directory = at;
	g_array_append_val(z->ends, mark);
	return TRUE;
}

/* Both places where programs look: where it says, and right before the end. */
static gboolean
follow_end(SgZip *z, gsize at, gboolean long64)
{
	gboolean found = FALSE;
	SgZipEnd e;
	gsize before;

	if (!sg_zip_end(z->v, at, long64, &e))
		return FALSE;
	if (e.split)
		z->facts |= SG_ZIP_SPLIT;
	before = e.size <= e.edge ? e.edge - (gsize)e.size : e.edge;
	if (e.size > 0 && is_central(z, before))
		found = follow(z, &e, before, before >= e.directory ? before - (gsize)e.directory : 0);
	if (is_central(z, e.directory))
		found = follow(z, &e, (gsize)e.directory, 0) || found;
	if (e.directory < e.edge && e.edge - e.directory >= 4 &&
	    memcmp(z->v.p + (gsize)e.directory, "PK\006\010", 4) == 0)
		z->facts |= SG_ZIP_NAMES_HIDDEN;
	return found;
}

/* One that says there are no members, or whose directory cannot be found, is no end. */
static gboolean
follow_both(SgZip *z, gsize at)
{
	gboolean found = follow_end(z, at, TRUE);

	found = follow_end(z, at, FALSE) || found;
	if (found)
		take(z, at, MIN(at + SG_ZIP_END_LEN, z->v.n));
	return found;
}

static void
find_directory(SgZip *z)
{
	gsize at = z->v.n;
	guint tries = 0;

	while (at >= SG_ZIP_END_LEN && tries < TRIES) {
		const guint8 *p = memrchr(z->v.p, 'P', at);

		if (p == NULL)
			break;
		at = (gsize)(p - z->v.p);
		if (z->v.n - at < SG_ZIP_END_LEN || memcmp(p, SG_ZIP_END, 4) != 0)
			continue;
		if (follow_both(z, at)) {
			/* a program that believes the last one shows nothing */
			z->facts |= tries > 0 ? SG_ZIP_AMBIGUOUS : 0;
			return;
		}
		tries++;
	}
	z->facts |= SG_ZIP_NO_DIRECTORY;
}

static gint
by_begin(gconstpointer a, gconstpointer b)
{
	const Span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* How long is a member that leaves it to its data descriptor, or to nobody? */
static gsize
stream_end(SgZip *z, const SgZipRecord *r)
{
	gsize at = r->next, header = sg_zip_next(z->v, at, MIN(z->v.n, at + z->search), SG_ZIP_LOCAL);

	for (;;) {
		gsize d = sg_zip_next(z->v, at, MIN(z->v.n, at + z->search), "PK\007\010");

		z->search -= MIN(z->search, d - at);
		if (z->v.n - d < 16)
			break;
		if (sg_zip_u32(z->v.p + d + 8) == ((d - r->next) & G_MAXUINT32))
			return d;
		at = d + 4;
	}
	z->search -= MIN(z->search, header - r->next);
	if (header < z->v.n)
		return header;
	return sg_zip_next(z->v, r->next, z->v.n, SG_ZIP_CENTRAL);
}

/* Members of local headers in [from, to); how many. */
static guint
stream(SgZip *z, gsize from, gsize to)
{
	guint n = 0;

	while (to - from >= SG_ZIP_LOCAL_LEN && (z->facts & SG_ZIP_MORE) == 0) {
		gsize at = sg_zip_next(z->v, from, to, SG_ZIP_LOCAL), end;
		SgZipRecord r;

		if (at >= to)
			break;
		from = at + 4;
		if (!sg_zip_local(z->v, at, &r) || !sg_zip_plausible(&r))
			continue;
		if (r.packed == 0 && (r.flags & SG_ZIP_FLAG_DESCRIPTOR) != 0) {
			if (z->search == 0)
				z->facts |= SG_ZIP_MORE;
			r.packed = stream_end(z, &r) - r.next;
			r.size = r.method == 0 ? r.packed : r.size;
		}
		end = r.packed < z->v.n - r.next ? r.next + (gsize)r.packed : z->v.n;
		n += add(z, &r, at, r.next, SG_ZIP_STREAMED) != NULL;
		take(z, at, end);
		from = MIN(MAX(end, r.next), to);
	}
	return n;
}

/* Everything nobody has explained yet: members without a listing, a second directory. */
static void
read_gaps(SgZip *z)
{
	g_autoptr(GArray) taken = g_array_copy(z->taken);
	Span last = { z->v.n, z->v.n };
	gsize at = 0;

	g_array_sort(taken, by_begin);
	g_array_append_val(taken, last);
	for (guint i = 0; i < taken->len; i++) {
		Span s = g_array_index(taken, Span, i);

		for (gsize e = at; s.from > at && s.from - e >= SG_ZIP_END_LEN;) {
			e = sg_zip_next(z->v, e, s.from, SG_ZIP_END);
			if (e >= s.from)
				break;
			if (!follow_both(z, e) && z->ends->len > 0)
				z->facts |= SG_ZIP_AMBIGUOUS;
			e += 4;
		}
		if (s.from > at && s.from - at >= SG_ZIP_LOCAL_LEN)
			stream(z, at, s.from);
		at = MAX(at, s.to);
	}
}

static gint
by_place(gconstpointer a, gconstpointer b)
{
	const SgZipMember *x = *(SgZipMember *const *)a, *y = *(SgZipMember *const *)b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->traits & SG_ZIP_LISTED) != 0 ? -1 : (y->traits & SG_ZIP_LISTED) != 0;
}

/* Two directories, or one and the local header, may say the same of the same member. */
static gboolean
is_again(const SgZipMember *a, const SgZipMember *b)
{
	if (a->at == b->at && a->method == b->method && (b->traits & (SG_ZIP_LISTED | SG_ZIP_DIFFERS)) == 0 &&
	    ((a->traits ^ b->traits) & SG_ZIP_ENCRYPTED) == 0)
		return TRUE;
	return a->at == b->at && a->data == b->data && a->method == b->method && a->packed == b->packed &&
	    a->size == b->size && ((a->traits ^ b->traits) & SG_ZIP_ENCRYPTED) == 0 &&
	    strcmp(a->name, b->name) == 0;
}

static void
settle(SgZip *z)
{
	g_autoptr(GPtrArray) all = g_steal_pointer(&z->members);
	gsize end = 0;

	g_ptr_array_sort(all, by_place);
	z->members = g_ptr_array_new_full(all->len, member_free);
	g_ptr_array_set_free_func(all, NULL);
	for (guint i = 0; i < all->len; i++) {
		SgZipMember *m = g_ptr_array_index(all, i);
		SgZipMember *before = z->members->len > 0 ?
		    g_ptr_array_index(z->members, z->members->len - 1) : NULL;

		if (before != NULL && is_again(before, m)) {
			before->traits |= m->traits;
			g_free(m);
			continue;
		}
		if (m->at < end && (m->traits & SG_ZIP_FOLDER) == 0) {
			m->traits |= SG_ZIP_SHARED;
			m->traits &= ~(guint)(m->at != before->at ? SG_ZIP_STREAMED : 0);
		}
		if (m->data < z->v.n)
			end = MAX(end, m->packed < z->v.n - m->data ? m->data + (gsize)m->packed : z->v.n);
		g_ptr_array_add(z->members, m);
	}
}

/* Which of them can show different people different things. */
static void
judge(SgZip *z)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < z->members->len; i++) {
		SgZipMember *m = g_ptr_array_index(z->members, i);
		gboolean listed = (m->traits & SG_ZIP_LISTED) != 0;

		if ((m->traits & (SG_ZIP_DIFFERS | SG_ZIP_SHARED)) != 0 || (!listed && z->ends->len > 0))
			z->facts |= SG_ZIP_AMBIGUOUS;
		if (listed && (m->traits & SG_ZIP_FOLDER) == 0 && !g_hash_table_add(seen, m->name))
			z->facts |= SG_ZIP_AMBIGUOUS;
	}
}

SgZip *
sg_zip_read(GBytes *bytes, guint max_members, gboolean *more, GError **error)
{
	g_autoptr(SgZip) z = g_new0(SgZip, 1);

	z->bytes = g_bytes_ref(bytes);
	z->v.p = g_bytes_get_data(bytes, &z->v.n);
	z->members = g_ptr_array_new_with_free_func(member_free);
	z->taken = g_array_new(FALSE, FALSE, sizeof(Span));
	z->ends = g_array_new(FALSE, FALSE, sizeof(SgZipEnd));
	z->names = g_string_chunk_new(1024);
	z->max = max_members;
	z->search = z->v.n < G_MAXSIZE / 8 ? z->v.n * 4 : z->v.n;
	find_directory(z);
	read_gaps(z);
	settle(z);
	judge(z);
	if (more != NULL)
		*more = (z->facts & SG_ZIP_MORE) != 0;
	if (z->members->len > 0 || (z->facts & SG_ZIP_NAMES_HIDDEN) != 0)
		return g_steal_pointer(&z);
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "zip: no member can be found");
	return NULL;
}

guint
sg_zip_look_behind(SgZip *z, guint i, gsize used)
{
	const SgZipMember *m = sg_zip_member(z, i);
	gsize from = m->data <= z->v.n - MIN(used, z->v.n) ? m->data + used : z->v.n, to;
	guint n;

	to = m->packed < z->v.n - MIN(m->data, z->v.n) ? m->data + (gsize)m->packed : z->v.n;
	if (used == 0 || from >= to || to - from < SG_ZIP_LOCAL_LEN)
		return 0;
	n = stream(z, from, to);
	if (n > 0)
		z->facts |= SG_ZIP_AMBIGUOUS;
	return n;
}

guint
sg_zip_facts(const SgZip *z)
{
	return z->facts;
}

guint
sg_zip_count(const SgZip *z)
{
	return z->members->len;
}

const SgZipMember *
sg_zip_member(const SgZip *z, guint i)
{
	return g_ptr_array_index(z->members, i);
}

gint
sg_zip_find(const SgZip *z, const char *name)
{
	gint found = -1;

	for (guint i = 0; i < z->members->len; i++) {
		const SgZipMember *m = g_ptr_array_index(z->members, i);

		if ((found >= 0 && (m->traits & SG_ZIP_LISTED) == 0) || g_ascii_strcasecmp(m->name, name) != 0)
			continue;
		if ((m->traits & SG_ZIP_LISTED) != 0)
			return (gint)i;
		found = (gint)i;
	}
	return found;
}

gboolean
sg_zip_is_ambiguous(const SgZip *z)
{
	return (z->facts & SG_ZIP_AMBIGUOUS) != 0;
}
