/* fails-if: a valid identifier is not found behind its label, or an invalid one is */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "model/finding.h"
#include "value/values.h"
#include "word/flat.h"

/* What a text has, as "uk.nhs/high 4-14, ..." */
static char *
found(const char *text)
{
	g_autofree char *flat = sg_flat(text, strlen(text));
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(SgValue));
	GString *s = g_string_new(NULL);

	g_assert_true(sg_values_find(flat, 0, strlen(text), NULL, 1000, values));
	for (guint i = 0; i < values->len; i++) {
		const SgValue *v = &g_array_index(values, SgValue, i);

		g_string_append_printf(s, "%s%s/%s %zu-%zu", i > 0 ? ", " : "", sg_kind_row(v->kind)->name,
		    sg_confidence_name(v->confidence), v->at, v->at + v->len);
	}
	return g_string_free(s, FALSE);
}

static void
is(const char *text, const char *want)
{
	g_autofree char *got = found(text);

	if (strcmp(got, want) != 0)
		g_test_message("%s", text);
	if (strcmp(got, want) != 0) {
		g_test_message("  found %s, not %s", got, want);
		g_test_fail();
	}
}

static void
pupils(void)
{
	is("UPN: H801200001001", "uk.upn/high 5-18");
	is("the sheet has P207000016049", "uk.upn/medium 14-27");
	is("UPN P 207 0000 16 049", "uk.upn/high 4-21");
	is("the sheet has p207000016049 ", "uk.upn/medium 14-27");
	is("UPN Q207000016049", "");		/* the slip in suppliers' help pages */
	is("UPN A801200005001", "");		/* check letter */
	is("UPN E000200005001", "");		/* authority 000 */
	is("UPN H8012000010012", "");		/* one too many */
	is("ULN 9276308686", "uk.uln/high 4-14");
	is("ULN 9276308687", "uk.nhs/low 4-14");
	is("9276308686", "uk.uln/low 0-10");
	is("NHS No: 943 476 5871", "");
	is("NHS No: 943 476 5870", "uk.nhs/high 8-20");
	is("NHS-9434765870", "uk.nhs/high 4-14");
	is("943-476-5870 (NHS)", "uk.nhs/high 0-12");
	is("the nurse asks for 9434765870", "uk.nhs/medium 19-29");
	is("NHS 1111111111", "");
	is("CHI 1307147844", "uk.chi/high 4-14");
	is("CHI 9917839704", "uk.nhs/low 4-14");
}

static void
grown_ups(void)
{
	is("NI number MK 03 91 17 A", "uk.nino/high 10-23");
	is("WE489325B", "uk.nino/medium 0-9");
	is("ni no we489325b", "uk.nino/high 6-15");
	is("NI QQ123456C", "");
	is("NI GB123456A", "");
	is("NI AB123456E", "");
	is("UTR 3541458685", "uk.utr/high 4-14");
	is("UTR 3541458686", "");
	is("passport number 123456789", "uk.passport/high 16-25");
	is("Her passport is with us: AB 1234567", "uk.passport/medium 25-35");
	is("Bring your passport, the code is in letter 12", "");
	is("licence MORGA657054SM9IJ", "uk.dvla/high 8-24");
	is("MORGA 657054 SM9IJ", "uk.dvla/medium 0-18");
	is("licence EVANS913010S99DT", "");
	is("TRN 1234567, TRN 12/34567", "uk.trn/high 4-11, uk.trn/high 17-25");
	is("P<GBRLOVELL<<ADA<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
	    "mrz/high 45-89");
}

static void
money(void)
{
	is("card 4465787133150989", "card/high 5-21");
	is("4465 7871 3315 0989", "card/medium 0-19");
	is("card 3743 534624 75105 exp 09/29", "card/high 5-22");
	is("card 4465787133150988", "");
	is("card 4111 1111 1111 1111", "card/low 5-24");
	is("Test card that is declined: 4465787133150989", "card/low 28-44");
	is("pay GB78NWBK05242786801128 now", "iban/medium 4-26");
	is("IBAN GB56 NWBK 5982 6204 5053 31, please", "iban/high 5-32");
	is("IBAN DE89370400440532013000", "iban/high 5-27");
	is("IBAN GB82WEST12345698765431", "");
	is("IBAN DE8937040044053201300", "");
	is("sort code 24-95-91 account 03521919", "uk.sortcode/high 10-18, uk.account/high 27-35");
	is("bank details for Cara: 56-17-44 / 65350511", "uk.sortcode/medium 23-31, uk.account/medium 34-42");
	is("back on 03-09-24", "birth/low 8-16");
}

static void
contact(void)
{
	is("her mum is on 07700900403 or 020 7946 0663", "uk.phone/medium 14-25, uk.phone/medium 29-42");
	is("her mum: +44 (0)7700 900403", "uk.phone/medium 9-27");
	is("School office: 01632 960598", "uk.phone/low 15-27");
	is("Call Childline on 0800 1111 or Samaritans on 116 123", "");
	is("moved to 18 Orchard Street, Luton, EC1A 7PQ, please", "uk.address/high 9-43");
	is("18 Orchard Street\nLuton\nEC1A 7PQ", "uk.address/medium 0-32");
	is("Meeting in room B8 9AB, bring the agenda", "");
	is("write to ann.lee@hill.example.org.", "email/medium 9-33");
	is("@home", "");
	is("12@", "");
	is("date of birth 2012-10-18", "birth/high 14-24");
	is("Cara (born 10th Apr 2012)", "birth/high 11-24");
	is("DOB: 4.3.12", "birth/high 5-11");
	is("Shakespeare was born on 23 April 1564", "");
}

static void
what_speaks_against(void)
{
	is("order ref 9434765870 for the NHS", "uk.nhs/low 10-20");
	is("Version 2.15.1 build 9434765870", "uk.nhs/low 21-31");
	is("https://shop.example/?nhs=9434765870", "");
	is("82b98e36-a7ba-955c-2ff4-9434765870aa", "");
	is("ask a@x.example, NHS 9434765870", "email/medium 4-15, uk.nhs/high 21-31");
	is("sample NHS number 9434765870", "uk.nhs/low 18-28");
	is("31 32 39 64 48 52 48 25 53 13 19 15 25 59 61 33", "");
	is("3.14159265358979", "");
}

static void
written_otherwise(void)
{
	is("NHS 943\xc2\xa0""476\xc2\xa0""5870", "uk.nhs/high 4-18");			/* no-break spaces */
	is("NHS 943\xe2\x80\x93""476\xe2\x80\x93""5870", "uk.nhs/high 4-20");	/* dashes */
	is("NHS \xef\xbc\x99""434765870", "uk.nhs/high 4-16");		/* full-width */
	is("NHS 9434\xe2\x80\x8b""765870", "uk.nhs/high 4-17");		/* zero-width space */
}

static const char *
label_of(const char *type)
{
	static const char *const labels[][2] = { { "UPN", "UPN" }, { "ULN", "ULN" }, { "NHS", "NHS" },
		{ "CHI", "CHI" }, { "NINO", "NI number" }, { "CARD", "card" }, { "IBAN", "IBAN" },
		{ "UTR", "UTR" }, { "DVLA", "licence" } };

	for (gsize i = 0; i < G_N_ELEMENTS(labels); i++)
		if (strcmp(type, labels[i][0]) == 0)
			return labels[i][1];
	return NULL;
}

static void
vectors(void)
{
	g_autofree char *path = g_build_filename(g_getenv("top_srcdir"), "..", "shared", "corpora", "pii",
	    "id_vectors.jsonl", NULL), *text = NULL;
	g_auto(GStrv) lines = NULL;
	guint wrong = 0, n = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL)) {
		g_test_skip("the vectors are not here");
		return;
	}
	lines = g_strsplit(text, "\n", -1);
	for (char **l = lines; *l != NULL; l++) {
		json_t *v = json_loads(*l, 0, NULL);
		const char *type = json_string_value(json_object_get(v, "type"));
		const char *value = json_string_value(json_object_get(v, "value"));
		g_autofree char *said = NULL, *got = NULL, *whole = NULL;
		gboolean valid = json_is_true(json_object_get(v, "valid")), is_found;

		if (v == NULL)
			continue;
		said = g_strdup_printf("%s %s", label_of(type), value);
		got = found(said);
		whole = g_strdup_printf("-%zu", strlen(said));
		is_found = strstr(got, "/high") != NULL && g_str_has_suffix(got, whole) &&
		    strchr(got, ',') == NULL;
		n++;
		if (is_found != valid) {
			g_test_message("%s is %s, found: %s", said, valid ? "valid" : "not", got);
			wrong++;
		}
		json_decref(v);
	}
	g_test_message("%u vectors", n);
	g_assert_cmpuint(wrong, ==, 0);
}

/* the search for a cue's first word needs them in order */
static void
cues_are_sorted(void)
{
	for (guint c = 0; c < 26; c++)
		for (guint i = sg_cue_letters[c]; i < sg_cue_letters[c + 1]; i++)
			g_assert_cmpint(sg_cue_words[i].phrase[0], ==, 'a' + (int)c);
	g_assert_cmpuint(sg_cue_letters[26], ==, sg_n_cue_words);
	for (guint i = 1; i < sg_n_cue_words; i++) {
		g_auto(GStrv) a = g_strsplit(sg_cue_words[i - 1].phrase, " ", 2);
		g_auto(GStrv) b = g_strsplit(sg_cue_words[i].phrase, " ", 2);

		if (strcmp(a[0], b[0]) > 0)
			g_test_message("%s before %s", sg_cue_words[i - 1].phrase, sg_cue_words[i].phrase);
		g_assert_cmpint(strcmp(a[0], b[0]), <=, 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/kinds/pupils", pupils);
	g_test_add_func("/kinds/grown-ups", grown_ups);
	g_test_add_func("/kinds/money", money);
	g_test_add_func("/kinds/contact", contact);
	g_test_add_func("/kinds/what-speaks-against", what_speaks_against);
	g_test_add_func("/kinds/written-otherwise", written_otherwise);
	g_test_add_func("/kinds/vectors", vectors);
	g_test_add_func("/kinds/cues-are-sorted", cues_are_sorted);
	return g_test_run();
}
