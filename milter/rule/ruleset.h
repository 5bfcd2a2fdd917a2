/*
 * ruleset - the rules in use: loaded once, shared by all workers, never changed.
 *
 * Directories of *.conf files (interfaces.md 5, schoolgate-rules(5)); a rule of a
 * later directory replaces one of the same id.  Loading runs every rule's own hit
 * and miss examples: a rule that fails one is an error, and so is a set without
 * rules.  The Hyperscan database is kept in cache_dir, named after a hash of the
 * patterns, the library's version and the processor; NULL or an unwritable
 * directory means compile each time.
 *
 *   category = "bullying";  area = "conduct";     # content contact conduct commerce
 *   rules = ( { ... }, { ... } );
 *
 *   id, title, severity (1-5), confidence (low medium high)           required
 *   one of
 *     words = [ "idiot", "shut up", "stupid*", "@words/list.txt" ]    whole words; * = beginning
 *     regex = [ "room \\d+" ]       on canonical text: small letters, one blank for any blanks
 *     near  = { a = [ .. ]; b = [ .. ]; within = 40; not = [ .. ]; }  characters between; any order
 *     model = { file = "models/harm.model"; head = "hate"; above = 0.9; }
 *                                                    a segment of so high a value
 *     count = { words = [ .. ]; atleast = 5; }  or  { rule = "uk.upn"; atleast = 5; }
 *                                                    so many different hits in one message
 *     number = "uk.nhs"  or  { kinds = [ .. ]; sure = [ "high" ]; atleast = 3; }   (kinds.h)
 *     list  = { people = 3; columns = [ "birth" ]; }   person = { words = [ .. ]; within = 100; }
 *     file  = [ "*.exe", "application/x-dosexec", "executable" ]      name, type, kind of a part
 *   in = [ subject body quoted forwarded signature attachment name header ] (in double quotes;
 *     default subject body forwarded attachment)
 *   context = { from = [ .. ]; to = [ .. ]; route = [ .. ]; }  each must hold; a fact that is
 *     not known does not hold
 *   except = [ "stupid question" ]  a hit inside one does not count
 *   secret = true
 *   labels = [ "self_harm" ]     what other systems call the same; of the file or of a rule,
 *     whose own replace the file's
 *   hit, miss = [ "text" ]  or  ( "text", { text = ".."; facts = "from=pupil"; where = ".."; } )
 *     required, but for file rules, whose examples are names or { name; type; kinds }
 */
#ifndef SG_RULE_RULESET_H
#define SG_RULE_RULESET_H

#include <glib.h>

#include "model/reading.h"
#include "roster/roster.h"

typedef struct SgRuleset SgRuleset;

typedef struct SgRuleInfo {	/* for lists; strings belong to the ruleset */
	const char *id, *title, *category, *area, *matcher, *file;
	const char *const *labels;	/* NULL-terminated, never NULL */
	guint	    severity, confidence, line, hits, misses;
} SgRuleInfo;

/* NULL with SG_ERR_SETUP on any problem; all of them are appended to problems
 * as "file:line: what; remedy" when it is not NULL. */
SgRuleset	 *sg_ruleset_load(char *const *dirs, const char *cache_dir, GPtrArray *problems,
    GError **error);
SgRuleset	 *sg_ruleset_ref(SgRuleset *r);
void		  sg_ruleset_unref(SgRuleset *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgRuleset, sg_ruleset_unref)
const char	 *sg_ruleset_hash(const SgRuleset *r);	/* 16 hex digits */
guint		  sg_ruleset_size(const SgRuleset *r);
const SgRuleInfo *sg_ruleset_info(const SgRuleset *r, guint i);
const SgRuleInfo *sg_ruleset_find(const SgRuleset *r, const char *id);	/* NULL: no such rule */

/*
 * matching - one SgMatch a worker, reused for every message; owns the scratch.
 *
 *   begin                           a new message, with its class facts
 *   text...                         every text of it, as soon as it is known
 *   part...                         every part's facts, for "file" rules
 *   end                             count, near and Boolean conditions are settled, and
 *                                   the findings given to the caller, worst first
 *
 * A text of the same words as one seen before (text and HTML of an alternative)
 * counts once.  text is UTF-8 with LF line ends; where as in finding.h.
 */
typedef struct SgMatch SgMatch;

SgMatch *sg_match_new(SgRuleset *r, guint max_matches, GError **error);
void	 sg_match_free(SgMatch *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMatch, sg_match_free)
/* Whose names rules about pupils look for; NULL: nobody's, and those rules never hit. */
void	 sg_match_roster(SgMatch *m, SgRoster *roster);
void	 sg_match_begin(SgMatch *m, const char *facts);
gboolean sg_match_text(SgMatch *m, const SgText *text, GError **error);
void	 sg_match_part(SgMatch *m, const SgPartInfo *part);
/* Appends to findings (SgFinding, owned by the array). */
void	 sg_match_end(SgMatch *m, GPtrArray *findings);
/* How near the texts since the last call came to a rule with a model that holds mail: 0 to
 * 1, 0.5 where it begins.  For ranking texts; it is no probability. */
double	 sg_match_nearness(SgMatch *m);

/* Every hit that counted, at most 2,000, by the order of texts; a finding itself has only
 * the place of one.  Of the message last read, until the next begins. */
typedef struct SgHitSpan {
	guint	text, rule;	/* the texts' count from 1; sg_ruleset_info() */
	guint32 at, len;	/* in the text as given */
} SgHitSpan;

const SgHitSpan *sg_match_spans(const SgMatch *m, guint *n);
/* Of the text last read: where the values of secret rules stand, as in SgText; caller frees. */
char		*sg_match_hidden(const SgMatch *m);

#endif
