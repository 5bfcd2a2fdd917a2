/*
 * x_pdf - PDF: what its pages say, and what is written beside and behind them.
 *
 * Poppler reads the file; pdfraw looks at it first, because poppler knows no limits.
 * Text is given page by page; then notes, links and fields of the pages, names of
 * chapters, properties, and the files that are embedded.  Layers that are switched off
 * are read too.  Nothing is drawn.
 *
 * A file that wants a password is not read here; which it is says protect.h.
 *
 * Chinese, Japanese and Korean fonts that neither are embedded nor say which characters
 * they hold need tables from files that no worker can open: such text is not read.
 */
#include <poppler.h>
#include <string.h>

#include "base/err.h"
#include "part/extractor.h"
#include "pdf/pdfpage.h"
#include "pdf/pdfraw.h"
#include "text/xmltext.h"

#define CHAPTERS 5000u
#define CHAPTERS_DEEP 20u
#define LAYERS 1000u

typedef struct Pdf {
	SgPart	*part;
	SgSink	*sink;
	PopplerDocument *doc;
	GError **error;
	guint	 pages, inside;	/* pages that are read; parts given */
	guint	 chapters, layers;
	gsize	 letters;	/* of text on pages */
	gboolean hidden;	/* some layer was switched off */
	gboolean odd;		/* a page that is none */
} Pdf;

static guint
pdf_bid(const SgPart *part)
{
	return strcmp(part->detected, "application/pdf") == 0 ? 20 : 0;
}

static gboolean
give(Pdf *p, const GString *text)
{
	return text->len == 0 || p->sink->text(p->sink, "attachment", text->str, text->len, p->error);
}

/* A line of its own, with what it is of when that is known; takes value. */
static void
add_line(GString *out, const char *of, char *value)
{
	if (value != NULL && value[0] != '\0') {
		if (of != NULL && of[0] != '\0')
			g_string_append_printf(out, "%s: ", of);
		g_string_append(out, value);
		g_string_append_c(out, '\n');
	}
	g_free(value);
}

typedef struct Filling {
	Pdf	   *pdf;
	GByteArray *bytes;
} Filling;

static gboolean
fill(const char *buf, gsize n, gpointer data, GError **error)
{
	Filling *f = data;

	if (!f->pdf->sink->spend(f->pdf->sink, n, error))
		return FALSE;
	g_byte_array_append(f->bytes, (const guint8 *)buf, (guint)n);
	return TRUE;
}

/* FALSE: a limit.  A file that cannot be unpacked is as broken as the PDF. */
static gboolean
give_file(Pdf *p, PopplerAttachment *file, GString *text)
{
	Filling f = { p, g_byte_array_new() };
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = NULL;
	const char *name = poppler_attachment_get_name(file);
	gboolean ok = poppler_attachment_save_to_callback(file, fill, &f, &local);

	bytes = g_byte_array_free_to_bytes(f.bytes);
	add_line(text, NULL, g_strdup(poppler_attachment_get_description(file)));
	if (g_error_matches(local, SG_ERR, SG_ERR_LIMIT)) {
		g_propagate_error(p->error, g_steal_pointer(&local));
		return FALSE;
	}
	p->odd |= !ok;
	return p->sink->part(p->sink, sg_part_inside(p->part, ++p->inside, name, bytes), p->error);
}

static gboolean
give_files(Pdf *p, GString *text)
{
	GList *files = poppler_document_get_attachments(p->doc);
	gboolean ok = TRUE;

	for (GList *l = files; l != NULL && ok; l = l->next)
		ok = give_file(p, l->data, text);
	g_list_free_full(files, g_object_unref);
	return ok;
}

static void
add_action(GString *out, const PopplerAction *a)
{
	if (a == NULL)
		return;
	if (a->type == POPPLER_ACTION_URI)
		add_line(out, NULL, g_strdup(a->uri.uri));
	else if (a->type == POPPLER_ACTION_LAUNCH)
		add_line(out, a->launch.file_name, g_strdup(a->launch.params));
	else if (a->type == POPPLER_ACTION_GOTO_REMOTE)
		add_line(out, NULL, g_strdup(a->goto_remote.file_name));
	else if (a->type == POPPLER_ACTION_JAVASCRIPT)
		add_line(out, NULL, g_strdup(a->javascript.script));
}

static gboolean
add_note(Pdf *p, PopplerAnnot *a, GString *out)
{
	g_autofree char *who = NULL;
	PopplerAttachment *file;
	gboolean ok = TRUE;

	if (POPPLER_IS_ANNOT_MARKUP(a)) {
		who = poppler_annot_markup_get_label(POPPLER_ANNOT_MARKUP(a));
		add_line(out, who, poppler_annot_markup_get_subject(POPPLER_ANNOT_MARKUP(a)));
	}
	add_line(out, who, poppler_annot_get_contents(a));
	if (POPPLER_IS_ANNOT_SCREEN(a))
		add_action(out, poppler_annot_screen_get_action(POPPLER_ANNOT_SCREEN(a)));
	if (!POPPLER_IS_ANNOT_FILE_ATTACHMENT(a))
		return TRUE;
	file = poppler_annot_file_attachment_get_attachment(POPPLER_ANNOT_FILE_ATTACHMENT(a));
	if (file != NULL) {
		ok = give_file(p, file, out);
		g_object_unref(file);
	}
	return ok;
}

static void
add_field(PopplerFormField *field, GString *out)
{
	g_autofree char *name = poppler_form_field_get_name(field);
	g_autofree char *shown = poppler_form_field_get_alternate_ui_name(field);
	const char *of = shown != NULL && shown[0] != '\0' ? shown : name;

	add_action(out, poppler_form_field_get_action(field));
	switch (poppler_form_field_get_field_type(field)) {
	case POPPLER_FORM_FIELD_TEXT:
		add_line(out, of, poppler_form_field_text_get_text(field));
		break;
	case POPPLER_FORM_FIELD_CHOICE:
		add_line(out, of, poppler_form_field_choice_get_text(field));
		for (int i = 0, n = poppler_form_field_choice_get_n_items(field); i < n; i++)
			add_line(out, NULL, poppler_form_field_choice_get_item(field, i));
		break;
	case POPPLER_FORM_FIELD_BUTTON:
		if (poppler_form_field_button_get_state(field))
			add_line(out, NULL, g_strdup(of));
		break;
	case POPPLER_FORM_FIELD_SIGNATURE:
	case POPPLER_FORM_FIELD_UNKNOWN:
		break;
	}
}

/* Notes, links and fields of one page. */
static gboolean
add_beside(Pdf *p, PopplerPage *page, GString *out)
{
	GList *notes = poppler_page_get_annot_mapping(page);
	GList *links = poppler_page_get_link_mapping(page);
	GList *fields = poppler_page_get_form_field_mapping(page);
	gboolean ok = TRUE;

	for (GList *l = notes; l != NULL && ok; l = l->next)
		ok = add_note(p, ((PopplerAnnotMapping *)l->data)->annot, out);
	for (GList *l = links; l != NULL; l = l->next)
		add_action(out, ((PopplerLinkMapping *)l->data)->action);
	for (GList *l = fields; l != NULL; l = l->next)
		add_field(((PopplerFormFieldMapping *)l->data)->field, out);
	poppler_page_free_annot_mapping(notes);
	poppler_page_free_link_mapping(links);
	poppler_page_free_form_field_mapping(fields);
	return ok;
}

static gboolean
read_page(Pdf *p, PopplerPage *page, SgPdfPages *pages)
{
	g_autofree char *text = poppler_page_get_text(page);
	PopplerRectangle *boxes = NULL;
	guint n = 0;
	gboolean ok;

	G_STATIC_ASSERT(sizeof(PopplerRectangle) == sizeof(SgPdfBox));
	if (text == NULL || text[0] == '\0')
		return TRUE;
	if (!poppler_page_get_text_layout(page, &boxes, &n))
		n = 0;
	p->letters += strlen(text);
	ok = sg_pdf_pages_add(pages, text, (const SgPdfBox *)(const void *)boxes, n, p->error);
	g_free(boxes);
	return ok;
}

static gboolean
read_pages(Pdf *p, gboolean beside)
{
	g_autoptr(SgPdfPages) pages = sg_pdf_pages_new(p->sink);
	gboolean ok = TRUE;

	for (guint i = 0; i < p->pages && ok; i++) {
		PopplerPage *page = poppler_document_get_page(p->doc, (int)i);
		g_autoptr(GString) out = g_string_new(NULL);
		double width = 0, height = 0;

		if (page != NULL)
			poppler_page_get_size(page, &width, &height);
		p->odd |= width <= 0 || height <= 0;
		ok = p->sink->spend(p->sink, 0, p->error) && (page == NULL || (read_page(p, page, pages) &&
		    (!beside || (add_beside(p, page, out) && give(p, out)))));
		g_clear_object(&page);
	}
	return ok && sg_pdf_pages_end(pages, p->error);
}

/* Layers that a viewer does not show at first; all are shown from here on. */
static void
show_layers(Pdf *p, PopplerLayersIter *iter, guint depth)
{
	do {
		PopplerLayer *layer = poppler_layers_iter_get_layer(iter);
		PopplerLayersIter *child = depth < CHAPTERS_DEEP ? poppler_layers_iter_get_child(iter) : NULL;

		if (layer != NULL && !poppler_layer_is_visible(layer)) {
			p->hidden = TRUE;
			poppler_layer_show(layer);
		}
		g_clear_object(&layer);
		if (child != NULL)
			show_layers(p, child, depth + 1);
		g_clear_pointer(&child, poppler_layers_iter_free);
	} while (++p->layers < LAYERS && poppler_layers_iter_next(iter));
}

static gboolean
read_hidden(Pdf *p)
{
	PopplerLayersIter *iter = poppler_layers_iter_new(p->doc);

	if (iter == NULL)
		return TRUE;
	show_layers(p, iter, 0);
	poppler_layers_iter_free(iter);
	if (p->layers >= LAYERS)
		p->sink->limit(p->sink, "entries");
	return !p->hidden || read_pages(p, FALSE);
}

static void
add_chapters(Pdf *p, PopplerIndexIter *iter, guint depth, GString *out)
{
	do {
		PopplerAction *a = poppler_index_iter_get_action(iter);
		PopplerIndexIter *child = depth < CHAPTERS_DEEP ? poppler_index_iter_get_child(iter) : NULL;

		if (a != NULL)
			add_line(out, NULL, g_strdup(a->any.title));
		add_action(out, a);
		g_clear_pointer(&a, poppler_action_free);
		if (child != NULL)
			add_chapters(p, child, depth + 1, out);
		g_clear_pointer(&child, poppler_index_iter_free);
	} while (++p->chapters < CHAPTERS && poppler_index_iter_next(iter));
}

/* Names of chapters, and properties. */
static gboolean
give_about(Pdf *p, const SgPdfRaw *raw)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *xmp = poppler_document_get_metadata(p->doc);
	PopplerIndexIter *iter = poppler_index_iter_new(p->doc);

	if (iter != NULL)
		add_chapters(p, iter, 0, out);
	g_clear_pointer(&iter, poppler_index_iter_free);
	if (p->chapters >= CHAPTERS)
		p->sink->limit(p->sink, "entries");
	add_line(out, NULL, poppler_document_get_title(p->doc));
	add_line(out, NULL, poppler_document_get_author(p->doc));
	add_line(out, NULL, poppler_document_get_subject(p->doc));
	add_line(out, NULL, poppler_document_get_keywords(p->doc));
	add_line(out, NULL, poppler_document_get_creator(p->doc));
	if (xmp != NULL)
		sg_xmp_text(xmp, strlen(xmp), out);
	for (guint i = 0; i < raw->xfa->len; i++) {
		gsize n;
		const char *xml = g_bytes_get_data(raw->xfa->pdata[i], &n);

		sg_xml_text(xml, n, TRUE, out);
	}
	return give_files(p, out) && give(p, out);
}

static void
mark(SgPart *part, guint marks)
{
	static const struct {
		guint mark;
		const char *note, *kind;
	} known[] = {
		{ SG_PDF_SCRIPT, "pdf:script", "macro" }, { SG_PDF_LAUNCH, "pdf:launch", "shortcut" },
		{ SG_PDF_SUBMIT, "pdf:submit", NULL }, { SG_PDF_MEDIA, "pdf:media", NULL },
		{ SG_PDF_XFA, "pdf:xfa", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
		if ((marks & known[i].mark) == 0)
			continue;
		sg_part_note(part, known[i].note);
		if (known[i].kind != NULL)
			sg_part_kind(part, known[i].kind);
	}
}

/* The library wants a password where the look at the trailer did not expect one. */
static void
say_protected(SgPart *part)
{
	part->state = "protected";
	part->strength = "weak";
	if (part->method[0] == '\0')
		part->method = "encrypted";
	sg_part_kind(part, "encrypted-weak");
}

/* What can be seen without the library; always FALSE. */
static gboolean
read_raw(Pdf *p, GBytes *bytes, const char *why)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean ok = sg_pdf_raw_text(bytes, p->sink, text, p->error);

	if (!give(p, text) || !ok)
		return FALSE;
	g_set_error(p->error, SG_ERR, SG_ERR_INPUT, "PDF: %s", why);
	return FALSE;
}

static gboolean
read_document(Pdf *p, const SgPdfRaw *raw, GBytes *bytes)
{
	int pages = poppler_document_get_n_pages(p->doc);
	guint most = (guint)p->sink->options->scan.pages;

	p->pages = MIN((guint)MAX(pages, 0), most);
	p->odd = pages <= 0;
	if (!read_pages(p, TRUE) || !read_hidden(p) || !give_about(p, raw))
		return FALSE;
	if ((guint)MAX(pages, 0) > most)
		p->sink->limit(p->sink, "pages");
	return !p->odd || read_raw(p, bytes, "it has no such page");
}

static gboolean
pdf_run(SgPart *part, SgSink *sink, GError **error)
{
	GBytes *bytes = sg_part_bytes(part);
	g_autoptr(SgPdfRaw) raw = sg_pdf_raw_new();
	g_autoptr(GError) local = NULL;
	Pdf p = { .part = part, .sink = sink, .error = error };
	gboolean ok = sg_pdf_raw_check(raw, bytes, sink, error);

	mark(part, raw->marks);
	if (!ok) {
		g_autoptr(GString) text = g_string_new(NULL);

		sg_pdf_raw_text(bytes, sink, text, NULL);
		if (text->len > 0)
			sink->text(sink, "attachment", text->str, text->len, NULL);
		return FALSE;
	}
	p.doc = poppler_document_new_from_bytes(bytes, NULL, &local);
	if (g_error_matches(local, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)) {
		say_protected(part);
		return TRUE;
	}
	if (p.doc == NULL)
		return read_raw(&p, bytes, "it cannot be opened");
	ok = read_document(&p, raw, bytes);
	g_object_unref(p.doc);
	return ok;
}

/* The library's tables live as long as a document is open: this one stays. */
static gboolean
pdf_warm(GError **error)
{
	static const char file[] =
	    "%PDF-1.4\n"
	    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	    "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
	    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
	    "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
	    "4 0 obj<</Length 24>>stream\nBT /F 1 Tf 1 1 Td(a)Tj ET\nendstream endobj\n"
	    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
	    "trailer<</Root 1 0 R/Size 6>>\n";
	static PopplerDocument *doc;
	g_autoptr(GBytes) bytes = g_bytes_new_static(file, sizeof file - 1);
	g_autoptr(GError) local = NULL;
	PopplerPage *page;

	if (doc != NULL)
		return TRUE;
	doc = poppler_document_new_from_bytes(bytes, NULL, &local);
	page = doc != NULL ? poppler_document_get_page(doc, 0) : NULL;
	if (page == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "poppler does not read: %s",
		    local != NULL ? local->message : "no page");
		return FALSE;
	}
	g_free(poppler_page_get_text(page));
	g_object_unref(page);
	return TRUE;
}

extern const SgExtractor sg_x_pdf;
const SgExtractor sg_x_pdf = { "pdf", pdf_bid, pdf_run, pdf_warm, FALSE };
