/*
 * records - a long table record by record, whatever the separator, the quotes and the line ends.
 */
#ifndef SG_CTL_RECORDS_H
#define SG_CTL_RECORDS_H

#include <glib.h>

#define SG_RECORDS_COLUMNS 256u
#define SG_RECORDS_FIELD   2000u

typedef struct SgRecords {
	const char *p, *end;
	char	    separator;
	guint	    line;	/* of the next record, from 1 */
	GPtrArray  *fields;	/* char *, without blanks at their ends */
} SgRecords;

/* Text is UTF-8 and must stay; its first line tells the separator. */
void	    sg_records_begin(SgRecords *c, const char *text, gsize len);
void	    sg_records_end(SgRecords *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgRecords, sg_records_end)
/* The next record into fields.  FALSE at the end.  *why: NULL, or what is wrong with it. */
gboolean    sg_records_next(SgRecords *c, const char **why);
/* data as UTF-8 without a mark: from UTF-8, UTF-16 with a mark, else the Windows code page
 * (*guessed).  Caller frees. */
char	   *sg_records_utf8(const char *data, gsize len, gsize *out_len, gboolean *guessed);

#endif
