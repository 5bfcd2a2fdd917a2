#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/seqpacket.h"
#include "pool/answer.h"

/* fix_FINDING() and fix_PART(): every string as the other side will accept it. */
static void fix_u32(guint32 *v) { (void)v; }
static void fix_u64(guint64 *v) { (void)v; }

static void
fix_str(char **v)
{
	if (*v != NULL && (strlen(*v) > SG_WIRE_STR || !g_utf8_validate(*v, -1, NULL))) {
		char *cut = sg_wire_cut(*v);

		g_free(*v);
		*v = cut;
	}
}

#define fix_blob fix_str
#define MSG(n, from, to) \
G_GNUC_UNUSED static void \
fix_##n(SgWire##n *m) \
{
#define FIELD(n, type, name) fix_##type(&m->name);
#define END(n) }
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

static gboolean
send_off(const SgAnswer *a, GByteArray *b, GError **error)
{
	gboolean ok = sg_seq_put(a->sock, b, NULL, 0, a->deadline, error);

	g_byte_array_set_size(b, 0);
	return ok;
}

/* The frame that begins there is whole; what stands before it goes when there is no room for both. */
static gboolean
add(const SgAnswer *a, GByteArray *b, gsize frame, GError **error)
{
	g_autoptr(GByteArray) last = NULL;

	sg_wire_close_frame(b, frame);
	if (b->len <= SG_WIRE_MAX || frame == 0)
		return TRUE;
	last = g_byte_array_sized_new(b->len - (guint)frame);
	g_byte_array_append(last, b->data + frame, b->len - (guint)frame);
	g_byte_array_set_size(b, (guint)frame);
	if (!send_off(a, b, error))
		return FALSE;
	g_byte_array_append(b, last->data, last->len);
	return TRUE;
}

static gboolean
write_all(int fd, const guint8 *p, gsize n, GError **error)
{
	while (n > 0) {
		gssize w = write(fd, p, n);

		if (w == -1 && errno == EINTR)
			continue;
		if (w <= 0) {
			g_set_error(error, SG_ERR, SG_ERR_LATER, "memfd: %s", g_strerror(errno));
			return FALSE;
		}
		p += w;
		n -= (gsize)w;
	}
	return TRUE;
}

/* Each TEXT as a frame; what does not fit, or is one too many, is left out and said. */
static gboolean
write_texts(const SgAnswer *a, SgReading *r, guint64 *written, GError **error)
{
	g_autoptr(GByteArray) b = g_byte_array_new();
	guint n = MIN(r->texts->len, SG_READING_TEXTS);

	if (n < r->texts->len)
		r->flags |= SG_FLAG_NOT_FULLY;
	for (guint i = 0; i < n; i++) {
		SgText *t = g_ptr_array_index(r->texts, i);
		gsize frame;

		fix_str(&t->name);
		g_byte_array_set_size(b, 0);
		frame = sg_wire_open_frame(b);
		if (!sg_wire_put_TEXT(b, t, NULL) || *written + b->len > a->text_most) {
			r->flags |= SG_FLAG_NOT_FULLY;
			continue;
		}
		sg_wire_close_frame(b, frame);
		if (!write_all(a->out, b->data, b->len, error))
			return FALSE;
		*written += b->len;
	}
	return TRUE;
}

static gboolean
put_findings(const SgAnswer *a, SgReading *r, GByteArray *b, GError **error)
{
	for (guint i = 0; i < r->findings->len; i++) {
		SgFinding *f = g_ptr_array_index(r->findings, i);
		gsize excerpt = f->excerpt != NULL ? strlen(f->excerpt) : 0;
		gsize frame = sg_wire_open_frame(b);

		f->id = a->id;
		fix_FINDING(f);
		if (f->excerpt != NULL && strlen(f->excerpt) != excerpt)
			f->hit_at = f->hit_len = 0;
		if (!sg_wire_put_FINDING(b, f, error) || !add(a, b, frame, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
put_parts(const SgAnswer *a, SgReading *r, GByteArray *b, GError **error)
{
	for (guint i = 0; i < r->parts->len; i++) {
		SgPartInfo *p = g_ptr_array_index(r->parts, i);
		gsize frame = sg_wire_open_frame(b);

		p->id = a->id;
		fix_PART(p);
		if (!sg_wire_put_PART(b, p, error) || !add(a, b, frame, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
put_done(const SgAnswer *a, SgWireDONE *done, GByteArray *b, GError **error)
{
	gsize frame = sg_wire_open_frame(b);

	done->id = a->id;
	done->micros = (guint64)(g_get_monotonic_time() - a->began);
	done->rules = (char *)(guintptr)a->rules;
	return sg_wire_put_DONE(b, done, error) && add(a, b, frame, error) && send_off(a, b, error);
}

gboolean
sg_answer_reading(const SgAnswer *a, SgReading *r, GError **error)
{
	g_autoptr(GByteArray) b = g_byte_array_sized_new(1024);
	gboolean wanted = a->texts == SG_TEXTS_ALWAYS ||
	    (a->texts == SG_TEXTS_ON_FINDING && r->findings->len > 0);
	SgWireDONE done = { 0 };

	if ((wanted && !write_texts(a, r, &done.written, error)) || !put_findings(a, r, b, error) ||
	    !put_parts(a, r, b, error))
		return FALSE;
	done.flags = r->flags;
	done.findings = r->findings->len;
	done.parts = r->parts->len;
	return put_done(a, &done, b, error);
}

gboolean
sg_answer_rewrite(const SgAnswer *a, GBytes *changed, const char *why, GError **error)
{
	g_autoptr(GByteArray) b = g_byte_array_sized_new(256);
	g_autofree char *told = sg_wire_cut(why);
	SgWireDONE done = { 0 };
	gsize n = 0;
	const guint8 *p = changed != NULL ? g_bytes_get_data(changed, &n) : NULL;

	if (changed == NULL)
		done.error = told[0] != '\0' ? told : (char *)(guintptr)"it could not be done";
	else if (n > a->text_most)
		done.error = (char *)(guintptr)"the changed message would be too large";
	else if (!write_all(a->out, p, n, error))
		return FALSE;
	else
		done.written = n;
	return put_done(a, &done, b, error);
}

gboolean
sg_answer_disclaimed(const SgAnswer *a, GBytes *changed, const char *added, const char *skipped,
    GError **error)
{
	g_autoptr(GByteArray) b = g_byte_array_sized_new(256);
	g_autofree char *in = sg_wire_cut(added), *out = sg_wire_cut(skipped);
	SgWireDONE done = { .added = in, .skipped = out };
	gsize n = 0;
	const guint8 *p = changed != NULL ? g_bytes_get_data(changed, &n) : NULL;

	if (n > a->text_most)
		done.error = (char *)(guintptr)"the changed message would be too large";
	else if (n > 0 && !write_all(a->out, p, n, error))
		return FALSE;
	else
		done.written = n;
	return put_done(a, &done, b, error);
}

gboolean
sg_answer_picture(const SgAnswer *a, GBytes *picture, const char *type, const char *why, GError **error)
{
	g_autoptr(GByteArray) b = g_byte_array_sized_new(256);
	g_autofree char *told = sg_wire_cut(why), *kind = g_strdup(type);
	SgWireDONE done = { 0 };
	gsize n = 0;
	const guint8 *p = picture != NULL ? g_bytes_get_data(picture, &n) : NULL;

	if (n == 0 || n > a->text_most) {
		done.error = told[0] != '\0' ? told : (char *)(guintptr)"it is too large";
	} else {
		done.added = kind;
		done.written = n;
		if (!write_all(a->out, p, n, error))
			return FALSE;
	}
	return put_done(a, &done, b, error);
}

gboolean
sg_answer_is_unusual(const SgReading *r)
{
	for (guint i = 0; i < r->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(r->findings, i);

		if (f->rule != NULL && (g_str_has_prefix(f->rule, "limit.") ||
		    g_str_has_prefix(f->rule, "scan.") ||
		    strcmp(f->rule, "malware.signature") == 0))
			return TRUE;
	}
	return FALSE;
}

static void
add_finding(SgReading *r, const char *rule, guint severity, const char *title, const char *part)
{
	SgFinding *f = sg_finding_of_ours(rule, title, "limit", severity);

	g_free(f->part);
	f->part = g_strdup(part);
	g_ptr_array_add(r->findings, f);
}

static void
add_word(char **list, const char *word)
{
	char *joined = *list == NULL || **list == '\0' ? g_strdup(word)
						       : g_strconcat(*list, " ", word, NULL);

	g_free(*list);
	*list = joined;
}

SgReading *
sg_answer_unscannable(GBytes *raw)
{
	SgReading *r = sg_reading_new();
	SgPartInfo *p = g_new0(SgPartInfo, 1);

	p->bytes = g_bytes_get_size(raw);
	p->part = g_strdup("1");
	p->state = g_strdup("plain");
	p->strength = g_strdup("none");
	p->kinds = g_strdup("unscannable");
	p->notes = g_strdup("scan:failed");
	g_ptr_array_add(r->parts, p);
	r->flags = SG_FLAG_NOT_FULLY;
	add_finding(r, "scan.failed", 3, "This message could not be read: the scanner failed on it more "
	    "than once", "1");
	return r;
}

void
sg_answer_mark_skipped(SgReading *r, const SgBlame *blame)
{
	g_autofree char *note = g_strconcat("skipped:", blame->extractor, NULL);

	r->flags |= SG_FLAG_NOT_FULLY;
	for (guint i = 0; i < r->parts->len; i++) {
		SgPartInfo *p = g_ptr_array_index(r->parts, i);

		if (g_strcmp0(p->part, blame->part) != 0)
			continue;
		if (!sg_part_is(p, "unscannable"))
			add_word(&p->kinds, "unscannable");
		if (p->notes == NULL || strstr(p->notes, note) == NULL)
			add_word(&p->notes, note);
	}
	for (guint i = 0; i < r->findings->len; i++)
		if (g_strcmp0(((SgFinding *)g_ptr_array_index(r->findings, i))->rule,
		    "scan.extractor-failed") == 0)
			return;
	add_finding(r, "scan.extractor-failed", 2, "A part of this message could not be read: the scanner "
	    "failed on it, and read the rest without it", blame->part);
}
