#include <string.h>

#include "base/err.h"
#include "part/flow.h"
#include "part/table.h"

#define DEEP   64u		/* asides and cells in one another; deeper ones are not told apart */
#define FORMS  16u		/* forms in one another */
#define GIVEN  (1u << 20)	/* given to the sink at the end of a paragraph from here on */
#define LAYOUT 200u		/* letters in an average cell: no table, but a page laid out by one */
#define CELL   '\037'		/* between cells and rows, until it is known what they are */
#define ROW    '\036'
#define SPAN   64u		/* columns that one cell may cover */

typedef enum { BASE, ASIDE, CELLS } Kind;

typedef struct Frame {
	GString *text;
	GString *later;		/* asides of the paragraph in hand */
	Kind	 kind;
} Frame;

typedef struct Forms {
	gsize	 began[2], ended[2];	/* of the first form, and begin of the one in hand: text, later */
	gsize	 at[2];
	guint	 frame, given, seen;
} Forms;

struct SgFlow {
	SgSink	   *sink;
	const char *where;
	Frame	    frames[DEEP];
	Forms	    forms[FORMS];
	guint	    n_frames, n_forms, skipped_frames, skipped_forms;
	guint	    tables;		/* open */
	guint	    rows, columns, cells, widest;	/* of the outermost one */
	GString	   *table;		/* its cells so far */
	SgTable	   *out;
	gsize	    total;
	guint	    given;		/* how often text went to the sink: marks before it are void */
	GError	   *error;
};

static void
push(SgFlow *f, Kind kind)
{
	Frame *frame;

	if (f->n_frames == DEEP) {
		f->skipped_frames++;
		return;
	}
	frame = &f->frames[f->n_frames++];
	if (frame->text == NULL) {
		frame->text = g_string_new(NULL);
		frame->later = g_string_new(NULL);
	}
	g_string_truncate(frame->text, 0);
	g_string_truncate(frame->later, 0);
	frame->kind = kind;
}

static Frame *
top(SgFlow *f)
{
	return &f->frames[f->n_frames - 1];
}

SgFlow *
sg_flow_new(SgSink *sink, const char *where)
{
	SgFlow *f = g_new0(SgFlow, 1);

	f->sink = sink;
	f->where = where;
	f->table = g_string_new(NULL);
	f->out = sg_table_new(sink, where);
	push(f, BASE);
	return f;
}

void
sg_flow_free(SgFlow *f)
{
	if (f == NULL)
		return;
	for (guint i = 0; i < DEEP && f->frames[i].text != NULL; i++) {
		g_string_free(f->frames[i].text, TRUE);
		g_string_free(f->frames[i].later, TRUE);
	}
	g_string_free(f->table, TRUE);
	sg_table_free(f->out);
	g_clear_error(&f->error);
	g_free(f);
}

gboolean
sg_flow_failed(const SgFlow *f)
{
	return f->error != NULL;
}

/* More than the message may have cannot be given; it need not be kept either. */
static gboolean
room(SgFlow *f, gsize n)
{
	if (f->error != NULL)
		return FALSE;
	if (n <= (gsize)f->sink->options->scan.text - f->total) {
		f->total += n;
		return TRUE;
	}
	f->sink->limit(f->sink, "text");
	f->total = (gsize)f->sink->options->scan.text;
	return FALSE;
}

void
sg_flow_words(SgFlow *f, const char *s, gsize n)
{
	if (n > 0 && room(f, n))
		g_string_append_len(top(f)->text, s, (gssize)n);
}

static gboolean
at_begin(const GString *s)
{
	return s->len == 0 || s->str[s->len - 1] == '\n';
}

void
sg_flow_prose(SgFlow *f, const char *s, gsize n)
{
	GString *text = top(f)->text;
	const char *end = s + n;

	if (!room(f, n))
		return;
	while (s < end) {
		const char *from = s;

		while (s < end && g_ascii_isspace(*s))
			s++;
		if (s > from && !at_begin(text) && text->str[text->len - 1] != ' ')
			g_string_append_c(text, ' ');
		for (from = s; s < end && !g_ascii_isspace(*s);)
			s++;
		g_string_append_len(text, from, s - from);
	}
}

void
sg_flow_break(SgFlow *f)
{
	sg_flow_words(f, "\n", 1);
}

static void
give(SgFlow *f)
{
	GString *text = f->frames[0].text;

	if (f->error == NULL && text->len > 0 &&
	    !f->sink->text(f->sink, f->where, text->str, text->len, &f->error) && f->error == NULL)
		g_set_error(&f->error, SG_ERR, SG_ERR_LIMIT, "text refused");
	g_string_truncate(text, 0);
	f->given++;
}

static void
end_line(GString *text)
{
	if (!at_begin(text))
		g_string_append_c(text, '\n');
}

void
sg_flow_paragraph(SgFlow *f)
{
	Frame *frame = top(f);

	end_line(frame->text);
	if (frame->later->len > 0) {
		g_string_append_len(frame->text, frame->later->str, (gssize)frame->later->len);
		g_string_truncate(frame->later, 0);
		end_line(frame->text);
	}
	if (frame->kind == BASE && frame->text->len > GIVEN)
		give(f);
}

void
sg_flow_line(SgFlow *f, const char *s, gsize n)
{
	GString *later = top(f)->later;

	if (n == 0 || !room(f, n + 1))
		return;
	g_string_append_len(later, s, (gssize)n);
	g_string_append_c(later, '\n');
}

void
sg_flow_aside(SgFlow *f)
{
	push(f, ASIDE);
}

/* The frame on top is over when it is of this kind. */
static GString *
pop(SgFlow *f, Kind kind)
{
	if (f->skipped_frames > 0) {
		f->skipped_frames--;
		return NULL;
	}
	if (f->n_frames < 2 || top(f)->kind != kind)
		return NULL;
	sg_flow_paragraph(f);
	return f->frames[--f->n_frames].text;
}

void
sg_flow_aside_end(SgFlow *f)
{
	GString *text = pop(f, ASIDE);

	if (text != NULL)
		g_string_append_len(top(f)->later, text->str, (gssize)text->len);
}

void
sg_flow_table(SgFlow *f)
{
	sg_flow_paragraph(f);
	if (f->tables++ > 0)
		return;
	f->rows = f->columns = f->cells = f->widest = 0;
	g_string_truncate(f->table, 0);
}

void
sg_flow_row(SgFlow *f)
{
	if (f->tables != 1) {
		sg_flow_paragraph(f);
		return;
	}
	if (f->rows++ > 0)
		g_string_append_c(f->table, ROW);
	f->columns = 0;
}

void
sg_flow_cell(SgFlow *f)
{
	if (f->tables == 1)
		push(f, CELLS);
}

void
sg_flow_cell_end(SgFlow *f, guint columns)
{
	GString *text;

	if (f->tables != 1) {
		sg_flow_words(f, "\t", f->tables > 0);
		return;
	}
	text = pop(f, CELLS);
	if (text == NULL)
		return;
	while (text->len > 0 && text->str[text->len - 1] == '\n')
		g_string_truncate(text, text->len - 1);
	g_string_append_len(f->table, text->str, (gssize)text->len);
	for (columns = CLAMP(columns, 1, SPAN); columns > 0; columns--) {
		g_string_append_c(f->table, CELL);
		f->columns++;
	}
	f->cells++;
	f->widest = MAX(f->widest, f->columns);
}

/* A page that was laid out in a grid, or a frame round some words. */
static void
table_as_text(SgFlow *f)
{
	GString *text = top(f)->text;

	for (char *p = f->table->str; *p != '\0'; p++)
		if (*p == CELL || *p == ROW)
			*p = *p == ROW ? '\n' : '\t';
	for (char *p = f->table->str, *end; *p != '\0'; p = end) {
		end = p + strcspn(p, "\n");
		g_string_append_len(text, p, end - p);
		while (text->len > 0 && text->str[text->len - 1] == '\t')
			g_string_truncate(text, text->len - 1);
		end_line(text);
		end += *end == '\n';
	}
}

static void
table_as_table(SgFlow *f)
{
	guint row = 0, column = 0;

	if (f->n_frames == 1)
		give(f);
	for (const char *p = f->table->str; *p != '\0' && f->error == NULL; p++) {
		gsize n = strcspn(p, "\037\036");
		g_autoptr(GError) local = NULL;

		/* its limit is told by itself; what it has is given all the same */
		if (!sg_table_cell(f->out, row, column, p, n, &local))
			break;
		p += n;
		if (*p == '\0')
			break;
		row += *p == ROW;
		column = *p == ROW ? 0 : column + 1;
	}
	if (f->error == NULL)
		sg_table_give(f->out, &f->error);
}

void
sg_flow_table_end(SgFlow *f)
{
	if (f->tables == 0)
		return;
	if (--f->tables > 0) {
		sg_flow_paragraph(f);
		return;
	}
	while (f->n_frames > 1 && top(f)->kind == CELLS)
		f->n_frames--;		/* a cell that was never closed */
	if (f->rows < 2 || f->widest < 2 || f->table->len / MAX(f->cells, 1) > LAYOUT)
		table_as_text(f);
	else
		table_as_table(f);
	g_string_truncate(f->table, 0);
}

void
sg_flow_forms(SgFlow *f)
{
	if (f->n_forms == FORMS) {
		f->skipped_forms++;
		return;
	}
	f->forms[f->n_forms++] = (Forms){ .frame = f->n_frames, .given = f->given };
}

void
sg_flow_form(SgFlow *f)
{
	Forms *m = f->n_forms > 0 ? &f->forms[f->n_forms - 1] : NULL;

	if (m == NULL || f->skipped_forms > 0)
		return;
	m->at[0] = top(f)->text->len;
	m->at[1] = top(f)->later->len;
}

/* Letter for letter the same, white space aside? */
static gboolean
same_words(const char *a, gsize n_a, const char *b, gsize n_b)
{
	const char *end_a = a + n_a, *end_b = b + n_b;

	for (;;) {
		while (a < end_a && g_ascii_isspace(*a))
			a++;
		while (b < end_b && g_ascii_isspace(*b))
			b++;
		if (a == end_a || b == end_b)
			return a == end_a && b == end_b;
		if (*a++ != *b++)
			return FALSE;
	}
}

/* Takes out of what stands from at on the lines that stand in [began, ended) too. */
static void
drop_known_lines(GString *s, gsize began, gsize ended, gsize at)
{
	g_autofree char *first = g_strndup(s->str + began, ended - began);
	g_autofree char *second = g_strndup(s->str + at, s->len - at);
	g_auto(GStrv) known = g_strsplit(first, "\n", -1), lines = g_strsplit(second, "\n", -1);
	g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);

	for (char **k = known; *k != NULL; k++)
		g_hash_table_add(set, *k);
	g_string_truncate(s, at);
	for (char **l = lines; *l != NULL; l++)
		if (**l != '\0' && !g_hash_table_contains(set, *l)) {
			g_string_append(s, *l);
			g_string_append_c(s, '\n');
		}
}

/* What a later form repeats of the first one goes. */
static void
compare_forms(SgFlow *f, const Forms *m)
{
	GString *text = top(f)->text;

	if (same_words(text->str + m->began[0], m->ended[0] - m->began[0], text->str + m->at[0], text->len - m->at[0]))
		g_string_truncate(text, m->at[0]);
	drop_known_lines(top(f)->later, m->began[1], m->ended[1], m->at[1]);
}

void
sg_flow_form_end(SgFlow *f)
{
	Forms *m = f->n_forms > 0 ? &f->forms[f->n_forms - 1] : NULL;
	GString *now[2] = { top(f)->text, top(f)->later };

	if (m == NULL || f->skipped_forms > 0 || m->frame != f->n_frames || m->given != f->given)
		return;
	for (guint i = 0; i < 2; i++)
		if (now[i]->len < m->at[i] || m->at[i] < m->ended[i])
			return;		/* it went elsewhere meanwhile */
	if (m->seen++ > 0) {
		compare_forms(f, m);
		return;
	}
	for (guint i = 0; i < 2; i++) {
		m->began[i] = m->at[i];
		m->ended[i] = now[i]->len;
	}
}

void
sg_flow_forms_end(SgFlow *f)
{
	if (f->skipped_forms > 0)
		f->skipped_forms--;
	else if (f->n_forms > 0)
		f->n_forms--;
}

gboolean
sg_flow_finish(SgFlow *f, GError **error)
{
	f->skipped_frames = f->skipped_forms = f->n_forms = 0;
	while (f->n_frames > 1) {
		GString *text = pop(f, top(f)->kind);

		g_string_append_len(top(f)->text, text->str, (gssize)text->len);
	}
	if (f->tables > 0) {
		f->tables = 1;
		sg_flow_table_end(f);
	}
	sg_flow_paragraph(f);
	give(f);
	f->total = 0;
	if (f->error == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&f->error));
	return FALSE;
}
