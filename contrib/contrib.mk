# contrib: first look, checks, units, snippets, guides
EXTRA_DIST += COPYING NEWS README.md THIRD-PARTY \
	contrib/check contrib/try contrib/packages contrib/lib/install-packages contrib/lib/private_postfix.py contrib/lib/private_sendmail.py contrib/lib/first_look.py \
	contrib/systemd/schoolgate-milter.service contrib/systemd/schoolgate-scan.service \
	contrib/systemd/schoolgate-courier.service contrib/systemd/schoolgate-console.service \
	contrib/systemd/schoolgate.sysusers contrib/systemd/schoolgate.tmpfiles \
	contrib/postfix/main.cf.snippet contrib/sendmail/schoolgate.mc.snippet
EXTRA_DIST += $(srcdir)/t/data/try
dist_man_MANS += contrib/man/schoolgate-milter.8 contrib/man/schoolgate-policy.5 contrib/man/schoolgate-rules.5
