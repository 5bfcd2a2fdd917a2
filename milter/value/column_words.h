/*
 * column_words - the headers that column.c knows.
 */
#ifndef SG_VALUE_COLUMN_WORDS_H
#define SG_VALUE_COLUMN_WORDS_H

#include <glib.h>

typedef struct SgColumnWord {
	const char *phrase;	/* small letters, one blank between words */
	guint16	    what;
} SgColumnWord;

extern const SgColumnWord sg_column_words[];	/* sorted by phrase */
extern const guint	  sg_n_column_words;

#endif
