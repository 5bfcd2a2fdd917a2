#include <string.h>

#include "rule/translate.h"

typedef struct {
	const char *at;		/* next byte to read */
	GString	   *out;
	char	  **why;
	gboolean    in_class;
	gboolean    can_repeat;	/* a quantifier may follow what was read last */
	gboolean    blank;	/* ... which was a blank, and those come singly */
	GArray	   *open;	/* gsize: where in out the groups around begin */
	gsize	    atom;	/* where in out what was read last begins */
	gsize	    tail;	/* from here on all may be absent; NONE: the last must be there */
	gsize	    tail_before;	/* tail as it was before atom */
	gsize	    last;	/* a repeat that ends out at present begins here, or NONE */
} Reader;

#define NONE G_MAXSIZE

char *
sg_translate_literal(const char *phrase)
{
	GString *out = g_string_new(NULL);

	for (const char *p = phrase; *p != '\0'; p++) {
		if ((guchar)*p >= 0x80)
			g_string_append_printf(out, "\\x%02x", (guchar)*p);
		else if (g_ascii_isalnum(*p) || *p == ' ')
			g_string_append_c(out, *p);
		else
			g_string_append_printf(out, "\\%c", *p);
	}
	return g_string_free(out, FALSE);
}

static gboolean G_GNUC_PRINTF(2, 3)
refuse(Reader *r, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*r->why = g_strdup_vprintf(format, ap);
	va_end(ap);
	return FALSE;
}

/* What may follow a backslash.  \x41 and \n could only name what canonical
 * text does not have, or what can be written plainly. */
static gboolean
read_escape(Reader *r)
{
	char c = r->at[1];

	if (c == '\0')
		return refuse(r, "it ends in a backslash; remove it");
	if (c == 'b' || c == 'B') {
		if (r->in_class)
			return refuse(r, "\\%c has no meaning inside [ ]; put it outside", c);
		r->can_repeat = FALSE;
	} else if (c == 'w') {
		g_string_append(r->out, r->in_class ? "\\w\\x80-\\xff" : "[\\w\\x80-\\xff]");
		r->can_repeat = TRUE;
	} else if (c == 's' || c == ' ') {
		g_string_append_c(r->out, ' ');
		r->can_repeat = TRUE;
		r->blank = !r->in_class;
	} else if (strchr("dDSW", c) != NULL || g_ascii_ispunct(c)) {
		g_string_append_c(r->out, '\\');
		g_string_append_c(r->out, c);
		r->can_repeat = TRUE;
	} else if (g_ascii_isdigit(c)) {
		return refuse(r, "\\%c refers back to a group, which cannot be matched in linear "
		    "time; write the words out", c);
	} else {
		return refuse(r, "\\%c is not supported; use \\b \\w \\d \\s, their capitals, or "
		    "the character itself", c);
	}
	r->at += 2;
	return TRUE;
}

/* Canonical text has no two blanks in a row, so \s+ is one blank and \s* at most
 * one; without repeats Hyperscan compiles and runs much faster. */
static void
single_blank(Reader *r, gsize from)
{
	const char *repeat = r->out->str + from;
	gboolean maybe = repeat[0] == '*' || repeat[0] == '?' || repeat[1] == '0' ||
	    repeat[1] == ',';

	if (repeat[0] == '{' && repeat[1] != '0' && repeat[1] != '1')
		return;		/* {2}: can never match; let it be found out */
	g_string_truncate(r->out, from);
	if (maybe)
		g_string_append_c(r->out, '?');
}

static gboolean
read_group(Reader *r)
{
	if (r->at[1] == '?' && r->at[2] != ':')
		return refuse(r, "(?%c is not supported: only ( ) and (?: ) are; use \"near\", "
		    "\"except\" or \\b instead of looking ahead or behind",
		    r->at[2] != '\0' ? r->at[2] : ' ');
	if (r->at[1] == '*')
		return refuse(r, "(* is not supported; remove it");
	g_string_append(r->out, r->at[1] == '?' ? "(?:" : "(");
	r->at += r->at[1] == '?' ? 3 : 1;
	r->can_repeat = FALSE;
	g_array_append_val(r->open, r->atom);
	return TRUE;
}

/* Keeps count of where things begin, before one is read. */
static void
begin_atom(Reader *r, char c)
{
	if (c == '\\' && (r->at[1] == 'b' || r->at[1] == 'B'))
		return;		/* leaves no trace in out */
	r->blank = FALSE;
	r->last = NONE;
	r->atom = r->out->len;
	if (c == ')' && r->open->len > 0) {
		r->atom = g_array_index(r->open, gsize, r->open->len - 1);
		g_array_set_size(r->open, r->open->len - 1);
	} else if (r->open->len == 0) {
		r->tail_before = r->tail;
		r->tail = NONE;
	}
}

static gboolean
read_repeat(Reader *r)
{
	gsize from = r->out->len;
	gboolean optional = *r->at == '*' || *r->at == '?' || (*r->at == '{' && r->at[1] == '0');

	if (!r->can_repeat)
		return refuse(r, "\"%c\" follows nothing that can be repeated; put a \\ before it "
		    "if the character itself is meant, or use a group ( )", *r->at);
	if (*r->at == '{' && !g_ascii_isdigit(r->at[1]))
		return refuse(r, "a { does not begin a repeat like {2,5}; write \\{ for the "
		    "character");
	if (*r->at == '{')
		while (*r->at != '\0' && *r->at != '}')
			g_string_append_c(r->out, *r->at++);
	if (*r->at == '\0')
		return refuse(r, "a { is not closed; write {2,5}, or \\{ for the character");
	g_string_append_c(r->out, *r->at++);
	if (*r->at == '+')
		return refuse(r, "a possessive repeat (*+ ++ ?+) is not supported; leave the + "
		    "away");
	if (*r->at == '?')
		g_string_append_c(r->out, *r->at++);
	if (r->blank)
		single_blank(r, from);
	if (r->open->len == 0 && optional)
		r->tail = r->tail_before != NONE ? r->tail_before : r->atom;
	else if (r->open->len == 0 && !r->blank)
		r->last = from;
	r->can_repeat = FALSE;
	return TRUE;
}

/* A character outside ASCII is several bytes for Hyperscan: a class or a
 * repeat would take it apart. */
static gboolean
read_wide(Reader *r)
{
	const char *next = g_utf8_next_char(r->at);

	if (r->in_class)
		return refuse(r, "letters with accents or of other scripts do not work inside [ ]; "
		    "write (a|b) with the letters for a and b");
	for (; r->at < next; r->at++)
		g_string_append_printf(r->out, "\\x%02x", (guchar)*r->at);
	if (*next != '\0' && strchr("*+?{", *next) != NULL)
		return refuse(r, "a repeat after a letter with an accent or of another script "
		    "takes only half of it; put the letter into ( )");
	r->can_repeat = FALSE;
	return TRUE;
}

static gboolean
read_class(Reader *r)
{
	const char *start = r->at;

	r->in_class = !r->in_class;
	g_string_append_c(r->out, *r->at++);
	if (r->in_class && *r->at == '^')
		g_string_append_c(r->out, *r->at++);
	if (r->in_class && *r->at == ']')
		return refuse(r, "[] is empty; put a \\ before a ] that belongs to the set");
	if (!r->in_class)
		r->can_repeat = TRUE;
	return *start != '\0';
}

static gboolean
read_plain(Reader *r)
{
	char c = *r->at;

	if (g_ascii_isupper(c))
		return refuse(r, "\"%c\" can never match, as all text is compared in small "
		    "letters; write \"%c\"", c, g_ascii_tolower(c));
	if ((guchar)c < ' ' || (c == ' ' && r->at[1] == ' ' && !r->in_class))
		return refuse(r, "blanks and line ends in a row are one blank when text is "
		    "compared; write one blank");
	if (!r->in_class && (c == '^' || c == '$'))
		return refuse(r, "\"%c\" is not supported, as texts are not read by lines; use \\b "
		    "for the edge of a word, or \\%c for the character", c, c);
	if (r->in_class && c == '[' && r->at[1] == ':')
		return refuse(r, "[:name:] is not supported; use \\w \\d \\s or the characters");
	g_string_append_c(r->out, c);
	r->can_repeat = c != '|';
	r->blank = c == ' ' && !r->in_class;
	r->at++;
	return TRUE;
}

static gboolean
read_one(Reader *r)
{
	char c = *r->at;

	if (!r->in_class && strchr("*+?{", c) == NULL)
		begin_atom(r, c);
	if ((guchar)c >= 0x80)
		return read_wide(r);
	if (c == '\\')
		return read_escape(r);
	if (c == '[' && !r->in_class)
		return read_class(r);
	if (c == ']' && r->in_class)
		return read_class(r);
	if (r->in_class)
		return read_plain(r);
	if (c == '(')
		return read_group(r);
	if (strchr("*+?{", c) != NULL)
		return read_repeat(r);
	return read_plain(r);
}

/* Hyperscan need not see what may be absent at the end: PCRE finds it.  This
 * makes compiling three times faster and the database half as large. */
static void
trim_end(Reader *r)
{
	g_autofree char *repeat = r->last != NONE ? g_strdup(r->out->str + r->last) : NULL;

	if (r->tail != NONE && r->tail > 0)
		g_string_truncate(r->out, r->tail);
	else if (repeat != NULL) {
		g_string_truncate(r->out, r->last);
		if (repeat[0] == '{')
			g_string_append_printf(r->out, "{%.*s}",
			    (int)strspn(repeat + 1, "0123456789"), repeat + 1);
	}
}

char *
sg_translate_regex(const char *regex, char **why)
{
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(gsize));
	Reader r = { .at = regex, .out = g_string_new(NULL), .why = why, .open = open, .tail = NONE,
		.tail_before = NONE, .last = NONE };

	while (*r.at != '\0') {
		if (!read_one(&r)) {
			g_string_free(r.out, TRUE);
			return NULL;
		}
	}
	trim_end(&r);
	return g_string_free(r.out, FALSE);
}
