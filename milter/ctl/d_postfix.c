#include <string.h>

#include "ctl/doctor.h"

#define SNIPPET "See contrib/postfix/main.cf.snippet. "

typedef struct Postfix {
	GHashTable *main;	/* parameter -> value */
	GPtrArray  *services;	/* logical lines of master.cf */
	char	   *queue;	/* chroot of most daemons */
} Postfix;

/* --- sockets ------------------------------------------------------------------- */

gboolean
sg_door_parse(const char *listen, SgDoor *out)
{
	const char *at, *p = listen;
	guint64 port;
	g_autofree char *digits = NULL;

	if (g_str_has_prefix(listen, "unix:") || g_str_has_prefix(listen, "local:") ||
	    listen[0] == '/') {
		out->inet = FALSE;
		out->path = g_strdup(listen[0] == '/' ? listen : strchr(listen, ':') + 1);
		return TRUE;
	}
	if (!g_str_has_prefix(listen, "inet:") && !g_str_has_prefix(listen, "inet6:"))
		return FALSE;
	p = strchr(listen, ':') + 1;
	at = strchr(p, '@');
	digits = at != NULL ? g_strndup(p, (gsize)(at - p)) : g_strdup(p);
	if (!g_ascii_string_to_unsigned(digits, 10, 1, 65535, &port, NULL))
		return FALSE;
	out->inet = TRUE;
	out->port = (guint)port;
	out->path = g_strdup(at != NULL ? at + 1 : "");
	return TRUE;
}

void
sg_door_clear(SgDoor *l)
{
	g_free(l->path);
	l->path = NULL;
}

static gboolean
inet_is(const SgDoor *l, const char *entry)
{
	const char *colon = strrchr(entry, ':'), *at = strchr(entry, '@');
	guint64 port = 0;
	g_autofree char *digits = NULL;

	/* Postfix: inet:host:port; Sendmail: inet:port@host */
	if (at != NULL && strchr(entry, ':') != NULL)
		digits = g_strndup(strchr(entry, ':') + 1, (gsize)(at - strchr(entry, ':') - 1));
	else
		digits = g_strdup(colon != NULL ? colon + 1 : "");
	return g_ascii_string_to_unsigned(digits, 10, 1, 65535, &port, NULL) && port == l->port;
}

gboolean
sg_door_is(const SgDoor *l, const char *entry, const char *root)
{
	g_autofree char *in_root = NULL;
	const char *path;

	if (l->inet)
		return g_str_has_prefix(entry, "inet") && inet_is(l, entry);
	if (g_str_has_prefix(entry, "inet"))
		return FALSE;
	path = g_str_has_prefix(entry, "unix:") || g_str_has_prefix(entry, "local:")
		   ? strchr(entry, ':') + 1
		   : entry;
	if (strcmp(path, l->path) == 0)
		return TRUE;
	in_root = root != NULL ? g_build_filename(root, path, NULL) : NULL;
	return in_root != NULL && strcmp(in_root, l->path) == 0;
}

gboolean
sg_looks_like_signer(const char *entry)
{
	static const char *const signs[] = { "dkim", "openarc", "8891", "8892", "12301",
	    "arc.sock" };
	g_autofree char *low = g_ascii_strdown(entry, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
		if (strstr(low, signs[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* --- reading -------------------------------------------------------------------- */

/* Lines with their continuations, comments left out. */
static GPtrArray *
logical_lines(const char *text)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **l = lines; *l != NULL; l++) {
		gboolean more = **l == ' ' || **l == '\t';

		if (g_strstrip(*l)[0] == '\0' || **l == '#')
			continue;
		if (more && out->len > 0) {
			char **last = (char **)&g_ptr_array_index(out, out->len - 1);
			char *joined = g_strdup_printf("%s %s", *last, *l);

			g_free(*last);
			*last = joined;
		} else
			g_ptr_array_add(out, g_strdup(*l));
	}
	return out;
}

static char *
run_postconf(const char *flag)
{
	const char *argv[] = { "postconf", flag, NULL };
	g_autofree char *path = g_find_program_in_path("postconf");
	char *out = NULL;
	int status = 0;

	if (path == NULL && g_file_test("/usr/sbin/postconf", G_FILE_TEST_IS_EXECUTABLE))
		path = g_strdup("/usr/sbin/postconf");
	if (path == NULL)
		return NULL;
	argv[0] = path;
	if (!g_spawn_sync(NULL, (char **)(gsize)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
		&out, NULL, &status, NULL) ||
	    !g_spawn_check_wait_status(status, NULL)) {
		g_free(out);
		return NULL;
	}
	return out;
}

static char *
expand(const Postfix *p, const char *value, guint depth)
{
	GString *s = g_string_new(NULL);

	for (const char *v = value; *v != '\0';) {
		gboolean brace = v[0] == '$' && (v[1] == '{' || v[1] == '(');
		const char *start = v + (brace ? 2 : 1);
		gsize n = *v == '$' ? strspn(start, "abcdefghijklmnopqrstuvwxyz_0123456789") : 0;
		g_autofree char *name = n > 0 ? g_strndup(start, n) : NULL;
		const char *found = name != NULL ? g_hash_table_lookup(p->main, name) : NULL;

		if (name == NULL || depth == 0) {
			g_string_append_c(s, *v++);
			continue;
		}
		if (found != NULL) {
			g_autofree char *inner = expand(p, found, depth - 1);

			g_string_append(s, inner);
		}
		v = start + n + (brace && start[n] != '\0');
	}
	return g_string_free(s, FALSE);
}

static void
take_main(Postfix *p, const char *text)
{
	g_autoptr(GPtrArray) lines = logical_lines(text);

	p->main = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; i < lines->len; i++) {
		char *line = g_ptr_array_index(lines, i), *eq = strchr(line, '=');

		if (eq == NULL)
			continue;
		*eq = '\0';
		g_hash_table_replace(
		    p->main, g_strdup(g_strstrip(line)), g_strdup(g_strstrip(eq + 1)));
	}
}

static char *
read_in(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	char *text = NULL;

	(void)g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

/* FALSE: no Postfix here. */
static gboolean
load(SgDoctor *d, Postfix *p)
{
	const char *dir = sg_ctl_value(d->ctl, "postfix-dir");
	g_autofree char *main_cf = dir != NULL ? read_in(dir, "main.cf") : run_postconf("-n");
	g_autofree char *master = dir != NULL ? read_in(dir, "master.cf") : run_postconf("-M");
	const char *queue;

	if (main_cf == NULL)
		return FALSE;
	take_main(p, main_cf);
	p->services = logical_lines(master != NULL ? master : "");
	queue = g_hash_table_lookup(p->main, "queue_directory");
	p->queue = g_strdup(queue != NULL ? queue : "/var/spool/postfix");
	return TRUE;
}

/* --- looking ---------------------------------------------------------------------- */

/* Entries of a milter list: separated by commas or blanks; "{ socket, key=value }" is one. */
static GPtrArray *
entries(const char *list)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

	for (const char *p = list + strspn(list, ", \t"); *p != '\0'; p += strspn(p, ", \t")) {
		gsize n = *p == '{' ? strcspn(p, "}") + 1 : strcspn(p, ", \t");

		n = MIN(n, strlen(p));
		g_ptr_array_add(
		    out, g_strstrip(g_strndup(p + (*p == '{'), n - (*p == '{' ? 2 : 0))));
		p += n;
	}
	return out;
}

static gboolean
is_ours(const SgDoor *l, const char *entry, const char *root)
{
	g_autofree char *socket = g_strndup(entry, strcspn(entry, ", \t"));

	return sg_door_is(l, socket, root);
}

/* rspamd checks what comes in, and so stands in front; but it can sign, too. */
static gboolean
is_rspamd(const char *entry)
{
	return strstr(entry, "rspamd") != NULL || strstr(entry, ":11332") != NULL;
}

static void
check_order(SgDoctor *d, const GPtrArray *list, guint ours)
{
	for (guint i = 0; i < ours; i++) {
		const char *e = g_ptr_array_index(list, i);

		if (sg_looks_like_signer(e))
			sg_doctor_say(d, SG_SEEN_WRONG,
			    "Put Schoolgate before it in smtpd_milters: what signs must come last.",
			    "%s stands before Schoolgate and may sign what Schoolgate then changes", e);
		else if (is_rspamd(e))
			sg_doctor_say(d, SG_SEEN_WARNING,
			    "Switch its module dkim_signing off and sign behind Schoolgate, with opendkim or a "
			    "second rspamd.",
			    "%s stands before Schoolgate; mail that it signs goes out without the school's text", e);
	}
}

static void
check_list(SgDoctor *d, const Postfix *p, const SgDoor *l, const char *name, const char *mail)
{
	const char *raw = g_hash_table_lookup(p->main, name);
	g_autofree char *value = expand(p, raw != NULL ? raw : "", 5);
	g_autoptr(GPtrArray) list = entries(value);

	for (guint i = 0; i < list->len; i++) {
		const char *e = g_ptr_array_index(list, i);

		if (!is_ours(l, e, p->queue))
			continue;
		sg_doctor_say(d, SG_SEEN_OK, NULL, "%s has %s", name, e);
		check_order(d, list, i);
		if (strstr(e, "default_action") != NULL && strstr(e, "tempfail") == NULL)
			sg_doctor_say(d, SG_SEEN_WRONG, "Write default_action=tempfail there.",
			    "%s: with this entry mail passes unread while Schoolgate is away",
			    name);
		return;
	}
	sg_doctor_say(d, SG_SEEN_WRONG, SNIPPET "Then: postfix reload",
	    "%s does not have Schoolgate's socket (%s): %s is not read", name, d->o->milter.listen,
	    mail);
}

static void
check_values(SgDoctor *d, const Postfix *p)
{
	const char *action = g_hash_table_lookup(p->main, "milter_default_action");
	const char *protocol = g_hash_table_lookup(p->main, "milter_protocol");
	const char *size = g_hash_table_lookup(p->main, "message_size_limit");
	gint64 limit = size != NULL ? g_ascii_strtoll(size, NULL, 10) : 10240000;

	if (action != NULL && strcmp(action, "tempfail") != 0)
		sg_doctor_say(d, SG_SEEN_WRONG, "postconf -e milter_default_action=tempfail",
		    "milter_default_action is %s: mail passes unread, or is lost, while Schoolgate "
		    "is away",
		    action);
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "milter_default_action is tempfail");
	if (protocol != NULL && strcmp(protocol, "6") != 0)
		sg_doctor_say(d, SG_SEEN_WRONG, "postconf -e milter_protocol=6",
		    "milter_protocol is %s, not 6", protocol);
	if (limit == 0 || limit > d->o->milter.max_size)
		sg_doctor_say(d, SG_SEEN_WARNING, "Set milter.max_size to the mail server's limit.",
		    "Postfix takes messages larger than milter.max_size; those are refused");
	if (g_hash_table_lookup(p->main, "content_filter") != NULL)
		sg_doctor_say(d, SG_SEEN_WARNING,
		    "Let nothing behind Schoolgate change mail that has been signed.",
		    "there is a content_filter: it comes after Schoolgate and after what signs");
}

static void
check_option(SgDoctor *d, const SgDoor *l, const Postfix *p, const char *service, const char *name,
    const char *value)
{
	if (strcmp(name, "smtpd_proxy_filter") == 0 && value[0] != '\0')
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Take smtpd_proxy_filter out; use a content_filter, or run that program "
		    "before.",
		    "%s has smtpd_proxy_filter: behind it milters get neither header nor body",
		    service);
	else if (strcmp(name, "smtpd_milters") == 0) {
		g_autofree char *full = expand(p, value, 5);
		g_autoptr(GPtrArray) list = entries(full);
		gboolean ours = FALSE;

		for (guint i = 0; i < list->len; i++)
			ours = ours || is_ours(l, g_ptr_array_index(list, i), p->queue);
		if (!ours)
			sg_doctor_say(d, SG_SEEN_WARNING,
			    "Fine for a service that only takes mail back from a filter; not for "
			    "others.",
			    "%s has its own smtpd_milters without Schoolgate: its mail is not read",
			    service);
	} else if (strcmp(name, "receive_override_options") == 0 &&
		   strstr(value, "no_milters") != NULL)
		sg_doctor_say(d, SG_SEEN_WARNING,
		    "Fine for a service that only takes mail back from a filter; not for others.",
		    "%s has no_milters: its mail is not read", service);
}

static void
check_service(SgDoctor *d, const SgDoor *l, const Postfix *p, const char *line)
{
	g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
	g_autofree char *service = NULL;

	for (char **w = words; *w != NULL; w++) {
		char *eq;

		if (service == NULL)
			service = g_strdup_printf("master.cf: %s", *w);
		if (strcmp(*w, "-o") != 0 || w[1] == NULL)
			continue;
		eq = strchr(w[1], '=');
		if (eq != NULL) {
			g_autofree char *name = g_strndup(w[1], (gsize)(eq - w[1]));

			check_option(d, l, p, service, name, eq + 1);
		}
	}
}

static void
postfix_clear(Postfix *p)
{
	g_hash_table_unref(p->main);
	g_ptr_array_unref(p->services);
	g_free(p->queue);
}

void
sg_d_postfix(SgDoctor *d)
{
	Postfix p = { 0 };
	g_auto(SgDoor) l = { 0 };
	const char *proxy;

	if (!sg_door_parse(d->o->milter.listen, &l))
		return;
	if (!load(d, &p)) {
		gboolean named = sg_ctl_has(d->ctl, "postfix-dir");

		sg_doctor_say(d, named ? SG_SEEN_WRONG : SG_SEEN_NOTE,
		    named ? "Name the directory that holds main.cf."
			  : "Name its directory: --postfix-dir=DIR",
		    "no Postfix was found");
		return;
	}
	check_list(d, &p, &l, "smtpd_milters", "mail that comes by SMTP");
	check_list(d, &p, &l, "non_smtpd_milters", "mail that this machine sends itself");
	check_values(d, &p);
	proxy = g_hash_table_lookup(p.main, "smtpd_proxy_filter");
	if (proxy != NULL)
		check_option(d, &l, &p, "main.cf", "smtpd_proxy_filter", proxy);
	for (guint i = 0; i < p.services->len; i++)
		check_service(d, &l, &p, g_ptr_array_index(p.services, i));
	postfix_clear(&p);
}
