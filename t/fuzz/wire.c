/*
 * wire - every message of wire.def: what the reader accepts, the writer makes again,
 * byte for byte; and the signed headers, which come from strangers too.
 */
#include <stdint.h>
#include <string.h>

#include "base/wire.h"
#include "model/message.h"
#include "model/ticket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
same_again(GBytes *in, const GByteArray *out)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(in, &n);

	g_assert_cmpmem(p, n, out->data, out->len);
}

#define MSG(n, from, to) \
static void \
try_##n(GBytes *in) \
{ \
	g_auto(SgWire##n) m = { 0 }; \
	g_autoptr(GByteArray) out = g_byte_array_new(); \
\
	if (!sg_wire_get_##n(in, &m, NULL)) \
		return; \
	g_assert_true(sg_wire_put_##n(out, &m, NULL)); \
	same_again(in, out); \
}
#define FIELD(n, type, name)
#define END(n)
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const SgKeys keys = { .have = SG_KEY_MAIL };
	g_autoptr(GBytes) in = g_bytes_new_static(data, size);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *address = sg_address_clean(text);
	g_autoptr(SgMessage) m = sg_message_new();
	SgTicket t;

#define MSG(n, from, to) try_##n(in);
#define FIELD(n, type, name)
#define END(n)
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END
	(void)sg_wire_peek(in);
	g_assert_true(address == NULL || strpbrk(address, "\r\n <>") == NULL);
	(void)sg_ticket_read(text, TRUE, &keys, 0, &t, NULL);
	(void)sg_ticket_read(text, FALSE, &keys, 0, &t, NULL);
	m->bytes = g_bytes_ref(in);
	sg_message_hash(m);
	return 0;
}
