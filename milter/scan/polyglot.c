#include "scan/polyglot.h"
#include "scan/type.h"
#include "text/span.h"

#define END_AND_COMMENT (22u + 65535u)
#define NUMBER 9000u	/* of the part: behind whatever the file holds itself */

/* The end of a directory of names, in the last bytes of the file. */
static gboolean
find_end(SgSpan s, gsize *at)
{
	gsize from = s.n > END_AND_COMMENT ? s.n - END_AND_COMMENT : 0;
	gboolean found = FALSE;

	while (sg_span_find(s, from, "PK\005\006", 4, &from)) {
		*at = from++;
		found = sg_span_has(s, *at, 22);
	}
	return found;
}

/* Where the zip begins: before its directory, as far as the directory says. */
static gboolean
find_zip(SgSpan s, gsize *begin)
{
	guint64 size, place, directory;
	gsize end;

	if (!find_end(s, &end))
		return FALSE;
	size = sg_span_le32(s, end + 12);
	place = sg_span_le32(s, end + 16);
	if (size > end || !sg_span_is(s, directory = end - size, "PK\001\002", 4))
		return FALSE;
	/* places count from the zip's own beginning, or from the file's */
	*begin = (gsize)(directory > place ? directory - place : sg_span_le32(s, directory + 42));
	return *begin > 0 && sg_span_is(s, *begin, "PK\003\004", 4);
}

void
sg_polyglot_look(SgPart *part, SgSink *sink)
{
	g_autoptr(GBytes) zip = NULL;
	gsize begin;
	SgSpan s;

	if (!sg_type_is_media(part->detected) && strcmp(part->detected, "application/pdf") != 0)
		return;
	s = sg_span_of(sg_part_bytes(part));
	if (!find_zip(s, &begin))
		return;
	sg_part_kind(part, "mismatch");
	sg_part_note(part, "zip-behind");
	zip = g_bytes_new_from_bytes(sg_part_bytes(part), begin, s.n - begin);
	sink->part(sink, sg_part_inside(part, NUMBER, "", zip), NULL);
}
