#include <string.h>

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include "base/err.h"
#include "ocr/reader.h"

#define SMALLEST 16	/* pixels: letters need more                            */
#define PAGES	 5	/* of a fax; the budget of time is for all of them      */
#define DPI	 150	/* what most pictures do not say, and tesseract guesses */

struct SgReader {
	TessBaseAPI *api;
};

/* A line of text it was never shown before: what it loads late, it loads now. */
static void
warm_up(SgReader *r)
{
	PIX *p = pixCreate(200, 60, 8);
	gboolean limit;
	l_uint8 *png = NULL;
	size_t n = 0;

	if (p == NULL)
		return;
	(void)pixSetAllArbitrary(p, 255);
	(void)pixRasterop(p, 40, 10, 12, 40, PIX_CLR, NULL, 0, 0);
	if (pixWriteMemPng(&png, &n, p, 0) == 0)
		g_free(sg_reader_run(r, png, n, 100000, 5000, 1000, &limit));
	lept_free(png);
	pixDestroy(&p);
}

SgReader *
sg_reader_new(const char *language, GError **error)
{
	SgReader *r = g_new0(SgReader, 1);

	(void)setMsgSeverity(L_SEVERITY_NONE);
	r->api = TessBaseAPICreate();
	if (r->api == NULL || TessBaseAPIInit3(r->api, NULL, language) != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "tesseract has no data for the language \"%s\"; install "
		    "tesseract-ocr-%s", language, language);
		sg_reader_free(r);
		return NULL;
	}
	(void)TessBaseAPISetVariable(r->api, "debug_file", "/dev/null");
	warm_up(r);
	return r;
}

void
sg_reader_free(SgReader *r)
{
	if (r == NULL)
		return;
	if (r->api != NULL) {
		TessBaseAPIEnd(r->api);
		TessBaseAPIDelete(r->api);
	}
	g_free(r);
}

static void
read_page(SgReader *r, PIX *page, gint64 end, GString *out, gboolean *limit)
{
	gint64 left = (end - g_get_monotonic_time()) / 1000;
	ETEXT_DESC *clock = left > 0 ? TessMonitorCreate() : NULL;
	char *text = NULL;

	if (clock == NULL) {
		*limit = TRUE;
		return;
	}
	TessMonitorSetDeadlineMSecs(clock, (int)MIN(left, G_MAXINT32));
	TessBaseAPISetImage2(r->api, page);
	if (pixGetXRes(page) < 70)
		TessBaseAPISetSourceResolution(r->api, DPI);
	if (TessBaseAPIRecognize(r->api, clock) == 0)
		text = TessBaseAPIGetUTF8Text(r->api);
	*limit = *limit || g_get_monotonic_time() >= end;
	if (text != NULL)
		g_string_append(out, text);
	TessDeleteText(text);
	TessMonitorDelete(clock);
	TessBaseAPIClear(r->api);
}

/* The size is read before the picture is: a few bytes can claim billions of pixels. */
static gboolean
is_worth_it(const void *bytes, gsize n, guint pixels, gboolean *limit)
{
	l_int32 format, w = 0, h = 0, bits, samples, mapped;

	*limit = FALSE;
	if (pixReadHeaderMem(bytes, n, &format, &w, &h, &bits, &samples, &mapped) != 0)
		return FALSE;
	if (w < SMALLEST || h < SMALLEST)
		return FALSE;
	if ((guint64)w * (guint64)h > pixels) {
		*limit = TRUE;
		return FALSE;
	}
	return TRUE;
}

static gboolean
is_tiff(const void *bytes, gsize n)
{
	return n > 4 && (memcmp(bytes, "II*", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0);
}

char *
sg_reader_run(SgReader *r, const void *bytes, gsize n, guint pixels, guint ms, gsize most, gboolean *limit)
{
	GString *out = g_string_new(NULL);
	gint64 end = g_get_monotonic_time() + (gint64)ms * 1000;
	gboolean more = is_worth_it(bytes, n, pixels, limit);
	size_t at = 0;
	char *text;

	for (guint pages = 0; more; pages++) {
		PIX *page = is_tiff(bytes, n) ? pixReadMemFromMultipageTiff(bytes, n, &at) : pixReadMem(bytes, n);

		more = page != NULL && at != 0 && pages + 1 < PAGES;
		*limit = *limit || (at != 0 && !more);
		if (page == NULL)
			break;
		if ((guint64)pixGetWidth(page) * (guint64)pixGetHeight(page) > pixels)
			*limit = TRUE;
		else
			read_page(r, page, end, out, limit);
		pixDestroy(&page);
	}
	if (out->len > most) {
		g_string_truncate(out, most);
		*limit = TRUE;
	}
	text = g_utf8_make_valid(out->str, (gssize)out->len);
	g_string_free(out, TRUE);
	return text;
}
