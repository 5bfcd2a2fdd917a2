/*
 * rule - one rule as read from a file, and what a matcher is.
 *
 * Private to this room.  A rule is made of entries (phrases and expressions),
 * each in a slot that only its matcher gives a meaning to; patterns.h gathers
 * the entries of all rules, match.c finds them, and the matcher says what the
 * hits of one text amount to.
 *
 * To add a matcher: write m_<name>.c with one SgMatcher, add its name to the
 * list in matchers.c, describe the field in schoolgate-rules(5).
 */
#ifndef SG_RULE_RULE_H
#define SG_RULE_RULE_H

#include <libconfig.h>

#include "model/reading.h"
#include "word/canon.h"
#include "word/lexicon.h"

#define SG_SLOT_EXCEPT	 255u	/* entries of "except": a hit inside one does not count */
#define SG_WITHIN_MAX	 300	/* characters between the words of "near"		    */
#define SG_COUNT_MAX	 1000	/* "atleast" of "count"					    */

typedef struct SgMatcher SgMatcher;
typedef struct SgTally SgTally;
struct SgMarks;

typedef struct SgEntry {
	char	*text;		/* canonical; an expression as written */
	guint	 slot, line;
	gboolean regex, prefix;
	const char *allow;	/* an "except" from an allow list of this file, or NULL */
} SgEntry;

typedef struct SgContext {	/* one of values must be among the message's facts */
	char  *key;
	char **values;
} SgContext;

typedef struct SgExample {
	char *text, *facts, *where;	/* NULL: the rule's first ones */
	char *type, *kinds;		/* "file" rules; text is the name */
	guint line;
} SgExample;

typedef struct SgRule {
	char		*id, *title, *category, *area, *file, *changed;	/* changed: where, or NULL */
	guint		 line, severity, confidence;
	gboolean	 secret;
	guint		 where;		/* bits; sg_where_bit() */
	const SgMatcher *matcher;
	gpointer	 data;		/* the matcher's */
	GArray		*entries;	/* SgEntry */
	GArray		*context;	/* SgContext */
	GArray		*hits, *misses;	/* SgExample */
	guint		 atleast;	/* > 0: a finding needs so many different hits */
	char	       **labels;	/* NULL: those of the file, until it has been read */
	char		*of;		/* of this rule's, not its own; or NULL */
	GArray		*watchers;	/* guint: rules whose "of" is this one */
	GPtrArray	*say;		/* SgPhrase: one must be around a hit; or NULL */
	GPtrArray	*unless;	/* SgPhrase: none may be in a hit's sentence; or NULL */
	guint		 quoted;	/* > 0: severity of what is only quoted */
	char	       **needs;		/* ids, categories: another finding there must be; or NULL */
} SgRule;

/* A hit in one text; at, len in the text as sent. */
typedef struct SgHitAt {
	guint32	 rule;
	guint8	 slot, disguised, quoted;
	guint8	 shared;	/* it is of every use of a pattern (patterns.h), and rule is that one's number */
	guint32	 at, len;
	guint64	 from, to;	/* in characters of canonical text, for distances */
	guint64	 words, around;	/* hashes of the hit and of what stands around it */
	guint32	 more;		/* things this one hit counts for, beyond one */
} SgHitAt;

typedef struct SgRuleReader SgRuleReader;

struct SgMatcher {
	const char *name;	/* of its field in a rule */
	/* The field's setting into rule: entries, data, atleast, of. */
	void (*read)(SgRuleReader *r, SgRule *rule, const config_setting_t *s);
	/* What n hits of one text, ordered by slot and place and not overlapping
	 * within a slot, amount to: sg_tally_hit() for each.  NULL: every hit is one. */
	void (*settle)(const SgRule *rule, const SgHitAt *hits, guint n, SgTally *tally);
	/* Looks at what the text holds besides words (marks.h): sg_tally_hit() for each. */
	void (*look)(const SgRule *rule, guint index, const struct SgMarks *marks, SgTally *tally);
	/* Matches facts of a part instead of text. */
	gboolean (*part)(const SgRule *rule, const SgPartInfo *part);
	/* About pupils of the roster: hits are words beside them (m_roster.h). */
	gboolean pupils;
	void (*free)(gpointer data);
};

const SgMatcher *sg_matcher_named(const char *name);
char	*sg_matcher_names(void);	/* "words, regex, near, ..."; caller frees */

/* The bit of "body" ...; 0 when unknown. */
guint	 sg_where_bit(const char *where);

void	 sg_rule_free(SgRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgRule, sg_rule_free)

#include "rule/read.h"

#endif
