/*
 * window - the words around a place of a text, for phrases to be looked for in.
 *
 * Up to SG_WINDOW_WORDS words either side, with a word of their own for ends of
 * sentences.  Says too whether the place stands between quotation marks.
 *
 * A window is a part of the text's words (tokens.h).  It also knows which words and
 * classes its sentence can have at all, so that most phrases need not be tried.
 */
#ifndef SG_WORD_WINDOW_H
#define SG_WORD_WINDOW_H

#include "word/tokens.h"

#define SG_WINDOW_WORDS  18u
#define SG_WINDOW_BYTES  240u	/* either side; a word that is longer ends the window */
#define SG_WINDOW_TOKENS 160u
#define SG_WINDOW_QUOTE  300u	/* bytes either side in which quotation marks are looked for */

#define SG_WINDOW_BLOOM  8u	/* 64 bits each */

typedef struct SgWindow {
	const SgTokens	*tokens;
	guint		 low, high;	/* it is these of them */
	guint		 begin, end;	/* the sentence of the place */
	guint		 known_begin, known_end;	/* the one that classes and words are of */
	gsize		 from, to;
	gboolean	 known;		/* this place */
	guint64		*classes;	/* a bit for every class that a word of the sentence begins */
	guint64		 words[SG_WINDOW_BLOOM];	/* its words, hashed */
} SgWindow;

void	 sg_window_init(SgWindow *w, const SgTokens *tokens);
void	 sg_window_clear(SgWindow *w);

/* The words around bytes [from, to) of the text that was read last; at once when they are
 * those of the last call. */
void	 sg_window_read(SgWindow *w, gsize from, gsize to);
/* The text is another one now. */
void	 sg_window_forget(SgWindow *w);
/* FALSE when the sentence surely has no such word, or nothing of that class. */
gboolean sg_window_may_have_word(const SgWindow *w, guint32 word);
gboolean sg_window_may_have_class(const SgWindow *w, guint class);
/* Do canonical bytes [from, to) stand between quotation marks? */
gboolean sg_window_quoted(const char *text, gsize len, gsize from, gsize to);

#endif
