/*
 * finding - what a rule saw, or which limit was reached, and where.
 *
 * A finding is exactly what crosses the wall between scanner and client, so
 * the noun is the wire struct.  Its fields:
 *
 *   severity    1 log only, 2 digest, 3 hold, 4 hold and alert, 5 critical
 *   confidence  SgConfidence
 *   count       how often (different things, not repetitions, where a rule counts)
 *   disguised   only the skeleton of the text matched (l e e t, look-alikes)
 *   secret      the hit is a value that stays masked at every rung (numbers, codes)
 *   rule        "bully.insult"; limits are "limit.depth", readings "mime.malformed" ...
 *   title       one plain sentence for a person
 *   category    "bullying"; area: content, contact, conduct, commerce, or "system"
 *   where       subject body quoted forwarded signature attachment name header part
 *               correspondence (several messages)
 *   part, name  id ("2.1") and file name, "" when not in a part
 *   excerpt     at most 80 characters either side of the hit, cleaned; message
 *               text: it may be stored only in the vault, never logged
 *   hit_at/len  bytes of excerpt that are the hit; to be masked at rung 1
 *   text_at/len bytes in the part's TEXT; 0 length when there is none
 */
#ifndef SG_MODEL_FINDING_H
#define SG_MODEL_FINDING_H

#include "base/wire.h"

typedef enum { SG_CONF_LOW = 1, SG_CONF_MEDIUM, SG_CONF_HIGH } SgConfidence;

typedef SgWireFINDING SgFinding;

const char  *sg_confidence_name(guint c);	/* "low" ...; "?" for others */
guint	     sg_confidence_parse(const char *s);	/* 0 when unknown    */
/* The excerpt with its hit masked; caller frees.  Secret values keep their
 * first three and last two characters ("943 ••• ••65"), words none. */
char	    *sg_finding_masked(const SgFinding *f);
/* A file's name, in which the hits of secret findings (SgFinding) are masked; caller frees. */
char	    *sg_finding_mask_name(const GPtrArray *findings, const char *name);
/* One of our own about a message ("limit.depth"): area "system", where "part", high
 * confidence, count 1, every other string "". */
SgFinding   *sg_finding_of_ours(const char *rule, const char *title, const char *category, guint severity);
void	     sg_finding_free(SgFinding *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgFinding, sg_finding_free)

#endif
