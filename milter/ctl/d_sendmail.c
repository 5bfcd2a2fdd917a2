#include <string.h>

#include "ctl/doctor.h"

#define SNIPPET                                                                                    \
	"See contrib/sendmail/schoolgate.mc.snippet, rebuild sendmail.cf and restart Sendmail."
#define END_LEAST   300	/* seconds from the end of a message to the verdict */
#define REPLY_LEAST 20	/* seconds between two signs of life; one comes every five */

/* "E:10m" out of "C:30s;S:30s;R:30s;E:10m"; -1 when it is not there. */
static gint64
timer(const char *list, char which)
{
	g_auto(GStrv) parts = g_strsplit(list, ";", -1);

	for (char **p = parts; *p != NULL; p++) {
		char *end = NULL;
		gint64 n;

		if ((*p)[0] != which || (*p)[1] != ':')
			continue;
		n = g_ascii_strtoll(*p + 2, &end, 10);
		return *end == 'm' ? n * 60 : *end == 'h' ? n * 3600 : *end == 'd' ? n * 86400 : n;
	}
	return -1;
}

/* A field of "Xname, S=..., F=T, T=...": the value after "K=", or NULL. */
static char *
field(char **parts, char key)
{
	for (char **p = parts; *p != NULL; p++) {
		const char *s = g_strstrip(*p);

		if (s[0] == key && s[1] == '=')
			return g_strdup(s + 2);
	}
	return NULL;
}

static void
check_timers(SgDoctor *d, const char *timers)
{
	gint64 reply = timers != NULL ? timer(timers, 'R') : -1,
	       end = timers != NULL ? timer(timers, 'E') : -1;

	/* Sendmail's own: R 10 s, E 5 min */
	if ((reply == -1 ? 10 : reply) < REPLY_LEAST)
		sg_doctor_say(d, SG_SEEN_WRONG, SNIPPET,
		    "the timer R is below %d seconds: a busy scanner looks dead to Sendmail",
		    REPLY_LEAST);
	if ((end == -1 ? 300 : end) < END_LEAST)
		sg_doctor_say(d, SG_SEEN_WRONG, SNIPPET,
		    "the timer E is below %d seconds: long scans are cut off", END_LEAST);
}

static void
check_filter(SgDoctor *d, char **parts)
{
	g_autofree char *flag = field(parts, 'F'), *timers = field(parts, 'T');

	if (flag == NULL || strcmp(flag, "T") != 0)
		sg_doctor_say(d, SG_SEEN_WRONG, SNIPPET,
		    "the filter has %s%s, not F=T: %s while Schoolgate is away",
		    flag != NULL ? "F=" : "no F", flag != NULL ? flag : "",
		    flag != NULL ? "mail is refused for good" : "mail passes unread");
	else
		sg_doctor_say(d, SG_SEEN_OK, NULL, "the filter has F=T");
	check_timers(d, timers);
}

static void
check_order(SgDoctor *d, const char *filters, const char *ours, GHashTable *sockets)
{
	g_auto(GStrv) names = g_strsplit_set(filters, ", ", -1);
	gboolean used = FALSE, late = FALSE;

	for (char **n = names; *n != NULL && !used; n++) {
		const char *socket = g_hash_table_lookup(sockets, *n);

		used = strcmp(*n, ours) == 0;
		late = late || (!used && (sg_looks_like_signer(*n) ||
					     (socket != NULL && sg_looks_like_signer(socket))));
	}
	if (!used)
		sg_doctor_say(d, SG_SEEN_WRONG, SNIPPET,
		    "InputMailFilters does not name %s: no mail is read", ours);
	else if (late)
		sg_doctor_say(d, SG_SEEN_WRONG,
		    "Put Schoolgate before it in sendmail.mc: what signs must come last.",
		    "a program that signs stands before Schoolgate");
}

void
sg_d_sendmail(SgDoctor *d)
{
	const char *file = sg_ctl_value(d->ctl, "sendmail-cf");
	g_autofree char *text = NULL, *ours = NULL, *filters = g_strdup("");
	g_autoptr(GHashTable) sockets =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) lines = NULL;
	g_auto(SgDoor) l = { 0 };

	if (file == NULL && !g_file_test("/etc/mail/sendmail.cf", G_FILE_TEST_EXISTS))
		return;
	if (!sg_door_parse(d->o->milter.listen, &l))
		return;
	if (!g_file_get_contents(
		file != NULL ? file : "/etc/mail/sendmail.cf", &text, NULL, NULL)) {
		sg_doctor_say(d, SG_SEEN_WRONG, "Name the file: --sendmail-cf=FILE",
		    "sendmail.cf cannot be read");
		return;
	}
	lines = g_strsplit(text, "\n", -1);
	for (char **p = lines; *p != NULL; p++) {
		g_auto(GStrv) parts = **p == 'X' ? g_strsplit(*p + 1, ",", -1) : NULL;
		g_autofree char *socket = parts != NULL ? field(parts + 1, 'S') : NULL;

		if (g_str_has_prefix(*p, "O InputMailFilters=")) {
			g_free(filters);
			filters = g_strdup(strchr(*p, '=') + 1);
		}
		if (socket == NULL)
			continue;
		g_hash_table_insert(sockets, g_strdup(g_strstrip(parts[0])), g_strdup(socket));
		if (sg_door_is(&l, socket, NULL) && ours == NULL) {
			ours = g_strdup(parts[0]);
			check_filter(d, parts + 1);
		}
	}
	if (ours == NULL)
		sg_doctor_say(d, SG_SEEN_WRONG, SNIPPET, "no filter has Schoolgate's socket (%s)",
		    d->o->milter.listen);
	else
		check_order(d, filters, ours, sockets);
}
