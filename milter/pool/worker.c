#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/sealed.h"
#include "page/still.h"
#include "pool/answer.h"
#include "pool/testhook.h"
#include "pool/worker.h"
#include "rewrite/disclaim.h"
#include "rewrite/rewrite.h"
#include "rewrite/take.h"
#include "scan/walk.h"

#define RECEIVE_MS 2000u	/* a client sends its request together with the connection */
#define ANSWER_MS  20000u	/* and reads what comes back at once  */
#define QUIET_MS   500		/* without a request, and a worker keeps no memory for the next one */
#define GROWN	   256		/* ... of which it has touched as many pages since it was small */
#define REWRITE	   "rewrite"	/* what the watchdog is told is at work then */
#define FRAMES	   (1u << 20)	/* texts of the school, all together */
#define SPARE	   (64u << 10)	/* headers that were added on the way to us */

/* One request: what every path through this file carries along. */
typedef struct {
	SgWorker *w;
	int	  sock, out;
	GBytes	 *raw;
	guint64	  id;
	gint64	  began, answer_by;
} Job;

static void
job_clear(Job *j)
{
	sg_fd_done(&j->sock);
	sg_fd_done(&j->out);
	g_clear_pointer(&j->raw, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static void
leave(SgWorker *w, const char *why)
{
	g_strlcpy(w->slot->why, why, sizeof w->slot->why);
	w->slot->leave = TRUE;
}

/* Told by the walk before each part: the watchdog's and the next worker's only witness. */
static void
on_stage(gpointer data, const char *part, const char *extractor)
{
	SgSlot *slot = data;

	g_strlcpy(slot->part, part != NULL ? part : "", sizeof slot->part);
	g_strlcpy(slot->extractor, extractor != NULL ? extractor : "", sizeof slot->extractor);
}

/* The second descriptor: an empty memfd that can still be written. */
static gboolean
is_empty_memfd(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);	/* -1: not a memfd */

	return seals != -1 && (seals & (F_SEAL_WRITE | F_SEAL_GROW)) == 0 && lseek(fd, 0, SEEK_END) == 0;
}

static gboolean
take_fds(Job *j, guint n, GError **error)
{
	SgSeqIn *in = j->w->in;

	if (in->n_fds != n) {
		g_set_error(error, SG_ERR, SG_ERR_PEER, "%u descriptors", in->n_fds);
		return FALSE;
	}
	j->raw = sg_sealed_take(sg_seq_take_fd(in, 0), (gsize)j->w->options->milter.max_size + SPARE, error);
	if (j->raw == NULL)
		return FALSE;
	j->out = sg_seq_take_fd(in, 1);
	if (is_empty_memfd(j->out))
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_PEER, "second descriptor is not an empty memfd");
	return FALSE;
}

static void
begin_scanning(Job *j, guint32 deadline_ms)
{
	SgSlot *slot = j->w->slot;
	guint most = (guint)j->w->options->scan.deadline * 1000;

	on_stage(slot, "", "");
	sg_blames_hash(j->w->blames, j->raw, slot->hash);
	sg_slot_enter(slot, SG_SLOT_SCANNING, deadline_ms > 0 && deadline_ms < most ? deadline_ms : most);
}

static void
begin_answer(Job *j)
{
	sg_slot_enter(j->w->slot, SG_SLOT_ANSWERING, ANSWER_MS);
	j->answer_by = g_get_monotonic_time() + (gint64)ANSWER_MS * 1000;
}

static SgReading *
walk(Job *j, const SgWireSCAN *ask, const char *skip, GError **error)
{
	SgWalkJob job = {
		.options = j->w->options, .match = j->w->match, .raw = j->raw, .facts = ask->facts,
		.skip = skip, .virus = j->w->virus, .texts = (SgTextsWanted)ask->texts, .stage = on_stage, .data = j->w->slot,
	};
	g_autoptr(SgFinding) tried = NULL;
	SgReading *r;

	if (j->w->test_hook && g_strcmp0(skip, SG_TESTHOOK_NAME) != 0 && sg_testhook_asked(j->raw)) {
		on_stage(j->w->slot, "1", SG_TESTHOOK_NAME);
		tried = sg_testhook_run(j->raw, j->out);
	}
	r = sg_walk(&job, error);
	if (r != NULL && tried != NULL)
		g_ptr_array_add(r->findings, g_steal_pointer(&tried));
	return r;
}

static gboolean
known_trouble(const Job *j, SgBlame *blame)
{
	return sg_blames_find(j->w->blames, j->w->slot->hash, g_get_monotonic_time() / G_USEC_PER_SEC, blame);
}

/* What the last worker came to with these bytes decides how they are read now. */
static SgReading *
read_message(Job *j, const SgWireSCAN *ask, GError **error)
{
	g_autoptr(SgReading) r = NULL;
	SgBlame blame;

	if (!known_trouble(j, &blame))
		return walk(j, ask, NULL, error);
	if (blame.points >= SG_BLAME_POISON)
		return sg_answer_unscannable(j->raw);
	if (blame.extractor[0] == '\0' || strcmp(blame.extractor, REWRITE) == 0)
		return walk(j, ask, NULL, error);
	r = walk(j, ask, blame.extractor, error);
	if (r != NULL)
		sg_answer_mark_skipped(r, &blame);
	return g_steal_pointer(&r);
}

static gboolean
serve_scan(Job *j, GBytes *request, GError **error)
{
	g_auto(SgWireSCAN) ask = { 0 };
	g_autoptr(SgReading) r = NULL;
	gboolean unusual;

	if (!sg_wire_get_SCAN(request, &ask, error) || !take_fds(j, 2, error))
		return FALSE;
	j->id = ask.id;
	begin_scanning(j, ask.deadline_ms);
	r = read_message(j, &ask, error);
	if (r == NULL)
		return FALSE;
	begin_answer(j);
	unusual = sg_answer_is_unusual(r);
	if (unusual)
		leave(j->w, "unusual message");
	return sg_answer_reading(&(SgAnswer){ .sock = j->sock, .out = j->out, .id = j->id,
	    .began = j->began, .deadline = j->answer_by, .rules = j->w->rules,
	    .text_most = (guint64)j->w->options->scan.text + SPARE, .texts = ask.texts }, r, error);
}

static SgAnswer
rewrite_answer(const Job *j)
{
	return (SgAnswer){ .sock = j->sock, .out = j->out, .id = j->id, .began = j->began,
		.deadline = j->answer_by, .rules = j->w->rules,
		.text_most = (guint64)j->w->options->milter.max_size + (1u << 20) };
}

static gboolean
detach(Job *j, const SgWireREWRITE *ask, gboolean poison, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) changed = NULL;
	SgAnswer a;

	if (poison)
		g_set_error(&why, SG_ERR, SG_ERR_INPUT, "the scanner failed on this message more than once");
	else
		changed = sg_rewrite_detach(j->raw, ask->parts, ask->note, &why);
	begin_answer(j);
	a = rewrite_answer(j);
	return sg_answer_rewrite(&a, changed, why != NULL ? why->message : NULL, error);
}

static gboolean
disclaim(Job *j, const SgWireREWRITE *ask, gboolean poison, GError **error)
{
	g_autoptr(GBytes) frames = sg_sealed_take(sg_seq_take_fd(j->w->in, 2), FRAMES, error);
	g_autoptr(GPtrArray) texts = frames != NULL ? sg_disclaim_texts(frames, error) : NULL;
	g_auto(SgDisclaimed) done = { 0 };
	SgAnswer a;

	if (texts == NULL)
		return FALSE;
	sg_disclaim(poison ? NULL : j->raw, texts, ask->most, &done);
	begin_answer(j);
	a = rewrite_answer(j);
	return sg_answer_disclaimed(&a, done.bytes, done.added->str, done.skipped->str, error);
}

static gboolean
serve_rewrite(Job *j, GBytes *request, GError **error)
{
	g_auto(SgWireREWRITE) ask = { 0 };
	gboolean poison, text;
	SgBlame blame;

	if (!sg_wire_get_REWRITE(request, &ask, error))
		return FALSE;
	text = strcmp(ask.op, "disclaim") == 0;
	if (!text && strcmp(ask.op, "detach") != 0) {
		g_set_error(error, SG_ERR, SG_ERR_PEER, "there is no such change");
		return FALSE;
	}
	if (!take_fds(j, text ? 3 : 2, error))
		return FALSE;
	j->id = ask.id;
	begin_scanning(j, ask.deadline_ms);
	on_stage(j->w->slot, "", REWRITE);
	poison = known_trouble(j, &blame) && blame.points >= SG_BLAME_POISON;
	return text ? disclaim(j, &ask, poison, error) : detach(j, &ask, poison, error);
}

static gboolean
serve_extract(Job *j, GBytes *request, GError **error)
{
	g_auto(SgWireEXTRACT) ask = { 0 };
	g_autoptr(GBytes) picture = NULL;
	g_autoptr(GError) failed = NULL;
	const char *type = NULL, *why = "the scanner failed on this message more than once";
	SgAnswer a;
	SgBlame blame;

	if (!sg_wire_get_EXTRACT(request, &ask, error) || !take_fds(j, 2, error))
		return FALSE;
	j->id = ask.id;
	begin_scanning(j, ask.deadline_ms);
	on_stage(j->w->slot, "", REWRITE);
	if (!known_trouble(j, &blame) || blame.points < SG_BLAME_POISON)
		picture = sg_take_part(j->raw, ask.part, (gsize)ask.most, &failed);
	if (picture != NULL)
		type = sg_still_type(g_bytes_get_data(picture, NULL), g_bytes_get_size(picture), &why);
	begin_answer(j);
	a = rewrite_answer(j);
	a.text_most = ask.most;
	return sg_answer_picture(&a, type != NULL ? picture : NULL, type,
	    failed != NULL ? failed->message : why, error);
}

/* A client that breaks the contract is dropped and hurts nobody; but what it
 * sent may have left something behind, so this worker ends with it. */
static void
serve(SgWorker *w, int sock)
{
	g_auto(Job) j = { .w = w, .sock = sock, .out = -1, .began = g_get_monotonic_time() };
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) request = NULL;
	SgSeqState came;
	gboolean ok;

	sg_slot_enter(w->slot, SG_SLOT_RECEIVING, RECEIVE_MS + 1000);
	came = sg_seq_get(sock, w->in, &error);		/* mostly it is there already */
	if (came == SG_SEQ_WAIT && sg_seq_wait(sock, POLLIN, j.began + (gint64)RECEIVE_MS * 1000))
		came = sg_seq_get(sock, w->in, &error);
	if (came != SG_SEQ_GOT)
		return;
	request = sg_seq_bytes(w->in);
	switch (sg_wire_peek(request)) {
	case SG_WIRE_SCAN:
		ok = serve_scan(&j, request, &error);
		break;
	case SG_WIRE_REWRITE:
		ok = serve_rewrite(&j, request, &error);
		break;
	case SG_WIRE_EXTRACT:
		ok = serve_extract(&j, request, &error);
		break;
	case SG_WIRE_NONE:
	case SG_WIRE_FINDING:
	case SG_WIRE_PART:
	case SG_WIRE_DISCLAIM:
	case SG_WIRE_TEXT:
	case SG_WIRE_DONE:
	case SG_WIRE_PICTURE:
	case SG_WIRE_WORDS:
	case SG_WIRE_N:
	default:
		ok = FALSE;
		g_set_error(&error, SG_ERR, SG_ERR_PEER, "not a request");
		break;
	}
	if (!ok)
		leave(w, error->message);
}

static struct rusage
used(void)
{
	struct rusage u = { 0 };

	(void)getrusage(RUSAGE_SELF, &u);
	return u;
}

static gsize
peak_memory(void)
{
	return (gsize)used().ru_maxrss * 1024;
}

/*
 * What messages left free is kept for the next one only as long as they come one after the
 * other: a worker at rest is about as small as when it began.  Pages that it touched since
 * then tell whether there is anything to give back.
 */
static void
wait_for_request(const SgWorker *w, glong *touched)
{
	struct pollfd p = { w->listener, POLLIN, 0 };

	if (used().ru_minflt < *touched + GROWN || poll(&p, 1, QUIET_MS) != 0)
		return;
	(void)malloc_trim(0);
	*touched = used().ru_minflt;
}

static void
on_term(int signal)
{
	(void)signal;	/* only ends a waiting accept4(); slot->leave says the rest */
}

void
sg_worker_run(SgWorker *w)
{
	const struct sigaction term = { .sa_handler = on_term };	/* no SA_RESTART */
	guint most = (guint)w->options->scan.messages_per_worker;
	glong touched = used().ru_minflt;	/* when it was as small as it gets */
	gsize usual = peak_memory() + (gsize)MAX(w->options->scan.memory / 8, 32) * (1u << 20);

	(void)sigaction(SIGTERM, &term, NULL);
	while (!g_atomic_int_get(&w->slot->leave) && w->slot->messages < most) {
		int sock;

		sg_slot_enter(w->slot, SG_SLOT_IDLE, 0);
		wait_for_request(w, &touched);
		sock = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC);
		if (sock == -1 && errno != EINTR && errno != ECONNABORTED) {
			leave(w, g_strerror(errno));
			return;
		}
		if (sock == -1)
			continue;
		w->slot->messages++;
		serve(w, sock);
		sg_seq_clear(w->in);
		memset(w->slot->hash, 0, sizeof w->slot->hash);
		if (peak_memory() > usual)
			leave(w, "memory above its usual size");
	}
}
