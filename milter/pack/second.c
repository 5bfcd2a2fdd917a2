#include <string.h>

#include "pack/archivetype.h"
#include "pack/second.h"
#include "pack/x_zip.h"

static gboolean
is_unknown(const SgPart *part)
{
	return strcmp(part->detected, "application/octet-stream") == 0;
}

static gboolean
is_program(const SgPart *part)
{
	return strcmp(part->detected, "application/x-dosexec") == 0 ||
	    strcmp(part->detected, "application/vnd.microsoft.portable-executable") == 0 ||
	    strcmp(part->detected, "application/x-executable") == 0 ||
	    strcmp(part->detected, "application/x-pie-executable") == 0;
}

static gboolean
is_other_archive(const SgPart *part)
{
	guint8 head[512];

	return sg_archive_mime(head, sg_part_head(part, head, sizeof head)) != NULL;
}

const SgExtractor *
sg_second_reader(SgPart *part, const SgExtractor *first, gboolean failed)
{
	gboolean anywhere = is_unknown(part) || is_program(part) || strcmp(part->detected, "application/pdf") == 0;

	if (first == &sg_x_zip || (part->traits & SG_PART_ATTACHED) == 0)
		return NULL;
	if (sg_x_zip.bid(part) > 0)
		return failed ? &sg_x_zip : NULL;
	if (sg_zip_is_behind(part, anywhere))
		return &sg_x_zip;
	/* mails and documents hold archives by themselves, and those come as parts */
	if (first == &sg_x_archive || is_other_archive(part) ||
	    !(anywhere || first == NULL || g_str_has_prefix(part->detected, "text/") ||
	    g_str_has_prefix(part->detected, "image/")))
		return NULL;
	return sg_archive_is_behind(part) ? &sg_x_archive : NULL;
}

/* A program that unpacks itself is usual, and what nobody knows may hold anything; what
 * else is two files at once means to hide one of them. */
void
sg_second_mark(SgPart *part, SgSink *sink, const char *note)
{
	sg_part_note(part, note);
	sg_part_kind(part, "archive");
	if (!is_program(part) && !is_unknown(part))
		sink->flag(sink, SG_FLAG_AMBIGUOUS);
}
