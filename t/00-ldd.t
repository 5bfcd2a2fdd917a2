#!/bin/sh
# The walls between programs, seen by what each one links.
# fails-if: the milter links a parser of mail or documents, or the scanner a store or a mailer
bin=${top_builddir:-.}
test=0 failed=0
echo 1..7
# not: PROGRAM PATTERN
not() {
	test=$((test + 1))
	if [ ! -x "$bin/$1" ]; then
		echo "not ok $test - $1 is not built"; failed=1
	elif found=$(ldd "$bin/$1" | grep -Eo "$2"); then
		echo "not ok $test - $1 links $found"; failed=1
	else
		echo "ok $test - $1 links nothing of $2"
	fi
}
parsers='libpoppler|libarchive|libxml2|libgmime|libclamav|libgsf|libytnef|libhs\.|libmagic'
stores='libsqlite3|libpq|libesmtp|libmicrohttpd|libcurl|libmilter|liboath|libqrencode'
not schoolgate-milter "$parsers|liboath|libqrencode"
not schoolgate-scan "$stores"
not schoolgate-courier "$parsers|libmicrohttpd|libmilter|liboath|libqrencode"
not schoolgate-console "$parsers|libmilter|libesmtp"
not schoolgatectl 'libsqlite3|libpq|libgmime|libpoppler|libarchive|libclamav|libmilter|libesmtp'
# the licences of libclamav and tesseract do not go together in one process
if [ -x "$bin/schoolgate-ocr" ]; then
	# tesseract itself links libarchive and libcurl; the process can open nothing with them
	not schoolgate-ocr "libclamav|libgmime|libhs\.|libpoppler|libsqlite3|libpq|libmicrohttpd|libmilter"
else
	test=$((test + 1)); echo "ok $test - schoolgate-ocr # SKIP configured without"
fi
not schoolgate-scan 'libtesseract|liblept'
exit $failed
