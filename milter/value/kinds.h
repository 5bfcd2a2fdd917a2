/*
 * kinds - the sorts of values that tell of a person: their shape and their check.
 *
 * A kind knows how a value of its sort is written and proves what can be proved of it
 * (check digits, barred prefixes, ranges never issued).  What stands around the value
 * is not its business (cue.h), nor how sure both together make us (values.h).
 *
 * To add a kind: a row in kinds.c, its check in the k_ file where its like are, the
 * words that announce it in cue.c, vectors in t/unit/kinds.c and a rule.
 * Sources: HMRC NIM39110, NHS Data Dictionary, DfE UPN guidance and the census' rule
 * 1530, ISO 13616, ISO/IEC 7812, ICAO 9303; docs of each in its k_ file.
 */
#ifndef SG_VALUE_KINDS_H
#define SG_VALUE_KINDS_H

#include <glib.h>

#define SG_COMPACT_MAX 44u	/* characters of a value without its separators: a line of an MRZ */
#define SG_GROUPS_MAX  14u

typedef enum {
	SG_KIND_UPN, SG_KIND_ULN, SG_KIND_NHS, SG_KIND_CHI, SG_KIND_NINO, SG_KIND_UTR,
	SG_KIND_CARD, SG_KIND_IBAN, SG_KIND_SORTCODE, SG_KIND_ACCOUNT, SG_KIND_PASSPORT,
	SG_KIND_MRZ, SG_KIND_DVLA, SG_KIND_TRN, SG_KIND_POSTCODE, SG_KIND_ADDRESS,
	SG_KIND_PHONE, SG_KIND_EMAIL, SG_KIND_DOB, SG_KINDS
} SgKind;

typedef enum {
	SG_PROOF_NONE,	/* it is none of these */
	SG_PROOF_SHAPE,	/* written like one; there is no check digit, or it is a common shape */
	SG_PROOF_CHECK,	/* its check digit holds: one chance in ten or twelve */
	SG_PROOF_FULL,	/* so much is checked that no other number looks like it */
	SG_PROOF_SAMPLE,	/* a published example or a test value */
} SgProof;

/* A run of letters and digits with at most one separator between its groups. */
typedef struct SgCompact {
	char   text[SG_COMPACT_MAX + 1];	/* capitals and digits only */
	guint8 n;
	guint8 group[SG_GROUPS_MAX];		/* characters of each group */
	char   sep[SG_GROUPS_MAX];		/* before each group; 0 before the first */
	guint8 groups;
	gboolean capitals;			/* no small letter was in it */
} SgCompact;

typedef struct SgKindRow {
	const char *name;		/* as rules write it: "uk.nhs" */
	guint8	    min, max;		/* characters of a compact value; 0: not made of groups */
	SgProof	  (*check)(const SgCompact *v);
} SgKindRow;

const SgKindRow *sg_kind_row(SgKind kind);
/* SG_KINDS when there is none of that name. */
SgKind		 sg_kind_named(const char *name);
char		*sg_kind_names(void);	/* "uk.upn, uk.uln, ..."; caller frees */

/* Kinds whose values are not runs of groups: a value that begins at text[at]; its end,
 * or 0.  text is flat (flat.h); looks at no more than 200 bytes. */
typedef gsize (*SgKindReader)(const char *text, gsize len, gsize at);
gsize sg_kind_phone(const char *text, gsize len, gsize at);
gsize sg_kind_email(const char *text, gsize len, gsize at, gsize *from);	/* at: the @ */
gsize sg_kind_date(const char *text, gsize len, gsize at, guint *year);
gsize sg_kind_address(const char *text, gsize len, gsize at);

/* Helps of the checks. */
gboolean sg_digits(const char *s, guint n);
gboolean sg_groups_are(const SgCompact *v, const char *form);	/* "3 3 4" */
gboolean sg_same_digits(const char *s, guint n);
gboolean sg_luhn(const char *s, guint n);

SgProof sg_check_upn(const SgCompact *v);
SgProof sg_check_uln(const SgCompact *v);
SgProof sg_check_nhs(const SgCompact *v);
SgProof sg_check_chi(const SgCompact *v);
SgProof sg_check_nino(const SgCompact *v);
SgProof sg_check_utr(const SgCompact *v);
SgProof sg_check_card(const SgCompact *v);
SgProof sg_check_iban(const SgCompact *v);
SgProof sg_check_sortcode(const SgCompact *v);
SgProof sg_check_account(const SgCompact *v);
SgProof sg_check_passport(const SgCompact *v);
SgProof sg_check_mrz(const SgCompact *v);
SgProof sg_check_dvla(const SgCompact *v);
SgProof sg_check_trn(const SgCompact *v);
SgProof sg_check_postcode(const SgCompact *v);

#endif
