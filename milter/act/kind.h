/*
 * kind - one action: what it plans for a line, and once for the message.
 *
 * An action only adds to the plan's effects; it never looks at what another
 * one planned.  what[] is settled before: each line's action as it can be
 * carried out (a refusal for some recipients only is a hold).
 *
 * To add an action: a_<name>.c with one SgActionKind, one line in actions.c,
 * a case in t/unit/act.c.
 */
#ifndef SG_ACT_KIND_H
#define SG_ACT_KIND_H

#include "act/act.h"

typedef struct SgPlan {
	const SgVerdict *verdict;
	const SgPolicy	*policy;
	const SgMessage *message;
	const SgReading *reading;	/* NULL when nothing could be read  */
	const char	*ref;
	gint64		 now;
	SgDo		*what;		/* of each line, settled            */
	guint		 n[SG_DO_N];	/* lines with each                  */
	SgIncident	*incident;	/* becomes the effects' when v->file */
	SgEffects	*effects;
} SgPlan;

typedef struct SgActionKind {
	const char *name;
	SgDo	    what;		/* lines it is for; SG_DO_N: none, message only */
	void	  (*line)(SgPlan *p, const SgLine *line);	/* may be NULL */
	/* once, when a line has it or what is SG_DO_N; may be NULL */
	void	  (*message)(SgPlan *p);
} SgActionKind;

extern const SgActionKind *const sg_actions[];	/* NULL-terminated */

/* Lines that get their mail now. */
guint	 sg_plan_passing(const SgPlan *p);
void	 sg_plan_edit(SgPlan *p, SgEditKind kind, const char *name, const char *value);
void	 sg_plan_mail(SgPlan *p, const char *kind, const char *template, const char *role,
		const char *address);
/* The line's copy in the incident. */
void	 sg_plan_copy(SgPlan *p, const SgLine *line, SgCopyState state, SgDo what);
/* Keeps a line back: its copy waits, and the recipient leaves the envelope. */
void	 sg_plan_keep(SgPlan *p, const SgLine *line, SgDo what);

#endif
