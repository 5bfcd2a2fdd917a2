/*
 * school - a small school for the tests of decide and act: its policy, messages to
 * it, and readings of them, each from one line of text.
 */
#ifndef SG_T_SCHOOL_H
#define SG_T_SCHOOL_H

#include <string.h>

#include <glib/gstdio.h>

#include "decide/decide.h"

#define SCHOOL_CONF \
	"school: { name = \"Hillview Academy\"; domains = [ \"hill.example\", \"pupils.hill.example\" ];" \
	"  help_address = \"office@hill.example\"; };\n" \
	"courier: { from = \"sg@hill.example\"; };\n"

#define SCHOOL_CLASSES \
	"classes = ( { name = \"pupil\"; match = [ \"@pupils.hill.example\" ]; },\n" \
	"  { name = \"staff\"; match = [ \"@hill.example\" ]; },\n" \
	"  { name = \"privileged\"; match = [ \"@childline.org.uk\" ]; },\n" \
	"  { name = \"outside\"; match = [ \"*\" ]; } );\n"

#define SCHOOL_CONTACTS \
	"contacts = ( { role = \"lead\"; address = \"dsl@hill.example\"; },\n" \
	"  { role = \"head\"; address = \"head@hill.example\"; }, { role = \"chair\"; address = \"chair@trust.example\"; },\n" \
	"  { role = \"dpo\"; address = \"dpo@hill.example\"; }, { role = \"it\"; address = \"it@hill.example\"; } );\n"

/* Writes the files into a directory of their own, reads them, and removes them.
 * people NULL: none. */
static inline SgPolicy *
school_policy(const char *policy, const char *people, GPtrArray *problems, GError **error)
{
	g_autofree char *dir = g_dir_make_tmp("sg-school-XXXXXX", NULL);
	g_autofree char *conf = g_build_filename(dir, "schoolgate.conf", NULL);
	g_autofree char *rows = g_build_filename(dir, "policy.conf", NULL);
	g_autofree char *csv = g_build_filename(dir, "people.csv", NULL);
	g_autofree char *hello = g_build_filename(dir, "hello.md", NULL);
	g_autofree char *text = g_strconcat(SCHOOL_CONF, people != NULL ? "people = \"people.csv\";\n" : "", NULL);
	g_autoptr(SgOptions) o = NULL;
	SgPolicy *p;

	g_assert_true(g_file_set_contents(conf, text, -1, NULL));
	g_assert_true(g_file_set_contents(rows, policy, -1, NULL));
	g_assert_true(people == NULL || g_file_set_contents(csv, people, -1, NULL));
	g_assert_true(g_file_set_contents(hello, "---\nHello from {school}, {nobody}\n{school}\n"
	    "Sent by {sender_name} <b>\nAll words of this line are for everybody.\n", -1, NULL));
	o = sg_options_load(conf, NULL, NULL);
	g_assert_nonnull(o);
	p = sg_policy_load(o, problems, error);
	g_unlink(conf);
	g_unlink(rows);
	g_unlink(csv);
	g_unlink(hello);
	g_rmdir(dir);
	return p;
}

/* "parent@x.example > a@hill.example b@hill.example"; "= " in front: the mail server
 * vouches for the sender; "login= " in front: by that login. */
static inline SgMessage *
school_message(const char *line)
{
	SgMessage *m = sg_message_new();
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	guint i = 0;

	if (g_str_has_suffix(words[0], "=")) {
		m->authenticated = TRUE;
		m->auth = g_strndup(words[0], strlen(words[0]) - 1);
		i++;
	}
	g_free(m->sender);
	m->sender = g_strdup(strcmp(words[i], "<>") == 0 ? "" : words[i]);
	g_assert_cmpstr(words[i + 1], ==, ">");
	for (i += 2; words[i] != NULL; i++)
		g_ptr_array_add(m->recipients, g_strdup(words[i]));
	m->bytes = g_bytes_new_static("Subject: x\r\n\r\nx\r\n", 17);
	m->arrived = 1000;
	sg_message_hash(m);
	sg_message_dedupe(m);
	return m;
}

/* Findings "category/severity/confidence/where/part/count" and parts "id/kinds/type/name",
 * blank-separated; trailing fields may be left out; "+" is a blank within kinds. */
static inline SgReading *
school_reading(const char *findings, const char *parts, guint flags)
{
	SgReading *r = sg_reading_new();
	g_auto(GStrv) f = g_strsplit(findings, " ", -1), p = g_strsplit(parts, " ", -1);

	for (guint i = 0; f[i] != NULL && f[i][0] != '\0'; i++) {
		g_auto(GStrv) x = g_strsplit(f[i], "/", -1);
		guint n = g_strv_length(x);
		SgFinding *one = g_new0(SgFinding, 1);

		one->category = g_strdup(x[0]);
		one->severity = n > 1 ? (guint)g_ascii_strtoull(x[1], NULL, 10) : 3;
		one->confidence = n > 2 ? (guint)g_ascii_strtoull(x[2], NULL, 10) : 2;
		one->where = g_strdup(n > 3 ? x[3] : "body");
		one->part = g_strdup(n > 4 ? x[4] : "1");
		one->count = n > 5 ? (guint)g_ascii_strtoull(x[5], NULL, 10) : 1;
		one->rule = g_strdup_printf("%s.test", x[0]);
		one->title = g_strdup("Found by a test");
		one->area = g_strdup(strcmp(x[0], "limit") == 0 ? "system" : "conduct");
		one->name = g_strdup("");
		one->excerpt = g_strdup("SECRETWORD");
		g_ptr_array_add(r->findings, one);
	}
	for (guint i = 0; p[i] != NULL && p[i][0] != '\0'; i++) {
		g_auto(GStrv) x = g_strsplit(p[i], "/", 4);
		guint n = g_strv_length(x);
		SgPartInfo *one = g_new0(SgPartInfo, 1);

		one->part = g_strdup(x[0]);
		one->kinds = g_strdelimit(g_strdup(n > 1 ? x[1] : ""), "+", ' ');
		one->state = g_strdup(strstr(one->kinds, "partial") != NULL ? "partial" : "");
		one->detected = g_strdelimit(g_strdup(n > 2 ? x[2] : "text:plain"), ":", '/');
		one->name = g_strdup(n > 3 ? x[3] : "");
		g_ptr_array_add(r->parts, one);
	}
	r->flags = flags;
	return r;
}

#endif
