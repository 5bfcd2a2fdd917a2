/*
 * doctor - what is set up wrongly, and how to put it right.
 *
 * A check looks at one thing and says what it found: ok, note (a fact, nothing
 * to do), warning (works, but) or wrong.  Each wrong has a remedy.  Nothing is
 * changed.  To add one: a function and a row in c_doctor.c.
 */
#ifndef SG_CTL_DOCTOR_H
#define SG_CTL_DOCTOR_H

#include <jansson.h>

#include "ctl/ctl.h"

typedef enum { SG_SEEN_OK, SG_SEEN_NOTE, SG_SEEN_WARNING, SG_SEEN_WRONG } SgSeen;

typedef struct SgDoctor {
	SgCtl		*ctl;
	SgOptions	*o;
	const char	*check;	/* name of the one that runs */
	json_t		*rows;
	guint		 wrong;
} SgDoctor;

/* remedy may be NULL unless seen is SG_SEEN_WRONG; what is a printf format. */
void sg_doctor_say(SgDoctor *d, SgSeen seen, const char *remedy, const char *what, ...)
    G_GNUC_PRINTF(4, 5);

/* This machine: d_here.c */
void sg_d_policy(SgDoctor *d);
void sg_d_keys(SgDoctor *d);
void sg_d_sockets(SgDoctor *d);
void sg_d_store(SgDoctor *d);
void sg_d_console(SgDoctor *d);
void sg_d_contacts(SgDoctor *d);
void sg_d_rules(SgDoctor *d);
void sg_d_roster(SgDoctor *d);
void sg_d_signatures(SgDoctor *d);
void sg_d_clock(SgDoctor *d);

/* The mail server; how milter.listen looks in its configuration. */
typedef struct SgDoor {
	gboolean inet;
	char	*path;	/* or host */
	guint	 port;
} SgDoor;
gboolean sg_door_parse(const char *listen, SgDoor *out);
void	 sg_door_clear(SgDoor *l);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgDoor, sg_door_clear)
/* Is this entry of a milter list ("inet:host:port", "unix:path", "local:path") our socket?
 * root: directory of a chroot, NULL = none. */
gboolean sg_door_is(const SgDoor *l, const char *entry, const char *root);
/* Does this entry look like a program that signs (DKIM, ARC)? */
gboolean sg_looks_like_signer(const char *entry);

void sg_d_postfix(SgDoctor *d);	/* d_postfix.c	*/
void sg_d_sendmail(SgDoctor *d);	/* d_sendmail.c */

#endif
