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

/* The hit of a finding whose offsets are what they should be, or NULL. */
static char *
hit_of(const SgFinding *f)
{
	const char *text = f->excerpt != NULL ? f->excerpt : "";
	gsize len = strlen(text);

	if (f->hit_len == 0 || f->hit_at > len || f->hit_len > len - f->hit_at ||
	    !g_utf8_validate(text + f->hit_at, (gssize)f->hit_len, NULL))
		return NULL;
	return g_strndup(text + f->hit_at, f->hit_len);
}

char *
sg_finding_mask_name(const GPtrArray *findings, const char *name)
{
	g_autofree char *valid = g_utf8_make_valid(name != NULL ? name : "", -1);
	GString *out = g_string_new(valid);

	for (guint i = 0; i < findings->len && out->len > 0; i++) {
		const SgFinding *f = g_ptr_array_index(findings, i);
		g_autofree char *hit = f->secret != 0 ? hit_of(f) : NULL;
		g_autoptr(GString) dots = g_string_new(NULL);

		if (hit == NULL)
			continue;
		append_masked(dots, hit, hit + strlen(hit), TRUE);
		g_string_replace(out, hit, dots->str, 0);
	}
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
