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
 * sentence unless it says so.  Time is linear in the window's words.
 */
#ifndef SG_RULE_PHRASE_H
#define SG_RULE_PHRASE_H

#include "rule/window.h"

#define SG_PHRASE_STEPS 192u	/* longest program */

typedef struct SgPhrase SgPhrase;

/* The class of that name, or G_MAXUINT when it cannot be read. */
typedef guint (*SgClassFor)(gpointer data, const char *name);

/* NULL with why (a sentence with its remedy; caller frees). */
SgPhrase *sg_phrase_new(SgLexicon *l, const char *text, SgClassFor class_for, gpointer data,
	char **why);
void	  sg_phrase_free(SgPhrase *p);

/* Words of which one is in every text that has the phrase: number -> itself.  The
 * rarest that must be there are chosen. */
GHashTable *sg_phrase_marks(const SgPhrase *p);
/* FALSE when it surely is not in the sentence of the window's place. */
gboolean    sg_phrase_may_be(const SgPhrase *p, const SgWindow *w);
gboolean    sg_phrase_has_mark(const SgPhrase *p, const SgToken *t);

/* Is the phrase in the window, over its place?  Then canonical bytes [*from, *to). */
gboolean  sg_phrase_find(const SgPhrase *p, const SgWindow *w, gsize *from, gsize *to);
/* Is it anywhere in the sentence of the window's place (with "." in it: in the window)? */
gboolean  sg_phrase_near(const SgPhrase *p, const SgWindow *w);

#endif
