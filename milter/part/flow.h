/*
 * flow - running text of a document: paragraphs, asides and tables, given to the sink.
 *
 * A reader says what it meets in the order of the file; the flow keeps words together
 * that a person sees together.  What stands beside a paragraph (a note, a comment, a
 * text box) comes behind it and does not tear it.  A table goes through SgTable, so
 * that its columns are known; one that only lays out a page, or lies inside another
 * table, stays text.  Two forms of the same content, of which a program shows one,
 * count once when they say the same.
 *
 * Calls never fail: the first error of the sink is kept, what comes behind it is
 * dropped, and sg_flow_finish() gives it.
 */
#ifndef SG_PART_FLOW_H
#define SG_PART_FLOW_H

#include "part/extractor.h"

typedef struct SgFlow SgFlow;

SgFlow	*sg_flow_new(SgSink *sink, const char *where);
void	 sg_flow_free(SgFlow *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgFlow, sg_flow_free)

void	 sg_flow_words(SgFlow *f, const char *s, gsize n);	/* as they stand */
/* Words of running prose, whose white space is the file's: one blank for any of it. */
void	 sg_flow_prose(SgFlow *f, const char *s, gsize n);
void	 sg_flow_break(SgFlow *f);	/* a new line inside a paragraph */
void	 sg_flow_paragraph(SgFlow *f);	/* one is over */
/* A line of its own, behind the paragraph in hand. */
void	 sg_flow_line(SgFlow *f, const char *s, gsize n);

/* May be nested; unbalanced calls are borne. */
void	 sg_flow_aside(SgFlow *f);
void	 sg_flow_aside_end(SgFlow *f);
void	 sg_flow_table(SgFlow *f);
void	 sg_flow_row(SgFlow *f);	/* one begins */
void	 sg_flow_cell(SgFlow *f);
void	 sg_flow_cell_end(SgFlow *f, guint columns);	/* how many it covers */
void	 sg_flow_table_end(SgFlow *f);
/* Between the first two calls of these, forms of the same content. */
void	 sg_flow_forms(SgFlow *f);
void	 sg_flow_form(SgFlow *f);
void	 sg_flow_form_end(SgFlow *f);
void	 sg_flow_forms_end(SgFlow *f);

/* Has the sink refused something?  Then reading on is of no use. */
gboolean sg_flow_failed(const SgFlow *f);
/* Gives what is left, and closes what is open. */
gboolean sg_flow_finish(SgFlow *f, GError **error);

#endif
