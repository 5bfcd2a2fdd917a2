#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "ctl/c_rules.h"
#include "ctl/replay.h"
#include "ctl/verbs.h"
#include "model/account.h"

#define JOBS_MAX 64u

typedef struct {
	guint64	    limit, sample;
	guint	    jobs;
	gint64	    since;
	const char *out, *resume, *against;
	const char *const *rules, *const *compare;
	char	   *plan;	/* all that makes two replays the same one */
} Plan;

static SgExit
wrong(const SgCtl *c, const char *option, const char *todo)
{
	g_autofree char *what = g_strdup_printf("--%s=%s cannot be used", option, sg_ctl_value(c, option));

	return sg_ctl_fail(c, SG_EXIT_USAGE, what, NULL, todo);
}

static gboolean
number(const char *text, guint64 max, guint64 *out)
{
	return text != NULL && g_ascii_string_to_unsigned(text, 10, 1, max, out, NULL);
}

static SgExit
read_numbers(const SgCtl *c, Plan *p)
{
	const char *sample = sg_ctl_value(c, "sample"), *since = sg_ctl_value(c, "since");
	guint64 jobs = 1;

	p->sample = 1;
	if (sg_ctl_has(c, "limit") && !number(sg_ctl_value(c, "limit"), G_MAXINT64, &p->limit))
		return wrong(c, "limit", "Give a whole number from 1 on.");
	if (sample != NULL && !number(g_str_has_prefix(sample, "1/") ? sample + 2 : sample, 1000000000, &p->sample))
		return wrong(c, "sample", "Write 1/10 for every tenth message.");
	if (sg_ctl_has(c, "jobs") && !number(sg_ctl_value(c, "jobs"), JOBS_MAX, &jobs))
		return wrong(c, "jobs", "Give a whole number from 1 to 64.");
	if (since != NULL && !sg_ctl_since(since, g_get_real_time() / G_USEC_PER_SEC, &p->since))
		return wrong(c, "since", "Write 30d, today, 2026-03-04 or a time as in RFC 3339.");
	p->jobs = (guint)jobs;
	return SG_EXIT_OK;
}

static void
put_paths(GString *s, const char *name, const char *const *paths)
{
	g_string_append_printf(s, " %s:", name);
	for (; paths != NULL && *paths != NULL; paths++) {
		g_autofree char *whole = g_canonicalize_filename(*paths, NULL);

		g_string_append_printf(s, " %s", whole);
	}
}

static char *
plan_text(SgCtl *c, const Plan *p)
{
	GString *s = g_string_new(NULL);
	const char *since = sg_ctl_value(c, "since");

	g_string_append_printf(s, "sample:1/%" G_GUINT64_FORMAT " limit:%" G_GUINT64_FORMAT " since:%s out:%s excerpts:%d",
	    p->sample, p->limit, since != NULL ? since : "", p->out != NULL ? p->out : "",
	    sg_ctl_has(c, "excerpts"));
	put_paths(s, "rules", p->rules);
	put_paths(s, "compare", p->compare);
	put_paths(s, "policy", sg_ctl_values(c, "policy"));
	put_paths(s, "mail", (const char *const *)c->args->pdata);
	return g_string_free(s, FALSE);
}

static SgExit
make_plan(SgCtl *c, Plan *p)
{
	SgExit code = read_numbers(c, p);

	if (code != SG_EXIT_OK)
		return code;
	p->out = sg_ctl_value(c, "out");
	p->resume = sg_ctl_value(c, "resume");
	p->rules = sg_ctl_values(c, "rules");
	p->compare = sg_ctl_values(c, "compare");
	if (p->compare != NULL)
		p->against = "the rules compared with";
	else if (p->rules != NULL && (sg_ctl_value(c, "policy") == NULL || sg_ctl_has(c, "config"))) {
		/* new rules are judged by those in use */
		const SgOptions *o = sg_ctl_options(c);

		if (o == NULL)
			return SG_EXIT_USAGE;
		p->compare = (const char *const *)(gsize)o->files.rules;
		p->against = "the rules in use now";
	}
	g_ptr_array_add(c->args, NULL);
	p->plan = plan_text(c, p);
	return SG_EXIT_OK;
}

/* Excerpts are text of mail: for those roles that may read it.  Who names rules and policy
 * and no configuration looks at files of their own. */
static gboolean
may_see(SgCtl *c)
{
	g_autoptr(GPtrArray) accounts = NULL;
	const SgAccount *a;

	if (!sg_ctl_has(c, "excerpts") || c->options == NULL)
		return TRUE;
	accounts = sg_accounts_parse(c->options->cli.accounts, NULL, NULL);
	a = accounts != NULL ? sg_accounts_find(accounts, getuid()) : NULL;
	return a != NULL && (a->role & SG_ROLE_CONTENT) != 0;
}

/* --out: new, or cut back to what the checkpoint knows of. */
static FILE *
open_out(const Plan *p, const SgReplaySum *sum, gboolean replace, GError **error)
{
	gboolean goes_on = sum->next > 1;
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (goes_on ? 0 : replace ? O_TRUNC : O_EXCL);
	int fd = open(p->out, flags, 0600);
	FILE *f = NULL;

	if (fd != -1 && (!goes_on || (ftruncate(fd, (off_t)sum->out_at) == 0 &&
	    lseek(fd, 0, SEEK_END) != -1)))
		f = fdopen(fd, "w");
	if (f == NULL)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s cannot be written: %s", p->out,
		    errno == EEXIST ? "it is there already; name another file, or add --yes to replace it" :
		    g_strerror(errno));
	if (f == NULL && fd != -1)
		(void)close(fd);
	return f;
}

static guint64
count_messages(const SgCtl *c, const Plan *p, gsize max)
{
	g_autoptr(SgMailbox) b = sg_mailbox_open((char *const *)c->args->pdata, max, NULL);
	guint64 n = 0;
	SgMail m;

	while (b != NULL && !c->interrupted() && sg_mailbox_next(b, FALSE, &m))
		n = m.number;
	return p->limit > 0 && p->since == 0 ? MIN(n, p->limit * p->sample) : n;
}

static gboolean
open_shops(SgCtl *c, const Plan *p, SgReplayShop *shop, GError **error)
{
	const SgWorkshopAsk now = { p->rules, p->jobs }, other = { p->compare, p->jobs };

	return sg_workshop_open(c, &now, &shop->now, error) &&
	    (p->compare == NULL || sg_workshop_open(c, &other, &shop->other, error));
}

static SgExit
walk(SgCtl *c, const Plan *p, SgReplaySum *sum, SgReplayShop *shop)
{
	SgReplayWalk w = { .shop = shop, .sum = sum, .resume = p->resume, .plan = p->plan,
		.limit = p->limit, .sample = p->sample, .jobs = p->jobs };
	g_autoptr(GError) error = NULL;
	gsize max = (gsize)shop->now.scanner->options->milter.max_size;
	g_autoptr(SgMailbox) box = sg_mailbox_open((char *const *)c->args->pdata, max, &error);
	SgExit code;

	if (box == NULL)
		return sg_ctl_fail_error(c, "nothing was replayed", error);
	if (p->out != NULL && (w.out = open_out(p, sum, sg_ctl_has(c, "yes"), &error)) == NULL)
		return sg_ctl_fail_error(c, "nothing was replayed", error);
	w.box = box;
	w.total = count_messages(c, p, max);
	code = c->interrupted() ? SG_EXIT_INTERRUPTED : sg_replay_walk(&w);
	if (w.out != NULL && fclose(w.out) != 0 && code == SG_EXIT_OK)
		code = sg_ctl_fail(c, SG_EXIT_AWAY, p->out, "it could not be written in full", NULL);
	return code;
}

/* Rules that somebody has just written: what is wrong with them is said here, with file
 * and line; a scanner would only not start. */
static gboolean
rules_load(SgCtl *c, const char *const *dirs, SgExit *code)
{
	g_autoptr(SgRuleset) r = dirs != NULL ? sg_rules_load(c, dirs, code) : NULL;

	return dirs == NULL || r != NULL;
}

static SgExit
replay(SgCtl *c, const Plan *p, SgReplaySum *sum)
{
	SgReplayShop shop = { .ctl = c, .excerpts = sg_ctl_has(c, "excerpts") };
	g_autoptr(GError) error = NULL;
	SgExit code;

	if (!rules_load(c, p->rules, &code) || !rules_load(c, sg_ctl_values(c, "compare"), &code))
		return code;
	if (!open_shops(c, p, &shop, &error))
		code = sg_ctl_fail_error(c, "nothing was replayed", error);
	else if (!may_see(c))
		code = sg_ctl_fail(c, SG_EXIT_REFUSED, "excerpts are text of mail",
		    "your role does not include reading it", "Leave --excerpts out, or ask the safeguarding lead.");
	else
		code = walk(c, p, sum, &shop);
	sg_workshop_close(&shop.now);
	sg_workshop_close(&shop.other);
	return code;
}

static SgExit
finish(SgCtl *c, const Plan *p, const SgReplaySum *sum, SgExit code)
{
	if (code != SG_EXIT_OK && sum->seen == 0)
		return code;
	sg_replay_sum_print(c, sum, p->against, p->out);
	if (!sum->done && p->resume != NULL)
		sg_ctl_say(c, "Not finished; the same command goes on where this one ended.");
	else if (!sum->done)
		sg_ctl_say(c, "Not finished; with --resume=FILE it could be continued.");
	if (code != SG_EXIT_OK)
		return code;
	return sum->held + sum->refused > 0 ? SG_EXIT_NO : SG_EXIT_OK;
}

SgExit
sg_c_replay(SgCtl *c)
{
	g_autoptr(GError) error = NULL;
	SgReplaySum *sum = NULL;
	Plan p = { 0 };
	SgExit code = make_plan(c, &p);

	if (code == SG_EXIT_OK && p.resume != NULL)
		sum = sg_replay_sum_load(p.resume, p.plan, &error);
	if (code == SG_EXIT_OK && error != NULL)
		code = sg_ctl_fail_error(c, "nothing was replayed", error);
	if (sum == NULL) {
		sum = sg_replay_sum_new();
		sum->since = p.since;
	}
	if (code == SG_EXIT_OK) {
		if (!sum->done)
			code = replay(c, &p, sum);
		code = finish(c, &p, sum, code);
	}
	sg_replay_sum_free(sum);
	g_free(p.plan);
	return code;
}
