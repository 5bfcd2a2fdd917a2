/*
 * translate - a rule's regular expression for the two engines that run it.
 *
 * Hyperscan reads bytes and finds where to look, for all rules at once; PCRE
 * (GRegex) reads characters and decides, on a window of the text.  So what
 * Hyperscan gets may match more, never less: \b and \B are left out, \w takes
 * any non-ASCII byte.  Rules are written against canonical text (canon.h), and
 * what could never match there, or not in linear time, is refused with a reason.
 */
#ifndef SG_RULE_TRANSLATE_H
#define SG_RULE_TRANSLATE_H

#include <glib.h>

/* The bytes of a canonical phrase as a Hyperscan expression; caller frees. */
char *sg_translate_literal(const char *phrase);
/* NULL with why set (one sentence with its remedy; caller frees) when the
 * expression is outside the subset. */
char *sg_translate_regex(const char *regex, char **why);

#endif
