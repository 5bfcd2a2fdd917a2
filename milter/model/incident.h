/*
 * incident - a verdict on file: facts without content.
 *
 * Content (the message, and the reading with its texts, excerpts, subject and
 * file names) is kept in the vault under the incident's ref; what stands here
 * may be shown to the IT role, but for addresses.  An incident owns its copies and
 * hits.  To add a category: a row in incident.c.
 */
#ifndef SG_MODEL_INCIDENT_H
#define SG_MODEL_INCIDENT_H

#include <glib.h>

/* What has become of one recipient's copy.  Stored as these words. */
typedef enum {
	SG_COPY_PASSED,		/* was delivered at once; filed for its findings only */
	SG_COPY_REJECTED,	/* was refused at SMTP time                  */
	SG_COPY_WAITING,	/* held, nobody has decided                  */
	SG_COPY_RELEASING,	/* decided: goes out when the undo time ends */
	SG_COPY_SENDING,	/* the courier has begun                     */
	SG_COPY_RELEASED,	/* the mail server took it; answer recorded  */
	SG_COPY_REFUSED,	/* the mail server refused it for good       */
	SG_COPY_UNCLEAR,	/* the end was not seen; a person looks      */
	SG_COPY_WITHHELD,	/* decided: not delivered, nobody told       */
	SG_COPY_RETURNED,	/* decided: not delivered, sender told why   */
	SG_COPY_N
} SgCopyState;

typedef struct SgCopy {
	char	   *address;
	char	   *klass;
	SgCopyState state;
	char	   *action;	/* sg_do_name() of the verdict */
	char	   *answer;	/* of the mail server, "" before */
	guint	    attempts;
} SgCopy;

typedef struct SgIncident {
	char	  *ref;
	gint64	   created;	/* seconds */
	struct {
		char	*dedupe, *content_hash;
		char	*sender, *sender_class, *client;
		char	*queue_id, *message_id, *mail_args;
		gboolean authenticated;
		gboolean own_id;	/* sg_message_has_own_id() */
		guint64	 size;
	} origin;
	char	  *route;	/* in out inside transit */
	char	  *category;
	char	  *area;
	guint	   severity;
	char	  *urgency;	/* urgent high medium low */
	char	  *rows;	/* policy rows, comma-separated */
	guint	   flags;
	char	  *failure;	/* could not be scanned: why; "" otherwise */
	gint64	   look_by;	/* seconds; 0 = none */
	gboolean   sealed, disclosure, privileged;
	guint	   version;	/* goes up with every change; decisions name it */
	char	  *taken_by;	/* account, "" = nobody */
	gint64	   taken_until;
	char	  *decision;	/* last decision code, "" = none */
	char	  *decided_by;
	gint64	   decided_at;
	GPtrArray *copies;	/* SgCopy */
	GPtrArray *hits;	/* SgHit: the findings, without content */
	GPtrArray *subjects;	/* addresses (char *) of reviewers it names: it is not theirs to see */
} SgIncident;

typedef struct SgHit {
	char *rule, *title, *category, *area, *where, *part;
	guint severity, confidence, count, disguised;
} SgHit;

SgIncident *sg_incident_new(void);
void	    sg_incident_free(SgIncident *i);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgIncident, sg_incident_free)
SgCopy	   *sg_incident_add_copy(SgIncident *i, const char *address, const char *klass,
		SgCopyState state, const char *action);
SgHit	   *sg_incident_add_hit(SgIncident *i);	/* fill every string */
guint	    sg_incident_count(const SgIncident *i, SgCopyState s);

const char *sg_copy_state_name(SgCopyState s);	/* "waiting" */
gboolean    sg_copy_state_parse(const char *s, SgCopyState *out);

/* Words for people (console.md 8): "Bullying or insults"; falls back to "Other". */
const char *sg_category_label(const char *category);
/* urgent/high/medium/low, from severity and category (console.md 6.2); until when somebody
 * should look: decide/hours.h. */
const char *sg_urgency_for(guint severity, const char *category);

#endif
