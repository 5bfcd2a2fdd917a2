/* fails-if: a cut or overlong message, or a surplus descriptor, is taken; or one leaks */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/listen.h"
#include "base/seqpacket.h"

static gint64
soon(void)
{
	return g_get_monotonic_time() + G_USEC_PER_SEC;
}

static guint
open_fds(void)
{
	guint n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static void
round_trip(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GByteArray) m = g_byte_array_new();
	g_autoptr(GBytes) b = NULL;
	g_autofree SgSeqIn *in = g_new0(SgSeqIn, 1);
	guint before = open_fds();
	int s[2], mine;

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), ==, 0);
	g_byte_array_append(m, (const guint8 *)"hello", 5);
	g_assert_cmpint(sg_seq_get(s[1], in, &error), ==, SG_SEQ_WAIT);
	g_assert_true(sg_seq_put(s[0], m, (const int[]){ s[0], s[0] }, 2, soon(), &error));
	g_assert_true(sg_seq_wait(s[1], POLLIN, soon()));
	g_assert_cmpint(sg_seq_get(s[1], in, &error), ==, SG_SEQ_GOT);
	b = sg_seq_bytes(in);
	g_assert_cmpmem(g_bytes_get_data(b, NULL), g_bytes_get_size(b), "hello", 5);
	g_assert_cmpuint(in->n_fds, ==, 2);
	mine = sg_seq_take_fd(in, 1);
	g_assert_cmpint(sg_seq_take_fd(in, 2), ==, -1);
	sg_seq_clear(in);
	g_assert_cmpint(fcntl(mine, F_GETFD), ==, FD_CLOEXEC);
	close(mine);
	close(s[0]);
	g_assert_cmpint(sg_seq_get(s[1], in, &error), ==, SG_SEQ_END);
	close(s[1]);
	g_assert_cmpuint(open_fds(), ==, before);
}

static void
refuses_too_long(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree SgSeqIn *in = g_new0(SgSeqIn, 1);
	g_autofree char *big = g_malloc0(SG_WIRE_MAX + 1);
	g_autoptr(GByteArray) m = g_byte_array_new();
	int s[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), ==, 0);
	g_assert_cmpint(send(s[0], big, SG_WIRE_MAX + 1, 0), ==, SG_WIRE_MAX + 1);
	g_assert_cmpint(sg_seq_get(s[1], in, &error), ==, SG_SEQ_BAD);
	g_assert_error(error, SG_ERR, SG_ERR_PEER);
	g_clear_error(&error);
	g_byte_array_append(m, (const guint8 *)big, SG_WIRE_MAX + 1);
	g_assert_false(sg_seq_put(s[0], m, NULL, 0, soon(), &error));
	close(s[0]);
	close(s[1]);
}

/* more descriptors than anybody may send: none of them stays open */
static void
refuses_many_fds(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree SgSeqIn *in = g_new0(SgSeqIn, 1);
	union {
		char room[CMSG_SPACE(8 * sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char byte = 'x';
	struct iovec iov = { &byte, 1 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control };
	guint before = open_fds();
	int s[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), ==, 0);
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	control.align.cmsg_len = CMSG_LEN(8 * sizeof(int));
	for (gsize i = 0; i < 8; i++)
		memcpy(CMSG_DATA(&control.align) + i * sizeof(int), &s[0], sizeof(int));
	g_assert_cmpint(sendmsg(s[0], &h, 0), ==, 1);
	g_assert_cmpint(sg_seq_get(s[1], in, &error), ==, SG_SEQ_BAD);
	g_assert_error(error, SG_ERR, SG_ERR_PEER);
	close(s[0]);
	close(s[1]);
	g_assert_cmpuint(open_fds(), ==, before);
}

static void
put_gives_up(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GByteArray) m = g_byte_array_new();
	gint64 until = g_get_monotonic_time() + G_USEC_PER_SEC / 10;
	int s[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), ==, 0);
	g_byte_array_append(m, (const guint8 *)"hello", 5);
	while (sg_seq_put(s[0], m, NULL, 0, until, &error))
		;
	g_assert_error(error, SG_ERR, SG_ERR_LATER);
	g_assert_cmpint(g_get_monotonic_time(), >=, until);
	g_clear_error(&error);
	close(s[1]);
	g_assert_false(sg_seq_put(s[0], m, NULL, 0, soon(), &error));
	g_assert_error(error, SG_ERR, SG_ERR_PEER);
	close(s[0]);
}

static void
listener(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = g_dir_make_tmp("sg-listen-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "s.sock", NULL);
	SgListen l = { 0 }, second = { 0 };
	struct stat st;
	int fd;

	g_assert_true(sg_listen_unix(&l, path, SOCK_SEQPACKET, &error));
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 0777, ==, 0660);
	fd = sg_listen_connect(path, SOCK_SEQPACKET, &error);
	g_assert_no_error(error);
	close(fd);
	g_assert_false(sg_listen_unix(&second, path, SOCK_SEQPACKET, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_clear_error(&error);

	close(l.fd);	/* as if killed: the file stays, nobody answers */
	g_assert_cmpint(sg_listen_connect(path, SOCK_SEQPACKET, &error), ==, -1);
	g_assert_error(error, SG_ERR, SG_ERR_LATER);
	g_clear_error(&error);
	g_assert_true(sg_listen_unix(&second, path, SOCK_SEQPACKET, &error));
	l.fd = -1;
	sg_listen_close(&l);	/* not the file of the second */
	g_assert_cmpint(stat(path, &st), ==, 0);
	sg_listen_close(&second);
	sg_listen_close(&second);
	g_assert_cmpint(stat(path, &st), ==, -1);

	g_assert_true(g_file_set_contents(path, "precious", -1, NULL));
	g_assert_false(sg_listen_unix(&l, path, SOCK_SEQPACKET, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_unlink(path);
	g_rmdir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/seqpacket/round-trip", round_trip);
	g_test_add_func("/seqpacket/refuses-too-long", refuses_too_long);
	g_test_add_func("/seqpacket/refuses-many-descriptors", refuses_many_fds);
	g_test_add_func("/seqpacket/put-gives-up", put_gives_up);
	g_test_add_func("/seqpacket/listener", listener);
	return g_test_run();
}
