/*
 * mapi - the properties of an Outlook message or attachment, wherever they were stored:
 * in the streams of a .msg file or in a TNEF (winmail.dat).
 *
 * A bag collects properties as they come and then gives texts and parts: subject, names
 * and body as text, the HTML and the RTF body and each attachment as parts, so that
 * their own readers see them.  Numbers and types: [MS-OXPROPS], [MS-OXCDATA].
 *
 * The bag copies strings and references bytes.
 */
#ifndef SG_OLD_MAPI_H
#define SG_OLD_MAPI_H

#include "part/extractor.h"
#include "part/strings.h"
#include "text/codepage.h"

#define SG_MAPI_LONG	0x0003u
#define SG_MAPI_OBJECT	0x000du
#define SG_MAPI_STRING8	0x001eu
#define SG_MAPI_UNICODE	0x001fu
#define SG_MAPI_BINARY	0x0102u

typedef struct SgMapi SgMapi;

SgMapi *sg_mapi_new(SgCodepages *pages);
void	sg_mapi_free(SgMapi *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMapi, sg_mapi_free)

/* Of eight-bit strings from here on; 0 is ignored. */
void	 sg_mapi_page(SgMapi *m, guint page);
guint	 sg_mapi_get_page(const SgMapi *m);
/* One value; of a property with several, once for each. */
void	 sg_mapi_put(SgMapi *m, guint id, guint type, GBytes *value);
/* The file of an attachment, and what it is called when its properties do not tell. */
void	 sg_mapi_file(SgMapi *m, GBytes *bytes);
void	 sg_mapi_name(SgMapi *m, const char *utf8);
const char *sg_mapi_get_name(const SgMapi *m);
gboolean sg_mapi_has_file(const SgMapi *m);

/* A message: its texts and its bodies.  An attachment: its texts and its file.
 * inside counts the parts that were given.  Names are left in strings, each once. */
gboolean sg_mapi_give(SgMapi *m, SgPart *part, SgSink *sink, SgStrings *strings, guint *inside,
    GError **error);

/* PidTagRtfCompressed, [MS-OXRTFCP]; NULL: broken (no error), or the message has had
 * its share (error). */
GBytes	*sg_lzfu_unpack(GBytes *packed, SgSink *sink, GError **error);

#endif
