/*
 * texts - the templates of alerts and notices, read once into a snapshot.
 *
 * courier.notices/<courier.language>/<name>.txt: "Subject: ...", a blank line, the text.
 * {name} is a value of the table below; a line with a value that is empty drops out.
 * Lines that begin with a blank stand as they are, the others are filled to 72 columns.
 * words.txt holds the words that are put together here ("key: text").
 * Unknown values and words, missing files and missing words are errors with file and
 * line.  Values come from the configuration and from facts, never from a message.
 *
 * To add a value: one V() here, its meaning in letter.c.  To add a template: a name in
 * texts.c and its file.  To add a language: a directory.
 */
#ifndef SG_COURIER_TEXTS_H
#define SG_COURIER_TEXTS_H

#include "base/options.h"

#define SG_VALUES(V) \
	V(school) V(help) V(help_name) V(help_address) V(encryption_help) V(rules_link) \
	V(link) V(ref) V(reason) V(reasons) V(category) V(kinds) V(sender) V(route) V(fate) \
	V(count) V(held) V(arrived) V(look_by) V(next_name) V(next_time) V(when) V(time) V(decided) V(span) \
	V(waiting) V(late) V(since) V(service) V(account) V(what) V(by) V(until) V(code) V(role) V(note)

typedef struct SgValues {	/* NULL counts as "" */
#define V(n) char *n;
	SG_VALUES(V)
#undef V
} SgValues;
void sg_values_clear(SgValues *v);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgValues, sg_values_clear)

typedef struct SgTexts SgTexts;

/* The names of all templates there are. */
const char *const *sg_texts_names(gsize *n);
/* Every problem is appended to problems (char *) when that is not NULL.  SG_ERR_SETUP. */
SgTexts *sg_texts_load(const SgOptions *o, GPtrArray *problems, GError **error);
void	 sg_texts_free(SgTexts *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTexts, sg_texts_free)

gboolean    sg_texts_has(const SgTexts *t, const char *name);
const char *sg_texts_language(const SgTexts *t);
/* A word of words.txt; every key that texts.c lists is there. */
const char *sg_texts_word(const SgTexts *t, const char *key);

/* The text (UTF-8, LF) and *subject (one line); caller frees both.  NULL: no such template. */
char	   *sg_texts_fill(const SgTexts *t, const char *name, const SgValues *v, char **subject);
/* words.txt patterns have their own few values: names and values in pairs, NULL at the end. */
char	   *sg_texts_pattern(const SgTexts *t, const char *key, ...) G_GNUC_NULL_TERMINATED;

/* Times as people say them, in local time; caller frees. */
char	   *sg_texts_full_time(const SgTexts *t, gint64 when);	/* "Tuesday 4 March, 10:25" */
/* "10:25 today" or "10:25 on Tuesday 4 March"; bare: "10:25" when it was today. */
char	   *sg_texts_when(const SgTexts *t, gint64 when, gint64 now, gboolean bare);

#endif
