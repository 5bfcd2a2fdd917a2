/*
 * phrase - a way to say something, made of words, classes and choices.
 *
 *   kill            a word; kill* any word that begins so
 *   <insult>        a word or phrase of words/insult.txt
 *   ( a b | c )     one of these;  ? after it: or none; +: one to four times; *: none to four
 *   ..  ..3         up to 4 (3) words of any kind in the same sentence
 *   _  #            any one word; a number
 *   .               the end of a sentence
 *   ^  $            where a sentence begins, ends
 *
 * Signs between words do not matter; a phrase never runs over the end of a
 * sentence unless it says so.  Time is linear in the words looked at.
 */
#ifndef SG_WORD_PHRASE_H
#define SG_WORD_PHRASE_H

#include "word/window.h"

#define SG_PHRASE_STEPS 192u	/* longest program */

typedef struct SgPhrase SgPhrase;

/* The class of that name, or G_MAXUINT when it cannot be read. */
typedef guint (*SgClassFor)(gpointer data, const char *name);

/* NULL with why (a sentence with its remedy; caller frees). */
SgPhrase *sg_phrase_new(SgLexicon *l, const char *text, SgClassFor class_for, gpointer data,
	char **why);
void	  sg_phrase_free(SgPhrase *p);

/* A word to look for: one of them is in every text that has the phrase.  phrase: the words
 * of a list that it is among, as number `at`; NULL when it stands alone. */
typedef struct SgAnchor {
	guint32	       word;
	const guint32 *phrase;
	guint	       at;
} SgAnchor;

/* Those of the least used part that must be there. */
const SgAnchor *sg_phrase_anchors(const SgPhrase *p, guint *n);

/* Another word that is in every text that has the phrase: a certain one, the first of a list
 * or one of several.  It is at least min, at most max tokens behind the anchor (negative:
 * before it). */
typedef struct SgNeed {
	enum { SG_NEED_WORD, SG_NEED_CLASS, SG_NEED_ONE_OF } kind;
	guint32	    arg;	/* word or class */
	GHashTable *words;	/* one of them: number -> itself; the phrase's */
	gint	    min, max;
	guint	    usage;	/* about how often it is that near by chance (usage.h) */
} SgNeed;

/* The rarest first. */
const SgNeed *sg_phrase_needs(const SgPhrase *p, guint *n);
/* Does it run over ends of sentences? */
gboolean    sg_phrase_crosses(const SgPhrase *p);

/* The first place of the phrase in the piece, and there the longest: tokens [*from, *to).
 * piece->low moves behind it. */
gboolean    sg_phrase_find(const SgPhrase *p, const SgTokens *t, SgPiece *piece, guint *from,
	guint *to);
/* Is it anywhere in the sentence of the window's place (with "." in it: in the window)? */
gboolean    sg_phrase_near(const SgPhrase *p, const SgWindow *w);

#endif
