/*
 * trainmodel - makes a model file from labelled texts, and scores texts with one.
 *
 *   trainmodel make HEADS LEXICON LINES OUT	HEADS: "hate,offence,..."
 *   trainmodel score MODEL LINES		a line a text: the highest margin of each head; of
 *						those above 0 what is evidence for the matcher
 *
 * Twice: first with every feature; then with those that found room in the table, of each
 * slot the one that matters most.  The same lines give the same bytes.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solve.h"
#include "weigh/worst.h"

#define ROUNDS	  12u
#define COST	  0.05
#define CALIBRATE 0u		/* the fold by which margins become values */

typedef struct {
	char	 **heads;
	guint	   n;
	SgGramWords *lexicon;
	Examples  *e;
	Solved	  *solved[SG_LINEAR_HEADS];
	SgLinearName name[SG_LINEAR_HEADS];
} Trainer;

static double
cost(void)
{
	const char *s = getenv("TRAIN_COST");

	return s != NULL ? g_ascii_strtod(s, NULL) : COST;
}

static void
solve_all(Trainer *t, guint fold)
{
	for (guint h = 0; h < t->n; h++) {
		g_clear_pointer(&t->solved[h], solved_free);
		t->solved[h] = solve(t->e, h, cost(), ROUNDS, fold);
	}
}

static guint32
slot_of(guint32 id)
{
	return id & (SG_LINEAR_SLOTS - 1);
}

static guint8
check_of(guint32 id)
{
	return (guint8)((id >> SG_GRAM_SLOT_BITS) | 1);
}

/* Of a long text that is bad for a head only the worst segment teaches that head. */
static void
keep_worst(Trainer *t, guint head)
{
	Examples *e = t->e;

	for (guint i = 0, end; i < e->list->len; i = end) {
		Example *first = &g_array_index(e->list, Example, i);
		double high = -G_MAXDOUBLE;
		guint best = i;

		for (end = i; end < e->list->len && g_array_index(e->list, Example, end).text == first->text; end++) {
			double m = solved_margin(t->solved[head], e, &g_array_index(e->list, Example, end));

			if (m > high) {
				high = m;
				best = end;
			}
		}
		for (guint k = i; end - i > 1 && k < end; k++) {
			Example *x = &g_array_index(e->list, Example, k);

			if (x->label[head] > 0 && k != best)
				x->label[head] = 0;
		}
	}
}

static void
choose_features(Trainer *t)
{
	g_autofree guint8 *keep = g_new0(guint8, MAX(t->e->features, 1));
	g_autofree gint64 *holder = g_new(gint64, SG_LINEAR_SLOTS);
	g_autofree float *worth = g_new0(float, SG_LINEAR_SLOTS);
	guint kept = 0;

	for (guint32 s = 0; s < SG_LINEAR_SLOTS; s++)
		holder[s] = -1;
	for (guint32 i = 0; i < t->e->features; i++) {
		guint32 s = slot_of(t->e->feature[i]);
		float most = 0, value;

		for (guint h = 0; h < t->n; h++)
			most = MAX(most, fabsf(t->solved[h]->w[i]));
		value = most * sqrtf((float)t->e->seen[i]);
		if (value > worth[s]) {
			worth[s] = value;
			holder[s] = i;
		}
	}
	for (guint32 s = 0; s < SG_LINEAR_SLOTS; s++)
		if (holder[s] >= 0) {
			keep[holder[s]] = TRUE;
			kept++;
		}
	fprintf(stderr, "%u features, %u kept\n", t->e->features, kept);
	examples_drop(t->e, keep);
}

/* Margin to value by a logistic, fitted to examples the model has not seen (Platt 1999). */
static void
calibrate(Trainer *t, guint head)
{
	double a = 1, b = 0;

	for (guint round = 0; round < 200; round++) {
		double ga = 0, gb = 0, haa = 1e-6, hab = 0, hbb = 1e-6, det;

		for (guint i = 0; i < t->e->list->len; i++) {
			const Example *x = &g_array_index(t->e->list, Example, i);
			double m, p, y = x->label[head] > 0, w = (double)x->weight;

			if (x->label[head] == 0 || x->fold != CALIBRATE)
				continue;
			m = solved_margin(t->solved[head], t->e, x);
			p = 1.0 / (1.0 + exp(-(a * m + b)));
			ga += w * (p - y) * m;
			gb += w * (p - y);
			haa += w * p * (1 - p) * m * m;
			hab += w * p * (1 - p) * m;
			hbb += w * p * (1 - p);
		}
		det = haa * hbb - hab * hab;
		if (det < 1e-12)
			break;
		a -= 0.5 * (hbb * ga - hab * gb) / det;
		b -= 0.5 * (haa * gb - hab * ga) / det;
		a = CLAMP(a, 0.1, 20);
		b = CLAMP(b, -20, 20);
	}
	/* coarse: the last bits of exp() differ from machine to machine */
	t->name[head].slope = (gint32)lrint(a * 64) * (SG_LINEAR_ONE / 64);
	t->name[head].offset = (gint32)lrint(b * 64) * (SG_LINEAR_ONE / 64);
	fprintf(stderr, "%s: value = logistic(%.3f margin %+.3f)\n", t->heads[head], a, b);
}

static void
quantise(Trainer *t, guint head, SgLinearEntry *table)
{
	float most = 1e-6f;
	const Solved *s = t->solved[head];
	SgLinearName *name = &t->name[head];

	for (guint32 i = 0; i < t->e->features; i++)
		most = MAX(most, fabsf(s->w[i]));
	name->scale = MAX((gint32)lrint((double)most / 127 * SG_LINEAR_ONE), 1);
	for (guint k = 0; k < SG_LINEAR_LENGTHS; k++)
		name->bias[k] = (gint32)lrint(s->bias[k] * SG_LINEAR_ONE);
	g_strlcpy(name->name, t->heads[head], sizeof name->name);
	for (guint32 i = 0; i < t->e->features; i++) {
		SgLinearEntry *e = &table[slot_of(t->e->feature[i])];
		double q = (double)s->w[i] / (name->scale / (double)SG_LINEAR_ONE);

		if (s->w[i] == 0)
			continue;
		e->check = check_of(t->e->feature[i]);
		e->weight[head] = (gint8)CLAMP(lrint(q), -127, 127);
	}
}

static gboolean
write_model(Trainer *t, const char *out)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autofree SgLinearEntry *table = g_new0(SgLinearEntry, SG_LINEAR_SLOTS);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	SgLinearTop top = { .version = SG_LINEAR_VERSION, .heads = SG_LINEAR_HEADS };
	guint8 digest[32];
	gsize n = sizeof digest;

	memcpy(top.magic, SG_LINEAR_MAGIC, sizeof top.magic);
	for (guint h = 0; h < t->n; h++)
		quantise(t, h, table);
	g_byte_array_append(bytes, (const guint8 *)&top, sizeof top);
	g_byte_array_append(bytes, (const guint8 *)t->name, sizeof t->name);
	g_byte_array_append(bytes, (const guint8 *)t->lexicon->hash, SG_LINEAR_WORDS * 4);
	g_byte_array_append(bytes, t->lexicon->word_class, SG_LINEAR_WORDS);
	g_byte_array_append(bytes, (const guint8 *)table, SG_LINEAR_SLOTS * sizeof *table);
	g_checksum_update(sum, bytes->data, bytes->len);
	g_checksum_get_digest(sum, digest, &n);
	g_byte_array_append(bytes, digest, sizeof digest);
	if (g_file_set_contents(out, (const char *)bytes->data, bytes->len, NULL))
		return TRUE;
	perror(out);
	return FALSE;
}

static int
make(const char *heads, const char *lexicon, const char *lines, const char *out)
{
	Trainer t = { .heads = g_strsplit(heads, ",", -1) };
	gboolean done;

	t.n = g_strv_length(t.heads);
	t.lexicon = lexicon_read(lexicon);
	t.e = t.lexicon != NULL && t.n <= SG_LINEAR_HEADS ? examples_read(lines, t.lexicon) : NULL;
	if (t.e == NULL)
		return 1;
	fprintf(stderr, "%u examples, %u features in all\n", t.e->list->len, t.e->id->len);
	examples_number(t.e);
	solve_all(&t, FOLD_NONE);
	choose_features(&t);
	for (guint h = 0; h < t.n; h++)
		keep_worst(&t, h);
	solve_all(&t, CALIBRATE);
	for (guint h = 0; h < t.n; h++)
		calibrate(&t, h);
	solve_all(&t, FOLD_NONE);
	done = write_model(&t, out);
	for (guint h = 0; h < t.n; h++)
		solved_free(t.solved[h]);
	examples_free(t.e);
	lexicon_free(t.lexicon);
	g_strfreev(t.heads);
	return done ? 0 : 1;
}

static void
nothing(const SgWorstHit *hit, gpointer data)
{
	(void)hit;
	(void)data;
}

static int
score(const char *model, const char *lines)
{
	g_autofree char *bytes = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(SgLinear) m = NULL;
	g_autoptr(SgWorst) s = NULL;
	g_autoptr(SgCanon) c = sg_canon_new(NULL);
	const float least[SG_LINEAR_HEADS] = { 0 };
	guint alone = 0;
	gsize len;
	FILE *f = fopen(lines, "r");
	char *line = NULL;
	size_t room = 0;

	if (f == NULL || c == NULL || !g_file_get_contents(model, &bytes, &len, NULL)) {
		perror(lines);
		return 1;
	}
	m = sg_linear_read(g_bytes_new_take(g_steal_pointer(&bytes), len), &error);
	if (m == NULL) {
		fprintf(stderr, "%s: %s\n", model, error->message);
		return 1;
	}
	s = sg_worst_new(m);
	for (guint h = 0; h < SG_LINEAR_HEADS; h++)
		if (strcmp(m->head[h].name, "hate") == 0 || strcmp(m->head[h].name, "offence") == 0)
			alone |= 1u << h;	/* as in rules/model-*.conf */
	while (getline(&line, &room, f) > 0) {
		const char *text = strrchr(line, '\t');

		sg_worst_start(s, least, alone);
		sg_canon_start(c, text != NULL ? text + 1 : line, strlen(text != NULL ? text + 1 : line));
		while (sg_canon_next(c)) {
			SgWorstPiece p = sg_worst_canon(c);

			sg_worst_piece(s, &p, nothing, NULL);
		}
		for (guint h = 0; h < SG_LINEAR_HEADS; h++)
			printf("%.4f%c", (double)sg_worst_most(s, h), h + 1 < SG_LINEAR_HEADS ? '\t' : '\n');
	}
	fclose(f);
	free(line);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "make") == 0)
		return make(argv[2], argv[3], argv[4], argv[5]);
	if (argc == 4 && strcmp(argv[1], "score") == 0)
		return score(argv[2], argv[3]);
	fprintf(stderr, "usage: trainmodel make HEADS LEXICON LINES OUT | score MODEL LINES\n");
	return 2;
}
