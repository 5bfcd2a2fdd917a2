#include "text/lines.h"

#define BLOCK 16u

/* Sixteen at once, in the registers that every such machine has. */
typedef char Block __attribute__((vector_size(BLOCK)));

/* This looks at every byte of a mail. */
static gboolean
has_bare_cr(const char *p, gsize n)
{
	gsize i = 0;

	for (; i + BLOCK < n; i += BLOCK) {
		guint64 halves[2];
		Block here, next, bare;

		memcpy(&here, p + i, BLOCK);
		memcpy(&next, p + i + 1, BLOCK);
		bare = (Block)(here == '\r') & (Block)(next != '\n');
		memcpy(halves, &bare, BLOCK);
		if ((halves[0] | halves[1]) != 0)
			return TRUE;
	}
	for (; i < n; i++)
		if (p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n'))
			return TRUE;
	return FALSE;
}

SgLines
sg_lines(const char *p, gsize n)
{
	p = p != NULL ? p : "";
	return (SgLines){ .line = p, .next = p, .end = p + n, .cr = has_bare_cr(p, n) };
}
