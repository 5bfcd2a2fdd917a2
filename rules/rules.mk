# rules: what a school may change

# notices: the texts of alerts and notices, a directory a language
noticesendir = $(pkgdatadir)/notices/en
dist_noticesen_DATA = \
	rules/notices/en/alert.txt rules/notices/en/alert-grouped.txt \
	rules/notices/en/alert-urgent.txt rules/notices/en/alert-urgent-grouped.txt \
	rules/notices/en/given-up.txt rules/notices/en/unclear.txt \
	rules/notices/en/held-general.txt rules/notices/en/held-several.txt \
	rules/notices/en/held-personal-data.txt \
	rules/notices/en/released.txt rules/notices/en/released-advised.txt \
	rules/notices/en/returned-pupil.txt rules/notices/en/returned-staff.txt \
	rules/notices/en/words.txt
