/*
 * rewrite - the only code that writes new message bytes, by splicing.
 *
 * Everything but the named parts stays byte for byte as it was; nothing is
 * ever re-serialised.
 */
#ifndef SG_REWRITE_REWRITE_H
#define SG_REWRITE_REWRITE_H

#include <glib.h>

/* Replaces the leaves with these ids ("2,3.1") by a text/plain part holding
 * note (UTF-8).  SG_ERR_INPUT when it cannot be done safely: an id that does
 * not exist, the root part, a part below anything signed or encrypted, or a
 * structure that readers would see differently. */
GBytes *sg_rewrite_detach(GBytes *raw, const char *parts, const char *note, GError **error);

#endif
