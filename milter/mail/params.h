/*
 * params - the parameters of a field, in every way that a program may read them.
 *
 * "x/y; name=a; name*=utf-8''b; name*0=c; name*1=d" has three names for some reader or
 * other: RFC 2231 with and without its pieces, percent signs and charsets, RFC 2047 where
 * it has no business, quotes that do not close, comments.  GMime gives one of them.
 */
#ifndef SG_MAIL_PARAMS_H
#define SG_MAIL_PARAMS_H

#include <glib.h>

typedef struct SgParams {
	GPtrArray *values;	/* char *: every different reading of it, as UTF-8	 */
	guint	   plain;	/* how often it stands there in the plain form		 */
	gboolean   extended;	/* and in a form of RFC 2231				 */
	gboolean   odd;		/* with something that readers do not agree about	 */
} SgParams;

/* value: a field's value, with its folds; name in small letters. */
void sg_params_read(const char *value, const char *name, SgParams *out);
void sg_params_clear(SgParams *p);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgParams, sg_params_clear)

#endif
