#include <string.h>

#include "disguise/beside.h"

#define NEAR 80u	/* bytes either side in which an address is looked for */

gboolean
sg_beside_address(const char *text, gsize len, gsize from, gsize to)
{
	gsize low = from > NEAR ? from - NEAR : 0, high = MIN(len, to + NEAR);

	if (to + 1 < len && (text[to] == '.' || text[to] == '@') &&
	    g_ascii_islower(text[to + 1]))
		return TRUE;
	while (from > low && text[from - 1] != ' ')
		from--;
	while (to < high && text[to] != ' ')
		to++;
	for (gsize i = from; i + 3 < to; i++)
		if (memcmp(text + i, "://", 3) == 0 || memcmp(text + i, "www.", 4) == 0 ||
		    (text[i] == '@' && i > from && memchr(text + i, '.', to - i) != NULL &&
		    g_ascii_islower(text[i + 1])))
			return TRUE;
	return FALSE;
}

gboolean
sg_beside_is_name(const SgCanon *c, gsize from)
{
	gsize at = 0, end = 0;

	if (!sg_canon_source(c, from, from + 1, &at, &end) || at + 1 >= c->source_len ||
	    !g_ascii_isupper(c->source[at]) || !g_ascii_islower(c->source[at + 1]))
		return FALSE;
	while (at > 0 && strchr(" \"'*_>([", c->source[at - 1]) != NULL)
		at--;
	return at > 0 && strchr(".!?:\n\r\t", c->source[at - 1]) == NULL;
}

gboolean
sg_beside_address_sign(const SgCanon *c, gsize from, gsize to)
{
	char before = from > 0 ? c->text[from - 1] : ' ';
	char behind = to < c->len ? c->text[to] : ' ';

	if (behind == '.' || behind == ':')
		return to + 1 < c->len && g_ascii_islower(c->text[to + 1]);
	return strchr("@/\\=:", behind) != NULL || strchr("@/\\=", before) != NULL ||
	    (before == '.' && from > 1 && g_ascii_islower(c->text[from - 2]));
}

gboolean
sg_beside_variable(const SgCanon *c, gsize to)
{
	char behind = to < c->len ? c->text[to] : ' ';

	if (behind == ' ' && to + 1 < c->len && c->text[to + 1] == '=')
		behind = '=';
	return strchr("=;[{()>-", behind) != NULL;
}
