/*
 * content - excerpts and texts of a message as pieces, with what must be masked masked.
 *
 * Highlighting is data: a list of {"text"[,"hit":true]}.  At rung 1 every word
 * that any rule matched is masked, wherever it stands in an excerpt; numbers
 * and codes (secret findings) stay partly masked at every rung, each time they stand
 * in a text, and so does every long run of digits in a part in which one was found.
 */
#ifndef SG_CONSOLE_CONTENT_H
#define SG_CONSOLE_CONTENT_H

#include <jansson.h>

#include "console/grants.h"
#include "model/reading.h"

typedef struct SgContent SgContent;	/* of one reading, which must stay */

SgContent *sg_content_new(const SgReading *r);
void	   sg_content_free(SgContent *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgContent, sg_content_free)

/* [{"rule","rule_text","category","where","part","name","severity","count","disguised",
 *   "excerpt":[pieces]}]; rung at least SG_RUNG_MASKED. */
json_t	  *sg_content_hits(const SgContent *c, SgRung rung);
/* [{"where","part","name","pieces":[...]}], 256 kB in all; *cut: there is more. */
json_t	  *sg_content_texts(const SgContent *c, gboolean *cut);
/* [{"part","type","bytes","encryption","notes"[,"name"]}]: parts that are files.  No names at
 * SG_RUNG_FACTS; matched words in them are masked below SG_RUNG_WORDS. */
json_t	  *sg_content_files(const SgContent *c, SgRung rung);

/* The same for those parts that are pictures a person may be shown, with "n" and "of". */
#define SG_CONTENT_PICTURES 50u
json_t	  *sg_content_pictures(const SgContent *c, SgRung rung);
/* Pictures or films, wherever they are. */
gboolean   sg_content_has_imagery(const SgContent *c);
/* How many words all texts have. */
guint	   sg_content_words(const SgContent *c);

#endif
