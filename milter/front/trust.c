#include <gio/gio.h>

#include "base/err.h"
#include "front/trust.h"

struct SgTrust {
	GPtrArray *masks;	/* GInetAddressMask */
};

SgTrust *
sg_trust_new(char *const *networks, GPtrArray *problems, GError **error)
{
	g_autoptr(SgTrust) t = g_new0(SgTrust, 1);
	gboolean good = TRUE;

	t->masks = g_ptr_array_new_with_free_func(g_object_unref);
	for (char *const *n = networks; n != NULL && *n != NULL; n++) {
		GInetAddressMask *mask = g_inet_address_mask_new_from_string(*n, NULL);
		g_autofree char *text = NULL;

		if (mask != NULL) {
			g_ptr_array_add(t->masks, mask);
			continue;
		}
		text = g_strdup_printf("milter.trusted_networks: \"%s\" is not a network; write an "
		    "address and the length of its prefix, such as 192.0.2.0/24, with no bits set "
		    "after it", *n);
		if (good)
			g_set_error_literal(error, SG_ERR, SG_ERR_SETUP, text);
		if (problems != NULL)
			g_ptr_array_add(problems, g_steal_pointer(&text));
		good = FALSE;
	}
	return good ? g_steal_pointer(&t) : NULL;
}

void
sg_trust_free(SgTrust *t)
{
	if (t == NULL)
		return;
	g_ptr_array_unref(t->masks);
	g_free(t);
}

/* An IPv4 client of a server that listens on IPv6 arrives as ::ffff:192.0.2.1. */
static GInetAddress *
parse_client(const char *client)
{
	g_autoptr(GInetAddress) a = g_inet_address_new_from_string(client);
	const guint8 *b;
	static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

	if (a == NULL || g_inet_address_get_family(a) != G_SOCKET_FAMILY_IPV6)
		return g_steal_pointer(&a);
	b = g_inet_address_to_bytes(a);
	if (memcmp(b, mapped, sizeof(mapped)) != 0)
		return g_steal_pointer(&a);
	return g_inet_address_new_from_bytes(b + sizeof(mapped), G_SOCKET_FAMILY_IPV4);
}

gboolean
sg_trust_vouched(const SgTrust *t, const char *auth, const char *client)
{
	g_autoptr(GInetAddress) address = NULL;

	if (auth != NULL && auth[0] != '\0')
		return TRUE;
	if (client == NULL || t->masks->len == 0 || (address = parse_client(client)) == NULL)
		return FALSE;
	for (guint i = 0; i < t->masks->len; i++)
		if (g_inet_address_mask_matches(g_ptr_array_index(t->masks, i), address))
			return TRUE;
	return FALSE;
}
