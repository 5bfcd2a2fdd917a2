# Every test is a program that prints TAP: a script t/NN-*.t, or a C program in t/unit/,
# made from the file of its name.  "make check" builds the C programs and runs all of
# them with prove.  Fuzz targets: one an entrance, t/fuzz/<name>.c, with its seeds in
# t/fuzz/seeds/<name>/.  To add one: its name and the libraries it links.
UNIT_TESTS =
SCRIPT_TESTS =
FUZZ_TESTS =
FUZZER = $(AM_LDFLAGS) -fsanitize=fuzzer

# base and model
UNIT_TESTS += t/unit/wire t/unit/options t/unit/log t/unit/sealed t/unit/daemon t/unit/trouble \
	t/unit/seqpacket t/unit/sandbox t/unit/signatures t/unit/model t/unit/account t/unit/uitext t/unit/heading t/unit/spelling t/unit/logo
t_unit_wire_LDADD = $(BASE_LIBS)
t_unit_options_LDADD = $(BASE_LIBS)
t_unit_log_LDADD = $(BASE_LIBS)
t_unit_sealed_LDADD = $(BASE_LIBS)
t_unit_daemon_LDADD = $(BASE_LIBS)
t_unit_trouble_LDADD = $(BASE_LIBS)
t_unit_seqpacket_LDADD = $(BASE_LIBS)
t_unit_sandbox_LDADD = $(BASE_LIBS) $(SECCOMP_LIBS)
t_unit_signatures_LDADD = $(BASE_LIBS)
t_unit_model_LDADD = $(MODEL_LIBS)
t_unit_account_LDADD = $(MODEL_LIBS)
t_unit_uitext_LDADD = $(MODEL_LIBS)
t_unit_heading_LDADD = $(MODEL_LIBS)
t_unit_spelling_LDADD = $(MODEL_LIBS)
t_unit_logo_LDADD = $(MODEL_LIBS)
FUZZ_TESTS += t/fuzz/wire t/fuzz/heading
t_fuzz_heading_LDADD = $(MODEL_LIBS)
t_fuzz_heading_LDFLAGS = $(FUZZER)
t_fuzz_wire_LDADD = $(MODEL_LIBS)
t_fuzz_wire_LDFLAGS = $(FUZZER)

# rule, and the packs in rules/
UNIT_TESTS += t/unit/canon t/unit/ruleset t/unit/own t/unit/match t/unit/disguise t/unit/packs t/unit/say
t_unit_canon_LDADD = $(RULE_LIBS)
t_unit_ruleset_LDADD = $(RULE_LIBS)
t_unit_match_LDADD = $(RULE_LIBS)
t_unit_disguise_LDADD = $(RULE_LIBS)
t_unit_own_LDADD = $(RULE_LIBS)
t_unit_packs_LDADD = $(RULE_LIBS)
UNIT_TESTS += t/unit/m_model
t_unit_m_model_LDADD = $(RULE_LIBS)
FUZZ_TESTS += t/fuzz/linear
t_fuzz_linear_LDADD = $(RULE_LIBS)
t_fuzz_linear_LDFLAGS = $(FUZZER)
t_unit_say_LDADD = $(RULE_LIBS)
UNIT_TESTS += t/unit/m_roster
t_unit_m_roster_LDADD = $(RULE_LIBS)
FUZZ_TESTS += t/fuzz/roster
t_fuzz_roster_LDADD = $(CTL_LIBS)
t_fuzz_roster_LDFLAGS = $(FUZZER)
EXTRA_PROGRAMS += t/bench/roster
t_bench_roster_LDADD = $(RULE_LIBS)
SCRIPT_TESTS += t/10-rules.t t/10-policy.t t/10-train.t
SCRIPT_TESTS += t/10-falsehits.t t/10-detection.t t/10-unseen.t
EXTRA_DIST += t/data/unseen
UNIT_TESTS += t/unit/kinds
t_unit_kinds_LDADD = $(RULE_LIBS)
FUZZ_TESTS += t/fuzz/match t/fuzz/rules
t_fuzz_match_LDADD = $(RULE_LIBS)
t_fuzz_match_LDFLAGS = $(FUZZER)
t_fuzz_rules_LDADD = $(RULE_LIBS)
t_fuzz_rules_LDFLAGS = $(FUZZER)
EXTRA_PROGRAMS += t/bench/rules
t_bench_rules_LDADD = $(RULE_LIBS)
EXTRA_PROGRAMS += t/bench/values
t_bench_values_LDADD = $(RULE_LIBS)
SCRIPT_TESTS += t/60-masks.t
UNIT_TESTS += t/unit/run
t_unit_run_LDADD = $(RULE_LIBS)
UNIT_TESTS += t/unit/lists t/unit/excerpt t/unit/emoji
t_unit_lists_LDADD = $(RULE_LIBS)
t_unit_excerpt_LDADD = $(RULE_LIBS)
t_unit_emoji_LDADD = $(RULE_LIBS)
FUZZ_TESTS += t/fuzz/values
t_fuzz_values_LDADD = $(RULE_LIBS)
t_fuzz_values_LDFLAGS = $(FUZZER)
EXTRA_PROGRAMS += t/bench/model
t_bench_model_LDADD = $(RULE_LIBS)
check_PROGRAMS += t/lib/restoredump
t_lib_restoredump_LDADD = $(RULE_LIBS)
EXTRA_DIST += t/data/plain t/data/rules t/lib/detect.py

# scan: reading a message.  A fake matcher stands in for the rules.
FAKE_MATCH = t/lib/fakematch.c t/lib/fakematch.h
CFB = t/lib/cfb.c t/lib/cfb.h
CATCH = t/lib/catch.c t/lib/catch.h $(FAKE_MATCH)
READ_LIBS = $(READ_ROOMS) $(SCAN_LIBS)
check_PROGRAMS += t/lib/walkdump
t_lib_walkdump_SOURCES = t/lib/walkdump.c $(FAKE_MATCH)
t_lib_walkdump_LDADD = $(READ_LIBS) $(SECCOMP_LIBS)
UNIT_TESTS += t/unit/ole
t_unit_ole_LDADD = $(READ_LIBS)
UNIT_TESTS += t/unit/x_msg t/unit/x_ole t/unit/x_rtf
t_unit_x_msg_SOURCES = t/unit/x_msg.c $(CFB) $(CATCH)
t_unit_x_msg_LDADD = $(READ_LIBS)
t_unit_x_ole_SOURCES = t/unit/x_ole.c $(CFB) $(CATCH)
t_unit_x_ole_LDADD = $(READ_LIBS)
FUZZ_TESTS += t/fuzz/ole t/fuzz/rtf t/fuzz/tnef
t_fuzz_ole_SOURCES = t/fuzz/ole.c $(CFB) $(CATCH)
t_fuzz_ole_LDADD = $(READ_LIBS)
t_fuzz_ole_LDFLAGS = $(FUZZER)
FUZZ_TESTS += t/fuzz/onenote
t_fuzz_onenote_SOURCES = t/fuzz/onenote.c $(CATCH)
t_fuzz_onenote_LDADD = $(READ_LIBS)
t_fuzz_onenote_LDFLAGS = $(FUZZER)
t_fuzz_rtf_SOURCES = t/fuzz/rtf.c $(CATCH)
t_fuzz_rtf_LDADD = $(READ_LIBS)
t_fuzz_rtf_LDFLAGS = $(FUZZER)
t_fuzz_tnef_SOURCES = t/fuzz/tnef.c $(CATCH)
t_fuzz_tnef_LDADD = $(READ_LIBS)
t_fuzz_tnef_LDFLAGS = $(FUZZER)
t_unit_x_rtf_SOURCES = t/unit/x_rtf.c $(CATCH)
t_unit_x_rtf_LDADD = $(READ_LIBS)
UNIT_TESTS += t/unit/base64
t_unit_base64_LDADD = $(READ_LIBS)
UNIT_TESTS += t/unit/walk t/unit/tree t/unit/rewrite t/unit/charset t/unit/passages t/unit/leaf t/unit/encode \
	t/unit/htmlspot t/unit/x_html
check_PROGRAMS += t/lib/disclaimdump
t_lib_disclaimdump_SOURCES = t/lib/disclaimdump.c $(FAKE_MATCH)
t_lib_disclaimdump_LDADD = $(READ_LIBS)

t_unit_walk_SOURCES = t/unit/walk.c $(FAKE_MATCH)
t_unit_walk_LDADD = $(READ_LIBS)
t_unit_tree_SOURCES = t/unit/tree.c $(FAKE_MATCH)
t_unit_tree_LDADD = $(READ_LIBS)
t_unit_rewrite_SOURCES = t/unit/rewrite.c $(FAKE_MATCH)
t_unit_rewrite_LDADD = $(READ_LIBS)
t_unit_charset_SOURCES = t/unit/charset.c $(FAKE_MATCH)
t_unit_charset_LDADD = $(READ_LIBS)
t_unit_passages_SOURCES = t/unit/passages.c $(FAKE_MATCH)
t_unit_passages_LDADD = $(READ_LIBS)
t_unit_leaf_SOURCES = t/unit/leaf.c $(FAKE_MATCH)
t_unit_leaf_LDADD = $(READ_LIBS)
t_unit_encode_SOURCES = t/unit/encode.c $(FAKE_MATCH)
t_unit_encode_LDADD = $(READ_LIBS)
t_unit_htmlspot_SOURCES = t/unit/htmlspot.c $(FAKE_MATCH)
t_unit_htmlspot_LDADD = $(READ_LIBS)
t_unit_x_html_SOURCES = t/unit/x_html.c $(CATCH)
t_unit_x_html_LDADD = $(READ_LIBS)
SCRIPT_TESTS += t/20-documents.t t/20-evasion.t t/20-disguised.t t/20-benign.t t/20-growth.t t/20-hostile.t t/20-tables.t t/20-parse.t t/20-protected.t
READ_FILE = t/lib/readfile.c t/lib/readfile.h $(FAKE_MATCH)
UNIT_TESTS += t/unit/x_ooxml t/unit/x_odf t/unit/x_iwork t/unit/table t/unit/number
t_unit_x_iwork_SOURCES = t/unit/x_iwork.c $(READ_FILE)
t_unit_x_iwork_LDADD = $(READ_LIBS)
t_unit_x_ooxml_SOURCES = t/unit/x_ooxml.c $(READ_FILE)
t_unit_x_ooxml_LDADD = $(READ_LIBS)
t_unit_x_odf_SOURCES = t/unit/x_odf.c $(READ_FILE)
t_unit_x_odf_LDADD = $(READ_LIBS)
t_unit_table_SOURCES = t/unit/table.c $(FAKE_MATCH)
t_unit_table_LDADD = $(READ_LIBS)
t_unit_number_SOURCES = t/unit/number.c $(FAKE_MATCH)
t_unit_number_LDADD = $(READ_LIBS)
FUZZ_TESTS += t/fuzz/x_ooxml t/fuzz/x_odf t/fuzz/x_iwork
t_fuzz_x_iwork_LDADD = $(READ_LIBS)
t_fuzz_x_iwork_LDFLAGS = $(FUZZER)
t_fuzz_x_ooxml_SOURCES = t/fuzz/x_ooxml.c t/fuzz/package.h $(FAKE_MATCH)
t_fuzz_x_ooxml_LDADD = $(READ_LIBS)
t_fuzz_x_ooxml_LDFLAGS = $(FUZZER)
t_fuzz_x_odf_SOURCES = t/fuzz/x_odf.c t/fuzz/package.h $(FAKE_MATCH)
t_fuzz_x_odf_LDADD = $(READ_LIBS)
t_fuzz_x_odf_LDFLAGS = $(FUZZER)
EXTRA_DIST += t/data/x_ooxml t/data/x_odf t/data/x_iwork t/data/x_onenote t/lib/office.py t/lib/schoolfiles.py
UNIT_TESTS += t/unit/virus t/unit/seen t/unit/spent t/unit/tempfiles
t_unit_spent_LDADD = $(READ_LIBS)
t_unit_virus_SOURCES = t/unit/virus.c $(FAKE_MATCH)
t_unit_virus_LDADD = $(READ_LIBS)
t_unit_seen_LDADD = $(READ_LIBS)
t_unit_tempfiles_LDADD = $(READ_LIBS)

FUZZ_TESTS += t/fuzz/walk t/fuzz/html t/fuzz/rewrite t/fuzz/disclaim
t_fuzz_walk_SOURCES = t/fuzz/walk.c $(FAKE_MATCH)
t_fuzz_walk_LDADD = $(READ_LIBS)
t_fuzz_walk_LDFLAGS = $(FUZZER)
t_fuzz_html_SOURCES = t/fuzz/html.c $(FAKE_MATCH)
t_fuzz_html_LDADD = $(READ_LIBS)
t_fuzz_html_LDFLAGS = $(FUZZER)
FUZZ_TESTS += t/fuzz/sweep
t_fuzz_sweep_SOURCES = t/fuzz/sweep.c $(CATCH)
t_fuzz_sweep_LDADD = $(READ_LIBS)
t_fuzz_sweep_LDFLAGS = $(FUZZER)
UNIT_TESTS += t/unit/sweep
t_unit_sweep_SOURCES = t/unit/sweep.c $(CATCH)
t_unit_sweep_LDADD = $(READ_LIBS)
t_fuzz_rewrite_SOURCES = t/fuzz/rewrite.c $(FAKE_MATCH)
t_fuzz_rewrite_LDADD = $(READ_LIBS)
t_fuzz_rewrite_LDFLAGS = $(FUZZER)
t_fuzz_disclaim_SOURCES = t/fuzz/disclaim.c $(FAKE_MATCH)
t_fuzz_disclaim_LDADD = $(READ_LIBS)
t_fuzz_disclaim_LDFLAGS = $(FUZZER)
EXTRA_DIST += t/data/mail t/data/x_ole

# scan: zips and other archives
UNIT_TESTS += t/unit/zip t/unit/x_archive
t_unit_x_archive_SOURCES = t/unit/x_archive.c $(CATCH)
t_unit_x_archive_LDADD = $(READ_LIBS)
t_unit_zip_SOURCES = t/unit/zip.c $(CATCH)
t_unit_zip_LDADD = $(READ_LIBS)
EXTRA_DIST += t/data/zip t/data/x_archive t/lib/archives.py t/lib/zips.py
SCRIPT_TESTS += t/20-archives.t
FUZZ_TESTS += t/fuzz/zip t/fuzz/archive
t_fuzz_zip_SOURCES = t/fuzz/zip.c $(CATCH)
t_fuzz_zip_LDADD = $(READ_LIBS)
t_fuzz_zip_LDFLAGS = $(FUZZER)
t_fuzz_archive_SOURCES = t/fuzz/archive.c $(CATCH)
t_fuzz_archive_LDADD = $(READ_LIBS)
t_fuzz_archive_LDFLAGS = $(FUZZER)

# scan: protection
UNIT_TESTS += t/unit/protect
t_unit_protect_SOURCES = t/unit/protect.c $(FAKE_MATCH)
t_unit_protect_LDADD = $(READ_LIBS)
FUZZ_TESTS += t/fuzz/protect t/fuzz/olecrypt
t_fuzz_protect_SOURCES = t/fuzz/protect.c $(FAKE_MATCH)
t_fuzz_protect_LDADD = $(READ_LIBS)
t_fuzz_protect_LDFLAGS = $(FUZZER)
t_fuzz_olecrypt_SOURCES = t/fuzz/olecrypt.c $(FAKE_MATCH)
t_fuzz_olecrypt_LDADD = $(READ_LIBS)
t_fuzz_olecrypt_LDFLAGS = $(FUZZER)
EXTRA_DIST += t/data/protect
EXTRA_DIST += t/data/ocr

# scan: PDF, pictures and what is nearly text
UNIT_TESTS += t/unit/x_pdf t/unit/x_image t/unit/x_text t/unit/still
t_unit_still_LDADD = $(READ_LIBS)
FUZZ_TESTS += t/fuzz/still
t_fuzz_still_LDADD = $(READ_LIBS)
t_fuzz_still_LDFLAGS = $(FUZZER)
t_unit_x_pdf_SOURCES = t/unit/x_pdf.c $(CATCH)
t_unit_x_pdf_LDADD = $(READ_LIBS)
t_unit_x_image_SOURCES = t/unit/x_image.c $(CATCH)
t_unit_x_image_LDADD = $(READ_LIBS)
t_unit_x_text_SOURCES = t/unit/x_text.c $(CATCH)
t_unit_x_text_LDADD = $(READ_LIBS)
FUZZ_TESTS += t/fuzz/x_pdf t/fuzz/x_image t/fuzz/x_csv t/fuzz/x_vobject t/fuzz/x_xml
t_fuzz_x_pdf_SOURCES = t/fuzz/x_pdf.c $(CATCH)
t_fuzz_x_pdf_LDADD = $(READ_LIBS)
t_fuzz_x_pdf_LDFLAGS = $(FUZZER)
t_fuzz_x_image_SOURCES = t/fuzz/x_image.c $(CATCH)
t_fuzz_x_image_LDADD = $(READ_LIBS)
t_fuzz_x_image_LDFLAGS = $(FUZZER)
t_fuzz_x_csv_SOURCES = t/fuzz/x_csv.c $(CATCH)
t_fuzz_x_csv_LDADD = $(READ_LIBS)
t_fuzz_x_csv_LDFLAGS = $(FUZZER)
t_fuzz_x_vobject_SOURCES = t/fuzz/x_vobject.c $(CATCH)
t_fuzz_x_vobject_LDADD = $(READ_LIBS)
t_fuzz_x_vobject_LDFLAGS = $(FUZZER)
t_fuzz_x_xml_SOURCES = t/fuzz/x_xml.c $(CATCH)
t_fuzz_x_xml_LDADD = $(READ_LIBS)
t_fuzz_x_xml_LDFLAGS = $(FUZZER)
EXTRA_DIST += t/data/x_pdf t/data/x_image t/lib/mkpdf.py t/lib/mkimage.py

# scan's pool and client: the road into the sandbox and back
UNIT_TESTS += t/unit/blame t/unit/scanclient
t_unit_blame_LDADD = $(POOL_LIBS)
t_unit_scanclient_LDADD = $(CLIENT_LIBS)
check_PROGRAMS += t/lib/scanask
t_lib_scanask_LDADD = $(CLIENT_LIBS)
SCRIPT_TESTS += t/30-pdf.t t/30-sandbox.t t/30-scanner.t t/30-virus.t t/30-ocr.t
FUZZ_TESTS += t/fuzz/answer
t_fuzz_answer_LDADD = $(CLIENT_LIBS)
t_fuzz_answer_LDFLAGS = $(FUZZER)
EXTRA_PROGRAMS += t/bench/ipc
t_bench_ipc_LDADD = $(CLIENT_LIBS) $(schoolgate_scan_LDADD)

# store
STORE_FIXTURE = t/lib/store_fixture.c t/lib/store_fixture.h
UNIT_TESTS += t/unit/post
t_unit_post_SOURCES = t/unit/post.c $(STORE_FIXTURE)
t_unit_post_LDADD = $(STORE_LIBS)
SCRIPT_TESTS += t/60-signin.t t/60-users.t
UNIT_TESTS += t/unit/accounts t/unit/login t/unit/login_session
t_unit_login_LDADD = $(LOGIN_LIBS)
FUZZ_TESTS += t/fuzz/login
t_fuzz_login_LDADD = $(LOGIN_LIBS)
t_fuzz_login_LDFLAGS = $(FUZZER)
t_unit_accounts_SOURCES = t/unit/accounts.c $(STORE_FIXTURE)
t_unit_accounts_LDADD = $(STORE_LIBS)
t_unit_login_session_SOURCES = t/unit/login_session.c $(STORE_FIXTURE)
t_unit_login_session_LDADD = $(LOGIN_LIBS)
UNIT_TESTS += t/unit/care
t_unit_care_SOURCES = t/unit/care.c $(STORE_FIXTURE)
t_unit_care_LDADD = $(STORE_LIBS)
UNIT_TESTS += t/unit/store t/unit/store_faults t/unit/store_schema t/unit/vault t/unit/audit
t_unit_store_SOURCES = t/unit/store.c $(STORE_FIXTURE)
t_unit_store_LDADD = $(STORE_LIBS)
t_unit_store_faults_SOURCES = t/unit/store_faults.c $(STORE_FIXTURE)
t_unit_store_faults_LDADD = $(STORE_LIBS)
t_unit_store_schema_SOURCES = t/unit/store_schema.c $(STORE_FIXTURE)
t_unit_store_schema_LDADD = $(STORE_LIBS)
t_unit_vault_SOURCES = t/unit/vault.c $(STORE_FIXTURE)
t_unit_vault_LDADD = $(STORE_LIBS)
t_unit_audit_SOURCES = t/unit/audit.c $(STORE_FIXTURE)
t_unit_audit_LDADD = $(STORE_LIBS)
EXTRA_PROGRAMS += t/bench/memory t/bench/store
t_bench_memory_SOURCES = t/bench/memory.c $(STORE_FIXTURE)
t_bench_memory_LDADD = $(STORE_LIBS)
t_bench_store_SOURCES = t/bench/store.c $(STORE_FIXTURE)
t_bench_store_LDADD = $(STORE_LIBS)

# decide and act
UNIT_TESTS += t/unit/policy t/unit/people t/unit/route t/unit/decide t/unit/failure t/unit/act t/unit/disclaimer
t_unit_policy_LDADD = $(DECIDE_LIBS)
t_unit_people_LDADD = $(DECIDE_LIBS)
UNIT_TESTS += t/unit/subject
t_unit_subject_LDADD = $(DECIDE_LIBS)
t_unit_route_LDADD = $(DECIDE_LIBS)
t_unit_disclaimer_LDADD = $(DECIDE_LIBS)
t_unit_decide_LDADD = $(DECIDE_LIBS)
UNIT_TESTS += t/unit/contact t/unit/relate
t_unit_relate_LDADD = $(DECIDE_LIBS)
t_unit_contact_LDADD = $(DECIDE_LIBS)
t_unit_failure_LDADD = $(DECIDE_LIBS)
t_unit_act_LDADD = $(ACT_LIBS)
UNIT_TESTS += t/unit/hours
t_unit_hours_LDADD = $(DECIDE_LIBS)
FUZZ_TESTS += t/fuzz/ical
t_fuzz_ical_LDADD = $(DECIDE_LIBS)
t_fuzz_ical_LDFLAGS = $(FUZZER)
FUZZ_TESTS += t/fuzz/policy
t_fuzz_policy_LDADD = $(DECIDE_LIBS)
t_fuzz_policy_LDFLAGS = $(FUZZER)
EXTRA_DIST += t/unit/school.h

# front
UNIT_TESTS += t/unit/trust t/unit/collect t/unit/session t/unit/release t/unit/again t/unit/intake
t_unit_intake_SOURCES = t/unit/intake.c milter/front/intake.c
t_unit_intake_LDADD = $(BASE_LIBS)
t_unit_trust_LDADD = $(FRONT_LIBS)
t_unit_collect_LDADD = $(FRONT_LIBS)
t_unit_session_LDADD = $(FRONT_LIBS)
t_unit_release_LDADD = $(FRONT_LIBS)
t_unit_again_LDADD = $(FRONT_LIBS)
SCRIPT_TESTS += t/20-disclaim.t t/20-footers.t t/50-contact.t t/50-detach.t t/50-dialogue.t t/50-disclaim.t t/50-miltertest.t t/50-recipients.t t/50-trouble.t
SCRIPT_TESTS += t/50-breach.t
FUZZ_TESTS += t/fuzz/collect
t_fuzz_collect_LDADD = $(FRONT_LIBS)
t_fuzz_collect_LDFLAGS = $(FUZZER)

# courier
UNIT_TESTS += t/unit/smtp t/unit/compose t/unit/notices
t_unit_smtp_LDADD = $(COURIER_LIBS)
t_unit_compose_LDADD = $(COURIER_LIBS) $(GMIME_LIBS)
t_unit_notices_LDADD = $(COURIER_LIBS)
check_PROGRAMS += t/lib/storefill
t_lib_storefill_LDADD = $(STORE_LIBS)
SCRIPT_TESTS += t/55-courier.t t/55-loops.t t/55-shadow.t t/55-watch.t
EXTRA_DIST += t/lib/courier.py
FUZZ_TESTS += t/fuzz/talk
t_fuzz_talk_LDADD = $(COURIER_LIBS)
t_fuzz_talk_LDFLAGS = $(FUZZER)

# tpl
UNIT_TESTS += t/unit/tpl
t_unit_tpl_LDADD = $(TPL_LIBS)
FUZZ_TESTS += t/fuzz/tpl
t_fuzz_tpl_LDADD = $(TPL_LIBS)
t_fuzz_tpl_LDFLAGS = $(FUZZER)
EXTRA_PROGRAMS += t/bench/tpl
t_bench_tpl_LDADD = $(TPL_LIBS)

# console and ctl
UNIT_TESTS += t/unit/pages t/unit/content t/unit/commands t/unit/mailbox
t_unit_pages_LDADD = $(CONSOLE_LIBS)
UNIT_TESTS += t/unit/steps
t_unit_steps_LDADD = $(CONSOLE_LIBS)
t_unit_content_LDADD = $(CONSOLE_LIBS)
t_unit_commands_LDADD = $(CTL_LIBS)
t_unit_mailbox_LDADD = $(CTL_LIBS)
FUZZ_TESTS += t/fuzz/csv
t_fuzz_csv_LDADD = $(CTL_LIBS)
t_fuzz_csv_LDFLAGS = $(FUZZER)
check_PROGRAMS += t/lib/deskfill
t_lib_deskfill_LDADD = $(STORE_LIBS)
check_PROGRAMS += t/lib/tplrender
t_lib_tplrender_LDADD = $(TPL_LIBS)
SCRIPT_TESTS += t/60-pages.t t/65-browser.t
UNIT_TESTS += t/unit/visit
t_unit_visit_LDADD = $(CONSOLE_LIBS)
UNIT_TESTS += t/unit/patience
t_unit_patience_LDADD = $(CONSOLE_LIBS)
EXTRA_DIST += t/lib/browser/doors.js t/lib/browser/flows.js t/lib/browser/messages.js t/lib/browser/run.js t/lib/browser/signin.js
SCRIPT_TESTS += t/60-console.t t/60-messages.t t/60-mistake.t t/60-ctl.t t/60-doctor.t t/60-import.t t/60-man.t t/60-replay.t t/60-rules.t

SCRIPT_TESTS += t/60-roster.t
FUZZ_TESTS += t/fuzz/request
t_fuzz_request_LDADD = $(CONSOLE_LIBS)
t_fuzz_request_LDFLAGS = $(FUZZER)

# the tree's own rules, and the whole system
SCRIPT_TESTS += t/00-rooms.t t/00-sizes.t t/00-conduct.t t/00-ldd.t t/70-dkim.t t/70-postfix.t t/70-sendmail.t \
	t/71-try.t t/72-users.t t/75-faults.t t/76-soak.t t/80-torture.t t/90-dist.t

EXTRA_DIST += $(SCRIPT_TESTS) t/fuzz/round t/fuzz/seeds t/lib/desk.py t/lib/milter.py t/lib/mta.py \
	t/lib/evasions.py t/lib/footers.py t/lib/scanner.py t/lib/sg.py t/lib/sink.py \
	t/bench/milter.py t/bench/size.py t/bench/walk

check_PROGRAMS += $(UNIT_TESTS)
# after all that they are linked with: make -j would build it twice at once
check-programs: all
	@$(MAKE) $(AM_MAKEFLAGS) $(check_PROGRAMS)
PROVE_RUN = top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' prove --exec '' $(PROVE_FLAGS)
check-unit: check-programs
	$(PROVE_RUN) $(UNIT_TESTS)
# Most tests wait more than they work, so one more than there are processors run side by
# side; those named here fill the machine, or watch what it has left, and run one by one.
TESTS_ALONE = t/30-scanner.t t/65-browser.t t/71-try.t t/75-faults.t t/76-soak.t t/80-torture.t t/90-dist.t
check-local:
	@few=$$(for t in $(SCRIPT_TESTS); do \
		case " $(TESTS_ALONE) " in *" $$t "*) ;; *) echo $(srcdir)/$$t ;; esac; done | sort -u); \
	alone=$$(for t in $(TESTS_ALONE); do echo $(srcdir)/$$t; done); \
	failed=0; \
	$(PROVE_RUN) -j$$(($$(getconf _NPROCESSORS_ONLN) + 1)) $(UNIT_TESTS) $$few || failed=1; \
	$(PROVE_RUN) $$alone || failed=1; \
	exit $$failed

if FUZZING
EXTRA_PROGRAMS += $(FUZZ_TESTS)
endif
FUZZ_SECONDS = 8
fuzz-programs: $(FUZZ_TESTS)
check-fuzz: fuzz-programs
	@printf '%s\n' $(FUZZ_TESTS) | xargs -n 1 -P "$$(getconf _NPROCESSORS_ONLN)" \
		'$(abs_top_srcdir)'/t/fuzz/round $(FUZZ_SECONDS) '$(abs_top_srcdir)'/t/fuzz/seeds
