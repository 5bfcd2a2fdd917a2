#include <unicode/uchar.h>

#include "rule/excerpt.h"
#include "rule/utf8.h"

#define AROUND	80u	/* characters */
#define HIT_MAX 1200u	/* bytes; with 2 * 80 * 4 around it still a wire string */

/* One character of text, cleaned, to out; returns its bytes in text. */
static gsize
copy_one(GString *out, const char *text, gsize at, gsize len)
{
	gsize next = at;
	UChar32 cp = sg_utf8_next(text, &next, len);

	if (cp < 0)
		g_string_append_unichar(out, 0xFFFD);
	else if (u_iscntrl(cp) || u_isUWhiteSpace(cp))	/* ICU counts invisible ones as controls */
		g_string_append_c(out, ' ');
	else
		g_string_append_len(out, text + at, (gssize)(next - at));
	return next - at;
}

static gsize
step_back(const char *text, gsize at)
{
	for (guint n = 0; n < AROUND && at > 0; n++)
		(void)sg_utf8_previous(text, &at);
	return at;
}

void
sg_excerpt_set(SgFinding *f, const char *text, gsize len, gsize at, gsize hit_len)
{
	GString *out = g_string_new(NULL);
	gsize i = step_back(text, at), end = at + hit_len;

	while (i < at)
		i += copy_one(out, text, i, len);
	f->hit_at = (guint32)out->len;
	while (i < end && out->len - f->hit_at < HIT_MAX)
		i += copy_one(out, text, i, len);
	f->hit_len = (guint32)out->len - f->hit_at;
	for (guint n = 0; n < AROUND && i < len; n++)
		i += copy_one(out, text, i, len);
	g_free(f->excerpt);
	f->excerpt = g_string_free(out, FALSE);
	f->text_at = (guint32)at;
	f->text_len = (guint32)hit_len;
}
