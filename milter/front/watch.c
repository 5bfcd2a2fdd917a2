#include "base/err.h"
#include "front/watch.h"

void
sg_watch_filing(SgGate *g, gsize size, const GError *error)
{
	SgTrouble *t = sg_gate_trouble(g);

	if (error != NULL && !g_error_matches(error, SG_ERR, SG_ERR_INPUT)) {
		sg_gate_unfiled(g, size);
		sg_trouble_on(t, SG_TROUBLE_FILING, error->message);
	} else if (error == NULL && sg_trouble_is_on(t, SG_TROUBLE_FILING) &&
		   size >= sg_gate_unfiled(g, 0)) {
		sg_gate_filed(g);
		sg_trouble_off(t, SG_TROUBLE_FILING);
	}
}

void
sg_watch_scanner(SgGate *g, const GError *error)
{
	if (error == NULL)
		sg_trouble_off(sg_gate_trouble(g), SG_TROUBLE_SCANNER);
	else if (g_error_matches(error, SG_ERR, SG_ERR_LATER))
		sg_trouble_on(sg_gate_trouble(g), SG_TROUBLE_SCANNER, error->message);
}

void
sg_watch_room(SgGate *g, const GError *error)
{
	if (error == NULL)
		sg_trouble_off(sg_gate_trouble(g), SG_TROUBLE_ROOM);
	else if (g_error_matches(error, SG_ERR, SG_ERR_LATER))
		sg_trouble_on(sg_gate_trouble(g), SG_TROUBLE_ROOM, error->message);
}

void
sg_watch_probe(SgGate *g)
{
	g_autoptr(GError) error = NULL;
	const gsize size = sg_gate_unfiled(g, 0);

	if (sg_trouble_is_on(sg_gate_trouble(g), SG_TROUBLE_FILING) &&
	    sg_store_probe(sg_gate_store(g), size, &error))
		sg_watch_filing(g, size, NULL);
}
