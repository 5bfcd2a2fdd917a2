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
	milter/base/options.c milter/base/options.def milter/base/options.h \
	milter/base/ref.c milter/base/ref.h \
	milter/base/sandbox.c milter/base/sandbox.h \
	milter/base/sealed.c milter/base/sealed.h \
	milter/base/signatures.c milter/base/signatures.h \
	milter/base/seqpacket.c milter/base/seqpacket.h \
	milter/base/trouble.c milter/base/trouble.h \
	milter/base/wire.c milter/base/wire.def milter/base/wire.h
BASE_LIBS = milter/libsgbase.a $(CONFIG_LIBS) $(SODIUM_LIBS) $(SYSTEMD_LIBS) $(GLIB_LIBS)

# model: plain data, the seven nouns
noinst_LIBRARIES += milter/libsgmodel.a
milter_libsgmodel_a_SOURCES = \
	milter/model/account.c milter/model/account.h \
	milter/model/finding.c milter/model/finding.h \
	milter/model/incident.c milter/model/incident.h \
	milter/model/mark.c milter/model/mark.h \
	milter/model/message.c milter/model/message.h \
	milter/model/reading.c milter/model/reading.h \
	milter/model/ticket.c milter/model/ticket.h \
	milter/model/uitext.c milter/model/uitext.h \
	milter/model/verdict.c milter/model/verdict.h
MODEL_LIBS = milter/libsgmodel.a $(JANSSON_LIBS) $(BASE_LIBS)

# rule: what the school looks for, and the finding of it
noinst_LIBRARIES += milter/libsgrule.a
milter_libsgrule_a_SOURCES = \
	milter/rule/boundary.c milter/rule/boundary.h \
	milter/rule/canon.c milter/rule/canon.h \
	milter/rule/database.c milter/rule/database.h \
	milter/rule/disguise.c milter/rule/disguise.h \
	milter/rule/examples.c \
	milter/rule/excerpt.c milter/rule/excerpt.h \
	milter/rule/expression.c milter/rule/expression.h \
	milter/rule/finder.c milter/rule/finder.h \
	milter/rule/match.c milter/rule/matchers.c \
	milter/rule/m_count.c milter/rule/m_file.c milter/rule/m_near.c \
	milter/rule/m_regex.c milter/rule/m_words.c \
	milter/rule/patterns.c milter/rule/patterns.h \
	milter/rule/read.c milter/rule/rule.c milter/rule/rule.h \
	milter/rule/ruleset.c milter/rule/ruleset.h milter/rule/set.h \
	milter/rule/skeleton.c milter/rule/skeleton.h \
	milter/rule/tally.c milter/rule/tally.h \
	milter/rule/translate.c milter/rule/translate.h \
	milter/rule/utf8.h
RULE_LIBS = milter/libsgrule.a $(MODEL_LIBS) $(HS_LIBS) $(ICU_LIBS)

# store: facts, audit, outbox and held messages
noinst_LIBRARIES += milter/libsgstore.a
milter_libsgstore_a_SOURCES = \
	milter/store/audit.c milter/store/audit.h \
	milter/store/db.c milter/store/db.h \
	milter/store/decide.c \
	milter/store/engine.h \
	milter/store/file.c \
	milter/store/look.c \
	milter/store/outbox.c \
	milter/store/private.h \
	milter/store/retention.c \
	milter/store/row.c milter/store/row.h \
	milter/store/s_failing.c \
	milter/store/s_sqlite.c \
	milter/store/seal.c milter/store/seal.h \
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

# client: asks the scanner
noinst_LIBRARIES += milter/libsgclient.a
milter_libsgclient_a_SOURCES = \
	milter/client/check.c milter/client/check.h \
	milter/client/scanclient.c milter/client/scanclient.h
CLIENT_LIBS = milter/libsgclient.a $(MODEL_LIBS)

# scan: the only room that looks inside a message
noinst_LIBRARIES += milter/libsgscan.a
# the walk: parts, types, limits, what every reader shares
milter_libsgscan_a_SOURCES = \
	milter/scan/archivetype.c milter/scan/archivetype.h \
	milter/scan/charset.c milter/scan/charset.h milter/scan/codepage.c milter/scan/codepage.h \
	milter/scan/crypto.c milter/scan/crypto.h milter/scan/encode.c milter/scan/encode.h \
	milter/scan/escapes.c milter/scan/escapes.h milter/scan/extractor.h milter/scan/extractors.c \
	milter/scan/filename.c milter/scan/filename.h milter/scan/flow.c milter/scan/flow.h \
	milter/scan/inflate64.c milter/scan/inflate64.h milter/scan/inside.c milter/scan/inside.h \
	milter/scan/lenient.c milter/scan/lenient.h milter/scan/lines.c milter/scan/lines.h \
	milter/scan/member.c milter/scan/member.h milter/scan/number.c milter/scan/number.h \
	milter/scan/number_date.c milter/scan/number_date.h milter/scan/ocr.c milter/scan/ocr.h \
	milter/scan/offer.c milter/scan/offer.h milter/scan/params.c milter/scan/params.h \
	milter/scan/part.c milter/scan/part.h milter/scan/polyglot.c milter/scan/polyglot.h \
	milter/scan/remarks.c milter/scan/remarks.h milter/scan/second.c milter/scan/second.h \
	milter/scan/seen.c milter/scan/seen.h milter/scan/span.h \
	milter/scan/strings.c milter/scan/strings.h milter/scan/table.c milter/scan/table.h \
	milter/scan/tablehead.c milter/scan/tablehead.h \
	milter/scan/tempfiles.c milter/scan/tempfiles.h milter/scan/type.c milter/scan/type.h \
	milter/scan/unpack.c milter/scan/unpack.h milter/scan/virus.c milter/scan/virus.h \
	milter/scan/walk.c milter/scan/walk.h milter/scan/warm.c milter/scan/xml.c milter/scan/xml.h \
	milter/scan/xmltext.c milter/scan/xmltext.h
# a message: its structure, read twice; words; changes that are spliced
milter_libsgscan_a_SOURCES += \
	milter/scan/bodies.c milter/scan/bodies.h milter/scan/disclaim.c milter/scan/disclaim.h \
	milter/scan/entity.c milter/scan/entity.h milter/scan/header.c milter/scan/header.h \
	milter/scan/htmlspot.c milter/scan/htmlspot.h milter/scan/leaf.c milter/scan/leaf.h \
	milter/scan/leafhead.c milter/scan/lean.c milter/scan/lean.h \
	milter/scan/passages.c milter/scan/passages.h milter/scan/rewrite.c milter/scan/rewrite.h \
	milter/scan/structure.c milter/scan/structure.h milter/scan/sweep.c milter/scan/sweep.h \
	milter/scan/tree.c milter/scan/tree.h milter/scan/trim.c milter/scan/trim.h \
	milter/scan/x_mail.c milter/scan/x_mbox.c milter/scan/x_plain.c
# pages, tables in text, cards
milter_libsgscan_a_SOURCES += \
	milter/scan/htmltable.c milter/scan/htmltable.h milter/scan/x_csv.c milter/scan/x_html.c \
	milter/scan/x_vobject.c milter/scan/x_xml.c
# new office files, notebooks
milter_libsgscan_a_SOURCES += \
	milter/scan/iwa.c milter/scan/iwa.h milter/scan/odf_sheet.c milter/scan/odf_sheet.h \
	milter/scan/odf_text.c milter/scan/odf_text.h \
	milter/scan/office_type.c milter/scan/office_type.h milter/scan/ooxml.c milter/scan/ooxml.h \
	milter/scan/ooxml_book.c milter/scan/ooxml_book.h milter/scan/ooxml_cells.c \
	milter/scan/ooxml_flat.c milter/scan/ooxml_flat.h milter/scan/ooxml_kind.c \
	milter/scan/ooxml_list.c milter/scan/ooxml_list.h \
	milter/scan/ooxml_text.c milter/scan/ooxml_text.h milter/scan/ooxml_xlsb.c \
	milter/scan/x_iwork.c milter/scan/x_odf.c milter/scan/x_onenote.c milter/scan/x_ooxml.c \
	milter/scan/zipxml.c milter/scan/zipxml.h
# old office files, Outlook, RTF
milter_libsgscan_a_SOURCES += \
	milter/scan/biff.c milter/scan/biff.h milter/scan/docruns.c milter/scan/docruns.h \
	milter/scan/lzfu.c milter/scan/mapi.c milter/scan/mapi.h milter/scan/ole.c milter/scan/ole.h \
	milter/scan/olejob.h milter/scan/oleprops.c milter/scan/oletype.c milter/scan/olewrite.c \
	milter/scan/package.c milter/scan/package.h milter/scan/rtf.c milter/scan/rtf.h \
	milter/scan/vba.c milter/scan/x_doc.c milter/scan/x_msg.c milter/scan/x_ole.c \
	milter/scan/x_ppt.c milter/scan/x_rtf.c milter/scan/x_tnef.c milter/scan/x_xls.c
# PDF and pictures
milter_libsgscan_a_SOURCES += \
	milter/scan/exif.c milter/scan/exif.h milter/scan/pdfpage.c milter/scan/pdfpage.h \
	milter/scan/pdfraw.c milter/scan/pdfraw.h milter/scan/pdfstring.c milter/scan/pdfstring.h \
	milter/scan/x_image.c milter/scan/x_pdf.c
# archives
milter_libsgscan_a_SOURCES += \
	milter/scan/x_archive.c milter/scan/x_packed.c milter/scan/x_zip.c milter/scan/x_zip.h \
	milter/scan/zip.c milter/scan/zip.h milter/scan/zip_inner.h \
	milter/scan/zip_name.c milter/scan/zip_name.h \
	milter/scan/zip_record.c milter/scan/zip_record.h milter/scan/zip_unpack.c
# protection
milter_libsgscan_a_SOURCES += \
	milter/scan/olecrypt.c milter/scan/olecrypt.h milter/scan/ooxmlcrypt.c \
	milter/scan/pdfkey.c milter/scan/pdfkey.h milter/scan/pr.h milter/scan/pr_7z.c \
	milter/scan/pr_cms.c milter/scan/pr_odf.c milter/scan/pr_ole.c milter/scan/pr_other.c \
	milter/scan/pr_pdf.c milter/scan/pr_pgp.c milter/scan/pr_rar.c milter/scan/pr_zip.c \
	milter/scan/protect.c milter/scan/protect.h
# without the matcher, which a test may replace by its own
SCAN_LIBS = $(GMIME_LIBS) $(ICU_LIBS) $(XML_LIBS) $(MAGIC_LIBS) $(CRYPTO_LIBS) $(LZMA_LIBS) $(CLAMAV_LIBS) \
	$(POPPLER_LIBS) $(ZLIB_LIBS) $(MODEL_LIBS)
# packed streams and archives
SCAN_LIBS += $(UNPACK_LIBS) -lm

# scan, the pool of locked-down workers that do the reading; and the program
noinst_LIBRARIES += milter/libsgpool.a
milter_libsgpool_a_SOURCES = \
	milter/scan/answer.c milter/scan/answer.h \
	milter/scan/blame.c milter/scan/blame.h \
	milter/scan/keeper.c milter/scan/keeper.h \
	milter/scan/pictures.c milter/scan/pictures.h \
	milter/scan/scoreboard.c milter/scan/scoreboard.h \
	milter/scan/testhook.c milter/scan/testhook.h \
	milter/scan/worker.c milter/scan/worker.h \
	milter/scan/zygote.c milter/scan/zygote.h
POOL_LIBS = milter/libsgpool.a $(MODEL_LIBS) $(SECCOMP_LIBS)
sbin_PROGRAMS += schoolgate-scan
schoolgate_scan_SOURCES = milter/scan/main.c
# bound at start, so that no worker looks symbols up again
schoolgate_scan_LDFLAGS = $(AM_LDFLAGS) -Wl,-z,relro,-z,now
schoolgate_scan_LDADD = milter/libsgpool.a milter/libsgscan.a milter/libsgrule.a $(SCAN_LIBS) $(HS_LIBS) \
	$(SECCOMP_LIBS)

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
	milter/decide/decide.c milter/decide/decide.h \
	milter/decide/disclaimer.c milter/decide/disclaimer.h \
	milter/decide/disclaimread.c \
	milter/decide/failure.c milter/decide/inner.h \
	milter/decide/markup.c milter/decide/markup.h \
	milter/decide/people.c \
	milter/decide/policy.c milter/decide/policy.h \
	milter/decide/read.c milter/decide/reader.h milter/decide/reply.c \
	milter/decide/route.c milter/decide/rows.c milter/decide/rowread.c
DECIDE_LIBS = milter/libsgdecide.a $(MODEL_LIBS)

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
	milter/front/release.c milter/front/release.h \
	milter/front/report.c \
	milter/front/session.c milter/front/session.h \
	milter/front/trust.c milter/front/trust.h \
	milter/front/watch.c milter/front/watch.h
FRONT_LIBS = milter/libsgfront.a $(ACT_LIBS) $(STORE_LIBS) $(CLIENT_LIBS) $(MODEL_LIBS) $(MILTER_LIBS)
sbin_PROGRAMS += schoolgate-milter
schoolgate_milter_SOURCES = milter/front/main.c
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
	milter/console/fields.c milter/console/fields.h \
	milter/console/grants.c milter/console/grants.h \
	milter/console/health.c milter/console/health.h \
	milter/console/http.c milter/console/http.h \
	milter/console/login.c milter/console/login.h \
	milter/console/p_audit.c milter/console/p_decide.c milter/console/p_health.c \
	milter/console/p_message.c milter/console/p_metrics.c milter/console/p_queue.c milter/console/p_report.c \
	milter/console/p_search.c milter/console/p_steps.c milter/console/page.h \
	milter/console/pages.c milter/console/pages.h \
	milter/console/rights.c milter/console/rights.h \
	milter/console/serve.c milter/console/serve.h \
	milter/console/view.c milter/console/view.h
sbin_PROGRAMS += schoolgate-console
schoolgate_console_SOURCES = milter/console/main.c
CONSOLE_LIBS = milter/libsgconsole.a $(STORE_LIBS) $(DECIDE_LIBS) $(MHD_LIBS)
schoolgate_console_LDADD = $(CONSOLE_LIBS)

# ctl: schoolgatectl, a client of the console; some verbs work on files
noinst_LIBRARIES += milter/libsgctl.a
milter_libsgctl_a_SOURCES = \
	milter/ctl/ask.c milter/ctl/ask.h \
	milter/ctl/c_audit.c milter/ctl/c_config.c milter/ctl/c_disclaim.c milter/ctl/c_doctor.c \
	milter/ctl/c_held.c milter/ctl/c_held_do.c milter/ctl/c_key.c milter/ctl/c_reload.c \
	milter/ctl/c_report.c milter/ctl/c_rules.c milter/ctl/c_scan.c milter/ctl/c_scan.h \
	milter/ctl/c_status.c milter/ctl/c_trace.c \
	milter/ctl/commands.c milter/ctl/commands.h \
	milter/ctl/complete.c milter/ctl/ctl.c milter/ctl/ctl.h \
	milter/ctl/doctor.h milter/ctl/d_here.c milter/ctl/d_postfix.c milter/ctl/d_sendmail.c \
	milter/ctl/envelope.c milter/ctl/envelope.h \
	milter/ctl/held.h milter/ctl/help.c milter/ctl/help.h \
	milter/ctl/mailfile.c milter/ctl/mailfile.h \
	milter/ctl/out.c milter/ctl/out.h \
	milter/ctl/parse.c milter/ctl/parse.h \
	milter/ctl/programs.c milter/ctl/programs.h \
	milter/ctl/scan_lines.c \
	milter/ctl/scanner.c milter/ctl/scanner.h \
	milter/ctl/verbs.h
bin_PROGRAMS += schoolgatectl
schoolgatectl_SOURCES = milter/ctl/main.c
CTL_LIBS = milter/libsgctl.a $(RULE_LIBS) $(CLIENT_LIBS) $(DECIDE_LIBS) $(CURL_LIBS)
schoolgatectl_LDADD = $(CTL_LIBS)
