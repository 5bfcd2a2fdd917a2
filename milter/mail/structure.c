#include <string.h>

#include "mail/params.h"
#include "mail/structure.h"
#include "text/lines.h"

#define BOTH (SG_FLAG_AMBIGUOUS | SG_FLAG_MALFORMED)
#define NAME 40u	/* longer names are not ours */
#define MOST 20u	/* fields of one name that are compared */

typedef enum { TYPE, CODING, DISPOSITION, FROM, KINDS } Kind;

static const char *const names[KINDS] = { "content-type", "content-transfer-encoding",
	"content-disposition", "from" };

typedef struct Block {
	GPtrArray   *values[KINDS];	/* char *; NULL until there is one */
	GString	    *now;		/* the value that may go on in the next line */
	Kind	     kind;		/* of it */
	SgStructure *out;
	gboolean     stray, faded;	/* a line that is no field, a line of blanks: above */
} Block;

/* The letters of a name, whatever else is in it. */
static void
letters_of(const char *p, gsize n, char out[NAME + 1])
{
	gsize o = 0;

	for (gsize i = 0; i < n && o < NAME; i++)
		if (g_ascii_isalpha(p[i]))
			out[o++] = g_ascii_tolower(p[i]);
	out[o] = '\0';
}

static gboolean
same_letters(const char *letters, const char *name)
{
	for (; *name != '\0'; name++)
		if (*name != '-' && *letters++ != *name)
			return FALSE;
	return *letters == '\0';
}

/* KINDS: another field.  *exact: written as it should be. */
static Kind
kind_of(const char *p, gsize n, gboolean *exact)
{
	char letters[NAME + 1];

	/* most fields are none of ours, and most lines begin with a letter */
	if (g_ascii_isalpha(*p) && (*p | 0x20) != 'c' && (*p | 0x20) != 'f')
		return KINDS;
	letters_of(p, n, letters);
	for (Kind k = 0; k < KINDS; k++)
		if (same_letters(letters, names[k])) {
			*exact = n == strlen(names[k]) && g_ascii_strncasecmp(p, names[k], n) == 0;
			return k;
		}
	return KINDS;
}

static gboolean
has_control(const char *p, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (((guchar)p[i] < 0x20 && p[i] != '\t') || p[i] == 0x7f)
			return TRUE;
	return FALSE;
}

static gboolean
has_word(const char *p, gsize n, const char *word)
{
	gsize k = strlen(word);

	for (gsize i = 0; i + k <= n; i++)
		if (g_ascii_tolower(p[i]) == word[0] && g_ascii_strncasecmp(p + i, word, k) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
names_coding(const char *p, gsize n)
{
	return has_word(p, n, "base64") || has_word(p, n, "quoted") || has_word(p, n, "uue");
}

static void
end_field(Block *b)
{
	if (b->now == NULL)
		return;
	if (b->values[b->kind] == NULL)
		b->values[b->kind] = g_ptr_array_new_with_free_func(g_free);
	if (b->values[b->kind]->len < MOST)
		g_ptr_array_add(b->values[b->kind], g_string_free(b->now, FALSE));
	else
		g_string_free(b->now, TRUE);
	b->now = NULL;
}

/* This line ends, or begins behind, a CR alone. */
static gboolean
is_cut(const SgLines *l, const char *begin)
{
	return (l->line > begin && l->line[-1] == '\r') ||
	    (l->next < l->end && l->next[-1] == '\r');
}

static void
go_on(Block *b, const SgLines *l)
{
	gsize blanks = sg_lines_blanks(l->line, l->len);

	/* a field that a fold hides, for those who do not see the fold */
	if (l->len - blanks > 12 && g_ascii_strncasecmp(l->line + blanks, "content-", 8) == 0 &&
	    memchr(l->line, ':', l->len) != NULL)
		b->out->odd = TRUE;
	if (b->now == NULL)
		return;
	if (b->kind != FROM && has_control(l->line, l->len))
		b->out->flags |= BOTH;
	g_string_append_len(b->now, l->line, (gssize)l->len);
}

static void
new_field(Block *b, const SgLines *l, const char *colon, const char *begin)
{
	gsize n = (gsize)(colon - l->line);
	gboolean exact = FALSE;
	Kind kind = kind_of(l->line, n, &exact);

	if (kind == KINDS) {
		b->out->odd = b->out->odd ||
		    (n < l->len && has_word(l->line, n, "encoding") && names_coding(colon, l->len - n));
		return;
	}
	b->kind = kind;
	b->now = g_string_new_len(colon + 1, (gssize)(l->len - n - 1));
	if (kind == FROM)
		return;
	b->out->odd = b->out->odd || b->faded;
	if (b->stray || is_cut(l, begin) || has_control(l->line, l->len))
		b->out->flags |= BOTH;
	else if (!exact)
		b->out->flags |= SG_FLAG_AMBIGUOUS;
}

/* A parameter that mailers forgot to fold: name="a.txt" at the start of a line. */
static gboolean
is_unfolded(const Block *b, const SgLines *l)
{
	gsize n = 0;

	if (b->now == NULL || b->now->len == 0 || b->now->str[b->now->len - 1] != ';')
		return FALSE;
	while (n < l->len && g_ascii_isalpha(l->line[n]))
		n++;
	return n > 0 && n < l->len && l->line[n] == '=';
}

static void
read_block(Block *b, const char *p, gsize n)
{
	SgLines l = sg_lines(p, n);

	while (sg_lines_next(&l)) {
		const char *colon = memchr(l.line, ':', l.len);
		gboolean blank = sg_lines_blanks(l.line, l.len) == l.len;

		if (blank) {
			b->faded = TRUE;
		} else if (l.line[0] == ' ' || l.line[0] == '\t') {
			go_on(b, &l);
		} else {
			gboolean slip = is_unfolded(b, &l);

			if (slip) {
				b->out->odd = TRUE;
				go_on(b, &l);
				continue;
			}
			end_field(b);
			if (colon != NULL)
				new_field(b, &l, colon, p);
			else if (!(l.line == p && l.len > 5 && strncmp(l.line, "From ", 5) == 0))
				b->stray = TRUE;
		}
	}
	end_field(b);
}

/* ---- what the fields say */

static char *
first_word(const char *value)
{
	char *s = g_strstrip(g_ascii_strdown(value, (gssize)strcspn(value, ";")));

	return s;
}

/* A boundary that every program finds, and reads to the same letters. */
static void
judge_boundary(const char *value, SgStructure *out)
{
	g_auto(SgParams) p = { 0 };
	const char *bound;
	gsize n;

	sg_params_read(value, "boundary", &p);
	if (p.values->len == 0)
		return;
	bound = g_ptr_array_index(p.values, 0);
	n = strlen(bound);
	if (p.values->len > 1 || p.plain > 1 || p.extended || p.odd || strstr(value, "=?") != NULL || n == 0)
		out->flags |= SG_FLAG_AMBIGUOUS;
	for (gsize i = 0; i < n; i++)
		if ((guchar)bound[i] >= 0x80)
			out->flags |= SG_FLAG_AMBIGUOUS;
}

static gboolean
is_type(const char *s)
{
	const char *slash = strchr(s, '/');

	for (const char *p = s; *p != '\0'; p++)
		if (p != slash && !g_ascii_isalnum(*p) && strchr("-+._", *p) == NULL)
			return FALSE;
	return slash != NULL && slash > s && slash[1] != '\0';
}

static void
judge_type(const char *value, SgStructure *out)
{
	g_autofree char *type = first_word(value);
	g_auto(SgParams) file = { 0 };

	if (g_str_has_prefix(type, "multipart/") && is_type(type)) {
		judge_boundary(value, out);
	} else if (!is_type(type)) {
		out->odd = TRUE;
		if (strstr(type, "multipart") != NULL || strstr(type, "boundary") != NULL || strstr(type, "=?") != NULL)
			out->flags |= SG_FLAG_AMBIGUOUS;
	} else if (has_word(value, strlen(value), "boundary")) {
		out->odd = TRUE;
	}
	sg_params_read(value, "name", &file);
	if (file.plain > 1 && file.values->len > 1)
		out->flags |= SG_FLAG_AMBIGUOUS;
}

#define PROPER 5	/* of plain[] */

/* The coding as far as it changes the bytes: "" for those that do not. */
static const char *
coding_class(const char *word, gboolean *proper)
{
	static const char *const plain[] = { "", "7bit", "8bit", "binary", "8-bit",
		/* what mailers write that means nothing, too */
		"7-bit", "7bits", "8bits", "7 bit", "8 bit", "none", "plain", "text", "ascii", "us-ascii",
		"utf-8", "utf8", "iso-8859-1", "8859_1", "identity" };

	for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
		if (strcmp(word, plain[i]) == 0) {
			*proper = i < PROPER;
			return "";
		}
	*proper = strcmp(word, "base64") == 0 || strcmp(word, "quoted-printable") == 0 ||
	    strcmp(word, "x-uuencode") == 0 || strcmp(word, "uuencode") == 0 || strcmp(word, "x-uue") == 0;
	return word;
}

static void
judge_coding(const char *value, gboolean multipart, SgStructure *out)
{
	g_autofree char *word = g_strstrip(g_ascii_strdown(value, -1));
	const char *class, *end = word + strlen(word);
	gboolean proper;

	/* a semicolon with nothing behind it is a slip, and all programs pass over it */
	if (end > word && end[-1] == ';')
		word[end - word - 1] = '\0';
	class = coding_class(word, &proper);
	out->odd = out->odd || !proper || (multipart && class[0] != '\0');
	if (class[0] != '\0' && (!proper || (multipart && strcmp(class, "base64") == 0)))
		out->flags |= SG_FLAG_AMBIGUOUS;
}

static gboolean
same_parameter(const char *a, const char *b, const char *name)
{
	g_auto(SgParams) x = { 0 }, y = { 0 };

	sg_params_read(a, name, &x);
	sg_params_read(b, name, &y);
	if (x.values->len == 0 || y.values->len == 0)
		return x.values->len == y.values->len;
	return strcmp(g_ptr_array_index(x.values, 0), g_ptr_array_index(y.values, 0)) == 0;
}

/* Do two fields of one name mean the same to those who read the first, and the last? */
static gboolean
same_meaning(Kind kind, const char *a, const char *b)
{
	g_autofree char *x = first_word(a), *y = first_word(b);

	gboolean proper;

	if (kind == CODING)
		return strcmp(coding_class(x, &proper), coding_class(y, &proper)) == 0;
	if (strcmp(x, y) != 0)
		return FALSE;
	return kind == TYPE ? same_parameter(a, b, "boundary") :
	    kind == DISPOSITION ? same_parameter(a, b, "filename") : TRUE;
}

static void
judge_values(Kind kind, const GPtrArray *values, gboolean multipart, SgStructure *out)
{
	for (guint i = 0; i < values->len; i++) {
		const char *value = g_ptr_array_index(values, i);
		g_auto(SgParams) file = { 0 };

		if (i > 0 && !same_meaning(kind, g_ptr_array_index(values, 0), value))
			out->flags |= kind == FROM ? SG_FLAG_AMBIGUOUS : BOTH;
		if (kind == TYPE) {
			judge_type(value, out);
		} else if (kind == CODING) {
			judge_coding(value, multipart, out);
		} else if (kind == DISPOSITION) {
			sg_params_read(value, "filename", &file);
			if (file.plain > 1 && file.values->len > 1)
				out->flags |= SG_FLAG_AMBIGUOUS;
		}
	}
}

void
sg_structure_judge(const char *p, gsize n, gboolean multipart, SgStructure *out)
{
	Block b = { .out = out };

	read_block(&b, p, n);
	for (Kind k = 0; k < KINDS; k++) {
		if (b.values[k] == NULL)
			continue;
		judge_values(k, b.values[k], multipart, out);
		g_ptr_array_unref(b.values[k]);
	}
}
