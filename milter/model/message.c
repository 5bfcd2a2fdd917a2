#include <string.h>

#include <sodium.h>

#include "model/message.h"

#define HASH_LEN 32

SgMessage *
sg_message_new(void)
{
	SgMessage *m = g_new0(SgMessage, 1);

	m->sender = g_strdup("");
	m->recipients = g_ptr_array_new_with_free_func(g_free);
	return m;
}

void
sg_message_free(SgMessage *m)
{
	if (m == NULL)
		return;
	g_ptr_array_unref(m->recipients);
	g_clear_pointer(&m->bytes, g_bytes_unref);
	g_free(m->sender);
	g_free(m->auth);
	g_free(m->client);
	g_free(m->queue_id);
	g_free(m->message_id);
	g_free(m->mail_args);
	g_free(m->content_hash);
	g_free(m->dedupe);
	g_free(m);
}

char *
sg_address_clean(const char *raw)
{
	gsize len = strlen(raw);
	g_autofree char *a = NULL;
	char *at;

	if (len >= 2 && raw[0] == '<' && raw[len - 1] == '>') {
		raw++;
		len -= 2;
	}
	a = g_strndup(raw, len);
	if (!g_utf8_validate(a, -1, NULL) || strpbrk(a, " <>\t\r\n\"") != NULL)
		return NULL;
	for (const char *p = a; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return NULL;
	at = strrchr(a, '@');
	for (char *p = at; p != NULL && *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	return g_steal_pointer(&a);
}

const char *
sg_address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : "";
}

char *
sg_address_mailbox(const char *address)
{
	g_autofree char *valid = g_utf8_make_valid(address, -1);
	g_autofree char *low = g_utf8_strdown(valid, -1);
	const char *at = strrchr(low, '@'), *plus = strchr(low, '+');

	if (at == NULL || plus == NULL || plus > at || plus == low)
		return g_steal_pointer(&low);
	return g_strdup_printf("%.*s%s", (int)(plus - low), low, at);
}

gboolean
sg_address_same(const char *a, const char *b)
{
	g_autofree char *x = sg_address_mailbox(a), *y = sg_address_mailbox(b);

	return strcmp(x, y) == 0;
}

static gboolean
counts(const char *line, gsize len)
{
	static const char *const names[] = { "subject:", "mime-version:", "content-" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (len >= strlen(names[i]) && g_ascii_strncasecmp(line, names[i], strlen(names[i])) == 0)
			return TRUE;
	return FALSE;
}

/* Name in lower case, value without line ends and without blanks at its borders:
 * mail servers fold anew and put a blank after the colon. */
static void
hash_field(crypto_generichash_state *h, const char *p, const char *end)
{
	const char *colon = memchr(p, ':', (gsize)(end - p));
	g_autoptr(GString) s = g_string_new(NULL);

	for (; p < colon; p++)
		g_string_append_c(s, g_ascii_tolower(*p));
	g_string_append_c(s, ':');
	for (p = colon + 1; p < end; p++) {
		if (*p == '\r' || *p == '\n')
			continue;
		if ((*p == ' ' || *p == '\t') && s->str[s->len - 1] == ':')
			continue;
		g_string_append_c(s, *p);
	}
	while (s->len > 0 && (s->str[s->len - 1] == ' ' || s->str[s->len - 1] == '\t'))
		g_string_truncate(s, s->len - 1);
	g_string_append_c(s, '\n');
	crypto_generichash_update(h, (const guint8 *)s->str, s->len);
}

static const char *
line_end(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (gsize)(end - p));

	return nl != NULL ? nl + 1 : end;
}

static char *
hash_hex(crypto_generichash_state *h)
{
	guint8 sum[HASH_LEN];
	char hex[HASH_LEN * 2 + 1];

	crypto_generichash_final(h, sum, sizeof sum);
	return g_strdup(sodium_bin2hex(hex, sizeof hex, sum, sizeof sum));
}

void
sg_message_hash(SgMessage *m)
{
	gsize len = 0;
	const char *p = m->bytes != NULL ? g_bytes_get_data(m->bytes, &len) : "", *end;
	crypto_generichash_state h;

	if (p == NULL)
		p = "";
	end = p + len;
	crypto_generichash_init(&h, NULL, 0, HASH_LEN);
	while (p < end) {
		const char *field_end = line_end(p, end);

		if (*p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n')) {
			p = field_end;
			break;
		}
		while (field_end < end && (*field_end == ' ' || *field_end == '\t'))
			field_end = line_end(field_end, end);
		if (counts(p, (gsize)(field_end - p)) && memchr(p, ':', (gsize)(field_end - p)) != NULL)
			hash_field(&h, p, field_end);
		p = field_end;
	}
	crypto_generichash_update(&h, (const guint8 *)"\n", 1);
	crypto_generichash_update(&h, (const guint8 *)p, (gsize)(end - p));
	g_free(m->content_hash);
	m->content_hash = hash_hex(&h);
}

gboolean
sg_message_has_own_id(const SgMessage *m)
{
	return m->message_id != NULL && m->message_id[0] != '\0' &&
	    (m->queue_id == NULL || m->queue_id[0] == '\0' || strstr(m->message_id, m->queue_id) == NULL);
}

static void
hash_text(crypto_generichash_state *h, const char *s)
{
	crypto_generichash_update(h, (const guint8 *)s, strlen(s) + 1);
}

void
sg_message_dedupe(SgMessage *m)
{
	crypto_generichash_state h;

	if (m->content_hash == NULL)
		sg_message_hash(m);
	crypto_generichash_init(&h, NULL, 0, HASH_LEN);
	hash_text(&h, m->sender);
	hash_text(&h, m->content_hash);
	hash_text(&h, sg_message_has_own_id(m) ? m->message_id : "");
	g_free(m->dedupe);
	m->dedupe = hash_hex(&h);
}
