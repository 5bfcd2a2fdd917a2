#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "ctl/envelope.h"
#include "ctl/mailfile.h"

#define FILE_MAX (256u << 20)

GBytes *
sg_mailfile_read(const char *name, gboolean wire, GError **error)
{
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(GByteArray) all = NULL;
	FILE *in;
	guint8 buf[65536];
	gsize n;

	in = strcmp(name, "-") == 0 ? stdin : fopen(name, "rbe");
	if (in == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s", "the file cannot be opened");
		return NULL;
	}
	all = g_byte_array_new();
	while ((n = fread(buf, 1, sizeof buf, in)) > 0 && all->len <= FILE_MAX)
		g_byte_array_append(all, buf, (guint)n);
	if (ferror(in) != 0 || all->len > FILE_MAX)
		g_set_error(error, SG_ERR, SG_ERR_LIMIT,
		    "it cannot be read to its end, or has more than %u bytes", FILE_MAX);
	else
		raw = g_byte_array_free_to_bytes(g_steal_pointer(&all));
	if (in != stdin)
		(void)fclose(in);
	if (raw == NULL)
		return NULL;
	return wire ? sg_envelope_wire(raw) : g_steal_pointer(&raw);
}

SgMessage *
sg_mailfile_message(const SgCtl *c, GBytes *mail)
{
	SgMessage *m = sg_message_new();
	const char *from = sg_ctl_value(c, "from");
	const char *const *to = sg_ctl_values(c, "to");
	g_autofree char *header_from = from == NULL ? sg_envelope_from(mail) : NULL;

	g_free(m->sender);
	m->sender = sg_address_clean(from != NULL ? from : header_from != NULL ? header_from : "");
	if (m->sender == NULL)
		m->sender = g_strdup("");
	m->authenticated = !sg_ctl_has(c, "unauthenticated");
	m->bytes = g_bytes_ref(mail);
	m->arrived = sg_clock_now();
	for (; to != NULL && *to != NULL; to++) {
		char *clean = sg_address_clean(*to);

		if (clean != NULL)
			g_ptr_array_add(m->recipients, clean);
	}
	if (m->recipients->len == 0) {
		g_ptr_array_unref(m->recipients);
		m->recipients = sg_envelope_to(mail);
	}
	sg_message_hash(m);
	return m;
}

gboolean
sg_workshop_open(SgCtl *c, const SgWorkshopAsk *how, SgWorkshop *w, GError **error)
{
	const char *from = sg_ctl_value(c, "from");
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	SgScannerAsk ask = { .rules = how != NULL ? how->rules : sg_ctl_values(c, "rules"),
		.policy = sg_ctl_value(c, "policy"), .domain = sg_ctl_value(c, "domain"),
		.workers = how != NULL ? how->workers : 1 };

	if (ask.rules == NULL || ask.policy == NULL)
		ask.base = sg_ctl_options(c);
	if (ask.base == NULL && (ask.rules == NULL || ask.policy == NULL)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP,
		    "there is no configuration to scan with; "
		    "name one with --config, or both --rules and --policy");
		return FALSE;
	}
	if (ask.domain == NULL && from != NULL && strchr(from, '@') != NULL)
		ask.domain = sg_address_domain(from);
	ask.own = ask.rules != NULL || ask.policy != NULL;
	w->scanner = sg_scanner_open(c, &ask, error);
	w->policy = w->scanner != NULL ? sg_policy_load(w->scanner->options, problems, error) : NULL;
	if (w->policy == NULL)
		sg_workshop_close(w);
	return w->policy != NULL;
}

void
sg_workshop_close(SgWorkshop *w)
{
	g_clear_pointer(&w->policy, sg_policy_unref);
	g_clear_pointer(&w->scanner, sg_scanner_close);
}

gboolean
sg_workshop_goes_on(gpointer data)
{
	const SgCtl *c = data;

	return !c->interrupted();
}
