/* fails-if: a byte of the mail server is lost, doubled or out of order; what was taken ahead
 *           is not said to be there; a closed socket's bytes come out of the next one; a
 *           descriptor that is none of libmilter's behaves in another way; a change leaves before
 *           its answer or never, or out of order; a server that does not read is not waited for */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "front/intake.h"

typedef struct {
	int listener, near, far;	/* near: as libmilter has it */
} Line;

static void
connect_to(Line *l)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	socklen_t len = sizeof a;

	g_assert_cmpint(getsockname(l->listener, (struct sockaddr *)&a, &len), ==, 0);
	l->far = socket(AF_UNIX, SOCK_STREAM, 0);
	g_assert_cmpint(connect(l->far, (struct sockaddr *)&a, len), ==, 0);
	l->near = accept(l->listener, NULL, NULL);
	g_assert_cmpint(l->near, >=, 0);
}

static void
begin(Line *l)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	/* without a name: the kernel gives one */
	l->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	g_assert_cmpint(bind(l->listener, (struct sockaddr *)&a, sizeof a.sun_family), ==, 0);
	g_assert_cmpint(listen(l->listener, 5), ==, 0);
	connect_to(l);
}

static void
end(Line *l)
{
	(void)close(l->near);
	(void)close(l->far);
	(void)close(l->listener);
}

static void
say(const Line *l, const char *text)
{
	g_assert_cmpint(write(l->far, text, strlen(text)), ==, (gssize)strlen(text));
}

static int
ready(int fd, int ms)
{
	struct pollfd p = { fd, POLLIN | POLLPRI, 0 };
	int n = poll(&p, 1, ms);

	g_assert_true(n != 1 || (p.revents & POLLIN) != 0);
	return n;
}

static void
hears(const Line *l, const char *text)
{
	char buf[64];

	g_assert_cmpint(ready(l->near, 1000), ==, 1);
	g_assert_cmpint(read(l->near, buf, strlen(text)), ==, (gssize)strlen(text));
	g_assert_cmpmem(buf, strlen(text), text, strlen(text));
}

/* the reason for all of it: one look takes what has come, the rest costs no call */
static void
takes_ahead(void)
{
	Line l;
	int waiting = -1;

	begin(&l);
	g_assert_cmpint(ready(l.near, 0), ==, 0);
	say(&l, "0000Dmacros0001Lheader0002Lother");
	hears(&l, "0000D");
	g_assert_cmpint(ioctl(l.near, FIONREAD, &waiting), ==, 0);
	g_assert_cmpint(waiting, ==, 0);
	hears(&l, "macros");
	hears(&l, "0001L");
	hears(&l, "header");
	say(&l, "more");
	hears(&l, "0002L");
	hears(&l, "other");
	hears(&l, "more");
	g_assert_cmpint(ready(l.near, 0), ==, 0);
	end(&l);
}

static void
every_byte_once(void)
{
	enum { BYTES = 3000000 };
	g_autofree guint8 *sent = g_malloc(BYTES), *got = g_malloc(BYTES);
	g_autoptr(GRand) r = g_rand_new_with_seed(4);
	gsize in = 0, out = 0;
	Line l;

	for (gsize i = 0; i < BYTES; i++)
		sent[i] = (guint8)g_rand_int(r);
	begin(&l);
	g_assert_cmpint(fcntl(l.far, F_SETFL, O_NONBLOCK), ==, 0);
	while (out < BYTES) {
		gsize some = (gsize)g_rand_int_range(r, 1, g_rand_boolean(r) ? 40 : 70000);
		gssize n;

		if (in < BYTES && g_rand_boolean(r)) {
			n = write(l.far, sent + in, MIN(some, BYTES - in));
			in += n > 0 ? (gsize)n : 0;
			continue;
		}
		if (g_rand_boolean(r) && ready(l.near, 0) == 0)
			continue;
		if (in == out)
			continue;
		n = read(l.near, got + out, MIN(some, BYTES - out));
		g_assert_cmpint(n, >, 0);
		out += (gsize)n;
		g_assert_cmpuint(out, <=, in);
	}
	g_assert_cmpmem(sent, BYTES, got, BYTES);
	end(&l);
}

/* libmilter's dispatcher: several at once, one of them with bytes that the kernel has no more */
static void
is_ready_among_others(void)
{
	Line a, b;
	struct pollfd set[3];

	begin(&a);
	begin(&b);
	say(&a, "12");
	hears(&a, "1");
	set[0] = (struct pollfd){ b.near, POLLIN, 0 };
	set[1] = (struct pollfd){ a.near, POLLIN, 0 };
	set[2] = (struct pollfd){ -1, POLLIN, 0 };
	g_assert_cmpint(poll(set, 3, 10000), ==, 1);
	g_assert_cmpint(set[0].revents, ==, 0);
	g_assert_cmpint(set[1].revents, ==, POLLIN);
	say(&b, "x");
	say(&a, "3");
	g_assert_cmpint(poll(set, 3, 10000), ==, 2);
	hears(&a, "23");
	hears(&b, "x");
	g_assert_cmpint(poll(set, 3, 0), ==, 0);
	end(&a);
	end(&b);
}

static void
tells_the_end(void)
{
	char buf[8];
	struct pollfd p;
	Line l;

	begin(&l);
	say(&l, "bye");
	(void)close(l.far);
	g_assert_cmpint(ready(l.near, 0), ==, 1);
	g_assert_cmpint(read(l.near, buf, sizeof buf), ==, 3);
	p = (struct pollfd){ l.near, POLLIN, 0 };
	g_assert_cmpint(poll(&p, 1, 10000), ==, 1);
	g_assert_true((p.revents & POLLHUP) != 0);
	g_assert_cmpint(read(l.near, buf, sizeof buf), ==, 0);
	g_assert_cmpint(read(l.near, buf, 0), ==, 0);
	l.far = -1;
	end(&l);
}

static void
forgets_what_is_closed(void)
{
	char buf[8];
	Line l;
	int was;

	begin(&l);
	say(&l, "old bytes");
	hears(&l, "old");
	was = l.near;
	(void)close(l.near);
	(void)close(l.far);
	connect_to(&l);
	g_assert_cmpint(l.near, ==, was);
	g_assert_cmpint(ready(l.near, 0), ==, 0);
	say(&l, "new");
	g_assert_cmpint(read(l.near, buf, sizeof buf), ==, 3);
	g_assert_cmpmem(buf, 3, "new", 3);
	end(&l);
}

/* one packet, as libmilter writes it: asks for room, and goes on where the kernel stopped */
static gboolean
packet(const Line *l, char letter, const char *data, gsize len, int ms)
{
	guint8 head[5] = { 0, (guint8)((len + 1) >> 16), (guint8)((len + 1) >> 8), (guint8)(len + 1), (guint8)letter };
	union { const char *in; char *out; } u = { data };
	struct iovec v[2] = { { head, sizeof head }, { u.out, len } };

	while (v[0].iov_len + v[1].iov_len > 0) {
		struct pollfd room = { l->near, POLLOUT, 0 };
		gssize n = poll(&room, 1, ms) == 1 ? writev(l->near, v, len > 0 ? 2 : 1) : -2;

		if (n == -2 || (n == -1 && errno != EAGAIN))
			return FALSE;
		for (gsize i = 0; i < 2 && n > 0; i++) {
			gsize took = MIN((gsize)n, v[i].iov_len);

			v[i].iov_base = (char *)v[i].iov_base + took;
			v[i].iov_len -= took;
			n -= (gssize)took;
		}
	}
	return TRUE;
}

static int
waiting(const Line *l)
{
	int n = -1;

	g_assert_cmpint(ioctl(l->far, FIONREAD, &n), ==, 0);
	return n;
}

/* changes leave together with the answer behind them, in order; all else at once */
static void
holds_changes(void)
{
	static const char whole[] = "\0\0\0\3hab" "\0\0\0\2-c" "\0\0\0\1a" "\0\0\0\2id" "\0\0\0\1p";
	char buf[sizeof whole];
	Line l;

	begin(&l);
	g_assert_true(packet(&l, 'h', "ab", 2, 0));
	g_assert_true(packet(&l, '-', "c", 1, 0));
	g_assert_cmpint(waiting(&l), ==, 0);
	g_assert_true(packet(&l, 'a', "", 0, 0));
	g_assert_cmpint(waiting(&l), ==, 18);
	g_assert_true(packet(&l, 'i', "d", 1, 0));
	g_assert_cmpint(waiting(&l), ==, 18);
	g_assert_true(packet(&l, 'p', "", 0, 0));
	g_assert_cmpint(read(l.far, buf, sizeof buf), ==, sizeof whole - 1);
	g_assert_cmpmem(buf, sizeof whole - 1, whole, sizeof whole - 1);
	g_assert_true(packet(&l, 'h', "lost with its message", 21, 0));
	(void)close(l.far);
	g_assert_false(packet(&l, 'a', "", 0, 0));
	l.far = -1;
	end(&l);
}

typedef struct {
	const Line *l;
	GByteArray *got;
} Reader;

static gpointer
read_slowly(gpointer data)
{
	Reader *r = data;
	guint8 buf[5000];
	gssize n;

	while ((n = read(r->l->far, buf, sizeof buf)) > 0) {
		g_byte_array_append(r->got, buf, (guint)n);
		g_usleep(100);
	}
	return NULL;
}

/* many packets, small and large, held and not, through a socket that is full most of the time */
static void
every_byte_goes_out_once(void)
{
	static const char letters[] = "hi-+mcabp";
	g_autoptr(GByteArray) sent = g_byte_array_new(), got = g_byte_array_new();
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	g_autofree char *data = g_malloc(60000);
	GThread *thread;
	Line l;

	for (gsize i = 0; i < 60000; i++)
		data[i] = (char)g_rand_int(rand);
	begin(&l);
	thread = g_thread_new("server", read_slowly, &(Reader){ &l, got });
	for (guint i = 0; i < 3000; i++) {
		gsize len = (gsize)g_rand_int_range(rand, 0, i % 20 == 0 ? 59000 : 400);
		char letter = i == 2999 ? 'a' : letters[g_rand_int_range(rand, 0, 9)];
		guint8 head[5] = { 0, (guint8)((len + 1) >> 16), (guint8)((len + 1) >> 8), (guint8)(len + 1), (guint8)letter };

		g_byte_array_append(sent, head, sizeof head);
		g_byte_array_append(sent, (const guint8 *)data + i % 100, (guint)len);
		g_assert_true(packet(&l, letter, data + i % 100, len, 10000));
	}
	(void)shutdown(l.near, SHUT_WR);
	g_thread_join(thread);
	g_assert_cmpmem(got->data, got->len, sent->data, sent->len);
	end(&l);
}

/* the wait for a server that does not read is libmilter's, and has an end */
static void
waits_for_room(void)
{
	static const char block[4096];
	gint64 began;
	guint n = 0;
	Line l;

	begin(&l);
	while (packet(&l, 'b', block, sizeof block, 50))
		g_assert_cmpuint(++n, <, 10000);
	g_assert_cmpuint(n, >, 0);
	began = g_get_monotonic_time();
	g_assert_false(packet(&l, 'b', block, sizeof block, 50));
	g_assert_cmpint(g_get_monotonic_time() - began, >=, 40000);
	end(&l);
}

static void
leaves_others_alone(void)
{
	char buf[8];
	int p[2], waiting = -1;
	struct pollfd room;
	Line l;

	g_assert_cmpint(pipe(p), ==, 0);
	g_assert_cmpint(write(p[1], "abc", 3), ==, 3);
	g_assert_cmpint(ready(p[0], 0), ==, 1);
	g_assert_cmpint(read(p[0], buf, 1), ==, 1);
	g_assert_cmpint(ioctl(p[0], FIONREAD, &waiting), ==, 0);
	g_assert_cmpint(waiting, ==, 2);
	g_assert_cmpint(close(p[0]), ==, 0);
	g_assert_cmpint(close(p[1]), ==, 0);
	g_assert_cmpint(close(p[0]), ==, -1);
	g_assert_cmpint(errno, ==, EBADF);
	g_assert_cmpint(read(-1, buf, 1), ==, -1);
	g_assert_cmpint(errno, ==, EBADF);
	g_assert_cmpint(accept(-1, NULL, NULL), ==, -1);
	begin(&l);
	say(&l, "here");
	room = (struct pollfd){ l.near, POLLOUT, 0 };
	g_assert_cmpint(poll(&room, 1, 0), ==, 1);
	g_assert_cmpint(room.revents, ==, POLLOUT);
	end(&l);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/intake/takes-ahead", takes_ahead);
	g_test_add_func("/intake/every-byte-once", every_byte_once);
	g_test_add_func("/intake/is-ready-among-others", is_ready_among_others);
	g_test_add_func("/intake/tells-the-end", tells_the_end);
	g_test_add_func("/intake/forgets-what-is-closed", forgets_what_is_closed);
	g_test_add_func("/intake/holds-changes", holds_changes);
	g_test_add_func("/intake/every-byte-goes-out-once", every_byte_goes_out_once);
	g_test_add_func("/intake/waits-for-room", waits_for_room);
	g_test_add_func("/intake/leaves-others-alone", leaves_others_alone);
	return g_test_run();
}
