/*
 * other - mails about no message: the digest, account mails, requests to confirm.
 *
 * Their facts come from the store and from "about" of the job: "name=value" lines, of which
 * only these names count (the writer of the job makes the values, never a message):
 *	account, what, by, until, role	as they are, of at most 200 bytes
 *	path	page of the console that the mail leads to ("me", "first-use/...")
 *	since, slot	digest: the time of the one before, and its own
 */
#ifndef SG_COURIER_OTHER_H
#define SG_COURIER_OTHER_H

#include "courier/office.h"

/* One of the facts, or NULL; caller frees. */
char   *sg_other_fact(const SgMailJob *j, const char *name);
/* The mail for job->address.  NULL without an error: there is nothing to say. */
GBytes *sg_other_write(SgOffice *office, const SgSetup *s, const SgMailJob *j, gint64 now, GError **error);

#endif
