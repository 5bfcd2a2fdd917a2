#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/err.h"
#include "roster/rosterfile.h"

#define SLOTS_LEAST 4u		/* log2 */
#define SLOTS_MOST  26u
/* Bits of the map for each slot: a value that is not in the table is known by one look into
 * something that fits in the processor's cache, in about 15 of 16 cases. */
#define MAP_BITS    8u

struct SgRoster {
	GBytes		   *bytes;
	SgRosterHead	    head;
	const SgRosterSlot *slots;
	guint64		    mask;	/* of slots */
	guint8		   *map;
	guint64		    map_mask;	/* of bits */
	guint8		    sip[16];
};

static void
roster_clear(gpointer p)
{
	SgRoster *r = p;

	g_bytes_unref(r->bytes);
	g_free(r->map);
	sodium_memzero(r->sip, sizeof r->sip);
}

SgRoster *
sg_roster_ref(SgRoster *r)
{
	return g_atomic_rc_box_acquire(r);
}

void
sg_roster_unref(SgRoster *r)
{
	if (r != NULL)
		g_atomic_rc_box_release_full(r, roster_clear);
}

static gboolean
read_head(const guint8 *p, gsize n, SgRosterHead *h)
{
	if (n < sizeof *h + SG_ROSTER_CODE || n > SG_ROSTER_BYTES)
		return FALSE;
	memcpy(h, p, sizeof *h);
	h->kinds = GUINT32_FROM_LE(h->kinds);
	h->pupils = GUINT32_FROM_LE(h->pupils);
	h->entries = GUINT32_FROM_LE(h->entries);
	h->log2_slots = GUINT32_FROM_LE(h->log2_slots);
	h->made = GUINT64_FROM_LE(h->made);
	return memcmp(h->magic, SG_ROSTER_MAGIC, sizeof h->magic) == 0 && h->log2_slots >= SLOTS_LEAST &&
	    h->log2_slots <= SLOTS_MOST && h->pupils > 0 && h->pupils <= SG_ROSTER_PUPILS &&
	    n == sizeof *h + (sizeof(SgRosterSlot) << h->log2_slots) + SG_ROSTER_CODE;
}

static guint64
bit_of(const SgRoster *r, guint64 hash)
{
	return (hash >> 20) & r->map_mask;
}

/* FALSE when a slot names nobody, or so many are taken that a look-up might not end. */
static gboolean
make_map(SgRoster *r)
{
	guint64 taken = 0;

	r->map_mask = ((r->mask + 1) * MAP_BITS) - 1;
	r->map = g_malloc0((r->map_mask + 1) / 8);
	for (guint64 i = 0; i <= r->mask; i++) {
		guint64 hash = GUINT64_FROM_LE(r->slots[i].hash), bit = bit_of(r, hash);
		guint32 pupil = GUINT32_FROM_LE(r->slots[i].pupil);

		if (hash == 0)
			continue;
		if (pupil == 0 || pupil > r->head.pupils)
			return FALSE;
		taken++;
		r->map[bit / 8] |= (guint8)(1u << (bit % 8));
	}
	return taken == r->head.entries && taken <= (r->mask + 1) / 2;
}

SgRoster *
sg_roster_parse(GBytes *bytes, const guint8 key[SG_ROSTER_KEY], GError **error)
{
	g_autoptr(SgRoster) r = g_atomic_rc_box_new0(SgRoster);
	gsize n;
	const guint8 *p = g_bytes_get_data(bytes, &n);
	guint8 code[SG_ROSTER_CODE];

	r->bytes = g_bytes_ref(bytes);
	if (!read_head(p, n, &r->head)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "this is no whole roster of this release");
		return NULL;
	}
	sg_roster_code(key, p, n - SG_ROSTER_CODE, code);
	if (sodium_memcmp(code, p + n - SG_ROSTER_CODE, SG_ROSTER_CODE) != 0) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "it was not written with this " SG_ROSTER_KEYS
		    ", or has been changed since");
		return NULL;
	}
	r->slots = (const SgRosterSlot *)(gconstpointer)(p + sizeof r->head);
	r->mask = ((guint64)1 << r->head.log2_slots) - 1;
	sg_roster_sip(key, r->sip);
	if (!make_map(r)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "its table contradicts itself");
		return NULL;
	}
	return g_steal_pointer(&r);
}

gboolean
sg_roster_load(const char *dir, SgRoster **out, GError **error)
{
	g_autofree char *path = g_build_filename(dir, SG_ROSTER_FILE, NULL), *data = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) why = NULL;
	guint8 key[SG_ROSTER_KEY];
	struct stat st;
	gsize n = 0;

	/* one that may not be looked at is not one that is not there */
	if (dir[0] == '\0' || (stat(path, &st) == -1 && (errno == ENOENT || errno == ENOTDIR))) {
		*out = NULL;
		return TRUE;
	}
	if (!sg_roster_read_key(dir, FALSE, key, error))
		return FALSE;
	if (g_file_get_contents(path, &data, &n, &why)) {
		bytes = g_bytes_new_take(g_steal_pointer(&data), n);
		*out = sg_roster_parse(bytes, key, &why);
	}
	sodium_memzero(key, sizeof key);
	if (why == NULL)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s; import the roster again (\"schoolgatectl roster import\") "
	    "or remove it (\"schoolgatectl roster remove\")", path, why->message);
	return FALSE;
}

guint
sg_roster_kinds(const SgRoster *r)
{
	return r->head.kinds;
}

guint
sg_roster_pupils(const SgRoster *r)
{
	return r->head.pupils;
}

gint64
sg_roster_made(const SgRoster *r)
{
	return (gint64)r->head.made;
}

guint
sg_roster_look(const SgRoster *r, SgRosterKind kind, guint32 pupil, const char *text, gsize len,
    SgRosterHit out[SG_ROSTER_SAME])
{
	guint64 hash = sg_roster_hash(r->sip, kind, pupil, text, len), bit = bit_of(r, hash);
	guint n = 0;

	if ((r->map[bit / 8] & 1u << (bit % 8)) == 0)
		return 0;
	for (guint64 i = hash & r->mask; r->slots[i].hash != 0 && n < SG_ROSTER_SAME; i = (i + 1) & r->mask)
		if (GUINT64_FROM_LE(r->slots[i].hash) == hash)
			out[n++] = (SgRosterHit){ GUINT32_FROM_LE(r->slots[i].pupil),
				GUINT32_FROM_LE(r->slots[i].flags) };
	return n;
}

guint64
sg_roster_stamp(const char *dir)
{
	g_autofree char *path = g_build_filename(dir, SG_ROSTER_FILE, NULL);
	guint64 stamp = 0xcbf29ce484222325u;
	struct stat st;

	if (dir[0] == '\0' || stat(path, &st) == -1)
		return 0;
	stamp = (stamp ^ (guint64)st.st_ino) * 0x100000001b3u;
	stamp = (stamp ^ (guint64)st.st_size) * 0x100000001b3u;
	stamp = (stamp ^ (guint64)st.st_mtim.tv_sec) * 0x100000001b3u;
	stamp = (stamp ^ (guint64)st.st_mtim.tv_nsec) * 0x100000001b3u;
	return stamp | 1;
}
