/*
 * read - the reader of rule files, and what matchers read their fields with.
 *
 * Comes with rule.h.  Nothing here fails: what is wrong is told, with file, line and
 * remedy, and the set of rules is refused in the end.
 */
#ifndef SG_RULE_READ_H
#define SG_RULE_READ_H

#include "rule/rule.h"

/* Tells the file, line and remedy of everything that is wrong. */
struct SgRuleReader {
	const char *dir, *file;
	GPtrArray  *earlier;	/* char *: directories read before, for their lists */
	SgLexicon  *lexicon;
	SgCanon	   *canon;
	GPtrArray  *problems;
	GHashTable *lists;	/* word lists by path, read once: path -> GBytes */
	GHashTable *models;	/* the same of models: path -> SgLinear */
	GChecksum  *sum;	/* over every byte that was read */
	struct SgOwn *own;	/* own.h: overrides and allow-phrases */
};

/* One more problem: "file:line: what; remedy". */
void	 sg_rule_tell(GPtrArray *problems, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same about the setting at; NULL: line 1. */
void	 sg_rule_problem(SgRuleReader *r, const config_setting_t *at, const char *format, ...)
		G_GNUC_PRINTF(3, 4);
/* Words and phrases, or "@words/list.txt", into rule's slot. */
void	 sg_rule_read_words(SgRuleReader *r, SgRule *rule, const config_setting_t *s, guint slot);
/* The bytes of the list name ("words/x.txt") beside the rules or those of an earlier
 * directory, ended by a NUL; the reader's.  NULL after the problem has been told. */
GBytes	*sg_rule_list_bytes(SgRuleReader *r, const config_setting_t *at, const char *name,
		char **path);
/* Where a file beside the rules is, or beside those of an earlier directory; caller frees. */
char	*sg_rule_path(const SgRuleReader *r, const char *name);
/* SgPhrase; what is wrong has been told. */
GPtrArray *sg_rule_read_phrases(SgRuleReader *r, SgRule *rule, const config_setting_t *s);
/* words/spellings.txt of this directory, if there is one. */
void	 sg_rule_read_spellings(SgRuleReader *r);
/* Calls each(n-th string) for [ ] or ( ) of strings; says what is wrong otherwise. */
typedef void (*SgEachString)(SgRuleReader *r, SgRule *rule, const config_setting_t *at,
	const char *text, gpointer data);
void	 sg_rule_each_string(SgRuleReader *r, SgRule *rule, const config_setting_t *s,
		SgEachString each, gpointer data);
/* A whole number from min to max. */
gboolean sg_rule_read_int(SgRuleReader *r, const config_setting_t *s, int min, int max, guint *out);
/* Refuses every field of group s that is not in known (NULL-terminated). */
void	 sg_rule_check_fields(SgRuleReader *r, const config_setting_t *s, const char *const *known);
/* Reads one file; its rules are appended. */
void	 sg_rule_read_file(SgRuleReader *r, const char *name, GPtrArray *rules);

#endif
