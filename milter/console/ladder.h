/*
 * ladder - the reading of one message, rung by rung, each on record before it is shown.
 *
 *   0 facts   1 masked excerpts   2 matched words   3 text   4 pictures, grey and blurred
 *   5 one picture clearly
 *
 * A rung is asked for by POST /message/REF/reveal; no rung is left out, none is there for
 * a sealed message, and reading takes the message.  A browser is then sent to the page,
 * which shows what the grant (grants.h) allows.
 */
#ifndef SG_CONSOLE_LADDER_H
#define SG_CONSOLE_LADDER_H

#include "console/content.h"
#include "console/decisions.h"
#include "console/view.h"

#define SG_TAKE_SECONDS 1200	/* "You have it until 11:05" */

/* What this rung shows besides hits and files ("texts", "pictures"), and "ladder": the next step
 * that may be asked for: {words|text|pictures: true, reading, seeing, open, theirs}. */
void	sg_ladder_add(const SgRequest *q, const SgIncident *i, const SgContent *c, SgRung rung, json_t *m);
/* [{"value","label","on"}]: why somebody takes a message from somebody else. */
json_t *sg_ladder_overs(void);

/* p_message.c: the page as it stands, its look on record; NULL: r is a refusal. */
json_t *sg_message_build(const SgRequest *q, const SgIncident *i, SgReply *r);
/* The same at a rung that is on record already. */
json_t *sg_message_at(const SgRequest *q, const SgIncident *i, SgRung rung);
/* p_sealed.c: what only the page of a sealed message has. */
void	sg_sealed_add(const SgRequest *q, const SgIncident *i, json_t *m);
/* "head teacher, police" for a list of bodies in an audit entry; caller frees. */
char   *sg_told_text(const char *detail);

#endif
