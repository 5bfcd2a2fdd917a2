/*
 * policy - policy.conf and, after a NUL byte, people.csv, as somebody may type them.
 * What loads must decide without a crash.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "decide/decide.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 forgets its buffers when a text ends inside a string. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so\n";
}

static void
put(int fd, const guint8 *data, gsize size)
{
	if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0 ||
	    write(fd, data, size) != (gssize)size)
		g_error("the test's own file cannot be written");
}

static SgOptions *
options(int policy, int people)
{
	g_autofree char *dir = g_dir_make_tmp("sg-fuzz-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(dir, "schoolgate.conf", NULL);
	g_autofree char *text = g_strdup_printf("school: { name = \"Hill\"; domains = [ \"hill.example\" ]; };\n"
	    "courier: { from = \"sg@hill.example\"; };\npolicy = \"/proc/self/fd/%d\";\n"
	    "people = \"/proc/self/fd/%d\";\n", policy, people);
	SgOptions *o;

	g_file_set_contents(file, text, -1, NULL);
	o = sg_options_load(file, NULL, NULL);
	g_unlink(file);
	g_rmdir(dir);
	if (o == NULL)
		g_error("the test's own configuration does not load");
	return o;
}

static void
use(const SgPolicy *p)
{
	static const char *const to[] = { "ann@hill.example", "b+tag@hill.example", "x@y.example" };
	g_autoptr(SgMessage) m = sg_message_new();
	g_autoptr(SgReading) r = sg_reading_new();
	SgFinding *f = g_new0(SgFinding, 1);
	SgPartInfo *part = g_new0(SgPartInfo, 1);

	g_free(m->sender);
	m->sender = g_strdup("hale@hill.example");
	m->authenticated = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(to); i++)
		g_ptr_array_add(m->recipients, g_strdup(to[i]));
	f->category = g_strdup("hate");
	f->rule = g_strdup("hate.racist");
	f->severity = 5;
	f->confidence = SG_CONF_HIGH;
	part->part = g_strdup("2");
	part->kinds = g_strdup("executable macro");
	part->detected = g_strdup("image/png");
	part->name = g_strdup("a.exe");
	g_ptr_array_add(r->findings, f);
	g_ptr_array_add(r->parts, part);
	r->flags = SG_FLAG_AMBIGUOUS;
	sg_verdict_free(sg_decide(p, m, r, 1000));
	g_free(sg_decide_facts(p, m));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static int policy_fd = -1, people_fd = -1;
	static SgOptions *o;
	const guint8 *cut = size > 0 ? memchr(data, 0, size) : NULL;
	gsize n = cut != NULL ? (gsize)(cut - data) : size;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgPolicy) p = NULL;

	if (o == NULL) {
		policy_fd = memfd_create("policy", MFD_CLOEXEC);
		people_fd = memfd_create("people", MFD_CLOEXEC);
		o = options(policy_fd, people_fd);
	}
	if (g_strstr_len((const char *)data, (gssize)n, "@include") != NULL)
		return 0;	/* would read files of this machine */
	put(policy_fd, data, n);
	put(people_fd, cut != NULL ? cut + 1 : (const guint8 *)"address\n",
	    cut != NULL ? size - n - 1 : 8);
	p = sg_policy_load(o, problems, NULL);
	if (p != NULL)
		use(p);
	else if (problems->len == 0)
		g_error("refused without a reason");
	return 0;
}
