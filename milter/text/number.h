/*
 * number - a cell's number as a spreadsheet program shows it.
 *
 * Formats are Excel's (ECMA-376 part 1, 18.8.31), English names of months and days.
 * What a person recognises is never lost by a format: a long whole number that is
 * shown otherwise (grouped, rounded, as a power of ten) is written in full behind it,
 * a date also as DD/MM/YYYY and YYYY-MM-DD.
 */
#ifndef SG_TEXT_NUMBER_H
#define SG_TEXT_NUMBER_H

#include <glib.h>

/* Is this format a date or a time? */
gboolean    sg_number_is_date(const char *format);
/* The format with this number in every workbook; "General" for the unknown. */
const char *sg_number_builtin(guint id);
/* raw: the number as the file has it, or NULL; format NULL: General. */
void	    sg_number_show(GString *out, double value, const char *raw, const char *format,
    gboolean from_1904);
/* Days since 1899-12-30, or since 1904-01-01, as a date; FALSE when there is none. */
gboolean    sg_number_date(double value, gboolean from_1904, gint *year, guint *month, guint *day);

#endif
