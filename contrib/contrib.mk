# contrib: first look, checks, units, snippets, guides
EXTRA_DIST += COPYING NEWS README.md THIRD-PARTY \
	contrib/check contrib/try contrib/packages contrib/lib/install-packages contrib/lib/ordinary-words contrib/lib/private_postfix.py contrib/lib/private_sendmail.py contrib/lib/first_look.py contrib/lib/visitor.py \
	contrib/systemd/schoolgate-milter.service contrib/systemd/schoolgate-scan.service \
	contrib/systemd/schoolgate-courier.service contrib/systemd/schoolgate-console.service contrib/systemd/schoolgate-console.socket \
	contrib/systemd/schoolgate.sysusers contrib/systemd/schoolgate.tmpfiles \
	contrib/postfix/main.cf.snippet contrib/sendmail/schoolgate.mc.snippet
EXTRA_DIST += contrib/pictures/queue.jpg contrib/pictures/message.jpg
EXTRA_DIST += $(srcdir)/t/data/try
dist_man_MANS += contrib/man/schoolgate-milter.8 contrib/man/schoolgate-scan.8 \
	contrib/man/schoolgate-courier.8 contrib/man/schoolgate-policy.5 contrib/man/schoolgate-rules.5

# Pages with parts made from the program's own tables: "schoolgatectl __mdoc"
MADE_MANS = contrib/man/schoolgatectl.1 contrib/man/schoolgate.conf.5
dist_man_MANS += $(MADE_MANS) contrib/man/schoolgate-console.8
EXTRA_DIST += contrib/man/schoolgatectl.1.in contrib/man/schoolgate.conf.5.in
CLEANFILES += $(MADE_MANS)
$(MADE_MANS): schoolgatectl$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) contrib/man && awk '/^@[a-z]+@$$/ { gsub(/@/, ""); c = "./schoolgatectl$(EXEEXT) __mdoc " $$0; \
		while ((c | getline line) > 0) print line; close(c); next } { print }' $(srcdir)/$@.in >$@.tmp && mv $@.tmp $@
contrib/man/schoolgatectl.1: contrib/man/schoolgatectl.1.in
contrib/man/schoolgate.conf.5: contrib/man/schoolgate.conf.5.in

# train: makes the models in rules/models; needs nothing but the rules' own libraries
check_PROGRAMS += contrib/train/trainmodel
contrib_train_trainmodel_SOURCES = contrib/train/examples.c contrib/train/examples.h contrib/train/solve.c \
	contrib/train/solve.h contrib/train/trainmodel.c
contrib_train_trainmodel_CFLAGS = $(AM_CFLAGS) -ffp-contract=off
contrib_train_trainmodel_LDADD = $(RULE_LIBS)
EXTRA_DIST += contrib/train/train contrib/train/figures contrib/train/prepare.py contrib/train/compose.py contrib/train/salad.py
