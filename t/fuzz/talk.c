/*
 * talk - what a mail server may answer: garbage, endless lines, half answers.
 */
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier/talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int pair[2];
	GSocket *s;
	SgTalk t = { .timeout = 1, .end = G_MAXINT64 };

	if (size > 100000 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return 0;
	if (write(pair[1], data, size) != (ssize_t)size)
		return 0;
	shutdown(pair[1], SHUT_WR);
	s = g_socket_new_from_fd(pair[0], NULL);
	g_socket_set_blocking(s, FALSE);
	t.connection = g_socket_connection_factory_create_connection(s);
	t.text = g_string_new(NULL);
	while (sg_talk_answer(&t, NULL))
		g_assert_true(t.code >= 200 && t.code < 600 && g_utf8_validate(t.text->str, -1, NULL));
	sg_talk_close(&t);
	g_object_unref(s);
	close(pair[1]);
	return 0;
}
