#include <string.h>

#include "part/tablehead.h"

#define LONGEST 60u	/* bytes of a column's name */
#define QUESTION 200u	/* of one that is a whole question: what forms make of their answers */
#define BEHIND	6u	/* rows behind a candidate that are compared with it */
#define CANDIDATES 10u

/* Words of which the names of columns are made, in schools and offices; whole words. */
static const char *const known[] = { "account", "address", "admission", "admno", "age", "amount",
	"attendance", "author", "birth", "birthday", "branch", "candidate", "category", "class", "code",
	"comment", "comments", "company", "concern", "contact", "cost", "country", "county", "course",
	"credit", "date", "days", "debit", "department", "description", "details", "diagnosis", "dob",
	"doctor", "e-mail", "eal", "ehcp", "email", "emergency", "employee", "end", "ethnicity", "exam",
	"father", "first", "forename", "form", "fsm", "gcse", "gender", "given", "gp", "grade", "group",
	"guardian", "home", "house", "iban", "id", "incident", "item", "job", "known", "language", "last",
	"leaver", "leaving", "legal", "level", "location", "login", "manager", "mark", "marks", "medical",
	"medication", "middle", "mobile", "month", "mother", "name", "names", "nationality", "needs", "nhs",
	"ni", "nino", "no", "note", "notes", "number", "occupation", "pan", "parent", "passport",
	"password", "percentage", "phone", "pin", "place", "position", "post", "postcode", "pp",
	"preferred", "premium", "price", "primary", "priority", "pupil", "pupils", "qty", "quantity",
	"reason", "ref", "reference", "reg", "registration", "relation", "relationship", "religion",
	"result", "results", "role", "room", "salary", "school", "score", "sen", "send", "sex", "site",
	"sort", "sortcode", "staff", "start", "status", "street", "student", "students", "subject",
	"surname", "target", "tax", "teacher", "tel", "telephone", "term", "time", "title", "total", "town",
	"tutor", "type", "uln", "unit", "upn", "url", "user", "username", "value", "week", "work", "year",
	"yeargroup", "zip" };

static gint
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(a, *(const char *const *)b);
}

static gboolean
has_known_word(const GString *cell)
{
	char word[24];
	gsize n = 0;

	for (const char *p = cell->str;; p++) {
		if (g_ascii_isalpha(*p) || (*p == '-' && n > 0)) {
			if (n < sizeof word - 1)
				word[n++] = g_ascii_tolower(*p);
			continue;
		}
		word[n] = '\0';
		if (n > 0 && bsearch(word, known, G_N_ELEMENTS(known), sizeof *known, compare) != NULL)
			return TRUE;
		if (*p == '\0')
			return FALSE;
		n = 0;
	}
}

/* "Does your child have any medical conditions? Please give details." */
static gboolean
is_question(const GString *cell)
{
	static const char *const begins[] = { "are ", "any ", "do ", "does ", "has ", "have ", "how ", "if ", "is ",
		"list ", "name ", "please ", "tell ", "what ", "when ", "which ", "who ", "will ", "would " };

	if (cell->len > QUESTION)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(begins); i++)
		if (g_ascii_strncasecmp(cell->str, begins[i], strlen(begins[i])) == 0)
			return TRUE;
	return strchr(cell->str, '?') != NULL;
}

/* Something that is counted, dated or written to, and no name of a column. */
static gboolean
is_value(const GString *cell)
{
	gsize digits = 0, letters = 0;

	for (const char *p = cell->str; *p != '\0'; p++) {
		digits += g_ascii_isdigit(*p);
		letters += g_ascii_isalpha(*p) || (guchar)*p >= 0x80;
		if (*p == '@')
			return TRUE;
	}
	return digits > letters || digits >= 6 || cell->len > LONGEST;
}

static const GString *
cell_of(const GPtrArray *row, guint column)
{
	const GString *cell = column < row->len ? g_ptr_array_index(row, column) : NULL;

	return cell != NULL && cell->len > 0 ? cell : NULL;
}

static guint
filled(const GPtrArray *row)
{
	guint n = 0;

	for (guint i = 0; i < row->len; i++)
		n += cell_of(row, i) != NULL;
	return n;
}

/* A form: the first column names what stands beside it, row by row. */
static gboolean
is_form(const GPtrArray *rows, guint columns)
{
	guint named = 0, others = 0;

	for (guint i = 0; i < rows->len; i++) {
		const GPtrArray *row = g_ptr_array_index(rows, i);
		const GString *left = cell_of(row, 0);

		named += left != NULL && has_known_word(left);
		for (guint c = 1; c < row->len; c++)
			others += cell_of(row, c) != NULL && has_known_word(cell_of(row, c));
	}
	return columns == 2 && named >= 2 && others == 0;
}

/* How much speaks for this row; 0: it is none. */
static guint
score(const GPtrArray *rows, guint at)
{
	const GPtrArray *row = g_ptr_array_index(rows, at);
	guint cells = filled(row), words = 0, differ = 0, usual = 0, behind = 0;

	if (cells < 2)
		return 0;
	for (guint i = at + 1; i < rows->len && i <= at + BEHIND; i++, behind++)
		usual = MAX(usual, filled(g_ptr_array_index(rows, i)));
	/* groups of columns and titles have fewer cells than what they stand above */
	if (behind == 0 || cells * 2 < usual)
		return 0;
	for (guint c = 0; c < row->len; c++) {
		const GString *cell = cell_of(row, c);
		guint values = 0;

		if (cell == NULL)
			continue;
		if (is_value(cell) && !(cell->len > LONGEST && is_question(cell)))
			return 0;
		words += has_known_word(cell);
		for (guint i = at + 1; i <= at + behind; i++) {
			const GString *below = cell_of(g_ptr_array_index(rows, i), c);

			values += below != NULL && is_value(below);
		}
		differ += values * 2 > behind;
	}
	if (words == 0 && differ == 0)
		return 0;
	return 10 * words / cells * 2 + 10 * differ / cells + 5 * MIN(cells, usual) / MAX(usual, 1);
}

gint
sg_table_header(const GPtrArray *rows, guint columns)
{
	guint high = 0;
	gint best = -1;

	if (rows->len == 0 || is_form(rows, columns))
		return -1;
	for (guint i = 0; i < rows->len && i < CANDIDATES; i++) {
		guint s = score(rows, i);

		/* the first one, unless a later one is clearly better */
		if (s > high + (best >= 0 ? 4 : 0)) {
			high = s;
			best = (gint)i;
		}
	}
	/* a list of one column, whose first word says what it is */
	if (best < 0 && rows->len > 1 && columns == 1) {
		const GString *cell = cell_of(g_ptr_array_index(rows, 0), 0);

		if (cell != NULL && cell->len < LONGEST / 2 && !is_value(cell) && has_known_word(cell))
			best = 0;
	}
	return best;
}
