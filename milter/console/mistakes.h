/*
 * mistakes - what people say of messages that should not have been held: pages, codes and words.
 */
#ifndef SG_CONSOLE_MISTAKES_H
#define SG_CONSOLE_MISTAKES_H

#include "console/page.h"
#include "store/mistake.h"

typedef struct SgCodeText {
	const char *code, *label, *hint;	/* hint may be NULL */
} SgCodeText;

/* "It is quoted from a book ...": why it was harmless; the code itself when it is not known. */
const char *sg_mistake_why(const char *code);
/* What an administrator would put into a file of rules; caller frees. */
char	   *sg_mistake_rule(const SgMistake *m);

void sg_p_mistake(const SgRequest *q, SgReply *r);
void sg_p_mistake_form(const SgRequest *q, SgReply *r);
void sg_p_rules(const SgRequest *q, SgReply *r);
void sg_p_rules_answer(const SgRequest *q, SgReply *r);

#endif
