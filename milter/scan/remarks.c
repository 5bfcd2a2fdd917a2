#include "scan/remarks.h"

const SgRemark sg_remarks[] = {
	{ "limit.depth", "Nested more deeply than is read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.parts", "More parts than are read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.headers", "More header fields than are read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.text", "More text than is read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.unpacked", "More data than is unpacked", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.ratio", "Data packed more tightly than any honest file", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.entries", "More files in an archive than are read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.memory", "Data that asks for more memory than it gets", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.pages", "More pages than are read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.rows", "More rows or columns of a table than are read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.malware", "Not all of it was searched for malware", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "limit.entities", "XML that multiplies itself or fetches what is elsewhere", "limit", 2,
	    SG_FLAG_NOT_FULLY },
	{ "limit.seconds", "Reading took longer than is allowed", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "part.unscannable", "A part could not be read", "limit", 2, SG_FLAG_NOT_FULLY },
	{ "mime.malformed", "The structure of the message is broken", "structure", 1,
	    SG_FLAG_MALFORMED },
	{ "mime.ambiguous", "Mail programs may show this message in different ways", "structure", 2,
	    SG_FLAG_AMBIGUOUS },
	{ NULL, NULL, NULL, 0, 0 },
};
