#include <string.h>

#include "ctl/csv.h"
#include "ctl/rostercsv.h"
#include "word/fold.h"

#define ROWS_MOST 200000u
#define TOLD_MOST 20u		/* problems; the rest is counted */

typedef enum { UNUSED, SURNAME, FORENAME, MIDDLE, PREFERRED, OTHER_SURNAME, FULL, DOB, UPN, POSTCODE, ADDRESS, EMAIL,
	PHONE, COLUMNS } Column;

static const struct {
	const char *folded;	/* without what it begins with in begins[] */
	Column	    column;
} headers[] = {
	{ "surname", SURNAME }, { "lastname", SURNAME }, { "last", SURNAME }, { "familyname", SURNAME },
	{ "forename", FORENAME }, { "forenames", FORENAME }, { "firstname", FORENAME }, { "firstnames", FORENAME },
	{ "first", FORENAME }, { "givenname", FORENAME }, { "givennames", FORENAME },
	{ "middlename", MIDDLE }, { "middlenames", MIDDLE }, { "middle", MIDDLE }, { "othernames", MIDDLE },
	{ "preferredforename", PREFERRED }, { "preferredfirstname", PREFERRED }, { "preferredname", PREFERRED },
	{ "preferred", PREFERRED }, { "knownas", PREFERRED }, { "chosenname", PREFERRED }, { "nickname", PREFERRED },
	{ "preferredsurname", OTHER_SURNAME }, { "preferredlastname", OTHER_SURNAME }, { "formersurname", OTHER_SURNAME },
	{ "name", FULL }, { "fullname", FULL }, { "displayname", FULL }, { "", FULL },
	{ "dob", DOB }, { "dateofbirth", DOB }, { "birthdate", DOB }, { "birthday", DOB }, { "born", DOB },
	{ "upn", UPN }, { "uniquepupilnumber", UPN },
	{ "postcode", POSTCODE }, { "postalcode", POSTCODE }, { "homepostcode", POSTCODE },
	{ "address", ADDRESS }, { "addressline", ADDRESS }, { "homeaddress", ADDRESS }, { "street", ADDRESS },
	{ "housenumber", ADDRESS },
};

/* Anybody's: "Parent 1 email", "Mother's mobile". */
static const struct {
	const char *ending;
	Column	    column;
} endings[] = {
	{ "email", EMAIL }, { "emailaddress", EMAIL }, { "phone", PHONE }, { "mobile", PHONE }, { "telephone", PHONE },
	{ "phonenumber", PHONE }, { "mobilenumber", PHONE }, { "telephonenumber", PHONE },
};

static const char *const begins[] = { "pupils", "pupil", "students", "student", "childs", "child", "learner", "legal" };

typedef struct {
	const char    *file;
	guint	       line, width, told, errors;
	Column	       columns[SG_CSV_COLUMNS];
	SgRosterMaker *maker;
	GPtrArray     *problems;
	SgRosterCount *count;
} Reader;

static void G_GNUC_PRINTF(3, 4)
say(Reader *r, gboolean error, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list ap;

	r->errors += error;
	if (r->told++ >= TOLD_MOST && !error)
		return;
	va_start(ap, format);
	what = g_strdup_vprintf(format, ap);
	va_end(ap);
	g_ptr_array_add(r->problems, g_strdup_printf("%s:%u: %s%s", r->file, r->line, error ? "" : "warning: ", what));
}

static Column
column_of(const char *header)
{
	g_autoptr(GString) fold = g_string_new(NULL);
	const char *s;
	gboolean again = TRUE;

	for (const char *p = header; *p != '\0'; p++)
		sg_fold_word(p, 1, fold);
	s = fold->str;
	if (*s == '\0')
		return UNUSED;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(s, endings[i].ending))
			return endings[i].column;
	while (again) {
		again = FALSE;
		for (gsize i = 0; !again && i < G_N_ELEMENTS(begins); i++)
			if (g_str_has_prefix(s, begins[i])) {
				s += strlen(begins[i]);
				again = TRUE;
			}
	}
	for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
		if (strcmp(headers[i].folded, s) == 0)
			return headers[i].column;
	return UNUSED;
}

static void
read_header(Reader *r, const GPtrArray *fields)
{
	guint seen = 0;

	r->width = fields->len;
	for (guint i = 0; i < fields->len; i++) {
		Column c = column_of(g_ptr_array_index(fields, i));
		GString *list = c != UNUSED ? r->count->used : r->count->unused;
		gboolean many = c == ADDRESS || c == EMAIL || c == PHONE || c == UNUSED;

		if (!many && (seen & 1u << c) != 0)
			say(r, TRUE, "column %u says the same as another one; rename or remove one of them", i + 1);
		seen |= 1u << c;
		r->columns[i] = c;
		g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", (char *)g_ptr_array_index(fields, i));
	}
	if ((seen & 1u << FULL) == 0 && ((seen & 1u << SURNAME) == 0 || (seen & 1u << FORENAME) == 0))
		say(r, TRUE, "no column for the names is found; name them Surname and Forename, or Name, in the first line");
}

/* "Chen, Mia", or the last word and what belongs to it: "Sofia van der Berg". */
static void
full_name(Reader *r, guint32 pupil, const char *text, guint *names)
{
	const char *comma = strchr(text, ',');
	g_autofree char *given = NULL, *family = NULL;

	if (comma != NULL) {
		family = g_strndup(text, (gsize)(comma - text));
		given = g_strdup(comma + 1);
	} else {
		const char *at = strrchr(text, ' ');

		while (at != NULL) {
			g_autofree char *before = g_strndup(text, (gsize)(at - text));
			const char *last = strrchr(before, ' ');

			if (last == NULL || !g_ascii_islower(last[1]))
				break;
			at = text + (last - before);
		}
		if (at == NULL)
			return;
		given = g_strndup(text, (gsize)(at - text));
		family = g_strdup(at + 1);
	}
	*names += sg_roster_maker_name(r->maker, pupil, given, family);
}

static guint
add_names(Reader *r, guint32 pupil, const char *const *of)
{
	g_autofree char *all = g_strdup_printf("%s %s", of[FORENAME], of[MIDDLE]);
	const char *call = of[PREFERRED][0] != '\0' ? of[PREFERRED] : of[FORENAME];
	guint names = 0;

	if (of[FULL][0] != '\0')
		full_name(r, pupil, of[FULL], &names);
	if (of[SURNAME][0] == '\0')
		return names;
	names += sg_roster_maker_name(r->maker, pupil, all, of[SURNAME]);
	if (of[PREFERRED][0] != '\0')
		names += sg_roster_maker_name(r->maker, pupil, of[PREFERRED], of[SURNAME]);
	if (of[OTHER_SURNAME][0] != '\0')
		names += sg_roster_maker_name(r->maker, pupil, call, of[OTHER_SURNAME]);
	return names;
}

static void
add_value(Reader *r, guint32 pupil, guint column, Column c, const char *text)
{
	static const struct {
		SgRosterKind kind;
		const char *what;
	} of[COLUMNS] = {
		[DOB] = { SG_ROSTER_DOB, "a date, such as 04/03/2012" }, [UPN] = { SG_ROSTER_UPN, "a UPN of 13 characters" },
		[POSTCODE] = { SG_ROSTER_POSTCODE, "a postcode" }, [EMAIL] = { SG_ROSTER_EMAIL, "a mail address" },
		[PHONE] = { SG_ROSTER_PHONE, "a telephone number with its area code" },
	};

	if (of[c].what == NULL || text[0] == '\0')
		return;
	r->count->fields |= of[c].kind;
	if (sg_roster_maker_value(r->maker, pupil, of[c].kind, text))
		return;
	r->count->unread++;
	say(r, FALSE, "column %u is not %s; the pupil is known without it", column + 1, of[c].what);
}

static void
read_pupil(Reader *r, const GPtrArray *fields)
{
	const char *of[COLUMNS];
	guint32 pupil;

	for (guint i = 0; i < COLUMNS; i++)
		of[i] = "";
	if (fields->len > r->width)
		say(r, TRUE, "%u fields, but %u columns; check separators and quotation marks", fields->len, r->width);
	for (guint i = 0; i < MIN(fields->len, r->width); i++)
		if (of[r->columns[i]][0] == '\0')
			of[r->columns[i]] = g_ptr_array_index(fields, i);
	pupil = of[FULL][0] != '\0' || of[SURNAME][0] != '\0' ? sg_roster_maker_pupil(r->maker) : 0;
	if (pupil == 0 || add_names(r, pupil, of) == 0) {
		r->count->skipped++;
		say(r, FALSE, "there is no full name; the line is left out");
		return;
	}
	r->count->pupils++;
	r->count->fields |= SG_ROSTER_NAME;
	for (guint i = 0; i < MIN(fields->len, r->width); i++) {
		const char *text = g_ptr_array_index(fields, i);

		add_value(r, pupil, i, r->columns[i], text);
		if (r->columns[i] == ADDRESS && sg_roster_maker_address(r->maker, pupil, text, of[POSTCODE]))
			r->count->fields |= SG_ROSTER_ADDRESS;
	}
}

static void
read_rows(Reader *r, const char *text, gsize len)
{
	g_auto(SgCsv) csv = { 0 };
	const char *why;
	guint rows = 0;

	sg_csv_begin(&csv, text, len);
	while (rows <= ROWS_MOST && r->errors < TOLD_MOST && sg_csv_next(&csv, &why)) {
		r->line = csv.line;
		if (why != NULL)
			say(r, TRUE, "%s", why);
		else if (rows++ == 0)
			read_header(r, csv.cells);
		else
			read_pupil(r, csv.cells);
	}
	if (rows > ROWS_MOST)
		say(r, TRUE, "there are more than %u lines; import fewer", ROWS_MOST);
	else if (r->count->pupils == 0 && r->errors == 0)
		say(r, TRUE, "there is no pupil in it; look whether the export is complete");
}

gboolean
sg_roster_csv(const char *file, const char *data, gsize len, SgRosterMaker *m, GPtrArray *problems,
    SgRosterCount *out)
{
	Reader r = { .file = file, .line = 1, .maker = m, .problems = problems, .count = out };
	gboolean guessed = FALSE;
	gsize n = 0;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = len <= SG_ROSTER_EXPORT ? sg_csv_utf8(data, len, &n, &guessed, &error) : NULL;

	*out = (SgRosterCount){ .used = g_string_new(NULL), .unused = g_string_new(NULL) };
	if (text == NULL)
		say(&r, TRUE, "%s", error != NULL ? error->message :
		    "the file is larger than 64 MiB; export fewer columns");
	else
		read_rows(&r, text, n);
	if (guessed && r.errors == 0)
		say(&r, FALSE, "the file is not UTF-8; it was read as Windows text: see whether accented names are right "
		    "in the export");
	if (r.told > TOLD_MOST && r.errors == 0)
		g_ptr_array_add(problems, g_strdup_printf("%s:%u: warning: %u more like these", file, r.line,
		    r.told - TOLD_MOST));
	return r.errors == 0;
}

void
sg_roster_count_clear(SgRosterCount *c)
{
	if (c->used != NULL)
		g_string_free(c->used, TRUE);
	if (c->unused != NULL)
		g_string_free(c->unused, TRUE);
	*c = (SgRosterCount){ 0 };
}
