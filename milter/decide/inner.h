/*
 * inner - what the files of decide share; nobody else includes it.
 *
 *   policy.c   loads, keeps and answers      read.c    classes, contacts, sections
 *   rowread.c  one row of the policy: TABLE  people.c  people.csv (reader.h)
 *   route.c    who writes to whom, and where it goes
 *   rows.c     does a row apply?             decide.c  joins the rows to a verdict
 *   contact.c  adults and children, over time
 *   relate.c   recipients who are perhaps the wrong ones
 *   reply.c    words for the mail server     failure.c when something broke
 *   disclaimread.c, disclaimer.c             texts of the school, and who gets them
 *   hours.c    school hours and look-by times   ical.c    holidays and terms
 *
 * A new condition or action of policy rows: a member of SgRow, one line in the
 * table of rowread.c, one question in rows.c, its paragraph in
 * schoolgate-policy(5), and a case in t/unit/decide.c.
 */
#ifndef SG_DECIDE_INNER_H
#define SG_DECIDE_INNER_H

#include "decide/decide.h"
#include "decide/hours.h"
#include "decide/relating.h"

#define SG_OUTSIDE "outside"	    /* class of whoever has no other     */
#define SG_PRIVILEGED "privileged" /* class that is never held on words */

typedef struct SgClass {
	char  *name;
	char **match;		/* "@domain", "user@domain" or a pattern; lower case */
} SgClass;

typedef struct SgPerson {
	char  *klass;		/* "" = as the address says          */
	char  *main;		/* the address of the line; an alias differs */
	char  *name, *role, *phone;	/* for texts; "" when not given      */
	gint64 until;		/* the row ends here; G_MAXINT64 never */
} SgPerson;

typedef struct SgRow {		/* NULL lists and zeros ask nothing */
	char	*id;
	gboolean shadow;
	char   **from, **to;	/* classes                       */
	guint	 routes;	/* bits 1 << SgRoute             */
	char   **categories;
	char   **rules;		/* ids, or "topic.*"             */
	guint	 severity, confidence, count;	/* at least */
	char   **files;		/* kinds, "*.ext", "type/sub*"   */
	guint	 flags;		/* SgFlag, any of                */
	gint64	 recipients, outside_recipients;	/* more than; -1 asks nothing */
	gboolean claimed;
	SgRowRelation relation;
	char   **unless;	/* facts                         */
	SgDo	 what;
	char   **notify;	/* roles                         */
	char   **bcc;		/* addresses                     */
	gboolean tell_sender, log;
} SgRow;

struct SgPolicy {
	SgOptions  *options;
	GPtrArray  *classes;	/* SgClass, first match wins     */
	GPtrArray  *rows;	/* SgRow                         */
	GPtrArray  *disclaimers;	/* SgDisclaimer (reader.h), in order */
	GHashTable *contacts;	/* role -> char **               */
	GHashTable *people;	/* address -> SgPerson           */
	GHashTable *own;	/* somebody's address at home -> address of theirs in people */
	char	  **categories;	/* of the school's own packs     */
	SgHours	   *hours;
};

/* people.c; address in lower case; NULL: the file says nothing of a class */
const char *sg_people_class(const SgPolicy *p, const char *address, gint64 now);
/* policy.c: as sg_policy_class(), at a given time. */
const char *sg_policy_class_at(const SgPolicy *p, const char *address, gint64 now);
/* policy.c: by the domain alone, whatever its local part may lead to */
gboolean    sg_policy_own_domain(const SgPolicy *p, const char *address);

/* route.c: who writes to whom */
typedef struct SgParties {
	char	   *identity;	/* whom the mail server vouches for; NULL: from elsewhere */
	const char *klass;	/* of the sender                                */
	gboolean    claimed;	/* from elsewhere, under one of our addresses   */
	guint	    outside;	/* recipients that are not the school's         */
} SgParties;
void	 sg_parties_init(SgParties *w, const SgPolicy *p, const SgMessage *m, gint64 now);
void	 sg_parties_clear(SgParties *w);
SgRoute	 sg_route_of(const SgParties *w, gboolean recipient_inside);
SgRoute	 sg_route_whole(const SgParties *w, const SgMessage *m);

/* Is one end of a line privileged?  An envelope from elsewhere may be forged: then
 * critical words count all the same. */
typedef enum { SG_PRIV_NO, SG_PRIV_CLAIMED, SG_PRIV_SURE, SG_PRIV_N } SgPrivilege;

/* rows.c: what of a message makes a row apply, for all recipients alike */
typedef struct SgEvidence {
	gboolean	 holds, disclosure;	/* disclosure: the row asked for it by name */
	const SgFinding *worst;	/* NULL: the row does not ask for findings */
} SgEvidence;
SgEvidence sg_row_evidence(const SgRow *row, const SgParties *w, const SgMessage *m,
	       const SgReading *r, SgPrivilege privileged);
gboolean   sg_row_for_line(const SgRow *row, const char *klass, SgRoute route);
/* Appends the ids of the parts a row means; FALSE: it means more than attachments. */
gboolean   sg_row_parts(const SgRow *row, const SgParties *w, const SgMessage *m,
	       const SgReading *r, GPtrArray *parts);
/* Rests it on what somebody wrote, rather than on a file's nature or a limit? */
gboolean   sg_finding_is_words(const SgFinding *f);
gboolean   sg_row_has_fact(const char *fact);	/* a word that "unless" knows */

/* decide.c: may its sender be told at once that a message of this category is held? */
gboolean   sg_category_is_told(const char *category);

/* reply.c: sets reply_code, reply_status, reply_text */
typedef enum {
	SG_SAY_REFUSED, SG_SAY_MALWARE, SG_SAY_ENCRYPT, SG_SAY_TOO_LARGE, SG_SAY_LATER
} SgSay;
void	   sg_reply_set(SgVerdict *v, const SgPolicy *p, SgSay what, gboolean inside);

#endif
