/*
 * uitext - the one door between text from mail and the eyes of a person.
 *
 * Everything that came from outside (subjects, names, excerpts, answers of
 * mail servers, references in errors) passes here before it is shown in a page
 * or on a terminal.  The result is valid UTF-8 without NUL, C0, C1, bidi
 * controls, zero-width or tag characters: those are dropped (SG_UI_DROP, for
 * pages) or shown as escapes (SG_UI_ESCAPE, for terminals: "\x1b", "\u202e").
 * What changes the order or hides between characters is shown as "[U+202E]"
 * in pages too, so that a person sees that something was there.
 */
#ifndef SG_MODEL_UITEXT_H
#define SG_MODEL_UITEXT_H

#include <glib.h>

typedef enum {
	SG_UI_DROP = 0,
	SG_UI_ESCAPE = 1 << 0,
	SG_UI_LINE = 1 << 1,	/* newline and tab become blanks */
} SgUiHow;

/* text may be NULL (gives ""), of any bytes; len -1 = up to its NUL; max = characters
 * of the result before it is cut with an ellipsis, 0 = no limit.  Caller frees. */
char	*sg_ui_text(const char *text, gssize len, gsize max, guint how);
/* As above, one line, for pages: the common case. */
char	*sg_ui_line(const char *text, gsize max);
/* Columns of a terminal that text (already cleaned) takes. */
gsize	 sg_ui_width(const char *text);
/* text (already cleaned) cut to fit columns, with an ellipsis when something is missing. */
char	*sg_ui_fit(const char *text, gsize columns);

#endif
