#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "courier/texts.h"

#define COLUMNS 72
#define FILE_MAX 65536u

static const char *const template_names[] = {
	"alert-urgent",
	"alert-urgent-grouped",
	"alert-urgent-again",
	"alert",
	"alert-grouped",
	"alert-again",
	"passed",
	"digest",
	"account-approve",
	"account-first-use",
	"account-new-browser",
	"account-recovery",
	"account-reset",
	"account-role",
	"contact-confirm",
	"given-up",
	"refused",
	"unclear",
	"unsealed",
	"held-general",
	"held-several",
	"held-personal-data",
	"held-recipients",
	"held-weak-lock",
	"released",
	"released-advised",
	"returned-pupil",
	"returned-staff",
};

static const char *const word_keys[] = {
	"class.pupil", "class.staff", "class.outside", "class.other",
	"route.in", "route.out", "route.inside", "route.transit",
	"fate.held", "fate.part", "fate.passed", "fate.rejected",
	"time.date", "time.full", "time.today", "time.other", "time.days", "time.months",
	"from", "kept.one", "kept.many",
	"note.released-advised", "note.returned-pupil", "note.returned-staff",
	"urgency.urgent", "urgency.high", "urgency.medium", "urgency.low",
	"role.lead", "role.deputy", "role.head", "role.out-of-hours",
	"digest.waiting", "digest.late", "digest.nothing", "digest.past", "digest.done",
	"service.working", "service.quiet", "service.stuck", NULL
};

static const struct { const char *name; gsize at; } values[] = {
#define V(n) { #n, offsetof(SgValues, n) },
	SG_VALUES(V)
#undef V
};

typedef struct Template {
	char  *subject;
	char **lines;
} Template;

struct SgTexts {
	GTimeZone  *zone;
	char	   *language;
	GHashTable *templates;	/* name -> Template */
	GHashTable *words;	/* key -> text      */
};

void
sg_values_clear(SgValues *v)
{
#define V(n) g_clear_pointer(&v->n, g_free);
	SG_VALUES(V)
#undef V
}

static void
template_free(gpointer p)
{
	Template *t = p;

	g_free(t->subject);
	g_strfreev(t->lines);
	g_free(t);
}

/* ---- values in a line -------------------------------------------------------- */

static const char *
look_up(const SgValues *v, const char *name, gsize n)
{
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		if (strlen(values[i].name) == n && strncmp(values[i].name, name, n) == 0) {
			const char *const *s =
			    (const char *const *)(const void *)((const char *)v + values[i].at);

			return *s != NULL ? *s : "";
		}
	}
	return NULL;
}

/* A value of the configuration may hold anything; a control character never comes out. */
static void
append_clean(GString *out, const char *s, gboolean lines)
{
	for (; *s != '\0'; s++)
		g_string_append_c(out, (guchar)*s < 0x20 && !(lines && *s == '\n') ? ' ' : *s);
}

/* FALSE: a value is empty, or (bad set) the name of a value that is not known. */
static gboolean
expand(const char *line, const SgValues *v, gboolean lines, GString *out, char **bad)
{
	for (const char *p = line; *p != '\0'; p++) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		const char *s;

		if (end == NULL) {
			g_string_append_c(out, *p);
			continue;
		}
		s = look_up(v, p + 1, (gsize)(end - p - 1));
		if (s == NULL && bad != NULL)
			*bad = g_strndup(p + 1, (gsize)(end - p - 1));
		if (s == NULL || *s == '\0')
			return FALSE;
		append_clean(out, s, lines);
		p = end;
	}
	return TRUE;
}

/* ---- loading ------------------------------------------------------------------ */

static void
problem(GPtrArray *problems, const char *file, guint line, const char *what, const char *which)
{
	g_ptr_array_add(problems, g_strdup_printf("%s:%u: %s%s%s", file, line, what,
				      which != NULL ? " " : "", which != NULL ? which : ""));
}

/* Lines of a file, or NULL with the problem noted. */
static char **
read_lines(const char *file, GPtrArray *problems)
{
	g_autofree char *all = NULL;
	gsize n;

	if (!g_file_get_contents(file, &all, &n, NULL)) {
		problem(problems, file, 1,
		    "cannot be read; put the file back or correct courier.notices", NULL);
		return NULL;
	}
	if (n > FILE_MAX || !g_utf8_validate_len(all, n, NULL)) {
		problem(problems, file, 1,
		    "is not text in UTF-8 of at most 64 KiB; save it as UTF-8", NULL);
		return NULL;
	}
	g_strdelimit(all, "\r\t", ' ');
	return g_strsplit(g_strchomp(all), "\n", -1);
}

static void
check_values(const char *file, guint line, const char *text, GPtrArray *problems)
{
	/* every value set, so that only an unknown one ends the expansion */
	char x[] = "x";
	SgValues all = {
#define V(n) .n = x,
		SG_VALUES(V)
#undef V
	};
	g_autoptr(GString) scratch = g_string_new(NULL);
	g_autofree char *bad = NULL;

	if (!expand(text, &all, FALSE, scratch, &bad))
		problem(problems, file, line,
		    "there is no value of this name; see schoolgate-courier(8):", bad);
}

static Template *
load_template(const char *file, GPtrArray *problems)
{
	g_auto(GStrv) lines = read_lines(file, problems);
	Template *t;

	if (lines == NULL)
		return NULL;
	if (lines[0] == NULL || !g_str_has_prefix(lines[0], "Subject: ") || lines[1] == NULL ||
	    *lines[1] != '\0') {
		problem(
		    problems, file, 1, "must begin with \"Subject: ...\" and a blank line", NULL);
		return NULL;
	}
	for (guint i = 0; lines[i] != NULL; i++)
		check_values(file, i + 1, lines[i], problems);
	t = g_new0(Template, 1);
	t->subject = g_strdup(lines[0] + strlen("Subject: "));
	t->lines = g_strdupv(lines + 2);
	return t;
}

static void
load_words(SgTexts *t, const char *file, GPtrArray *problems)
{
	g_auto(GStrv) lines = read_lines(file, problems);

	for (guint i = 0; lines != NULL && lines[i] != NULL; i++) {
		g_auto(GStrv) pair = g_strsplit(lines[i], ":", 2);

		if (*lines[i] == '\0' || *lines[i] == '#')
			continue;
		if (pair[1] == NULL || !g_strv_contains(word_keys, pair[0]))
			problem(problems, file, i + 1,
			    "there is no word of this name; correct or remove it:", pair[0]);
		else
			g_hash_table_insert(
			    t->words, g_strdup(pair[0]), g_strdup(g_strstrip(pair[1])));
	}
	for (guint i = 0; lines != NULL && word_keys[i] != NULL; i++)
		if (!g_hash_table_contains(t->words, word_keys[i]))
			problem(problems, file, 1, "a word is missing; add the line", word_keys[i]);
}

static void
check_list(SgTexts *t, const char *file, const char *key, guint wanted, GPtrArray *problems)
{
	const char *s = g_hash_table_lookup(t->words, key);
	g_auto(GStrv) words = g_strsplit(s != NULL ? s : "", " ", -1);

	if (s != NULL && g_strv_length(words) != wanted)
		problem(problems, file, 1, "must be 7 days or 12 months:", key);
}

/* The policy's reader says when there is no such zone (decide/hours.h). */
static GTimeZone *
zone_of(const SgOptions *o)
{
	const char *name = o->hours.zone;
	GTimeZone *zone = name != NULL && *name != '\0' ? g_time_zone_new_identifier(name) : NULL;

	return zone != NULL ? zone : g_time_zone_new_local();
}

const char *const *
sg_texts_names(gsize *n)
{
	*n = G_N_ELEMENTS(template_names);
	return template_names;
}

SgTexts *
sg_texts_load(const SgOptions *o, GPtrArray *problems, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *dir = g_build_filename(o->courier.notices, o->courier.language, NULL);
	g_autofree char *words = g_build_filename(dir, "words.txt", NULL);
	g_autoptr(SgTexts) t = g_new0(SgTexts, 1);

	t->language = g_strdup(o->courier.language);
	t->zone = zone_of(o);
	t->templates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, template_free);
	t->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(template_names); i++) {
		g_autofree char *base = g_strconcat(template_names[i], ".txt", NULL);
		g_autofree char *file = g_build_filename(dir, base, NULL);
		Template *one = load_template(file, own);

		if (one != NULL)
			g_hash_table_insert(t->templates, g_strdup(template_names[i]), one);
	}
	load_words(t, words, own);
	check_list(t, words, "time.days", 7, own);
	check_list(t, words, "time.months", 12, own);
	if (own->len == 0)
		return g_steal_pointer(&t);
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s", (const char *)own->pdata[0]);
	for (guint i = 0; problems != NULL && i < own->len; i++)
		g_ptr_array_add(problems, g_strdup(own->pdata[i]));
	return NULL;
}

void
sg_texts_free(SgTexts *t)
{
	if (t == NULL)
		return;
	g_free(t->language);
	g_time_zone_unref(t->zone);
	g_hash_table_unref(t->templates);
	g_hash_table_unref(t->words);
	g_free(t);
}

gboolean
sg_texts_has(const SgTexts *t, const char *name)
{
	return g_hash_table_contains(t->templates, name);
}

const char *
sg_texts_language(const SgTexts *t)
{
	return t->language;
}

const char *
sg_texts_word(const SgTexts *t, const char *key)
{
	const char *s = g_hash_table_lookup(t->words, key);

	return s != NULL ? s : "";
}

/* ---- filling -------------------------------------------------------------------- */

/* Puts words at the end of out, a new line where they pass the last column. */
static void
wrap(GString *out, const char *text, gsize *column, const char *indent)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);

	for (guint i = 0; words[i] != NULL; i++) {
		gsize n = (gsize)g_utf8_strlen(words[i], -1);

		if (n == 0)
			continue;
		if (*column > strlen(indent) && *column + 1 + n > COLUMNS) {
			g_string_append_printf(out, "\n%s", indent);
			*column = strlen(indent);
		} else if (*column > strlen(indent)) {
			g_string_append_c(out, ' ');
			(*column)++;
		}
		g_string_append(out, words[i]);
		*column += n;
	}
}

/* "  Label   value": stands as it is; what does not fit goes on below, indented. */
static void
put_fixed(GString *out, const char *line)
{
	gsize lead = strspn(line, " ");
	g_autofree char *indent = g_strnfill(MIN(lead + 2, 20), ' ');
	gsize column = 0;

	if (g_utf8_strlen(line, -1) <= COLUMNS) {
		g_string_append(out, line);
	} else {
		g_string_append_len(out, line, (gssize)lead);
		column = strlen(indent);
		wrap(out, line + lead, &column, indent);
	}
	g_string_append_c(out, '\n');
}

typedef struct Page {
	GString	*out;
	gsize	 column;	/* of the paragraph being filled, 0 = none */
	gboolean blank;		/* the last line was blank                 */
} Page;

static void
put_line(Page *p, const char *line)
{
	if (*line == '\0' || *line == ' ') {
		if (p->column > 0)
			g_string_append_c(p->out, '\n');
		p->column = 0;
	}
	if (*line == '\0') {
		if (!p->blank && p->out->len > 0)
			g_string_append_c(p->out, '\n');
		p->blank = TRUE;
		return;
	}
	if (*line == ' ')
		put_fixed(p->out, line);
	else
		wrap(p->out, line, &p->column, "");
	p->blank = FALSE;
}

char *
sg_texts_fill(const SgTexts *t, const char *name, const SgValues *v, char **subject)
{
	const Template *one = g_hash_table_lookup(t->templates, name);
	g_autoptr(GString) head = g_string_new(NULL);
	Page p = { .blank = TRUE };

	if (one == NULL)
		return NULL;
	p.out = g_string_new(NULL);
	for (guint i = 0; one->lines[i] != NULL; i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		g_auto(GStrv) parts = NULL;

		if (!expand(one->lines[i], v, TRUE, line, NULL))
			continue;
		parts = g_strsplit(line->str, "\n", -1);
		if (parts[0] == NULL)
			put_line(&p, "");
		for (guint k = 0; parts[k] != NULL; k++)
			put_line(&p, parts[k]);
	}
	while (p.out->len > 0 && p.out->str[p.out->len - 1] == '\n')
		g_string_truncate(p.out, p.out->len - 1);
	g_string_append_c(p.out, '\n');
	(void)expand(one->subject, v, FALSE, head, NULL);
	*subject = g_strdup(g_strstrip(head->str));
	return g_string_free(p.out, FALSE);
}

char *
sg_texts_pattern(const SgTexts *t, const char *key, ...)
{
	g_autoptr(GString) out = g_string_new(sg_texts_word(t, key));
	const char *name;
	va_list ap;

	va_start(ap, key);
	while ((name = va_arg(ap, const char *)) != NULL) {
		g_autofree char *hole = g_strdup_printf("{%s}", name);
		const char *value = va_arg(ap, const char *);

		g_string_replace(out, hole, value != NULL ? value : "", 1);
	}
	va_end(ap);
	g_strdelimit(out->str, "\r\n", ' ');
	return g_strdup(out->str);
}

/* ---- times ------------------------------------------------------------------------ */

/* Any number of seconds gives a time: a store with a wrong one must not stop the mail. */
static GDateTime *
local(const SgTexts *t, gint64 seconds)
{
	g_autoptr(GDateTime) given = g_date_time_new_from_unix_utc(seconds);
	g_autoptr(GDateTime) first = g_date_time_new_from_unix_utc(0);
	GDateTime *there = given != NULL ? g_date_time_to_timezone(given, t->zone) : NULL;

	return there != NULL ? there : g_date_time_to_timezone(first, t->zone);
}

static char *
date(const SgTexts *t, GDateTime *when)
{
	g_auto(GStrv) days = g_strsplit(sg_texts_word(t, "time.days"), " ", -1);
	g_auto(GStrv) months = g_strsplit(sg_texts_word(t, "time.months"), " ", -1);
	g_autofree char *day = g_strdup_printf("%d", g_date_time_get_day_of_month(when));

	return sg_texts_pattern(t, "time.date", "weekday",
	    days[g_date_time_get_day_of_week(when) - 1], "day", day, "month",
	    months[g_date_time_get_month(when) - 1], NULL);
}

char *
sg_texts_full_time(const SgTexts *t, gint64 when)
{
	g_autoptr(GDateTime) at = local(t, when);
	g_autofree char *clock = g_date_time_format(at, "%H:%M");
	g_autofree char *day = date(t, at);

	return sg_texts_pattern(t, "time.full", "date", day, "clock", clock, NULL);
}

char *
sg_texts_when(const SgTexts *t, gint64 when, gint64 now, gboolean bare)
{
	g_autoptr(GDateTime) at = local(t, when);
	g_autoptr(GDateTime) today = local(t, now);
	g_autofree char *clock = g_date_time_format(at, "%H:%M");
	g_autofree char *day = date(t, at);

	if (g_date_time_get_year(at) != g_date_time_get_year(today)
	    || g_date_time_get_day_of_year(at) != g_date_time_get_day_of_year(today))
		return sg_texts_pattern(t, "time.other", "clock", clock, "date", day, NULL);
	return bare ? g_steal_pointer(&clock)
		    : sg_texts_pattern(t, "time.today", "clock", clock, NULL);
}
