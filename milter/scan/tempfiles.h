/*
 * tempfiles - a library's temporary files, kept in memory.
 *
 * libclamav writes what it unpacks into files below a directory that it is given,
 * and opens them again by name.  A worker can open no file at all.  So the few
 * calls it makes (open, mkdir, unlink, opendir, stat ...) are defined here, in the
 * program, where the dynamic linker finds them before the C library's.  A name
 * below SG_TEMPFILES is looked up in a table and its file is a memfd; any other
 * name goes on to the kernel just as before.  Nothing becomes possible that was
 * not, but for memfd_create(): a captured worker gains no file, and message text
 * never reaches a disk.
 *
 * Files count up to the limits given here; more is refused as if the disk were
 * full, and remembered, so that a scan that lacked a file is not called clean.
 * libclamav cuts what is larger than its limit and says nothing of it: a file
 * that has grown so large counts as refused too.  For one thread.
 *
 * BUGS: a file that is opened twice at once shares its position.  libclamav
 * writes, closes and opens again, in this order.
 */
#ifndef SG_SCAN_TEMPFILES_H
#define SG_SCAN_TEMPFILES_H

#include <glib.h>

#define SG_TEMPFILES "/schoolgate-in-memory"
#define SG_TEMPFILES_MOST 512u	/* files at once: each is a descriptor */

/* Bytes that all files may have when another one is made; from where on one is too large. */
void	 sg_tempfiles_limit(guint64 bytes, guint64 one);
/* Drops what is there.  TRUE when something was refused or too large since the last time. */
gboolean sg_tempfiles_clear(void);

#endif
