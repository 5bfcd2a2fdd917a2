/*
 * canon - text as the rules see it, with a map back to the text as it was sent.
 *
 * Canonical: NFKC_Casefold (so that ＢＯＭＢ, 𝓫𝓸𝓶𝓫 and Bomb are "bomb"), soft hyphens,
 * zero-width and bidi controls gone, any run of blanks and line ends one blank,
 * typographic quotes and dashes their ASCII fellows, controls a blank, bytes that
 * are not UTF-8 U+FFFD.  Rule words pass through the same function.
 *
 * A text comes in chunks of bounded size, each beginning with the end of the one
 * before, so that memory does not grow with the text:
 *
 *   sg_canon_start(c, text, len);
 *   while (sg_canon_next(c))
 *           ... c->text[0 .. c->len); matches that end in (c->lo, c->hi] are new ...
 *
 * The text must stay until the last chunk is done.  Time is linear in its length.
 */
#ifndef SG_WORD_CANON_H
#define SG_WORD_CANON_H

#include <glib.h>

#define SG_CANON_CHUNK (64u << 10)
#define SG_CANON_CARRY 2048u	/* of the last chunk, kept before the next */
#define SG_CANON_EDGE  640u	/* a match so near to the end is left for the next chunk */
#define SG_CANON_MATCH 500u	/* longest match in bytes that is sure to be seen whole */

typedef struct SgCanonPlace SgCanonPlace;

typedef struct SgCanon {
	const char   *source;	/* the text as it was sent	       */
	gsize	      source_len;
	gsize	      source_at;	/* how far it has been read    */
	char	     *text;	/* this chunk			       */
	gsize	      len, lo, hi;
	gsize	      dropped;	/* bytes the last sg_canon_next took from the front */
	guint64	      chars;	/* characters before this chunk	       */
	guint64	      known;	/* and in it before known_at	       */
	gsize	      known_at;
	gboolean      ascii;	/* so far only ASCII has been read     */
	gboolean      made;	/* other characters became ASCII letters or digits */
	gboolean      last;	/* nothing follows this chunk	       */
	gboolean      begun;
	SgCanonPlace *map;
	gsize	      places, map_size;
	gconstpointer fold;	/* ICU's normaliser; static there      */
	gpointer      cache;	/* what single characters become       */
} SgCanon;

SgCanon	*sg_canon_new(GError **error);
void	 sg_canon_free(SgCanon *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgCanon, sg_canon_free)

void	 sg_canon_start(SgCanon *c, const char *text, gsize len);
gboolean sg_canon_next(SgCanon *c);

/* Where canonical bytes [from, to) of this chunk stand in the source.  FALSE
 * when an end falls inside what one source character has become ("™" is "tm"). */
gboolean sg_canon_source(const SgCanon *c, gsize from, gsize to, gsize *at, gsize *end);
/* Characters of the whole text before byte at of this chunk. */
guint64	 sg_canon_chars(SgCanon *c, gsize at);

/* A whole short string at once, blanks at its ends removed; caller frees. */
char	*sg_canon_string(SgCanon *c, const char *s);

#endif
