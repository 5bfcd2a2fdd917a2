#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "ctl/ctl.h"
#include "model/uitext.h"

#define WIDTH_DEFAULT 80u

static guint
terminal_width(void)
{
	struct winsize w = { 0 };
	const char *columns = g_getenv("COLUMNS");
	guint64 n;

	if (columns != NULL && g_ascii_string_to_unsigned(columns, 10, 20, 1000, &n, NULL))
		return (guint)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 20)
		return w.ws_col;
	return WIDTH_DEFAULT;
}

SgCtl *
sg_ctl_new(const char *self)
{
	SgCtl *c = g_new0(SgCtl, 1);

	c->self = self;
	c->values = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	c->args = g_ptr_array_new_with_free_func(g_free);
	c->terminal = isatty(STDIN_FILENO) == 1;
	c->table = isatty(STDOUT_FILENO) == 1;
	c->width = terminal_width();
	return c;
}

void
sg_ctl_free(SgCtl *c)
{
	if (c == NULL)
		return;
	g_hash_table_unref(c->values);
	g_ptr_array_unref(c->args);
	sg_options_unref(c->options);
	g_free(c);
}

/* Arrays keep a NULL at their end, so that a plain walk is possible. */
void
sg_ctl_set(SgCtl *c, const char *option, const char *value)
{
	GPtrArray *list = g_hash_table_lookup(c->values, option);

	if (list == NULL) {
		list = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(list, NULL);
		g_hash_table_insert(c->values, g_strdup(option), list);
	}
	g_ptr_array_insert(list, (gint)list->len - 1, g_strdup(value != NULL ? value : ""));
}

gboolean
sg_ctl_has(const SgCtl *c, const char *option)
{
	return g_hash_table_contains(c->values, option);
}

const char *
sg_ctl_value(const SgCtl *c, const char *option)
{
	const GPtrArray *list = g_hash_table_lookup(c->values, option);

	return list != NULL && list->len > 1 ? g_ptr_array_index(list, list->len - 2) : NULL;
}

const char *const *
sg_ctl_values(const SgCtl *c, const char *option)
{
	const GPtrArray *list = g_hash_table_lookup(c->values, option);

	return list != NULL ? (const char *const *)list->pdata : NULL;
}

const char *
sg_ctl_arg(const SgCtl *c, guint i)
{
	return i < c->args->len ? g_ptr_array_index(c->args, i) : NULL;
}

SgExit
sg_ctl_fail(const SgCtl *c, SgExit code, const char *what, const char *why, const char *todo)
{
	g_autofree char *a = sg_ui_text(what, -1, 0, SG_UI_ESCAPE | SG_UI_LINE);
	g_autofree char *b = sg_ui_text(why, -1, 0, SG_UI_ESCAPE | SG_UI_LINE);
	g_autofree char *d = sg_ui_text(todo, -1, 0, SG_UI_ESCAPE | SG_UI_LINE);

	/* what fails because somebody pressed Ctrl-C is not news to them */
	if (c->interrupted != NULL && c->interrupted())
		return SG_EXIT_INTERRUPTED;
	if (*b != '\0' && g_str_has_suffix(a, "."))
		a[strlen(a) - 1] = '\0';	/* the console speaks in sentences */
	(void)fflush(stdout);
	fprintf(stderr, "schoolgatectl: %s%s%s\n", a, *b != '\0' ? ": " : "", b);
	if (*d != '\0')
		fprintf(stderr, "  %s\n", d);
	return code;
}

SgExit
sg_ctl_fail_error(const SgCtl *c, const char *what, const GError *error)
{
	SgExit code = SG_EXIT_AWAY;
	const char *todo = "Try again; \"schoolgatectl doctor\" looks for the cause.";

	if (g_error_matches(error, SG_ERR, SG_ERR_SETUP) ||
	    g_error_matches(error, SG_ERR, SG_ERR_INPUT) ||
	    g_error_matches(error, SG_ERR, SG_ERR_LIMIT)) {
		code = SG_EXIT_USAGE;
		todo = NULL;	/* the message says it */
	}
	return sg_ctl_fail(c, code, what, error->message, todo);
}

void
sg_ctl_say(const SgCtl *c, const char *format, ...)
{
	va_list ap;
	g_autofree char *text = NULL, *clean = NULL;

	if (sg_ctl_has(c, "quiet"))
		return;
	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	clean = sg_ui_text(text, -1, 0, SG_UI_ESCAPE);
	(void)fflush(stdout);
	fprintf(stderr, "%s\n", clean);
}

const char *
sg_ctl_config_file(const SgCtl *c)
{
	const char *file = sg_ctl_value(c, "config");

	return file != NULL ? file : SG_SYSCONFDIR "/schoolgate/schoolgate.conf";
}

SgOptions *
sg_ctl_options(SgCtl *c)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

	if (c->options == NULL)
		c->options = sg_options_load(sg_ctl_config_file(c), problems, NULL);
	for (guint i = 0; i < problems->len; i++)
		(void)sg_ctl_fail(c, SG_EXIT_USAGE, g_ptr_array_index(problems, i), NULL, NULL);
	return c->options;
}

static gboolean
since_span(const char *text, gint64 now, gint64 *out)
{
	static const struct {
		char   unit;
		gint64 seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	char *end = NULL;
	guint64 n = g_ascii_strtoull(text, &end, 10);

	if (!g_ascii_isdigit(text[0]) || end == text || end[0] == '\0' || end[1] != '\0' ||
	    n > 100000)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
		if (units[i].unit == end[0]) {
			*out = now - (gint64)n * units[i].seconds;
			return TRUE;
		}
	return FALSE;
}

gboolean
sg_ctl_since(const char *text, gint64 now, gint64 *out)
{
	g_autoptr(GDateTime) here = g_date_time_new_from_unix_local(now);
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	g_autoptr(GDateTime) day = NULL;
	g_autofree char *full = NULL;

	if (since_span(text, now, out))
		return TRUE;
	if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0) {
		day = g_date_time_new_local(g_date_time_get_year(here), g_date_time_get_month(here),
		    g_date_time_get_day_of_month(here), 0, 0, 0);
		*out = g_date_time_to_unix(day) - (text[0] == 'y' ? 86400 : 0);
		return TRUE;
	}
	full = strlen(text) == 10 ? g_strdup_printf("%sT00:00:00", text) : g_strdup(text);
	day = g_date_time_new_from_iso8601(full, zone);
	if (day == NULL)
		return FALSE;
	*out = g_date_time_to_unix(day);
	return TRUE;
}

char *
sg_ctl_stdin(gsize max, GError **error)
{
	g_autoptr(GByteArray) all = g_byte_array_new();
	guint8 buf[16384];
	gssize n;

	while ((n = read(STDIN_FILENO, buf, sizeof buf)) != 0) {
		if (n == -1) {
			g_set_error(
			    error, SG_ERR, SG_ERR_INPUT, "standard input: %s", g_strerror(errno));
			return NULL;
		}
		g_byte_array_append(all, buf, (guint)n);
		if (all->len > max) {
			g_set_error(error, SG_ERR, SG_ERR_LIMIT,
			    "standard input has more than %" G_GSIZE_FORMAT
			    " bytes; give less at a time",
			    max);
			return NULL;
		}
	}
	if (!g_utf8_validate((const char *)all->data, (gssize)all->len, NULL)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT,
		    "standard input is not UTF-8 text; "
		    "convert it first, for example with iconv");
		return NULL;
	}
	return g_strndup((const char *)all->data, all->len);
}
