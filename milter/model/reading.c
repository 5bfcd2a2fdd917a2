#include <string.h>

#include "base/err.h"
#include "model/reading.h"

static const struct {
	guint	    bit;
	const char *name;
} flags[] = {
	{ SG_FLAG_AMBIGUOUS, "ambiguous" },
	{ SG_FLAG_MALFORMED, "malformed" },
	{ SG_FLAG_NOT_FULLY, "not-fully-scanned" },
};

static void
part_free(gpointer p)
{
	sg_wire_clear_PART(p);
	g_free(p);
}

static void
text_free(gpointer p)
{
	sg_wire_clear_TEXT(p);
	g_free(p);
}

SgReading *
sg_reading_new(void)
{
	SgReading *r = g_new0(SgReading, 1);

	r->findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	r->parts = g_ptr_array_new_with_free_func(part_free);
	r->texts = g_ptr_array_new_with_free_func(text_free);
	return r;
}

void
sg_reading_free(SgReading *r)
{
	if (r == NULL)
		return;
	g_ptr_array_unref(r->findings);
	g_ptr_array_unref(r->parts);
	g_ptr_array_unref(r->texts);
	g_free(r->rules);
	g_free(r);
}

char *
sg_flags_string(guint bits)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++)
		if ((bits & flags[i].bit) != 0)
			g_string_append_printf(s, "%s%s", s->len > 0 ? " " : "", flags[i].name);
	return g_string_free(s, FALSE);
}

guint
sg_flag_parse(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++)
		if (strcmp(name, flags[i].name) == 0)
			return flags[i].bit;
	return 0;
}

gboolean
sg_part_is(const SgPartInfo *p, const char *kind)
{
	gsize n = strlen(kind);

	for (const char *k = p->kinds; k != NULL && *k != '\0';) {
		gsize len = strcspn(k, " ");

		if (len == n && strncmp(k, kind, n) == 0)
			return TRUE;
		k += len + (k[len] == ' ');
	}
	return FALSE;
}

/* --- JSON: the wire definition names the fields here too ------------------ */

#define WRITE_u32(o, m, name) json_object_set_new(o, #name, json_integer(m->name))
#define WRITE_u64(o, m, name) json_object_set_new(o, #name, json_integer((json_int_t)m->name))
#define WRITE_str(o, m, name) json_object_set_new(o, #name, json_string(m->name != NULL ? m->name : ""))
#define WRITE_blob(o, m, name) WRITE_str(o, m, name)

static gboolean
read_number(const json_t *o, const char *key, guint64 max, guint64 *v)
{
	const json_t *j = json_object_get(o, key);

	if (!json_is_integer(j) || json_integer_value(j) < 0 || (guint64)json_integer_value(j) > max)
		return FALSE;
	*v = (guint64)json_integer_value(j);
	return TRUE;
}

static gboolean
read_u32(const json_t *o, const char *key, guint32 *v)
{
	guint64 n;

	if (!read_number(o, key, G_MAXUINT32, &n))
		return FALSE;
	*v = (guint32)n;
	return TRUE;
}

static gboolean
read_u64(const json_t *o, const char *key, guint64 *v)
{
	return read_number(o, key, G_MAXINT64, v);
}

static gboolean
read_str(const json_t *o, const char *key, char **v)
{
	const json_t *j = json_object_get(o, key);

	if (!json_is_string(j))
		return FALSE;
	*v = g_strdup(json_string_value(j));
	return TRUE;
}

static gboolean
read_blob(const json_t *o, const char *key, char **v)
{
	return read_str(o, key, v);
}

#define MSG(n, from, to) \
static json_t *write_##n(const SgWire##n *m) G_GNUC_UNUSED; \
static json_t * \
write_##n(const SgWire##n *m) \
{ \
	json_t *o = json_object();
#define FIELD(n, type, name) WRITE_##type(o, m, name);
#define END(n) return o; }
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

#define MSG(n, from, to) \
static gboolean read_##n(const json_t *o, SgWire##n *m) G_GNUC_UNUSED; \
static gboolean \
read_##n(const json_t *o, SgWire##n *m) \
{ \
	return TRUE
#define FIELD(n, type, name) && read_##type(o, #name, &m->name)
#define END(n) ; }
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

GBytes *
sg_reading_to_json(const SgReading *r)
{
	json_t *o = json_object(), *findings = json_array(), *parts = json_array(), *texts = json_array();
	char *text;

	for (guint i = 0; i < r->findings->len; i++)
		json_array_append_new(findings, write_FINDING(g_ptr_array_index(r->findings, i)));
	for (guint i = 0; i < r->parts->len; i++)
		json_array_append_new(parts, write_PART(g_ptr_array_index(r->parts, i)));
	for (guint i = 0; i < r->texts->len; i++)
		json_array_append_new(texts, write_TEXT(g_ptr_array_index(r->texts, i)));
	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "flags", json_integer(r->flags));
	json_object_set_new(o, "micros", json_integer((json_int_t)r->micros));
	json_object_set_new(o, "rules", json_string(r->rules != NULL ? r->rules : ""));
	json_object_set_new(o, "findings", findings);
	json_object_set_new(o, "parts", parts);
	json_object_set_new(o, "texts", texts);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

/* Held messages are kept for months: theirs may be of before a field was added. */
static void
add_missing(json_t *text)
{
	if (json_is_object(text) && json_object_get(text, "hidden") == NULL)
		json_object_set_new(text, "hidden", json_string(""));
}

static gboolean
read_all(const json_t *o, SgReading *r)
{
	const json_t *findings = json_object_get(o, "findings"), *parts = json_object_get(o, "parts"),
		     *texts = json_object_get(o, "texts");
	guint64 schema = 0;

	if (!read_number(o, "schema", 1, &schema) || !read_u32(o, "flags", &r->flags) ||
	    !read_u64(o, "micros", &r->micros) || !read_str(o, "rules", &r->rules) ||
	    !json_is_array(findings) || !json_is_array(parts) || !json_is_array(texts))
		return FALSE;
	for (gsize i = 0; i < json_array_size(findings); i++) {
		SgFinding *f = g_new0(SgFinding, 1);

		g_ptr_array_add(r->findings, f);
		if (!read_FINDING(json_array_get(findings, i), f))
			return FALSE;
	}
	for (gsize i = 0; i < json_array_size(parts); i++) {
		SgPartInfo *p = g_new0(SgPartInfo, 1);

		g_ptr_array_add(r->parts, p);
		if (!read_PART(json_array_get(parts, i), p))
			return FALSE;
	}
	for (gsize i = 0; i < json_array_size(texts); i++) {
		SgText *t = g_new0(SgText, 1);

		g_ptr_array_add(r->texts, t);
		add_missing(json_array_get(texts, i));
		if (!read_TEXT(json_array_get(texts, i), t))
			return FALSE;
	}
	return TRUE;
}

SgReading *
sg_reading_from_json(GBytes *json, GError **error)
{
	g_autoptr(SgReading) r = sg_reading_new();
	gsize len;
	const char *p = g_bytes_get_data(json, &len);
	json_t *o = json_loadb(p != NULL ? p : "", len, 0, NULL);
	gboolean ok = o != NULL && read_all(o, r);

	json_decref(o);
	if (ok)
		return g_steal_pointer(&r);
	g_set_error_literal(error, SG_ERR, SG_ERR_PEER, "the stored reading cannot be understood");
	return NULL;
}

/* --- JSON for people's tools (interfaces.md 6) ----------------------------- */

json_t *
sg_finding_json(const SgFinding *f)
{
	g_autofree char *masked = sg_finding_masked(f);

	return json_pack("{s:s s:s s:s s:s s:i s:s s:I s:s s:s s:s s:b s:s}", "rule", f->rule, "title", f->title,
	    "category", f->category, "area", f->area, "severity", (int)f->severity, "confidence",
	    sg_confidence_name(f->confidence), "count", (json_int_t)f->count, "where", f->where, "part", f->part,
	    "name", f->name, "disguised", f->disguised != 0, "excerpt", masked);
}

json_t *
sg_part_json(const SgPartInfo *p)
{
	json_t *notes = json_array(), *kinds = json_array();
	g_auto(GStrv) n = g_strsplit(p->notes != NULL ? p->notes : "", " ", -1);
	g_auto(GStrv) k = g_strsplit(p->kinds != NULL ? p->kinds : "", " ", -1);

	for (char **s = n; *s != NULL; s++)
		if (**s != '\0')
			json_array_append_new(notes, json_string(*s));
	for (char **s = k; *s != NULL; s++)
		if (**s != '\0')
			json_array_append_new(kinds, json_string(*s));
	return json_pack("{s:s s:s s:s s:s s:I s:s s:I s:{s:s s:s s:s} s:o s:o}", "id", p->part, "name", p->name,
	    "declared", p->declared, "detected", p->detected, "bytes", (json_int_t)p->bytes, "sha256", p->sha256,
	    "text_bytes", (json_int_t)p->text_bytes, "protection", "state", p->state, "strength", p->strength,
	    "method", p->method, "kinds", kinds, "notes", notes);
}
