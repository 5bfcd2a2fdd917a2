/* What people type to prove who they are: codes, recovery codes, passwords, tokens; and sealed
 * strings as somebody with the store could have changed them. */
#include <string.h>

#include <sodium.h>

#include "login/password.h"
#include "login/session.h"
#include "login/totp.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static const char *const own[] = { "okafor", "hillview", NULL };
	static const SgKeys keys = { .have = SG_KEY_VAULT_SECRET };
	g_autofree char *text = g_strndup((const char *)data, size);
	char recovery[12], hash[SG_HASH_LEN + 1], csrf[SG_TOKEN_LEN + 1];
	char *open = sg_secret_open(&keys, "totp", "okafor", text);

	g_assert_null(open);
	(void)sg_totp_check("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", text, 1234567890);
	(void)sg_totp_check(text, "005924", 1234567890);
	if (sg_recovery_parse(text, recovery))
		g_assert_cmpuint(strlen(recovery), ==, 11);
	(void)sg_password_refused(text, own);
	g_assert_true(sg_token_hash(SG_TOKEN_SESSION, text, hash) == sg_visitor_csrf(text, csrf));
	return 0;
}
