/*
 * x_zip - the members of a zip, of both of its readings (pack/zip.h).
 *
 * Also the second reader of files that are something else at first sight and a zip as
 * well: what a double click opens depends on the name, not on the first bytes.
 */
#include <string.h>

#include "base/err.h"
#include "pack/second.h"
#include "pack/x_zip.h"
#include "pack/zip.h"
#include "pack/zip_record.h"
#include "part/member.h"

#define SHARED_MOST (8u << 20)	/* bytes read of data that another member has given already */
#define TAIL (66u << 10)	/* where the end of a directory stands: it may have a comment */
#define BEHIND 64u		/* bytes that may follow it */

typedef struct State {
	SgBatch	 batch;
	SgZip	*z;
	guint	 next, members;
	gsize	 shared;	/* bytes that came from shared data */
	gboolean only_names;	/* members would be too deep */
} State;

static void
state_free(gpointer data)
{
	State *s = data;

	sg_batch_clear(&s->batch);
	sg_zip_free(s->z);
	g_free(s);
}

static guint
zip_bid(const SgPart *part)
{
	static const char *const types[] = { "application/zip", "application/x-zip", "application/java-archive",
		"application/vnd.android.package-archive", "application/epub+zip" };
	static const char *const signatures[] = { "PK\003\004", "PK\001\002", "PK\005\006", "PK\006\006",
		"PK\007\010", "PK00" };
	guint8 head[4];

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_has_prefix(part->detected, types[i]))
			return 20;
	if (sg_part_head(part, head, sizeof head) < sizeof head)
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(signatures); i++)
		if (memcmp(head, signatures[i], sizeof head) == 0)
			return 15;
	return 0;
}

static const char *
cipher(const SgZipMember *m)
{
	if (m->aes != 0)
		return m->aes == 128 ? "AES-128" : m->aes == 192 ? "AES-192" : "AES-256";
	return (m->traits & SG_ZIP_STRONG) != 0 ? "PKWARE-strong" : "ZipCrypto";
}

/* Is the same data also read in another way? */
static gboolean
has_twin(const SgZip *z, guint i)
{
	gsize at = sg_zip_member(z, i)->at;

	return (i > 0 && sg_zip_member(z, i - 1)->at == at) ||
	    (i + 1 < sg_zip_count(z) && sg_zip_member(z, i + 1)->at == at);
}

/* FALSE: nothing more of this message. */
static gboolean
give(State *s, guint i, GError **error)
{
	const SgZipMember *m = sg_zip_member(s->z, i);
	gboolean shared = (m->traits & SG_ZIP_SHARED) != 0;
	SgMember out = { .batch = &s->batch, .name = m->name, .size = m->size,
		.hidden = (m->traits & SG_ZIP_TURNED) != 0,
		.note = (m->traits & SG_ZIP_LISTED) == 0 ? "unlisted" :
		    (m->traits & SG_ZIP_DIFFERS) != 0 ? "differs" : NULL };
	GError *why = NULL;
	gsize used = 0, before = s->batch.bytes;

	if (m->other != NULL)
		sg_batch_name(&s->batch, m->other);
	if ((m->traits & SG_ZIP_FOLDER) != 0 || s->only_names) {
		sg_batch_name(&s->batch, m->name);
		return TRUE;
	}
	if ((m->traits & SG_ZIP_ENCRYPTED) != 0) {
		out.state = "protected";
		out.strength = (m->traits & SG_ZIP_STRONG) != 0 ? "strong" : "weak";
		out.method = cipher(m);
		return sg_member_give(&out, NULL, error);
	}
	if (shared && s->shared >= SHARED_MOST) {
		s->batch.sink->limit(s->batch.sink, "ratio");
		sg_batch_name(&s->batch, m->name);
		return TRUE;
	}
	if (!sg_zip_unpack_used(s->z, i, s->batch.sink, sg_member_take, &out, &used, &why) && out.bytes == NULL &&
	    has_twin(s->z, i)) {
		g_clear_error(&why);	/* nobody can read it so */
		return TRUE;
	}
	if (!sg_member_give(&out, why, error))
		return FALSE;
	if (shared)
		s->shared += s->batch.bytes - before;
	if (sg_zip_look_behind(s->z, i, used) > 0)
		s->batch.sink->flag(s->batch.sink, SG_FLAG_AMBIGUOUS);
	s->members = sg_zip_count(s->z);
	return TRUE;
}

void
sg_zip_tell(SgPart *part, SgSink *sink, guint facts)
{
	static const struct {
		guint fact;
		const char *note;
		guint flag;
	} all[] = {
		{ SG_ZIP_AMBIGUOUS, "ambiguous", SG_FLAG_AMBIGUOUS },
		{ SG_ZIP_NO_DIRECTORY, "no-directory", SG_FLAG_MALFORMED },
		{ SG_ZIP_CUT, "cut", SG_FLAG_MALFORMED },
		{ SG_ZIP_NAMES_HIDDEN, "names-hidden", 0 },
		{ SG_ZIP_SPLIT, "split", SG_FLAG_MALFORMED },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		if ((facts & all[i].fact) == 0)
			continue;
		sg_part_note(part, all[i].note);
		if (all[i].flag != 0)
			sink->flag(sink, (SgFlag)all[i].flag);
	}
	if ((facts & SG_ZIP_MORE) != 0)
		sink->limit(sink, "entries");
}

static State *
begin(SgPart *part, SgSink *sink, GError **error)
{
	GBytes *bytes = sg_part_bytes(part);
	SgZip *z = sg_zip_read(bytes, SG_ARCHIVE_MOST, NULL, error);
	State *s;

	if (z == NULL)
		return NULL;
	sg_zip_tell(part, sink, sg_zip_facts(z));
	s = g_new0(State, 1);
	s->z = z;
	s->batch.archive = part;
	s->batch.sink = sink;
	s->members = sg_zip_count(z);
	s->only_names = part->depth >= sink->options->scan.depth;
	if (s->only_names && s->members > 0)
		sink->limit(sink, "depth");
	if (sg_x_zip.bid(part) == 0) {
		s->batch.n = SG_SECOND_FROM;
		sg_second_mark(part, sink, "zip-inside");
	}
	part->more = sg_more_new(&sg_x_zip, s, state_free);
	return s;
}

/* "PK\5\6" and nothing else: no members, nothing wrong. */
static gboolean
is_empty(SgPart *part)
{
	gsize n;
	const char *p = g_bytes_get_data(sg_part_bytes(part), &n);

	return n >= 22 && n < 22 + G_MAXUINT16 && memcmp(p, "PK\005\006", 4) == 0;
}

static gboolean
zip_run(SgPart *part, SgSink *sink, GError **error)
{
	State *s = part->more != NULL ? part->more->state : NULL;
	gboolean ok = TRUE, broken;

	if (s == NULL && is_empty(part))
		return TRUE;
	if (s == NULL && (s = begin(part, sink, error)) == NULL)
		return FALSE;
	s->batch.sink = sink;
	s->batch.bytes = s->batch.parts = 0;
	while (ok && s->next < s->members && !s->batch.spent) {
		if (sg_batch_is_full(&s->batch))
			return TRUE;
		ok = give(s, s->next++, error);
	}
	broken = s->batch.broken;
	ok = ok && sg_batch_names(&s->batch, error);
	sg_part_end_more(part);
	if (ok && broken) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "zip: a member cannot be read");
		return FALSE;
	}
	return ok;
}

/* Does the end of a directory with members stand there, and, but for its comment, at the
 * end of the file? */
static gboolean
ends_a_directory(SgZipView v, gboolean anywhere)
{
	gsize at = anywhere || v.n <= TAIL ? 0 : v.n - TAIL;

	for (; (at = sg_zip_next(v, at, v.n, SG_ZIP_END)) < v.n; at += 4) {
		SgZipEnd e;

		if (sg_zip_end(v, at, FALSE, &e) && e.entries > 0 && (anywhere || v.n - e.next <= BEHIND))
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_zip_is_behind(SgPart *part, gboolean anywhere)
{
	SgZipView v;

	v.p = g_bytes_get_data(sg_part_bytes(part), &v.n);
	return ends_a_directory(v, anywhere);
}

const SgExtractor sg_x_zip = { "zip", zip_bid, zip_run, NULL, TRUE };
