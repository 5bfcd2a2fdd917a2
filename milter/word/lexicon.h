/*
 * lexicon - the words and word classes that the phrases of all rules are made of.
 *
 * A word is what stands between blanks and signs in canonical text, without its
 * apostrophes ("don't" and "dont" are one word).  A class is a list beside the
 * rules: "<insult>" in a phrase is words/insult.txt, one word or phrase a line, *
 * at the end of a word for its beginning, "<other>" on a line for all of another
 * list.  spellings.txt ("u = you") makes one word of several spellings.
 *
 * Filled while rules are read, then never changed: workers share it.
 */
#ifndef SG_WORD_LEXICON_H
#define SG_WORD_LEXICON_H

#include <glib.h>

#define SG_WORD_NONE   0u	/* not in any rule */
#define SG_WORD_STOP   1u	/* the end of a sentence; written "." in a phrase */
#define SG_WORD_NUMBER 2u	/* digits; written "#" in a phrase */
#define SG_CLASS_WORDS 8u	/* most words of one phrase of a class */

#define SG_LEXICON_HASH 0xcbf29ce484222325u	/* FNV-1a of a word begins so */

typedef struct SgToken {	/* a word of a text */
	guint32 word;	/* as it stands, or SG_WORD_NONE */
	guint32 begin;	/* the "word*" it begins with, or SG_WORD_NUMBER, or SG_WORD_NONE */
	guint32 from, to;	/* bytes of the text */
	gboolean joined;	/* a hyphen and another word follow: "rat" of "rat-catcher" */
} SgToken;

typedef struct SgLexicon SgLexicon;

SgLexicon  *sg_lexicon_new(void);
void	    sg_lexicon_free(SgLexicon *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgLexicon, sg_lexicon_free)

/* The word's number; a new one when it is not known yet.  Canonical; "kill*" is a beginning. */
guint32	    sg_lexicon_add(SgLexicon *l, const char *word);
/* Another spelling of a word.  FALSE when the spelling is a word of its own already. */
gboolean    sg_lexicon_alias(SgLexicon *l, const char *spelling, const char *word);
/* Words have the numbers from SG_WORD_NUMBER + 1 to this one, exclusive. */
guint	    sg_lexicon_size(const SgLexicon *l);
/* How the word may be written; its own spelling first (char *; the lexicon's). */
const GPtrArray *sg_lexicon_forms(const SgLexicon *l, guint32 word);
gboolean    sg_lexicon_is_begin(const SgLexicon *l, guint32 word);

/* How often it is likely to be seen (usage.h). */
guint	    sg_lexicon_usage(const SgLexicon *l, guint32 word);

/* The number of a class; FALSE in *fresh when it has been filled before. */
guint	    sg_lexicon_class(SgLexicon *l, const char *path, gboolean *fresh);
/* n words of canonical text that are in the class; at most SG_CLASS_WORDS. */
void	    sg_lexicon_put(SgLexicon *l, guint class, const guint32 *words, guint n);
/* All that is in the other class. */
void	    sg_lexicon_put_class(SgLexicon *l, guint class, guint other);
/* The class's phrases, each an array of guint32 that ends with SG_WORD_NONE. */
const GPtrArray *sg_lexicon_phrases(const SgLexicon *l, guint class);
/* The word of a class's phrase that is seen least. */
guint32	    sg_lexicon_rarest(const SgLexicon *l, const guint32 *phrase);
/* How often one of its phrases is likely to be seen, each by its rarest word. */
guint	    sg_lexicon_class_usage(const SgLexicon *l, guint class);

/* All words and classes are known: from now on texts can be looked at. */
void	    sg_lexicon_close(SgLexicon *l);
/* After that: a bit for every class that the word begins a phrase of; so many guint64. */
const guint64 *sg_lexicon_begun(const SgLexicon *l, guint32 word);
gsize	    sg_lexicon_row(const SgLexicon *l);
/* What a word of a text is: fills word and begin.  Knows "sooo" as "so". */
void	    sg_lexicon_look_up(const SgLexicon *l, const char *word, gsize len, SgToken *token);
/* Bit k is set when the k words from tokens[0] on are a phrase of the class. */
guint	    sg_lexicon_match(const SgLexicon *l, guint class, const SgToken *tokens, guint n);

#endif
