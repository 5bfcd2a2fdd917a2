# The web pages: templates, and what they are dressed in.  The latter is built from packages
# that milter/console/assets/package-lock.json pins; a release tarball holds it built.
templatesdir = $(pkgdatadir)/console/templates/en-GB
dist_templates_DATA = \
	milter/console/templates/en-GB/accessibility.html \
	milter/console/templates/en-GB/audit.html \
	milter/console/templates/en-GB/bulk.html \
	milter/console/templates/en-GB/confirm.html \
	milter/console/templates/en-GB/cover.html \
	milter/console/templates/en-GB/decide.html \
	milter/console/templates/en-GB/done.html \
	milter/console/templates/en-GB/error.html \
	milter/console/templates/en-GB/foot.html \
	milter/console/templates/en-GB/head.html \
	milter/console/templates/en-GB/health.html \
	milter/console/templates/en-GB/help.html \
	milter/console/templates/en-GB/message-guide.html \
	milter/console/templates/en-GB/message-head.html \
	milter/console/templates/en-GB/message-seal.html \
	milter/console/templates/en-GB/message-trail.html \
	milter/console/templates/en-GB/message-who.html \
	milter/console/templates/en-GB/message.html \
	milter/console/templates/en-GB/pass.html \
	milter/console/templates/en-GB/piece.html \
	milter/console/templates/en-GB/privacy.html \
	milter/console/templates/en-GB/queue.html \
	milter/console/templates/en-GB/report.html \
	milter/console/templates/en-GB/sealed.html \
	milter/console/templates/en-GB/search.html \
	milter/console/templates/en-GB/support.html \
	milter/console/templates/en-GB/token.html \
	milter/console/templates/en-GB/told.html \
	milter/console/templates/en-GB/unseal.html \
	milter/console/templates/en-GB/wellbeing.html

# coming in, and accounts
dist_templates_DATA += \
	milter/console/templates/en-GB/first-use.html \
	milter/console/templates/en-GB/first-use-code.html \
	milter/console/templates/en-GB/first-use-password.html \
	milter/console/templates/en-GB/hide.html \
	milter/console/templates/en-GB/me.html \
	milter/console/templates/en-GB/me-codes.html \
	milter/console/templates/en-GB/me-codes-new.html \
	milter/console/templates/en-GB/me-password.html \
	milter/console/templates/en-GB/sign-in.html \
	milter/console/templates/en-GB/sign-in-code.html \
	milter/console/templates/en-GB/sign-in-recovery.html \
	milter/console/templates/en-GB/user.html \
	milter/console/templates/en-GB/user-link.html \
	milter/console/templates/en-GB/users.html

ASSETS = milter/console/static
BUILT_ASSETS = $(ASSETS)/console.css $(ASSETS)/console.css.gz $(ASSETS)/app.js $(ASSETS)/app.js.gz \
	$(ASSETS)/govuk-frontend.min.js $(ASSETS)/govuk-frontend.min.js.gz $(ASSETS)/icon.svg $(ASSETS)/icon.svg.gz
assetsdir = $(pkgdatadir)/console/static
dist_assets_DATA = $(BUILT_ASSETS)
PAGE_DRESS = milter/console/assets/console.scss milter/console/assets/_app.scss milter/console/assets/app.js \
	milter/console/assets/icon.svg milter/console/assets/package-lock.json milter/console/assets/build
EXTRA_DIST += $(PAGE_DRESS) milter/console/assets/package.json
MAINTAINERCLEANFILES = $(BUILT_ASSETS)
# one run makes all; the style is the one that is asked for
$(ASSETS)/console.css: $(PAGE_DRESS)
	$(AM_V_GEN)'$(srcdir)'/milter/console/assets/build '$(srcdir)'/milter/console/assets $(ASSETS)
$(ASSETS)/console.css.gz $(ASSETS)/app.js $(ASSETS)/app.js.gz $(ASSETS)/govuk-frontend.min.js \
$(ASSETS)/govuk-frontend.min.js.gz $(ASSETS)/icon.svg $(ASSETS)/icon.svg.gz: $(ASSETS)/console.css
	@if test -f $@; then touch $@; else \
		'$(srcdir)'/milter/console/assets/build '$(srcdir)'/milter/console/assets $(ASSETS); fi
