#include <string.h>

#include "rule/skeleton.h"

#define SHORTEST 3u	/* letters: shorter words are in every other code and room number */

char
sg_skeleton_sign(guchar c)
{
	static const char sign[128] = {
		['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f',
		['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'i',
		['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r',
		['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x',
		['y'] = 'y', ['z'] = 'z',
		['0'] = 'o', ['1'] = 'i', ['2'] = 'z', ['3'] = 'e', ['4'] = 'a', ['5'] = 's',
		['6'] = 'g', ['7'] = 't', ['8'] = 'b', ['9'] = 'g',
		['!'] = 'i', ['|'] = 'i', ['$'] = 's', ['+'] = 't', ['@'] = 'a',
	};

	return c < 128 ? sign[c] : 0;
}

/* Appends the skeleton of a phrase; FALSE when it has none of its own. */
static gboolean
reduce(const char *phrase, GString *text, GByteArray *run, GByteArray *plain)
{
	guint letters = 0;

	for (const char *p = phrase; *p != '\0'; p++) {
		guint8 one = 1, same = (guint8)*p;
		char letter = sg_skeleton_sign((guchar)*p);

		if (*p == '\'' || *p == '-')
			continue;
		if (*p != ' ' && !g_ascii_islower(*p))
			return FALSE;
		if (*p == ' ') {
			letter = ' ';
		} else {
			letters++;
			if (text->len > 0 && text->str[text->len - 1] == letter) {
				run->data[run->len - 1] += run->data[run->len - 1] < 255;
				if (plain->data[plain->len - 1] != same)
					plain->data[plain->len - 1] = 0;
				continue;
			}
		}
		g_string_append_c(text, letter);
		g_byte_array_append(run, &one, 1);
		g_byte_array_append(plain, &same, 1);
	}
	return letters >= SHORTEST;
}

static void
form_clear(gpointer p)
{
	SgSkeletonForm *f = p;

	g_free(f->run);
	g_free(f->plain);
}

static SgSkeletonWord *
word_for(SgSkeletons *s, GHashTable *index, const GString *text)
{
	gpointer at = g_hash_table_lookup(index, text->str);
	SgSkeletonWord *w;

	if (at != NULL)
		return &s->word[GPOINTER_TO_UINT(at) - 1];
	w = &s->word[s->n++];
	w->text = g_strdup(text->str);
	w->len = (guint32)text->len;
	w->forms = g_array_new(FALSE, FALSE, sizeof(SgSkeletonForm));
	g_array_set_clear_func(w->forms, form_clear);
	g_hash_table_insert(index, w->text, GUINT_TO_POINTER(s->n));
	return w;
}

SgSkeletons *
sg_skeletons_new(const SgPatterns *patterns)
{
	SgSkeletons *s = g_new0(SgSkeletons, 1);
	g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GString) text = g_string_new(NULL);

	s->word = g_new0(SgSkeletonWord, MAX(patterns->n, 1));
	for (guint32 i = 0; i < patterns->n; i++) {
		g_autoptr(GByteArray) run = g_byte_array_new(), plain = g_byte_array_new();
		SgSkeletonForm form = { i, NULL, NULL };
		SgSkeletonWord *w;

		g_string_truncate(text, 0);
		if (patterns->pattern[i].regex ||
		    !reduce(patterns->pattern[i].text, text, run, plain))
			continue;
		w = word_for(s, index, text);
		form.run = g_byte_array_free(g_steal_pointer(&run), FALSE);
		form.plain = (char *)g_byte_array_free(g_steal_pointer(&plain), FALSE);
		g_array_append_val(w->forms, form);
	}
	return s;
}

void
sg_skeletons_free(SgSkeletons *s)
{
	if (s == NULL)
		return;
	for (guint i = 0; i < s->n; i++) {
		g_free(s->word[i].text);
		g_array_unref(s->word[i].forms);
	}
	g_free(s->word);
	g_free(s);
}
