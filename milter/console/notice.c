#include <string.h>

#include "console/notice.h"
#include "console/view.h"

#define HOLE "{note}"

static char *
read_file(const SgOptions *o, const char *name)
{
	g_autofree char *file = g_build_filename(o->courier.notices, o->courier.language, name, NULL);
	char *text = NULL;
	gsize n = 0;

	if (!g_file_get_contents(file, &text, &n, NULL) || n > 65536 || !g_utf8_validate_len(text, n, NULL))
		g_clear_pointer(&text, g_free);
	return text;
}

/* FALSE: a value that we have not, and the line drops out, as in the mail. */
static gboolean
fill(const SgRequest *q, const SgIncident *i, GString *line)
{
	const SgOptions *o = q->setup->options;
	g_autofree char *time = sg_view_words(i->created, q->now);
	const struct {
		const char *name, *value;
	} values[] = {
		{ "{time}", time },
		{ "{category}", sg_category_label(i->category) },
		{ "{school}", o->school.name },
		{ "{help}", o->school.help_name },
		{ "{help_name}", o->school.help_name },
		{ "{help_address}", o->school.help_address },
		{ "{rules_link}", o->school.rules_link },
	};

	for (gsize k = 0; k < G_N_ELEMENTS(values); k++) {
		if (strstr(line->str, values[k].name) == NULL)
			continue;
		if (values[k].value == NULL || *values[k].value == '\0')
			return FALSE;
		g_string_replace(line, values[k].name, values[k].value, 0);
	}
	return strchr(line->str, '{') == NULL;
}

/* Lines of one paragraph are joined, as the mail fills them. */
static void
add_line(json_t *list, const char *line, gboolean *open)
{
	const json_t *last = json_array_get(list, json_array_size(list) - 1);

	if (*line == '\0')
		*open = FALSE;
	else if (*open && last != NULL)
		json_array_set_new(list, json_array_size(list) - 1,
		    json_sprintf("%s %s", json_string_value(last), line));
	else
		json_array_append_new(list, json_string(line));
	*open = *line != '\0';
}

static json_t *
read_template(const SgRequest *q, const SgIncident *i, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	json_t *view = json_pack("{s:[] s:[]}", "above", "below");
	const char *where = "above";
	gboolean open = FALSE;

	for (char **l = lines; *l != NULL; l++) {
		g_autoptr(GString) line = g_string_new(g_strstrip(*l));

		if (g_str_has_prefix(line->str, "Subject: "))
			json_object_set_new(view, "subject", json_string(line->str + strlen("Subject: ")));
		else if (strstr(line->str, HOLE) != NULL) {
			where = "below";
			open = FALSE;
		} else if (fill(q, i, line))
			add_line(json_object_get(view, where), line->str, &open);
	}
	if (strcmp(where, "below") == 0)
		return view;
	json_decref(view);
	return NULL;
}

static void
add_words(const SgRequest *q, const SgIncident *i, const char *template, json_t *view)
{
	g_autofree char *all = read_file(q->setup->options, "words.txt"), *key = g_strdup_printf("note.%s:", template);
	g_auto(GStrv) lines = g_strsplit(all != NULL ? all : "", "\n", -1);

	json_object_set_new(view, "text", json_string(""));
	for (char **l = lines; *l != NULL; l++) {
		g_autoptr(GString) line = NULL;

		if (!g_str_has_prefix(*l, key))
			continue;
		line = g_string_new(g_strstrip(*l + strlen(key)));
		if (fill(q, i, line))
			json_object_set_new(view, "text", json_string(line->str));
	}
}

json_t *
sg_notice_view(const SgRequest *q, const SgIncident *i, const SgDecisionKind *kind)
{
	const char *name = kind->notice;
	g_autofree char *file = NULL, *text = NULL;
	json_t *view;

	if (name == NULL)
		return NULL;
	if (strcmp(name, "returned") == 0)
		name = g_strcmp0(i->origin.sender_class, "pupil") == 0 ? "returned-pupil" : "returned-staff";
	file = g_strconcat(name, ".txt", NULL);
	text = read_file(q->setup->options, file);
	view = text != NULL ? read_template(q, i, text) : NULL;
	if (view == NULL)
		return NULL;
	add_words(q, i, name, view);
	json_object_set_new(view, "released", json_boolean(kind->releases));
	return view;
}
