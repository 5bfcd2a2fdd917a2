#include <string.h>

#include "base/err.h"
#include "base/letters.h"
#include "rewrite/disclaim.h"
#include "rewrite/htmlspot.h"
#include "rewrite/leaf.h"
#include "text/passages.h"

#define TEXTS_MAX  32u
#define LEAVES_MAX 16u		/* readings of one message */
#define LONGEST   998u		/* RFC 5321 4.5.3.1.6, without the line end */

typedef enum { BOTTOM, TOP, ABOVE_QUOTE } Place;

/* One readable leaf, with what is known of its words. */
typedef struct Reading {
	SgLeaf leaf;
	char  *lf;			/* a plain text as words, with its lines */
	char  *own, *quoted;		/* normalised */
	gsize  at[3];			/* of each Place, in leaf.view */
} Reading;

typedef struct Work {
	const SgTree	*tree;
	const GPtrArray *texts;		/* SgWireDISCLAIM */
	gboolean	*wanted;	/* of each text	  */
	Reading		 readings[LEAVES_MAX];
	guint		 n;
} Work;

/* --- looking ------------------------------------------------------------------------ */

/* The offset, in text with any line ends, of the line that starts at quote in lf. */
static gsize
same_line(const GString *text, const char *lf, gsize quote)
{
	gsize line = 0, at = 0;

	for (gsize i = 0; i < quote; i++)
		line += lf[i] == '\n';
	for (; line > 0 && at < text->len; line--) {
		const char *nl = memchr(text->str + at, '\n', text->len - at);

		at = nl != NULL ? (gsize)(nl + 1 - text->str) : text->len;
	}
	return at;
}

/* Nothing may stand before a byte order mark. */
static gsize
behind_mark(const SgLeaf *l)
{
	return l->view->len >= 3 && memcmp(l->view->str, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static void
look_at_plain(Reading *r, const char *lf, gsize len)
{
	gsize quote = sg_passages_quote(lf, len);

	r->at[BOTTOM] = r->leaf.view->len;
	r->at[TOP] = behind_mark(&r->leaf);
	r->at[ABOVE_QUOTE] = quote < len ? same_line(r->leaf.view, lf, quote) : r->leaf.view->len;
	r->own = sg_letters(lf, quote);
	r->quoted = sg_letters(lf + quote, len - quote);
}

static SgSkip
look_at_html(Reading *r)
{
	g_autoptr(GString) words = g_string_new(NULL);
	g_autofree char *own = NULL, *quoted = NULL;
	gsize quote = 0;
	SgHtmlSpots spots;

	sg_html_spots(r->leaf.view->str, r->leaf.view->len, &spots, words, &quote);
	if (!spots.shown)
		return SG_SKIP_HTML;
	r->at[BOTTOM] = spots.bottom;
	r->at[TOP] = MAX(spots.top, behind_mark(&r->leaf));
	r->at[ABOVE_QUOTE] = spots.quote;
	/* what the sender wrote below the quotation cannot be told from it */
	own = sg_leaf_words(&r->leaf, words->str, quote);
	quoted = sg_leaf_words(&r->leaf, words->str + quote, words->len - quote);
	sg_html_references(own);
	sg_html_references(quoted);
	if (sg_bodies_armour(own, TRUE) || sg_bodies_armour(quoted, TRUE))
		return SG_SKIP_PGP;
	r->own = sg_letters(own, strlen(own));
	r->quoted = sg_letters(quoted, strlen(quoted));
	return SG_SKIP_NONE;
}

static SgSkip
open_reading(Work *w, guint node)
{
	Reading *r = &w->readings[w->n];
	SgSkip skip = sg_leaf_open(w->tree, &g_array_index(w->tree->nodes, SgNode, node), &r->leaf);

	w->n++;
	if (skip != SG_SKIP_NONE)
		return skip;
	if (r->leaf.html)
		return look_at_html(r);
	r->lf = sg_leaf_words(&r->leaf, r->leaf.view->str, r->leaf.view->len);
	if (sg_bodies_armour(r->lf, FALSE))
		return SG_SKIP_PGP;
	look_at_plain(r, r->lf, strlen(r->lf));
	return SG_SKIP_NONE;
}

static SgSkip
open_all(Work *w, GArray *nodes)
{
	SgSkip skip = nodes->len <= LEAVES_MAX ? SG_SKIP_NONE : SG_SKIP_UNCLEAR;

	for (guint i = 0; i < nodes->len && skip == SG_SKIP_NONE; i++)
		skip = open_reading(w, g_array_index(nodes, guint, i));
	return skip;
}

/* known: normalised texts, one a line. */
static gboolean
has_one(const char *words, const char *known)
{
	g_auto(GStrv) all = g_strsplit(known, "\n", -1);

	for (char **k = all; *k != NULL; k++)
		if (**k != '\0' && strstr(words, *k) != NULL)
			return TRUE;
	return FALSE;
}

/* --- writing ------------------------------------------------------------------------ */

static Place
place_of(const SgWireDISCLAIM *d)
{
	if (strcmp(d->place, "top") == 0)
		return TOP;
	return strcmp(d->place, "above-quote") == 0 ? ABOVE_QUOTE : BOTTOM;
}

/* One line of a plain text; RFC 3676 4.2 and 4.4: in flowed text no line may end with a
 * blank, except the signature's, and some beginnings get one before. */
static void
append_line(GString *out, const SgLeaf *l, const char *line, gsize n)
{
	if (l->flowed) {
		while (n > 0 && line[n - 1] == ' ' && !(n == 3 && memcmp(line, "-- ", 3) == 0))
			n--;
		if (n > 0 && (*line == ' ' || *line == '>' || (n >= 5 && memcmp(line, "From ", 5) == 0)))
			g_string_append_c(out, ' ');
	}
	g_string_append_len(out, line, (gssize)n);
	g_string_append(out, l->eol);
}

static void
append_lines(GString *out, const SgLeaf *l, const char *text)
{
	while (*text != '\0') {
		gsize n = strcspn(text, "\n");

		append_line(out, l, text, n);
		text += n + (text[n] == '\n');
	}
}

/* Letters beyond ASCII as references: no charset can lack them. */
static void
append_html(GString *out, const SgLeaf *l, const char *html)
{
	for (const char *p = html; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == '\n')
			g_string_append(out, l->eol);
		else if (c < 0x80)
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "&#%u;", c);
	}
	g_string_append(out, l->eol);
}

/* Below a quotation, letter by letter as we write it: put there by us.  What a mail program
 * quotes has marks before its lines, or other markup. */
static gboolean
has_ours(const Reading *r, const SgWireDISCLAIM *d)
{
	g_autoptr(GString) block = g_string_new(NULL);

	if (!r->leaf.html) {
		const char *at;

		/* the last line end may be missing */
		g_string_append(block, d->plain);
		while (block->len > 0 && block->str[block->len - 1] == '\n')
			g_string_truncate(block, block->len - 1);
		at = block->len > 0 ? strstr(r->lf, block->str) : NULL;
		while (at != NULL && at > r->lf && at[-1] != '\n')
			at = strstr(at + 1, block->str);
		return at != NULL;
	}
	append_html(block, &r->leaf, d->html);
	return memmem(r->leaf.view->str, r->leaf.view->len, block->str, block->len) != NULL;
}

static SgSkip
is_there(const Work *w, const SgWireDISCLAIM *d, gboolean reply)
{
	gboolean always = strcmp(d->repeat, "always") == 0;

	for (guint i = 0; i < w->n; i++) {
		const Reading *r = &w->readings[i];

		if (has_one(r->own, d->known) || (always && has_ours(r, d)) ||
		    (!always && has_one(r->quoted, d->known)))
			return SG_SKIP_THERE;
	}
	return reply && strcmp(d->repeat, "never") == 0 ? SG_SKIP_REPLY : SG_SKIP_NONE;
}

static gboolean
line_before_is_blank(const GString *s, gsize at)
{
	return at == 0 || (at >= 2 && s->str[at - 1] == '\n' && (s->str[at - 2] == '\n' ||
	    (at >= 3 && s->str[at - 2] == '\r' && s->str[at - 3] == '\n')));
}

/* What stands at one place: every wanted text for it, in order. */
static void
insert_at(const Work *w, const Reading *r, Place place, GArray *inserts)
{
	const SgLeaf *l = &r->leaf;
	gsize at = r->at[place];
	SgInsert in = { at, g_string_new(NULL) };
	gboolean first = TRUE;

	for (guint i = 0; i < w->texts->len; i++) {
		const SgWireDISCLAIM *d = g_ptr_array_index(w->texts, i);

		if (!w->wanted[i] || place_of(d) != place)
			continue;
		if (l->html) {
			if (at > 0 || !first)
				g_string_append(in.text, first ? l->eol : "");
			append_html(in.text, l, d->html);
		} else {
			if (first && at > 0 && l->view->str[at - 1] != '\n')
				g_string_append(in.text, l->eol);
			if (first ? !line_before_is_blank(l->view, at) : TRUE)
				g_string_append(in.text, l->eol);
			append_lines(in.text, l, d->plain);
		}
		first = FALSE;
	}
	if (first) {
		g_string_free(in.text, TRUE);
		return;
	}
	if (!l->html && at < l->view->len)
		g_string_append(in.text, l->eol);
	/* a text that did not end with a line end does not get one */
	if (!l->html && at == l->view->len && at > 0 && l->view->str[at - 1] != '\n')
		g_string_truncate(in.text, in.text->len - strlen(l->eol));
	g_array_append_val(inserts, in);
}

static gint
by_place(gconstpointer a, gconstpointer b)
{
	const SgInsert *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* No line may be too long, nor look like a boundary of the message. */
static gboolean
lines_are_safe(const Work *w, const GArray *inserts, const SgLeaf *l)
{
	for (guint i = 0; i < inserts->len; i++) {
		g_auto(GStrv) lines = g_strsplit(g_array_index(inserts, SgInsert, i).text->str, "\n", -1);

		for (char **line = lines; *line != NULL; line++) {
			if (l->coding == SG_AS_IS && strlen(*line) > LONGEST)
				return FALSE;
			if (strncmp(*line, "--", 2) != 0)
				continue;
			for (guint k = 0; k < w->tree->nodes->len; k++) {
				const SgNode *n = &g_array_index(w->tree->nodes, SgNode, k);
				const char *bound = n->type != SG_NODE_MULTIPART ? NULL :
				    g_mime_object_get_content_type_parameter(n->object, "boundary");

				if (bound != NULL && g_str_has_prefix(*line + 2, bound))
					return FALSE;
			}
		}
	}
	return TRUE;
}

static SgSkip
write_leaf(const Work *w, const Reading *r, GString *out)
{
	g_autoptr(GArray) inserts = sg_inserts_new();

	insert_at(w, r, TOP, inserts);
	insert_at(w, r, ABOVE_QUOTE, inserts);
	insert_at(w, r, BOTTOM, inserts);
	g_array_sort(inserts, by_place);
	return lines_are_safe(w, inserts, &r->leaf) ? sg_leaf_write(&r->leaf, inserts, out)
						     : SG_SKIP_UNCLEAR;
}

static SgSkip
splice(const Work *w, guint64 most, GBytes **out)
{
	gsize len, from = 0;
	const char *raw = g_bytes_get_data(w->tree->raw, &len);
	g_autoptr(GString) all = g_string_sized_new(len + 4096 * w->n);

	for (guint i = 0; i < w->n; i++) {
		const SgLeaf *l = &w->readings[i].leaf;
		gsize start = (gsize)(l->head - raw);
		SgSkip skip;

		if (start < from)
			return SG_SKIP_UNCLEAR;
		g_string_append_len(all, raw + from, (gssize)(start - from));
		skip = write_leaf(w, &w->readings[i], all);
		if (skip != SG_SKIP_NONE)
			return skip;
		from = (gsize)(l->body + l->body_len - raw);
	}
	g_string_append_len(all, raw + from, (gssize)(len - from));
	if (all->len > most)
		return SG_SKIP_SIZE;
	*out = g_string_free_to_bytes(g_steal_pointer(&all));
	return SG_SKIP_NONE;
}

/* --- one message ------------------------------------------------------------------------ */

static void
tell(SgDisclaimed *out, const SgWireDISCLAIM *d, SgSkip skip)
{
	GString *to = skip == SG_SKIP_NONE ? out->added : out->skipped;

	if (to->len > 0)
		g_string_append_c(to, ' ');
	g_string_append(to, d->name);
	if (skip != SG_SKIP_NONE)
		g_string_append_printf(to, "=%s", sg_skip_word(skip));
}

static SgSkip
look(Work *w)
{
	g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(guint));
	SgSkip skip = w->tree->message != NULL ? sg_bodies_find(w->tree, nodes) : SG_SKIP_UNCLEAR;

	return skip == SG_SKIP_NONE ? open_all(w, nodes) : skip;
}

void
sg_disclaim(GBytes *raw, const GPtrArray *texts, guint64 most, SgDisclaimed *out)
{
	static const SgTreeLimits limits = SG_TREE_MOST;
	gboolean reply = FALSE, any = FALSE;
	SgSkip skip = raw != NULL ? sg_bodies_headers(raw, &reply) : SG_SKIP_UNCLEAR;
	g_autoptr(SgTree) tree = skip == SG_SKIP_NONE ? sg_tree_read(raw, &limits, 0, "") : NULL;
	g_autofree gboolean *wanted = g_new0(gboolean, texts->len + 1);
	g_autofree SgSkip *skips = g_new0(SgSkip, texts->len + 1);
	Work w = { .tree = tree, .texts = texts, .wanted = wanted };

	memset(out, 0, sizeof *out);
	out->added = g_string_new(NULL);
	out->skipped = g_string_new(NULL);
	if (tree != NULL)
		skip = look(&w);
	for (guint i = 0; i < texts->len; i++) {
		skips[i] = skip != SG_SKIP_NONE ? skip : is_there(&w, g_ptr_array_index(texts, i), reply);
		wanted[i] = skips[i] == SG_SKIP_NONE;
		any = any || wanted[i];
	}
	skip = any ? splice(&w, most, &out->bytes) : SG_SKIP_NONE;
	for (guint i = 0; i < texts->len; i++)
		tell(out, g_ptr_array_index(texts, i), wanted[i] ? skip : skips[i]);
	for (guint i = 0; i < w.n; i++) {
		sg_leaf_clear(&w.readings[i].leaf);
		g_free(w.readings[i].lf);
		g_free(w.readings[i].own);
		g_free(w.readings[i].quoted);
	}
}

void
sg_disclaimed_clear(SgDisclaimed *d)
{
	g_clear_pointer(&d->bytes, g_bytes_unref);
	if (d->added != NULL)
		g_string_free(d->added, TRUE);
	if (d->skipped != NULL)
		g_string_free(d->skipped, TRUE);
	d->added = d->skipped = NULL;
}

static void
free_text(gpointer p)
{
	sg_wire_clear_DISCLAIM(p);
	g_free(p);
}

GPtrArray *
sg_disclaim_texts(GBytes *frames, GError **error)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(free_text);
	gsize at = 0;

	while (at < g_bytes_get_size(frames)) {
		g_autoptr(GBytes) one = sg_wire_next_frame(frames, &at);
		SgWireDISCLAIM *d = g_new0(SgWireDISCLAIM, 1);

		g_ptr_array_add(texts, d);
		if (one == NULL || texts->len > TEXTS_MAX) {
			g_set_error(error, SG_ERR, SG_ERR_PEER, "texts that cannot be read");
			return NULL;
		}
		if (!sg_wire_get_DISCLAIM(one, d, error))
			return NULL;
	}
	return g_steal_pointer(&texts);
}
