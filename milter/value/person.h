/*
 * person - is somebody named in this piece of text?
 *
 * A name is two words with a capital that are no ordinary words ("Ada Lovell", not
 * "Annual Review"); "a Year 8 pupil", "pupil AL" and "J.S. in 9C" mean somebody too.  Who
 * is greeted, signs, or has a title ("Dear Ada", "Mrs Stone") is not who it is about.
 * Linear in the piece's length.
 */
#ifndef SG_VALUE_PERSON_H
#define SG_VALUE_PERSON_H

#include <glib.h>

/* Somebody in text [from, to), as it was sent. */
gboolean sg_person_in(const char *text, gsize from, gsize to);
/* Is the word at [at, at + len), which may be a first name, meant as one here? */
gboolean sg_person_is(const char *text, gsize len, gsize at, gsize n);
/* The paragraph around [*from, *to) that is no farther than within bytes either side. */
void	 sg_person_around(const char *text, gsize len, gsize within, gsize *from, gsize *to);

#endif
