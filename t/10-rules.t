#!/bin/sh
# The shipped rule packs load, with every example; a broken one is named with file and line.
# fails-if: a rule misses its own example, or a pack that cannot work is accepted
top=${top_srcdir:-.} bin=${top_builddir:-.}
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
failed=0
echo 1..4
is() {	# is "what" command...
	what=$1; shift
	n=$((n + 1))
	if "$@" >"$work/out" 2>&1; then echo "ok $n - $what"; else
		echo "not ok $n - $what"; sed 's/^/# /' "$work/out"; failed=1
	fi
}
says() {	# says "words" command... : it fails with 2 and says so
	words=$1; shift
	"$@" >"$work/said" 2>&1
	code=$?
	cat "$work/said"
	test $code -eq 2 && grep -q -- "$words" "$work/said"
}
is "every rule matches its own examples" "$bin/schoolgatectl" rules check "$top/rules"
cp "$top"/rules/*.conf "$work/"
mkdir "$work/words" && cp "$top"/rules/words/*.txt "$work/words/"
mkdir "$work/models" && cp "$top"/rules/models/*.model "$work/models/"
sed -i 's/hit  = \[ "thinspo/hit  = [ "nothing here", "thinspo/; s/hit  = \[ "any thinspo/hit  = [ "nothing here", "any thinspo/' "$work/eating.conf"
is "a rule that misses its example is named" says "eating.conf:[0-9]*: " "$bin/schoolgatectl" rules check "$work"
rm -f "$work"/*.conf
is "a directory without rules is refused" says "rules" "$bin/schoolgatectl" rules check "$work"
found() { test -z "$(grep -rlF 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR' "$top/rules")"; }
is "no pack holds a virus scanner's test string" found
exit $failed
