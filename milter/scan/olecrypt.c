#include "base/err.h"
#include "scan/olecrypt.h"

void
sg_biff_look(GBytes *workbook, SgProtection *out)
{
	(void)workbook;
	(void)out;
}

GBytes *
sg_biff_open(GBytes *workbook, SgSink *sink, GError **error)
{
	(void)workbook;
	(void)sink;
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "an encrypted workbook");
	return NULL;
}
