/*
 * zipxml - an XML member of a zip, unpacked piece by piece into a reader.
 *
 * What Office's and OpenDocument's packages have in common.  A member that is broken is
 * not a failure: what came before counts, and *broken tells.
 */
#ifndef SG_OFFICE_ZIPXML_H
#define SG_OFFICE_ZIPXML_H

#include "pack/zip.h"
#include "part/flow.h"
#include "part/xml.h"

typedef struct SgZipXml {
	const SgZip *zip;
	SgSink	    *sink;
	SgFlow	    *flow;	/* unpacking ends when it takes no more */
	gboolean     broken;	/* set, never cleared */
} SgZipXml;

/* Gives the member to reader.  *well_formed (may be NULL) tells how its XML was; local is
 * what stopped the unpacking.  FALSE: stopped or broken, see sg_zipxml_settle(). */
gboolean sg_zipxml_read(SgZipXml *z, guint index, const SgXmlReader *reader, gpointer data,
	gboolean *well_formed, GError **local);
/* Takes local.  FALSE, with it in error, only when nothing more of the message may be read. */
gboolean sg_zipxml_settle(SgZipXml *z, gboolean ok, GError *local, GError **error);

#endif
