/*
 * htmlseen - lines of a page as they are seen, where something hidden stands inside a word.
 *
 * A reader of f<span style="display:none">x</span>oo sees "foo".  The page's text has all
 * of it, since a style may hide from some and not from others; here are those lines once
 * more without what is hidden.  Hidden is what its own style, the attribute "hidden" or a
 * class or id of a style element hides.  Time and room are linear in the page.
 */
#ifndef SG_PAGE_HTMLSEEN_H
#define SG_PAGE_HTMLSEEN_H

#include <glib.h>

typedef struct SgHtmlSeen SgHtmlSeen;

SgHtmlSeen    *sg_html_seen_new(void);
void	       sg_html_seen_free(SgHtmlSeen *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgHtmlSeen, sg_html_seen_free)

/* What stood in a style element: the classes and ids that it hides. */
void	       sg_html_seen_style(SgHtmlSeen *s, const char *css);
/* Is an element of these attributes (name, value, ..., NULL) hidden? */
gboolean       sg_html_seen_hides(const SgHtmlSeen *s, const char *const *attributes);

/* Inside a word something hidden begins.  FALSE: it is the first of its line, and
 * sg_html_seen_begin() must be told what has been seen of that. */
gboolean       sg_html_seen_again(SgHtmlSeen *s);
void	       sg_html_seen_begin(SgHtmlSeen *s, const char *line, gsize len);
/* The next word that is seen; gap: the blank before it, 0 for none. */
void	       sg_html_seen_word(SgHtmlSeen *s, char gap, const char *word, gsize len);
void	       sg_html_seen_line_end(SgHtmlSeen *s);
/* The lines so far; empty when there are none. */
const GString *sg_html_seen_text(const SgHtmlSeen *s);

#endif
