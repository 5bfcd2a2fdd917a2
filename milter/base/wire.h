/*
 * wire - messages between our own processes, generated from wire.def.
 *
 * For each MSG there is a struct SgWire<Name> and sg_wire_put_, _get_ and
 * _clear_<Name>().  A get fails on a short, long or mistyped message and
 * leaves its output untouched.  Strings are checked to be UTF-8 without NUL,
 * are never NULL after a get, and belong to the struct: sg_wire_clear_<Name>()
 * frees them.  A put takes NULL for "" and cuts nothing: what is too long is
 * an error, so cut before (sg_wire_cut).
 */
#ifndef SG_BASE_WIRE_H
#define SG_BASE_WIRE_H

#include <glib.h>

#define SG_WIRE	     7			/* version; both ends must be equal	    */
#define SG_WIRE_STR  2048u		/* longest str				    */
#define SG_WIRE_BLOB (64u << 20)	/* longest blob				    */
#define SG_WIRE_MAX  65536u		/* longest message on a SEQPACKET socket    */

enum { SG_WORDS_OK, SG_WORDS_LIMIT };	/* status of WORDS: all of the picture was read, or not */

typedef enum {
	SG_WIRE_NONE,
#define MSG(n, from, to) SG_WIRE_##n,
#define FIELD(n, type, name)
#define END(n)
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END
	SG_WIRE_N
} SgWireType;

typedef guint32 sg_wire_u32;
typedef guint64 sg_wire_u64;
typedef char *sg_wire_str;
typedef char *sg_wire_blob;

#define MSG(n, from, to) typedef struct SgWire##n {
#define FIELD(n, type, name) sg_wire_##type name;
#define END(n) } SgWire##n; \
	gboolean sg_wire_put_##n(GByteArray *out, const SgWire##n *m, GError **error); \
	gboolean sg_wire_get_##n(GBytes *in, SgWire##n *m, GError **error); \
	void sg_wire_clear_##n(SgWire##n *m); \
	G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgWire##n, sg_wire_clear_##n)
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

/* The type of a message, SG_WIRE_NONE when it is too short or of another version. */
SgWireType sg_wire_peek(GBytes *in);
/* A copy of s that fits a str field: valid UTF-8, cut at a character; NULL gives "". */
char *sg_wire_cut(const char *s);

/* Frames in a memfd or an answer: a length and a message, one after the other.  open gives the place
 * that close wants; next gives NULL when the bytes at *at are no whole frame. */
gsize	sg_wire_open_frame(GByteArray *out);
void	sg_wire_close_frame(GByteArray *out, gsize frame);
GBytes *sg_wire_next_frame(GBytes *frames, gsize *at);

#endif
