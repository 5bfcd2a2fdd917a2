/*
 * door - the milter's socket: where it is, who may use it, when it goes.
 *
 * milter.listen is "unix:PATH" (or a bare path) or "inet:PORT@ADDRESS"; an
 * inet socket without an address is on loopback, never on every interface.  A
 * Unix socket has mode 0660: the mail server gets in by its group.
 */
#ifndef SG_FRONT_DOOR_H
#define SG_FRONT_DOOR_H

#include <glib.h>

/* As libmilter wants it; NULL with SG_ERR_SETUP.  Caller frees. */
char	*sg_door_parse(const char *listen, GError **error);
/* Opens it.  A socket that a dead program left behind is replaced; one that
 * answers belongs to somebody, and is SG_ERR_SETUP. */
gboolean sg_door_open(const char *parsed, GError **error);
/* Connects once and hangs up: libmilter then sees at once that it is to stop. */
void	 sg_door_wake(const char *parsed);
void	 sg_door_remove(const char *parsed);

#endif
