#!/usr/bin/python3
# Lists of pupils far to the right of a table, in each way a table can be sent; and tables that
# are only large.
# fails-if: a list is not found behind 100, 1,000 or 16,000 columns; behind more columns than are
#           told apart nothing is said of it; or ten times the size takes over thirty times as long
import base64, io, json, os, subprocess, sys, tempfile, zipfile
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import BUILD, TOP, Tap

CTL, RULES = os.path.join(BUILD, "schoolgatectl"), os.path.join(TOP, "rules")
XMLNS = "http://schemas.openxmlformats.org/"
PUPILS = [("Lovell", "Ada"), ("Marsh", "Bela"), ("Stone", "Cara"), ("Wold", "Dan"), ("Yarrow", "Eve"), ("Frost", "Finn")]
LIMITS = {"limit.rows", "limit.columns"}
tap = Tap()


def rows(behind, filled):
    """Rows of {column: text}."""
    table = [("Surname", "Forename", "Date of birth")] + [p + ("0%d/03/2012" % i,) for i, p in enumerate(PUPILS, 1)]
    return [{**({c: "x" if i else "Col" for c in range(behind)} if filled else {}),
             **{behind + k: v for k, v in enumerate(row)}} for i, row in enumerate(table)]


def lines(table, separator):
    return "".join(separator.join(row.get(c, "") for c in range(max(row) + 1)) + "\n" for row in table)


def letters(column):
    name, column = "", column + 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def xlsx(table):
    sheet = "".join('<row r="%d">%s</row>' % (i, "".join(
        '<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>' % (letters(c), i, row[c]) for c in sorted(row)))
        for i, row in enumerate(table, 1))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="%spackage/2006/content-types"><Default Extension="xml" '
                   'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
                   'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>' % XMLNS)
        z.writestr("xl/workbook.xml", '<workbook xmlns="%sspreadsheetml/2006/main" xmlns:r="%sofficeDocument/2006/relationships">'
                   '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>' % (XMLNS, XMLNS))
        z.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="%spackage/2006/relationships"><Relationship Id="rId1" '
                   'Type="%sofficeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
                   % (XMLNS, XMLNS))
        z.writestr("xl/worksheets/sheet1.xml", '<worksheet xmlns="%sspreadsheetml/2006/main"><sheetData>%s</sheetData>'
                   '</worksheet>' % (XMLNS, sheet))
    return out.getvalue()


def html(table):
    return "<p>Here it is:</p><table>%s</table>" % "".join(
        "<tr>%s</tr>" % "".join("<td>%s</td>" % row.get(c, "") for c in range(max(row) + 1)) for row in table)


def mail(name, kind, data):
    return ("From: hale@hillview.example\nTo: a@x.example\nSubject: the list\nMIME-Version: 1.0\nContent-Type: %s; "
            "name=%s\nContent-Disposition: attachment; filename=%s\nContent-Transfer-Encoding: base64\n\n"
            % (kind, name, name)).encode() + base64.encodebytes(data)


def scan(mails):
    """Of each mail: rules that found something, and flags."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, "%d.eml" % i) for i in range(len(mails))]
        for path, data in zip(paths, mails):
            with open(path, "wb") as f:
                f.write(data)
        r = subprocess.run([CTL, "scan", "--json", "--rules", RULES, "--policy", os.path.join(RULES, "policy/policy.conf")] +
                           paths, stdout=subprocess.PIPE)
    return [({f["rule"] for f in a["findings"]}, a["flags"]) for a in map(json.loads, r.stdout.splitlines())]


def pasted(*texts):
    asked = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts))
    r = subprocess.run([CTL, "scan", "--lines", "--rules", RULES], input=asked, stdout=subprocess.PIPE, universal_newlines=True)
    return [json.loads(line) for line in r.stdout.splitlines()]


FILES = {"a.csv": ("text/csv", lambda t: lines(t, ",").encode()), "a.html": ("text/html", lambda t: html(t).encode()),
         "a.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx)}
SEPARATORS = {"commas": ",", "tabs": "\t", "semicolons": ";"}
asked = [(behind, name, filled) for behind in (100, 1000, 16000) for name in FILES for filled in (True, False)]
answers = scan([mail(name, FILES[name][0], FILES[name][1](rows(behind, filled))) for behind, name, filled in asked])
for (behind, name, filled), (found, flags) in zip(asked, answers):
    tap.ok("pd.list" in found and not found & LIMITS and flags == [],
           "%s behind %d %s columns" % (name, behind, "filled" if filled else "empty"), found, flags)
asked = [(behind, name) for behind in (100, 1000, 16000) for name in SEPARATORS]
answers = pasted(*[lines(rows(behind, True), SEPARATORS[name]) for behind, name in asked])
for (behind, name), answer in zip(asked, answers):
    tap.ok("personal-data" in answer["categories"] and "limit" not in answer["categories"],
           "pasted with %s behind %d columns" % (name, behind), answer["categories"])
for name, (found, flags) in zip(FILES, scan([mail(name, kind, made(rows(20000, True))) for name, (kind, made) in FILES.items()])):
    tap.ok(found & LIMITS and flags == ["not-fully-scanned"], name + " behind 20,000 columns: a limit is told", found, flags)
answer, = pasted(lines(rows(20000, True), ","))
tap.ok("limit" in answer["categories"], "pasted behind 20,000 columns: a limit is told", answer)

LARGE = {"rows": lambda n: "Name,DOB\n" + "Ada Lee,1/2/2012\n" * (n // 17),
         "columns": lambda n: "\n".join(["Name,DOB" + ",c" * 15998] + ["Ada Lee,1/2/2012" + ",x" * 15998] * (n // 32000)),
         "one cell": lambda n: "Name,DOB\n" + "x" * n + "\n", "cells": lambda n: "Name\tDOB\n" + "Ada\t" * (n // 4) + "\n",
         "headers": lambda n: ("DOB,Name,Phone," * 1000 + "\n") * (n // 15000), "bars": lambda n: ("|" * 5000 + "\n") * (n // 5000),
         "dates": lambda n: "".join("P%d Lee\t0%d/02/2012\n" % (i, i % 9 + 1) for i in range(n // 20))}


def seconds(text):
    began = os.times().children_user
    answer, = pasted(text)
    return os.times().children_user - began if "error" not in answer else float("inf")


start = seconds("hello")
for what, text in LARGE.items():
    small, large = (seconds(text(size)) - start for size in (800000, 8000000))
    tap.ok(large <= 30 * max(small, .1), "%s: %.1f s for 8 MB" % (what, large), small)
tap.done()
