#include <string.h>

#include <sodium.h>

#include "base/ref.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
sg_ref_new(char out[SG_REF_LEN + 1])
{
	guint8 r[SG_REF_LEN];

	randombytes_buf(r, sizeof r);
	for (gsize i = 0; i < SG_REF_LEN; i++)
		out[i] = alphabet[r[i] & 31];
	out[SG_REF_LEN] = '\0';
}

gboolean
sg_ref_parse(const char *typed, char out[SG_REF_LEN + 1])
{
	char ref[SG_REF_LEN + 1] = "";
	gsize n = 0;

	for (; *typed != '\0'; typed++) {
		char c = g_ascii_toupper(*typed);

		if (c == '-' || c == ' ')
			continue;
		if (c == 'O')
			c = '0';
		else if (c == 'I' || c == 'L')
			c = '1';
		if (n == SG_REF_LEN || strchr(alphabet, c) == NULL)
			return FALSE;
		ref[n++] = c;
	}
	if (n != SG_REF_LEN)
		return FALSE;
	memcpy(out, ref, sizeof ref);
	return TRUE;
}

char *
sg_ref_show(const char *ref)
{
	return strlen(ref) == SG_REF_LEN ? g_strdup_printf("%.4s-%s", ref, ref + 4) : g_strdup(ref);
}
