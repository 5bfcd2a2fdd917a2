#include <string.h>

#include "base/err.h"
#include "front/apply.h"

#define MAX_REPLY 500u	/* one line of SMTP is 512 bytes */

/* libmilter's arguments are not const, though it changes nothing. */
static char *
loose(const char *s)
{
	union { const char *in; char *out; } u = { s };

	return u.out;
}

static gint
by_index_down(gconstpointer a, gconstpointer b)
{
	const SgOwnHeader *x = *(SgOwnHeader *const *)a, *y = *(SgOwnHeader *const *)b;

	return x->index < y->index ? 1 : x->index > y->index ? -1 : 0;
}

/* From the highest index down: Postfix counts anew after each removal, Sendmail does not. */
static gboolean
remove_own(SgSession *s)
{
	gboolean good = TRUE;

	if (s->collect->own == NULL)
		return TRUE;
	g_ptr_array_sort(s->collect->own, by_index_down);
	for (guint i = 0; good && i < s->collect->own->len; i++) {
		const SgOwnHeader *h = g_ptr_array_index(s->collect->own, i);

		good = smfi_chgheader(s->ctx, loose(h->name), (int)h->index, NULL) == MI_SUCCESS;
	}
	return good;
}

/* The value goes out as it is, so the blank after the colon is ours to give. */
static gboolean
insert_header(SgSession *s, const SgEdit *e)
{
	g_autofree char *value = g_strconcat(s->bare ? "" : " ", e->value, NULL);

	return smfi_insheader(s->ctx, 0, e->name, value) == MI_SUCCESS;
}

static gboolean
add_recipient(SgSession *s, const char *address)
{
	g_autofree char *path = g_strdup_printf("<%s>", address);

	return smfi_addrcpt(s->ctx, path) == MI_SUCCESS;
}

/* The mail server knows a recipient as it was written to it, which may be more
 * than one way ("A@School.example", "A@school.example") for the one we hold. */
static gboolean
delete_recipients(SgSession *s, GHashTable *gone)
{
	g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	if (g_hash_table_size(gone) == 0)
		return TRUE;
	for (guint i = 0; i < s->given->len; i++) {
		const char *given = g_ptr_array_index(s->given, i);
		g_autofree char *address = sg_address_clean(given);

		if (address == NULL || !g_hash_table_contains(gone, address))
			continue;
		if (smfi_delrcpt(s->ctx, loose(given)) != MI_SUCCESS)
			return FALSE;
		g_hash_table_add(found, g_steal_pointer(&address));
	}
	/* a held copy whose recipient stayed would be delivered */
	return g_hash_table_size(found) == g_hash_table_size(gone);
}

static gboolean
replace_body(SgSession *s, GBytes *body)
{
	gsize len;
	const char *data = g_bytes_get_data(body, &len);
	union { const char *in; unsigned char *out; } u = { data != NULL ? data : "" };

	return len <= G_MAXINT && smfi_replacebody(s->ctx, u.out, (int)len) == MI_SUCCESS;
}

static gboolean
carry_out(SgSession *s, const SgEdit *e, GHashTable *gone)
{
	switch (e->kind) {
	case SG_EDIT_ADD_HEADER:
		return insert_header(s, e);
	case SG_EDIT_ADD_RCPT:
		return add_recipient(s, e->value);
	case SG_EDIT_DEL_RCPT:
		g_hash_table_add(gone, e->value);
		return TRUE;
	case SG_EDIT_CHANGE_HEADER:
		return smfi_chgheader(s->ctx, e->name, 1, e->value) == MI_SUCCESS;
	case SG_EDIT_DETACH:	/* is the body */
		return TRUE;
	}
	return FALSE;
}

gboolean
sg_apply_edits(SgSession *s, const GPtrArray *edits, GBytes *body, GError **error)
{
	g_autoptr(GHashTable) gone = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean good = remove_own(s);

	for (guint i = 0; good && edits != NULL && i < edits->len; i++)
		good = carry_out(s, g_ptr_array_index(edits, i), gone);
	good = good && delete_recipients(s, gone) && (body == NULL || replace_body(s, body));
	if (!good)
		g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "the mail server did not take an edit");
	return good;
}

/* libmilter formats the text, and refuses a reply whose codes do not agree. */
static char *
reply_text(const char *text)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (const char *p = text; *p != '\0' && s->len < MAX_REPLY; p++) {
		g_string_append_c(s, *p >= ' ' && *p < 127 ? *p : '?');
		if (*p == '%')
			g_string_append_c(s, '%');
	}
	return g_strdup(s->str);
}

sfsistat
sg_apply_answer(SMFICTX *ctx, guint code, const char *status, const char *text)
{
	char digits[8];
	g_autofree char *line = text != NULL ? reply_text(text) : NULL;

	if (code < 400 || code > 599)
		return SMFIS_TEMPFAIL;
	g_snprintf(digits, sizeof digits, "%u", code);
	if (line != NULL && smfi_setreply(ctx, digits, loose(status), line) != MI_SUCCESS)
		(void)smfi_setreply(ctx, digits, NULL, NULL);
	return code < 500 ? SMFIS_TEMPFAIL : SMFIS_REJECT;
}

gboolean
sg_apply_progress(gpointer session)
{
	SgSession *s = session;

	return smfi_progress(s->ctx) == MI_SUCCESS;
}
