/*
 * policy - policy.conf and people.csv, read once into a snapshot.
 *
 * Classes, policy rows, contacts (interfaces.md 4).  Unknown fields, wrong
 * types and impossible values are errors with file, line and remedy.  The
 * snapshot never changes; reload reads a new one and swaps it.
 */
#ifndef SG_DECIDE_POLICY_H
#define SG_DECIDE_POLICY_H

#include "base/options.h"
#include "decide/hours.h"

typedef struct SgPolicy SgPolicy;

/* Keeps a reference to o.  NULL with SG_ERR_SETUP on any error; all of them, and
 * warnings ("file:line: warning: ..."), are appended to problems when it is not
 * NULL.  Warnings alone do not stop the load. */
SgPolicy *sg_policy_load(SgOptions *o, GPtrArray *problems, GError **error);
SgPolicy *sg_policy_ref(SgPolicy *p);
void	  sg_policy_unref(SgPolicy *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPolicy, sg_policy_unref)
const SgOptions *sg_policy_options(const SgPolicy *p);

/* Class of an address: people.csv first, then the classes in order; never NULL ("outside"). */
const char *sg_policy_class(const SgPolicy *p, const char *address);
/* One spelling for one person: lower case, without a tag; people.csv's own address for its
 * aliases and for addresses at home.  Caller frees. */
char	   *sg_policy_mailbox(const SgPolicy *p, const char *address);
/* The name that people.csv gives this address; NULL: none.  Belongs to the policy. */
const char *sg_policy_name(const SgPolicy *p, const char *address);
/* Is the address in one of the school's own domains, and not one that leads on to
 * another ("friend%far.example@school.example")? */
gboolean    sg_policy_inside(const SgPolicy *p, const char *address);
/* Addresses of a role (lead, deputy, head, dpo, it ...), in the order of the file;
 * NULL-terminated, belongs to the policy; empty when nobody has it. */
const char *const *sg_policy_contacts(const SgPolicy *p, const char *role);
/* Everybody who may be told that a message waits: addresses of lead, deputy, head, chair and
 * out-of-hours, each once.  Caller unrefs. */
GPtrArray  *sg_policy_told(const SgPolicy *p);
#define SG_TOLD_LEAST 2u	/* of them have confirmed before anything is enforced */
gboolean    sg_policy_enforces(const SgPolicy *p);
/* School hours, holidays and terms; never NULL. */
const SgHours *sg_policy_hours(const SgPolicy *p);
/* The rows, in the order of the file; id NULL beyond the last. */
guint	    sg_policy_rows(const SgPolicy *p);
const char *sg_policy_row_id(const SgPolicy *p, guint i);

#endif
