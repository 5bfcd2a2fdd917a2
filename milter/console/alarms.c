#include "console/alarms.h"
#include "console/view.h"

#define ROOM   "Look at the room and the rights of the store; it goes on by itself."
#define BEFORE "have a mistake; those of before stay in use."
#define CONFIG "Put it right (schoolgatectl config check), then: schoolgatectl reload"

static const struct {
	SgTroubleKind kind;
	const char   *program, *name, *text, *remedy;
} rows[] = {
	{ SG_TROUBLE_FILING, "milter", "filing",
	    "Messages cannot be filed: what should be held waits at its senders. Clean mail flows.", ROOM },
	{ SG_TROUBLE_SCANNER, "milter", "reading",
	    "No message can be read: mail waits at its senders.",
	    "See whether schoolgate-scan runs, and its log; it goes on by itself." },
	{ SG_TROUBLE_ROOM, "milter", "room",
	    "The milter has no room for messages: mail waits at its senders.",
	    "Raise LimitNOFILE or the memory, or lower milter.max_sessions." },
	{ SG_TROUBLE_CROWD, "milter", "crowd", NULL, NULL },
	{ SG_TROUBLE_RELOAD, "milter", "settings", "Changed settings " BEFORE, CONFIG },
	{ SG_TROUBLE_START, "scan", "workers",
	    "Workers of the scanner cannot be started; mail may wait at its senders.",
	    "See the log of schoolgate-scan; it is tried again by itself." },
	{ SG_TROUBLE_WORKER, "scan", "workers-lost", NULL, NULL },
	{ SG_TROUBLE_RELOAD, "scan", "rules", "Changed rules or settings " BEFORE,
	    "Put it right (schoolgatectl rules check), then: schoolgatectl reload" },
	{ SG_TROUBLE_MALWARE, "scan", "signatures",
	    "Virus signatures are old, or new ones could not be loaded: new malware may pass.",
	    "See whether freshclam runs, and its log; good signatures are loaded by themselves." },
	{ SG_TROUBLE_FILING, "courier", "outbox",
	    "The courier cannot use the store: alerts and releases wait.", ROOM },
	{ SG_TROUBLE_CHORE, "courier", "retention",
	    "Old messages could not be removed; it is tried again.",
	    "See the log of schoolgate-courier." },
	{ SG_TROUBLE_RELOAD, "courier", "settings", "Changed settings " BEFORE, CONFIG },
	{ SG_TROUBLE_RELOAD, "console", "settings", "Changed settings " BEFORE, CONFIG },
};

GArray *
sg_alarms_look(const SgOptions *o)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(SgAlarm));
	SgTroubleRow found[SG_TROUBLE_N];
	const char *program = "";

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		SgAlarm a = { .program = rows[i].program, .name = rows[i].name, .text = rows[i].text,
			.remedy = rows[i].remedy };

		if (g_strcmp0(program, rows[i].program) != 0)
			(void)sg_trouble_read(o->console.socket, rows[i].program, found);
		program = rows[i].program;
		a.row = found[rows[i].kind];
		a.row.on = a.row.on && a.text != NULL;
		g_array_append_val(out, a);
	}
	return out;
}

json_t *
sg_alarms_view(const SgOptions *o, GString *names)
{
	g_autoptr(GArray) all = sg_alarms_look(o);
	json_t *list = json_array();

	for (guint i = 0; i < all->len; i++) {
		const SgAlarm *a = &g_array_index(all, SgAlarm, i);

		if (!a->row.on)
			continue;
		g_string_append_printf(names, "%s%s (%s)", names->len > 0 ? ", " : "", a->name,
		    a->program);
		json_array_append_new(list, json_pack("{s:s s:s s:s s:s s:s s:o s:o s:I}",
		    "program", a->program, "what", a->name, "text", a->text, "remedy", a->remedy,
		    "why", a->row.why, "since", sg_view_time(a->row.since),
		    "last", sg_view_time(a->row.last), "count", (json_int_t)a->row.count));
	}
	return list;
}
