#include "scan/olejob.h"
gboolean
sg_msg_read(SgOleJob *j, GBytes *stream, GError **error)
{
	(void)j; (void)stream; (void)error;
	return TRUE;
}
