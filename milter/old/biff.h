/*
 * biff - the records of an old Excel file, and the strings in them.
 *
 * A record is a type, a length and data; CONTINUE records behind it carry on.  A
 * BiffRecord is where reading has come in one of them and follows those by itself.
 * Nothing is owned: all refers to the bytes of the stream.
 */
#ifndef SG_OLD_BIFF_H
#define SG_OLD_BIFF_H

#include "pack/ole.h"
#include "text/codepage.h"

#define SG_BIFF_CONTINUE 0x3cu

typedef struct SgBiff {
	const guint8 *data;
	gsize len, next;	/* the record behind the one in hand and its CONTINUEs read so far */
	guint type;
	const guint8 *p, *end;	/* the rest of the piece in hand */
} SgBiff;

/* The next record; FALSE at the end.  CONTINUE comes as a record too when nobody read on. */
gboolean sg_biff_next(SgBiff *b);
/* On to the CONTINUE behind; FALSE when there is none. */
gboolean sg_biff_more(SgBiff *b);
/* 1, 2 or 4 bytes, little endian; 0 behind the end. */
guint32	 sg_biff_get(SgBiff *b, guint bytes);
void	 sg_biff_skip(SgBiff *b, gsize bytes);
gboolean sg_biff_at_end(SgBiff *b);
/* n characters; each CONTINUE begins with a byte that says how wide they are there. */
gboolean sg_biff_chars(SgBiff *b, gsize n, gboolean wide, GString *out);
/* A string of BIFF8: a length of 1 or 2 bytes, options, runs, characters; FALSE: cut off. */
gboolean sg_biff_string8(SgBiff *b, guint length_bytes, GString *out);
/* Of BIFF2 to 5: eight-bit. */
void	 sg_biff_string5(SgBiff *b, guint length_bytes, SgCodepages *pages, guint page, GString *out);
/* A number in 30 bits. */
gdouble	 sg_biff_rk(guint32 rk);
gdouble	 sg_biff_double(SgBiff *b);

#endif
