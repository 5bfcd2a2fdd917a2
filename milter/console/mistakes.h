/*
 * mistakes - what people say of messages that should not have been held: codes and their words.
 */
#ifndef SG_CONSOLE_MISTAKES_H
#define SG_CONSOLE_MISTAKES_H

#include "store/mistake.h"

typedef struct SgCodeText {
	const char *code, *label, *hint;	/* hint may be NULL */
} SgCodeText;

/* "It is quoted from a book ...": why it was harmless; the code itself when it is not known. */
const char *sg_mistake_why(const char *code);
/* What an administrator would put into a file of rules; caller frees. */
char	   *sg_mistake_rule(const SgMistake *m);

#endif
