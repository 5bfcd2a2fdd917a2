/*
 * html - the web page of a view model.
 *
 * Every page's template is given, besides the model's own keys: school, user
 * {name, role_label}, nav [{path, is_PATH, on, count}] for what the role may see,
 * csrf, assets (the version in addresses of static files), lang, done {CODE, undo {ref,
 * seconds}} when the address says ?done=CODE, problem when error.list is not
 * empty, page (the template's name).  A refusal gets the template "error".
 *
 * The words of a banner are in templates/<language>/done.html.  To add one: its
 * code in the table of html.c, its sentence there.
 */
#ifndef SG_CONSOLE_HTML_H
#define SG_CONSOLE_HTML_H

#include "console/pages.h"

#define SG_PAGE_MODEL "application/vnd.schoolgate.page+json"

/* r has a body; afterwards it has the page's bytes.  What goes wrong becomes a refusal in plain
 * words.  page NULL: there is none, or nobody may know.  model: the template's whole model as JSON
 * instead, for tests. */
void		   sg_html_make(const SgRequest *q, const SgPage *page, SgReply *r, gboolean model);
/* Every template that pages.c names is there.  FALSE with SG_ERR_SETUP. */
gboolean	   sg_html_check(const SgTpl *tpl, GError **error);
/* Codes of banners; NULL-terminated, static. */
const char *const *sg_html_done(void);

#endif
