/* fails-if: rows and columns of CSV, values of calendars, cards and XML, or messages of a mail folder are lost */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "scan/walk.h"
#include "t/lib/catch.h"

typedef struct Case {
	const char *in, *out;
} Case;

static char *
read_as(const char *name, const char *type, const char *in, gsize n)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) bytes = g_bytes_new(in, n);

	g_assert_true(catch_run(c, name, type, bytes, NULL));
	g_assert_cmpstr(c->limits->str, ==, "");
	g_string_append(c->text, c->parts->str);
	return g_strdup(c->text->str);
}

static void
expect(const char *name, const char *type, const Case *cases, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *got = read_as(name, type, cases[i].in, strlen(cases[i].in));

		if (strcmp(got, cases[i].out) != 0)
			g_error("%s gave\n%s, not\n%s", cases[i].in, got, cases[i].out);
	}
}

static void
csv(void)
{
	static const Case cases[] = {
		{ "Name,UPN\nAmy,A1234\n", "[attachment|2] Name\tUPN\nAmy\tA1234\n\n" },
		{ "Name;UPN\r\nAmy;A1234\r\n", "[attachment|2] Name\tUPN\nAmy\tA1234\n\n" },
		{ "Name\tUPN\nAmy\tA1234", "[attachment|2] Name\tUPN\nAmy\tA1234\n\n" },
		{ "sep=|\nName|Of, it\nAmy|A1,234\n", "[attachment|2] Name\tOf, it\nAmy\tA1,234\n\n" },
		{ "Name,Note\n\"x, \"\"y\"\"\", z \n", "[attachment|2] Name\tNote\nx, \"y\"\tz\n\n" },
		{ "Name,Note\n\"two\nlines\",1234\n", "[attachment|2] Name\tNote\ntwo lines\t1234\n\n" },
		{ "Name,Note\n5\" nail,6666\n\"open,7777\nc,8888\n",
		    "[attachment|2] Name\tNote\n5\" nail\t6666\n\"open\t7777\nc\t8888\n\n" },
		{ "Name,Note,Code\n,,1111\n2222,,\n", "[attachment|3] Name\tNote\tCode\n\t\t1111\n2222\n\n" },
		{ "no table\nat all\n", "[] no table\nat all\n\n" },
		{ "", "" },
	};
	static const char wide[] = "\xff\xfe" "a\0\t\0b\0\n\0" "1\0" "2\0" "3\0\t\0" "4\0";
	g_autofree char *got = NULL;

	expect("csv", "text/csv", cases, G_N_ELEMENTS(cases) - 1);
	got = read_as("csv", "text/csv", wide, sizeof wide - 1);
	g_assert_cmpstr(got, ==, "[attachment|2] a\tb\n123\t4\n\n");
}

static void
cards(void)
{
	static const Case cases[] = {
		{ "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Amy Adams\r\nN:Adams;Amy;;;\r\nTEL;TYPE=cell:07700 900123\r\n"
		    "item1.EMAIL;type=INTERNET:amy@hill.example\r\nBDAY:2012-03-12\r\nNOTE:one\\ntwo\\, th\r\n ree\r\n"
		    "END:VCARD\r\n", "[] Name: Amy Adams\nName: Adams Amy \nTelephone: 07700 900123\n"
		    "Email: amy@hill.example\nDate of birth: 2012-03-12\nNote: one\ntwo, three\n\n" },
		{ "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FC=\nller;Eva\n"
		    "PHOTO;JPEG;ENCODING=BASE64:\n /9j/4AAQ\n SkZJRg==\n\nEND:VCARD\n",
		    "[] Name: M\xc3\xbcller Eva\n\n1.1  10\n" },
		{ "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=\"a:b\":20260101T090000\n"
		    "SUMMARY:Trip to the m\n ine\nLOCATION:Room 4\\; upstairs\nATTENDEE;CN=\"Amy; Adams\":mailto:amy@hill.example\n"
		    "DESCRIPTION:Bring lunch.\nX-ALT-DESC;FMTTYPE=text/html:<b>Bring\\nlunch</b>\n"
		    "ATTACH;VALUE=BINARY;ENCODING=BASE64:aGVsbG8=\n"
		    "BEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n",
		    "[] Start: 20260101T090000\nSummary: Trip to the mine\nLocation: Room 4; upstairs\n"
		    "Attendee: Amy; Adams amy@hill.example\nDescription: Bring lunch.\n\n\n1.1  18\n1.2  5\n" },
		{ "BEGIN:VCARD\nLOGO:data:image/png;base64,iVBORw==\nno colon here\nFN:x\nEND:VCARD",
		    "[] no colon here\nName: x\n\n1.1  4\n" },
	};

	expect("vobject", "text/vcard", cases, G_N_ELEMENTS(cases));
}

static void
xml(void)
{
	static const Case cases[] = {
		{ "<?xml version=\"1.0\"?><Pupil><UPN>A823456789012</UPN><Surname>Adams</Surname></Pupil>",
		    "[] UPN: A823456789012\nSurname: Adams\n\n" },
		{ "<p upn='A82' x:dob=\"1 May\" xmlns:x='http://x'>text</p>", "[] upn: A82\ndob: 1 May\np: text\n\n" },
		{ "<a>k<b>il</b>l &amp; &#x6b;ill &lt;b&gt; &nope;</a>", "[] a: kill & kill <b> &nope;\n\n" },
		{ "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;<!-- c --><![CDATA[<d>]]></a>",
		    "[] ]>\na: &e;<d>\nc\n\n" },
		{ "<a b='open <c>one</c>", "[] a: open\nc: one\n\n" },
	};

	expect("xml", "text/xml", cases, G_N_ELEMENTS(cases));
}

static void
mbox(void)
{
	static const Case cases[] = {
		{ "From a@x.example Mon Jan  1 00:00:00 2026\nSubject: one\n\nhi\n>From me\n\n"
		    "From b@x.example Mon Jan  1 00:00:00 2026\nSubject: two\n\nFrom here\n",
		    "1.1  27\n1.2  24\n" },
		{ "Subject: no line before\n\nhi\n", "1.1  28\n" },
		{ "From ", "1.1  5\n" },
	};

	expect("mbox", "application/mbox", cases, G_N_ELEMENTS(cases));
}

static void
repeated(const char *name, const char *type, const char *piece)
{
	g_autoptr(GString) s = g_string_sized_new(1 << 20);
	g_autoptr(Catch) c = catch_new("text = 268435456L;");
	g_autoptr(GBytes) bytes = NULL;
	gint64 began;

	while (s->len < 1 << 20)
		g_string_append(s, piece);
	bytes = g_string_free_to_bytes(g_steal_pointer(&s));
	began = g_get_monotonic_time();
	catch_run(c, name, type, bytes, NULL);
	began = g_get_monotonic_time() - began;
	g_test_message("%s %s: %d ms", name, piece, (int)(began / 1000));
	g_assert_cmpint(began, <, 5 * G_USEC_PER_SEC);
}

/* Shapes that would make careless readers slow; all are a megabyte. */
static void
monsters(void)
{
	static const char *const csvs[] = { "a,b,c\n", "\"", ",\"", "\"\"", ",", "\n", "\",\"", "a\"\"b\"," };
	static const char *const cards[] = { "NOTE:word\n", "A:\n ", "a;", ":", "\n", "=\n", "A;B=\"",
		"N;ENCODING=QUOTED-PRINTABLE:=\n", "PHOTO;BASE64:aaaa\n", "FN:a\\n" };
	static const char *const xmls[] = { "<a>b</a>", "<", "<!--", "<a b='", "<![CDATA[", "&#x6b;", "&", "<a ", "=\"" };
	static const char *const boxes[] = { "From \n\n", "\n\nFrom 09:00\n\n", "From", "\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(csvs); i++)
		repeated("csv", "text/csv", csvs[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(cards); i++)
		repeated("vobject", "text/vcard", cards[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(xmls); i++)
		repeated("xml", "text/xml", xmls[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(boxes); i++)
		repeated("mbox", "application/mbox", boxes[i]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/text/csv", csv);
	g_test_add_func("/text/cards", cards);
	g_test_add_func("/text/xml", xml);
	g_test_add_func("/text/mbox", mbox);
	g_test_add_func("/text/monsters", monsters);
	return g_test_run();
}
