# Rooms in the order of their rank; each is one static library.  A program is its
# room's main.c and the libraries it may touch.
EXTRA_DIST += milter/ROOMS

# base: knows nothing about mail
noinst_LIBRARIES += milter/libsgbase.a
milter_libsgbase_a_SOURCES = \
	milter/base/base64.c milter/base/base64.h \
	milter/base/clock.c milter/base/clock.h \
	milter/base/daemon.c milter/base/daemon.h \
	milter/base/err.c milter/base/err.h \
	milter/base/fault.c milter/base/fault.h \
	milter/base/fd.h \
	milter/base/keys.c milter/base/keys.h \
	milter/base/letters.c milter/base/letters.h \
	milter/base/listen.c milter/base/listen.h \
	milter/base/log.c milter/base/log.h \
	milter/base/nearest.c milter/base/nearest.h \
	milter/base/options.c milter/base/options.def milter/base/options.h \
	milter/base/ref.c milter/base/ref.h \
	milter/base/sandbox.c milter/base/sandbox.h \
	milter/base/sealed.c milter/base/sealed.h \
	milter/base/signatures.c milter/base/signatures.h \
	milter/base/seqpacket.c milter/base/seqpacket.h \
	milter/base/trouble.c milter/base/trouble.h \
	milter/base/wire.c milter/base/wire.def milter/base/wire.h
BASE_LIBS = milter/libsgbase.a $(CONFIG_LIBS) $(SODIUM_LIBS) $(SYSTEMD_LIBS) $(GLIB_LIBS)

# tpl: HTML from templates; knows nothing of what the pages say
noinst_LIBRARIES += milter/libsgtpl.a
milter_libsgtpl_a_SOURCES = \
	milter/tpl/node.h milter/tpl/parse.c \
	milter/tpl/place.c milter/tpl/place.h \
	milter/tpl/render.c milter/tpl/set.c milter/tpl/tpl.h
TPL_LIBS = milter/libsgtpl.a $(JANSSON_LIBS) $(BASE_LIBS)

# model: plain data, the seven nouns
noinst_LIBRARIES += milter/libsgmodel.a
milter_libsgmodel_a_SOURCES = \
	milter/model/account.c milter/model/account.h \
	milter/model/finding.c milter/model/finding.h \
	milter/model/heading.c milter/model/heading.h \
	milter/model/incident.c milter/model/incident.h \
	milter/model/logo.c milter/model/logo.h \
	milter/model/mark.c milter/model/mark.h \
	milter/model/message.c milter/model/message.h \
	milter/model/reading.c milter/model/reading.h \
	milter/model/relation.c milter/model/relation.h \
	milter/model/spelling.c milter/model/spelling.h \
	milter/model/ticket.c milter/model/ticket.h \
	milter/model/uitext.c milter/model/uitext.h \
	milter/model/verdict.c milter/model/verdict.h
MODEL_LIBS = milter/libsgmodel.a $(JANSSON_LIBS) $(BASE_LIBS)

# word: letters, words and phrases
noinst_LIBRARIES += milter/libsgword.a
milter_libsgword_a_SOURCES = \
	milter/word/boundary.c milter/word/boundary.h milter/word/canon.c milter/word/canon.h \
	milter/word/flat.c milter/word/flat.h milter/word/fold.c milter/word/fold.h \
	milter/word/lexicon.c milter/word/lexicon.h milter/word/phrase.c milter/word/phrase.h \
	milter/word/phrase_anchor.c milter/word/phrase_find.c milter/word/phrase_inner.h \
	milter/word/run.h milter/word/slot.h \
	milter/word/tokens.c milter/word/tokens.h milter/word/usage.c milter/word/usage.h \
	milter/word/utf8.h milter/word/window.c milter/word/window.h

# disguise: words that are written so as not to be read
noinst_LIBRARIES += milter/libsgdisguise.a
milter_libsgdisguise_a_SOURCES = \
	milter/disguise/alike.c milter/disguise/alike.h \
	milter/disguise/beside.c milter/disguise/beside.h \
	milter/disguise/edits.c milter/disguise/edits.h \
	milter/disguise/emoji.c milter/disguise/emoji.h \
	milter/disguise/guess.c milter/disguise/guess.h milter/disguise/guessed.c \
	milter/disguise/guessed.h milter/disguise/known.h \
	milter/disguise/restore.c milter/disguise/restore.h \
	milter/disguise/segment.c milter/disguise/segment.h \
	milter/disguise/spelling.c milter/disguise/spelling.h \
	milter/disguise/vocab.c milter/disguise/vocab.h

# weigh: a text through a model
noinst_LIBRARIES += milter/libsgweigh.a
milter_libsgweigh_a_SOURCES = \
	milter/weigh/grams.c milter/weigh/grams.h milter/weigh/linear.c milter/weigh/linear.h \
	milter/weigh/worst.c milter/weigh/worst.h

# value: what tells of a person, and tables of it
noinst_LIBRARIES += milter/libsgvalue.a
milter_libsgvalue_a_SOURCES = \
	milter/value/column.c milter/value/column.h \
	milter/value/column_words.c milter/value/column_words.h \
	milter/value/cue.c milter/value/cue.h milter/value/cue_words.c milter/value/k_adult.c \
	milter/value/k_contact.c milter/value/k_date.c milter/value/k_money.c milter/value/k_mrz.c \
	milter/value/k_pupil.c milter/value/kinds.c milter/value/kinds.h \
	milter/value/person.c milter/value/person.h milter/value/tables.c milter/value/tables.h \
	milter/value/values.c milter/value/values.h

# roster: the school's pupils, and who of them a text names
noinst_LIBRARIES += milter/libsgroster.a
milter_libsgroster_a_SOURCES = \
	milter/roster/pupilrow.c milter/roster/pupilrun.c milter/roster/pupilrun.h \
	milter/roster/pupils.c milter/roster/pupils.h \
	milter/roster/pupilscan.c milter/roster/pupilscan.h milter/roster/pupilvalue.c \
	milter/roster/roster.c milter/roster/roster.h milter/roster/rosterfile.h \
	milter/roster/rosterkey.c milter/roster/rostermake.c milter/roster/rostermake.h \
	milter/roster/rosterplain.c milter/roster/rosterput.c \
	milter/roster/rostersample.c milter/roster/rostersample.h \
	milter/roster/value.c milter/roster/value.h

# rule: what the school looks for, and the finding of it
noinst_LIBRARIES += milter/libsgrule.a
milter_libsgrule_a_SOURCES = \
	milter/rule/allow.c milter/rule/classes.c milter/rule/database.c milter/rule/database.h \
	milter/rule/describe.c milter/rule/describe.h milter/rule/examples.c \
	milter/rule/excerpt.c milter/rule/excerpt.h milter/rule/explain.c milter/rule/explain.h \
	milter/rule/expression.c milter/rule/expression.h milter/rule/finder.c milter/rule/finder.h \
	milter/rule/m_count.c milter/rule/m_file.c milter/rule/m_list.c milter/rule/m_model.c \
	milter/rule/m_near.c milter/rule/m_number.c milter/rule/m_person.c milter/rule/m_regex.c \
	milter/rule/m_roster.c milter/rule/m_roster.h milter/rule/m_say.c milter/rule/m_words.c \
	milter/rule/marks.c milter/rule/marks.h milter/rule/match.c milter/rule/matchers.c \
	milter/rule/modelrun.c milter/rule/modelrun.h milter/rule/override.c milter/rule/own.h \
	milter/rule/patterns.c milter/rule/patterns.h milter/rule/read.c milter/rule/read.h \
	milter/rule/rule.c milter/rule/rule.h milter/rule/ruleset.c milter/rule/ruleset.h \
	milter/rule/sayings.c milter/rule/sayings.h milter/rule/set.h \
	milter/rule/tally.c milter/rule/tally.h milter/rule/translate.c milter/rule/translate.h
RULE_ROOMS = milter/libsgrule.a milter/libsgroster.a milter/libsgvalue.a milter/libsgweigh.a \
	milter/libsgdisguise.a milter/libsgword.a
RULE_LIBS = $(RULE_ROOMS) $(MODEL_LIBS) $(HS_LIBS) $(ICU_LIBS) -lm

# store: facts, audit, outbox and held messages
noinst_LIBRARIES += milter/libsgstore.a
milter_libsgstore_a_SOURCES = \
	milter/store/accounts.c milter/store/accounts.h \
	milter/store/audit.c milter/store/audit.h \
	milter/store/care.c milter/store/care.h \
	milter/store/db.c milter/store/db.h \
	milter/store/decide.c \
	milter/store/engine.h \
	milter/store/file.c \
	milter/store/look.c \
	milter/store/memory.c milter/store/memory.h \
	milter/store/mistake.c milter/store/mistake.h \
	milter/store/outbox.c \
	milter/store/contacts.c milter/store/ladder.c milter/store/post.c milter/store/post.h \
	milter/store/private.h \
	milter/store/proposal.c \
	milter/store/retention.c \
	milter/store/row.c milter/store/row.h \
	milter/store/s_failing.c \
	milter/store/s_sqlite.c \
	milter/store/seal.c milter/store/seal.h \
	milter/store/sessions.c milter/store/sessions.h \
	milter/store/store.c milter/store/store.h \
	milter/store/ticket.c \
	milter/store/trace.c \
	milter/store/vault.c milter/store/vault.h
STORE_LIBS = milter/libsgstore.a $(MODEL_LIBS) $(SQLITE_LIBS)
# each section of schema.sql becomes one string of C
milter/store/schema.inc: $(top_srcdir)/milter/store/schema.sql
	$(AM_V_GEN)$(MKDIR_P) milter/store && $(AWK) '/^-- version/ { if (n++) print ","; next } n { \
		gsub(/[\\"]/, "\\\\&"); print "\"" $$0 "\\n\"" } END { print "," }' \
		$(top_srcdir)/milter/store/schema.sql > $@.new && mv $@.new $@
milter/store/s_sqlite.$(OBJEXT): milter/store/schema.inc
BUILT_SOURCES += milter/store/schema.inc
CLEANFILES += milter/store/schema.inc
EXTRA_DIST += milter/store/schema.sql

# login: passwords, codes, first-use links, sessions: who somebody is
noinst_LIBRARIES += milter/libsglogin.a
milter_libsglogin_a_SOURCES = \
	milter/login/common.c milter/login/password.c milter/login/password.h \
	milter/login/session.c milter/login/session.h \
	milter/login/token.c milter/login/token.h \
	milter/login/totp.c milter/login/totp.h
LOGIN_LIBS = milter/libsglogin.a $(STORE_LIBS) $(OATH_LIBS) $(QR_LIBS)
# the words that common passwords are made of, as strings of C
milter/login/common.inc: $(top_srcdir)/milter/login/common.txt
	$(AM_V_GEN)$(MKDIR_P) milter/login && $(AWK) '!/^#/ { for (i = 1; i <= NF; i++) print "\"" $$i "\"," }' \
		$(top_srcdir)/milter/login/common.txt > $@.new && mv $@.new $@
milter/login/common.$(OBJEXT): milter/login/common.inc
BUILT_SOURCES += milter/login/common.inc
CLEANFILES += milter/login/common.inc
EXTRA_DIST += milter/login/common.txt

# client: asks the scanner
noinst_LIBRARIES += milter/libsgclient.a
milter_libsgclient_a_SOURCES = \
	milter/client/check.c milter/client/check.h \
	milter/client/scanclient.c milter/client/scanclient.h
CLIENT_LIBS = milter/libsgclient.a $(MODEL_LIBS)

# The scanner, the only program that looks inside a message: ten rooms that read, one upon
# the other, scan that leads them, and pool, the locked-down workers in which they do it.

# text: characters, words and numbers, whoever sent them
noinst_LIBRARIES += milter/libsgtext.a
milter_libsgtext_a_SOURCES = \
	milter/text/charset.c milter/text/charset.h milter/text/codepage.c milter/text/codepage.h \
	milter/text/entity.c milter/text/entity.h milter/text/lenient.c milter/text/lenient.h \
	milter/text/lines.c milter/text/lines.h milter/text/number.c milter/text/number.h \
	milter/text/number_date.c milter/text/number_date.h milter/text/passages.c milter/text/passages.h \
	milter/text/span.h milter/text/xmltext.c milter/text/xmltext.h

# part: what a reader gets and gives: the part, the sink, tables, running text
noinst_LIBRARIES += milter/libsgpart.a
milter_libsgpart_a_SOURCES = \
	milter/part/extractor.h milter/part/flow.c milter/part/flow.h milter/part/inside.c milter/part/inside.h \
	milter/part/member.c milter/part/member.h milter/part/part.c milter/part/part.h \
	milter/part/strings.c milter/part/strings.h milter/part/table.c milter/part/table.h \
	milter/part/tablehead.c milter/part/tablehead.h milter/part/xml.c milter/part/xml.h

# pack: files that hold files: zip, archives, packed streams, compound files (OLE 2)
noinst_LIBRARIES += milter/libsgpack.a
milter_libsgpack_a_SOURCES = \
	milter/pack/archivetype.c milter/pack/archivetype.h milter/pack/inflate64.c milter/pack/inflate64.h \
	milter/pack/ole.c milter/pack/ole.h milter/pack/oletype.c milter/pack/olewrite.c \
	milter/pack/second.c milter/pack/second.h milter/pack/unpack.c milter/pack/unpack.h milter/pack/x_archive.c \
	milter/pack/x_packed.c milter/pack/x_zip.c milter/pack/x_zip.h milter/pack/zip.c milter/pack/zip.h \
	milter/pack/zip_inner.h milter/pack/zip_name.c milter/pack/zip_name.h \
	milter/pack/zip_record.c milter/pack/zip_record.h milter/pack/zip_unpack.c

# page: web pages, plain text, lists, cards, pictures
noinst_LIBRARIES += milter/libsgpage.a
milter_libsgpage_a_SOURCES = \
	milter/page/exif.c milter/page/exif.h milter/page/htmltable.c milter/page/htmltable.h \
	milter/page/htmlfeed.c milter/page/htmlfeed.h milter/page/htmlseen.c milter/page/htmlseen.h \
	milter/page/ocr.c milter/page/ocr.h milter/page/still.c milter/page/still.h milter/page/x_csv.c milter/page/x_html.c milter/page/x_image.c \
	milter/page/x_plain.c milter/page/x_vobject.c milter/page/x_xml.c

# pdf: PDF
noinst_LIBRARIES += milter/libsgpdf.a
milter_libsgpdf_a_SOURCES = \
	milter/pdf/pdfpage.c milter/pdf/pdfpage.h milter/pdf/pdfraw.c milter/pdf/pdfraw.h \
	milter/pdf/pdfstring.c milter/pdf/pdfstring.h milter/pdf/x_pdf.c

# mail: a message: its structure, read twice
noinst_LIBRARIES += milter/libsgmail.a
milter_libsgmail_a_SOURCES = \
	milter/mail/escapes.c milter/mail/escapes.h milter/mail/header.c milter/mail/header.h \
	milter/mail/lean.c milter/mail/lean.h milter/mail/offer.c milter/mail/offer.h \
	milter/mail/params.c milter/mail/params.h milter/mail/structure.c milter/mail/structure.h \
	milter/mail/sweep.c milter/mail/sweep.h milter/mail/tree.c milter/mail/tree.h \
	milter/mail/trim.c milter/mail/trim.h milter/mail/x_mail.c milter/mail/x_mbox.c

# protect: is it encrypted, and how well; what opens without asking is opened
noinst_LIBRARIES += milter/libsgprotect.a
milter_libsgprotect_a_SOURCES = \
	milter/protect/crypto.c milter/protect/crypto.h milter/protect/olecrypt.c milter/protect/olecrypt.h \
	milter/protect/ooxmlcrypt.c milter/protect/pdfkey.c milter/protect/pdfkey.h milter/protect/pr.h \
	milter/protect/pr_7z.c milter/protect/pr_cms.c milter/protect/pr_odf.c milter/protect/pr_ole.c \
	milter/protect/pr_other.c milter/protect/pr_pdf.c milter/protect/pr_pgp.c milter/protect/pr_rar.c \
	milter/protect/pr_zip.c milter/protect/protect.c milter/protect/protect.h

# office: new office files (OOXML, ODF, iWork) and notebooks
noinst_LIBRARIES += milter/libsgoffice.a
milter_libsgoffice_a_SOURCES = \
	milter/office/iwa.c milter/office/iwa.h milter/office/odf_sheet.c milter/office/odf_sheet.h \
	milter/office/odf_text.c milter/office/odf_text.h milter/office/office_type.c milter/office/office_type.h \
	milter/office/ooxml.c milter/office/ooxml.h milter/office/ooxml_book.c milter/office/ooxml_book.h \
	milter/office/ooxml_cells.c milter/office/ooxml_flat.c milter/office/ooxml_flat.h milter/office/ooxml_kind.c \
	milter/office/ooxml_list.c milter/office/ooxml_list.h milter/office/ooxml_text.c milter/office/ooxml_text.h \
	milter/office/ooxml_xlsb.c milter/office/x_iwork.c milter/office/x_odf.c milter/office/x_onenote.c \
	milter/office/x_ooxml.c milter/office/zipxml.c milter/office/zipxml.h

# old: old office files, Outlook messages, RTF
noinst_LIBRARIES += milter/libsgold.a
milter_libsgold_a_SOURCES = \
	milter/old/biff.c milter/old/biff.h milter/old/docruns.c milter/old/docruns.h milter/old/lzfu.c \
	milter/old/mapi.c milter/old/mapi.h milter/old/olejob.h milter/old/oleprops.c \
	milter/old/package.c milter/old/package.h milter/old/rtf.c milter/old/rtf.h milter/old/vba.c \
	milter/old/x_doc.c milter/old/x_msg.c milter/old/x_ole.c milter/old/x_ppt.c milter/old/x_rtf.c \
	milter/old/x_tnef.c milter/old/x_xls.c

# rewrite: changes of a message, spliced into its bytes
noinst_LIBRARIES += milter/libsgrewrite.a
milter_libsgrewrite_a_SOURCES = \
	milter/rewrite/bodies.c milter/rewrite/bodies.h milter/rewrite/disclaim.c milter/rewrite/disclaim.h \
	milter/rewrite/encode.c milter/rewrite/encode.h milter/rewrite/htmlspot.c milter/rewrite/htmlspot.h \
	milter/rewrite/leaf.c milter/rewrite/leaf.h milter/rewrite/leafhead.c \
	milter/rewrite/rewrite.c milter/rewrite/rewrite.h \
	milter/rewrite/take.c milter/rewrite/take.h

# scan: the walk: the queue of parts, their types, all limits; the table of readers
noinst_LIBRARIES += milter/libsgscan.a
milter_libsgscan_a_SOURCES = \
	milter/scan/extractors.c milter/scan/filename.c milter/scan/filename.h \
	milter/scan/polyglot.c milter/scan/polyglot.h milter/scan/remarks.c milter/scan/remarks.h \
	milter/scan/seen.c milter/scan/seen.h milter/scan/spent.c milter/scan/spent.h milter/scan/tempfiles.c milter/scan/tempfiles.h \
	milter/scan/type.c milter/scan/type.h milter/scan/virus.c milter/scan/virus.h \
	milter/scan/walk.c milter/scan/walk.h milter/scan/warm.c

READ_ROOMS = milter/libsgscan.a milter/libsgrewrite.a milter/libsgold.a milter/libsgoffice.a \
	milter/libsgprotect.a milter/libsgmail.a milter/libsgpdf.a milter/libsgpage.a milter/libsgpack.a \
	milter/libsgpart.a milter/libsgtext.a
# without the matcher, which a test may replace by its own
SCAN_LIBS = $(GMIME_LIBS) $(ICU_LIBS) $(XML_LIBS) $(MAGIC_LIBS) $(CRYPTO_LIBS) $(LZMA_LIBS) $(CLAMAV_LIBS) \
	$(POPPLER_LIBS) $(ZLIB_LIBS) $(MODEL_LIBS) $(UNPACK_LIBS) -lm

# pool: the locked-down workers that do the reading; and the program schoolgate-scan
noinst_LIBRARIES += milter/libsgpool.a
milter_libsgpool_a_SOURCES = \
	milter/pool/answer.c milter/pool/answer.h milter/pool/blame.c milter/pool/blame.h \
	milter/pool/keeper.c milter/pool/keeper.h milter/pool/pictures.c milter/pool/pictures.h \
	milter/pool/scoreboard.c milter/pool/scoreboard.h milter/pool/testhook.c milter/pool/testhook.h \
	milter/pool/worker.c milter/pool/worker.h milter/pool/zygote.c milter/pool/zygote.h
POOL_LIBS = milter/libsgpool.a $(MODEL_LIBS) $(SECCOMP_LIBS)
sbin_PROGRAMS += schoolgate-scan
schoolgate_scan_SOURCES = milter/pool/main.c
# bound at start, so that no worker looks symbols up again
schoolgate_scan_LDFLAGS = $(AM_LDFLAGS) -Wl,-z,relro,-z,now
schoolgate_scan_LDADD = milter/libsgpool.a $(READ_ROOMS) $(RULE_ROOMS) $(SCAN_LIBS) $(HS_LIBS) $(SECCOMP_LIBS)

# ocr: the words in pictures, for the scanner; a program of its own because of its licence
if OCR
sbin_PROGRAMS += schoolgate-ocr
endif
schoolgate_ocr_SOURCES = milter/ocr/main.c milter/ocr/reader.c milter/ocr/reader.h
schoolgate_ocr_CFLAGS = $(AM_CFLAGS) $(OCR_CFLAGS)
schoolgate_ocr_LDADD = $(BASE_LIBS) $(SECCOMP_LIBS) $(OCR_LIBS)

# decide: findings, envelope and people in; verdict out
noinst_LIBRARIES += milter/libsgdecide.a
milter_libsgdecide_a_SOURCES = \
	milter/decide/contact.c milter/decide/contact.h \
	milter/decide/decide.c milter/decide/decide.h \
	milter/decide/disclaimer.c milter/decide/disclaimer.h \
	milter/decide/disclaimread.c \
	milter/decide/failure.c milter/decide/hours.c milter/decide/hours.h \
	milter/decide/ical.c milter/decide/ical.h milter/decide/inner.h \
	milter/decide/markup.c milter/decide/markup.h \
	milter/decide/people.c \
	milter/decide/policy.c milter/decide/policy.h \
	milter/decide/read.c milter/decide/reader.h milter/decide/reply.c \
	milter/decide/relate.c milter/decide/relate.h milter/decide/relating.h \
	milter/decide/subject.c milter/decide/subject.h milter/decide/route.c milter/decide/rows.c milter/decide/rowread.c \
	milter/decide/told.c milter/decide/told.h
DECIDE_LIBS = milter/libsgdecide.a $(MODEL_LIBS) -lm

# act: a verdict becomes edits for the mail server and rows for the store
noinst_LIBRARIES += milter/libsgact.a
milter_libsgact_a_SOURCES = \
	milter/act/act.h milter/act/kind.h \
	milter/act/actions.c milter/act/a_approve.c \
	milter/act/a_bcc.c milter/act/a_deliver.c \
	milter/act/a_detach.c milter/act/a_disclaim.c milter/act/a_hold.c \
	milter/act/a_log.c milter/act/a_notify.c \
	milter/act/a_reject.c milter/act/a_seal.c milter/act/a_tag.c
ACT_LIBS = milter/libsgact.a $(DECIDE_LIBS)

# front: the mail server's door; the only room that knows libmilter
noinst_LIBRARIES += milter/libsgfront.a
milter_libsgfront_a_SOURCES = \
	milter/front/again.c milter/front/again.h \
	milter/front/apply.c milter/front/apply.h \
	milter/front/callbacks.c milter/front/callbacks.h \
	milter/front/collect.c milter/front/collect.h \
	milter/front/detach.c milter/front/disclaim.c \
	milter/front/filing.c milter/front/job.h \
	milter/front/gate.c milter/front/gate.h \
	milter/front/judge.c milter/front/judge.h \
	milter/front/door.c milter/front/door.h \
	milter/front/recall.c \
	milter/front/release.c milter/front/release.h \
	milter/front/report.c \
	milter/front/session.c milter/front/session.h \
	milter/front/trust.c milter/front/trust.h \
	milter/front/watch.c milter/front/watch.h
FRONT_LIBS = milter/libsgfront.a $(ACT_LIBS) $(STORE_LIBS) $(CLIENT_LIBS) $(MODEL_LIBS) $(MILTER_LIBS)
sbin_PROGRAMS += schoolgate-milter
# what libmilter reads through is the program's, not the library's
schoolgate_milter_SOURCES = milter/front/main.c milter/front/intake.c milter/front/intake.h
schoolgate_milter_LDADD = $(FRONT_LIBS)

# courier: the only one that sends mail
sbin_PROGRAMS += schoolgate-courier
noinst_LIBRARIES += milter/libsgcourier.a
milter_libsgcourier_a_SOURCES = \
	milter/courier/batch.c milter/courier/hand.h \
	milter/courier/chores.c milter/courier/chores.h \
	milter/courier/compose.c milter/courier/compose.h \
	milter/courier/letter.c milter/courier/letter.h \
	milter/courier/office.c milter/courier/office.h \
	milter/courier/other.c milter/courier/other.h milter/courier/watch.c milter/courier/watch.h \
	milter/courier/outbox.c milter/courier/outbox.h \
	milter/courier/release.c milter/courier/release.h \
	milter/courier/smtp.c milter/courier/smtp.h \
	milter/courier/talk.c milter/courier/talk.h \
	milter/courier/texts.c milter/courier/texts.h
COURIER_LIBS = milter/libsgcourier.a $(DECIDE_LIBS) $(CLIENT_LIBS) $(STORE_LIBS) $(MODEL_LIBS)
schoolgate_courier_SOURCES = milter/courier/main.c
schoolgate_courier_LDADD = $(COURIER_LIBS)

# console: the only program that faces people
noinst_LIBRARIES += milter/libsgconsole.a
milter_libsgconsole_a_SOURCES = \
	milter/console/alarms.c milter/console/alarms.h \
	milter/console/console.c milter/console/console.h \
	milter/console/content.c milter/console/content.h milter/console/decisions.h \
	milter/console/ladder.h milter/console/notice.c milter/console/notice.h \
	milter/console/mistakes.h milter/console/p_mistake.c milter/console/p_rules.c \
	milter/console/p_contacts.c milter/console/p_bulk.c milter/console/p_cover.c milter/console/p_ladder.c milter/console/p_picture.c milter/console/p_sealed.c \
	milter/console/plain.c milter/console/plain.h milter/console/sheet.c milter/console/sheet.h \
	milter/console/steps.c milter/console/steps.h milter/console/trail.c \
	milter/console/fields.c milter/console/fields.h \
	milter/console/grants.c milter/console/grants.h \
	milter/console/health.c milter/console/health.h \
	milter/console/html.c milter/console/html.h \
	milter/console/http.c milter/console/http.h \
	milter/console/login.c milter/console/login.h \
	milter/console/p_help.c \
	milter/console/p_audit.c milter/console/p_decide.c milter/console/p_health.c \
	milter/console/p_message.c milter/console/p_metrics.c milter/console/p_queue.c milter/console/p_report.c \
	milter/console/p_search.c milter/console/p_steps.c milter/console/page.h \
	milter/console/pages.c milter/console/pages.h \
	milter/console/patience.c milter/console/patience.h \
	milter/console/reply.c milter/console/reply.h \
	milter/console/serve.c milter/console/serve.h \
	milter/console/static.c milter/console/static.h \
	milter/console/visit.c milter/console/visit.h \
	milter/console/view.c milter/console/view.h
# coming in, and accounts
milter_libsgconsole_a_SOURCES += \
	milter/console/accountmail.c milter/console/accountmail.h \
	milter/console/doors.h milter/console/entrance.c milter/console/entrance.h \
	milter/console/p_firstuse.c milter/console/p_me.c milter/console/p_signin.c \
	milter/console/p_user_change.c milter/console/p_users.c milter/console/users.h
sbin_PROGRAMS += schoolgate-console
schoolgate_console_SOURCES = milter/console/main.c
CONSOLE_LIBS = milter/libsgconsole.a $(LOGIN_LIBS) $(TPL_LIBS) $(CLIENT_LIBS) $(LOGIN_LIBS) $(DECIDE_LIBS) $(MHD_LIBS)
schoolgate_console_LDADD = $(CONSOLE_LIBS)

# ctl: schoolgatectl, a client of the console; some verbs work on files
noinst_LIBRARIES += milter/libsgctl.a
milter_libsgctl_a_SOURCES = \
	milter/ctl/ask.c milter/ctl/ask.h \
	milter/ctl/c_audit.c milter/ctl/c_config.c milter/ctl/c_disclaim.c milter/ctl/c_doctor.c \
	milter/ctl/c_contact.c milter/ctl/c_held.c milter/ctl/c_held_do.c milter/ctl/c_key.c milter/ctl/c_reload.c milter/ctl/c_replay.c \
	milter/ctl/c_report.c milter/ctl/c_rules.c milter/ctl/c_rules.h milter/ctl/c_rules_show.c \
	milter/ctl/c_rules_diff.c milter/ctl/c_rules_import.c milter/ctl/c_rules_said.c milter/ctl/c_rules_test.c milter/ctl/c_scan.c milter/ctl/c_scan.h \
	milter/ctl/c_status.c milter/ctl/c_trace.c milter/ctl/c_user.c \
	milter/ctl/commands.c milter/ctl/commands.h milter/ctl/csv.c milter/ctl/csv.h \
	milter/ctl/complete.c milter/ctl/ctl.c milter/ctl/ctl.h \
	milter/ctl/doctor.h milter/ctl/d_here.c milter/ctl/d_postfix.c milter/ctl/d_sendmail.c \
	milter/ctl/envelope.c milter/ctl/envelope.h \
	milter/ctl/held.h milter/ctl/help.c milter/ctl/help.h \
	milter/ctl/import.h milter/ctl/import_check.c milter/ctl/import_read.c milter/ctl/import_write.c \
	milter/ctl/mailbox.c milter/ctl/mailbox.h \
	milter/ctl/mailfile.c milter/ctl/mailfile.h \
	milter/ctl/out.c milter/ctl/out.h \
	milter/ctl/parse.c milter/ctl/parse.h \
	milter/ctl/programs.c milter/ctl/programs.h \
	milter/ctl/replay.h milter/ctl/replay_one.c milter/ctl/replay_show.c \
	milter/ctl/replay_sum.c milter/ctl/replay_walk.c \
	milter/ctl/scan_lines.c \
	milter/ctl/scanner.c milter/ctl/scanner.h \
	milter/ctl/verbs.h
bin_PROGRAMS += schoolgatectl
schoolgatectl_SOURCES = milter/ctl/main.c
milter_libsgctl_a_SOURCES += milter/ctl/c_roster.c \
	milter/ctl/rostercsv.c milter/ctl/rostercsv.h
CTL_LIBS = milter/libsgctl.a $(RULE_LIBS) $(CLIENT_LIBS) $(DECIDE_LIBS) $(CURL_LIBS)
schoolgatectl_LDADD = $(CTL_LIBS)
