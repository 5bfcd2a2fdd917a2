/*
 * window - the words around a place of a text, for phrases to be looked for in.
 *
 * Up to SG_WINDOW_WORDS words either side, with a word of their own for ends of
 * sentences.  Says too whether the place stands between quotation marks.
 */
#ifndef SG_RULE_WINDOW_H
#define SG_RULE_WINDOW_H

#include "rule/lexicon.h"

#define SG_WINDOW_WORDS  18u
#define SG_WINDOW_BYTES  240u	/* either side; a word that is longer ends the window */
#define SG_WINDOW_TOKENS 160u
#define SG_WINDOW_QUOTE  300u	/* bytes either side in which quotation marks are looked for */

typedef struct SgWindow {
	const SgLexicon *lexicon;
	SgToken		 token[SG_WINDOW_TOKENS];
	guint		 n;
	guint		 first, last;	/* the place is tokens [first, last) */
	guint		 begin, end;	/* its sentence is tokens [begin, end) */
	gsize		 from, to;
	gboolean	 known;
} SgWindow;

/* Reads the words around canonical bytes [from, to); at once when they are those of the last call. */
void	 sg_window_read(SgWindow *w, const char *text, gsize len, gsize from, gsize to);
/* The text is another one now. */
void	 sg_window_forget(SgWindow *w);
/* Do canonical bytes [from, to) stand between quotation marks? */
gboolean sg_window_quoted(const char *text, gsize len, gsize from, gsize to);

#endif
