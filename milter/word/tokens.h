/*
 * tokens - the words of a canonical text, by their numbers in the lexicon.
 *
 * Read once a text; phrases are then looked for among numbers.  A text is looked
 * at in pieces: a sentence, or parts of a long one that overlap, so that the work
 * for one phrase is bounded.  Linear in time.
 */
#ifndef SG_WORD_TOKENS_H
#define SG_WORD_TOKENS_H

#include "word/lexicon.h"

#define SG_PIECE_WORDS	 96u	/* longest piece */
#define SG_PIECE_OVERLAP 32u	/* of which the next one sees so many again */

typedef struct SgTokenMemo {	/* what a word was found to be */
	guint64 hash;
	guint32 word, begin;
} SgTokenMemo;

typedef struct SgTokens {
	const SgLexicon *lexicon;
	SgToken		*token;		/* SG_WORD_STOP where a sentence ends, once */
	guint		 n;
	gsize		 room;
	SgTokenMemo	*memo;
} SgTokens;

typedef struct SgPiece {
	guint low, begin, high;	/* what begins in tokens [low, begin) and ends by high is in it */
	guint next;		/* where the next piece begins */
} SgPiece;

void	 sg_tokens_init(SgTokens *t, const SgLexicon *lexicon);
void	 sg_tokens_clear(SgTokens *t);
void	 sg_tokens_read(SgTokens *t, const char *text, gsize len);

/* The first piece when piece is all 0, then the next.  whole: the ends of sentences
 * do not matter.  FALSE: there is none left. */
gboolean sg_tokens_piece(const SgTokens *t, gboolean whole, SgPiece *piece);
/* The first token that ends behind byte at. */
guint	 sg_tokens_at(const SgTokens *t, gsize at);

#endif
