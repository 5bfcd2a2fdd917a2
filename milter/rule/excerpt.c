#include <unicode/uchar.h>

#include "rule/excerpt.h"
#include "value/values.h"
#include "word/flat.h"
#include "word/utf8.h"

#define AROUND	80u	/* characters */
#define BEYOND	48u	/* bytes looked at outside, for a value that the edge cuts */
#define DIGITS	5u	/* in one word: part of a number */
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

static void
hide(guint8 *mask, gsize from, gsize to, gsize at, gsize end)
{
	for (gsize i = MAX(at, from); i < MIN(end, to); i++)
		mask[i - from] = 1;
}

/* Words with so many digits that they are a number of some kind. */
static void
hide_digits(guint8 *mask, const char *flat, gsize len)
{
	for (gsize i = 0, at = 0, digits = 0; i <= len; i++) {
		if (i < len && (g_ascii_isalnum(flat[i]) || flat[i] == SG_FLAT_SKIP)) {
			digits += g_ascii_isdigit(flat[i]);
			continue;
		}
		if (digits >= DIGITS)
			hide(mask, 0, len, at, i);
		at = i + 1;
		digits = 0;
	}
}

/* Which bytes of text [from, to) are not shown: one each, caller frees. */
static guint8 *
mask_of(const char *text, gsize from, gsize to, const SgHidden *hidden, guint n)
{
	guint8 *mask = g_malloc0(to - from + 1);
	g_autofree char *flat = sg_flat(text + from, to - from);
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(SgValue));

	(void)sg_values_find(flat, 0, to - from, NULL, 200, values);
	for (guint i = 0; i < values->len; i++) {
		const SgValue *v = &g_array_index(values, SgValue, i);

		hide(mask, 0, to - from, v->at, v->at + v->len);
	}
	hide_digits(mask, flat, to - from);
	for (guint i = 0; i < n; i++)
		hide(mask, from, to, hidden[i].at, hidden[i].end);
	return mask;
}

static gsize
step_back(const char *text, gsize at)
{
	for (guint n = 0; n < AROUND && at > 0; n++)
		(void)sg_utf8_previous(text, &at);
	return at;
}

/* A character beside the hit, or a dot for it. */
static gsize
copy_beside(GString *out, const char *text, gsize at, gsize len, const guint8 *mask)
{
	gsize before = out->len, n = copy_one(out, text, at, len);

	if (*mask != 0 && out->str[before] != ' ') {
		g_string_truncate(out, before);
		g_string_append(out, "\xe2\x80\xa2");
	}
	return n;
}

static gsize
step_on(const char *text, gsize at, gsize len)
{
	for (guint n = 0; n < AROUND && at < len; n++)
		(void)sg_utf8_next(text, &at, len);
	return at;
}

void
sg_excerpt_set(SgFinding *f, const char *text, gsize len, gsize at, gsize hit_len,
    const SgHidden *hidden, guint n_hidden)
{
	GString *out = g_string_new(NULL);
	gsize i = step_back(text, at), end = at + hit_len, stop = step_on(text, end, len);
	gsize from = i > BEYOND ? i - BEYOND : 0, behind = MAX(at, end > BEYOND ? end - BEYOND : 0);
	g_autofree guint8 *before = mask_of(text, from, MIN(len, at + BEYOND), hidden, n_hidden);
	g_autofree guint8 *after = mask_of(text, behind, MIN(len, stop + BEYOND), hidden, n_hidden);

	while (i < at)
		i += copy_beside(out, text, i, len, before + (i - from));
	f->hit_at = (guint32)out->len;
	while (i < end && out->len - f->hit_at < HIT_MAX)
		i += copy_one(out, text, i, len);
	f->hit_len = (guint32)out->len - f->hit_at;
	/* of a hit that was cut, what follows is still the hit */
	for (i = i < end ? len : i; i < stop;)
		i += copy_beside(out, text, i, len, after + (i - behind));
	g_free(f->excerpt);
	f->excerpt = g_string_free(out, FALSE);
	f->text_at = (guint32)at;
	f->text_len = (guint32)hit_len;
}
