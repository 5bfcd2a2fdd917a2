/*
 * trouble - what does not work right now, told by each program to whoever asks.
 *
 * A log line is read afterwards; a trouble is a state with a beginning and an end.  Each
 * program keeps one file, PROGRAM.trouble, beside console.socket: a row of fixed width for
 * each kind, written in place in room that was taken at the start, so that a full disk does
 * not silence it.  The console reads the files: status, doctor and metrics show them.
 *
 *   milter, scan, courier, console  --row-->  PROGRAM.trouble  -->  console
 *
 * A row says since when, when last, how often, and why in the words the log has: never
 * text of a message, never a person.  Who reads takes it as another program's word: widths,
 * digits and letters are checked.
 *
 * A SgTrouble may be used by all threads and, after fork(), by a child, as long as only one
 * process writes a kind.  NULL is a board nobody reads: every call does nothing.
 *
 * To add a kind: a line in SG_TROUBLES and, for people, its sentences in console/alarms.c.
 */
#ifndef SG_BASE_TROUBLE_H
#define SG_BASE_TROUBLE_H

#include <glib.h>

#define SG_TROUBLES(X) \
	X(FILING)	/* the store does not take what must be kept */ \
	X(SCANNER)	/* nobody reads messages */ \
	X(ROOM)		/* no memory or descriptor for a message */ \
	X(CROWD)	/* conversations refused; counted only */ \
	X(RELOAD)	/* the settings in use are not those on disk */ \
	X(START)	/* workers cannot be started */ \
	X(WORKER)	/* workers that died or were killed; counted only */ \
	X(CHORE)	/* old messages are not removed */ \
	X(MALWARE)	/* virus signatures are old, or new ones cannot be loaded */

typedef enum {
#define X(k) SG_TROUBLE_##k,
	SG_TROUBLES(X)
#undef X
	SG_TROUBLE_N
} SgTroubleKind;

#define SG_TROUBLE_WHY 100

typedef struct SgTroubleRow {
	gboolean on;
	gint64	 since, last;	/* seconds; 0 = never */
	guint64	 count;		/* since the program started */
	char	 why[SG_TROUBLE_WHY + 1];
} SgTroubleRow;

typedef struct SgTrouble SgTrouble;

/* Call it when nobody else can run under this name any more (after the socket is ours). */
SgTrouble *sg_trouble_open(const char *console_socket, const char *program, GError **error);
/* Takes the file away: a program that has stopped has no troubles. */
void	   sg_trouble_close(SgTrouble *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTrouble, sg_trouble_close)

/* It failed (again).  why: one line, NULL = unknown. */
void	   sg_trouble_on(SgTrouble *t, SgTroubleKind kind, const char *why);
/* It works; costs one comparison when it did before. */
void	   sg_trouble_off(SgTrouble *t, SgTroubleKind kind);
gboolean   sg_trouble_is_on(SgTrouble *t, SgTroubleKind kind);
/* It happened, and is over. */
void	   sg_trouble_count(SgTrouble *t, SgTroubleKind kind);

/* FALSE: the program does not run, or what stands there cannot be right; rows are then empty. */
gboolean   sg_trouble_read(const char *console_socket, const char *program,
    SgTroubleRow rows[SG_TROUBLE_N]);

#endif
