/*
 * fields - what a request says: its query, and its body as a form or JSON.
 *
 * Strict and flat: an object of texts, whole numbers and truth values, each
 * name once.  Values are UTF-8 without NUL.  Limits: 64 kB, 64 fields.
 */
#ifndef SG_CONSOLE_FIELDS_H
#define SG_CONSOLE_FIELDS_H

#include <glib.h>

#define SG_BODY_MAX   65536u
#define SG_FIELDS_MAX 64u

typedef struct SgFields SgFields;

SgFields   *sg_fields_new(void);
void	    sg_fields_free(SgFields *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgFields, sg_fields_free)

/* Adds to f; on failure (SG_ERR_INPUT, SG_ERR_LIMIT) f may hold a part of it. */
gboolean    sg_fields_form(SgFields *f, const char *data, gsize len, GError **error);
gboolean    sg_fields_json(SgFields *f, const char *data, gsize len, GError **error);

/* All names, sorted; they belong to f. */
GPtrArray  *sg_field_names(const SgFields *f);
const char *sg_field(const SgFields *f, const char *name);	/* NULL when missing */
gboolean    sg_field_true(const SgFields *f, const char *name);	/* "1" or "true" */
/* FALSE when it is there and no number from 0 to max; out untouched when missing. */
gboolean    sg_field_number(const SgFields *f, const char *name, guint64 max, guint64 *out);

#endif
