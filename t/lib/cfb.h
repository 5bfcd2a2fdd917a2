/*
 * cfb - makes compound files for tests of their readers.
 *
 *   Cfb *c = cfb_new();
 *   cfb_add(c, "ObjectPool/_1/\001Ole10Native", data, len);   // storages as needed
 *   GBytes *file = cfb_end(c);                                 // frees c
 */
#ifndef SG_T_CFB_H
#define SG_T_CFB_H

#include <glib.h>

typedef struct Cfb Cfb;

Cfb    *cfb_new(void);
void	cfb_add(Cfb *c, const char *path, const void *data, gsize len);
GBytes *cfb_end(Cfb *c);

/* Little endian, for building streams. */
void	put16(GByteArray *b, guint v);
void	put32(GByteArray *b, guint32 v);
void	put_bytes(GByteArray *b, const void *p, gsize n);
void	put_wide(GByteArray *b, const char *utf8);	/* UTF-16LE, no NUL */

#endif
