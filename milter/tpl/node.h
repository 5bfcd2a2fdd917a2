/*
 * node - a template after loading: a row of nodes, sections by the number of their end.
 */
#ifndef SG_TPL_NODE_H
#define SG_TPL_NODE_H

#include "tpl/place.h"
#include "tpl/tpl.h"

typedef enum {
	SG_NODE_TEXT,
	SG_NODE_VALUE,
	SG_NODE_SECTION,
	SG_NODE_INVERTED,
	SG_NODE_END,
	SG_NODE_PARTIAL,
} SgNodeKind;

typedef struct SgNode {
	SgNodeKind  kind;
	SgEscape    how;	/* of a value				*/
	guint	    end;	/* of a section: the number of its end	*/
	const char *text;	/* into the template's source		*/
	gsize	    len;
	char	  **keys;	/* "a.b" = a, b; "." = none		*/
} SgNode;

typedef struct SgSheet {
	char   *file, *name, *source;
	GArray *nodes;		/* SgNode */
} SgSheet;

struct SgTpl {
	GHashTable *sheets;	/* name -> SgSheet */
};

void	 sg_sheet_free(SgSheet *s);
/* source is taken, and cut up.  NULL with SG_ERR_SETUP. */
SgSheet *sg_sheet_parse(const char *file, const char *name, char *source, GError **error);

#endif
