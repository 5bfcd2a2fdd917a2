/*
 * own - what a school says about rules it did not write: other settings for a
 * rule, the rule switched off, phrases that are never meant badly here.
 *
 * Private to this room.  Both are kept while files are read and take effect
 * afterwards: overrides (override.c) when their directory has been read, so that
 * they are for rules of it and of those before; allow-phrases (allow.c) at the
 * end, for rules of all directories.
 *
 * An allow-phrase becomes an "except" of every rule it is for, so a hit inside
 * one is dropped where the other exceptions are.
 */
#ifndef SG_RULE_OWN_H
#define SG_RULE_OWN_H

#include "rule/rule.h"

#define SG_ALLOW_MAX 2000u	/* phrases; each costs every rule a row in the table of uses */

typedef struct SgOwn {
	GPtrArray *overrides;	/* of the directory that is being read */
	GPtrArray *allows;	/* of all */
} SgOwn;

SgOwn	*sg_own_new(void);
void	 sg_own_free(SgOwn *own);

/* In rule.c: an empty rule, and the list "in" into rule->where. */
SgRule	*sg_rule_new(const SgRuleReader *r, guint line);
void	 sg_rule_read_where(SgRuleReader *r, SgRule *rule, const config_setting_t *s);

/* Has this file rules of its own, so that it needs category and area? */
gboolean sg_own_needs_names(const config_setting_t *root);
/* Is this member of "rules" { override = "rule.id"; ... }? */
gboolean sg_override_is(const config_setting_t *group);
void	 sg_override_read(SgRuleReader *r, const config_setting_t *group);
/* Changes or removes the rules that are meant; index: id -> SgRule.  An id that is not
 * there is a problem, with the nearest one named. */
void	 sg_overrides_apply(SgRuleReader *r, GPtrArray *rules, GHashTable *index);

void	 sg_allow_read(SgRuleReader *r, const config_setting_t *s);
void	 sg_allows_apply(SgRuleReader *r, GPtrArray *rules);
/* When it is an allow-phrase that keeps the rule from this hit example of its own: says
 * so, with a remedy, and gives TRUE. */
gboolean sg_allow_blamed(const SgRule *rule, const char *example, GPtrArray *problems);
/* "; did you mean x?" or "".  Caller frees. */
char	*sg_own_suggest(const GPtrArray *rules, const char *id);
/* Is id meant by name, which may end in "*"? */
gboolean sg_own_named(const char *name, const char *id);

#endif
