/*
 * options - schoolgate.conf, read once into a snapshot that never changes.
 *
 * options.def has one row a setting.  Programs keep a reference; a reload
 * reads a new snapshot and swaps it whole.  Unknown keys, wrong types and
 * numbers out of range are errors; all of them are reported, not only the
 * first, each as "file:line: what is wrong; how to put it right".
 */
#ifndef SG_BASE_OPTIONS_H
#define SG_BASE_OPTIONS_H

#include <glib.h>

typedef struct SgOptions {
#define SECTION(name, path) struct {
#define INT(s, key, def, min, max, help) gint64 key;
#define BOOL(s, key, def, help) gboolean key;
#define STR(s, key, def, help) char *key;
#define PATH(s, key, def, help) char *key;
#define LIST(s, key, def, help) char **key;
#define PATHS(s, key, def, help) char **key;
#define END_SECTION(name) } name;
#include "base/options.def"
#undef SECTION
#undef INT
#undef BOOL
#undef STR
#undef PATH
#undef LIST
#undef PATHS
#undef END_SECTION
	char *file;	/* where it was read from, absolute */
} SgOptions;

/* Reads file.  On failure returns NULL with SG_ERR_SETUP; when problems is not
 * NULL every problem is appended to it (char *, freed by the array). */
SgOptions *sg_options_load(const char *file, GPtrArray *problems, GError **error);
SgOptions *sg_options_ref(SgOptions *o);
void	   sg_options_unref(SgOptions *o);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgOptions, sg_options_unref)

/* Of "file:line: ..." problems, those that stop a program: all but "file:line: warning: ...". */
guint	   sg_problems_errors(const GPtrArray *problems);

/* The line of "section.key" in o's file, for a problem with its value; 1 when it is not there. */
guint	   sg_options_line(const SgOptions *o, const char *setting);

/* Every setting as "section.key = value", one a line, in the order of
 * options.def; o NULL prints the defaults, each with its help as a comment. */
char *sg_options_show(const SgOptions *o);
/* The same rows as mdoc(7) list items, for schoolgate.conf(5). */
char *sg_options_mdoc(void);

#endif
