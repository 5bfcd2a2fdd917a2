/*
 * lines - the lines of bytes, whatever ends them: CR LF, LF, or CR alone.
 *
 *   SgLines l = sg_lines(p, n);
 *   while (sg_lines_next(&l))
 *           l.line, l.len (without its end), l.next
 *
 * Linear also for bytes without any LF.  A copy of the struct goes on by itself.
 */
#ifndef SG_TEXT_LINES_H
#define SG_TEXT_LINES_H

#include <glib.h>
#include <string.h>

typedef struct SgLines {
	const char *line, *next, *end;
	const char *lf;		/* the next LF at or behind next, or end */
	gsize	    len;
	gboolean    cr;		/* a CR alone may end a line */
} SgLines;

SgLines sg_lines(const char *p, gsize n);

/* Blanks at the begin of n bytes: strspn() goes on to the next NUL, wherever that is. */
static inline gsize
sg_lines_blanks(const char *p, gsize n)
{
	gsize i = 0;

	while (i < n && (p[i] == ' ' || p[i] == '\t'))
		i++;
	return i;
}

static inline gboolean
sg_lines_next(SgLines *l)
{
	const char *cr;

	if (l->next >= l->end)
		return FALSE;
	l->line = l->next;
	if (l->lf == NULL || l->lf < l->line) {
		l->lf = memchr(l->line, '\n', (gsize)(l->end - l->line));
		if (l->lf == NULL)
			l->lf = l->end;
	}
	if (l->cr)
		cr = memchr(l->line, '\r', (gsize)(l->lf - l->line));
	else
		cr = l->lf > l->line && l->lf[-1] == '\r' ? l->lf - 1 : NULL;
	l->len = (gsize)((cr != NULL ? cr : l->lf) - l->line);
	if (cr != NULL && cr + 1 != l->lf)
		l->next = cr + 1;
	else
		l->next = l->lf < l->end ? l->lf + 1 : l->end;
	return TRUE;
}

#endif
