#include <math.h>

#include "solve.h"

static guint64
next(guint64 *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static double
size_of(const Example *x)
{
	return 1.0 / sqrt(MAX(x->tokens, 1));
}

double
solved_margin(const Solved *s, const Examples *e, const Example *x)
{
	const guint32 *id = &g_array_index(e->id, guint32, x->first);
	const guint8 *count = &g_array_index(e->count, guint8, x->first);
	double sum = 0;

	for (guint32 i = 0; i < x->n; i++)
		sum += (double)s->w[id[i]] * count[i];
	return sum * size_of(x) + s->bias[x->length];
}

static double
square(const Examples *e, const Example *x)
{
	const guint8 *count = &g_array_index(e->count, guint8, x->first);
	double sum = 0;

	for (guint32 i = 0; i < x->n; i++)
		sum += (double)count[i] * count[i];
	return sum * size_of(x) * size_of(x) + 1.0;
}

static void
move(Solved *s, const Examples *e, const Example *x, double by)
{
	const guint32 *id = &g_array_index(e->id, guint32, x->first);
	const guint8 *count = &g_array_index(e->count, guint8, x->first);
	double scaled = by * size_of(x);

	for (guint32 i = 0; i < x->n; i++)
		s->w[id[i]] += (float)(scaled * count[i]);
	s->bias[x->length] += by;
}

static GArray *
taking_part(const Examples *e, guint head, guint fold)
{
	GArray *order = g_array_new(FALSE, FALSE, sizeof(guint32));

	for (guint32 i = 0; i < e->list->len; i++) {
		const Example *x = &g_array_index(e->list, Example, i);

		if (x->label[head] != 0 && x->fold != fold && x->weight > 0)
			g_array_append_val(order, i);
	}
	return order;
}

Solved *
solve(const Examples *e, guint head, double c, guint rounds, guint fold)
{
	Solved *s = g_new0(Solved, 1);
	GArray *order = taking_part(e, head, fold);
	guint32 *o = (guint32 *)(gpointer)order->data;
	g_autofree double *alpha = g_new0(double, e->list->len), *q = g_new0(double, e->list->len);
	guint64 state = 20261130;

	s->w = g_new0(float, MAX(e->features, 1));
	for (guint i = 0; i < order->len; i++)
		q[o[i]] = square(e, &g_array_index(e->list, Example, o[i]));
	for (guint round = 0; round < rounds; round++) {
		for (guint i = order->len; i > 1; i--) {
			guint k = (guint)(next(&state) % i);
			guint32 t = o[i - 1];

			o[i - 1] = o[k];
			o[k] = t;
		}
		for (guint i = 0; i < order->len; i++) {
			const Example *x = &g_array_index(e->list, Example, o[i]);
			double y = x->label[head], d = 1.0 / (2.0 * c * (double)x->weight);
			double g = y * solved_margin(s, e, x) - 1.0 + d * alpha[o[i]];
			double was = alpha[o[i]], now = MAX(was - g / (q[o[i]] + d), 0.0);

			if (fabs(now - was) < 1e-9)
				continue;
			alpha[o[i]] = now;
			move(s, e, x, (now - was) * y);
		}
	}
	g_array_unref(order);
	return s;
}

void
solved_free(Solved *s)
{
	g_free(s->w);
	g_free(s);
}
