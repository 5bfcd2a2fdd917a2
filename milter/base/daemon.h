/*
 * daemon - what all four programs do alike: command line, start, signals, end.
 *
 * A program's main.c holds one SgProgram and returns sg_daemon_main().  That
 * reads --config, --check, --version and --help, makes the process quiet
 * about secrets (umask 077, no core dump, not traceable), reads the options,
 * calls run() and turns its end into the exit code: 0 stopped, 1 failed,
 * 2 configuration.  It is the shared half of main.c and so, alone in this
 * room, it logs: problems of the configuration, start, stop, failure.
 *
 * Signals are read from a descriptor, so they are events like any other and
 * no handler runs: see sg_daemon_signals().
 */
#ifndef SG_BASE_DAEMON_H
#define SG_BASE_DAEMON_H

#include <sys/types.h>

#include "base/options.h"

typedef struct SgProgram {
	const char *name;	/* "schoolgate-scan"                              */
	const char *summary;	/* for --help: "reads messages behind locked doors" */
	/* what --check reads beyond schoolgate.conf: appends "file:line: what is
	 * wrong; how to put it right" (char *) for each problem; may be NULL */
	void	  (*check)(const SgOptions *options, GPtrArray *problems);
	/* Works in the foreground until told to stop.  TRUE: stopped as told.
	 * FALSE: SG_ERR_SETUP is exit code 2, every other failure 1.  May keep
	 * a reference to options; options->file is what a reload reads again. */
	gboolean  (*run)(SgOptions *options, GError **error);
} SgProgram;

/* The whole of main(); returns the exit code. */
int sg_daemon_main(const SgProgram *program, int argc, char **argv);

/*
 * Blocks these signals (0 ends the list) and returns a non-blocking descriptor
 * that becomes readable when one of them comes; -1 with SG_ERR_SETUP.  Call it
 * before the first thread starts, so that all threads inherit the mask; a
 * forked child that wants the signals for itself calls sg_daemon_default_signals().
 */
int  sg_daemon_signals(GError **error, int first, ...);
/* The next signal that has come, 0 for none. */
int  sg_daemon_next_signal(int fd);
void sg_daemon_default_signals(void);

/*
 * A child that runs this and ends with what it returns (_exit: nothing that the
 * parent has prepared for its own end runs twice).  Only from a single-threaded
 * process.  The child's pid, or -1 with errno as fork() leaves it.
 */
pid_t sg_daemon_fork(int (*run)(gpointer data), gpointer data);

/* Tells systemd (sd_notify): "READY=1", "RELOADING=1", "STOPPING=1", "STATUS=...".
 * Does nothing when not started by systemd. */
void sg_daemon_tell(const char *state);

#endif
