/*
 * zip_inner - what zip.c and zip_unpack.c share; for nobody else.
 */
#ifndef SG_PACK_ZIP_INNER_H
#define SG_PACK_ZIP_INNER_H

#include "pack/zip.h"
#include "pack/zip_record.h"

struct SgZip {
	GBytes	    *bytes;
	SgZipView    v;
	GPtrArray   *members;	/* SgZipMember */
	GArray	    *taken;	/* Span: bytes that some record or member explains */
	GArray	    *ends;	/* SgZipEnd that were followed */
	GStringChunk *names;
	guint	     max, facts;
	gsize	     search;	/* bytes that may still be searched for descriptors */
};

#endif
