#!/usr/bin/python3
"""Writes the samples of t/data/x_ooxml, x_odf, x_iwork and x_onenote: office.py DIRECTORY-OF-T/DATA.

Small documents with every place in which a word may stand; the unit tests know the words.
"""
import os, struct, sys, zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ' \
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" ' \
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" ' \
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ' \
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ' \
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" ' \
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ' \
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000a49444154789c6300010000050001"
                    "0d0a2db40000000049454e44ae426082")


def types(rows):
    return HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' \
        '<Default Extension="xml" ContentType="application/xml"/>' + "".join(
            '<Override PartName="/%s" ContentType="application/vnd.%s"/>' % row for row in rows) + "</Types>"


def rels(rows):
    return HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        '<Relationship Id="%s" Type="t" Target="%s"%s/>' % (i, t, ' TargetMode="External"' if x else "")
        for i, t, x in rows) + "</Relationships>"


def pack(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            z.writestr(info, data)


def p(text, props=""):
    return "<w:p>%s<w:r><w:t>%s</w:t></w:r></w:p>" % (props and "<w:pPr>%s</w:pPr>" % props, text)


def num(n, level=0):
    return '<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>' % (level, n)


BOX = '<w:txbxContent>%s</w:txbxContent>'
BODY = "".join([
    '<w:p><w:r><w:t xml:space="preserve">split w</w:t></w:r><w:bookmarkStart/><w:r><w:t>ord and</w:t></w:r>'
    '<w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>break</w:t></w:r></w:p>',
    '<w:p><w:r><w:t>around </w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
    '<wp:docPr id="1" name="x" descr="alternative words"/>' + BOX % p("boxed once") + '</w:drawing></mc:Choice>'
    '<mc:Fallback><w:pict><v:shape alt="old words">' + BOX % p("boxed once") + '</v:shape></w:pict></mc:Fallback>'
    '</mc:AlternateContent></w:r><w:r><w:t>the box</w:t></w:r></w:p>',
    '<w:p><w:ins w:author="x"><w:r><w:t>inserted </w:t></w:r></w:ins><w:del><w:r><w:delText>deleted words</w:delText>'
    '</w:r></w:del></w:p>',
    '<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden words</w:t></w:r></w:p>',
    '<w:p><w:r><w:fldChar/></w:r><w:r><w:instrText> HYPERLINK "http://field.example/x" </w:instrText></w:r>'
    '<w:r><w:t>field result</w:t></w:r></w:p>',
    p("first", num(1)), p("second", num(1)), p("below", num(1, 1)), p("third", num(1)),
    "<w:tbl><w:tblPr/><w:tr><w:tc><w:tcPr/>" + p("Name") + "</w:tc><w:tc>" + p("Date of birth") + "</w:tc></w:tr>"
    "<w:tr><w:tc>" + p("Ann Lee") + "</w:tc><w:tc>" + p("01/02/2010") + "</w:tc></w:tr></w:tbl>",
    "<w:tbl><w:tr><w:tc>" + p("lay") + p("out") + "</w:tc></w:tr></w:tbl>",
    '<w:p><w:r><w:ruby><w:rt><w:r><w:t>reading</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase>'
    '</w:ruby><w:t>line</w:t></w:r></w:p>',
    '<w:sdt><w:sdtPr><w:alias w:val="control name"/><w:dropDownList><w:listItem w:displayText="choice one"/>'
    '</w:dropDownList></w:sdtPr><w:sdtContent>' + p("in a control") + "</w:sdtContent></w:sdt>",
    '<w:p><w:r><w:noBreakHyphen/><w:sym w:font="x" w:char="00A3"/></w:r></w:p>'])
NUMBERING = HEAD + '<w:numbering %s><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="3"/>' \
    '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="%%1)"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/>' \
    '<w:lvlText w:val="%%1.%%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>' \
    '</w:numbering>' % W
CORE = HEAD + '<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:creator>Jane Author</dc:creator>' \
    '<dc:title>A core title</dc:title></cp:coreProperties>'


def word(body=BODY):
    note = lambda root, text: HEAD + "<w:%s %s>%s</w:%s>" % (root, W, text, root)
    return [
        ("word/numbering.xml", NUMBERING), ("word/document.xml", note("document", "<w:body>" + body + "</w:body>")),
        ("word/header1.xml", note("hdr", p("in a header") + '<w:p><w:r><w:pict><v:shape><v:textpath '
                                  'string="water mark"/></v:shape></w:pict></w:r></w:p>')),
        ("word/footer1.xml", note("ftr", p("in a footer"))),
        ("word/footnotes.xml", note("footnotes", "<w:footnote>" + p("a footnote") + "</w:footnote>")),
        ("word/comments.xml", note("comments", '<w:comment w:author="Carl Critic">' + p("a comment") + "</w:comment>")),
        ("word/glossary/document.xml", note("glossaryDocument", p("in the glossary"))),
        ("word/theme/theme1.xml", HEAD + '<a:theme %s name="Office"><a:t>no words</a:t></a:theme>' % A),
        ("word/_rels/document.xml.rels", rels([("rId1", "http://link.example/outside", 1), ("rId2", "media/image1.png", 0)])),
        ("word/media/image1.png", PNG), ("word/embeddings/inner.txt", b"text inside a file inside"),
        ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("docProps/core.xml", CORE), ("customXml/item1.xml", "<root><field name='secret field'>custom words</field></root>")]


def ooxml(data):
    docx_types = types([("word/document.xml", "openxmlformats-officedocument.wordprocessingml.document.main+xml"),
                        ("word/theme/theme1.xml", "openxmlformats-officedocument.theme+xml")])
    pack(data + "/x_ooxml/all.docx", [("[Content_Types].xml", docx_types)] + word())
    pack(data + "/x_ooxml/late-types.docx", word(p("types come last")) + [("[Content_Types].xml", docx_types)])
    whole = open(data + "/x_ooxml/all.docx", "rb").read()
    open(data + "/x_ooxml/cut.docx", "wb").write(whole[:len(whole) * 6 // 10])
    bomb = '<!DOCTYPE w [<!ENTITY a "entity words"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    pack(data + "/x_ooxml/entities.docx", [("[Content_Types].xml", docx_types), (
        "word/document.xml", HEAD + bomb + "<w:document %s>%s</w:document>" % (W, p("before &b;&x; behind")))])
    pack(data + "/x_ooxml/broken.docx", [("[Content_Types].xml", docx_types), (
        "word/document.xml", HEAD + "<w:document %s>%s<w:p <w:r><w:t>behind the break</w:t></w:r></w:p>"
        % (W, p("before the break")))])
    deep = "<w:tbl><w:tr><w:tc>" * 400 + p("deep words") + "</w:tc></w:tr></w:tbl>" * 400
    pack(data + "/x_ooxml/deep.docx", [("[Content_Types].xml", docx_types), (
        "word/document.xml", HEAD + "<w:document %s>%s</w:document>" % (W, deep))])
    wide = HEAD.replace("UTF-8", "UTF-16") + "<w:document %s>%s</w:document>" % (W, p("wide w\u00f6rds"))
    pack(data + "/x_ooxml/utf16.docx", [("[Content_Types].xml", docx_types), ("word/document.xml", wide.encode("utf-16"))])
    flat = HEAD + '<?mso-application progid="Word.Document"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/' \
        '2006/xmlPackage"><pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document %s>%s</w:document>' \
        '</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/media/note.txt"><pkg:binaryData>ZmxhdCBmaWxlIGluc2lkZQ==' \
        '</pkg:binaryData></pkg:part></pkg:package>' % (W, p("flat words"))
    open(data + "/x_ooxml/flat.xml", "w").write(flat)
    books(data)
    slides(data)


def books(data):
    sst = HEAD + "<sst %s><si><t>Name</t></si><si><r><t>Date </t></r><r><rPr/><t>of birth</t></r><rPh><t>phonetic</t></rPh>" \
        "</si><si><t>Ann Lee</t></si><si><t>never shown</t></si><si><t>Class 7B, autumn</t></si></sst>" % S
    styles = HEAD + '<styleSheet %s><numFmts count="1"><numFmt numFmtId="165" formatCode="&quot;At &quot;h:mm AM/PM&quot; on ' \
        '&quot;dddd mmmm d&quot;, &quot;yyyy"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>' \
        '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="165"/><xf numFmtId="11"/><xf numFmtId="4"/></cellXfs>' \
        '</styleSheet>' % S
    book = HEAD + '<workbook %s><sheets><sheet name="Front" sheetId="1" r:id="rId2"/><sheet name="Buried" sheetId="2" ' \
        'state="veryHidden" r:id="rId1"/></sheets><definedNames><definedName name="OurName">Front!$A$1</definedName>' \
        '</definedNames></workbook>' % S
    front = HEAD + '<worksheet %s><sheetData><row r="1"><c r="B1" t="s"><v>4</v></c></row>' \
        '<row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c><c r="D3" t="inlineStr"><is><t>UPN</t></is></c>' \
        '<c r="E3" t="str"><f>"a"&amp;"b"</f><v>NHS number</v></c></row>' \
        '<row r="4"><c r="B4" t="s"><v>2</v></c><c r="C4" s="1"><v>40210</v></c><c r="D4" t="str"><v>A123456789012</v></c>' \
        '<c r="E4" s="3"><v>9434765919</v></c><c r="F4" t="b"><v>1</v></c><c r="G4" t="e"><v>#DIV/0!</v></c></row>' \
        '<row r="5"><c r="C5" s="2"><v>39219.180555555555</v></c><c r="E5" s="4"><v>1234.5</v></c></row></sheetData>' \
        '<dataValidations><dataValidation prompt="a hint"><formula1>"Male,Female"</formula1></dataValidation>' \
        '</dataValidations><headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"Head words&amp;RPage &amp;P</oddHeader>' \
        '</headerFooter></worksheet>' % S
    buried = HEAD + '<worksheet %s><sheetData><row><c t="inlineStr"><is><t>buried words</t></is></c></row></sheetData>' \
        '</worksheet>' % S
    comments = HEAD + '<comments %s><authors><author>Carl</author></authors><commentList><comment ref="A1"><text><r>' \
        '<t>cell com</t></r><r><t>ment</t></r></text></comment></commentList></comments>' % S
    pack(data + "/x_ooxml/all.xlsx", [
        ("[Content_Types].xml", types([("xl/workbook.xml", "openxmlformats-officedocument.spreadsheetml.sheet.main+xml")])),
        ("xl/worksheets/sheet1.xml", buried), ("xl/worksheets/sheet2.xml", front), ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", rels([("rId1", "worksheets/sheet1.xml", 0), ("rId2", "worksheets/sheet2.xml", 0)])),
        ("xl/sharedStrings.xml", sst), ("xl/styles.xml", styles), ("xl/comments1.xml", comments)])
    bomb = HEAD + "<sst %s><si><t>%s</t></si></sst>" % (S, "x" * 30000)
    rows = "".join('<row>%s</row>' % ('<c t="s"><v>0</v></c>' * 100) for _ in range(100))
    pack(data + "/x_ooxml/strings-bomb.xlsx", [
        ("[Content_Types].xml", types([])), ("xl/workbook.xml", book), ("xl/sharedStrings.xml", bomb),
        ("xl/worksheets/sheet1.xml", HEAD + "<worksheet %s><sheetData>%s</sheetData></worksheet>" % (S, rows))])
    xml = HEAD + '<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" ' \
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Old sheet"><Table><Row><Cell><Data>Name' \
        '</Data></Cell><Cell ss:Index="3"><Data>DOB</Data></Cell></Row><Row><Cell><Data>Ann</Data></Cell><Cell ss:Index="3">' \
        '<Data ss:Type="DateTime">2010-02-01T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>'
    open(data + "/x_ooxml/excel2003.xml", "w").write(xml)
    wide = lambda s: struct.pack("<I", len(s)) + s.encode("utf-16-le")

    def record(kind, body=b""):
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return head + (bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 127 | 128, len(body) >> 7])) + body

    cell = lambda column, style=0: struct.pack("<II", column, style)
    pack(data + "/x_ooxml/all.xlsb", [
        ("[Content_Types].xml", types([])), ("xl/workbook.bin", record(131) + record(156, struct.pack("<II", 1, 1) +
                                                                                     wide("rId1") + wide("Binary sheet"))),
        ("xl/sharedStrings.bin", record(159, bytes(8)) + record(19, b"\0" + wide("Full name"))),
        ("xl/styles.bin", record(617, bytes(4)) + record(47, struct.pack("<HHQ", 0, 0, 0)) +
         record(47, struct.pack("<HHQ", 0, 14, 0)) + record(618)),
        ("xl/worksheets/sheet1.bin", record(0, bytes(17)) + record(7, cell(0) + bytes(4)) + record(6, cell(1) + wide("Born")) +
         record(0, struct.pack("<I", 1) + bytes(13)) + record(6, cell(0) + wide("Ann Lee")) +
         record(5, cell(1, 1) + struct.pack("<d", 40210.0)) + record(2, cell(2) + struct.pack("<I", 1234 << 2 | 2)) +
         record(479, bytes(2) + wide("&CBinary header")))])


def slides(data):
    t = lambda text: "<a:p><a:r><a:t>%s</a:t></a:r></a:p>" % text
    sp = lambda text, ph="": '<p:sp><p:nvSpPr><p:cNvPr id="1" name="x" descr="%s picture"/><p:nvPr>%s</p:nvPr></p:nvSpPr>' \
        "<p:txBody>%s</p:txBody></p:sp>" % (text.split()[0], ph, t(text))
    slide = lambda root, inside: HEAD + "<p:%s %s><p:cSld><p:spTree>%s</p:spTree></p:cSld></p:%s>" % (root, A, inside, root)
    table = "<a:tbl><a:tr><a:tc><a:txBody>%s</a:txBody></a:tc><a:tc><a:txBody>%s</a:txBody></a:tc></a:tr><a:tr><a:tc>" \
        "<a:txBody>%s</a:txBody></a:tc><a:tc><a:txBody>%s</a:txBody></a:tc></a:tr></a:tbl>" % (
            t("Pupil"), t("Mark"), t("Ann"), t("17"))
    chart = HEAD + '<c:chartSpace xmlns:c="c"><c:ser><c:tx><c:strRef><c:f>Sheet1!$A$1</c:f><c:strCache><c:pt><c:v>chart words' \
        '</c:v></c:pt></c:strCache></c:strRef></c:tx></c:ser></c:chartSpace>'
    pack(data + "/x_ooxml/all.pptx", [
        ("[Content_Types].xml", types([("ppt/presentation.xml", "openxmlformats-officedocument.presentationml.presentation.main+xml"),
                                       ("ppt/slides/slide1.xml", "openxmlformats-officedocument.presentationml.slide+xml"),
                                       ("ppt/slides/slide2.xml", "openxmlformats-officedocument.presentationml.slide+xml")])),
        ("ppt/presentation.xml", HEAD + '<p:presentation %s><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" '
         'r:id="rId1"/></p:sldIdLst></p:presentation>' % A),
        ("ppt/_rels/presentation.xml.rels", rels([("rId1", "slides/slide1.xml", 0), ("rId2", "slides/slide2.xml", 0)])),
        ("ppt/slides/slide1.xml", slide("sld", sp("shown second") + table)),
        ("ppt/slides/slide2.xml", slide("sld", sp("shown first"))),
        ("ppt/notesSlides/notesSlide1.xml", slide("notes", sp("speaker notes"))),
        ("ppt/slideMasters/slideMaster1.xml", slide("sldMaster", sp("click here", '<p:ph type="title"/>') +
                                                    sp("master footer", '<p:ph type="ftr"/>') + sp("on every slide"))),
        ("ppt/comments/comment1.xml", HEAD + "<p:cmLst %s><p:cm><p:text>slide comment</p:text></p:cm></p:cmLst>" % A),
        ("ppt/charts/chart1.xml", chart), ("ppt/diagrams/data1.xml", HEAD + '<dgm:dataModel xmlns:dgm="d" %s><dgm:pt><dgm:t>%s'
                                           '</dgm:t></dgm:pt></dgm:dataModel>' % (A, t("diagram words")))])


O = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="t" xmlns:table="b" xmlns:draw="d" ' \
    'xmlns:xlink="l" xmlns:dc="c" xmlns:style="s" xmlns:presentation="p" xmlns:meta="m" xmlns:svg="v" xmlns:ooo="o"'
TEXT = '<text:h>A heading</text:h><text:p>split <text:span>w</text:span>ord<text:s text:c="2"/>and<text:tab/>tab' \
    '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>a footnote</text:p></text:note-body>' \
    '</text:note> goes on<office:annotation><dc:creator>Carl</dc:creator><text:p>a comment</text:p></office:annotation>.' \
    '</text:p><text:tracked-changes><text:deletion><text:p>deleted words</text:p></text:deletion></text:tracked-changes>' \
    '<text:p><text:a xlink:href="http://link.example/odf">shown</text:a><draw:frame><draw:text-box><text:p>boxed words' \
    '</text:p></draw:text-box><svg:desc>alternative words</svg:desc></draw:frame></text:p>' \
    '<table:table><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>DOB' \
    '</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Ann</text:p></table:table-cell>' \
    '<table:table-cell><text:p>01/02/2010</text:p></table:table-cell></table:table-row></table:table>'
META = HEAD + '<office:document-meta %s><office:meta><dc:title>A meta title</dc:title><meta:keyword>key word</meta:keyword>' \
    '</office:meta></office:document-meta>' % O
STYLES = HEAD + '<office:document-styles %s><office:master-styles><style:master-page><style:header><text:p>in a header' \
    '</text:p></style:header></style:master-page></office:master-styles></office:document-styles>' % O


def odf(data):
    content = lambda inside: HEAD + "<office:document-content %s><office:body>%s</office:body></office:document-content>" % (O, inside)
    manifest = lambda more="": HEAD + '<manifest:manifest xmlns:manifest="m">%s</manifest:manifest>' % more
    pack(data + "/x_odf/all.odt", [
        ("mimetype", "application/vnd.oasis.opendocument.text"), ("META-INF/manifest.xml", manifest()),
        ("Pictures/1.png", PNG), ("styles.xml", STYLES), ("meta.xml", META),
        ("content.xml", content("<office:text>%s</office:text>" % TEXT)),
        ("Object 1/content.xml", content("<office:chart><text:p>object words</text:p></office:chart>")),
        ("Basic/Standard/Module1.xml", '<script:module xmlns:script="s" script:name="M">Sub Main\nMsgBox "macro words"\nEnd Sub'
         "</script:module>"), ("settings.xml", HEAD + "<office:document-settings %s><x>no words</x></office:document-settings>" % O)])
    pack(data + "/x_odf/unordered.odt", [
        ("content.xml", content("<office:text><text:p>mimetype is last</text:p></office:text>")),
        ("META-INF/manifest.xml", manifest()), ("mimetype", "application/vnd.oasis.opendocument.text")])
    row = lambda cells, more="": "<table:table-row%s>%s</table:table-row>" % (more, cells)
    cell = lambda text, more="": "<table:table-cell%s><text:p>%s</text:p></table:table-cell>" % (more, text)
    empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    sheet = '<office:spreadsheet><table:table table:name="Sheet name"><table:table-column/>' + row(
        cell("Name") + cell("DOB") + cell("UPN") + cell("", ' table:number-columns-repeated="2"')) + row(
        cell("Ann<office:annotation><text:p>cell comment</text:p></office:annotation>") +
        cell("1 Feb 10", ' office:value-type="date" office:date-value="2010-02-01"') + cell("A123456789012") +
        cell("9.43E+09", ' office:value-type="float" office:value="9434765919" table:formula="of:=&quot;formula words&quot;"') +
        empty) + row(cell("twice", ' table:number-columns-repeated="2"'), ' table:number-rows-repeated="2"') + row(
        empty, ' table:number-rows-repeated="1000000"') + "</table:table></office:spreadsheet>"
    pack(data + "/x_odf/all.ods", [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                                   ("META-INF/manifest.xml", manifest()), ("content.xml", content(sheet))])
    bomb = '<office:spreadsheet><table:table>' + row(cell("x" * 100, ' table:number-columns-repeated="1000000000"'),
                                                     ' table:number-rows-repeated="1000000000"') + \
        "</table:table></office:spreadsheet>"
    pack(data + "/x_odf/bomb.ods", [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                                    ("META-INF/manifest.xml", manifest()), ("content.xml", content(bomb))])
    page = '<office:presentation><draw:page draw:name="p1"><draw:frame><draw:text-box><text:p>slide words</text:p></draw:text-box>' \
        '</draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>speaker notes</text:p></draw:text-box></draw:frame>' \
        '</presentation:notes></draw:page></office:presentation>'
    pack(data + "/x_odf/all.odp", [("mimetype", "application/vnd.oasis.opendocument.presentation"),
                                   ("META-INF/manifest.xml", manifest()), ("content.xml", content(page))])
    pack(data + "/x_odf/partly.odt", [
        ("mimetype", "application/vnd.oasis.opendocument.text"), ("META-INF/manifest.xml", manifest(
            '<manifest:file-entry manifest:full-path="styles.xml"><manifest:encryption-data/></manifest:file-entry>')),
        ("styles.xml", "<x>not for reading</x>"), ("content.xml", content("<office:text><text:p>open words</text:p></office:text>"))])
    flat = HEAD + '<office:document %s office:mimetype="application/vnd.oasis.opendocument.text"><office:meta><dc:title>Flat title' \
        '</dc:title></office:meta><office:scripts><office:script><ooo:source-code>Rem flat macro</ooo:source-code></office:script>' \
        '</office:scripts><office:body><office:text><text:p>flat words</text:p><draw:image><office:binary-data>ZmxhdCBmaWxlIGluc2lk' \
        'ZQ==</office:binary-data></draw:image></office:text></office:body></office:document>' % O
    open(data + "/x_odf/flat.fodt", "w").write(flat)


def iwork(data):
    field = lambda number, body: bytes([number << 3 | 2, len(body)]) + body
    storage = field(3, b"Pages words of today") + field(5, field(1, b"in a field"))
    info = bytes([8, 1]) + field(2, bytes([8, 209, 15]) + bytes([3 << 3, len(storage)]))
    raw = bytes([len(info)]) + info + storage
    # as it is, then "words of" copied from before
    snappy = bytes([len(raw) + 8]) + bytes([61 << 2]) + struct.pack("<H", len(raw) - 1) + raw + \
        bytes([2 | 7 << 2]) + struct.pack("<H", len(raw))
    pack(data + "/x_iwork/today.pages", [("Index/Document.iwa", b"\0" + struct.pack("<I", len(snappy))[:3] + snappy),
                                         ("Metadata/Properties.plist", b"bplist00"), ("preview.jpg", b"\xff\xd8\xff\xe0JFIF")])
    old = HEAD + '<sl:document xmlns:sl="l" xmlns:sf="f" xmlns:sfa="a"><sf:text-body><sf:p>Old <sf:span>pages</sf:span> words<sf:br/>' \
        '</sf:p></sf:text-body><sf:t><sf:ct sfa:s="cell words"/></sf:t></sl:document>'
    pack(data + "/x_iwork/old.pages", [("QuickLook/Preview.txt", b"preview words"), ("index.xml", old)])


def onenote(data):
    inner = b"@echo words of a script inside\r\n"
    guid = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
    open(data + "/x_onenote/note.one", "wb").write(
        bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(200) + "Words of a note".encode("utf-16-le") + bytes(40) +
        guid + struct.pack("<QIQ", len(inner), 0, 0) + inner + bytes(64) + b"Words in bytes" + bytes(16) + guid + b"\xff" * 30)


if __name__ == "__main__":
    for d in "x_ooxml", "x_odf", "x_iwork", "x_onenote":
        os.makedirs(sys.argv[1] + "/" + d, exist_ok=True)
    ooxml(sys.argv[1])
    odf(sys.argv[1])
    iwork(sys.argv[1])
    onenote(sys.argv[1])
