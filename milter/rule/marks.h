/*
 * marks - what one text holds that no list of words can find: values, and tables of people.
 *
 * Made once a text, when a rule of this message asks for it; the matchers then look at
 * the same marks.  Limits: SG_MARKS_VALUES, SG_TABLE_COLUMNS; reaching one is told
 * (full, wide).
 */
#ifndef SG_RULE_MARKS_H
#define SG_RULE_MARKS_H

#include "model/reading.h"
#include "rule/rule.h"
#include "value/tables.h"

#define SG_MARKS_VALUES 100000u	/* of one text */

typedef struct SgMarks {
	char	*flat;		/* the text (flat.h) */
	gsize	 len;
	GArray	*values;	/* SgValue, in order */
	GArray	*tables;	/* SgTable */
	const SgHitAt *except;	/* of the rule that looks, by place */
	guint	 n_except;
	gboolean full;		/* some of the text was not looked at */
	gboolean wide;		/* a table's last columns were not */
} SgMarks;

SgMarks *sg_marks_new(const SgText *text, gsize len);
void	 sg_marks_free(SgMarks *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMarks, sg_marks_free)

/* Hash of the letters either side of [from, to): the same words again are known by it. */
guint64	 sg_marks_around(const SgMarks *m, gsize from, gsize to);

/* Does [at, at + len) lie inside one of the rule's exceptions? */
gboolean sg_marks_excepted(const SgMarks *m, gsize at, gsize len);

#endif
