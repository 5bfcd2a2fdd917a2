/*
 * rights - one table: which role may use which page with which method.
 *
 * What is not in the table is refused.  A test walks all roles over all pages.
 */
#ifndef SG_CONSOLE_RIGHTS_H
#define SG_CONSOLE_RIGHTS_H

#include "model/account.h"

/* Roles (SgRole bits) that may; 0 when the table has no such row. */
guint	    sg_rights(const char *pattern, const char *method);
/* "the safeguarding lead": whom to ask when one may not; the first role that may. */
const char *sg_rights_ask(const char *pattern, const char *method);

#endif
