/* Office packages: the first byte chooses between bytes of a zip, of one XML file, and members
 * of a Word, Excel, binary Excel or PowerPoint package. */
#include "t/fuzz/package.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static const char *const word[] = { "[Content_Types].xml", "word/document.xml", "word/numbering.xml",
		"word/styles.xml", "word/_rels/document.xml.rels", "word/header1.xml", "word/settings.xml",
		"customXml/item1.xml", "word/vbaProject.bin" };
	static const char *const excel[] = { "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml",
		"xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/comments1.xml",
		"xl/worksheets/sheet2.xml" };
	static const char *const binary[] = { "[Content_Types].xml", "xl/workbook.bin", "xl/sharedStrings.bin",
		"xl/styles.bin", "xl/worksheets/sheet1.bin" };
	static const char *const slides[] = { "[Content_Types].xml", "ppt/presentation.xml", "ppt/slides/slide1.xml",
		"ppt/_rels/presentation.xml.rels", "ppt/slideMasters/slideMaster1.xml", "ppt/charts/chart1.xml" };

	if (size == 0)
		return 0;
	switch (data[0] % 6) {
	case 0:
		read_as("application/octet-stream", data + 1, size - 1);
		break;
	case 1:
		read_as("application/octet-stream", data + 1, size - 1);
		break;
	case 2:
		read_package(word, G_N_ELEMENTS(word), data + 1, size - 1);
		break;
	case 3:
		read_package(excel, G_N_ELEMENTS(excel), data + 1, size - 1);
		break;
	case 4:
		read_package(binary, G_N_ELEMENTS(binary), data + 1, size - 1);
		break;
	default:
		read_package(slides, G_N_ELEMENTS(slides), data + 1, size - 1);
	}
	return 0;
}
