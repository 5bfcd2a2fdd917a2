/*
 * bodies - the leaves of a message that are what its sender wrote.
 *
 * One text, or the readable leaves of the alternative that stands first; never
 * an attachment or what is inside an attached message.  When a message may not be
 * changed at all, or only some of its readings could be, the answer is a reason
 * instead, one of the words of SG_SKIPS.
 *
 * RFC 2046 5.1 (mixed, alternative), RFC 2387 (related), RFC 3834 (automatic mail),
 * RFC 2919 and 2369 (lists), RFC 5546 (invitations).
 */
#ifndef SG_REWRITE_BODIES_H
#define SG_REWRITE_BODIES_H

#include "mail/tree.h"

/* word, why the text was not added: counted, logged and shown */
#define SG_SKIPS \
	X(SIGNED,	"signed")	/* a signature would break			*/ \
	X(ENCRYPTED,	"encrypted")	/* nothing to write in				*/ \
	X(PGP,		"pgp")		/* signed or encrypted text in the body		*/ \
	X(CALENDAR,	"calendar")	/* an invitation or an answer to one		*/ \
	X(REPORT,	"report")	/* a mail server's or a mail program's report	*/ \
	X(PARTIAL,	"partial")	/* a piece of a message, or a pointer		*/ \
	X(TNEF,		"tnef")		/* the body is in winmail.dat			*/ \
	X(LIST,		"list")		/* from a mailing list				*/ \
	X(AUTOMATIC,	"automatic")	/* not written by a person			*/ \
	X(DKIM,		"dkim")		/* somebody has signed it already		*/ \
	X(NO_TEXT,	"no-text")	/* nothing but attachments			*/ \
	X(ALTERNATIVE,	"alternative")	/* only some of the readings could be changed	*/ \
	X(ENCODING,	"encoding")	/* a transfer encoding that is not known	*/ \
	X(CHARSET,	"charset")	/* a character set that cannot be kept		*/ \
	X(HTML,		"html")		/* no place where it would be seen		*/ \
	X(UNCLEAR,	"unclear")	/* mail programs may read it in different ways	*/ \
	X(SIZE,		"size")		/* it would become too large			*/ \
	X(THERE,	"there")	/* it has the text already			*/ \
	X(REPLY,	"reply")	/* a reply, and the policy says not in replies	*/

typedef enum {
	SG_SKIP_NONE,
#define X(name, word) SG_SKIP_##name,
	SG_SKIPS
#undef X
} SgSkip;

const char *sg_skip_word(SgSkip skip);	/* "" for none */

/* Indexes into t->nodes are appended to leaves (guint). */
SgSkip sg_bodies_find(const SgTree *t, GArray *leaves);
/* What the header of the message itself says against a change; cheap, so asked before the
 * message is parsed.  *reply: it answers another one. */
SgSkip sg_bodies_headers(GBytes *raw, gboolean *reply);
/* Something PGP has signed or encrypted begins in text: a line, or (a page) anywhere. */
gboolean sg_bodies_armour(const char *text, gboolean anywhere);

#endif
