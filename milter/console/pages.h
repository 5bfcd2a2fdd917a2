/*
 * pages - the table of pages: path, method, who may, handler, template.
 *
 * What is not in the table is no page; a role that a row does not name is refused.
 * Paths are matched letter by letter; REF in a pattern is one reference, in any
 * way a person may type it, ID a name of letters, digits, '-', '_' and '.'.
 * Nothing is decoded: a path with a percent sign, a double slash or a dot
 * segment is no page.  HEAD is answered as GET is.
 */
#ifndef SG_CONSOLE_PAGES_H
#define SG_CONSOLE_PAGES_H

#include "console/page.h"

typedef struct SgPage {
	const char *pattern, *method;
	guint	    roles;	/* SgRole bits that may; never 0 */
	SgHandler   handler;
	const char *template;	/* templates/<language>/NAME.html; NULL = for programs only */
} SgPage;

const SgPage *sg_pages(gsize *n);
/* Who may use the row of this pattern and method; 0 when there is none. */
guint	      sg_pages_roles(const char *pattern, const char *method);
/* "the safeguarding lead": whom to ask when one may not; the first role that may. */
const char   *sg_page_ask(const SgPage *p);
/* The page, or NULL; then *methods (static) is "GET", "POST" or "GET, POST" when the path is
 * known with another method, else NULL.  ref, id: what the path names, "" when it does not. */
const SgPage *sg_page_find(const char *path, const char *method, char ref[SG_REF_LEN + 1],
		char id[SG_PATH_ID_MAX + 1], const char **methods);

#endif
