/*
 * part - one piece of a message on its way through the walk.
 *
 * Whoever makes a part owns it until the sink takes it.  content is as it was
 * sent; it is decoded only when somebody asks for the bytes, and the decoded
 * bytes are dropped again when the part has been read.
 */
#ifndef SG_PART_PART_H
#define SG_PART_PART_H

#include <glib.h>

#include "model/reading.h"

typedef enum { SG_AS_IS, SG_BASE64, SG_QUOTED, SG_UUENCODE } SgCoding;

typedef enum {
	SG_PART_ATTACHED = 1 << 0,	/* disposition attachment, or a file name   */
	SG_PART_FORWARDED = 1 << 1,	/* inside a message inside the message	    */
	SG_PART_FLOWED = 1 << 2,	/* format=flowed			    */
	SG_PART_DELSP = 1 << 3,		/* delsp=yes				    */
	SG_PART_RAW = 1 << 4,		/* structure that could not be read as such */
	SG_PART_READ = 1 << 5,		/* what is inside has been given already    */
	SG_PART_INSIDE = 1 << 6,	/* not of the mail itself: its bytes are its own */
	SG_PART_DROPPED = 1 << 7,	/* has been read, its content is gone	    */
	SG_PART_SWEPT = 1 << 8,		/* from the second reading, see sweep.h	    */
	SG_PART_OWN = 1 << 9,		/* taken out of a signed wrapper: no other's words */
} SgPartTrait;

/* What an extractor that has stopped in between goes on with. */
typedef struct SgMore {
	const struct SgExtractor *by;
	gpointer       state;
	GDestroyNotify free;
	guint	       slot;		/* the walk's */
} SgMore;

typedef struct SgPart {
	char	*id;		/* "2.1": as in IMAP; "" for the message itself   */
	char	*name;		/* file name as sent; "" when there is none	  */
	char	*declared;	/* MIME type the sender claims, lower case, or "" */
	char	*detected;	/* MIME type that was seen; decides		  */
	char	*charset;	/* as claimed, or ""				  */
	char	*subject;	/* of an attached message, or NULL		  */
	char	*shown;		/* other header values that people see, or NULL	  */
	GBytes	*content;	/* still in its transfer encoding		  */
	GBytes	*bytes;		/* decoded; through sg_part_bytes()		  */
	SgCoding coding;
	guint	 depth;
	guint	 traits;	/* SgPartTrait					  */
	GString *kinds, *notes;	/* blank-separated, see model/reading.h		  */
	guint64	 size;		/* decoded; known after sg_part_size()		  */
	guint64	 text_bytes;
	const char *state, *strength, *method;	/* static strings		  */
	SgMore	*more;		/* or NULL */
} SgPart;

/* All strings are copied, NULL gives ""; content is referenced. */
SgPart *sg_part_new(const char *id, const char *declared, GBytes *content, SgCoding coding);
/* A part inside parent (a member of an archive, an embedded file), the n-th counted
 * from 1: id "2.1.<n>", one deeper, attached. */
SgPart *sg_part_inside(const SgPart *parent, guint n, const char *name, GBytes *bytes);
void	sg_part_free(SgPart *p);
SgMore *sg_more_new(const struct SgExtractor *by, gpointer state, GDestroyNotify free);
void	sg_part_end_more(SgPart *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPart, sg_part_free)

GBytes *sg_part_bytes(SgPart *p);	/* belongs to the part */
void	sg_part_drop_bytes(SgPart *p);
/* The first n decoded bytes at most, without decoding the rest; how many. */
gsize	sg_part_head(const SgPart *p, guint8 *buf, gsize n);
guint64 sg_part_size(SgPart *p);	/* decoded, without decoding where possible */
char   *sg_part_sha256(SgPart *p);	/* of the decoded bytes, hex		    */
void	sg_part_kind(SgPart *p, const char *kind);	/* once each */
void	sg_part_note(SgPart *p, const char *note);
SgPartInfo *sg_part_info(SgPart *p);	/* the facts, as they cross the wall */

#endif
