#include <string.h>

#include "value/person.h"

/* Words with a capital that are no names, sorted: of sentences, letters and schools. */
static const char *const no_names[] = { "a", "academy", "acting", "after", "all", "also", "an", "and", "annual",
	"april", "are", "as", "asd", "assembly", "assistant", "at", "august", "autism", "autumn", "awareness",
	"be", "best", "board", "but", "can", "care", "centre", "chair", "child", "children", "childrens",
	"christmas", "class", "clinic", "club", "code", "college", "committee", "community", "confidential",
	"council", "county", "course", "day", "dear", "december", "department", "deputy", "designated",
	"development", "director", "dr", "early", "easter", "education", "educational", "english", "evening",
	"exam", "family", "february", "first", "for", "form", "foundation", "free", "friday", "from", "general",
	"good", "governors", "great", "group", "happy", "has", "have", "he", "head", "headteacher", "health",
	"hello", "help", "her", "hi", "high", "his", "history", "hospital", "house", "how", "i", "if", "in",
	"individual", "infant", "is", "it", "january", "july", "june", "junior", "key", "kind", "lead", "leader",
	"learning", "local", "looked", "manager", "many", "march", "maths", "may", "medical", "meeting",
	"mental", "miss", "monday", "morning", "mr", "mrs", "ms", "my", "national", "needs", "new", "no", "not",
	"note", "november", "nurse", "october", "of", "office", "officer", "on", "our", "parent", "parents",
	"pastoral", "people", "plan", "please", "police", "policy", "premium", "primary", "programme",
	"protection", "psychologist", "pupil", "pupils", "re", "referral", "regards", "registration", "report",
	"review", "road", "room", "safeguarding", "saturday", "school", "schools", "science", "secondary",
	"section", "sen", "senco", "send", "september", "service", "services", "she", "so", "social", "special",
	"spring", "st", "staff", "stage", "state", "street", "strategy", "student", "students", "summer",
	"sunday", "support", "teacher", "team", "term", "thank", "thanks", "that", "the", "their", "there",
	"therapist", "therapy", "they", "this", "thursday", "to", "today", "tomorrow", "training", "trust",
	"tuesday", "tutor", "united", "university", "unit", "we", "wednesday", "week", "what", "when", "where",
	"who", "will", "winter", "wishes", "with", "worker", "world", "year", "yesterday", "you", "young",
	"your", "yours", "youth" };

static const char *const greetings[] = { "dear", "hi", "hello", "hey", "morning", "afternoon", "evening", "thanks",
	"regards", "ta", "cheers", "wishes", "sincerely", "faithfully", "mr", "mrs", "miss", "ms", "dr", "sir",
	"madam", "prof", "professor", "rev", "mx", "st", "saint", "cllr", "lord", "lady", "from", "by" };

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

static gboolean
is_no_name(const char *text, gsize at, gsize end)
{
	char word[20];
	gsize n = 0;

	for (gsize i = at; i < end && n < sizeof word - 1; i++)
		if (text[i] != '\'')
			word[n++] = g_ascii_tolower(text[i]);
	word[n] = '\0';
	return bsearch(word, no_names, G_N_ELEMENTS(no_names), sizeof *no_names, by_text) != NULL;
}

static gboolean
in_name(char c)
{
	return g_ascii_isalpha(c) || (guchar)c >= 0x80 || c == '\'' || c == '-';
}

/* The end of a word like Lovell, O'Neill, Smith-Jones at `at`; at itself when there is none. */
static gsize
name_end(const char *text, gsize at, gsize to)
{
	gsize i = at;
	gboolean small = FALSE;

	if (i >= to || !g_ascii_isupper(text[i]))
		return at;
	for (; i < to && in_name(text[i]); i++)
		small = small || g_ascii_islower(text[i]);
	if (i > at + 2 && text[i - 1] == 's' && text[i - 2] == '\'')
		i -= 2;
	return small && i - at >= 2 && i - at < 20 ? i : at;
}

/* The word before at is a greeting or a title. */
static gboolean
greeted(const char *text, gsize at)
{
	gsize end = at, from;

	while (end > 0 && strchr(" .,", text[end - 1]) != NULL)
		end--;
	for (from = end; from > 0 && g_ascii_isalpha(text[from - 1]) && end - from < 12; from--)
		;
	for (gsize i = 0; i < G_N_ELEMENTS(greetings); i++)
		if (strlen(greetings[i]) == end - from &&
		    g_ascii_strncasecmp(greetings[i], text + from, end - from) == 0)
			return TRUE;
	return FALSE;
}

/* "Year 8 pupil", "pupil AL" behind the word at at. */
static gboolean
is_some_pupil(const char *text, gsize at, gsize to)
{
	static const char *const whos[] = { "pupil ", "student ", "child ", "boy ", "girl " };
	gsize i = at;

	if (at + 8 < to && g_ascii_strncasecmp(text + at, "year ", 5) == 0) {
		for (i = at + 5; i < to && g_ascii_isdigit(text[i]); i++)
			;
		if (i == at + 5 || i >= to || text[i] != ' ')
			return FALSE;
		for (gsize k = 0; k < G_N_ELEMENTS(whos); k++)
			if (i + strlen(whos[k]) <= to && g_ascii_strncasecmp(text + i + 1, whos[k],
			    strlen(whos[k]) - 1) == 0)
				return !g_ascii_isalpha(text[i + strlen(whos[k])]);
		return FALSE;
	}
	for (gsize k = 0; k < G_N_ELEMENTS(whos); k++) {
		i = at + strlen(whos[k]);
		if (i + 2 <= to && g_ascii_strncasecmp(text + at, whos[k], strlen(whos[k])) == 0 &&
		    g_ascii_isupper(text[i]) && (g_ascii_isupper(text[i + 1]) || text[i + 1] == '.') &&
		    (i + 2 == to || !g_ascii_isalpha(text[i + 2]) || text[i + 1] == '.'))
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_person_in(const char *text, gsize from, gsize to)
{
	gsize at = from;

	while (at < to) {
		gsize end, second;

		while (at < to && (!g_ascii_isalpha(text[at]) || (at > 0 && in_name(text[at - 1]))))
			at++;
		if (at >= to)
			break;
		if (is_some_pupil(text, at, to))
			return TRUE;
		end = name_end(text, at, to);
		second = end < to && end > at && text[end] == ' ' ? name_end(text, end + 1, to) : 0;
		if (second > end + 1 && !is_no_name(text, at, end) && !is_no_name(text, end + 1, second) &&
		    !greeted(text, at))
			return TRUE;
		at = MAX(at + 1, end);
	}
	return FALSE;
}

gboolean
sg_person_is(const char *text, gsize len, gsize at, gsize n)
{
	gsize from = at, to = at + n;

	if (!g_ascii_isupper(text[at]) || (n > 1 && g_ascii_isupper(text[at + 1])) || greeted(text, at))
		return FALSE;
	while (from > 0 && text[from - 1] == ' ')
		from--;
	while (to < len && strchr(" .,", text[to]) != NULL)
		to++;
	/* alone on its line: who signs */
	return !((from == 0 || text[from - 1] == '\n') && (to >= len || text[to] == '\n'));
}

void
sg_person_around(const char *text, gsize len, gsize within, gsize *from, gsize *to)
{
	gsize low = *from > within ? *from - within : 0, high = MIN(len, *to + within);
	gsize at = *from, end = *to;

	while (at > low && !(text[at - 1] == '\n' && at >= 2 && text[at - 2] == '\n'))
		at--;
	while (end < high && !(text[end] == '\n' && end + 1 < len && text[end + 1] == '\n'))
		end++;
	*from = at;
	*to = end;
}
