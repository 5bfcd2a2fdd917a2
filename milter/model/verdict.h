/*
 * verdict - what is to happen with a message, one line for each recipient.
 *
 * decide/ makes it, act/ reads it; strings and lines belong to it.  Nothing in it is
 * text of the message.  To add an action: a value of SgDo at its strength, its name in
 * verdict.c, and the module that act/ wants.
 */
#ifndef SG_MODEL_VERDICT_H
#define SG_MODEL_VERDICT_H

#include <glib.h>

/* By strength; the strongest action that applies to a recipient wins. */
typedef enum {
	SG_DO_DELIVER,
	SG_DO_TAG,
	SG_DO_DETACH,
	SG_DO_APPROVE,
	SG_DO_REJECT,
	SG_DO_HOLD,
	SG_DO_SEAL,
	SG_DO_N
} SgDo;

typedef enum { SG_ROUTE_IN, SG_ROUTE_OUT, SG_ROUTE_INSIDE, SG_ROUTE_TRANSIT } SgRoute;

typedef struct SgLine {		/* one recipient */
	char *address;
	char *klass;		/* class name of policy.conf */
	SgDo  what;
	char *rows;		/* ids of the rows that applied, comma-separated */
} SgLine;

typedef struct SgVerdict {
	SgRoute	   route;
	char	  *sender_class;
	GPtrArray *lines;	/* SgLine, in the order of the envelope             */
	SgDo	   strongest;
	guint	   severity;	/* worst among the findings that made a row apply   */
	char	  *category;	/* of that finding; "" when a row had none          */
	char	  *area;
	char	  *rows;	/* ids of all rows that applied, comma-separated    */
	char	  *shadow;	/* ids of rows that would have applied (mode=shadow) */
	GPtrArray *notify;	/* char *: roles to alert                           */
	GPtrArray *bcc;		/* char *: addresses to add                         */
	GPtrArray *detach;	/* char *: part ids to take out                     */
	gboolean   tell_sender;	/* a row asked for it and the category allows it    */
	gboolean   file;	/* keep facts and content: a row held, sealed, rejected or notified */
	gboolean   disclosure;	/* a child asks for help: deliver, alert at once    */
	gboolean   privileged;	/* Childline, police ...: never held on words       */
	gboolean   untouched;	/* no text of the school's is put in                */
	guint	   flags;	/* SgFlag of the reading                            */
	char	  *failure;	/* why it could not be scanned, NULL otherwise      */
	guint	   reply_code;	/* for SG_DO_REJECT of all, and failures: 451, 550, 552; 0 otherwise */
	char	  *reply_status;	/* "5.7.1" */
	char	  *reply_text;	/* ASCII, one line, "{ref}" still in it */
} SgVerdict;

SgVerdict  *sg_verdict_new(void);
void	    sg_verdict_free(SgVerdict *v);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgVerdict, sg_verdict_free)
SgLine	   *sg_verdict_add(SgVerdict *v, const char *address, const char *klass);

const char *sg_do_name(SgDo d);			/* "hold" */
gboolean    sg_do_parse(const char *s, SgDo *d);
const char *sg_route_name(SgRoute r);		/* "in" "out" "inside" "transit" */
gboolean    sg_route_parse(const char *s, SgRoute *r);
guint	    sg_verdict_count(const SgVerdict *v, SgDo d);	/* lines with it */

#endif
