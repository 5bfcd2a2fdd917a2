/* warm - what the walk's libraries would open or fill later, done before the lock-down. */
#include <gmime/gmime.h>
#include <iconv.h>
#include <libxml/parser.h>

#include "part/extractor.h"
#include "protect/crypto.h"
#include "scan/type.h"
#include "scan/walk.h"
#include "text/charset.h"

/*
 * GMime decodes file names with iconv, which loads each charset from a file when it
 * is first used, and keeps it loaded while a descriptor is open.  These stay open
 * for the life of the process: no file can be opened once the worker is locked down.
 */
static void
keep_iconv_loaded(void)
{
	static const char *const names[] = { "ISO-8859-1", "ISO-8859-2", "ISO-8859-3",
		"ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9",
		"ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16",
		"WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254",
		"WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "WINDOWS-874",
		"TIS-620", "KOI8-R", "KOI8-U", "IBM437", "IBM850", "IBM852", "IBM866", "MACINTOSH",
		"UTF-7", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "GB2312", "GBK", "GB18030",
		"BIG5", "BIG5-HKSCS", "EUC-CN", "EUC-TW", "SHIFT_JIS", "CP932", "EUC-JP",
		"ISO-2022-JP", "ISO-2022-JP-2", "ISO-2022-KR", "ISO-2022-CN", "EUC-KR", "CP949",
		"JOHAB", "ARMSCII-8", "GEORGIAN-PS", "TCVN", "VISCII" };
	static iconv_t open[G_N_ELEMENTS(names)][2];

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		char in[] = "a", out[16], *from = in, *to = out;
		gsize have = 1, room = sizeof out;

		open[i][0] = iconv_open("UTF-8", names[i]);
		open[i][1] = iconv_open(names[i], "UTF-8");
		if (open[i][0] != (iconv_t)-1)
			iconv(open[i][0], &from, &have, &to, &room);
	}
}

gboolean
sg_walk_warm_up(GError **error)
{
	static gsize once;
	gboolean ok = TRUE;

	if (g_once_init_enter(&once)) {
		g_mime_init();
		xmlInitParser();
		keep_iconv_loaded();
		sg_charset_warm_up();
		ok = sg_type_warm_up(error) && sg_crypto_warm_up(error) && sg_extractors_warm_up(error);
		g_once_init_leave(&once, 1);
	}
	return ok;
}
