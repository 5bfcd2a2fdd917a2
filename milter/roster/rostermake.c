#include <string.h>

#include <sodium.h>

#include "roster/rosterfile.h"
#include "roster/rostermake.h"
#include "word/fold.h"

#define WORDS	   12u	/* of a name that count */
#define NAME_LEAST 4u	/* letters of a full name; shorter ones are everywhere */

struct SgRosterMaker {
	guint8	    sip[16], key[SG_ROSTER_KEY];
	GHashTable *words;
	GArray	   *slots;	/* SgRosterSlot */
	guint32	    pupils, kinds;
};

typedef struct {
	char *words[WORDS];
	guint n;
	gboolean joined;	/* by hyphens: a double name */
} Names;

SgRosterMaker *
sg_roster_maker_new(const guint8 key[SG_ROSTER_KEY], GHashTable *words)
{
	SgRosterMaker *m = g_new0(SgRosterMaker, 1);

	memcpy(m->key, key, sizeof m->key);
	sg_roster_sip(key, m->sip);
	m->words = words != NULL ? g_hash_table_ref(words) : NULL;
	m->slots = g_array_new(FALSE, FALSE, sizeof(SgRosterSlot));
	return m;
}

void
sg_roster_maker_free(SgRosterMaker *m)
{
	if (m == NULL)
		return;
	g_clear_pointer(&m->words, g_hash_table_unref);
	g_array_unref(m->slots);
	sodium_memzero(m, sizeof *m);
	g_free(m);
}

guint32
sg_roster_maker_pupil(SgRosterMaker *m)
{
	return m->pupils < SG_ROSTER_PUPILS ? ++m->pupils : 0;
}

static void
add(SgRosterMaker *m, SgRosterKind kind, guint32 under, guint32 pupil, guint32 flags, const char *text)
{
	SgRosterSlot s = { sg_roster_hash(m->sip, kind, under, text, strlen(text)), pupil, flags };

	m->kinds |= kind;
	g_array_append_val(m->slots, s);
}

/* The words of a name, folded; initials are none. */
static void
split(const char *s, Names *out)
{
	g_autofree char *plain = g_utf8_make_valid(s, -1);

	*out = (Names){ .n = 0 };
	for (const char *p = plain; *p != '\0' && out->n < WORDS;) {
		gsize n = strcspn(p, " \t-,.()/");
		GString *word = g_string_new(NULL);

		sg_fold_word(p, n, word);
		if (g_utf8_strlen(word->str, -1) > 1)
			out->words[out->n++] = g_string_free(word, FALSE);
		else
			g_string_free(word, TRUE);
		p += n;
		out->joined = out->joined || (*p == '-' && out->n > 0);
		p += *p != '\0';
	}
}

static void
names_clear(Names *n)
{
	for (guint i = 0; i < n->n; i++)
		g_free(n->words[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Names, names_clear)

static char *
join(const Names *n, guint from, guint to)
{
	GString *s = g_string_new(NULL);

	for (guint i = from; i < MIN(to, n->n); i++)
		g_string_append(s, n->words[i]);
	return g_string_free(s, FALSE);
}

static gboolean
ordinary(const SgRosterMaker *m, const char *given, const char *family)
{
	return m->words != NULL && g_hash_table_contains(m->words, given) &&
	    g_hash_table_contains(m->words, family);
}

static void
add_pair(SgRosterMaker *m, guint32 pupil, const char *given, const char *family)
{
	g_autofree char *straight = g_strconcat(given, family, NULL);
	g_autofree char *swapped = g_strconcat(family, given, NULL);
	guint32 flags = ordinary(m, given, family) ? SG_ROSTER_WORDS : 0;

	if (g_utf8_strlen(straight, -1) < NAME_LEAST)
		return;
	add(m, SG_ROSTER_NAME, 0, pupil, flags, straight);
	add(m, SG_ROSTER_NAME, 0, pupil, flags | SG_ROSTER_SWAPPED, swapped);
}

/* Each form once: two forms are the same for most names. */
static void
forms(const Names *n, gboolean given, GPtrArray *out)
{
	guint ends[][2] = { { 0, n->n }, { 0, given ? 1 : n->n }, { 0, given ? 2 : n->n },
		{ 0, n->joined ? 1 : n->n }, { n->joined && !given ? n->n - 1 : 0, n->n } };

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *form = join(n, ends[i][0], ends[i][1]);

		if (form[0] != '\0' && !g_ptr_array_find_with_equal_func(out, form, g_str_equal, NULL))
			g_ptr_array_add(out, g_steal_pointer(&form));
	}
}

gboolean
sg_roster_maker_name(SgRosterMaker *m, guint32 pupil, const char *given, const char *family)
{
	g_auto(Names) g = { .n = 0 }, f = { .n = 0 };
	g_autoptr(GPtrArray) givens = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) families = g_ptr_array_new_with_free_func(g_free);
	guint before = m->slots->len;

	split(given, &g);
	split(family, &f);
	if (g.n == 0 || f.n == 0)
		return FALSE;
	forms(&g, TRUE, givens);
	forms(&f, FALSE, families);
	for (guint i = 0; i < givens->len; i++)
		for (guint k = 0; k < families->len; k++)
			add_pair(m, pupil, g_ptr_array_index(givens, i), g_ptr_array_index(families, k));
	return m->slots->len > before;
}

gboolean
sg_roster_maker_value(SgRosterMaker *m, guint32 pupil, SgRosterKind kind, const char *text)
{
	g_autofree char *plain = sg_roster_plain(kind, text);
	gboolean own = kind == SG_ROSTER_DOB || kind == SG_ROSTER_POSTCODE;

	if (plain == NULL)
		return FALSE;
	add(m, kind, own ? pupil : 0, pupil, 0, plain);
	return TRUE;
}

gboolean
sg_roster_maker_address(SgRosterMaker *m, guint32 pupil, const char *address, const char *postcode)
{
	g_autofree char *code = sg_roster_plain(SG_ROSTER_POSTCODE, postcode);
	g_autofree char *text = NULL;
	gsize from = strcspn(address, "0123456789"), n = strspn(address + from, "0123456789");

	/* without a postcode column it ends the address */
	if (code == NULL && strlen(address) > 4) {
		for (gsize i = MAX(strlen(address), 8) - 8; code == NULL && address[i] != '\0'; i++)
			code = sg_roster_plain(SG_ROSTER_POSTCODE, address + i);
		if (code != NULL)
			(void)sg_roster_maker_value(m, pupil, SG_ROSTER_POSTCODE, code);
	}
	if (code == NULL || n == 0 || n > 5)
		return FALSE;
	text = g_strdup_printf("%.*s|%s", (int)n, address + from, code);
	add(m, SG_ROSTER_ADDRESS, 0, pupil, 0, text);
	return TRUE;
}

/* One value of one pupil takes one slot, however often it was given. */
static gboolean
place(SgRosterSlot *table, guint64 mask, const SgRosterSlot *s)
{
	guint64 i = s->hash & mask;

	for (; table[i].hash != 0; i = (i + 1) & mask)
		if (table[i].hash == s->hash && table[i].pupil == s->pupil) {
			table[i].flags &= s->flags;
			return FALSE;
		}
	table[i] = *s;
	return TRUE;
}

GBytes *
sg_roster_maker_bytes(SgRosterMaker *m, gint64 made)
{
	guint log2 = 4;
	SgRosterHead head = { .kinds = GUINT32_TO_LE(m->kinds), .pupils = GUINT32_TO_LE(m->pupils),
		.made = GUINT64_TO_LE((guint64)made) };
	gsize n;
	guint8 *bytes;
	SgRosterSlot *table;

	while (((guint64)1 << log2) < (guint64)m->slots->len * 2)
		log2++;
	n = sizeof head + (sizeof *table << log2);
	bytes = g_malloc0(n + SG_ROSTER_CODE);
	table = (SgRosterSlot *)(gpointer)(bytes + sizeof head);
	for (guint i = 0; i < m->slots->len; i++)
		head.entries += place(table, ((guint64)1 << log2) - 1, &g_array_index(m->slots, SgRosterSlot, i));
	for (guint64 i = 0; i < (guint64)1 << log2; i++)
		table[i] = (SgRosterSlot){ GUINT64_TO_LE(table[i].hash), GUINT32_TO_LE(table[i].pupil),
			GUINT32_TO_LE(table[i].flags) };
	memcpy(head.magic, SG_ROSTER_MAGIC, sizeof head.magic);
	head.entries = GUINT32_TO_LE(head.entries);
	head.log2_slots = GUINT32_TO_LE(log2);
	memcpy(bytes, &head, sizeof head);
	sg_roster_code(m->key, bytes, n, bytes + n);
	return g_bytes_new_take(bytes, n + SG_ROSTER_CODE);
}
