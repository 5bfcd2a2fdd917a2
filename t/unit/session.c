/* fails-if: abort or close is refused in some state, an event out of order goes unnoticed, or
 *           something of one message is seen by the next */
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "front/session.h"

static SgReply next_reply = SG_REPLY_ACCEPT;
static char *judged;	/* "sender>recipient,...|size|authenticated" of the last message */

static SgReply
judge(SgSession *s)
{
	g_autoptr(GString) to = g_string_new(NULL);

	for (guint i = 0; i < s->message->recipients->len; i++)
		g_string_append_printf(to, "%s%s", i > 0 ? "," : "",
		    (char *)g_ptr_array_index(s->message->recipients, i));
	g_free(judged);
	judged = g_strdup_printf("%s>%s|%zu|%d|%s", s->message->sender, to->str, s->collect->size,
	    s->message->authenticated, s->message->queue_id);
	return next_reply;
}

static SgGate *
new_gate(const char *milter)
{
	g_autofree char *dir = g_dir_make_tmp("sg-session-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(dir, "schoolgate.conf", NULL);
	g_autofree char *policy = g_build_filename(dir, "policy.conf", NULL);
	g_autofree char *conf = g_strdup_printf("school: { name = \"T\"; domains = [ \"t.example\" ]; };\n"
	    "courier: { from = \"sg@t.example\"; };\nmilter: { trusted_networks = [ \"192.0.2.0/24\" ]; %s };\n",
	    milter);
	g_autoptr(GError) error = NULL;
	SgSnapshot *s;

	g_assert_true(g_file_set_contents(file, conf, -1, NULL));
	g_assert_true(g_file_set_contents(policy,
	    "categories = [ \"y\" ];\n"
	    "classes = ( { name = \"outside\"; match = [ \"*\" ]; } );\n"
	    "policy = ( { id = \"x\"; category = [ \"y\" ]; do = \"deliver\"; } );\n"
	    "contacts = ( { role = \"lead\"; address = \"a@t.example\"; } );\n", -1, NULL));
	s = sg_snapshot_load(file, NULL, &error);
	g_assert_no_error(error);
	(void)g_unlink(file);
	(void)g_unlink(policy);
	(void)g_rmdir(dir);
	return sg_gate_new(s, NULL, NULL, NULL);
}

static SgReply
event(SgSession *s, SgEvent e, const char *what)
{
	SgInput in = { .address = what, .name = "Subject", .value = " x", .data = what,
		.len = what != NULL ? strlen(what) : 0, .queue_id = e == SG_E_EOM ? "Q1" : NULL };

	return sg_session_event(s, e, &in);
}

static void
walk_to(SgSession *s, SgState state)
{
	static const struct { SgEvent e; const char *what; } path[] = {
		{ SG_E_CONNECT, "192.0.2.1" }, { SG_E_MAIL, "<a@t.example>" }, { SG_E_RCPT, "<b@t.example>" },
		{ SG_E_BODY, "hello" }, { SG_E_EOM, NULL },
	};
	static const guint steps[] = { 0, 1, 3, 4, 5 };

	for (guint i = 0; i < steps[state]; i++)
		(void)event(s, path[i].e, path[i].what);
	g_assert_cmpint(s->state, ==, state);
}

static void
two_messages(void)
{
	g_autoptr(SgGate) g = new_gate("");
	g_autoptr(SgSession) s = sg_session_new(g, NULL, judge);

	walk_to(s, SG_S_DECIDED);
	g_assert_cmpstr(judged, ==, "a@t.example>b@t.example|7|1|Q1");
	g_assert_cmpint(event(s, SG_E_MAIL, "<>"), ==, SG_REPLY_CONTINUE);
	g_assert_cmpint(event(s, SG_E_RCPT, "c@T.Example"), ==, SG_REPLY_CONTINUE);
	g_assert_cmpint(event(s, SG_E_HEADER, NULL), ==, SG_REPLY_CONTINUE);
	g_assert_cmpint(event(s, SG_E_EOM, NULL), ==, SG_REPLY_ACCEPT);
	g_assert_cmpstr(judged, ==, ">c@t.example|12|1|Q1");
	g_assert_cmpuint(sg_gate_active(g), ==, 0);
}

/* Abort and close in every state; afterwards the next message is as good as the first. */
static void
abort_and_close(void)
{
	static const SgEvent ends[] = { SG_E_ABORT, SG_E_CLOSE };

	for (guint state = 0; state < SG_S_N; state++)
		for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
			g_autoptr(SgGate) g = new_gate("");
			g_autoptr(SgSession) s = sg_session_new(g, NULL, judge);

			walk_to(s, state);
			g_assert_cmpint(event(s, ends[i], NULL), ==, SG_REPLY_CONTINUE);
			g_assert_cmpuint(sg_gate_active(g), ==, 0);
			g_assert_null(s->message);
			g_assert_null(s->collect);
			if (s->state == SG_S_NEW)
				(void)event(s, SG_E_CONNECT, "192.0.2.1");
			g_assert_cmpint(event(s, SG_E_MAIL, "<d@t.example>"), ==, SG_REPLY_CONTINUE);
			g_assert_cmpint(event(s, SG_E_RCPT, "<e@t.example>"), ==, SG_REPLY_CONTINUE);
			g_assert_cmpint(event(s, SG_E_EOM, NULL), ==, SG_REPLY_ACCEPT);
			g_assert_cmpstr(judged, ==, "d@t.example>e@t.example|0|1|Q1");
		}
}

/* Out of order: temporary failure, the state stays, and the message is not judged. */
static void
out_of_order(void)
{
	static const struct { SgState state; SgEvent e; } cases[] = {
		{ SG_S_NEW, SG_E_MAIL }, { SG_S_NEW, SG_E_EOM }, { SG_S_IDLE, SG_E_RCPT }, { SG_S_IDLE, SG_E_BODY },
		{ SG_S_IDLE, SG_E_EOM }, { SG_S_ENVELOPE, SG_E_MAIL }, { SG_S_ENVELOPE, SG_E_CONNECT },
		{ SG_S_COLLECT, SG_E_RCPT }, { SG_S_COLLECT, SG_E_MAIL }, { SG_S_DECIDED, SG_E_HEADER },
		{ SG_S_DECIDED, SG_E_EOM },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(SgGate) g = new_gate("");
		g_autoptr(SgSession) s = sg_session_new(g, NULL, judge);

		walk_to(s, cases[i].state);
		g_assert_cmpint(event(s, cases[i].e, "<x@t.example>"), ==, SG_REPLY_ANSWER);
		g_assert_cmpuint(s->answer.code, ==, 0);
		g_assert_cmpint(s->state, ==, cases[i].state);
	}
}

/* Where no reply is possible the end of the message tells. */
static void
broken_until_the_end(void)
{
	g_autoptr(SgGate) g = new_gate("");
	g_autoptr(SgSession) s = sg_session_new(g, NULL, judge);

	walk_to(s, SG_S_COLLECT);
	(void)event(s, SG_E_RCPT, "<late@t.example>");
	g_clear_pointer(&judged, g_free);
	g_assert_cmpint(event(s, SG_E_EOM, NULL), ==, SG_REPLY_ANSWER);
	g_assert_null(judged);
	g_assert_cmpint(event(s, SG_E_MAIL, "<a@t.example>"), ==, SG_REPLY_CONTINUE);
	g_assert_false(s->broken);
}

static void
addresses(void)
{
	g_autoptr(SgGate) g = new_gate("");
	g_autoptr(SgSession) s = sg_session_new(g, NULL, judge);

	(void)event(s, SG_E_CONNECT, "198.51.100.1");
	g_assert_cmpint(event(s, SG_E_MAIL, "<a b@t.example>"), ==, SG_REPLY_ANSWER);
	g_assert_cmpuint(s->answer.code, ==, 553);
	g_assert_cmpint(s->state, ==, SG_S_IDLE);
	g_assert_cmpint(event(s, SG_E_MAIL, "<a@t.example>"), ==, SG_REPLY_CONTINUE);
	g_assert_false(s->message->authenticated);
	g_assert_cmpint(event(s, SG_E_RCPT, "<b\r\n@t.example>"), ==, SG_REPLY_ANSWER);
	g_assert_cmpuint(s->answer.code, ==, 553);
	g_assert_cmpint(event(s, SG_E_RCPT, "<>"), ==, SG_REPLY_ANSWER);
	g_assert_cmpint(event(s, SG_E_RCPT, "<b@T.example>"), ==, SG_REPLY_CONTINUE);
	g_assert_cmpint(event(s, SG_E_RCPT, "<b@t.EXAMPLE>"), ==, SG_REPLY_CONTINUE);
	g_assert_cmpint(event(s, SG_E_RCPT, "<B@t.example>"), ==, SG_REPLY_CONTINUE);
	/* one address is one recipient, but both ways to write it are known */
	g_assert_cmpuint(s->message->recipients->len, ==, 2);
	g_assert_cmpuint(s->given->len, ==, 3);
}

static void
many_recipients(void)
{
	g_autoptr(SgGate) g = new_gate("");
	g_autoptr(SgSession) s = sg_session_new(g, NULL, judge);

	walk_to(s, SG_S_ENVELOPE);
	for (guint i = s->given->len; i < SG_MAX_RECIPIENTS; i++) {
		g_autofree char *to = g_strdup_printf("<r%u@t.example>", i);

		g_assert_cmpint(event(s, SG_E_RCPT, to), ==, SG_REPLY_CONTINUE);
	}
	g_assert_cmpint(event(s, SG_E_RCPT, "<one@too.many.example>"), ==, SG_REPLY_ANSWER);
	g_assert_cmpuint(s->answer.code, ==, 452);
	g_assert_cmpint(event(s, SG_E_EOM, NULL), ==, SG_REPLY_ACCEPT);
}

static void
arguments(void)
{
	static const char *const args[] = { "SIZE=100", "BODY=8BITMIME", "SMTPUTF8", "AUTH=<>", "ENVID=a\rb", "RET=HDRS", NULL };
	g_autoptr(SgGate) g = new_gate("");
	g_autoptr(SgSession) s = sg_session_new(g, NULL, judge);
	SgInput in = { .address = "<a@t.example>", .args = args, .auth = "amy" };

	(void)event(s, SG_E_CONNECT, NULL);
	g_assert_cmpint(sg_session_event(s, SG_E_MAIL, &in), ==, SG_REPLY_CONTINUE);
	g_assert_cmpstr(s->message->mail_args, ==, "BODY=8BITMIME SMTPUTF8 RET=HDRS");
	g_assert_cmpstr(s->message->auth, ==, "amy");
	g_assert_true(s->message->authenticated);
}

static void
too_many_conversations(void)
{
	g_autoptr(SgGate) g = new_gate("max_sessions = 2;");
	g_autoptr(SgSession) a = sg_session_new(g, NULL, judge), b = sg_session_new(g, NULL, judge);
	g_autoptr(SgSession) c = sg_session_new(g, NULL, judge);

	(void)event(a, SG_E_CONNECT, NULL);
	(void)event(b, SG_E_CONNECT, NULL);
	(void)event(c, SG_E_CONNECT, NULL);
	g_assert_cmpint(event(c, SG_E_MAIL, "<a@t.example>"), ==, SG_REPLY_ANSWER);
	g_assert_cmpuint(c->answer.code, ==, 451);
	g_assert_cmpint(event(b, SG_E_MAIL, "<a@t.example>"), ==, SG_REPLY_CONTINUE);
	(void)event(a, SG_E_CLOSE, NULL);
	g_assert_cmpint(event(c, SG_E_MAIL, "<a@t.example>"), ==, SG_REPLY_CONTINUE);
}

static void
draining(void)
{
	g_autoptr(SgGate) g = new_gate("");
	g_autoptr(SgSession) a = sg_session_new(g, NULL, judge), b = sg_session_new(g, NULL, judge);

	walk_to(a, SG_S_COLLECT);
	(void)event(b, SG_E_CONNECT, NULL);
	sg_gate_drain(g);
	g_assert_cmpint(event(b, SG_E_MAIL, "<a@t.example>"), ==, SG_REPLY_ANSWER);
	g_assert_cmpuint(b->answer.code, ==, 451);
	g_assert_cmpuint(sg_gate_active(g), ==, 1);
	g_assert_cmpint(event(a, SG_E_EOM, NULL), ==, SG_REPLY_ACCEPT);
	g_assert_cmpuint(sg_gate_active(g), ==, 0);
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/session/two-messages", two_messages);
	g_test_add_func("/session/abort-and-close", abort_and_close);
	g_test_add_func("/session/out-of-order", out_of_order);
	g_test_add_func("/session/broken-until-the-end", broken_until_the_end);
	g_test_add_func("/session/addresses", addresses);
	g_test_add_func("/session/many-recipients", many_recipients);
	g_test_add_func("/session/arguments", arguments);
	g_test_add_func("/session/too-many-conversations", too_many_conversations);
	g_test_add_func("/session/draining", draining);
	failed = g_test_run();
	g_free(judged);
	return failed;
}
