/*
 * act - turns a verdict into effects: edits for the mail server, rows for the store.
 *
 * Actions only plan; front/apply.c carries the edits out, after the store has
 * everything.  To add an action: see act/kind.h; a
 * kind of edit: a word in SgEditKind and a case in front/apply.c.
 *
 *   - a recipient leaves the envelope only when their copy is kept; when nobody is
 *     left the message is discarded, without edits
 *   - a refusal for some recipients only, or a part taken out for some only, is a
 *     hold for those
 *   - content is filed for copies that wait (sealed ones too, as evidence), for
 *     parts taken out, and when a role is alerted of mail that goes on; a refused
 *     message leaves facts only, it is still with its sender
 */
#ifndef SG_ACT_ACT_H
#define SG_ACT_ACT_H

#include "decide/disclaimer.h"
#include "model/incident.h"
#include "model/message.h"
#include "model/reading.h"
#include "model/verdict.h"

typedef enum {
	SG_EDIT_ADD_HEADER,	/* name, value: inserted at the top      */
	SG_EDIT_ADD_RCPT,	/* value                                 */
	SG_EDIT_DEL_RCPT,	/* value                                 */
	SG_EDIT_DETACH,		/* value: part ids "2,3.1", name: the note */
	SG_EDIT_CHANGE_HEADER,	/* name, value: the first one, or a new one at the end */
} SgEditKind;

typedef struct SgEdit {
	SgEditKind kind;
	char	  *name;
	char	  *value;
} SgEdit;

typedef enum { SG_END_ACCEPT, SG_END_DISCARD, SG_END_REPLY } SgEnd;

typedef struct SgOutboxNew {	/* a mail the courier is to send */
	char  *kind;		/* "alert", "notice"             */
	char  *template;	/* file name in courier.notices  */
	char  *role;		/* alerts: to whom; else ""      */
	char  *address;		/* notices: the sender; else ""  */
	gint64 not_before;
} SgOutboxNew;

typedef struct SgEffects {
	GPtrArray  *edits;	/* SgEdit, in order			       */
	SgEnd	    end;
	guint	    code;	/* SG_END_REPLY: 451, 550, 552 ...	       */
	char	   *status;	/* "5.7.1"				       */
	char	   *text;	/* ASCII; percent signs single		       */
	SgIncident *incident;	/* to file, or NULL			       */
	gboolean    content;	/* file the message and its reading with it    */
	GPtrArray  *outbox;	/* SgOutboxNew				       */
	SgDisclaimers *disclaimers;	/* texts for those who get it now, or NULL     */
} SgEffects;

/* ref: of a new incident (base/ref.h), also shown in headers and replies. */
SgEffects *sg_act_plan(const SgVerdict *v, const SgPolicy *p, const SgMessage *m,
		const SgReading *r, const char *ref, gint64 now);
/* An empty plan to accept; and one more edit of a plan.  Strings are copied. */
SgEffects *sg_effects_new(void);
void	   sg_effects_edit(SgEffects *e, SgEditKind kind, const char *name, const char *value);
void	   sg_effects_free(SgEffects *e);
/* The parts could not be taken out safely: holds those lines; then plan again. */
void	   sg_act_without_detach(SgVerdict *v);
/* The texts could not be put in: nobody's copy is kept apart; then plan again. */
void	   sg_act_without_disclaimers(SgVerdict *v);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgEffects, sg_effects_free)

#endif
