/*
 * tpl - templates that cannot be tricked: HTML with places for values.
 *
 *   {{a.b}}		a value, escaped for the place where it stands
 *   {{#a}}...{{/a}}	for each of a list; in an object; once when true and not empty
 *   {{^a}}...{{/a}}	when it is missing, empty or false
 *   {{>name}}		another template, where text may stand
 *   {{! note}}
 *
 * There is no raw output.  What would put a value into a script, a style, an event
 * handler, a name, a comment, an attribute without quotes or the beginning of an
 * address is refused while loading (place.h), with file, line and the remedy.
 * A name is looked up from the inside to the outside; one that is not there is
 * empty.  Values are JSON texts and numbers; everything else is empty.
 */
#ifndef SG_TPL_TPL_H
#define SG_TPL_TPL_H

#include <jansson.h>

#include <glib.h>

#define SG_TPL_TEXT_MAX	  (256u * 1024u)	/* bytes of one template	 */
#define SG_TPL_OUTPUT_MAX (8u * 1024u * 1024u)	/* bytes of one page		 */
#define SG_TPL_NEST_MAX	  32u			/* sections in sections		 */
#define SG_TPL_DEPTH_MAX  8u			/* partials in partials		 */

typedef struct SgTpl SgTpl;

SgTpl	*sg_tpl_new(void);
void	 sg_tpl_free(SgTpl *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTpl, sg_tpl_free)

/* One template; file is for messages.  FALSE with SG_ERR_SETUP. */
gboolean sg_tpl_add(SgTpl *t, const char *file, const char *name, const char *text, gsize len,
		GError **error);
/* After the last: every partial is there, none holds itself. */
gboolean sg_tpl_finish(const SgTpl *t, GError **error);
/* All NAME.html of a directory, finished.  NULL with SG_ERR_SETUP; every template that is
 * wrong goes to problems when it is not NULL. */
SgTpl	*sg_tpl_load(const char *dir, GPtrArray *problems, GError **error);

gboolean sg_tpl_has(const SgTpl *t, const char *name);
/* Appends to out.  FALSE: no such template (SG_ERR_SETUP), or too much output (SG_ERR_LIMIT). */
gboolean sg_tpl_render(const SgTpl *t, const char *name, const json_t *model, GString *out,
		GError **error);

#endif
