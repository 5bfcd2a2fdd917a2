/*
 * tree - GMime's reading of one message, as a flat list with byte offsets.
 *
 * Nodes stand in the order of the message.  What no node covers (prologue,
 * epilogue, the body of a multipart without parts) is a gap.  Offsets count in
 * raw, which is what was given unless something was trimmed.  The tree
 * belongs to the caller; nothing in it outlives sg_tree_free().
 *
 * GMime is only asked to read: writing a header back, or asking a multipart
 * without a boundary for its boundary, hangs for ever on some parameters.
 */
#ifndef SG_MAIL_TREE_H
#define SG_MAIL_TREE_H

#include <gmime/gmime.h>

#include "mail/lean.h"
#include "part/part.h"

typedef enum { SG_NODE_LEAF, SG_NODE_MULTIPART, SG_NODE_MESSAGE } SgNodeType;

typedef struct SgNode {
	char	    *id;	/* "2.1"; the multipart of a message has its message's */
	SgNodeType   type;
	guint	     depth;
	gboolean     toplevel;	/* the body of its message */
	gboolean     forwarded;	/* inside a message inside the message */
	gboolean     sealed;	/* below something signed or encrypted */
	gsize	     start, body, end;	/* of the headers, the content, behind it;
					 * a multipart or message ends at its body */
	GMimeObject *object;
	GMimeMessage *message;	/* SG_NODE_MESSAGE: what is inside, or NULL */
} SgNode;

typedef struct SgGap {
	gsize at, len;
	gint  node;		/* whose content this is, -1: nobody's */
} SgGap;

typedef struct SgTree {
	GBytes	     *raw;
	GBytes	     *rest;	/* cut out by the limits, to be read as text; or NULL */
	GBytes	     *seen;	/* by GMime: raw without what it need not see */
	GByteArray    view;	/* of seen, for GMime's streams */
	SgLean	      lean;	/* from seen to raw */
	GMimeMessage *message;	/* NULL: this does not begin like a message */
	GString	     *stray;	/* header lines that are not, or not for every reader */
	GArray	     *nodes;	/* SgNode */
	GArray	     *gaps;	/* SgGap  */
	guint	      flags;	/* SgFlag, by structure.h */
	gboolean      odd;	/* in a way that calls for a second look */
	gboolean      over_depth, over_parts, over_headers;
} SgTree;

typedef struct SgTreeLimits {
	guint	 depth, parts, headers;
	gboolean lean;	/* GMime sees no trace fields and no long bodies: its streams are
			 * short, and objects have not all their fields */
	gboolean own;	/* below a prefix, and yet no message inside the message */
} SgTreeLimits;
/* For who changes a message or takes something out of it: more than any real mail has, whatever
 * the reading is allowed; what is beyond is left as it is. */
#define SG_TREE_MOST { 100, 20000, 20000, FALSE, FALSE }

/* depth and prefix: where this message itself stands, 0 and "" for the whole mail. */
SgTree *sg_tree_read(GBytes *raw, const SgTreeLimits *limits, guint depth, const char *prefix);
void	sg_tree_free(SgTree *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTree, sg_tree_free)

/* The transfer encoding as clients understand it; FALSE when the claim is unknown. */
gboolean sg_tree_coding(GMimeObject *object, SgCoding *coding);

#endif
