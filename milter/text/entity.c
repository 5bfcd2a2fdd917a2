#include <string.h>

#include "text/entity.h"

#define LONGEST 24u	/* longest name in the table, and one */

/* From the list of the HTML standard: all that HTML 4 has not, and that is a letter of
 * ours, one that looks like it, a blank, or nothing to be seen.  Sorted by name. */
static const struct {
	const char *name;
	guint16	    code;
} entities[] = {
	{ "Acy", 0x410 }, { "ApplyFunction", 0x2061 }, { "Bcy", 0x411 }, { "Bernoullis", 0x212c },
	{ "CHcy", 0x427 }, { "CapitalDifferentialD", 0x2145 }, { "Cayleys", 0x212d },
	{ "Colone", 0x2a74 }, { "DD", 0x2145 }, { "DJcy", 0x402 }, { "DScy", 0x405 },
	{ "DZcy", 0x40f }, { "Dcy", 0x414 }, { "DiacriticalGrave", 0x60 },
	{ "DifferentialD", 0x2146 }, { "Ecy", 0x42d }, { "Equal", 0x2a75 },
	{ "ExponentialE", 0x2147 }, { "Fcy", 0x424 }, { "Fouriertrf", 0x2131 }, { "GJcy", 0x403 },
	{ "Gcy", 0x413 }, { "HARDcy", 0x42a }, { "Hat", 0x5e }, { "HilbertSpace", 0x210b },
	{ "IEcy", 0x415 }, { "IJlig", 0x132 }, { "IOcy", 0x401 }, { "Icy", 0x418 },
	{ "Im", 0x2111 }, { "ImaginaryI", 0x2148 }, { "InvisibleComma", 0x2063 },
	{ "InvisibleTimes", 0x2062 }, { "Iukcy", 0x406 }, { "Jcy", 0x419 }, { "Jsercy", 0x408 },
	{ "Jukcy", 0x404 }, { "KHcy", 0x425 }, { "KJcy", 0x40c }, { "Kcy", 0x41a },
	{ "LJcy", 0x409 }, { "Laplacetrf", 0x2112 }, { "Lcy", 0x41b }, { "Mcy", 0x41c },
	{ "MediumSpace", 0x205f }, { "Mellintrf", 0x2133 }, { "NJcy", 0x40a }, { "Ncy", 0x41d },
	{ "NegativeMediumSpace", 0x200b }, { "NegativeThickSpace", 0x200b },
	{ "NegativeThinSpace", 0x200b }, { "NegativeVeryThinSpace", 0x200b }, { "NewLine", 0xa },
	{ "NoBreak", 0x2060 }, { "NonBreakingSpace", 0xa0 }, { "Ocy", 0x41e }, { "Pcy", 0x41f },
	{ "Poincareplane", 0x210c }, { "Rcy", 0x420 }, { "Re", 0x211c }, { "SHCHcy", 0x429 },
	{ "SHcy", 0x428 }, { "SOFTcy", 0x42c }, { "Scy", 0x421 }, { "TRADE", 0x2122 },
	{ "TSHcy", 0x40b }, { "TScy", 0x426 }, { "Tab", 0x9 }, { "Tcy", 0x422 },
	{ "ThickSpace", 0x205f }, { "ThinSpace", 0x2009 }, { "Ubrcy", 0x40e }, { "Ucy", 0x423 },
	{ "UnderBar", 0x5f }, { "Vcy", 0x412 }, { "VerticalLine", 0x7c },
	{ "VeryThinSpace", 0x200a }, { "YAcy", 0x42f }, { "YIcy", 0x407 }, { "YUcy", 0x42e },
	{ "Ycy", 0x42b }, { "ZHcy", 0x416 }, { "Zcy", 0x417 }, { "ZeroWidthSpace", 0x200b },
	{ "acy", 0x430 }, { "af", 0x2061 }, { "ast", 0x2a }, { "bcy", 0x431 },
	{ "bernou", 0x212c }, { "bsol", 0x5c }, { "chcy", 0x447 }, { "circledS", 0x24c8 },
	{ "colon", 0x3a }, { "comma", 0x2c }, { "commat", 0x40 }, { "complexes", 0x2102 },
	{ "dcy", 0x434 }, { "dd", 0x2146 }, { "djcy", 0x452 }, { "dollar", 0x24 },
	{ "dscy", 0x455 }, { "dzcy", 0x45f }, { "ecy", 0x44d }, { "ee", 0x2147 },
	{ "ell", 0x2113 }, { "emsp13", 0x2004 }, { "emsp14", 0x2005 }, { "equals", 0x3d },
	{ "excl", 0x21 }, { "expectation", 0x2130 }, { "exponentiale", 0x2147 }, { "fcy", 0x444 },
	{ "ffilig", 0xfb03 }, { "fflig", 0xfb00 }, { "ffllig", 0xfb04 }, { "filig", 0xfb01 },
	{ "fllig", 0xfb02 }, { "gcy", 0x433 }, { "gjcy", 0x453 }, { "grave", 0x60 },
	{ "hairsp", 0x200a }, { "hamilt", 0x210b }, { "hardcy", 0x44a }, { "ic", 0x2063 },
	{ "icy", 0x438 }, { "iecy", 0x435 }, { "ii", 0x2148 }, { "ijlig", 0x133 },
	{ "imagline", 0x2110 }, { "imagpart", 0x2111 }, { "imath", 0x131 }, { "incare", 0x2105 },
	{ "inodot", 0x131 }, { "integers", 0x2124 }, { "iocy", 0x451 }, { "it", 0x2062 },
	{ "iukcy", 0x456 }, { "jcy", 0x439 }, { "jmath", 0x237 }, { "jsercy", 0x458 },
	{ "jukcy", 0x454 }, { "kcy", 0x43a }, { "khcy", 0x445 }, { "kjcy", 0x45c },
	{ "lagran", 0x2112 }, { "lbrace", 0x7b }, { "lbrack", 0x5b }, { "lcub", 0x7b },
	{ "lcy", 0x43b }, { "ljcy", 0x459 }, { "lowbar", 0x5f }, { "lpar", 0x28 },
	{ "lsqb", 0x5b }, { "mcy", 0x43c }, { "midast", 0x2a }, { "mldr", 0x2026 },
	{ "naturals", 0x2115 }, { "ncy", 0x43d }, { "njcy", 0x45a }, { "nldr", 0x2025 },
	{ "num", 0x23 }, { "numero", 0x2116 }, { "numsp", 0x2007 }, { "oS", 0x24c8 },
	{ "ocy", 0x43e }, { "order", 0x2134 }, { "orderof", 0x2134 }, { "pcy", 0x43f },
	{ "percnt", 0x25 }, { "period", 0x2e }, { "phmmat", 0x2133 }, { "planckh", 0x210e },
	{ "plus", 0x2b }, { "primes", 0x2119 }, { "puncsp", 0x2008 }, { "quaternions", 0x210d },
	{ "quest", 0x3f }, { "rationals", 0x211a }, { "rbrace", 0x7d }, { "rbrack", 0x5d },
	{ "rcub", 0x7d }, { "rcy", 0x440 }, { "realine", 0x211b }, { "realpart", 0x211c },
	{ "reals", 0x211d }, { "rpar", 0x29 }, { "rsqb", 0x5d }, { "scy", 0x441 },
	{ "semi", 0x3b }, { "shchcy", 0x449 }, { "shcy", 0x448 }, { "softcy", 0x44c },
	{ "sol", 0x2f }, { "tcy", 0x442 }, { "tscy", 0x446 }, { "tshcy", 0x45b },
	{ "ubrcy", 0x45e }, { "ucy", 0x443 }, { "vcy", 0x432 }, { "verbar", 0x7c },
	{ "vert", 0x7c }, { "yacy", 0x44f }, { "ycy", 0x44b }, { "yicy", 0x457 },
	{ "yucy", 0x44e }, { "zcy", 0x437 }, { "zeetrf", 0x2128 }, { "zhcy", 0x436 },
};

/* "kfr", "kopf" and "kscr" are the letter k in other faces. */
static gunichar
letter_in_face(const char *name, gsize n)
{
	static const char *const faces[] = { "fr", "opf", "scr" };

	for (gsize i = 0; i < G_N_ELEMENTS(faces) && g_ascii_isalpha(name[0]); i++)
		if (n == strlen(faces[i]) + 1 && strncmp(name + 1, faces[i], n - 1) == 0)
			return (guchar)name[0];
	return 0;
}

static gunichar
code_of(const char *name, gsize n)
{
	gsize lo = 0, hi = G_N_ELEMENTS(entities);

	while (lo < hi) {
		gsize mid = (lo + hi) / 2;
		int c = strncmp(name, entities[mid].name, n);

		if (c == 0 && entities[mid].name[n] == '\0')
			return entities[mid].code;
		if (c <= 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return letter_in_face(name, n);
}

gsize
sg_entity_expand(char *html, gsize len)
{
	char *out = html, *from = html, *end = html + len, *amp;

	while ((amp = memchr(from, '&', (gsize)(end - from))) != NULL) {
		gsize most = MIN((gsize)(end - amp - 1), LONGEST), n = 0;
		gunichar code;

		while (n < most && g_ascii_isalnum(amp[1 + n]))
			n++;
		code = n > 0 && n < most && amp[1 + n] == ';' ? code_of(amp + 1, n) : 0;
		memmove(out, from, (gsize)(amp - from) + (code == 0));
		out += amp - from + (code == 0);
		from = amp + 1;
		if (code != 0) {
			out += g_unichar_to_utf8(code, out);
			from += n + 1;
		}
	}
	memmove(out, from, (gsize)(end - from));
	out += end - from;
	*out = '\0';
	return (gsize)(out - html);
}
