#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "pool/scoreboard.h"

struct SgScoreboard {
	guint8 *base;
	gsize	page;
	guint	slots;
};

SgScoreboard *
sg_scoreboard_new(guint slots, GError **error)
{
	gsize page = (gsize)sysconf(_SC_PAGESIZE);
	void *base = mmap(NULL, page * slots, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	SgScoreboard *b;

	G_STATIC_ASSERT(sizeof(SgSlot) <= 4096);
	if (base == MAP_FAILED) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "scoreboard: %s", g_strerror(errno));
		return NULL;
	}
	b = g_new(SgScoreboard, 1);
	*b = (SgScoreboard){ base, page, slots };
	return b;
}

void
sg_scoreboard_free(SgScoreboard *b)
{
	if (b == NULL)
		return;
	(void)munmap(b->base, b->page * b->slots);
	g_free(b);
}

SgSlot *
sg_scoreboard_slot(const SgScoreboard *b, guint i)
{
	g_assert(i < b->slots);
	return (SgSlot *)(gpointer)(b->base + b->page * i);
}

void
sg_scoreboard_keep_only(SgScoreboard *b, guint i)
{
	if (i > 0)
		(void)munmap(b->base, b->page * i);
	if (i + 1 < b->slots)
		(void)munmap(b->base + b->page * (i + 1), b->page * (b->slots - i - 1));
}

const char *
sg_slot_state_name(gint state)
{
	static const char *const names[] = {
		[SG_SLOT_STARTING] = "starting", [SG_SLOT_IDLE] = "idle",
		[SG_SLOT_RECEIVING] = "receiving", [SG_SLOT_SCANNING] = "scanning",
		[SG_SLOT_ANSWERING] = "answering",
	};

	return state >= 0 && state < (gint)G_N_ELEMENTS(names) ? names[state] : "?";
}

void
sg_slot_enter(SgSlot *s, SgSlotState state, guint deadline_ms)
{
	s->since = g_get_monotonic_time();
	s->deadline_ms = deadline_ms;
	g_atomic_int_set(&s->state, (gint)state);
}
