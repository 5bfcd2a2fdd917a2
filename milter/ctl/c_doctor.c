#include <stdio.h>
#include <string.h>

#include "ctl/doctor.h"
#include "ctl/out.h"
#include "ctl/verbs.h"
#include "model/uitext.h"

static const struct {
	const char *name;
	void	  (*run)(SgDoctor *d);
} checks[] = {
	{ "policy", sg_d_policy },
	{ "keys", sg_d_keys },
	{ "sockets", sg_d_sockets },
	{ "store", sg_d_store },
	{ "console", sg_d_console },
	{ "contacts", sg_d_contacts },
	{ "rules", sg_d_rules },
	{ "roster", sg_d_roster },
	{ "signatures", sg_d_signatures },
	{ "clock", sg_d_clock },
	{ "postfix", sg_d_postfix },
	{ "sendmail", sg_d_sendmail },
};

#define BESIDE 20u	/* where the sentences begin */

static const char *const seen_names[] = { "ok", "note", "warning", "wrong" };

void
sg_doctor_say(SgDoctor *d, SgSeen seen, const char *remedy, const char *what, ...)
{
	va_list ap;
	g_autofree char *text = NULL, *clean = NULL;
	json_t *row;

	va_start(ap, what);
	text = g_strdup_vprintf(what, ap);
	va_end(ap);
	clean = sg_ui_text(text, -1, 0, SG_UI_ESCAPE | SG_UI_LINE);
	row = json_pack(
	    "{s:s s:s s:s}", "check", d->check, "result", seen_names[seen], "what", clean);
	if (remedy != NULL)
		json_object_set_new(row, "remedy", json_string(remedy));
	json_array_append_new(d->rows, row);
	d->wrong += seen == SG_SEEN_WRONG;
}

/* A table would cut the sentences that matter, so a terminal gets them whole. */
static void
print_terminal(const SgCtl *c, const json_t *rows)
{
	for (gsize i = 0; i < json_array_size(rows); i++) {
		const json_t *r = json_array_get(rows, i);
		const char *result = sg_json_str(r, "result"), *remedy = sg_json_str(r, "remedy");
		const char *colour = !c->colour ? NULL : strcmp(result, "wrong") == 0 ? "1;31" :
		    strcmp(result, "warning") == 0 ? "33" : NULL;

		printf("%s%s%s%-8s%s %-11s", colour != NULL ? "\033[" : "",
		    colour != NULL ? colour : "", colour != NULL ? "m" : "", result,
		    colour != NULL ? "\033[0m" : "", sg_json_str(r, "check"));
		sg_out_wrapped(BESIDE, c->width, sg_json_str(r, "what"));
		if (*remedy != '\0') {
			printf("%*s", (int)BESIDE, "-> ");
			sg_out_wrapped(BESIDE, c->width, remedy);
		}
	}
}

SgExit
sg_c_doctor(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "RESULT", "result", SG_COL_TEXT, 0 }, { "CHECK", "check", SG_COL_TEXT, 0 },
		{ "WHAT", "what", SG_COL_TEXT, 9 }, { "REMEDY", "remedy", SG_COL_TEXT, 8 },
	};
	SgDoctor d = { .ctl = c, .check = "config", .rows = json_array() };
	gboolean shown = TRUE;

	d.o = sg_ctl_options(c);
	if (d.o == NULL)
		sg_doctor_say(&d, SG_SEEN_WRONG,
		    "Put right what was listed above; \"schoolgatectl config check\" looks again.",
		    "%s cannot be read", sg_ctl_config_file(c));
	else
		sg_doctor_say(&d, SG_SEEN_OK, NULL, "%s is in order", d.o->file);
	for (gsize i = 0; d.o != NULL && i < G_N_ELEMENTS(checks) && !c->interrupted(); i++) {
		d.check = checks[i].name;
		checks[i].run(&d);
	}
	if (c->table && !sg_ctl_has(c, "json") && !sg_ctl_has(c, "columns"))
		print_terminal(c, d.rows);
	else
		shown = sg_out_rows(c, d.rows, columns, G_N_ELEMENTS(columns));
	json_decref(d.rows);
	if (d.wrong > 0)
		sg_ctl_say(c, "%u to put right.", d.wrong);
	else
		sg_ctl_say(c, "Nothing is wrong.");
	if (!shown || d.o == NULL)
		return SG_EXIT_USAGE;
	return d.wrong > 0 ? SG_EXIT_NO : SG_EXIT_OK;
}
