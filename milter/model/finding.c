#include <string.h>

#include "model/finding.h"

static const char *const confidences[] = {
	[SG_CONF_LOW] = "low", [SG_CONF_MEDIUM] = "medium", [SG_CONF_HIGH] = "high",
};

const char *
sg_confidence_name(guint c)
{
	return c >= SG_CONF_LOW && c <= SG_CONF_HIGH ? confidences[c] : "?";
}

guint
sg_confidence_parse(const char *s)
{
	for (guint c = SG_CONF_LOW; c <= SG_CONF_HIGH; c++)
		if (g_strcmp0(s, confidences[c]) == 0)
			return c;
	return 0;
}

/* Values keep enough at both ends for a person to recognise their own, words nothing. */
static void
append_masked(GString *out, const char *hit, const char *end, gboolean secret)
{
	glong n = g_utf8_strlen(hit, end - hit), i = 0;
	gboolean ends = secret && n >= 8;

	for (const char *p = hit; p < end; p = g_utf8_next_char(p), i++) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isspace(c) || (ends && (i < 3 || i >= n - 2)))
			g_string_append_unichar(out, c);
		else
			g_string_append(out, "\xe2\x80\xa2");
	}
}

char *
sg_finding_masked(const SgFinding *f)
{
	const char *text = f->excerpt != NULL ? f->excerpt : "";
	gsize len = strlen(text), at = MIN(f->hit_at, len), n = MIN(f->hit_len, len - at);
	GString *out;

	/* Offsets come from the scanner: what is not on character borders masks everything. */
	if (!g_utf8_validate(text, -1, NULL) || !g_utf8_validate(text, (gssize)at, NULL) ||
	    !g_utf8_validate(text + at, (gssize)n, NULL))
		return g_strdup("\xe2\x80\xa2");
	out = g_string_new_len(text, (gssize)at);
	append_masked(out, text + at, text + at + n, f->secret != 0);
	g_string_append(out, text + at + n);
	return g_string_free(out, FALSE);
}

SgFinding *
sg_finding_of_ours(const char *rule, const char *title, const char *category, guint severity)
{
	SgFinding *f = g_new0(SgFinding, 1);

	f->severity = severity;
	f->confidence = SG_CONF_HIGH;
	f->count = 1;
	f->rule = g_strdup(rule);
	f->title = g_strdup(title);
	f->category = g_strdup(category);
	f->area = g_strdup("system");
	f->where = g_strdup("part");
	f->part = g_strdup("");
	f->name = g_strdup("");
	f->excerpt = g_strdup("");
	return f;
}

void
sg_finding_free(SgFinding *f)
{
	if (f == NULL)
		return;
	sg_wire_clear_FINDING(f);
	g_free(f);
}
