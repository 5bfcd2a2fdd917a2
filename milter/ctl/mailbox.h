/*
 * mailbox - the messages of mbox files, maildirs and directories of mail files, one
 * after the other.
 *
 * A file that begins with "From " is an mbox: a message begins at such a line with a
 * time in it, at the beginning or after an empty line; ">From " in a text loses its
 * first ">".  Any other file is one message.  A directory with cur or new in it is a
 * maildir; of another one the files that end in .eml count.  Files of a directory come
 * in the order of their names, so that numbers mean the same in every run.
 *
 * Nothing is kept in memory but one message of at most max bytes.  Not thread-safe.
 */
#ifndef SG_CTL_MAILBOX_H
#define SG_CTL_MAILBOX_H

#include <glib.h>

#define SG_MAILBOX_FILES 5000000u	/* of all directories together */

typedef struct SgMailbox SgMailbox;

typedef struct SgMail {
	guint64	    number;	/* from 1 on, over all that was named	  */
	const char *file;	/* the mailbox's, until it is freed	  */
	guint64	    at;		/* bytes before it in its file		  */
	GBytes	   *bytes;	/* the caller's; NULL: not wanted or not readable */
	const char *why;	/* static; NULL when it could be read	  */
} SgMail;

/* SG_ERR_INPUT: something named is not there, or holds no mail. */
SgMailbox *sg_mailbox_open(char *const *names, gsize max, GError **error);
void	   sg_mailbox_free(SgMailbox *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMailbox, sg_mailbox_free)
/* FALSE at the end.  keep: with the bytes; else it is only counted. */
gboolean   sg_mailbox_next(SgMailbox *b, gboolean keep, SgMail *out);

#endif
