#!/bin/sh
# The manual of the command line and the settings says all there is, and mandoc likes it.
# fails-if: a verb or an option of schoolgatectl, or a setting, is missing in its page, or a page
#           has an error
top=${top_srcdir:-.} bin=${top_builddir:-.}
n=0 failed=0
say() { # say WHAT DETAIL: one test, good when DETAIL is empty
	n=$((n + 1))
	if [ -z "$2" ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; echo "$2" | sed 's/^/# /'; failed=1; fi
}
page() { if [ -e "$bin/contrib/man/$1" ]; then echo "$bin/contrib/man/$1"; else echo "$top/contrib/man/$1"; fi; }
ctl=$(page schoolgatectl.1) conf=$(page schoolgate.conf.5)
echo 1..6
say "the pages are made" "$(for f in "$ctl" "$conf"; do [ -s "$f" ] || echo "$f"; done)"
verbs=$("$bin/schoolgatectl" help | awk '/^Commands/ { on = 1; next } /^$/ { on = 0 } on && /^  [a-z]/ {
	sub(/^  /, ""); sub(/  .*/, ""); sub(/ [A-Z].*/, ""); print }')
say "every verb is in schoolgatectl(1)" "$(echo "$verbs" | while read -r v; do
	grep -qx "\.It Cm $v" "$ctl" && grep -qx "\.Cm $v" "$ctl" || echo "$v"; done)"
say "and there are many" "$([ "$(echo "$verbs" | wc -l)" -gt 20 ] || echo "$verbs")"
say "every option is in schoolgatectl(1)" "$({ "$bin/schoolgatectl" help; echo "$verbs" | while read -r v; do
	# shellcheck disable=SC2086
	"$bin/schoolgatectl" help $v; done; } | grep -o '^ *\(-., \)\?--[a-z-]*' | sed 's/.*--//' | sort -u | while read -r o; do
	grep -q "Fl .-$o\b" "$ctl" || echo "$o"; done)"
say "every setting is in schoolgate.conf(5)" "$("$bin/schoolgatectl" config show --defaults | sed -n 's/^\([a-z._]*\) = .*/\1/p' |
	while read -r s; do grep -qx "\.It Ic $s" "$conf" || echo "$s"; done)"
if command -v mandoc >/dev/null; then
	say "mandoc finds nothing" "$(mandoc -Tlint "$ctl" "$conf" "$(page schoolgate-console.8)" 2>&1 |
		grep -v 'referenced manual not found\|outdated mandoc.db\|Mdocdate')"
else
	echo "ok 6 - # SKIP mandoc is not installed"
fi
exit $failed
