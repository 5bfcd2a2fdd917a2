/*
 * reading - everything one scan of a message gave: parts, texts, findings, flags.
 *
 *   part     declared, detected: MIME types; state: plain open partial protected;
 *            strength: none weak strong; kinds: facts for policy rows, blank-
 *            separated ("executable macro archive image encrypted-weak
 *            encrypted-strong unscannable mismatch"); notes: "limit:rows", ...
 *   text     where, part, name as in a finding; text UTF-8, line ends LF;
 *            columns > 0: a table: the first line holds the columns' headers (which
 *            may be blank), then a row a line, cells separated by tabs; hidden: "12-22 40-52",
 *            bytes that rules took for values (secret), wherever they stand: in order,
 *            not overlapping; "" in readings of before there was such a field
 *   flags    travel with every verdict
 */
#ifndef SG_MODEL_READING_H
#define SG_MODEL_READING_H

#include <jansson.h>

#include "model/finding.h"

typedef enum {
	SG_FLAG_AMBIGUOUS = 1 << 0,	/* clients would read it differently     */
	SG_FLAG_MALFORMED = 1 << 1,	/* the structure is broken               */
	SG_FLAG_NOT_FULLY = 1 << 2,	/* "not-fully-scanned": something unread */
} SgFlag;

typedef enum { SG_TEXTS_NEVER, SG_TEXTS_ON_FINDING, SG_TEXTS_ALWAYS } SgTextsWanted;

typedef SgWirePART SgPartInfo;
typedef SgWireTEXT SgText;

/* Most that a reading may have: the scanner leaves out what is above and flags it, and
 * who asks it believes no more.  The walk's own limits are far below. */
#define SG_READING_FINDINGS 10000u
#define SG_READING_PARTS    100000u
#define SG_READING_TEXTS    100000u

typedef struct SgReading {
	GPtrArray *findings;	/* SgFinding  */
	GPtrArray *parts;	/* SgPartInfo */
	GPtrArray *texts;	/* SgText     */
	guint	   flags;	/* SgFlag     */
	guint64	   micros;	/* time in the scanner */
	char	  *rules;	/* hash of the rules in use */
} SgReading;

SgReading *sg_reading_new(void);
void	   sg_reading_free(SgReading *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgReading, sg_reading_free)

char	  *sg_flags_string(guint flags);	/* "ambiguous malformed"; "" for none */
guint	   sg_flag_parse(const char *name);	/* 0 when unknown */
gboolean   sg_part_is(const SgPartInfo *p, const char *kind);

/* For the vault: everything, as compact JSON; and back.  The console and the
 * courier see message text only through this.  from_json is strict: a field
 * that is missing or of the wrong type is SG_ERR_PEER. */
GBytes	  *sg_reading_to_json(const SgReading *r);
SgReading *sg_reading_from_json(GBytes *json, GError **error);
/* One finding, one part as in "scan --json"; excerpts masked; caller owns. */
json_t	  *sg_finding_json(const SgFinding *f);
json_t	  *sg_part_json(const SgPartInfo *p);

#endif
