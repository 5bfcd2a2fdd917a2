#include <string.h>

#include "base/err.h"
#include "part/member.h"

#define NAMES_MOST (1u << 20)
#define SAMPLE	   (4u << 20)	/* what is read of a member that reached a limit */

void
sg_batch_clear(SgBatch *b)
{
	if (b->names != NULL)
		g_string_free(b->names, TRUE);
	b->names = NULL;
}

gboolean
sg_batch_is_full(const SgBatch *b)
{
	return b->bytes >= SG_BATCH_BYTES || b->parts >= SG_BATCH_PARTS;
}

void
sg_batch_name(SgBatch *b, const char *name)
{
	if (name == NULL || name[0] == '\0')
		return;
	if (b->names == NULL)
		b->names = g_string_new(NULL);
	if (b->names->len >= NAMES_MOST) {
		b->sink->limit(b->sink, "text");
		return;
	}
	g_string_append(b->names, name);
	g_string_append_c(b->names, '\n');
}

gboolean
sg_batch_names(SgBatch *b, GError **error)
{
	gboolean ok = b->names == NULL ||
	    b->sink->text(b->sink, "name", b->names->str, b->names->len, error);

	sg_batch_clear(b);
	return ok;
}

gboolean
sg_member_take(gpointer data, const char *piece, gsize n, GError **error)
{
	SgMember *m = data;

	if (m->bytes == NULL)	/* what it claims, but no more than is likely */
		m->bytes = g_byte_array_sized_new((guint)MAX(n, MIN(m->size, 4 * 64u << 10)));
	if (n > SG_MEMBER_MOST - m->bytes->len) {
		m->batch->sink->limit(m->batch->sink, "unpacked");
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "a member of more than %u bytes", SG_MEMBER_MOST);
		return FALSE;
	}
	g_byte_array_append(m->bytes, (const guint8 *)piece, (guint)n);
	return TRUE;
}

/* Is it this member only that is too much, or is nothing left for any other one? */
static void
judge(SgMember *m, SgPart *p, const GError *why)
{
	SgBatch *b = m->batch;

	if (why == NULL)
		return;
	sg_part_kind(p, "unscannable");
	if (g_error_matches(why, SG_ERR, SG_ERR_LIMIT)) {
		sg_part_note(p, "cut");
		b->spent = !b->sink->spend(b->sink, 1, NULL);
		return;
	}
	sg_part_note(p, "broken");
	b->broken = TRUE;
}

gboolean
sg_member_give(SgMember *m, GError *why, GError **error)
{
	static const char none[1] = "";
	SgBatch *b = m->batch;
	g_autoptr(GError) reason = why;
	g_autoptr(GBytes) bytes = NULL;
	SgPart *p;

	/* of what is too much, a sample will do */
	if (m->bytes != NULL && m->bytes->len > SAMPLE && g_error_matches(why, SG_ERR, SG_ERR_LIMIT)) {
		bytes = g_bytes_new(m->bytes->data, SAMPLE);
		g_clear_pointer(&m->bytes, g_byte_array_unref);
	} else if (m->bytes != NULL) {
		bytes = g_byte_array_free_to_bytes(g_steal_pointer(&m->bytes));
	} else {
		bytes = g_bytes_new_static(none, 0);
	}
	p = sg_part_inside(b->archive, ++b->n, m->name, bytes);
	if (m->state != NULL) {
		p->state = m->state;
		p->strength = m->strength;
		p->method = m->method;
		p->traits |= SG_PART_READ;
		sg_part_kind(p, strcmp(m->strength, "strong") == 0 ? "encrypted-strong" : "encrypted-weak");
	}
	if (m->note != NULL)
		sg_part_note(p, m->note);
	if (m->hidden)
		sg_part_kind(p, "mismatch");
	judge(m, p, reason);
	b->bytes += g_bytes_get_size(bytes);
	b->parts++;
	return b->sink->part(b->sink, p, error);
}
