/* fails-if: a message that was filed before is delivered to somebody whose copy was held, kept
 *           from somebody whose copy passed, or accepted although it had been refused */
#include "front/again.h"

static void
edit_free(gpointer data)
{
	SgEdit *e = data;

	g_free(e->name);
	g_free(e->value);
	g_free(e);
}

static SgEffects *
plan(SgEnd end, guint code, const char *removed)
{
	SgEffects *e = g_new0(SgEffects, 1);
	SgEdit *header = g_new0(SgEdit, 1);

	e->edits = g_ptr_array_new_with_free_func(edit_free);
	e->outbox = g_ptr_array_new();
	e->end = end;
	e->code = code;
	header->kind = SG_EDIT_ADD_HEADER;
	header->name = g_strdup("Schoolgate-Status");
	header->value = g_strdup("x");
	g_ptr_array_add(e->edits, header);
	if (removed != NULL) {
		SgEdit *edit = g_new0(SgEdit, 1);

		edit->kind = SG_EDIT_DEL_RCPT;
		edit->value = g_strdup(removed);
		g_ptr_array_add(e->edits, edit);
	}
	return e;
}

static char *
removed_by(const SgEffects *e)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (guint i = 0; i < e->edits->len; i++) {
		const SgEdit *edit = g_ptr_array_index(e->edits, i);

		if (edit->kind == SG_EDIT_DEL_RCPT)
			g_string_append_printf(s, "%s ", edit->value);
	}
	return g_strdup(s->str);
}

static void
fates(void)
{
	static const struct {
		SgCopyState a, b;
		SgEnd	    planned;
		guint	    code;
		const char *planned_away;
		SgEnd	    end;
		const char *away;
	} cases[] = {
		/* the same plan as before */
		{ SG_COPY_WAITING, SG_COPY_PASSED, SG_END_ACCEPT, 0, "a@x", SG_END_ACCEPT, "a@x " },
		{ SG_COPY_WAITING, SG_COPY_WAITING, SG_END_DISCARD, 0, NULL, SG_END_DISCARD, "a@x b@x " },
		/* decided meanwhile: handled already, in whatever way */
		{ SG_COPY_RELEASED, SG_COPY_PASSED, SG_END_ACCEPT, 0, "a@x", SG_END_ACCEPT, "a@x " },
		{ SG_COPY_WITHHELD, SG_COPY_UNCLEAR, SG_END_DISCARD, 0, NULL, SG_END_DISCARD, "a@x b@x " },
		{ SG_COPY_REFUSED, SG_COPY_RETURNED, SG_END_DISCARD, 0, NULL, SG_END_DISCARD, "a@x b@x " },
		{ SG_COPY_SENDING, SG_COPY_RELEASING, SG_END_DISCARD, 0, NULL, SG_END_DISCARD, "a@x b@x " },
		/* the rules have changed meanwhile: what is on file counts */
		{ SG_COPY_WAITING, SG_COPY_PASSED, SG_END_ACCEPT, 0, NULL, SG_END_ACCEPT, "a@x " },
		{ SG_COPY_PASSED, SG_COPY_PASSED, SG_END_ACCEPT, 0, "a@x", SG_END_ACCEPT, "" },
		{ SG_COPY_PASSED, SG_COPY_WAITING, SG_END_DISCARD, 0, NULL, SG_END_ACCEPT, "b@x " },
		{ SG_COPY_REJECTED, SG_COPY_REJECTED, SG_END_REPLY, 550, NULL, SG_END_REPLY, "" },
		{ SG_COPY_REJECTED, SG_COPY_REJECTED, SG_END_DISCARD, 0, NULL, SG_END_REPLY, "" },
		/* nothing can be done now */
		{ SG_COPY_WAITING, SG_COPY_WAITING, SG_END_REPLY, 451, NULL, SG_END_REPLY, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(SgIncident) known = sg_incident_new();
		g_autoptr(SgMessage) m = sg_message_new();
		g_autoptr(SgEffects) e = plan(cases[i].planned, cases[i].code, cases[i].planned_away);
		g_autofree char *away = NULL;

		g_test_message("%zu", i);
		known->ref = g_strdup("7F3K9QXD");
		sg_incident_add_copy(known, "a@x", "outside", cases[i].a, "hold");
		sg_incident_add_copy(known, "b@x", "outside", cases[i].b, "hold");
		g_ptr_array_add(m->recipients, g_strdup("a@x"));
		g_ptr_array_add(m->recipients, g_strdup("b@x"));
		sg_again(e, known, m);
		away = removed_by(e);
		g_assert_cmpint(e->end, ==, cases[i].end);
		if (e->end != SG_END_REPLY)
			g_assert_cmpstr(away, ==, cases[i].away);
		else
			g_assert_cmpuint(e->code, ==, cases[i].code == 451 ? 451 : 550);
	}
}

/* A try for one of the two. */
static void
some_recipients(void)
{
	g_autoptr(SgIncident) known = sg_incident_new();

	known->ref = g_strdup("7F3K9QXD");
	sg_incident_add_copy(known, "a@x", "outside", SG_COPY_WAITING, "hold");
	sg_incident_add_copy(known, "b@x", "outside", SG_COPY_PASSED, "deliver");
	for (guint i = 0; i < 2; i++) {
		g_autoptr(SgMessage) m = sg_message_new();
		g_autoptr(SgEffects) e = plan(SG_END_ACCEPT, 0, NULL);
		g_autofree char *away = NULL;

		g_ptr_array_add(m->recipients, g_strdup(i == 0 ? "a@x" : "b@x"));
		sg_again(e, known, m);
		away = removed_by(e);
		g_assert_cmpint(e->end, ==, i == 0 ? SG_END_DISCARD : SG_END_ACCEPT);
		g_assert_cmpstr(away, ==, i == 0 ? "a@x " : "");
	}
}

/* The store tells of a sender's incidents in any order; the newest counts. */
static void
remembers_the_newest(void)
{
	g_autoptr(SgRecent) r = sg_recent_new(NULL, 0);
	const gint64 day = 24 * 3600, now = 100 * day;

	sg_recent_add(r, "a@x", now - day);
	sg_recent_add(r, "a@x", now - 8 * day);
	sg_recent_add(r, "b@x", now - 8 * day);
	sg_recent_fade(r, now + 1);
	g_assert_true(sg_recent_has(r, "a@x"));
	g_assert_false(sg_recent_has(r, "b@x"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/again/fates", fates);
	g_test_add_func("/again/some-recipients", some_recipients);
	g_test_add_func("/again/remembers-the-newest", remembers_the_newest);
	return g_test_run();
}
