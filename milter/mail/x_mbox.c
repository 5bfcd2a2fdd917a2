/*
 * x_mbox - a folder of mail as one file: each message is a part.
 *
 * A message begins behind a line "From ..." at the begin of the file or after an empty
 * line; programs write ">From " where a text has such a line.
 */
#include <string.h>

#include "part/extractor.h"

#define LINE_MAX_FROM 200u

static guint
mbox_bid(const SgPart *part)
{
	return strcmp(part->detected, "application/mbox") == 0 ? 20 : 0;
}

/* "From a@b.example Mon Jan  1 09:00:00 2026": a sentence has no such time. */
static gboolean
has_time(const char *s, const char *end)
{
	const char *stop = s + MIN((gsize)(end - s), LINE_MAX_FROM);

	for (; stop - s > 4 && *s != '\n'; s++)
		if (g_ascii_isdigit(s[0]) && g_ascii_isdigit(s[1]) && s[2] == ':' && g_ascii_isdigit(s[3]))
			return TRUE;
	return FALSE;
}

/* The next line that begins a message, from here on. */
static const char *
next_from(const char *s, const char *end)
{
	while (s < end && (s = memmem(s, (gsize)(end - s), "\nFrom ", 6)) != NULL) {
		if ((s[-1] == '\n' || (s[-1] == '\r' && s[-2] == '\n')) && has_time(s + 6, end))
			return s + 1;
		s += 6;
	}
	return end;
}

static gboolean
mbox_run(SgPart *part, SgSink *sink, GError **error)
{
	gsize n;
	const char *data = g_bytes_get_data(sg_part_bytes(part), &n), *end = n > 0 ? data + n : data, *next;
	GBytes *all = sg_part_bytes(part);
	guint inside = 0;

	for (const char *s = data; s < end; s = next) {
		const char *head = memchr(s, '\n', (gsize)(end - s));
		g_autoptr(GBytes) bytes = NULL;
		SgPart *mail;

		head = head != NULL && end - s > 5 && memcmp(s, "From ", 5) == 0 ? head + 1 : s;
		/* two bytes before what is searched are looked at */
		next = end - head > 4 ? next_from(head + 2, end) : end;
		bytes = g_bytes_new_from_bytes(all, (gsize)(head - data), (gsize)(next - head));
		mail = sg_part_inside(part, ++inside, "", bytes);
		g_free(mail->declared);
		mail->declared = g_strdup("message/rfc822");
		if (!sink->part(sink, mail, error))
			return FALSE;
	}
	return TRUE;
}

extern const SgExtractor sg_x_mbox;
const SgExtractor sg_x_mbox = { "mbox", mbox_bid, mbox_run, NULL, FALSE };
