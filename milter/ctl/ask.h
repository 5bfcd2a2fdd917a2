/*
 * ask - HTTP to the console, over its Unix socket.
 *
 * The console knows who asks by the Unix user (SO_PEERCRED); nothing here says
 * so.  A refusal comes with words for a person (what, why, what to do), which
 * are printed as they are.
 */
#ifndef SG_CTL_ASK_H
#define SG_CTL_ASK_H

#include <jansson.h>

#include "ctl/ctl.h"

typedef struct SgAnswer {
	long	status;		/* 0: no answer at all	*/
	json_t *body;		/* may be NULL		*/
} SgAnswer;

void sg_answer_clear(SgAnswer *a);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgAnswer, sg_answer_clear)

/*
 * body is taken; NULL means GET, else POST.  SG_EXIT_OK: answer is the view
 * model.  Otherwise the three parts have been printed (what: used when no
 * answer came), and answer holds the error's object when there was one.
 */
SgExit sg_ask(SgCtl *c, const char *path, json_t *body, const char *what, SgAnswer *answer);
/* The same without a word on stderr: for completion and doctor. */
SgExit sg_ask_quietly(
    SgCtl *c, const char *path, json_t *body, long timeout_ms, SgAnswer *answer, GError **error);

/* "/queue?urgency=urgent&since=...": name and value pairs, NULL-terminated; NULL values are
 * left out, values are escaped.  Caller frees. */
char  *sg_ask_path(const char *path, ...) G_GNUC_NULL_TERMINATED;

#endif
