#include <string.h>

#include "base/nearest.h"

#define WORD_MAX 64u

guint
sg_word_distance(const char *a, const char *b)
{
	gsize n = strlen(b);
	guint row[WORD_MAX + 1];

	if (strlen(a) > WORD_MAX || n > WORD_MAX)
		return SG_FAR;
	for (guint j = 0; j <= n; j++)
		row[j] = j;
	for (guint i = 1; a[i - 1] != '\0'; i++) {
		guint diagonal = row[0];

		row[0] = i;
		for (guint j = 1; j <= n; j++) {
			guint old = row[j];

			row[j] =
			    MIN(MIN(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = old;
		}
	}
	return row[n];
}

void
sg_word_nearer(const char *typed, const char *word, const char **best, guint *low)
{
	guint d = sg_word_distance(typed, word);

	if (d >= *low)
		return;
	*low = d;
	*best = word;
}

gboolean
sg_word_near(const char *typed, guint distance)
{
	return distance <= MAX(2u, (guint)strlen(typed) / 3);
}
