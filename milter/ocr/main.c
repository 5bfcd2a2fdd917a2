/* schoolgate-ocr - reads the words in pictures for the workers of schoolgate-scan, who start
 * it (pool/pictures.h): schoolgate-ocr SOCKETS PARENT LANGUAGE, the sockets being 3, 4, 5 ... */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/seqpacket.h"
#include "ocr/reader.h"

#define FIRST	 3
#define SOCKETS	 80u
#define LARGEST	 (64u << 20)	/* bytes of a picture                            */
#define MEMORY	 (768ull << 20)
#define WORDS	 60000u		/* bytes of text: an answer is one message       */
#define LATE_MS	 2000u		/* the alarm clock rings so long after its time  */
#define PUT_US	 (G_USEC_PER_SEC / 2)

static gboolean
lock_in(guint sockets, pid_t parent, GError **error)
{
	SgSandboxFilter *filter = sg_sandbox_filter_new(SG_SANDBOX_PICTURES, FALSE, error);
	SgSandbox box = { .filter = filter, .parent = parent, .memory = MEMORY, .files = FIRST + sockets + 8 };
	g_autofree int *keep = g_new(int, sockets);
	gboolean ok;

	for (guint i = 0; i < sockets; i++)
		keep[i] = FIRST + (int)i;
	(void)setpriority(PRIO_PROCESS, 0, 15);
	ok = filter != NULL && sg_sandbox_nobody(&box.uid, &box.gid, error) &&
	    sg_sandbox_drop_fds(keep, sockets, error) && sg_sandbox_enter(&box, error);
	sg_sandbox_filter_free(filter);
	return ok;
}

static void
answer(int sock, guint64 id, const char *text, gboolean limit)
{
	g_autoptr(GByteArray) msg = g_byte_array_new();
	g_autofree char *copy = g_strdup(text);
	SgWireWORDS words = { .id = id, .status = limit ? SG_WORDS_LIMIT : SG_WORDS_OK, .text = copy };

	if (sg_wire_put_WORDS(msg, &words, NULL))	/* who does not listen has no need of it */
		(void)sg_seq_put(sock, msg, NULL, 0, g_get_monotonic_time() + PUT_US, NULL);
}

/* Rings when the reading takes longer than it should: that is the end of this process. */
static void
set_alarm(guint ms)
{
	const struct itimerval t = { .it_value = { ms / 1000, (suseconds_t)(ms % 1000) * 1000 } };

	(void)setitimer(ITIMER_REAL, &t, NULL);
}

/* A copy: whoever sent it could still change it. */
static guint8 *
take_bytes(int fd, gsize *n)
{
	off_t size = lseek(fd, 0, SEEK_END);
	g_autofree guint8 *p = size > 0 && size <= (off_t)LARGEST ? g_try_malloc((gsize)size) : NULL;
	gsize done = 0;

	while (p != NULL && done < (gsize)size) {
		gssize got = pread(fd, p + done, (gsize)size - done, (off_t)done);

		if (got <= 0)
			return NULL;
		done += (gsize)got;
	}
	*n = done;
	return g_steal_pointer(&p);
}

static void
serve(SgReader *r, int sock, SgSeqIn *in)
{
	g_auto(SgWirePICTURE) ask = { 0 };
	g_autoptr(GBytes) msg = NULL;
	g_autofree guint8 *bytes = NULL;
	g_autofree char *text = NULL;
	gboolean limit = TRUE;
	sg_autofd fd = -1;
	gsize n = 0;

	if (sg_seq_get(sock, in, NULL) != SG_SEQ_GOT)
		return;
	msg = sg_seq_bytes(in);
	if (!sg_wire_get_PICTURE(msg, &ask, NULL) || in->n_fds != 1)
		return;
	fd = sg_seq_take_fd(in, 0);
	bytes = take_bytes(fd, &n);
	if (bytes != NULL) {
		set_alarm(MIN(ask.ms, 300000u) + LATE_MS);
		text = sg_reader_run(r, bytes, n, ask.pixels, ask.ms, WORDS, &limit);
		set_alarm(0);
	}
	answer(sock, ask.id, text != NULL ? text : "", limit);
}

/* Until the zygote, which holds the other ends, is gone. */
static void
loop(SgReader *r, guint sockets)
{
	g_autofree SgSeqIn *in = g_new0(SgSeqIn, 1);
	g_autofree struct pollfd *p = g_new0(struct pollfd, sockets);

	for (guint i = 0; i < sockets; i++) {
		p[i] = (struct pollfd){ .fd = FIRST + (int)i, .events = POLLIN };
		answer(p[i].fd, 0, "", FALSE);		/* ready; or: started anew, ask again */
	}
	for (;;) {
		if (poll(p, sockets, -1) <= 0)
			continue;
		for (guint i = 0; i < sockets; i++) {
			if ((p[i].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
				return;
			if ((p[i].revents & POLLIN) == 0)
				continue;
			serve(r, p[i].fd, in);
			sg_seq_clear(in);
		}
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	guint sockets = argc == 4 ? (guint)strtoul(argv[1], NULL, 10) : 0;
	pid_t parent = argc == 4 ? (pid_t)strtol(argv[2], NULL, 10) : 0;
	SgReader *r;

	if (sockets == 0 || sockets > SOCKETS || parent != getppid()) {
		sg_log(SG_LOG_ERROR, "usage", "why", "schoolgate-ocr is started by schoolgate-scan", NULL);
		return 2;
	}
	r = sg_reader_new(argv[3], &error);
	if (r == NULL || !lock_in(sockets, parent, &error)) {
		sg_log(SG_LOG_ERROR, "ocr", "why", error->message, NULL);
		return 2;
	}
	loop(r, sockets);
	return 0;
}
