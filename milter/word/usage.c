#include <string.h>

#include "word/usage.h"

typedef struct {
	guint	    most;
	const char *words;	/* each between blanks */
} Grade;

/* Of words in mails, letters and chat; without apostrophes, as the lexicon has them. */
static const Grade grades[] = {
	{ 30000, " a and i in is it of that the to you " },
	{ 8000, " all are as at be but by can do for from get have he if im just like me my no not "
		"of on or our please so they this up was we what will with your " },
	{ 3000, " about after an any been could day did dont get go going good got had has her here "
		"him his how its know make more new now one only other out over people school see "
		"she should some their them then there think time too u us very want well were "
		"when where which who why would year " },
	{ 1000, " again also always am another anyone around away back bad because before being best "
		"better big both cant class come does doing done down each email even ever every "
		"everyone find first friday friends give great had hope home ill into ive keep last "
		"leave let life little long look love made man many may maybe mean might monday much "
		"mum must need never next nice nothing off ok old once own part really right said say "
		"send someone something soon still stop such sure take tell than thank thanks thats "
		"these thing things those though thought through thursday today told tomorrow tuesday "
		"two under until use used wait way wednesday week went while work world year years "
		"yes yet youre " },
	{ 400, " able actually against almost already anything ask asked believe boy boys bring call "
		"called care change check child children else end enough exam far feel few follow free "
		"friend full fun girl girls gone guys hand hard hate head hear help high hold house job kid kids "
		"kill kind later left less lets list live lol lost lot lots lunch miss money month "
		"morning move mr mrs ms name night number open parents person phone pick place play "
		"point post pretty put rather read ready real reply room run saw saturday second "
		"seen set shit show since sit sorry sort start started stay stuff sunday talk talking "
		"teacher team there theres they theyre three till trip try trying turn wanna wanted "
		"watch whats whole without wont word words working wrong " },
};

guint
sg_usage_of(const char *word)
{
	g_autofree char *padded = g_strconcat(" ", word, " ", NULL);
	gsize len = strlen(word);

	for (gsize i = 0; i < G_N_ELEMENTS(grades); i++)
		if (strstr(grades[i].words, padded) != NULL)
			return grades[i].most;
	return len < 2 ? 2000 : len == 2 ? 300 : len == 3 ? 100 : len <= 5 ? 40 : 15;
}
