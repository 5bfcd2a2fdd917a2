#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/listen.h"
#include "base/sealed.h"
#include "base/seqpacket.h"
#include "client/check.h"
#include "client/scanclient.h"

#define PATIENCE     3	/* deadlines: two attempts, and one of waiting for a free worker */
#define PROGRESS_US  (5 * G_USEC_PER_SEC)
#define SLICE_US     (G_USEC_PER_SEC / 2)
#define RETRY_US     (20 * 1000)	/* the queue of the listener is full */
#define ABSENT_US    (3 * G_USEC_PER_SEC)	/* a scanner that restarts is back by then */
#define DEATH_US     (100 * 1000)	/* its keeper hears of a death after we do */
#define SPARE	     (1u << 20)	/* frames and names around texts; a note instead of a part */

/* One question with all its attempts. */
typedef struct {
	const SgScanAsk *ask;
	const char *path;
	int	    message;	/* sealed memfd; the caller's or ours */
	int	    texts;	/* sealed memfd with DISCLAIM frames, or -1 */
	gsize	    size;
	guint64	    id;
	gint64	    deadline, next_progress;
	gsize	    out_most;	/* what may stand in the second memfd */
	SgSeqIn	   *in;
} Asking;

/* What one attempt gave. */
typedef struct {
	SgReading *reading;
	SgWireDONE done;
	int	   out;		/* the second memfd */
	gsize	   bytes;	/* that came on the socket */
} Answer;

static void
answer_clear(Answer *a)
{
	g_clear_pointer(&a->reading, sg_reading_free);
	sg_wire_clear_DONE(&a->done);
	sg_fd_done(&a->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static gboolean
fail(GError **error, int code, const char *what)
{
	g_set_error_literal(error, SG_ERR, code, what);
	return FALSE;
}

/* FALSE when the caller's patience or the time is over. */
static gboolean
may_wait(Asking *q, GError **error)
{
	gint64 now = g_get_monotonic_time();

	if (now >= q->deadline)
		return fail(error, SG_ERR_LATER, "the scanner did not answer in time");
	if (q->ask->progress == NULL || now < q->next_progress)
		return TRUE;
	q->next_progress = now + PROGRESS_US;
	return q->ask->progress(q->ask->data) ? TRUE : fail(error, SG_ERR_LATER, "given up while waiting");
}

/* A full queue is waited for; an absent scanner only as long as a restart takes. */
static int
connect_patiently(Asking *q, GError **error)
{
	gint64 absent_until = MIN(g_get_monotonic_time() + ABSENT_US, q->deadline);

	for (;;) {
		g_autoptr(GError) why = NULL;
		int fd = sg_listen_connect(q->path, SOCK_SEQPACKET, &why);
		gboolean full = fd == -1 && (errno == EAGAIN || errno == EWOULDBLOCK);

		if (fd != -1)
			return fd;
		if (why->code == SG_ERR_SETUP || (!full && g_get_monotonic_time() >= absent_until)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return -1;
		}
		if (!may_wait(q, error))
			return -1;
		g_usleep(RETRY_US);
	}
}

static gboolean
take_finding(Answer *a, GBytes *b, guint64 id, GError **error)
{
	SgFinding *f = g_new0(SgFinding, 1);

	g_ptr_array_add(a->reading->findings, f);
	return sg_wire_get_FINDING(b, f, error) &&
	    sg_check_finding(f, id, a->reading->findings->len, error);
}

static gboolean
take_part(Answer *a, GBytes *b, guint64 id, GError **error)
{
	SgPartInfo *p = g_new0(SgPartInfo, 1);

	g_ptr_array_add(a->reading->parts, p);
	return sg_wire_get_PART(b, p, error) && sg_check_part(p, id, a->reading->parts->len, error);
}

/* One frame of the answer; *done when it was the last. */
static gboolean
take_frame(const Asking *q, Answer *a, GBytes *b, gboolean *done, GError **error)
{
	switch (*done ? SG_WIRE_NONE : sg_wire_peek(b)) {
	case SG_WIRE_FINDING:
		return take_finding(a, b, q->id, error);
	case SG_WIRE_PART:
		return take_part(a, b, q->id, error);
	case SG_WIRE_DONE:
		*done = TRUE;
		return sg_wire_get_DONE(b, &a->done, error) &&
		    sg_check_done(&a->done, q->id, a->reading, q->out_most, error);
	case SG_WIRE_NONE:
	case SG_WIRE_SCAN:
	case SG_WIRE_REWRITE:
	case SG_WIRE_DISCLAIM:
	case SG_WIRE_TEXT:
	case SG_WIRE_PICTURE:
	case SG_WIRE_WORDS:
	case SG_WIRE_EXTRACT:
	case SG_WIRE_N:
	default:
		return fail(error, SG_ERR_PEER, "this does not belong into an answer");
	}
}

/* All frames that came at once. */
static gboolean
take_message(Asking *q, Answer *a, gboolean *done, GError **error)
{
	g_autoptr(GBytes) b = sg_seq_bytes(q->in);
	gsize at = 0;

	a->bytes += q->in->len;
	if (a->bytes > SG_CHECK_BYTES)
		return fail(error, SG_ERR_PEER, "the scanner's answer does not end");
	if (q->in->n_fds != 0)
		return fail(error, SG_ERR_PEER, "descriptors came with an answer");
	while (at < q->in->len) {
		g_autoptr(GBytes) frame = sg_wire_next_frame(b, &at);

		if (frame == NULL)
			return fail(error, SG_ERR_PEER, "this is no answer");
		if (!take_frame(q, a, frame, done, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
receive(Asking *q, int sock, Answer *a, GError **error)
{
	gboolean done = FALSE;

	(void)sg_seq_wait(sock, POLLIN, MIN(q->deadline, g_get_monotonic_time() + SLICE_US));
	while (!done) {
		switch (sg_seq_get(sock, q->in, error)) {
		case SG_SEQ_GOT:
			if (!take_message(q, a, &done, error))
				return FALSE;
			break;
		case SG_SEQ_WAIT:
			if (!may_wait(q, error))
				return FALSE;
			(void)sg_seq_wait(sock, POLLIN, MIN(q->deadline, g_get_monotonic_time() + SLICE_US));
			break;
		case SG_SEQ_END:
			return fail(error, SG_ERR_PEER, "the scan ended without an answer");
		case SG_SEQ_BAD:
			return FALSE;
		}
	}
	return TRUE;
}

/* One connection, one request, one answer. */
static gboolean
attempt(Asking *q, const GByteArray *request, Answer *a, GError **error)
{
	sg_autofd out = memfd_create("texts", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	sg_autofd sock = -1;

	if (out == -1)
		return fail(error, SG_ERR_LATER, g_strerror(errno));
	sock = connect_patiently(q, error);	/* last: it wakes a worker, who should find the request */
	if (sock == -1)
		return FALSE;
	a->reading = sg_reading_new();
	if (!sg_seq_put(sock, request, (const int[]){ q->message, out, q->texts }, q->texts != -1 ? 3 : 2,
	    q->deadline, error) ||
	    !receive(q, sock, a, error))
		return FALSE;
	a->out = g_steal_fd(&out);
	return TRUE;
}

/* Twice: a scan that died has taught the scanner what to leave out. */
static gboolean
ask_twice(Asking *q, const GByteArray *request, Answer *a, GError **error)
{
	g_autoptr(GError) first = NULL;

	if (attempt(q, request, a, &first))
		return TRUE;
	if (first->code != SG_ERR_PEER) {
		g_propagate_error(error, g_steal_pointer(&first));
		return FALSE;
	}
	answer_clear(a);
	a->bytes = 0;
	g_usleep(DEATH_US);
	return attempt(q, request, a, error);
}

/* The scanner's bytes in the second memfd, once nobody can change them. */
static GBytes *
take_out(Asking *q, Answer *a, GError **error)
{
	g_autoptr(GBytes) b = NULL;
	struct stat st;

	/* a worker that could still write is not one of ours: seal before looking */
	if (fcntl(a->out, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == -1) {
		fail(error, SG_ERR_PEER, "the scanner still holds its output");
		return NULL;
	}
	if (fstat(a->out, &st) == -1 || (guint64)st.st_size != a->done.written) {
		fail(error, SG_ERR_PEER, "the scanner wrote something else than it said");
		return NULL;
	}
	b = sg_sealed_take(g_steal_fd(&a->out), q->out_most, error);
	return g_steal_pointer(&b);
}

static gboolean
prepare(Asking *q, const SgScanAsk *ask, gsize out_most, GError **error)
{
	const SgOptions *o = ask->options;
	struct stat st;

	q->message = ask->fd;
	if (ask->bytes != NULL) {
		q->size = g_bytes_get_size(ask->bytes);
	} else if (fstat(ask->fd, &st) == 0) {
		q->size = (gsize)st.st_size;
	} else
		return fail(error, SG_ERR_LATER, g_strerror(errno));
	if (q->size > (gsize)o->milter.max_size)
		return fail(error, SG_ERR_LIMIT, "the message is larger than milter.max_size");
	if (ask->bytes != NULL)
		q->message = sg_sealed_make(g_bytes_get_data(ask->bytes, NULL), q->size, error);
	q->ask = ask;
	q->texts = -1;
	q->id = ((guint64)g_random_int() << 32 | g_random_int()) >> 1;	/* JSON numbers are signed */
	q->next_progress = g_get_monotonic_time() + PROGRESS_US;
	q->deadline = g_get_monotonic_time() + PATIENCE * o->scan.deadline * G_USEC_PER_SEC;
	q->out_most = out_most;
	return q->message != -1;
}

static void
finish(Asking *q)
{
	if (q->ask != NULL && q->ask->bytes != NULL)
		sg_fd_done(&q->message);
	if (q->ask != NULL)
		sg_fd_done(&q->texts);
	sg_seq_clear(q->in);
}

static SgReading *
make_reading(Asking *q, Answer *a, GError **error)
{
	g_autoptr(GBytes) texts = NULL;

	if (a->done.written > 0) {
		texts = take_out(q, a, error);
		if (texts == NULL || !sg_check_texts(texts, a->reading, error))
			return NULL;
	}
	sg_check_places(a->reading);
	a->reading->flags = a->done.flags;
	a->reading->micros = a->done.micros;
	g_free(a->reading->rules);
	a->reading->rules = g_steal_pointer(&a->done.rules);
	return g_steal_pointer(&a->reading);
}

static char *
lane(const SgScanAsk *ask, gsize size)
{
	return g_strconcat(ask->options->scan.listen,
	    size >= (gsize)ask->options->scan.bulk_size ? ".bulk" : "", NULL);
}

SgReading *
sg_scan(const SgScanAsk *ask, GError **error)
{
	g_autofree SgSeqIn *in = g_malloc(sizeof *in);
	g_autoptr(GByteArray) request = g_byte_array_new();
	g_autofree char *path = NULL;
	g_auto(Answer) a = { .out = -1 };
	Asking q = { .in = in };
	SgReading *r = NULL;
	SgWireSCAN scan;

	in->n_fds = 0;
	if (prepare(&q, ask, (gsize)ask->options->scan.text + SPARE, error)) {
		q.path = path = lane(ask, q.size);
		scan = (SgWireSCAN){ q.id, (guint32)ask->options->scan.deadline * 1000, (guint32)ask->texts,
			(char *)(guintptr)ask->facts };
		if (sg_wire_put_SCAN(request, &scan, error) && ask_twice(&q, request, &a, error))
			r = make_reading(&q, &a, error);
	}
	finish(&q);
	return r;
}

/* A change that was made, or NULL: SG_ERR_INPUT with what the scanner said. */
static GBytes *
rewritten(Asking *q, const SgWireREWRITE *rewrite, Answer *a, GError **error)
{
	g_autoptr(GByteArray) request = g_byte_array_new();

	if (!sg_wire_put_REWRITE(request, rewrite, error) || !ask_twice(q, request, a, error))
		return NULL;
	if (a->done.error[0] != '\0') {
		fail(error, SG_ERR_INPUT, a->done.error);
		return NULL;
	}
	return a->done.written > 0 ? take_out(q, a, error) : NULL;
}

GBytes *
sg_scan_detach(const SgScanAsk *ask, const char *parts, const char *note, GError **error)
{
	g_autofree SgSeqIn *in = g_malloc(sizeof *in);
	g_autofree char *path = NULL;
	g_auto(Answer) a = { .out = -1 };
	Asking q = { .in = in };
	GBytes *changed = NULL;
	g_autoptr(GError) why = NULL;

	in->n_fds = 0;
	if (prepare(&q, ask, (gsize)ask->options->milter.max_size + SPARE, error)) {
		const SgWireREWRITE rewrite = { .id = q.id,
			.deadline_ms = (guint32)ask->options->scan.deadline * 1000,
			.op = (char *)(guintptr)"detach", .parts = (char *)(guintptr)parts,
			.note = (char *)(guintptr)note };

		q.path = path = lane(ask, q.size);
		changed = rewritten(&q, &rewrite, &a, &why);
		if (changed == NULL && why == NULL)
			fail(error, SG_ERR_PEER, "the scanner gave back nothing");
		else if (why != NULL)
			g_propagate_error(error, g_steal_pointer(&why));
	}
	finish(&q);
	return changed;
}

/* The types that a person may be shown; what else a scanner says is not passed on. */
static const char *
picture_type(const char *said)
{
	static const char *const types[] = { "image/png", "image/jpeg", "image/webp" };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_strcmp0(said, types[i]) == 0)
			return types[i];
	return NULL;
}

static GBytes *
extracted(Asking *q, const SgWireEXTRACT *extract, Answer *a, GError **error)
{
	g_autoptr(GByteArray) request = g_byte_array_new();

	if (!sg_wire_put_EXTRACT(request, extract, error) || !ask_twice(q, request, a, error))
		return NULL;
	if (a->done.error[0] != '\0') {
		fail(error, SG_ERR_INPUT, a->done.error);
		return NULL;
	}
	if (a->done.written == 0 || picture_type(a->done.added) == NULL) {
		fail(error, SG_ERR_PEER, "the scanner gave back no picture");
		return NULL;
	}
	return take_out(q, a, error);
}

GBytes *
sg_scan_picture(const SgScanAsk *ask, const char *part, const char **type, GError **error)
{
	g_autofree SgSeqIn *in = g_malloc(sizeof *in);
	g_autofree char *path = NULL;
	g_auto(Answer) a = { .out = -1 };
	Asking q = { .in = in };
	GBytes *picture = NULL;

	in->n_fds = 0;
	if (prepare(&q, ask, SG_SCAN_PICTURE, error)) {
		const SgWireEXTRACT extract = { .id = q.id,
			.deadline_ms = (guint32)ask->options->scan.deadline * 1000,
			.most = SG_SCAN_PICTURE, .part = (char *)(guintptr)part };

		q.path = path = lane(ask, q.size);
		picture = extracted(&q, &extract, &a, error);
		if (picture != NULL)
			*type = picture_type(a.done.added);
	}
	finish(&q);
	return picture;
}

/* The texts as frames in a sealed memfd; -1 with an error. */
static int
frames_of(const GPtrArray *texts, GError **error)
{
	g_autoptr(GByteArray) b = g_byte_array_new();

	for (guint i = 0; i < texts->len; i++) {
		gsize frame = sg_wire_open_frame(b);

		if (!sg_wire_put_DISCLAIM(b, g_ptr_array_index(texts, i), error))
			return -1;
		sg_wire_close_frame(b, frame);
	}
	return sg_sealed_make(b->data, b->len, error);
}

gboolean
sg_scan_disclaim(const SgScanAsk *ask, const GPtrArray *texts, guint64 most, SgScanDisclaimed *out,
    GError **error)
{
	g_autofree SgSeqIn *in = g_malloc(sizeof *in);
	g_autofree char *path = NULL;
	g_auto(Answer) a = { .out = -1 };
	Asking q = { .in = in };
	g_autoptr(GError) why = NULL;

	in->n_fds = 0;
	*out = (SgScanDisclaimed){ 0 };
	if (prepare(&q, ask, (gsize)ask->options->milter.max_size + SPARE, &why) &&
	    (q.texts = frames_of(texts, &why)) != -1) {
		const SgWireREWRITE rewrite = { .id = q.id,
			.deadline_ms = (guint32)ask->options->scan.deadline * 1000,
			.op = (char *)(guintptr)"disclaim", .parts = (char *)(guintptr)"",
			.note = (char *)(guintptr)"", .most = most };

		q.path = path = lane(ask, q.size);
		out->bytes = rewritten(&q, &rewrite, &a, &why);
		if (why == NULL && sg_check_disclaimed(&a.done, texts, &why) && a.done.written > most)
			fail(&why, SG_ERR_PEER, "the scanner's answer is wrong: it wrote too much");
		out->added = g_steal_pointer(&a.done.added);
		out->skipped = g_steal_pointer(&a.done.skipped);
	}
	finish(&q);
	if (why == NULL)
		return TRUE;
	sg_scan_disclaimed_clear(out);
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

void
sg_scan_disclaimed_clear(SgScanDisclaimed *d)
{
	g_clear_pointer(&d->bytes, g_bytes_unref);
	g_clear_pointer(&d->added, g_free);
	g_clear_pointer(&d->skipped, g_free);
}
