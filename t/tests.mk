# Every test is a program that prints TAP: a script t/NN-*.t, or a C program in
# t/unit/.  "make check" builds the C programs and runs all of them with prove.
UNIT_TESTS =
SCRIPT_TESTS =
EXTRA_DIST += $(SCRIPT_TESTS)

# base
UNIT_TESTS += t/unit/wire t/unit/options t/unit/log t/unit/sealed t/unit/daemon t/unit/trouble
t_unit_trouble_SOURCES = t/unit/trouble.c
t_unit_trouble_LDADD = $(BASE_LIBS)
t_unit_daemon_SOURCES = t/unit/daemon.c
t_unit_daemon_LDADD = $(BASE_LIBS)
t_unit_log_SOURCES = t/unit/log.c
t_unit_log_LDADD = $(BASE_LIBS)
t_unit_sealed_SOURCES = t/unit/sealed.c
t_unit_sealed_LDADD = $(BASE_LIBS)
t_unit_wire_SOURCES = t/unit/wire.c
t_unit_wire_LDADD = $(BASE_LIBS)
t_unit_options_SOURCES = t/unit/options.c
t_unit_options_LDADD = $(BASE_LIBS)

# model
UNIT_TESTS += t/unit/model
t_unit_model_SOURCES = t/unit/model.c
t_unit_model_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_model_LDADD = $(MODEL_LIBS)

# store
STORE_FIXTURE = t/lib/store_fixture.c t/lib/store_fixture.h
UNIT_TESTS += t/unit/store t/unit/store_faults t/unit/store_schema t/unit/vault t/unit/audit
t_unit_store_SOURCES = t/unit/store.c $(STORE_FIXTURE)
t_unit_store_LDADD = $(STORE_LIBS)
t_unit_store_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_store_faults_SOURCES = t/unit/store_faults.c $(STORE_FIXTURE)
t_unit_store_faults_LDADD = $(STORE_LIBS)
t_unit_store_faults_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
EXTRA_PROGRAMS += t/bench/store
t_bench_store_SOURCES = t/bench/store.c $(STORE_FIXTURE)
t_bench_store_LDADD = $(STORE_LIBS)
t_bench_store_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_store_schema_SOURCES = t/unit/store_schema.c $(STORE_FIXTURE)
t_unit_store_schema_LDADD = $(STORE_LIBS)
t_unit_store_schema_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
t_unit_vault_SOURCES = t/unit/vault.c $(STORE_FIXTURE)
t_unit_vault_LDADD = $(STORE_LIBS)
t_unit_vault_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
t_unit_audit_SOURCES = t/unit/audit.c $(STORE_FIXTURE)
t_unit_audit_LDADD = $(STORE_LIBS)
t_unit_audit_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)

# courier
UNIT_TESTS += t/unit/smtp t/unit/compose t/unit/notices
t_unit_smtp_SOURCES = t/unit/smtp.c
t_unit_smtp_LDADD = $(COURIER_LIBS)
t_unit_compose_SOURCES = t/unit/compose.c
t_unit_compose_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
t_unit_compose_LDADD = $(COURIER_LIBS) $(GMIME_LIBS)
t_unit_notices_SOURCES = t/unit/notices.c
t_unit_notices_LDADD = $(COURIER_LIBS)
SCRIPT_TESTS += t/55-courier.t
EXTRA_DIST += t/lib/sink.py t/fuzz/seeds/talk
check_PROGRAMS += t/lib/storefill
t_lib_storefill_SOURCES = t/lib/storefill.c
t_lib_storefill_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_lib_storefill_LDADD = $(STORE_LIBS)

# client and pool: the road into the sandbox and back
UNIT_TESTS += t/unit/seqpacket t/unit/sandbox t/unit/blame t/unit/scanclient
t_unit_seqpacket_SOURCES = t/unit/seqpacket.c
t_unit_seqpacket_LDADD = $(BASE_LIBS)
t_unit_sandbox_SOURCES = t/unit/sandbox.c
t_unit_sandbox_LDADD = $(BASE_LIBS) $(SECCOMP_LIBS)
t_unit_blame_SOURCES = t/unit/blame.c
t_unit_blame_LDADD = $(POOL_LIBS)
t_unit_scanclient_SOURCES = t/unit/scanclient.c
t_unit_scanclient_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_scanclient_LDADD = $(CLIENT_LIBS)
check_PROGRAMS += t/lib/scanask
t_lib_scanask_SOURCES = t/lib/scanask.c
t_lib_scanask_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_lib_scanask_LDADD = $(CLIENT_LIBS)
SCRIPT_TESTS += t/30-sandbox.t t/30-scanner.t
EXTRA_DIST += t/lib/scanner.py
EXTRA_PROGRAMS += t/bench/ipc
t_bench_ipc_SOURCES = t/bench/ipc.c
t_bench_ipc_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_bench_ipc_LDADD = $(CLIENT_LIBS) $(schoolgate_scan_LDADD)

# front
UNIT_TESTS += t/unit/trust t/unit/collect t/unit/session t/unit/release t/unit/again
t_unit_trust_SOURCES = t/unit/trust.c
t_unit_trust_LDADD = $(FRONT_LIBS)
t_unit_collect_SOURCES = t/unit/collect.c
t_unit_collect_LDADD = $(FRONT_LIBS)
t_unit_session_SOURCES = t/unit/session.c
t_unit_session_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_session_LDADD = $(FRONT_LIBS)
t_unit_release_SOURCES = t/unit/release.c
t_unit_release_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_release_LDADD = $(FRONT_LIBS)
t_unit_again_SOURCES = t/unit/again.c
t_unit_again_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_again_LDADD = $(FRONT_LIBS)
SCRIPT_TESTS += t/50-detach.t t/50-dialogue.t t/50-miltertest.t t/50-trouble.t t/70-postfix.t t/70-sendmail.t
EXTRA_DIST += t/lib/milter.py t/lib/mta.py t/lib/sg.py

# rule
UNIT_TESTS += t/unit/canon t/unit/ruleset t/unit/match
RULE_TEST_CFLAGS = $(AM_CFLAGS) $(CONFIG_CFLAGS) $(JANSSON_CFLAGS) $(HS_CFLAGS) $(ICU_CFLAGS)
t_unit_canon_SOURCES = t/unit/canon.c
t_unit_canon_CFLAGS = $(RULE_TEST_CFLAGS)
t_unit_canon_LDADD = $(RULE_LIBS)
t_unit_ruleset_SOURCES = t/unit/ruleset.c
t_unit_ruleset_CFLAGS = $(RULE_TEST_CFLAGS)
t_unit_ruleset_LDADD = $(RULE_LIBS)
t_unit_match_SOURCES = t/unit/match.c
t_unit_match_CFLAGS = $(RULE_TEST_CFLAGS)
t_unit_match_LDADD = $(RULE_LIBS)
EXTRA_DIST += t/data/rules
EXTRA_PROGRAMS += t/bench/rules
t_bench_rules_SOURCES = t/bench/rules.c
t_bench_rules_CFLAGS = $(RULE_TEST_CFLAGS)
t_bench_rules_LDADD = $(RULE_LIBS)

# decide and act
EXTRA_DIST += t/unit/school.h
UNIT_TESTS += t/unit/policy t/unit/people t/unit/route t/unit/decide t/unit/failure t/unit/act
t_unit_policy_SOURCES = t/unit/policy.c
t_unit_policy_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_policy_LDADD = $(DECIDE_LIBS)
t_unit_people_SOURCES = t/unit/people.c
t_unit_people_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_people_LDADD = $(DECIDE_LIBS)
t_unit_route_SOURCES = t/unit/route.c
t_unit_route_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_route_LDADD = $(DECIDE_LIBS)
t_unit_decide_SOURCES = t/unit/decide.c
t_unit_decide_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_decide_LDADD = $(DECIDE_LIBS)
t_unit_failure_SOURCES = t/unit/failure.c
t_unit_failure_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_failure_LDADD = $(DECIDE_LIBS)
t_unit_act_SOURCES = t/unit/act.c
t_unit_act_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_act_LDADD = $(ACT_LIBS)

# rules
UNIT_TESTS += t/unit/packs
t_unit_packs_SOURCES = t/unit/packs.c
t_unit_packs_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_packs_LDADD = $(RULE_LIBS)
SCRIPT_TESTS += t/10-rules.t t/10-policy.t

# console, ctl
check_PROGRAMS += t/lib/deskfill
t_lib_deskfill_SOURCES = t/lib/deskfill.c
t_lib_deskfill_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_lib_deskfill_LDADD = $(STORE_LIBS)
SCRIPT_TESTS += t/60-console.t t/60-ctl.t t/60-doctor.t t/60-man.t
EXTRA_DIST += t/lib/desk.py
UNIT_TESTS += t/unit/account t/unit/uitext t/unit/pages t/unit/content t/unit/commands
t_unit_account_SOURCES = t/unit/account.c
t_unit_account_LDADD = $(MODEL_LIBS)
t_unit_uitext_SOURCES = t/unit/uitext.c
t_unit_uitext_LDADD = $(MODEL_LIBS)
t_unit_pages_SOURCES = t/unit/pages.c
t_unit_pages_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_pages_LDADD = $(CONSOLE_LIBS)
t_unit_content_SOURCES = t/unit/content.c
t_unit_content_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_content_LDADD = $(CONSOLE_LIBS)
t_unit_commands_SOURCES = t/unit/commands.c
t_unit_commands_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_commands_LDADD = $(CTL_LIBS)

# rules of the tree
SCRIPT_TESTS += t/75-faults.t t/76-soak.t
SCRIPT_TESTS += t/00-rooms.t t/00-sizes.t t/00-conduct.t t/00-ldd.t t/71-try.t t/72-users.t t/80-torture.t t/90-dist.t

# fuzz: one target an entrance, t/fuzz/<name>.c; seeds in t/fuzz/seeds/<name>/
FUZZ_TESTS =
if FUZZING
EXTRA_PROGRAMS += $(FUZZ_TESTS)
endif
FUZZ_SECONDS = 8
FUZZ_TESTS += t/fuzz/policy
t_fuzz_policy_SOURCES = t/fuzz/policy.c
t_fuzz_policy_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_fuzz_policy_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_policy_LDADD = $(DECIDE_LIBS)
EXTRA_DIST += t/fuzz/seeds/policy
FUZZ_TESTS += t/fuzz/request
t_fuzz_request_SOURCES = t/fuzz/request.c
t_fuzz_request_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_fuzz_request_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_request_LDADD = $(CONSOLE_LIBS)
EXTRA_DIST += t/fuzz/seeds/request
FUZZ_TESTS += t/fuzz/answer
t_fuzz_answer_SOURCES = t/fuzz/answer.c
t_fuzz_answer_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_fuzz_answer_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_answer_LDADD = $(CLIENT_LIBS)
FUZZ_TESTS += t/fuzz/talk
t_fuzz_talk_SOURCES = t/fuzz/talk.c
t_fuzz_talk_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_talk_LDADD = $(COURIER_LIBS)
FUZZ_TESTS += t/fuzz/wire
t_fuzz_wire_SOURCES = t/fuzz/wire.c
t_fuzz_wire_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS) -fsanitize=fuzzer
t_fuzz_wire_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_wire_LDADD = $(MODEL_LIBS)
EXTRA_DIST += t/fuzz/seeds/wire
fuzz-programs: $(FUZZ_TESTS)
check-fuzz: fuzz-programs
	@for f in $(FUZZ_TESTS); do \
		name=$${f##*/}; work=$$(mktemp -d); seeds='$(abs_top_srcdir)'/t/fuzz/seeds/$$name; \
		test -d $$seeds || seeds=; \
		if $$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=3000 -artifact_prefix=$$work/ \
			$$work $$seeds >$$work.log 2>&1; \
		then echo "fuzz $$name: $$(awk '/^Done/ { print $$2 }' $$work.log) runs"; rm -rf $$work $$work.log; \
		else tail -n 40 $$work.log; echo "fuzz $$name failed: see $$work and $$work.log"; exit 1; fi; \
	done

check_PROGRAMS += $(UNIT_TESTS)
check-programs: $(check_PROGRAMS)
PROVE_RUN = top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' prove --exec '' $(PROVE_FLAGS)
check-unit: $(check_PROGRAMS)
	$(PROVE_RUN) $(UNIT_TESTS)
check-local:
	$(PROVE_RUN) $(UNIT_TESTS) $$(for t in $(SCRIPT_TESTS); do echo $(srcdir)/$$t; done)

# scan: reading a message.  A fake matcher stands in for the rules.
FAKE_MATCH = t/lib/fakematch.c t/lib/fakematch.h
SCAN_TEST_CFLAGS = $(AM_CFLAGS) -I$(top_srcdir) $(JANSSON_CFLAGS)
SCAN_TEST_LIBS = milter/libsgscan.a $(SCAN_LIBS)
check_PROGRAMS += t/lib/walkdump
t_lib_walkdump_SOURCES = t/lib/walkdump.c $(FAKE_MATCH)
t_lib_walkdump_CFLAGS = $(SCAN_TEST_CFLAGS)
t_lib_walkdump_LDADD = $(SCAN_TEST_LIBS) $(SECCOMP_LIBS)
UNIT_TESTS += t/unit/rewrite
t_unit_rewrite_SOURCES = t/unit/rewrite.c $(FAKE_MATCH)
t_unit_rewrite_CFLAGS = $(SCAN_TEST_CFLAGS)
t_unit_rewrite_LDADD = $(SCAN_TEST_LIBS)
UNIT_TESTS += t/unit/walk
t_unit_walk_SOURCES = t/unit/walk.c $(FAKE_MATCH)
t_unit_walk_CFLAGS = $(SCAN_TEST_CFLAGS)
t_unit_walk_LDADD = $(SCAN_TEST_LIBS)
UNIT_TESTS += t/unit/charset t/unit/passages t/unit/x_html
t_unit_charset_SOURCES = t/unit/charset.c $(FAKE_MATCH)
t_unit_charset_CFLAGS = $(SCAN_TEST_CFLAGS) $(ICU_CFLAGS)
t_unit_charset_LDADD = $(SCAN_TEST_LIBS)
t_unit_passages_SOURCES = t/unit/passages.c $(FAKE_MATCH)
t_unit_passages_CFLAGS = $(SCAN_TEST_CFLAGS)
t_unit_passages_LDADD = $(SCAN_TEST_LIBS)
t_unit_x_html_SOURCES = t/unit/x_html.c $(FAKE_MATCH)
t_unit_x_html_CFLAGS = $(SCAN_TEST_CFLAGS)
t_unit_x_html_LDADD = $(SCAN_TEST_LIBS)
SCRIPT_TESTS += t/20-parse.t
FUZZ_TESTS += t/fuzz/match t/fuzz/rules
t_fuzz_match_SOURCES = t/fuzz/match.c
t_fuzz_match_CFLAGS = $(RULE_TEST_CFLAGS) -fsanitize=fuzzer
t_fuzz_match_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_match_LDADD = $(RULE_LIBS)
t_fuzz_rules_SOURCES = t/fuzz/rules.c
t_fuzz_rules_CFLAGS = $(RULE_TEST_CFLAGS) -fsanitize=fuzzer
t_fuzz_rules_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_rules_LDADD = $(RULE_LIBS)
EXTRA_DIST += t/fuzz/seeds/match t/fuzz/seeds/rules
FUZZ_TESTS += t/fuzz/walk t/fuzz/html t/fuzz/rewrite
t_fuzz_walk_SOURCES = t/fuzz/walk.c $(FAKE_MATCH)
t_fuzz_walk_CFLAGS = $(SCAN_TEST_CFLAGS) -fsanitize=fuzzer
t_fuzz_walk_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_walk_LDADD = $(SCAN_TEST_LIBS)
t_fuzz_html_SOURCES = t/fuzz/html.c $(FAKE_MATCH)
t_fuzz_html_CFLAGS = $(SCAN_TEST_CFLAGS) -fsanitize=fuzzer
t_fuzz_html_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_html_LDADD = $(SCAN_TEST_LIBS)
t_fuzz_rewrite_SOURCES = t/fuzz/rewrite.c $(FAKE_MATCH)
t_fuzz_rewrite_CFLAGS = $(SCAN_TEST_CFLAGS) -fsanitize=fuzzer
t_fuzz_rewrite_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_rewrite_LDADD = $(SCAN_TEST_LIBS)
FUZZ_TESTS += t/fuzz/collect
t_fuzz_collect_SOURCES = t/fuzz/collect.c
t_fuzz_collect_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_collect_LDADD = $(FRONT_LIBS)
# small mails of our own: seeds of the fuzz targets (t/fuzz/seeds/ points there)
EXTRA_DIST += t/bench/walk t/bench/size.py t/data/mail t/fuzz/seeds/walk t/fuzz/seeds/html t/fuzz/seeds/rewrite
