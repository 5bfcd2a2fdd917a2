/* fails-if: a code of RFC 6238 is not known or one of another time is, a password is kept in clear
 * or is right when it is not, a common one may be chosen, or hashes fill the memory */
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/err.h"
#include "login/password.h"
#include "login/totp.h"

/* RFC 6238, appendix B, SHA-1: the secret "12345678901234567890", the last six of eight digits. */
static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
static const struct {
	gint64	    when;
	const char *code;
} vectors[] = { { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" },
	{ 2000000000, "279037" }, { 20000000000, "353130" } };

static void
rfc_6238(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
		char code[SG_TOTP_DIGITS + 1];

		g_assert_true(sg_totp_code(secret, vectors[i].when, code));
		g_assert_cmpstr(code, ==, vectors[i].code);
		g_assert_cmpint(sg_totp_check(secret, vectors[i].code, vectors[i].when), ==, vectors[i].when / 30);
	}
}

static void
one_step_of_drift(void)
{
	const gint64 t = 1234567890 / 30 * 30;

	g_assert_cmpint(sg_totp_check(secret, "005924", t + 30), ==, t / 30);
	g_assert_cmpint(sg_totp_check(secret, "005924", t + 59), ==, t / 30);
	g_assert_cmpint(sg_totp_check(secret, "005924", t - 1), ==, t / 30);
	g_assert_cmpint(sg_totp_check(secret, "005924", t - 30), ==, t / 30);
	g_assert_cmpint(sg_totp_check(secret, "005924", t + 60), ==, 0);
	g_assert_cmpint(sg_totp_check(secret, "005924", t - 31), ==, 0);
}

static void
what_is_no_code(void)
{
	static const char *const bad[] = { "", "00592", "0059244", "00592a", "-00592", "+05924", "005924\n", "５", "0x5924" };
	const gint64 t = 1234567890;

	g_assert_cmpint(sg_totp_check(secret, " 005 924 ", t), !=, 0);
	g_assert_cmpint(sg_totp_check(secret, "005-924", t), !=, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(sg_totp_check(secret, bad[i], t), ==, 0);
	g_assert_cmpint(sg_totp_check(secret, NULL, t), ==, 0);
	g_assert_cmpint(sg_totp_check("not base32!", "005924", t), ==, 0);
	g_assert_cmpint(sg_totp_check("", "005924", t), ==, 0);
}

static void
secrets_and_pictures(void)
{
	g_autofree char *a = sg_totp_secret(), *b = sg_totp_secret(), *show = sg_totp_show(a);
	g_autofree char *uri = sg_totp_uri(a, "Hillview & Co \"Academy\"", "okafor");
	g_autofree char *long_name = g_strnfill(4000, 'x'), *long_uri = sg_totp_uri(a, long_name, "okafor");
	g_autoptr(GBytes) svg = sg_totp_picture(uri);
	const char *text = g_bytes_get_data(svg, NULL);

	g_assert_cmpuint(strlen(a), ==, 32);
	g_assert_cmpstr(a, !=, b);
	g_assert_cmpuint(strlen(show), ==, 39);
	g_assert_null(strpbrk(uri, " \"<>"));
	g_assert_nonnull(strstr(uri, "Hillview%20%26%20Co"));
	g_assert_true(g_str_has_prefix(text, "<svg "));
	g_assert_null(g_strstr_len(text, -1, a));
	g_assert_null(sg_totp_picture(long_uri));
}

static void
recovery_codes(void)
{
	char **codes = sg_recovery_new(), got[12];
	g_autofree char *small = g_ascii_strdown(codes[0], -1);

	g_assert_cmpuint(g_strv_length(codes), ==, 10);
	for (guint i = 0; i < 10; i++) {
		g_assert_true(sg_recovery_parse(codes[i], got));
		g_assert_cmpstr(got, ==, codes[i]);
		g_assert_true(i == 0 || strcmp(codes[i], codes[0]) != 0);
	}
	small[5] = ' ';
	g_assert_true(sg_recovery_parse(small, got));
	g_assert_cmpstr(got, ==, codes[0]);
	g_assert_true(sg_recovery_parse("ooooo-iiiil", got));
	g_assert_cmpstr(got, ==, "00000-11111");
	g_assert_false(sg_recovery_parse("ABCDE-FGHJ", got));
	g_assert_false(sg_recovery_parse("ABCDE-FGHJKM", got));
	g_assert_false(sg_recovery_parse("ABCDE-FGHJU", got));
	g_assert_false(sg_recovery_parse("", got));
	g_assert_false(sg_recovery_parse(NULL, got));
	sg_codes_free(codes);
}

static void
passwords(void)
{
	g_autoptr(SgHasher) h = sg_hasher_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *kept = sg_password_hash(h, "tractor violin seven lamps", &error);
	gboolean right = FALSE;

	g_assert_no_error(error);
	g_assert_true(g_str_has_prefix(kept, "$argon2id$v=19$m=65536,t=3,p=1$"));
	g_assert_null(strstr(kept, "tractor"));
	g_assert_true(sg_password_check(h, kept, "tractor violin seven lamps", &right, &error) && right);
	g_assert_true(sg_password_check(h, kept, "tractor violin seven lamp", &right, &error) && !right);
	g_assert_true(sg_password_check(h, "", "tractor violin seven lamps", &right, &error) && !right);
	g_assert_true(sg_password_check(h, NULL, "", &right, &error) && !right);
	g_assert_true(sg_password_check(h, kept, NULL, &right, &error) && !right);
	g_assert_true(sg_password_check(h, kept, "\xff\xfe", &right, &error) && !right);
	g_assert_no_error(error);
}

/* Processor time of this thread: what else the machine does is not in it. */
static gint64
worked(void)
{
	struct timespec t;

	g_assert_cmpint(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), ==, 0);
	return (gint64)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The work for a wrong password is that for a name that is not there: one class, not one value. */
static void
no_account_takes_as_long(void)
{
	g_autoptr(SgHasher) h = sg_hasher_new();
	g_autofree char *kept = sg_password_hash(h, "tractor violin seven lamps", NULL);
	gint64 took[2] = { G_MAXINT64, G_MAXINT64 };

	for (guint i = 0; i < 6; i++) {
		gint64 from = worked();
		gboolean right;

		g_assert_true(sg_password_check(h, (i & 1) != 0 ? kept : NULL, "wrong wrong wrong", &right, NULL));
		took[i & 1] = MIN(took[i & 1], worked() - from);
	}
	g_assert_cmpint(took[0], >, took[1] / 3);
	g_assert_cmpint(took[1], >, took[0] / 3);
}

static gpointer
guess(gpointer data)
{
	g_autoptr(GError) error = NULL;
	gboolean right;

	if (sg_password_check(data, NULL, "wrong", &right, &error))
		return NULL;
	g_assert_error(error, SG_ERR, SG_ERR_LATER);
	return GINT_TO_POINTER(1);
}

static void
not_too_many_at_once(void)
{
	enum { MANY = 16 };
	g_autoptr(SgHasher) h = sg_hasher_new();
	GThread *threads[MANY];
	guint later = 0;

	for (guint i = 0; i < MANY; i++)
		threads[i] = g_thread_new("guess", guess, h);
	for (guint i = 0; i < MANY; i++)
		later += g_thread_join(threads[i]) != NULL;
	/* those that came while four were there were told to come again; and it goes on */
	g_assert_cmpuint(later, >, 0);
	g_assert_cmpuint(later, <=, MANY - SG_HASHES_AT_ONCE);
	g_assert_null(guess(h));
}

static void
what_may_be_chosen(void)
{
	static const char *const own[] = { "okafor", "hillview", NULL };
	static const char *const bad[] = { "", "short", "elevenchars", "aaaaaaaaaaaa", "abababababab", "abcabcabcabc",
	    "password1234", "Password1234!", "P@ssw0rd1234", "passwordpassword", "qwertyuiop123", "1234567890123",
	    "abcdefghijkl", "zyxwvutsrqpo", "1q2w3e4r5t6y", "qazwsxedcrfv", "iloveyou2024!", "letmeinplease1",
	    "manchesterunited", "Welcome2School!", "Summer2026!!!", "Hillview2026!", "okafor okafor1", "OkaforHillview",
	    "Liverpool1234", "!!!!!!!!!!!!", "0123456789012", "9876543210987", "football-2026", "teacher_teacher",
	    "MyNewPassword1", "asdfghjkl;'#1", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" };
	static const char *const good[] = { "tractor violin seven lamps", "correct horse battery staple",
	    "Gw9#kLp2$vQz", "mwen bien kontan", "the kettle hums at dusk", "llanfairpwllgwyngyll", "пароль-который-длинный",
	    "xkcdzebraglue", "school tractor kumquat" };
	g_autofree char *huge = g_strnfill(100000, 'x'), *most = NULL;
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		if (sg_password_refused(bad[i], own) == NULL)
			g_error("may be chosen: %s", bad[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		if (sg_password_refused(good[i], own) != NULL)
			g_error("may not be chosen: %s", good[i]);
	g_assert_nonnull(sg_password_refused(NULL, NULL));
	g_assert_nonnull(sg_password_refused(huge, NULL));
	for (guint i = 0; i < 200; i++)
		g_string_append_unichar(s, 0x10000 + i);
	most = g_string_free(s, FALSE);
	g_assert_null(sg_password_refused(most, own));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(sodium_init(), !=, -1);
	g_test_add_func("/login/RFC 6238", rfc_6238);
	g_test_add_func("/login/one step of drift", one_step_of_drift);
	g_test_add_func("/login/what is no code", what_is_no_code);
	g_test_add_func("/login/secrets and pictures", secrets_and_pictures);
	g_test_add_func("/login/recovery codes", recovery_codes);
	g_test_add_func("/login/passwords", passwords);
	g_test_add_func("/login/no account takes as long", no_account_takes_as_long);
	g_test_add_func("/login/not too many at once", not_too_many_at_once);
	g_test_add_func("/login/what may be chosen", what_may_be_chosen);
	return g_test_run();
}
