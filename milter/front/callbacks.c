#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmilter/mfapi.h>

#include "base/err.h"
#include "front/apply.h"
#include "front/callbacks.h"

#define ACTIONS (SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_CHGBODY | SMFIF_ADDRCPT | SMFIF_DELRCPT | \
		 SMFIF_SETSYMLIST)
#define SKIPPED (SMFIP_NOHELO | SMFIP_NOUNKNOWN | SMFIP_NODATA | SMFIP_NOEOH)
#define QUIET	(SMFIP_NR_CONN | SMFIP_NR_HDR | SMFIP_NR_BODY)

/* libmilter hands nothing of ours to a new conversation; set once, before the first. */
static SgGate *gate;
static SgReply (*judge_message)(SgSession *s);

static SgSession *
session_of(SMFICTX *ctx)
{
	SgSession *s = smfi_getpriv(ctx);

	if (s != NULL)
		return s;
	s = sg_session_new(gate, ctx, judge_message);
	if (smfi_setpriv(ctx, s) == MI_SUCCESS)
		return s;
	sg_session_free(s);
	return NULL;
}

static sfsistat
tell(SgSession *s, SgReply reply)
{
	switch (reply) {
	case SG_REPLY_CONTINUE:
		return SMFIS_CONTINUE;
	case SG_REPLY_ACCEPT:
		return SMFIS_ACCEPT;
	case SG_REPLY_DISCARD:
		return SMFIS_DISCARD;
	case SG_REPLY_ANSWER:
		return sg_apply_answer(s->ctx, s->answer.code, s->answer.status, s->answer.text);
	}
	return SMFIS_TEMPFAIL;
}

static sfsistat
feed(SMFICTX *ctx, SgEvent event, const SgInput *in)
{
	SgSession *s = session_of(ctx);

	return s != NULL ? tell(s, sg_session_event(s, event, in)) : SMFIS_TEMPFAIL;
}

/* The same where the mail server waits for no reply. */
static sfsistat
feed_quiet(SMFICTX *ctx, SgEvent event, const SgInput *in)
{
	SgSession *s = session_of(ctx);
	SgReply reply;

	if (s == NULL)
		return SMFIS_TEMPFAIL;
	reply = sg_session_event(s, event, in);
	return s->quiet ? SMFIS_NOREPLY : tell(s, reply);
}

static sfsistat
on_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1, unsigned long f2, unsigned long f3,
    unsigned long *pf0, unsigned long *pf1, unsigned long *pf2, unsigned long *pf3)
{
	const unsigned long needed = ACTIONS & ~(unsigned long)SMFIF_SETSYMLIST;
	SgSession *s = session_of(ctx);

	(void)f2;
	(void)f3;
	if (s == NULL || (f0 & needed) != needed)
		return SMFIS_REJECT;
	s->bare = (f1 & SMFIP_HDR_LEADSPC) == 0;
	s->quiet = (f1 & QUIET) == QUIET;
	*pf0 = f0 & ACTIONS;
	*pf1 = f1 & (SKIPPED | SMFIP_HDR_LEADSPC | (s->quiet ? QUIET : 0));
	*pf2 = *pf3 = 0;
	if ((f0 & SMFIF_SETSYMLIST) != 0) {
		static char mail[] = "i {auth_authen}", id[] = "i";

		(void)smfi_setsymlist(ctx, SMFIM_ENVFROM, mail);
		(void)smfi_setsymlist(ctx, SMFIM_EOM, id);
	}
	return SMFIS_CONTINUE;
}

static const char *
address_text(const struct sockaddr *sa, char *text, gsize room)
{
	const void *bits = NULL;

	if (sa != NULL && sa->sa_family == AF_INET)
		bits = &((const struct sockaddr_in *)(const void *)sa)->sin_addr;
	else if (sa != NULL && sa->sa_family == AF_INET6)
		bits = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
	return bits != NULL ? inet_ntop(sa->sa_family, bits, text, (socklen_t)room) : NULL;
}

static sfsistat
on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *sa)
{
	char text[INET6_ADDRSTRLEN];
	SgInput in = { .address = address_text(sa, text, sizeof text) };

	(void)host;
	return feed_quiet(ctx, SG_E_CONNECT, &in);
}

static const char *
macro(SMFICTX *ctx, const char *name)
{
	char copy[32];

	(void)g_strlcpy(copy, name, sizeof copy);
	return smfi_getsymval(ctx, copy);
}

static sfsistat
on_mail(SMFICTX *ctx, char **argv)
{
	SgInput in = { .address = argv[0], .args = (const char *const *)argv + 1,
		.auth = macro(ctx, "{auth_authen}"), .queue_id = macro(ctx, "i") };

	return feed(ctx, SG_E_MAIL, &in);
}

static sfsistat
on_rcpt(SMFICTX *ctx, char **argv)
{
	return feed(ctx, SG_E_RCPT, &(SgInput){ .address = argv[0] });
}

static sfsistat
on_header(SMFICTX *ctx, char *name, char *value)
{
	return feed_quiet(ctx, SG_E_HEADER, &(SgInput){ .name = name, .value = value });
}

static sfsistat
on_body(SMFICTX *ctx, unsigned char *data, size_t len)
{
	return feed_quiet(ctx, SG_E_BODY, &(SgInput){ .data = data, .len = len });
}

static sfsistat
on_eom(SMFICTX *ctx)
{
	return feed(ctx, SG_E_EOM, &(SgInput){ .queue_id = macro(ctx, "i") });
}

static sfsistat
on_abort(SMFICTX *ctx)
{
	return feed(ctx, SG_E_ABORT, &(SgInput){ .address = NULL });
}

static sfsistat
on_close(SMFICTX *ctx)
{
	SgSession *s = smfi_getpriv(ctx);

	if (s == NULL)
		return SMFIS_CONTINUE;
	(void)sg_session_event(s, SG_E_CLOSE, NULL);
	(void)smfi_setpriv(ctx, NULL);
	sg_session_free(s);
	return SMFIS_CONTINUE;
}

gboolean
sg_callbacks_register(SgGate *g, SgReply (*judge)(SgSession *s), GError **error)
{
	static char name[] = "schoolgate";
	struct smfiDesc description = {
		.xxfi_name = name, .xxfi_version = SMFI_VERSION, .xxfi_flags = ACTIONS,
		.xxfi_connect = on_connect, .xxfi_envfrom = on_mail, .xxfi_envrcpt = on_rcpt,
		.xxfi_header = on_header, .xxfi_body = on_body, .xxfi_eom = on_eom,
		.xxfi_abort = on_abort, .xxfi_close = on_close, .xxfi_negotiate = on_negotiate,
	};

	gate = g;
	judge_message = judge;
	if (smfi_register(description) == MI_SUCCESS)
		return TRUE;
	g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, "libmilter refused to register");
	return FALSE;
}
