/*
 * answer - what a captured worker may send to a client: one message, or TEXT frames.
 * What passes the checks must be safe for those who read it.
 */
#include <stdint.h>

#include "client/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
use(SgReading *r)
{
	g_autoptr(GBytes) json = NULL;

	sg_check_places(r);
	for (guint i = 0; i < r->findings->len; i++)
		g_free(sg_finding_masked(g_ptr_array_index(r->findings, i)));
	json = sg_reading_to_json(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) b = g_bytes_new_static(data, size);
	g_autoptr(SgReading) r = sg_reading_new();
	SgFinding *f = g_new0(SgFinding, 1);
	SgPartInfo *p = g_new0(SgPartInfo, 1);
	g_auto(SgWireDONE) d = { 0 };

	g_ptr_array_add(r->findings, f);
	g_ptr_array_add(r->parts, p);
	if (!sg_wire_get_FINDING(b, f, NULL) || !sg_check_finding(f, f->id, 1, NULL))
		g_ptr_array_set_size(r->findings, 0);
	if (!sg_wire_get_PART(b, p, NULL) || !sg_check_part(p, p->id, 1, NULL))
		g_ptr_array_set_size(r->parts, 0);
	if (sg_wire_get_DONE(b, &d, NULL))
		(void)sg_check_done(&d, d.id, r, 1000, NULL);
	if (sg_check_texts(b, r, NULL))
		use(r);
	return 0;
}
