/*
 * collect - one message as it arrives, byte for byte, until it is sealed.
 *
 * Small messages are gathered in memory and written into their memfd in one
 * go; above SG_COLLECT_SPILL the memfd takes over and memory holds nothing.
 * Nothing here fails at once: memory or descriptors that run out, and a
 * message above the limit, are remembered and said by sg_collect_seal(); what
 * was gathered until then is let go, the rest only counted.
 *
 * Our own header fields (Schoolgate-*) are noted on the way, with the index
 * under which the mail server knows them.
 */
#ifndef SG_FRONT_COLLECT_H
#define SG_FRONT_COLLECT_H

#include <glib.h>

#define SG_COLLECT_SPILL (32u << 10)	/* to copy more of it once again costs more than to map it */
#define SG_COLLECT_OWN	 100u	/* more of our own fields than this is an attack */
#define SG_OWN_PREFIX	 "Schoolgate-"

typedef struct SgOwnHeader {
	char *name;
	char *value;	/* unfolded, outer blanks off */
	guint index;	/* 1 = first of that name, whatever its case */
} SgOwnHeader;

typedef struct SgCollect {
	gsize	   max;
	gsize	   size;	/* bytes seen, also those not kept */
	char	  *buf;		/* until it is spilled */
	gsize	   len, room;
	int	   fd;		/* -1 before */
	gboolean   in_body, too_large, sealed;
	int	   failed;	/* errno of the first failure, 0 = none */
	char	  *message_id;	/* of the first Message-ID, without <>, or NULL */
	gboolean   automatic;	/* an Auto-Submitted other than "no" (RFC 3834, 5) */
	GPtrArray *own;		/* SgOwnHeader, NULL when there is none */
	gboolean   own_flood;
} SgCollect;

SgCollect *sg_collect_new(gsize max);
void	   sg_collect_free(SgCollect *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgCollect, sg_collect_free)

/* value as SMFIP_HDR_LEADSPC gives it, with its leading blank and LF in folds;
 * bare: from a mail server too old for that, so the blank is put back. */
void	   sg_collect_header(SgCollect *c, const char *name, const char *value, gboolean bare);
void	   sg_collect_body(SgCollect *c, const void *data, gsize len);

/*
 * The end: c->fd is now a sealed memfd of the whole message, and the bytes are
 * returned (memory, or a mapping of the memfd).  SG_ERR_LIMIT: too large;
 * SG_ERR_LATER: no memory, no descriptor.
 */
GBytes	  *sg_collect_seal(SgCollect *c, GError **error);

#endif
