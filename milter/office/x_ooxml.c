/*
 * x_ooxml - Word, Excel and PowerPoint files since 2007, and their flat and older XML forms.
 */
#include <string.h>

#include "office/ooxml.h"
#include "office/ooxml_flat.h"
#include "part/extractor.h"

static guint
ooxml_bid(const SgPart *part)
{
	static const char *const types[] = { "application/vnd.openxmlformats-officedocument",
		"application/vnd.ms-word.document.macroenabled", "application/vnd.ms-word.template.macroenabled",
		"application/vnd.ms-excel.sheet", "application/vnd.ms-excel.template.macroenabled",
		"application/vnd.ms-excel.addin.macroenabled", "application/vnd.ms-powerpoint." };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_has_prefix(part->detected, types[i]))
			return 30;
	return 0;
}

extern const SgExtractor sg_x_ooxml;
const SgExtractor sg_x_ooxml = { "ooxml", ooxml_bid, sg_ooxml_read, NULL, FALSE };

static guint
officexml_bid(const SgPart *part)
{
	return strcmp(part->detected, SG_OOXML_FLAT) == 0 ? 30 : 0;
}

extern const SgExtractor sg_x_officexml;
const SgExtractor sg_x_officexml = { "officexml", officexml_bid, sg_ooxml_flat_read, NULL, FALSE };
