/*
 * rtf - the pieces of RTF: groups, control words, symbols, hexadecimal bytes, text.
 *
 * The words that matter are in a table (rtf.c): what each does, and which destination
 * a group becomes by it.  Specification: Microsoft, Rich Text Format 1.9.1; the HTML in
 * it: [MS-OXRTFEX].
 */
#ifndef SG_OLD_RTF_H
#define SG_OLD_RTF_H

#include <glib.h>

typedef enum {
	SG_RTF_END, SG_RTF_OPEN, SG_RTF_CLOSE, SG_RTF_WORD, SG_RTF_SYMBOL, SG_RTF_HEX, SG_RTF_TEXT
} SgRtfToken;

/* What a control word does. */
typedef enum {
	SG_RTF_NOTHING,
	SG_RTF_CHAR,		/* stands for the character arg			*/
	SG_RTF_ASIDE,		/* begins: text that is not in the line		*/
	SG_RTF_SKIP,		/* begins: no text for people			*/
	SG_RTF_FONTS, SG_RTF_OBJECT, SG_RTF_PICTURE, SG_RTF_TAG,	/* begin these	*/
	SG_RTF_CELL, SG_RTF_ROW, SG_RTF_ROWDEF, SG_RTF_PARD, SG_RTF_INTBL,
	SG_RTF_PAGE,		/* \ansicpg; \mac, \pc and \pca have arg	*/
	SG_RTF_FONT, SG_RTF_PLAIN, SG_RTF_CHARSET, SG_RTF_CPG, SG_RTF_DEFAULT_FONT,
	SG_RTF_UC, SG_RTF_U, SG_RTF_BIN, SG_RTF_FROMHTML, SG_RTF_HTMLRTF
} SgRtfAct;

typedef struct SgRtfLexer {
	const guint8 *p, *end;
	char	 word[33];	/* of SG_RTF_WORD */
	gboolean has_number;
	gint	 number;
	guint8	 byte;		/* of SG_RTF_SYMBOL and SG_RTF_HEX */
	const guint8 *text;	/* of SG_RTF_TEXT: a run without line ends */
	gsize	 text_len;
} SgRtfLexer;

SgRtfToken sg_rtf_next(SgRtfLexer *l);
SgRtfAct   sg_rtf_act(const char *word, gunichar *arg);

#endif
