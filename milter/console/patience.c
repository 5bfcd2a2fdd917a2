#include <string.h>
#include <sys/socket.h>

#include "console/patience.h"

struct SgWait {
	int	  fd;
	SgArrival what;
	gint64	  since;
	gboolean  ended;
};

struct SgPatience {
	GMutex	   mutex;
	GPtrArray *waits;	/* SgWait */
	guint	   places, seconds, silence;
	char	  *late;
};

SgPatience *
sg_patience_new(guint places, guint seconds, guint silence, const char *late)
{
	SgPatience *p = g_new0(SgPatience, 1);

	g_mutex_init(&p->mutex);
	p->waits = g_ptr_array_new_with_free_func(g_free);
	p->places = places;
	p->seconds = seconds;
	p->silence = silence;
	p->late = g_strdup(late);
	return p;
}

void
sg_patience_free(SgPatience *p)
{
	if (p == NULL)
		return;
	g_mutex_clear(&p->mutex);
	g_ptr_array_unref(p->waits);
	g_free(p->late);
	g_free(p);
}

SgWait *
sg_patience_come(SgPatience *p, int fd)
{
	SgWait *w = g_new0(SgWait, 1);

	w->fd = fd;
	w->since = g_get_monotonic_time();
	g_mutex_lock(&p->mutex);
	g_ptr_array_add(p->waits, w);
	g_mutex_unlock(&p->mutex);
	return w;
}

void
sg_patience_go(SgPatience *p, SgWait *w)
{
	g_mutex_lock(&p->mutex);
	(void)g_ptr_array_remove_fast(p->waits, w);
	g_mutex_unlock(&p->mutex);
}

void
sg_patience_note(SgPatience *p, SgWait *w, SgArrival what)
{
	g_mutex_lock(&p->mutex);
	w->what = what;
	w->since = g_get_monotonic_time();
	g_mutex_unlock(&p->mutex);
}

static guint
seconds_for(const SgPatience *p, SgArrival what)
{
	const guint of[] = {
		[SG_ARRIVAL_NOTHING] = p->seconds,
		[SG_ARRIVAL_HEAD] = 2 * p->seconds,
		[SG_ARRIVAL_WHOLE] = 4 * p->seconds,
		[SG_ARRIVAL_ANSWERED] = p->silence + p->seconds,
	};

	return of[what];
}

/* Shut, not closed: the library sees an end and clears up. */
static void
end(const SgPatience *p, SgWait *w)
{
	w->ended = TRUE;
	if (w->what != SG_ARRIVAL_WHOLE)
		(void)send(w->fd, p->late, strlen(p->late), MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)shutdown(w->fd, SHUT_RDWR);
}

guint
sg_patience_look(SgPatience *p, gint64 now)
{
	guint ended = 0;
	gint64 share;

	g_mutex_lock(&p->mutex);
	share = p->waits->len > p->places / 2 ? 4 : 1;
	for (guint i = 0; i < p->waits->len; i++) {
		SgWait *w = g_ptr_array_index(p->waits, i);

		if (w->ended || now - w->since < seconds_for(p, w->what) * G_USEC_PER_SEC / share)
			continue;
		end(p, w);
		ended++;
	}
	g_mutex_unlock(&p->mutex);
	return ended;
}
