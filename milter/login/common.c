#include <string.h>

#include "login/password.h"

#define TEXT_MAX (SG_PASSWORD_MOST * 4u)

static const char *const words[] = {
#include "login/common.inc"
};

/* Keys in a row, and what is said in one. */
static const char *const rows[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "0123456789",
	"abcdefghijklmnopqrstuvwxyz", "qwertzuiop", "azertyuiop", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
	"qazwsxedcrfvtgbyhnujm" };

static const struct {
	char typed, meant;
} looks[] = { { '0', 'o' }, { '1', 'i' }, { '3', 'e' }, { '4', 'a' }, { '5', 's' }, { '7', 't' }, { '8', 'b' },
	{ '@', 'a' }, { '$', 's' }, { '!', 'i' }, { '+', 't' } };

static char
meant(char c)
{
	for (gsize i = 0; i < G_N_ELEMENTS(looks); i++)
		if (looks[i].typed == c)
			return looks[i].meant;
	return c;
}

static gboolean
few_signs(const char *s)
{
	gboolean seen[256] = { FALSE };
	guint n = 0;

	for (; *s != '\0'; s++) {
		n += !seen[(guint8)*s];
		seen[(guint8)*s] = TRUE;
	}
	return n < 5;
}

/* "abcabcabcabc": a piece of at most half, again and again. */
static gboolean
repeats(const char *s, gsize n)
{
	for (gsize k = 1; k <= n / 2; k++)
		if (strncmp(s, s + k, n - k) == 0)
			return TRUE;
	return FALSE;
}

/* Longest beginning of s that goes along a row, either way; a row begins anew at its end. */
static gsize
along(const char *s, const char *row)
{
	gsize n = strlen(row), best = 0;

	for (gsize at = 0; at < n; at++) {
		gsize up = 0, down = 0;

		while (s[up] != '\0' && s[up] == row[(at + up) % n])
			up++;
		while (s[down] != '\0' && s[down] == row[(at + n * (down / n + 1) - down) % n])
			down++;
		best = MAX(best, MAX(up, down));
	}
	return best;
}

static gboolean
begins_with(const char *s, const char *word, gboolean looks_like)
{
	for (; *word != '\0'; s++, word++)
		if (*s == '\0' || (*s != *word && (!looks_like || meant(*s) != *word)))
			return FALSE;
	return TRUE;
}

/* Marks where one can be after each word that fits at this place. */
static void
step(const char *s, gsize at, gboolean *can, const char *const *list, gsize n)
{
	for (gsize w = 0; w < n && list[w] != NULL; w++)
		if (begins_with(s + at, list[w], TRUE))
			can[at + strlen(list[w])] = TRUE;
}

/* Is it nothing but common words, rows of keys, figures and signs? */
static gboolean
is_made_of(const char *s, const char *const *own)
{
	gboolean can[TEXT_MAX + 1] = { TRUE };
	gsize n = strlen(s), many = 0;

	for (gsize at = 0; at < n; at++) {
		if (!can[at])
			continue;
		if (!g_ascii_isalpha(s[at]) && (guint8)s[at] < 0x80)
			can[at + 1] = TRUE;
		step(s, at, can, words, G_N_ELEMENTS(words));
		for (many = 0; own != NULL && own[many] != NULL; many++)
			;
		if (many > 0)
			step(s, at, can, own, many);
		for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
			gsize k = along(s + at, rows[r]);

			if (k >= 4)
				can[at + k] = TRUE;
		}
	}
	return can[n];
}

const char *
sg_password_refused(const char *password, const char *const *own)
{
	g_autofree char *small = NULL, *plain = NULL;
	gsize n;

	if (password == NULL || !g_utf8_validate(password, -1, NULL))
		return "Use letters, figures and signs that can be typed.";
	n = (gsize)g_utf8_strlen(password, -1);
	if (n < SG_PASSWORD_LEAST)
		return "Use at least 12 characters. Three or four words that do not belong together are easy to remember.";
	if (n > SG_PASSWORD_MOST)
		return "Use at most 200 characters.";
	plain = g_utf8_normalize(password, -1, G_NORMALIZE_ALL_COMPOSE);
	small = g_utf8_strdown(plain, -1);
	if (strlen(small) > TEXT_MAX)
		return "Use at most 200 characters.";
	if (few_signs(small) || repeats(small, strlen(small)) || is_made_of(small, own))
		return "This password is easy to guess. Use three or four words that do not belong together.";
	return NULL;
}
