#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "front/session.h"

typedef SgReply Handler(SgSession *s, const SgInput *in);

typedef struct {
	Handler *run;	/* NULL: this event is not allowed here */
	SgState	 next;	/* when it was not refused */
} Step;

SgReply
sg_session_answer(SgSession *s, guint code, const char *status, const char *text)
{
	g_free(s->answer.status);
	g_free(s->answer.text);
	s->answer.code = code;
	s->answer.status = g_strdup(status);
	s->answer.text = g_strdup(text);
	return SG_REPLY_ANSWER;
}

static SgReply
on_connect(SgSession *s, const SgInput *in)
{
	g_free(s->client);
	s->client = g_strdup(in->address);
	if (!s->entered)
		s->surplus = !sg_gate_enter(s->gate);
	s->entered = TRUE;
	return SG_REPLY_CONTINUE;
}

/* Whatever was gathered for a message goes; the conversation stays. */
static SgReply
on_reset(SgSession *s, const SgInput *in)
{
	(void)in;
	if (s->state == SG_S_DECIDED)
		(void)sg_fault("front.replied");
	g_clear_pointer(&s->snapshot, sg_snapshot_unref);
	g_clear_pointer(&s->message, sg_message_free);
	g_clear_pointer(&s->collect, sg_collect_free);
	g_clear_pointer(&s->given, g_ptr_array_unref);
	g_clear_pointer(&s->seen, g_hash_table_unref);
	s->broken = FALSE;
	if (s->active)
		sg_gate_end(s->gate);
	s->active = FALSE;
	return SG_REPLY_CONTINUE;
}

/* Only what a release has to say again: the size is found anew, and the login
 * was for the first delivery. */
static char *
keep_args(const char *const *args)
{
	static const char *const known[] = { "BODY=", "SMTPUTF8", "RET=", "ENVID=" };
	g_autoptr(GString) kept = g_string_new(NULL);

	for (; args != NULL && *args != NULL; args++) {
		gboolean keep = FALSE;

		for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
			keep = keep || g_ascii_strncasecmp(*args, known[i], strlen(known[i])) == 0;
		for (const char *p = *args; *p != '\0'; p++)
			keep = keep && g_ascii_isgraph(*p);
		if (keep && kept->len + strlen(*args) < 500)
			g_string_append_printf(kept, "%s%s", kept->len > 0 ? " " : "", *args);
	}
	return kept->len > 0 ? g_strdup(kept->str) : NULL;
}

static SgReply
refuse_new_message(SgSession *s)
{
	if (s->surplus && sg_gate_has_room(s->gate))
		s->surplus = FALSE;
	if (s->surplus)
		sg_trouble_count(sg_gate_trouble(s->gate), SG_TROUBLE_CROWD);
	if (s->surplus)
		return sg_session_answer(s, 451, "4.3.2",
		    "The mail check has too many conversations; please try again soon");
	if (!sg_gate_begin(s->gate))
		return sg_session_answer(s, 451, "4.3.2",
		    "The mail check is restarting; please try again soon");
	s->active = TRUE;
	return SG_REPLY_CONTINUE;
}

static SgReply
on_mail(SgSession *s, const SgInput *in)
{
	g_autofree char *sender = sg_address_clean(in->address);
	SgMessage *m;

	(void)on_reset(s, in);
	if (sender == NULL)
		return sg_session_answer(s, 553, "5.1.7", "This sender address cannot be used here");
	if (refuse_new_message(s) != SG_REPLY_CONTINUE)
		return SG_REPLY_ANSWER;
	s->snapshot = sg_gate_snapshot(s->gate);
	s->message = m = sg_message_new();
	s->collect = sg_collect_new((gsize)s->snapshot->options->milter.max_size);
	s->given = g_ptr_array_new_with_free_func(g_free);
	g_free(m->sender);
	m->sender = g_steal_pointer(&sender);
	m->auth = in->auth != NULL && in->auth[0] != '\0' ? g_utf8_make_valid(in->auth, -1) : NULL;
	m->client = g_strdup(s->client);
	m->authenticated = sg_trust_vouched(s->snapshot->trust, m->auth, m->client);
	m->mail_args = keep_args(in->args);
	m->queue_id = g_strdup(in->queue_id);
	m->arrived = sg_clock_now();
	return SG_REPLY_CONTINUE;
}

/* One address named twice is one recipient: a copy held twice would be released twice. */
static gboolean
is_new(SgSession *s, char *address)
{
	GPtrArray *all = s->message->recipients;

	if (all->len == 0)
		return TRUE;
	if (s->seen == NULL) {
		s->seen = g_hash_table_new(g_str_hash, g_str_equal);
		g_hash_table_add(s->seen, g_ptr_array_index(all, 0));
	}
	return g_hash_table_add(s->seen, address);
}

static SgReply
on_rcpt(SgSession *s, const SgInput *in)
{
	char *address = sg_address_clean(in->address);

	if (address == NULL || address[0] == '\0') {
		g_free(address);
		return sg_session_answer(s, 553, "5.1.3", "This recipient address cannot be used here");
	}
	if (s->given->len >= SG_MAX_RECIPIENTS) {
		g_free(address);
		return sg_session_answer(s, 452, "4.5.3", "Too many recipients in one message");
	}
	g_ptr_array_add(s->given, g_strdup(in->address));
	if (is_new(s, address))
		g_ptr_array_add(s->message->recipients, address);
	else
		g_free(address);
	return SG_REPLY_CONTINUE;
}

static SgReply
on_header(SgSession *s, const SgInput *in)
{
	sg_collect_header(s->collect, in->name, in->value, s->bare);
	return SG_REPLY_CONTINUE;
}

static SgReply
on_body(SgSession *s, const SgInput *in)
{
	sg_collect_body(s->collect, in->data, in->len);
	return SG_REPLY_CONTINUE;
}

static SgReply
on_eom(SgSession *s, const SgInput *in)
{
	SgReply reply;

	if (s->message->queue_id == NULL)
		s->message->queue_id = g_strdup(in->queue_id);
	reply = s->broken ? sg_session_answer(s, 0, NULL, NULL) : s->judge(s);
	/* the large things at once, not when the client speaks again */
	g_clear_pointer(&s->message, sg_message_free);
	g_clear_pointer(&s->collect, sg_collect_free);
	if (s->active)
		sg_gate_end(s->gate);
	s->active = FALSE;
	return reply;
}

static SgReply
on_close(SgSession *s, const SgInput *in)
{
	(void)on_reset(s, in);
	if (s->entered)
		sg_gate_leave(s->gate);
	s->entered = FALSE;
	return SG_REPLY_CONTINUE;
}

static const Step steps[SG_S_N][SG_E_N] = {
	[SG_S_NEW] = {
		[SG_E_CONNECT] = { on_connect, SG_S_IDLE },
		[SG_E_ABORT]   = { on_reset,   SG_S_NEW },
		[SG_E_CLOSE]   = { on_close,   SG_S_NEW },
	},
	[SG_S_IDLE] = {
		[SG_E_MAIL]    = { on_mail,    SG_S_ENVELOPE },
		[SG_E_ABORT]   = { on_reset,   SG_S_IDLE },
		[SG_E_CLOSE]   = { on_close,   SG_S_NEW },
	},
	[SG_S_ENVELOPE] = {
		[SG_E_RCPT]    = { on_rcpt,    SG_S_ENVELOPE },
		[SG_E_HEADER]  = { on_header,  SG_S_COLLECT },
		[SG_E_BODY]    = { on_body,    SG_S_COLLECT },
		[SG_E_EOM]     = { on_eom,     SG_S_DECIDED },
		[SG_E_ABORT]   = { on_reset,   SG_S_IDLE },
		[SG_E_CLOSE]   = { on_close,   SG_S_NEW },
	},
	[SG_S_COLLECT] = {
		[SG_E_HEADER]  = { on_header,  SG_S_COLLECT },
		[SG_E_BODY]    = { on_body,    SG_S_COLLECT },
		[SG_E_EOM]     = { on_eom,     SG_S_DECIDED },
		[SG_E_ABORT]   = { on_reset,   SG_S_IDLE },
		[SG_E_CLOSE]   = { on_close,   SG_S_NEW },
	},
	[SG_S_DECIDED] = {
		[SG_E_MAIL]    = { on_mail,    SG_S_ENVELOPE },
		[SG_E_ABORT]   = { on_reset,   SG_S_IDLE },
		[SG_E_CLOSE]   = { on_close,   SG_S_NEW },
	},
};

SgSession *
sg_session_new(SgGate *gate, gpointer ctx, SgReply (*judge)(SgSession *s))
{
	SgSession *s = g_new0(SgSession, 1);

	s->gate = gate;
	s->ctx = ctx;
	s->judge = judge;
	return s;
}

void
sg_session_free(SgSession *s)
{
	if (s == NULL)
		return;
	(void)on_close(s, NULL);
	g_free(s->client);
	g_free(s->answer.status);
	g_free(s->answer.text);
	g_free(s);
}

/* Header and body have no reply of their own: what goes wrong there is answered
 * at the end of the message. */
static SgReply
illegal(SgSession *s, SgEvent event)
{
	g_autofree char *where = g_strdup_printf("%d/%d", (int)s->state, (int)event);

	if (!s->complained)
		sg_log(SG_LOG_WARN, "out-of-order", "state/event", where, NULL);
	s->complained = TRUE;
	s->broken = TRUE;
	return sg_session_answer(s, 0, NULL, NULL);
}

SgReply
sg_session_event(SgSession *s, SgEvent event, const SgInput *in)
{
	const Step *step = &steps[s->state][event];
	SgReply reply;

	if (step->run == NULL)
		return illegal(s, event);
	reply = step->run(s, in);
	if (reply == SG_REPLY_CONTINUE || event == SG_E_EOM)
		s->state = step->next;
	return reply;
}
