# rules: what a school may change

# notices: the texts of alerts and notices, a directory a language
noticesendir = $(pkgdatadir)/notices/en
dist_noticesen_DATA = \
	rules/notices/en/alert.txt rules/notices/en/alert-grouped.txt \
	rules/notices/en/alert-urgent.txt rules/notices/en/alert-urgent-grouped.txt \
	rules/notices/en/alert-again.txt rules/notices/en/alert-urgent-again.txt \
	rules/notices/en/account-approve.txt rules/notices/en/account-first-use.txt \
	rules/notices/en/account-new-browser.txt rules/notices/en/account-recovery.txt rules/notices/en/account-reset.txt \
	rules/notices/en/account-role.txt rules/notices/en/contact-confirm.txt \
	rules/notices/en/digest.txt rules/notices/en/passed.txt \
	rules/notices/en/given-up.txt rules/notices/en/refused.txt rules/notices/en/unclear.txt rules/notices/en/unsealed.txt \
	rules/notices/en/held-general.txt rules/notices/en/held-several.txt \
	rules/notices/en/held-personal-data.txt rules/notices/en/held-recipients.txt \
	rules/notices/en/held-weak-lock.txt \
	rules/notices/en/released.txt rules/notices/en/released-advised.txt \
	rules/notices/en/returned-pupil.txt rules/notices/en/returned-staff.txt \
	rules/notices/en/words.txt

# steps: what the school wants done about each kind of message; the console's pages show it
stepsdir = $(pkgdatadir)/steps
dist_steps_DATA = rules/steps/bullying.txt rules/steps/default.txt rules/steps/disclosure.txt \
	rules/steps/extremism.txt rules/steps/grooming.txt rules/steps/malware.txt rules/steps/meeting.txt \
	rules/steps/personal-data.txt rules/steps/sealed.txt rules/steps/self-harm.txt \
	rules/steps/sexual-imagery.txt rules/steps/threat.txt rules/steps/violence.txt

# disclaimers: texts for policy.conf to name; the Welsh ones may follow the English
disclaimersdir = $(packsdir)/disclaimers
dist_disclaimers_DATA = rules/disclaimers/monitored.md rules/disclaimers/pupil-cy.md \
	rules/disclaimers/pupil.md rules/disclaimers/staff-cy.md rules/disclaimers/staff.md \
	rules/disclaimers/views.md

# packs: one category a file, each rule with its own examples
packsdir = $(pkgdatadir)/rules
dist_packs_DATA = \
	rules/allow.conf rules/bullying.conf rules/business.conf rules/bypass.conf rules/chain.conf \
	rules/contact.conf rules/contact-signs.conf rules/crime.conf rules/disclosure.conf rules/drugs.conf \
	rules/eating.conf rules/extremism.conf rules/file.conf rules/gambling.conf \
	rules/hate.conf rules/imagery.conf rules/malware.conf rules/meeting.conf \
	rules/model-bullying.conf rules/model-grooming.conf rules/model-hate.conf \
	rules/model-offence.conf rules/model-selfharm.conf rules/model-sexual.conf \
	rules/model-threat.conf \
	rules/personal.conf rules/profanity.conf rules/report.conf rules/secrets.conf \
	rules/selfharm.conf rules/sexual.conf rules/threat.conf rules/tone.conf \
	rules/trade.conf rules/weapons.conf

# models: what rules with "model" ask
modelsdir = $(packsdir)/models
dist_models_DATA = rules/models/harm.model rules/models/README.md
EXTRA_DIST += rules/models/train/friendly.txt rules/models/train/hate.txt rules/models/train/lexicon.txt rules/models/train/school.txt

# words: lists that several rules share
wordsdir = $(packsdir)/words
dist_words_DATA = \
	rules/words/addressed.txt rules/words/body-part.txt rules/words/bullied.txt rules/words/called.txt \
	rules/words/condemned.txt rules/words/degree.txt \
	rules/words/denied.txt rules/words/drug.txt rules/words/first-names.txt rules/words/group-disability.txt \
	rules/words/group-faith.txt rules/words/group-gender.txt rules/words/group-race.txt \
	rules/words/group-self.txt rules/words/group-sex.txt rules/words/group.txt \
	rules/words/harm-do.txt rules/words/harm-doing.txt rules/words/harm-done.txt \
	rules/words/hate-feel.txt rules/words/hurt-done.txt rules/words/hurt-grave.txt \
	rules/words/hurt.txt rules/words/insult-adj.txt rules/words/insult-noun.txt \
	rules/words/insult-strong.txt rules/words/insult-vile.txt rules/words/insult.txt \
	rules/words/kind.txt rules/words/made-up.txt rules/words/name.txt \
	rules/words/nasty-thing.txt rules/words/no-password.txt rules/words/none-of-us.txt \
	rules/words/ordinary-names.txt rules/words/ordinary.txt rules/words/person-is.txt \
	rules/words/reported.txt rules/words/scorn-word.txt rules/words/scorn.txt \
	rules/words/sign-app.txt rules/words/sign-carer.txt rules/words/sign-gift.txt \
	rules/words/sign-others.txt rules/words/sign-picture.txt rules/words/slur-disability.txt rules/words/slur-gender-plural.txt \
	rules/words/slur-gender-strong.txt rules/words/slur-gender.txt \
	rules/words/slur-race-weak.txt rules/words/slur-race.txt rules/words/so.txt \
	rules/words/spellings.txt rules/words/swear-context.txt rules/words/swear-strong.txt \
	rules/words/told.txt rules/words/vape.txt rules/words/very.txt rules/words/victim.txt \
	rules/words/vocative.txt rules/words/weapon.txt rules/words/will.txt \
	rules/words/worst-of.txt rules/words/you-are.txt rules/words/you-or-them.txt \
	rules/words/your-body.txt
# who somebody is: for t/unit/packs and rules import
dist_words_DATA += rules/words/identity.txt

# the school's own pupils, and files that are locked
dist_packs_DATA += rules/protection.conf rules/roster.conf
dist_words_DATA += rules/words/about-pupil.txt rules/words/about-pupils.txt rules/words/name-words.txt

# the default policy, as examples beside where the real ones go
EXTRA_DIST += rules/policy/policy.conf rules/policy/people.csv.example
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/schoolgate'
	$(INSTALL_DATA) $(srcdir)/rules/policy/policy.conf '$(DESTDIR)$(sysconfdir)/schoolgate/policy.conf.example'
	$(INSTALL_DATA) $(srcdir)/rules/policy/people.csv.example '$(DESTDIR)$(sysconfdir)/schoolgate/people.csv.example'
uninstall-local:
	rm -f '$(DESTDIR)$(sysconfdir)/schoolgate/policy.conf.example' '$(DESTDIR)$(sysconfdir)/schoolgate/people.csv.example'
