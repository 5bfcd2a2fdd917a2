/*
 * subject - reviewers whom a message is about: they are not to see it, nor to learn of it.
 *
 * A contact of the policy (lead, deputy, head, dpo) whose name people.csv has is taken to be
 * meant when the name stands beside what a rule saw (in the excerpt of a finding that is
 * held): "Grace Okafor", "Mrs Okafor", "Ms. Okafor".  The surname alone, and a name elsewhere
 * in the message, say nothing: "ask Mrs Okafor" is in half of a school's mail.
 */
#ifndef SG_DECIDE_SUBJECT_H
#define SG_DECIDE_SUBJECT_H

#include "decide/policy.h"
#include "model/reading.h"

/* Their addresses (char *, lower case) are appended; each once. */
void sg_subjects_find(const SgPolicy *p, const SgReading *r, GPtrArray *addresses);

#endif
