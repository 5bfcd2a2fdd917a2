/*
 * window - the words around a place of a text, for phrases to be looked for in.
 *
 * Up to SG_WINDOW_WORDS words either side, with a word of their own for ends of
 * sentences.  Says too whether the place stands between quotation marks.
 *
 * The words of a text are read once, when the first window of it is asked for; a
 * window is a part of them.  It also knows which words and classes its sentence can
 * have at all, so that most phrases need not be tried.
 */
#ifndef SG_RULE_WINDOW_H
#define SG_RULE_WINDOW_H

#include "rule/lexicon.h"

#define SG_WINDOW_WORDS  18u
#define SG_WINDOW_BYTES  240u	/* either side; a word that is longer ends the window */
#define SG_WINDOW_TOKENS 160u
#define SG_WINDOW_QUOTE  300u	/* bytes either side in which quotation marks are looked for */

#define SG_WINDOW_BLOOM  8u	/* 64 bits each */

typedef struct SgWindowMemo {	/* what a word of a text was found to be */
	guint64 hash;
	guint32 word, begin;
} SgWindowMemo;

typedef struct SgWindow {
	const SgLexicon *lexicon;
	const SgToken	*token;
	guint		 n;
	guint		 first, last;	/* the place is tokens [first, last) */
	guint		 begin, end;	/* its sentence is tokens [begin, end) */
	const SgToken	*sentence;	/* the one that classes and words are of */
	guint		 sentence_n;
	gsize		 from, to;
	gboolean	 known, read;	/* this place; the words of the text */
	GArray		*all;		/* SgToken: of the text */
	SgWindowMemo	*memo;
	guint64		*classes;	/* a bit for every class that a word of the sentence begins */
	guint64		 words[SG_WINDOW_BLOOM];	/* its words, hashed */
} SgWindow;

void	 sg_window_init(SgWindow *w, const SgLexicon *lexicon);
void	 sg_window_clear(SgWindow *w);

/* Reads the words around canonical bytes [from, to); at once when they are those of the last call. */
void	 sg_window_read(SgWindow *w, const char *text, gsize len, gsize from, gsize to);
/* The text is another one now. */
void	 sg_window_forget(SgWindow *w);
/* FALSE when the sentence surely has no such word, or nothing of that class. */
gboolean sg_window_may_have_word(const SgWindow *w, guint32 word);
gboolean sg_window_may_have_class(const SgWindow *w, guint class);
/* Do canonical bytes [from, to) stand between quotation marks? */
gboolean sg_window_quoted(const char *text, gsize len, gsize from, gsize to);

#endif
