#include <string.h>

#include "scan/protect.h"

/* Which reader looks at which type; FALSE from one means it cannot tell. */
typedef gboolean (*Look)(SgPart *part, SgSink *sink, SgProtection *out);

static const struct {
	const char *mime;	/* a prefix of what was detected */
	Look look;
} formats[] = {
	{ NULL, NULL },
};

void
sg_protect_look(SgPart *part, SgSink *sink)
{
	for (gsize i = 0; formats[i].mime != NULL; i++) {
		SgProtection p = { "", "", "" };

		if (!g_str_has_prefix(part->detected, formats[i].mime) ||
		    !formats[i].look(part, sink, &p) || p.state[0] == '\0')
			continue;
		part->state = p.state;
		part->strength = p.strength;
		part->method = p.method;
		if (strcmp(p.state, "protected") == 0 || strcmp(p.state, "partial") == 0)
			sg_part_kind(part, strcmp(p.strength, "strong") == 0 ? "encrypted-strong"
									      : "encrypted-weak");
		return;
	}
}
