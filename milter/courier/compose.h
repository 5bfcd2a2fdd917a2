/*
 * compose - one alert or notice as the bytes of a mail (text and HTML, the same words).
 *
 * Everything in it is ours: texts, configuration, numbers.  Nothing of a held message
 * may be given to it.  The signed ticket is put before it when it is sent (smtp.h).
 * Written with GLib alone: a parser of mail has no place in this program.
 */
#ifndef SG_COURIER_COMPOSE_H
#define SG_COURIER_COMPOSE_H

#include <glib.h>

typedef struct SgLetter {
	const char *from_name, *from, *to;
	const char *reply_to;	/* "" = none */
	const char *subject;	/* UTF-8, one line */
	const char *text;	/* UTF-8, LF, lines of 72 */
	const char *language;	/* "en" */
	const char *kind, *ref;	/* X-Schoolgate; ref may be "" */
	gint64	    now;
} SgLetter;

/* CRLF line ends, quoted-printable, 7 bits: it fits any server.  from, to, reply_to and
 * language must be clean (sg_smtp_bad_address); the names and texts may hold anything. */
GBytes *sg_compose(const SgLetter *l);
/* The HTML of a text; caller frees. */
char   *sg_compose_html(const char *subject, const char *text, const char *language);

#endif
