/*
 * pages - the table of pages: path, method, handler, template.
 *
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
	SgHandler   handler;
	const char *template;	/* templates/<language>/NAME.html; NULL = for programs only */
} SgPage;

const SgPage *sg_pages(gsize *n);
/* The page, or NULL; then *methods (static) is "GET", "POST" or "GET, POST" when the path is
 * known with another method, else NULL.  ref, id: what the path names, "" when it does not. */
const SgPage *sg_page_find(const char *path, const char *method, char ref[SG_REF_LEN + 1],
		char id[SG_PATH_ID_MAX + 1], const char **methods);

#endif
