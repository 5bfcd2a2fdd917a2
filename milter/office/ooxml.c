#include <string.h>

#include "base/err.h"
#include "office/ooxml.h"
#include "office/ooxml_book.h"
#include "office/ooxml_list.h"
#include "office/ooxml_text.h"
#include "office/zipxml.h"
#include "pack/x_zip.h"
#include "part/flow.h"
#include "part/inside.h"

#define MEMBERS 20000u
#define TARGETS 20000u	/* relationships and orders that are remembered */
#define RECORDS (64u << 20)	/* bytes of one binary part of a workbook */

enum { P_DEFAULT = 1, P_OVERRIDE, P_RELATIONSHIP, P_SLIDE };

static const SgXmlName names[] = { { "Default", P_DEFAULT }, { "Override", P_OVERRIDE },
	{ "Relationship", P_RELATIONSHIP }, { "sldId", P_SLIDE } };

typedef struct Member {
	guint	    index, rank, order;
	SgOoxmlKind kind;
} Member;

typedef struct Package {
	SgPart	    *part;
	SgZipXml     xml;
	SgBook	    *book;
	SgOoxmlList *lists;
	SgOoxmlText *text;
	GHashTable  *types;	/* name or ".ending", lower case => content type */
	GHashTable  *targets;	/* relationship of the main part => last piece of the path */
	GPtrArray   *slides;	/* relationships, in order */
	GArray	    *members;	/* Member */
	gboolean     main;	/* the relationships in hand are the main part's */
	SgInside     inside;
} Package;

static const char *
last_piece(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static void
on_relationship(Package *p, const SgXmlTag *tag)
{
	g_autofree char *target = sg_xml_string(tag, "Target"), *id = NULL;

	if (target == NULL)
		return;
	if (sg_xml_is(tag, "TargetMode", "External")) {
		sg_flow_words(p->xml.flow, target, strlen(target));
		sg_flow_paragraph(p->xml.flow);
	} else if (p->main && g_hash_table_size(p->targets) < TARGETS &&
	    (id = sg_xml_string(tag, "Id")) != NULL) {
		g_hash_table_replace(p->targets, g_steal_pointer(&id), g_strdup(last_piece(target)));
	}
}

/* "<p:sldId id='256' r:id='rId2'/>": both are "id", the second one counts. */
static void
on_slide(Package *p, const SgXmlTag *tag)
{
	const char *name, *value, *last = NULL;
	gsize n, last_n = 0;

	for (guint i = 0; (name = sg_xml_attribute(tag, i, &value, &n)) != NULL; i++) {
		if (strcmp(name, "id") != 0)
			continue;
		last = value;
		last_n = n;
	}
	if (last != NULL && p->slides->len < TARGETS)
		g_ptr_array_add(p->slides, g_strndup(last, MIN(last_n, 256)));
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	Package *p = data;
	g_autofree char *name = NULL, *type = NULL;

	if (code == P_RELATIONSHIP) {
		on_relationship(p, tag);
	} else if (code == P_SLIDE) {
		on_slide(p, tag);
	} else if (code != 0 && g_hash_table_size(p->types) < TARGETS) {
		name = sg_xml_string(tag, code == P_DEFAULT ? "Extension" : "PartName");
		type = sg_xml_string(tag, "ContentType");
		if (name == NULL || type == NULL)
			return;
		g_hash_table_replace(p->types, code == P_DEFAULT ? g_strconcat(".", name, NULL) :
		    g_ascii_strdown(name + (*name == '/'), -1), g_steal_pointer(&type));
	}
}

static const SgXmlReader package_reader = { names, G_N_ELEMENTS(names), on_start, NULL, NULL, NULL };

static gboolean
read_xml(Package *p, guint index, const SgXmlReader *reader, gpointer data, GError **error)
{
	const char *name = sg_zip_member(p->xml.zip, index)->name;
	GError *local = NULL;
	gboolean well_formed, ok = sg_zipxml_read(&p->xml, index, reader, data, &well_formed, &local);

	/* drawings of old are seldom well-formed */
	if (!well_formed && !g_str_has_suffix(name, ".vml"))
		p->xml.broken = TRUE;
	/* whatever was left open ends here */
	if (!ok && g_error_matches(local, SG_ERR, SG_ERR_LIMIT))
		(void)sg_flow_finish(p->xml.flow, NULL);
	else if (p->xml.broken && !sg_flow_finish(p->xml.flow, error)) {
		g_clear_error(&local);
		return FALSE;
	}
	return sg_zipxml_settle(&p->xml, ok, local, error);
}

static gboolean
read_sheet(Package *p, guint index, GError **error)
{
	g_autoptr(SgCells) cells = sg_cells_new(p->book);
	g_autoptr(GError) local = NULL;
	gboolean ok = read_xml(p, index, &sg_cells_reader, cells, &local), given;

	sg_flow_paragraph(p->xml.flow);
	given = sg_book_end_sheet(p->book, ok ? error : NULL);
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&local));
	return ok && given;
}

static gboolean
read_records(Package *p, guint index, GError **error)
{
	GError *local = NULL;
	g_autoptr(GBytes) bytes = sg_zip_unpack_all(p->xml.zip, index, RECORDS, p->xml.sink, &local);
	gsize n = 0;
	const guint8 *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;

	if (bytes == NULL)
		return sg_zipxml_settle(&p->xml, FALSE, local, error);
	if (!sg_xlsb_read(p->book, data, n))
		p->xml.broken = TRUE;
	return sg_book_end_sheet(p->book, error);
}

static gboolean
read_file(Package *p, const Member *m, GError **error)
{
	const SgZipMember *z = sg_zip_member(p->xml.zip, m->index);
	const char *name = last_piece(z->name);
	GError *local = NULL;
	g_autoptr(GBytes) bytes = sg_zip_unpack_all(p->xml.zip, m->index, (gsize)p->xml.sink->options->scan.unpacked,
	    p->xml.sink, &local);

	if (bytes == NULL)
		return sg_zipxml_settle(&p->xml, FALSE, local, error);
	if (g_str_has_prefix(name, "vbaProject") && g_str_has_suffix(name, ".bin"))
		sg_part_kind(p->part, "macro");
	if (g_bytes_get_size(bytes) == 0 || (m->kind == SG_OOXML_NOTHING && sg_inside_is_dull(bytes)))
		return TRUE;
	return sg_inside_give(&p->inside, name, bytes, error);
}

static gboolean
read_member(Package *p, const Member *m, GError **error)
{
	const char *name = sg_zip_member(p->xml.zip, m->index)->name;

	switch (m->kind) {
	case SG_OOXML_TYPES:
		return TRUE;	/* done first of all */
	case SG_OOXML_RELATIONS:
		p->main = g_str_has_suffix(name, "/presentation.xml.rels") || strstr(name, "/workbook.") != NULL;
		return read_xml(p, m->index, &package_reader, p, error);
	case SG_OOXML_SLIDES:
		return read_xml(p, m->index, &package_reader, p, error);
	case SG_OOXML_BOOK:
		return read_xml(p, m->index, &sg_book_reader, p->book, error);
	case SG_OOXML_LISTS:
		return read_xml(p, m->index, &sg_ooxml_list_reader, p->lists, error);
	case SG_OOXML_SHEET:
		return read_sheet(p, m->index, error);
	case SG_OOXML_RECORDS:
		return read_records(p, m->index, error);
	case SG_OOXML_TEXT:
		sg_ooxml_text_begin(p->text);
		if (!read_xml(p, m->index, &sg_ooxml_text_reader, p->text, error))
			return FALSE;
		sg_flow_paragraph(p->xml.flow);
		return TRUE;
	case SG_OOXML_NOTHING:
	case SG_OOXML_FILE:
		return read_file(p, m, error);
	}
	return TRUE;
}

/* A number at the end of a name: "slide12.xml". */
static guint
number_in(const char *name)
{
	const char *digits = last_piece(name) + strcspn(last_piece(name), "0123456789");

	return (guint)MIN(g_ascii_strtoull(digits, NULL, 10), G_MAXUINT16);
}

static gint
by_rank(gconstpointer a, gconstpointer b)
{
	const Member *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static const char *
content_type(const Package *p, const char *name)
{
	g_autofree char *low = g_ascii_strdown(name, -1);
	const char *type = g_hash_table_lookup(p->types, low), *dot = strrchr(last_piece(name), '.');

	return type != NULL || dot == NULL ? type : g_hash_table_lookup(p->types, dot);
}

static void
list_members(Package *p)
{
	for (guint i = 0; i < sg_zip_count(p->xml.zip); i++) {
		const SgZipMember *z = sg_zip_member(p->xml.zip, i);
		Member m = { .index = i, .order = number_in(z->name) };

		if ((z->traits & SG_ZIP_FOLDER) != 0)
			continue;
		m.kind = sg_ooxml_kind(z->name, content_type(p, z->name), &m.rank);
		g_array_append_val(p->members, m);
	}
	g_array_sort(p->members, by_rank);
}

/* Slides and sheets as the presentation or the workbook names them. */
static void
put_in_order(Package *p)
{
	GPtrArray *ids = p->slides->len > 0 ? p->slides : p->book->order;
	g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = ids->len; i > 0; i--) {
		char *target = g_hash_table_lookup(p->targets, g_ptr_array_index(ids, i - 1));

		if (target != NULL)
			g_hash_table_replace(places, target, GUINT_TO_POINTER(i));
	}
	for (guint i = 0; i < p->members->len; i++) {
		Member *m = &g_array_index(p->members, Member, i);
		const char *name = last_piece(sg_zip_member(p->xml.zip, m->index)->name);
		gpointer place = m->rank == 6 ? g_hash_table_lookup(places, name) : NULL;

		if (place != NULL)
			m->order = GPOINTER_TO_UINT(place);
	}
	g_array_sort(p->members, by_rank);
}

static gboolean
read_package(Package *p, GError **error)
{
	gint types = sg_zip_find(p->xml.zip, "[Content_Types].xml");
	gboolean ordered = FALSE;

	if (types >= 0 && !read_xml(p, (guint)types, &package_reader, p, error))
		return FALSE;
	list_members(p);
	for (guint i = 0; i < p->members->len; i++) {
		if (!ordered && g_array_index(p->members, Member, i).rank > 4) {
			put_in_order(p);
			ordered = TRUE;
		}
		if (!read_member(p, &g_array_index(p->members, Member, i), error))
			return FALSE;
	}
	sg_book_give_unused(p->book);
	return TRUE;
}

static void
on_binary(gpointer data, const char *name, const char *base64, gsize n)
{
	sg_inside_base64(data, name != NULL ? last_piece(name) : NULL, base64, n);
}

gboolean
sg_ooxml_read(SgPart *part, SgSink *sink, GError **error)
{
	gboolean ok, given;
	g_autoptr(GError) inner = NULL;
	g_autoptr(SgZip) zip = sg_zip_read(sg_part_bytes(part), MEMBERS, NULL, error);
	g_autoptr(SgFlow) flow = sg_flow_new(sink, "attachment");
	g_autoptr(SgBook) book = sg_book_new(sink, flow);
	g_autoptr(SgOoxmlList) lists = sg_ooxml_list_new();
	g_autoptr(GHashTable) types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GPtrArray) slides = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(Member));
	Package p = { .part = part, .xml = { zip, sink, flow, FALSE }, .book = book, .lists = lists,
		.types = types, .targets = targets, .slides = slides, .members = members,
		.inside = { part, sink, 0, NULL } };
	g_autoptr(SgOoxmlText) text = p.text = sg_ooxml_text_new(flow, lists, on_binary, &p.inside);

	if (zip == NULL)
		return FALSE;
	sg_zip_tell(part, sink, sg_zip_facts(zip));
	ok = read_package(&p, error);
	given = sg_flow_finish(flow, ok ? error : NULL);
	inner = p.inside.error;
	if (!ok || !given)
		return FALSE;
	if (inner != NULL) {
		g_propagate_error(error, g_steal_pointer(&inner));
		return FALSE;
	}
	if (p.xml.broken)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "a file of the package is broken");
	return !p.xml.broken;
}
