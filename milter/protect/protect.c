#include "protect/pr.h"

/* The first one that knows the file decides. */
static const struct {
	gboolean (*is)(const SgPart *part, SgSpan head);
	gboolean (*look)(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out);
} formats[] = {
#define X(n) { sg_pr_##n##_is, sg_pr_##n },
	SG_PR_FORMATS
#undef X
};

void
sg_pr_say(SgProtection *out, const char *state, const SgCipher *c)
{
	gboolean shut = strcmp(state, "protected") == 0 || strcmp(state, "partial") == 0;

	out->state = state;
	out->method = c != NULL ? c->name : "";
	out->strength = !shut || c == NULL ? "none" : c->strong ? "strong" : "weak";
}

void
sg_pr_type(SgPart *part, const char *mime)
{
	if (strcmp(part->detected, "application/octet-stream") != 0)
		return;
	g_free(part->detected);
	part->detected = g_strdup(mime);
}

void
sg_protect_look(SgPart *part, SgSink *sink)
{
	guint8 buf[SG_PR_HEAD];
	SgSpan head = { buf, sg_part_head(part, buf, sizeof buf) };

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		SgProtection p = { "", "", "" };

		if (!formats[i].is(part, head) ||
		    !formats[i].look(part, sg_span_of(sg_part_bytes(part)), sink, &p) || p.state[0] == '\0')
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
