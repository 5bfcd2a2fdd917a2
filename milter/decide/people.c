/* people - people.csv: persons whose class differs from what their address says. */
#include <string.h>

#include "decide/reader.h"

#define MAX_BYTES (64 * 1024 * 1024)
#define MAX_ROWS 500000
#define MAX_COLUMNS 100
#define MAX_BAD 50 /* lines named before we stop counting them out */

typedef enum {
	C_ADDRESS, C_NAME, C_CLASS, C_YEAR, C_FORM, C_TUTOR, C_MANAGER, C_OWN, C_ALIASES, C_UNTIL,
	C_ROLE, C_PHONE,
	C_N,
	C_IGNORED
} Column;

static const char *const column_names[C_N] = {
	"address", "name", "class", "year", "form",
	"tutor", "manager", "own_addresses", "aliases", "until", "role", "phone",
};

typedef struct {
	SgPolicyReader *r;
	const char     *file;
	guint		line;	/* where the record in hand begins */
	guint		bad;
	Column		columns[MAX_COLUMNS];
	guint		width;
} Csv;

static void G_GNUC_PRINTF(3, 4)
say(Csv *c, gboolean error, const char *format, ...)
{
	va_list ap;
	g_autofree char *text = NULL;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	if (error)
		c->r->errors++;
	if (!error || c->bad++ < MAX_BAD)
		g_ptr_array_add(c->r->problems, g_strdup_printf("%s:%u: %s%s", c->file, c->line,
		    error ? "" : "warning: ", text));
}

/* One field; *p then stands on the comma, the end of line or the end.  FALSE:
 * a quote that is never closed, or text after a closing one. */
static gboolean
next_field(const char **p, GString *out, guint *lines)
{
	gboolean quoted = **p == '"';

	g_string_truncate(out, 0);
	for (*p += quoted; **p != '\0'; (*p)++) {
		if (quoted && **p == '"' && (*p)[1] != '"') {
			(*p)++;
			return **p == ',' || **p == '\r' || **p == '\n' || **p == '\0';
		}
		if (quoted && **p == '"')
			(*p)++;
		else if (!quoted && (**p == ',' || **p == '\r' || **p == '\n'))
			return TRUE;
		*lines += **p == '\n';
		g_string_append_c(out, **p);
	}
	return !quoted;
}

/* One record as trimmed fields; the next line at least is always consumed. */
static gboolean
next_record(const char **p, GPtrArray *fields, guint *lines)
{
	g_autoptr(GString) field = g_string_new(NULL);
	gboolean good = TRUE;

	g_ptr_array_set_size(fields, 0);
	for (;;) {
		good = next_field(p, field, lines);
		g_ptr_array_add(fields, g_strstrip(g_strdup(field->str)));
		if (!good || **p != ',' || fields->len > MAX_COLUMNS)
			break;
		(*p)++;
	}
	good = good && fields->len <= MAX_COLUMNS;
	*p += strcspn(*p, "\n");
	if (**p == '\n') {
		(*p)++;
		(*lines)++;
	}
	return good;
}

static void
read_header(Csv *c, GPtrArray *fields)
{
	g_autoptr(GString) ignored = g_string_new(NULL);
	guint seen = 0;

	c->width = MIN(fields->len, MAX_COLUMNS);
	for (guint i = 0; i < c->width; i++) {
		const char *name = g_ptr_array_index(fields, i);
		guint k = 0;

		while (k < C_N && g_ascii_strcasecmp(name, column_names[k]) != 0)
			k++;
		c->columns[i] = k < C_N ? (Column)k : C_IGNORED;
		if (k == C_N)
			g_string_append_printf(
			    ignored, "%s\"%s\"", ignored->len > 0 ? ", " : "", name);
		else if ((seen & 1u << k) != 0)
			say(c, TRUE, "the column %s is there twice; keep one", name);
		else
			seen |= 1u << k;
	}
	if ((seen & 1u << C_ADDRESS) == 0)
		say(c, TRUE, "there is no column \"address\"; name the columns in the first line");
	if (ignored->len > 0)
		say(c, FALSE, "columns that are not used: %s; leave them out or rename them",
		    ignored->str);
}

/* The day itself still counts: the row ends with the midnight after it, here. */
static gboolean
parse_until(const char *s, gint64 *out)
{
	g_autoptr(GDateTime) day = NULL, end = NULL;
	gint64 when;

	if (!sg_policy_read_date(s, &when))
		return FALSE;
	day = g_date_time_new_from_unix_local(when);
	end = g_date_time_add_days(day, 1);
	*out = g_date_time_to_unix(end);
	return TRUE;
}

/* Problems are logged: they name line and column, never a person. */
static char *
mail_address(Csv *c, const char *column, const char *text)
{
	g_autofree char *clean = sg_address_clean(text);

	if (clean == NULL || clean[0] == '@' || sg_address_domain(clean)[0] == '\0') {
		say(c, TRUE, "%s: not a mail address; correct it or leave it empty", column);
		return NULL;
	}
	return g_utf8_strdown(clean, -1);
}

/* of: the fields of the line, by column. */
static void
add_person(Csv *c, const char *column, const char *address, const char *const *of, gint64 until)
{
	g_autofree char *key = mail_address(c, column, address);
	SgPerson *person;

	if (key == NULL)
		return;
	if (g_hash_table_contains(c->r->policy->people, key)) {
		say(c, TRUE, "%s: this address is in the file twice; keep one line for each",
		    column);
		return;
	}
	person = g_new0(SgPerson, 1);
	person->klass = g_strdup(of[C_CLASS]);
	person->main = g_utf8_strdown(of[C_ADDRESS], -1);
	person->name = g_strdup(of[C_NAME]);
	person->role = g_strdup(of[C_ROLE]);
	person->phone = g_strdup(of[C_PHONE]);
	person->until = until;
	g_hash_table_insert(c->r->policy->people, g_steal_pointer(&key), person);
}

/* Two people may share one at home: the first keeps it. */
static void
add_own(Csv *c, const char *address, const char *main)
{
	GHashTable *own = c->r->policy->own;
	g_autofree char *key = sg_address_mailbox(address);

	if (!g_hash_table_contains(own, key))
		g_hash_table_insert(own, g_steal_pointer(&key), g_utf8_strdown(main, -1));
}

/* Several addresses in one field, by blanks or semicolons. */
static void
each_address(Csv *c, Column column, const char *const *of, gint64 until)
{
	g_auto(GStrv) all = g_strsplit_set(of[column], " ;", -1);

	for (char **a = all; *a != NULL; a++) {
		g_autofree char *checked = NULL;

		if ((*a)[0] == '\0')
			continue;
		if (column == C_ALIASES)
			add_person(c, column_names[column], *a, of, until);
		else
			checked = mail_address(c, column_names[column], *a);
		if (column == C_OWN && checked != NULL)
			add_own(c, checked, of[C_ADDRESS]);
	}
}

static void
read_person(Csv *c, GPtrArray *fields)
{
	const char *of[C_IGNORED + 1];
	gint64 until = G_MAXINT64;
	guint before = c->r->errors;

	for (guint i = 0; i <= C_IGNORED; i++)
		of[i] = "";
	for (guint i = 0; i < MIN(fields->len, c->width); i++)
		of[c->columns[i]] = g_ptr_array_index(fields, i);
	if (fields->len > c->width)
		say(c, TRUE, "%u fields, but %u columns; check commas and quotes", fields->len,
		    c->width);
	if (of[C_ADDRESS][0] == '\0')
		say(c, TRUE, "no address; fill it in or remove the line");
	if (of[C_CLASS][0] != '\0' && !sg_policy_has_class(c->r->policy, of[C_CLASS]))
		say(c, TRUE, "no class is called \"%s\"; add it to the classes of the policy",
		    of[C_CLASS]);
	if (of[C_UNTIL][0] != '\0' && !parse_until(of[C_UNTIL], &until))
		say(c, TRUE, "until: \"%s\" is not a date; write 2026-07-31", of[C_UNTIL]);
	each_address(c, C_OWN, of, 0);
	each_address(c, C_TUTOR, of, 0);
	each_address(c, C_MANAGER, of, 0);
	if (c->r->errors != before)
		return;
	add_person(c, "address", of[C_ADDRESS], of, until);
	each_address(c, C_ALIASES, of, until);
}

static gboolean
is_blank(const GPtrArray *fields)
{
	return fields->len == 1 && ((const char *)g_ptr_array_index(fields, 0))[0] == '\0';
}

static void
read_all(Csv *c, const char *p)
{
	g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
	guint lines = 1, rows = 0;

	while (*p != '\0' && rows <= MAX_ROWS) {
		gboolean good;

		c->line = lines;
		good = next_record(&p, fields, &lines);
		if (!good)
			say(c, TRUE,
			    "the quotes of this line do not match; write \"\" for a quote inside a "
			    "field");
		else if (rows == 0)
			read_header(c, fields);
		else if (!is_blank(fields))
			read_person(c, fields);
		rows++;
	}
	if (rows > MAX_ROWS)
		say(c, TRUE, "more than %d lines; split the file by school", MAX_ROWS);
	if (rows == 0)
		say(c, TRUE, "the file is empty; put the names of the columns into the first line");
	if (c->bad > MAX_BAD)
		g_ptr_array_add(
		    c->r->problems, g_strdup_printf("%s:%u: %u more lines like these; correct the "
						    "first ones and check again",
					c->file, c->line, c->bad - MAX_BAD));
}

gboolean
sg_people_read(SgPolicyReader *r, const char *file)
{
	g_autofree char *text = NULL;
	gsize len = 0;
	Csv c = { .r = r, .file = file, .line = 1 };
	guint before = r->errors;

	if (!g_file_test(file, G_FILE_TEST_IS_REGULAR) ||
	    !g_file_get_contents(file, &text, &len, NULL))
		say(&c, TRUE,
		    "the file cannot be read; put it there, or set people = \"\" in "
		    "schoolgate.conf");
	else if (len > MAX_BYTES)
		say(&c, TRUE, "the file is larger than 64 MiB; split it by school");
	else if (strlen(text) != len || !g_utf8_validate(text, (gssize)len, NULL))
		say(&c, TRUE, "the file is not UTF-8; save it as \"CSV UTF-8\"");
	else
		read_all(&c, text + (g_str_has_prefix(text, "\xef\xbb\xbf") ? 3 : 0));
	return r->errors == before;
}

const char *
sg_people_class(const SgPolicy *p, const char *address, gint64 now)
{
	const SgPerson *person = g_hash_table_lookup(p->people, address);

	if (person == NULL) {
		g_autofree char *plain = sg_address_mailbox(address);

		person = g_hash_table_lookup(p->people, plain);
	}
	if (person == NULL || now >= person->until || person->klass[0] == '\0')
		return NULL;
	return person->klass;
}

char *
sg_policy_mailbox(const SgPolicy *p, const char *address)
{
	g_autofree char *plain = sg_address_mailbox(address);
	const SgPerson *person = g_hash_table_lookup(p->people, plain);
	const char *own = person == NULL ? g_hash_table_lookup(p->own, plain) : NULL;

	if (person == NULL && own != NULL)
		person = g_hash_table_lookup(p->people, own);
	return person != NULL ? sg_address_mailbox(person->main) : g_steal_pointer(&plain);
}

const char *
sg_policy_name(const SgPolicy *p, const char *address)
{
	g_autofree char *plain = sg_address_mailbox(address != NULL ? address : "");
	const SgPerson *person = g_hash_table_lookup(p->people, plain);

	return person != NULL && person->name[0] != '\0' ? person->name : NULL;
}
