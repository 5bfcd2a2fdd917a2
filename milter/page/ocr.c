#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/seqpacket.h"
#include "page/ocr.h"

#define GRACE_MS 500	/* beyond the time that it was given */

typedef struct {
	int	 sock;
	gboolean on;
	guint64	 id;
	guint	 images;	/* left for this message, ... */
	gint64	 ms;		/* ... and so much time       */
	SgSeqIn	*in;
} Reader;

static Reader *
reader(void)
{
	static Reader r = { .sock = -1 };

	return &r;
}

void
sg_ocr_begin(int sock)
{
	Reader *r = reader();

	r->sock = sock;
	r->on = sock != -1;
	if (r->on && r->in == NULL)
		r->in = g_new0(SgSeqIn, 1);
	/* answers to the worker that was here before have other numbers */
	r->id = ((guint64)g_random_int() << 32 | g_random_int()) | 1;
}

void
sg_ocr_message(const SgOptions *o)
{
	reader()->images = (guint)o->scan.ocr_images;
	reader()->ms = o->scan.ocr_seconds * 1000;
}

/* What came for others, or too late. */
static void
drain(Reader *r)
{
	for (guint i = 0; i < 64 && sg_seq_get(r->sock, r->in, NULL) == SG_SEQ_GOT; i++)
		sg_seq_clear(r->in);
}

static gboolean
send_picture(Reader *r, GBytes *bytes, guint32 pixels)
{
	g_autoptr(GByteArray) msg = g_byte_array_new();
	SgWirePICTURE ask = { .id = ++r->id, .ms = (guint32)r->ms, .pixels = pixels };
	sg_autofd fd = memfd_create("picture", MFD_CLOEXEC);
	gsize n, done = 0;
	const guint8 *p = g_bytes_get_data(bytes, &n);

	while (fd != -1 && done < n) {
		gssize w = write(fd, p + done, n - done);

		if (w == -1 && errno == EINTR)
			continue;
		if (w <= 0)
			return FALSE;
		done += (gsize)w;
	}
	return fd != -1 && sg_wire_put_PICTURE(msg, &ask, NULL) &&
	    sg_seq_put(r->sock, msg, &fd, 1, g_get_monotonic_time() + r->ms * 1000, NULL);
}

/* FALSE: it did not answer.  A message without a number: it has been started anew, and
 * whatever it was asked before is lost. */
static gboolean
receive_words(Reader *r, SgWireWORDS *words)
{
	gint64 end = g_get_monotonic_time() + (r->ms + GRACE_MS) * 1000;

	while (sg_seq_wait(r->sock, POLLIN, end)) {
		SgSeqState came = sg_seq_get(r->sock, r->in, NULL);
		g_autoptr(GBytes) msg = NULL;

		if (came == SG_SEQ_WAIT)
			continue;
		if (came != SG_SEQ_GOT)
			return FALSE;
		msg = sg_seq_bytes(r->in);
		sg_wire_clear_WORDS(words);
		if (!sg_wire_get_WORDS(msg, words, NULL) || words->id == 0)
			return FALSE;
		if (words->id == r->id)
			return TRUE;
	}
	return FALSE;
}

static gboolean
ask(Reader *r, GBytes *bytes, guint32 pixels, SgWireWORDS *words)
{
	gint64 began = g_get_monotonic_time();
	gboolean ok;

	drain(r);
	ok = send_picture(r, bytes, pixels) && receive_words(r, words);
	sg_seq_clear(r->in);
	r->images--;
	r->ms -= (g_get_monotonic_time() - began) / 1000;
	return ok;
}

gboolean
sg_ocr_read(SgPart *part, SgSink *sink, GError **error)
{
	Reader *r = reader();
	g_auto(SgWireWORDS) words = { 0 };
	GBytes *bytes;

	if (!r->on)
		return TRUE;
	bytes = sg_part_bytes(part);
	if (g_bytes_get_size(bytes) == 0)
		return TRUE;
	if (r->images == 0 || r->ms <= 0 ||
	    !ask(r, bytes, (guint32)sink->options->scan.ocr_pixels, &words) || words.status == SG_WORDS_LIMIT) {
		sg_part_note(part, "unread:picture");
		sink->limit(sink, "pictures");
		return TRUE;
	}
	if (words.text == NULL || words.text[0] == '\0')
		return TRUE;
	sg_part_note(part, "words-in-picture");
	return sink->text(sink, "attachment", words.text, strlen(words.text), error);
}
